// What the picture of the engine keeps over a restart.
#include "engine/store/store_fixture.h"
#include "snapshot_maker.h"
#include "support/test_program.h"

#include <cmath>
#include <thread>

namespace tst_snapshot_maker {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::testing;

class TestSnapshotMaker final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theHistoryOfShardsAndDestinationsIsThereAfterARestart();
    void aWorkspaceKnowsWhyItsEventsWentNowhere();

private:
    [[nodiscard]] std::unique_ptr<SnapshotMaker> makeMaker();
    [[nodiscard]] delivery::ShardReading reading(const ShardId& shard, std::int64_t depth);

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<ReaderThread> m_reader {};
    SnapshotContext m_context {};
};

namespace {

const ShardId kOne { "hook", "1" };
const ShardId kTwo { "hook", "2" };
const ShardId kOnly { "single", "1" };

} // namespace

void TestSnapshotMaker::init()
{
    m_reader.reset();
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = std::make_unique<ReaderThread>(m_fixture->store->databasePath());
    auto config = std::make_shared<Config>();
    config->destinations = { { .name = "hook" }, { .name = "single" } };
    m_context = { .config = config };
}

// Of what comes back from other threads nothing matters here.
std::unique_ptr<SnapshotMaker> TestSnapshotMaker::makeMaker()
{
    const auto post = [here = std::this_thread::get_id()](const std::function<void()>& work) {
        if (std::this_thread::get_id() == here)
            work();
    };
    return std::make_unique<SnapshotMaker>(m_fixture->clock, *m_fixture->store, *m_reader, post);
}

delivery::ShardReading TestSnapshotMaker::reading(const ShardId& shard, std::int64_t depth)
{
    return { .shard = shard, .key = m_fixture->shardRecord(shard).key, .queueDepth = depth };
}

// It runs for a minute and a half and is back five minutes later. What the second half minute was
// is known too, because the stop kept it. Nothing was kept for the destination with one shard, and
// still it has a past.
void TestSnapshotMaker::theHistoryOfShardsAndDestinationsIsThereAfterARestart()
{
    QVERIFY(m_fixture->accept({ m_fixture->event("a", { kOne, kTwo, kOnly }) }));
    const std::vector readings { reading(kOne, 3), reading(kTwo, 4), reading(kOnly, 5) };
    auto maker = makeMaker();
    for (int second = 0; second < 90; ++second) {
        maker->take(readings);
        (void)maker->make(m_context);
        m_fixture->clock.advance(1s);
    }
    maker->storeMinutes(SnapshotMaker::Minutes::All);
    m_fixture->settle();
    QCOMPARE(m_fixture->number("SELECT count(DISTINCT destination) FROM destination_rollup"), 1);

    m_fixture->clock.advance(5min);
    maker = makeMaker();
    auto reader = store::Reader::open(m_fixture->store->databasePath());
    QVERIFY(reader);
    QVERIFY(maker->refillHistory(**reader));
    const HistoryPage page = maker->history(
        { .shards = { kOne, { "hook", {} }, { "single", {} } }, .span = HistorySpan::Hour1 });
    QCOMPARE(page.series.size(), std::size_t { 3 });
    const auto depthAgo = [&](std::size_t series, Seconds ago) {
        const auto& depths
            = page.series[series].metrics[static_cast<std::size_t>(Metric::QueueDepth)];
        const auto steps = static_cast<std::size_t>(ago / stepOf(HistorySpan::Hour1));
        return depths[depths.size() - 1 - steps];
    };
    for (const Seconds ago :
        { Seconds { 315 }, Seconds { 360 } }) { // in the half minute and the whole one
        QCOMPARE(depthAgo(0, ago), 3.0F);
        QCOMPARE(depthAgo(1, ago), 7.0F);
        QCOMPARE(depthAgo(2, ago), 5.0F);
    }
    QVERIFY(std::isnan(depthAgo(1, 3min)));
}

// Two destinations leave the first out for the same reason: it is one event all the same.
void TestSnapshotMaker::aWorkspaceKnowsWhyItsEventsWentNowhere()
{
    NewEvent first = m_fixture->event("a", {});
    first.unrouted = { { "hook", "no_identifier" }, { "single", "no_identifier" } };
    NewEvent second = m_fixture->event("b", {});
    second.unrouted = { { "", "no_destination" } };
    QVERIFY(m_fixture->accept({ first, second }));
    m_context.ingress = { { .workspace = "shop" }, { .workspace = "other" } };
    const SnapshotPtr snapshot = makeMaker()->make(m_context);
    const std::vector<std::pair<std::string, std::int64_t>> wanted { { "no_destination", 1 },
        { "no_identifier", 1 } };
    QVERIFY(snapshot->ingress[0].unrouted == wanted);
    QVERIFY(snapshot->ingress[1].unrouted.empty());
    QCOMPARE(snapshot->destinations[0].unroutedTotal, 1);
}

SPILLWAY_TEST(TestSnapshotMaker)

} // namespace tst_snapshot_maker

#include "tst_snapshot_maker.moc"
