// Groups as operators make them, what stands in a selection, and what a job went through.
#include "engine/store/store_fixture.h"
#include "replay/job_pacer.h"
#include "store/group_status.h"
#include "store/reader.h"
#include "store/replay_jobs.h"
#include "store/selections.h"
#include "store/taken_rows.h"
#include "store/upkeep.h"
#include "support/test_program.h"

#include <cmath>
#include <map>

namespace tst_groups {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShop { "meta", "shop-eu" };
const ShardId kOther { "meta", "shop-us" };
const std::string kBadPrice = "meta · 400 · price";
const std::string kBadEmail = "meta · 400 · e-mail";
const std::string kNoName = "meta · 400 · name";

} // namespace

class TestGroups final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void mergedGroupsCountAndFilterAsOneAndComeApartAgain();
    void aCircleOfMergesIsRefused();
    void aGroupIsSplitByAccountAndJoined();
    void theTrendSaysWhenEntriesCame();
    void aReplayThatFailsAgainIsNoNewEntryInTheTrend();
    void thePartsOfASelectionCanBeReadOneByOne();
    void samplesDifferInShardAndCauseFirst();
    void requestsOfARangeAreNewestFirst();
    void minutesOfOneShardAreReadAsARange();
    void minutesOfADestinationAreItsOwnOrThoseOfItsOnlyShard();
    void whatAJobSentAgainLastIsFoundByTheJob();
    void guardsAndLogOfAJobOutliveTheProgram();

private:
    struct Failure {
        ShardId shard {};
        std::string fingerprint {};
        int count { 1 };
    };
    void fail(const Failure& failure);
    void endLane(const ShardId& shard, Lane lane, const std::string& fingerprint);
    void shape(const GroupShapeCommand& command);
    [[nodiscard]] std::vector<DeadLetterGroup> groups(const DeadLetterFilter& filter = {});
    [[nodiscard]] SelectionId select(const DeadLetterFilter& filter = {});
    [[nodiscard]] ReplayJobId createJob(SelectionId selection, const ReplayGuards& guards = {});

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<store::Reader> m_reader {};
    int m_events { 0 };
};

void TestGroups::init()
{
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
    m_events = 0;
}

void TestGroups::cleanup()
{
    m_reader.reset();
    m_fixture.reset();
}

void TestGroups::endLane(const ShardId& shard, Lane lane, const std::string& fingerprint)
{
    const auto rows = m_fixture->rows(shard, lane);
    QVERIFY(!rows.empty());
    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark).has_value());
    RequestResult result = m_fixture->resultOf(mark, Outcome::Invalid, Next::Dead);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        result.items[i].job = rows[i].job;
        result.items[i].fingerprint = fingerprint;
    }
    result.response = R"({"error":"no"})";
    result.responseBytes = 14;
    QVERIFY(m_fixture->record(std::move(result)).has_value());
}

void TestGroups::fail(const Failure& failure)
{
    std::vector<NewEvent> events;
    for (int i = 0; i < failure.count; ++i)
        events.push_back(m_fixture->event("e" + std::to_string(m_events++), { failure.shard }));
    QVERIFY(m_fixture->accept(std::move(events)).has_value());
    endLane(failure.shard, Lane::Live, failure.fingerprint);
}

void TestGroups::shape(const GroupShapeCommand& command)
{
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        const auto shaped = store::shapeGroups(transaction, command);
        return shaped ? Status {} : tl::unexpected(shaped.error());
    });
    QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
}

std::vector<DeadLetterGroup> TestGroups::groups(const DeadLetterFilter& filter)
{
    store::GroupCount count { .now = m_fixture->clock.wallNow() };
    while (!count.isDone)
        count = m_reader->countGroups(filter, std::move(count)).value();
    return count.groups();
}

SelectionId TestGroups::select(const DeadLetterFilter& filter)
{
    SelectionId selection {};
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        selection = store::beginSelection(transaction).value();
        store::SelectionCursor cursor;
        const store::VerdictInput input { .encoders = {}, .now = transaction.now() };
        while (!cursor.isDone)
            cursor = store::growSelection(
                transaction, selection, { .filter = filter }, input, cursor, 100)
                         .value();
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return selection;
}

ReplayJobId TestGroups::createJob(SelectionId selection, const ReplayGuards& guards)
{
    ReplayJobId job {};
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        const auto created = store::createReplayJob(
            transaction, { .selection = selection, .title = "all", .guards = guards });
        if (!created)
            return tl::unexpected(created.error());
        job = *created;
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return job;
}

