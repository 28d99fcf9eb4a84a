// What operators ask: searches that can be given up, groups, the life of an event, the audit log.
#include "engine/store/store_fixture.h"
#include "store/group_status.h"
#include "store/reader.h"
#include "store/upkeep.h"
#include "support/test_program.h"

namespace tst_store_search {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kMeta { "meta-main", "17" };
const ShardId kHook { "hook", "1" };

} // namespace

class TestStoreSearch final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aPayloadIsSearchedByTextAndByPath();
    void numbersAndTimesNarrowASearch();
    void aPageGoesOnWhereItsSearchEnded();
    void theLastAcceptedPayloadOfTheNameIsThereToCompareWith();
    void aGroupKeepsWhatWasSaidOfItAndRegresses();
    void filteredGroupsAreCountedInSteps();
    void anEventTellsWhatBecameOfItEverywhere();
    void aDeliveryInFlightAndOneThatWaitsForARetryAreTold();
    void unknownIdsAreMissing();
    void theAuditIsFiltered();

private:
    void accept(const std::string& id, const std::string& payload = R"({"event_name":"Purchase"})",
        const std::vector<ShardId>& shards = { kMeta });
    void end(const ShardId& shard, Outcome outcome, Next next);
    [[nodiscard]] std::size_t count(DeadLetterFilter filter);
    [[nodiscard]] std::vector<DeadLetterGroup> groups(const DeadLetterFilter& filter);
    [[nodiscard]] EventTrace trace(const std::string& id);

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<store::Reader> m_reader {};
};

void TestStoreSearch::init()
{
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
}

void TestStoreSearch::cleanup()
{
    m_reader.reset();
    m_fixture.reset();
}

void TestStoreSearch::accept(
    const std::string& id, const std::string& payload, const std::vector<ShardId>& shards)
{
    NewEvent event = m_fixture->event(id, shards);
    event.payload = payload;
    QVERIFY(m_fixture->accept({ std::move(event) }).has_value());
}

void TestStoreSearch::end(const ShardId& shard, Outcome outcome, Next next)
{
    const auto rows = m_fixture->rows(shard, Lane::Live);
    QVERIFY(!rows.empty());
    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark).has_value());
    QVERIFY(m_fixture->record(m_fixture->resultOf(mark, outcome, next)).has_value());
}

std::size_t TestStoreSearch::count(DeadLetterFilter filter)
{
    return m_reader->deadLetters({ .filter = std::move(filter) }).value().rows.size();
}

std::vector<DeadLetterGroup> TestStoreSearch::groups(const DeadLetterFilter& filter)
{
    store::GroupCount count;
    while (!count.isDone)
        count = m_reader->countGroups(filter, std::move(count)).value();
    return count.groups();
}

EventTrace TestStoreSearch::trace(const std::string& id)
{
    const EventPage page = m_reader->events({ .eventIds = { id } }).value();
    return page.events.empty() ? EventTrace {} : page.events.front();
}

void TestStoreSearch::aPayloadIsSearchedByTextAndByPath()
{
    accept("e1", R"({"price":"12,90","user":{"email":"Anna@example.com"}})");
    accept("e2", R"({"price":12.9,"user":{"email":"ben@example.com"}})");
    accept("e3", R"({"note":"100 % of 12,90"})");
    end(kMeta, Outcome::Invalid, Next::Dead);
    QCOMPARE(count({ .text = "12,90" }), std::size_t { 2 });
    QCOMPARE(count({ .text = "anna@EXAMPLE" }), std::size_t { 1 });
    QCOMPARE(count({ .text = "100 %" }), std::size_t { 1 }); // a sign, not a pattern
    QCOMPARE(count({ .text = "_____" }), std::size_t { 0 });
    QCOMPARE(count({ .payloadPath = "$.user.email" }), std::size_t { 2 });
    QCOMPARE(count({ .payloadPath = "$.user.email", .payloadValue = "ben@*" }), std::size_t { 1 });
    QCOMPARE(count({ .payloadPath = "$.price", .payloadValue = "12.9" }), std::size_t { 1 });
    QCOMPARE(count({ .payloadPath = "$.[broken" }), std::size_t { 0 });
    QCOMPARE(count({ .text = "'; DROP TABLE event; --" }), std::size_t { 0 });
}

