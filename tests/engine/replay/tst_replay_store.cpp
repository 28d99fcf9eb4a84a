// Dead letters on their way through a real store: pages, selections, archive, jobs.
#include "engine/store/store_fixture.h"
#include "replay/replay_service.h"
#include "store/reader.h"
#include "store/replay_jobs.h"
#include "store/selections.h"
#include "store/upkeep.h"
#include "support/test_program.h"

namespace tst_replay_store {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { "meta-main", "1029384756" };

} // namespace

class TestReplayStore final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void pagesFollowTheKeyAndKnowTheirEnd();
    void filtersOfEveryKindNarrowThePage();
    void aDetailHasPayloadAnswerAndAttempts();
    void groupsCountWhatWaits();
    void archivingTakesExactlyTheSelectionAndRestoreBringsItBack();
    void aReplayGoesThroughTheLaneAndAcceptedEntriesLeaveTheList();
    void anEntryThatFailsAgainIsTheSameEntry();
    void theSameEntriesAreNotReplayedTwiceAtOnce();
    void thePartsOfAPreviewAddUp();
    void retentionLeavesWhatWaitsAndWhatIsDead();

private:
    void failEvents(int count, Outcome outcome = Outcome::Invalid);
    [[nodiscard]] DeadLetterPage page(const DeadLetterQuery& query) const;
    [[nodiscard]] SelectionId select(const SelectionRequest& request = {});
    [[nodiscard]] Result<ReplayJobId> create(const store::NewReplayJob& job);
    [[nodiscard]] store::FeedStep feed(ReplayJobId job);
    void endLane(Lane lane, Outcome outcome, Next next);
    [[nodiscard]] std::vector<DeadLetterGroup> groups(const DeadLetterFilter& filter);

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<store::Reader> m_reader {};
};

void TestReplayStore::init()
{
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
}

void TestReplayStore::cleanup()
{
    m_reader.reset();
    m_fixture.reset();
}

void TestReplayStore::failEvents(int count, Outcome outcome)
{
    std::vector<NewEvent> events;
    for (int i = 0; i < count; ++i)
        events.push_back(m_fixture->event("e" + std::to_string(i), { kShard }));
    QVERIFY(m_fixture->accept(std::move(events)).has_value());
    endLane(Lane::Live, outcome, Next::Dead);
}

void TestReplayStore::endLane(Lane lane, Outcome outcome, Next next)
{
    const auto rows = m_fixture->rows(kShard, lane);
    QVERIFY(!rows.empty());
    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark).has_value());
    RequestResult result = m_fixture->resultOf(mark, outcome, next);
    for (std::size_t i = 0; i < rows.size(); ++i)
        result.items[i].job = rows[i].job;
    result.response = R"({"error":{"code":100}})";
    result.responseBytes = 22;
    QVERIFY(m_fixture->record(std::move(result)).has_value());
}

std::vector<DeadLetterGroup> TestReplayStore::groups(const DeadLetterFilter& filter)
{
    store::GroupCount count;
    while (!count.isDone)
        count = m_reader->countGroups(filter, std::move(count)).value();
    return count.groups();
}

DeadLetterPage TestReplayStore::page(const DeadLetterQuery& query) const
{
    return m_reader->deadLetters(query).value();
}

SelectionId TestReplayStore::select(const SelectionRequest& request)
{
    SelectionId selection {};
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        selection = store::beginSelection(transaction).value();
        store::SelectionCursor cursor;
        const store::VerdictInput input { .encoders = { { "meta-main", "meta/1" } },
            .now = transaction.now() };
        while (!cursor.isDone)
            cursor
                = store::growSelection(transaction, selection, request, input, cursor, 3).value();
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return selection;
}

Result<ReplayJobId> TestReplayStore::create(const store::NewReplayJob& job)
{
    Result<ReplayJobId> created;
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        created = store::createReplayJob(transaction, job);
        return created ? Status {} : tl::unexpected(created.error());
    });
    return created;
}

store::FeedStep TestReplayStore::feed(ReplayJobId job)
{
    store::FeedStep step;
    (void)m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        step = store::feedReplayJob(transaction, job, 100).value();
        return {};
    });
    return step;
}

void TestReplayStore::pagesFollowTheKeyAndKnowTheirEnd()
{
    failEvents(7);
    const auto first = page({ .rowsMax = 4 });
    QCOMPARE(first.rows.size(), std::size_t { 4 });
    QVERIFY(!first.isLast);
    QCOMPARE(first.waitingTotal, std::int64_t { 7 });
    const auto second = page({ .after = first.rows.back().id, .rowsMax = 4 });
    QCOMPARE(second.rows.size(), std::size_t { 3 });
    QVERIFY(second.isLast);
    QVERIFY(second.rows.front().id > first.rows.back().id);
    const auto exact = page({ .rowsMax = 7 });
    QVERIFY(exact.isLast);
    QVERIFY(page({ .isNewestFirst = true, .rowsMax = 1 }).rows.front().id > second.rows.front().id);
}