// 3 of one cause and 2 of another become 5 of the first, and 3 and 2 again.
void TestGroups::mergedGroupsCountAndFilterAsOneAndComeApartAgain()
{
    fail({ kShop, kBadPrice, 3 });
    fail({ kShop, kBadEmail, 2 });
    shape({ .fingerprint = kBadPrice, .others = { kBadEmail } });
    const auto merged = groups();
    QCOMPARE(merged.size(), std::size_t { 1 });
    QCOMPARE(merged.front().count, std::int64_t { 5 });
    QCOMPARE(merged.front().fingerprint, kBadPrice);
    QCOMPARE(merged.front().merged, std::vector<std::string> { kBadEmail });
    const DeadLetterFilter ofGroup { .fingerprint = kBadPrice };
    QCOMPARE(m_reader->deadLetters({ .filter = ofGroup }).value().rows.size(), std::size_t { 5 });
    QCOMPARE(groups(ofGroup).front().count, std::int64_t { 5 });
    fail({ kShop, kBadEmail, 1 }); // what comes later is in it too
    QCOMPARE(groups().front().count, std::int64_t { 6 });
    QCOMPARE(
        m_reader->groupShape(kBadPrice).value().merged, std::vector<std::string> { kBadEmail });

    shape({ .action = GroupShapeCommand::Action::TakeOut,
        .fingerprint = kBadPrice,
        .others = { kBadEmail } });
    QCOMPARE(groups().size(), std::size_t { 2 });
    QVERIFY(m_reader->groupShape(kBadPrice).value() == store::GroupShape {});
    QCOMPARE(m_reader->deadLetters({ .filter = ofGroup }).value().rows.size(), std::size_t { 3 });
}

// e-mail into price, then price into name: one group; name into e-mail would never end.
void TestGroups::aCircleOfMergesIsRefused()
{
    fail({ kShop, kBadPrice, 3 });
    fail({ kShop, kBadEmail, 2 });
    fail({ kShop, kNoName, 1 });
    shape({ .fingerprint = kBadPrice, .others = { kBadEmail } });
    shape({ .fingerprint = kNoName, .others = { kBadPrice } });
    QCOMPARE(groups().size(), std::size_t { 1 });
    QCOMPARE(groups().front().fingerprint, kNoName);
    QCOMPARE(groups().front().count, std::int64_t { 6 });
    for (const auto& [into, part] :
        { std::pair { kBadEmail, kNoName }, std::pair { kBadPrice, kBadPrice } }) {
        const auto done = m_fixture->write(
            [group = into, other = part](store::WriteTransaction& transaction) -> Status {
                const auto shaped = store::shapeGroups(
                    transaction, { .fingerprint = group, .others = { other } });
                return shaped ? Status {} : tl::unexpected(shaped.error());
            });
        QVERIFY(!done && done.error().code == ErrorCode::Conflict);
    }
    QCOMPARE(groups().front().count, std::int64_t { 6 });
}

void TestGroups::aGroupIsSplitByAccountAndJoined()
{
    fail({ kShop, kBadPrice, 3 });
    fail({ kOther, kBadPrice, 2 });
    QCOMPARE(groups().front().shards, 2);
    shape({ .action = GroupShapeCommand::Action::SplitByAccount, .fingerprint = kBadPrice });
    const auto split = groups();
    QCOMPARE(split.size(), std::size_t { 2 });
    QVERIFY(split[0].shard == kShop && split[1].shard == kOther);
    QCOMPARE(split[1].count, std::int64_t { 2 });
    shape({ .action = GroupShapeCommand::Action::JoinAccounts, .fingerprint = kBadPrice });
    QCOMPARE(groups().size(), std::size_t { 1 });
}

// 2 now, 3 an hour (ten slots) later; seven hours later nothing of it is left but the entries.
void TestGroups::theTrendSaysWhenEntriesCame()
{
    fail({ kShop, kBadPrice, 2 });
    m_fixture->clock.advance(1h);
    fail({ kShop, kBadPrice, 3 });
    const auto trend = groups().front().trend;
    QCOMPARE(trend.size(), std::size_t { kTrendSlots });
    QCOMPARE(trend[kTrendSlots - 1], std::int64_t { 3 });
    QCOMPARE(trend[kTrendSlots - 11], std::int64_t { 2 });
    QVERIFY(groups({ .eventName = "Purchase" }).front().trend.empty());
    m_fixture->clock.advance(7h);
    fail({ kOther, kBadEmail, 1 });
    QCOMPARE(m_fixture->number("SELECT sum(added) FROM fingerprint_trend"), 1);
    QCOMPARE(groups().front().count, std::int64_t { 5 });
}