void TestStoreSearch::numbersAndTimesNarrowASearch()
{
    accept("e1");
    end(kMeta, Outcome::Invalid, Next::Dead);
    QCOMPARE(count({ .attemptsMin = 1 }), std::size_t { 1 });
    QCOMPARE(count({ .attemptsMin = 2 }), std::size_t { 0 });
    QCOMPARE(count({ .payloadBytesMin = 10 }), std::size_t { 1 });
    QCOMPARE(count({ .payloadBytesMin = 1'000 }), std::size_t { 0 });
    // No expiry is no match, however far the time.
    QCOMPARE(count({ .expiresTo = WallTime { 24h * 365 * 100 } }), std::size_t { 0 });
}

void TestStoreSearch::aPageGoesOnWhereItsSearchEnded()
{
    for (int i = 0; i < 7; ++i)
        accept("e" + std::to_string(i));
    end(kMeta, Outcome::Invalid, Next::Dead);
    for (const bool isDown : { false, true }) {
        std::vector<std::string> seen;
        std::optional<DeadLetterId> after;
        for (bool isLast = false; !isLast;) {
            const DeadLetterPage page
                = m_reader->deadLetters({ .after = after, .isNewestFirst = isDown, .rowsMax = 3 })
                      .value();
            for (const DeadLetterRow& row : page.rows)
                seen.push_back(row.eventId);
            QCOMPARE(page.next.has_value(), !page.isLast);
            after = page.next;
            isLast = page.isLast;
        }
        QCOMPARE(seen.size(), std::size_t { 7 });
        QCOMPARE(seen.front(), std::string(isDown ? "e6" : "e0"));
        QCOMPARE(seen.back(), std::string(isDown ? "e0" : "e6"));
    }
}

void TestStoreSearch::theLastAcceptedPayloadOfTheNameIsThereToCompareWith()
{
    accept("good-1", R"({"n":1})");
    end(kMeta, Outcome::Accepted, Next::Done);
    accept("good-2", R"({"n":2})");
    end(kMeta, Outcome::Accepted, Next::Done);
    accept("elsewhere", R"({"n":3})", { kHook });
    end(kHook, Outcome::Accepted, Next::Done);
    accept("bad");
    end(kMeta, Outcome::Invalid, Next::Dead);
    const auto id = m_reader->deadLetters({}).value().rows.front().id;
    const DeadLetterDetail detail = m_reader->deadLetter(id).value();
    QVERIFY(detail.lastAccepted.has_value());
    QCOMPARE(detail.lastAccepted->eventId, std::string("good-2"));
    QCOMPARE(detail.lastAccepted->payload, std::string(R"({"n":2})"));
}

void TestStoreSearch::aGroupKeepsWhatWasSaidOfItAndRegresses()
{
    accept("e1");
    end(kMeta, Outcome::Invalid, Next::Dead);
    const std::string fingerprint = groups({}).front().fingerprint;
    QVERIFY(groups({}).front().status == GroupStatus::New);
    const auto say = [&](const std::string& text, GroupStatus status) {
        return m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
            const auto said
                = store::setGroupStatus(transaction, { text, status, "ticket 7", "kc" });
            return said ? Status {} : tl::unexpected(said.error());
        });
    };
    m_fixture->clock.advance(1s);
    QVERIFY(say(fingerprint, GroupStatus::Fixed).has_value());
    QVERIFY(groups({}).front().status == GroupStatus::Fixed);
    QCOMPARE(groups({}).front().note, std::string("ticket 7"));
    m_fixture->clock.advance(1s);
    accept("e2");
    end(kMeta, Outcome::Invalid, Next::Dead);
    QVERIFY(groups({}).front().status == GroupStatus::Regressed);
    QVERIFY(say("no such group", GroupStatus::Known).error().code == ErrorCode::NotFound);
}

void TestStoreSearch::filteredGroupsAreCountedInSteps()
{
    for (int i = 0; i < 4; ++i)
        accept("e" + std::to_string(i));
    end(kMeta, Outcome::Invalid, Next::Dead);
    QCOMPARE(groups({ .eventId = "e2" }).front().count, std::int64_t { 1 });
    QCOMPARE(groups({ .httpStatus = 400 }).front().count, std::int64_t { 4 });
    QCOMPARE(groups({ .httpStatus = 400 }).front().shards, 1);
    QVERIFY(groups({ .httpStatus = 404 }).empty());
    const auto refused = m_reader->countGroups({ .text = "x" }, {});
    QVERIFY(refused.error().code == ErrorCode::Unsupported);
}

void TestStoreSearch::anEventTellsWhatBecameOfItEverywhere()
{
    accept("e1", R"({"a":1})", { kMeta, kHook });
    end(kHook, Outcome::Accepted, Next::Done);
    const EventTrace half = trace("e1");
    QCOMPARE(half.payload, std::string(R"({"a":1})"));
    QCOMPARE(half.workspace, std::string("shop"));
    QCOMPARE(half.deliveries.size(), std::size_t { 2 });
    QVERIFY(half.deliveries[0].shard == kHook);
    QVERIFY(half.deliveries[0].state == DeliveryState::Accepted);
    QCOMPARE(half.deliveries[0].log.size(), std::size_t { 1 });
    QVERIFY(half.deliveries[1].state == DeliveryState::Waiting);
    QVERIFY(half.deliveries[1].lane == Lane::Live);
    end(kMeta, Outcome::Invalid, Next::Dead);
    const EventTrace whole = trace("e1");
    QVERIFY(whole.deliveries[1].state == DeliveryState::Dead);
    QVERIFY(whole.deliveries[1].deadLetter.has_value());
}

void TestStoreSearch::aDeliveryInFlightAndOneThatWaitsForARetryAreTold()
{
    accept("e1");
    const DispatchMark mark = m_fixture->markOf(m_fixture->rows(kMeta, Lane::Live));
    QVERIFY(m_fixture->mark(mark).has_value());
    QVERIFY(trace("e1").deliveries.front().state == DeliveryState::InFlight);
    QVERIFY(
        m_fixture->record(m_fixture->resultOf(mark, Outcome::Transient, Next::Retry)).has_value());
    const EventDelivery waiting = trace("e1").deliveries.front();
    QVERIFY(waiting.state == DeliveryState::Waiting);
    QVERIFY(waiting.lane == Lane::Retry);
    QCOMPARE(waiting.attempts, 1);
    QVERIFY(waiting.dueAt == m_fixture->clock.wallNow() + 2s);
}

void TestStoreSearch::unknownIdsAreMissing()
{
    accept("e1");
    const EventPage page
        = m_reader->events({ .eventIds = { "e1", "nobody" }, .isBrief = true }).value();
    QCOMPARE(page.events.size(), std::size_t { 1 });
    QVERIFY(page.events.front().payload.empty());
    QCOMPARE(page.missing, std::vector<std::string> { "nobody" });
    QVERIFY(page.keptSince.has_value());
}

void TestStoreSearch::theAuditIsFiltered()
{
    const WallTime start = m_fixture->clock.wallNow();
    for (const char* action : { "pause", "tune", "tune" }) {
        const AuditRow row { {}, m_fixture->clock.wallNow(), "kc", action, "meta-main/17",
            "batch 10", "batch 20", "100 % sure", "ok" };
        QVERIFY(m_fixture
                    ->write([&](store::WriteTransaction& transaction) -> Status {
                        const auto added = store::addAudit(transaction, row);
                        return added ? Status {} : tl::unexpected(added.error());
                    })
                    .has_value());
        m_fixture->clock.advance(1min);
    }
    const auto found = [&](AuditFilter filter) {
        return m_reader->audit({ .filter = std::move(filter) }).value().rows.size();
    };
    QCOMPARE(found({}), std::size_t { 3 });
    QCOMPARE(found({ .action = "tune" }), std::size_t { 2 });
    QCOMPARE(found({ .who = "nobody" }), std::size_t { 0 });
    QCOMPARE(found({ .text = "100 %" }), std::size_t { 3 });
    QCOMPARE(found({ .text = "batch 30" }), std::size_t { 0 });
    QCOMPARE(found({ .from = start + 1min }), std::size_t { 2 });
    QCOMPARE(found({ .to = start + 1min }), std::size_t { 1 });
}

SPILLWAY_TEST(TestStoreSearch)

} // namespace tst_store_search

#include "tst_store_search.moc"