void TestReplayStore::filtersOfEveryKindNarrowThePage()
{
    failEvents(3);
    const auto count = [&](DeadLetterFilter filter) {
        return page({ .filter = std::move(filter) }).rows.size();
    };
    QCOMPARE(count({}), std::size_t { 3 });
    QCOMPARE(count({ .destinations = { "meta-main" } }), std::size_t { 3 });
    QCOMPARE(count({ .destinations = { "other" } }), std::size_t { 0 });
    QCOMPARE(count({ .shards = { kShard } }), std::size_t { 3 });
    QCOMPARE(count({ .shards = { { "meta-main", "2" } } }), std::size_t { 0 });
    QCOMPARE(count({ .classes = { Outcome::Invalid } }), std::size_t { 3 });
    QCOMPARE(count({ .classes = { Outcome::Config } }), std::size_t { 0 });
    QCOMPARE(count({ .httpStatus = 400 }), std::size_t { 3 });
    QCOMPARE(count({ .fingerprint = "meta · 400 · bad value" }), std::size_t { 3 });
    QCOMPARE(count({ .fingerprint = "'; DROP TABLE event; --" }), std::size_t { 0 });
    QCOMPARE(count({ .eventId = "e1" }), std::size_t { 1 });
    QCOMPARE(count({ .failedTo = m_fixture->clock.wallNow() }), std::size_t { 0 });
    QCOMPARE(count({ .failedFrom = m_fixture->clock.wallNow() }), std::size_t { 3 });
    QCOMPARE(count({ .states = { DeadLetterState::Archived } }), std::size_t { 0 });
}

void TestReplayStore::aDetailHasPayloadAnswerAndAttempts()
{
    failEvents(1);
    const auto row = page({ .withResponses = true }).rows.front();
    QCOMPARE(row.response, std::string(R"({"error":{"code":100}})"));
    const auto detail = m_reader->deadLetter(row.id).value();
    QCOMPARE(detail.payload, std::string(R"({"event_name":"Purchase"})"));
    QVERIFY(!detail.isPayloadGone);
    QCOMPARE(detail.responseBytes, std::int64_t { 22 });
    QCOMPARE(detail.attempts.size(), std::size_t { 1 });
    QCOMPARE(detail.attempts.front().httpStatus, 400);
    QVERIFY(m_reader->deadLetter(DeadLetterId { 999 }).error().code == ErrorCode::NotFound);
}

void TestReplayStore::groupsCountWhatWaits()
{
    failEvents(5);
    const auto plain = groups({});
    QCOMPARE(plain.size(), std::size_t { 1 });
    QCOMPARE(plain.front().count, std::int64_t { 5 });
    const auto filtered = groups({ .eventId = "e2" });
    QCOMPARE(filtered.front().count, std::int64_t { 1 });
    QCOMPARE(m_reader->topFingerprints().value().begin()->second.second, std::int64_t { 5 });
}

void TestReplayStore::archivingTakesExactlyTheSelectionAndRestoreBringsItBack()
{
    failEvents(5);
    const SelectionId some
        = select({ .filter = { .ids = { page({}).rows[0].id, page({}).rows[3].id } } });
    store::ArchiveStep step;
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) -> Status {
                    step = store::archiveStep(transaction, some, false, 0, 100).value();
                    return {};
                })
                .has_value());
    QCOMPARE(step.moved, std::int64_t { 2 });
    QCOMPARE(page({}).waitingTotal, std::int64_t { 3 });
    QCOMPARE(groups({}).front().count, std::int64_t { 3 });
    // Delivery may have retired the shard: it is told of it, though nothing waits there.
    const auto arrivals = m_fixture->arrivalsOf([&] {
        QVERIFY(m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
            step = store::archiveStep(transaction, some, true, 0, 100).value();
            return {};
        }));
    });
    QCOMPARE(step.moved, std::int64_t { 2 });
    QCOMPARE(page({}).waitingTotal, std::int64_t { 5 });
    QCOMPARE(page({}).rows.size(), std::size_t { 5 });
    QCOMPARE(arrivals.size(), std::size_t { 1 });
    QCOMPARE(arrivals[0].shard, m_fixture->shardRecord(kShard).key);
    QCOMPARE(arrivals[0].count, std::int64_t { 0 });
}