void TestGroups::aReplayThatFailsAgainIsNoNewEntryInTheTrend()
{
    fail({ kShop, kBadPrice, 2 });
    const ReplayJobId job = createJob(select());
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) -> Status {
                    return store::feedReplayJob(transaction, job, 10)
                        ? Status {}
                        : engine::fail(ErrorCode::Internal, "not fed");
                })
                .has_value());
    endLane(kShop, Lane::Replay, kBadPrice);
    QCOMPARE(m_fixture->number("SELECT sum(added) FROM fingerprint_trend"), 2);
}

void TestGroups::thePartsOfASelectionCanBeReadOneByOne()
{
    fail({ kShop, kBadPrice, 3 });
    const SelectionId selection = select();
    const auto page = m_reader->selectionItems({ .selection = selection, .rowsMax = 2 }).value();
    QCOMPARE(page.items.size(), std::size_t { 2 });
    QVERIFY(!page.isLast);
    QVERIFY(page.items.front().shard == kShop);
    QCOMPARE(page.items.front().eventName, std::string("Purchase"));
    QVERIFY(page.items.front().deadLetter.has_value());
    const auto none
        = m_reader->selectionItems({ .selection = selection, .part = PreviewPart::TooOld }).value();
    QVERIFY(none.items.empty() && none.isLast);
    QVERIFY(m_reader->selectionItems({ .selection = SelectionId { 999 } }).error().code
        == ErrorCode::NotFound);
}

// Ten of one kind, then one on another account and one of another cause.
void TestGroups::samplesDifferInShardAndCauseFirst()
{
    fail({ kShop, kBadPrice, 10 });
    fail({ kOther, kBadPrice, 1 });
    fail({ kShop, kBadEmail, 1 });
    const auto samples = m_reader->samples(select(), 3).value();
    QCOMPARE(samples.size(), std::size_t { 3 });
    const auto others = std::count_if(
        samples.begin(), samples.end(), [](const auto& row) { return row.shard == kOther; });
    QCOMPARE(others, 1);
    for (const auto& sample : samples)
        QVERIFY(sample.event != nullptr);
}