void TestReplayStore::aReplayGoesThroughTheLaneAndAcceptedEntriesLeaveTheList()
{
    failEvents(4);
    const auto job = create({ .selection = select(), .title = "all" });
    QVERIFY(job.has_value());
    const auto step = feed(*job);
    QCOMPARE(step.fed, std::int64_t { 4 });
    QVERIFY(step.isAllFed);
    QCOMPARE(m_fixture->rows(kShard, Lane::Replay).size(), std::size_t { 4 });
    QCOMPARE(m_fixture->rows(kShard, Lane::Replay).front().attempts, 0);
    endLane(Lane::Replay, Outcome::Accepted, Next::Done);
    QVERIFY(page({}).rows.empty());
    QCOMPARE(page({}).waitingTotal, std::int64_t { 0 });
    const auto row = m_reader->jobs(10).value().front();
    QCOMPARE(row.accepted, std::int64_t { 4 });
    QCOMPARE(row.outstanding(), std::int64_t { 0 });
    QCOMPARE(page({ .filter = { .states = { DeadLetterState::Replayed } } }).rows.size(),
        std::size_t { 4 });
}

void TestReplayStore::anEntryThatFailsAgainIsTheSameEntry()
{
    failEvents(1);
    const DeadLetterId before = page({}).rows.front().id;
    const auto job = create({ .selection = select() });
    (void)feed(*job);
    endLane(Lane::Replay, Outcome::Invalid, Next::Dead);
    QCOMPARE(page({}).rows.size(), std::size_t { 1 });
    QVERIFY(page({}).rows.front().id == before);
    QCOMPARE(page({}).waitingTotal, std::int64_t { 1 });
    QCOMPARE(m_reader->jobs(1).value().front().failed, std::int64_t { 1 });
    QCOMPARE(m_reader->deadLetter(before).value().attempts.size(), std::size_t { 2 });
}

void TestReplayStore::theSameEntriesAreNotReplayedTwiceAtOnce()
{
    failEvents(3);
    const auto first = create({ .selection = select() });
    QVERIFY(first.has_value());
    const SelectionId overlapping = select({ .filter = { .eventId = "e1" } });
    const auto second = create({ .selection = overlapping });
    QVERIFY(!second.has_value());
    QVERIFY(second.error().code == ErrorCode::Conflict);
    QVERIFY(second.error().message.find("R-1") != std::string::npos);
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) {
                    return store::setReplayJobState(
                        transaction, *first, store::JobState::Cancelled, {});
                })
                .has_value());
    QVERIFY(create({ .selection = overlapping }).has_value());
}

void TestReplayStore::thePartsOfAPreviewAddUp()
{
    failEvents(4, Outcome::Unknown);
    const auto preview = m_reader->preview(select()).value();
    QCOMPARE(preview.matched, std::int64_t { 4 });
    QCOMPARE(preview.outcomeUnknown, std::int64_t { 4 });
    QCOMPARE(preview.willSend + preview.alreadyAccepted + preview.superseded + preview.payloadGone
            + preview.tooOld + preview.sameError + preview.outcomeUnknown,
        preview.matched);
    // Not chosen, so nothing goes; chosen, all of it goes.
    const auto without = create({ .selection = select() });
    QCOMPARE(feed(*without).fed, std::int64_t { 0 });
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) {
                    return store::setReplayJobState(
                        transaction, *without, store::JobState::Finished, {});
                })
                .has_value());
    const auto with = create({ .selection = select(), .includeUnknown = true });
    QCOMPARE(feed(*with).fed, std::int64_t { 4 });
}

void TestReplayStore::retentionLeavesWhatWaitsAndWhatIsDead()
{
    QVERIFY(m_fixture->accept({ m_fixture->event("done", { kShard }) }).has_value());
    endLane(Lane::Live, Outcome::Accepted, Next::Done);
    QVERIFY(m_fixture->accept({ m_fixture->event("dead", { kShard }) }).has_value());
    endLane(Lane::Live, Outcome::Invalid, Next::Dead);
    QVERIFY(m_fixture->accept({ m_fixture->event("waits", { kShard }) }).has_value());
    m_fixture->clock.advance(24h * 15);
    const auto removable
        = m_reader->removable(m_fixture->clock.wallNow() - 24h * 14, EventSeq { 0 }, 100).value();
    QCOMPARE(removable.events.size(), std::size_t { 1 });
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) {
                    return store::removeEvents(transaction, removable.events);
                })
                .has_value());
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event"), std::int64_t { 2 });
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event_by_id"), std::int64_t { 2 });
    QCOMPARE(m_fixture->store->counters().events, std::int64_t { 2 });
    QCOMPARE(m_fixture->store->counters().removedByRetention, std::int64_t { 1 });
}

SPILLWAY_TEST(TestReplayStore)

} // namespace tst_replay_store

#include "tst_replay_store.moc"