// Two of four minutes were kept, and another shard's lie between them.
void TestGroups::minutesOfOneShardAreReadAsARange()
{
    fail({ kShop, kBadPrice, 1 }); // the shards exist now
    fail({ kOther, kBadPrice, 1 });
    std::map<ShardId, ShardKey> keys;
    for (const auto& shard : m_fixture->store->counters().shards)
        keys[shard.id] = shard.key;
    const auto row = [&](std::int64_t minute, const ShardId& shard, double high) {
        return store::RollupRow { .minute = minute,
            .shard = keys.at(shard),
            .metric = Metric::ConsumerLag,
            .high = high,
            .samples = 60 };
    };
    const std::vector rows { row(1'000, kShop, 5), row(1'001, kOther, 7), row(1'002, kShop, 9) };
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) {
                    return store::addRollups(transaction, rows);
                })
                .has_value());
    const auto at = [](int minute) { return WallTime { std::chrono::minutes { minute } }; };
    const PastPage page
        = m_reader->past({ .generation = 3, .shard = kShop, .from = at(1'000), .to = at(1'003) })
              .value();
    QCOMPARE(page.generation, std::uint64_t { 3 });
    QVERIFY(page.until == at(1'003));
    const auto& lags = page.series.metrics[static_cast<std::size_t>(Metric::ConsumerLag)];
    QCOMPARE(lags.size(), std::size_t { 4 });
    QVERIFY(lags[0] == 5 && std::isnan(lags[1]) && lags[2] == 9 && std::isnan(lags[3]));
}

// A restart divides a minute: what is written twice is joined. A destination has minutes of its own
// while it has several shards; in the others those of its one shard stand for it.
void TestGroups::minutesOfADestinationAreItsOwnOrThoseOfItsOnlyShard()
{
    fail({ kShop, kBadPrice, 1 });
    fail({ kOther, kBadPrice, 1 });
    std::map<ShardId, ShardKey> keys;
    for (const auto& shard : m_fixture->store->counters().shards)
        keys[shard.id] = shard.key;
    const auto row = [](std::int64_t minute, ShardKey shard, double high) {
        return store::RollupRow { .minute = minute,
            .shard = shard,
            .metric = Metric::ConsumerLag,
            .low = high,
            .high = high,
            .last = high,
            .sum = high,
            .samples = 1 };
    };
    const std::vector shards { row(1'000, keys.at(kShop), 5), row(1'000, keys.at(kShop), 4),
        row(1'001, keys.at(kShop), 6), row(1'001, keys.at(kOther), 7),
        row(1'002, keys.at(kShop), 8), row(1'002, keys.at(kOther), 9) };
    const std::vector<store::DestinationRollup> whole { { kShop.destination, row(1'002, {}, 3) },
        { kShop.destination, row(1'002, {}, 2) } };
    QVERIFY(m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        if (Status done = store::addRollups(transaction, shards); !done)
            return done;
        return store::addDestinationRollups(transaction, whole);
    }));
    const auto joined = m_reader->rollups(1'000, 1'001).value();
    QCOMPARE(joined.size(), std::size_t { 1 });
    QVERIFY(joined[0].low == 4 && joined[0].high == 5 && joined[0].last == 4);
    QVERIFY(joined[0].sum == 9 && joined[0].samples == 2);
    const auto at = [](int minute) { return WallTime { std::chrono::minutes { minute } }; };
    const PastPage page
        = m_reader->past({ .shard = { kShop.destination, {} }, .from = at(1'000), .to = at(1'002) })
              .value();
    const auto& lags = page.series.metrics[static_cast<std::size_t>(Metric::ConsumerLag)];
    QCOMPARE(lags.size(), std::size_t { 3 });
    // 1001 is from before destinations had any: nobody can tell.
    QVERIFY(lags[0] == 5 && std::isnan(lags[1]) && lags[2] == 3);
}

void TestGroups::requestsOfARangeAreNewestFirst()
{
    const WallTime from = m_fixture->clock.wallNow();
    fail({ kShop, kBadPrice, 2 });
    m_fixture->clock.advance(1min);
    fail({ kOther, kBadEmail, 1 });
    m_fixture->clock.advance(1min);
    const WallTime to = m_fixture->clock.wallNow();
    const auto all
        = m_reader->requests({ .shard = { "meta", "" }, .from = from - 1h, .to = to + 1h }).value();
    QCOMPARE(all.rows.size(), std::size_t { 2 });
    QVERIFY(all.rows.front().endedAt >= all.rows.back().endedAt);
    QVERIFY(all.rows.front().outcome == Outcome::Invalid);
    QCOMPARE(all.rows.front().answer, std::string(R"({"error":"no"})"));
    const auto one
        = m_reader->requests({ .shard = kShop, .from = from - 1h, .to = to + 1h }).value();
    QCOMPARE(one.rows.size(), std::size_t { 1 });
    QCOMPARE(one.rows.front().records, 2);
}

// Three are fed: two fail again, one is taken back and waits as if nothing had been.
void TestGroups::whatAJobSentAgainLastIsFoundByTheJob()
{
    fail({ kShop, kBadPrice, 2 });
    fail({ kOther, kBadPrice, 1 });
    const ReplayJobId job = createJob(select());
    const auto run = [this](const std::function<Status(store::WriteTransaction&)>& work) {
        QVERIFY(m_fixture->write(work).has_value());
    };
    run([&](store::WriteTransaction& transaction) -> Status {
        return store::feedReplayJob(transaction, job, 10)
            ? Status {}
            : engine::fail(ErrorCode::Internal, "not fed");
    });
    endLane(kShop, Lane::Replay, kBadPrice);
    run([&](store::WriteTransaction& transaction) -> Status {
        return store::takeBackJob(transaction, job, 10)
            ? Status {}
            : engine::fail(ErrorCode::Internal, "not taken");
    });
    const auto again = m_reader->deadLetters({ .filter = { .job = job } }).value().rows;
    QCOMPARE(again.size(), std::size_t { 2 });
    QVERIFY(again.front().shard == kShop);
    QCOMPARE(m_reader->deadLetters({}).value().rows.size(), std::size_t { 3 });
}

void TestGroups::guardsAndLogOfAJobOutliveTheProgram()
{
    fail({ kShop, kBadPrice, 1 });
    const ReplayGuards guards {
        .errorStop = 0.02, .throttleHold = 0.1, .liveLagHold = Seconds { 5 }
    };
    const ReplayJobId job = createJob(select(), guards);
    const auto note = [&](int line) {
        return m_fixture->write([&](store::WriteTransaction& transaction) {
            return store::addJobEvent(
                transaction, job, { transaction.now(), "line " + std::to_string(line) });
        });
    };
    for (int line = 0; line < 60; ++line)
        QVERIFY(note(line).has_value());
    m_reader.reset();
    m_fixture->reopen();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
    const auto row = m_reader->jobs(1).value().front();
    QVERIFY(row.guards == guards);
    const auto logs = m_reader->jobLogs(10, 50).value();
    QCOMPARE(logs.at(job).size(), std::size_t { 50 });
    QCOMPARE(logs.at(job).front().text, std::string("line 59")); // newest first
}

SPILLWAY_TEST(TestGroups)

} // namespace tst_groups

#include "tst_groups.moc"
