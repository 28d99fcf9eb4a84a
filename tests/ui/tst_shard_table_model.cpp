#include "models/shard_table_model.h"
#include "support/fake_engine.h"
#include "support/test_program.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace tst_shard_table_model {

using namespace ui;
using engine::ShardId;
using engine::ShardState;
using engine::testing::FakeEngine;

class TestShardTableModel final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theWorstShardComesFirst();
    void nothingMovesUntilItIsAllowed();
    void aTrialCountsDownOnAQuietShard();
    void aShardThatVanishedStaysAsNoDataUntilTheOrderMayChange();
    void selectionFollowsTheShardNotTheRow();
    void groupsShowTheirDestinationAndHideNothing();
    void aLargeDestinationGroupsItself();
    void chipsCountWhatTheyWouldShow();
    void absentValuesSortLastInBothDirections();
    void valuesBeyondTheirThresholdAreBold();
    void historyArrivingLateDoesNotOverwriteWhatIsNewer();
    void aGapInTheSamplesStaysAGap();

private:
    static QStringList ids(const ShardTableModel& model);
    static engine::SnapshotPtr changed(
        const engine::SnapshotPtr& from, const std::function<void(engine::EngineSnapshot&)>& by);
    Theme m_theme { ThemeMode::Light };
};

void TestShardTableModel::init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

QStringList TestShardTableModel::ids(const ShardTableModel& model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.index(row, 0).data(ShardTableModel::IdRole).toString();
    return all;
}

engine::SnapshotPtr TestShardTableModel::changed(
    const engine::SnapshotPtr& from, const std::function<void(engine::EngineSnapshot&)>& by)
{
    auto copy = std::make_shared<engine::EngineSnapshot>(*from);
    copy->takenAt += engine::Seconds { 1 };
    by(*copy);
    return copy;
}

void TestShardTableModel::theWorstShardComesFirst()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.applySnapshot(engine.snapshot(), true);
    QCOMPARE(model.rowCount(), 16);
    int last = -1;
    for (int row = 0; row < model.rowCount(); ++row) {
        const auto* shard = model.shardAt(row);
        const int rank = severityRank(shard->state, shard->consumerLag);
        QVERIFY2(rank >= last, qPrintable(ids(model).at(row)));
        last = rank;
    }
    QCOMPARE(model.shardAt(15)->state, ShardState::Idle);
}

// x is healthy and last but one; then it fails. While the order may not change its row says so in
// place, and the chip appears; the next allowed snapshot brings it to the top.
void TestShardTableModel::nothingMovesUntilItIsAllowed()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.applySnapshot(engine.snapshot(), true);
    const auto before = ids(model);
    const int row = model.rowOf({ "x", "tw-o8x2" });
    QVERIFY(row > 10);
    QSignalSpy staleSpy(&model, &ShardTableModel::orderStaleChanged);
    QSignalSpy dataSpy(&model, &QAbstractItemModel::dataChanged);

    const auto failing = changed(engine.snapshot(), [](engine::EngineSnapshot& snapshot) {
        for (auto& shard : snapshot.shards) {
            if (shard.shard.destination == "x") {
                shard.state = ShardState::Failing;
                shard.consumerLag = std::chrono::hours { 3 };
            }
        }
    });
    model.applySnapshot(failing, false);
    QCOMPARE(ids(model), before);
    QVERIFY(model.isOrderStale());
    QCOMPARE(staleSpy.count(), 1);
    QVERIFY(dataSpy.count() > 0);
    QCOMPARE(model.index(row, ShardTableModel::State).data().toString(), QStringLiteral("Failing"));

    model.applySnapshot(failing, true);
    QCOMPARE(model.rowOf({ "x", "tw-o8x2" }), 0);
    QVERIFY(!model.isOrderStale());
}

// Nothing happens on the shard but that its trial runs out.
void TestShardTableModel::aTrialCountsDownOnAQuietShard()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    const auto onTrial = changed(engine.snapshot(), [](engine::EngineSnapshot& snapshot) {
        for (auto& shard : snapshot.shards) {
            shard.stateSince = snapshot.takenAt - std::chrono::hours { 1 };
            if (shard.shard.destination == "x")
                shard.trial = { .until = snapshot.takenAt + std::chrono::minutes { 5 } };
        }
    });
    model.applySnapshot(onTrial, true);
    const int row = model.rowOf({ "x", "tw-o8x2" });
    const auto note
        = [&] { return model.index(row, 0).data(ShardTableModel::NoteRole).toString(); };
    const QString before = note();
    QSignalSpy dataSpy(&model, &QAbstractItemModel::dataChanged);
    model.applySnapshot(changed(onTrial, [](engine::EngineSnapshot&) {}), false);
    QVERIFY(note() != before);
    QCOMPARE(dataSpy.count(), 1); // of this row alone
    QCOMPARE(dataSpy.at(0).at(0).value<QModelIndex>().row(), row);
    QCOMPARE(dataSpy.at(0).at(1).value<QModelIndex>().row(), row);
}

void TestShardTableModel::aShardThatVanishedStaysAsNoDataUntilTheOrderMayChange()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.applySnapshot(engine.snapshot(), true);
    const ShardId gone { "x", "tw-o8x2" };
    const int row = model.rowOf(gone);
    const auto without = changed(engine.snapshot(), [&](engine::EngineSnapshot& snapshot) {
        std::erase_if(snapshot.shards, [&](const auto& shard) { return shard.shard == gone; });
    });
    model.applySnapshot(without, false);
    QCOMPARE(model.rowOf(gone), row);
    QCOMPARE(
        model.index(row, 0).data(ShardTableModel::StateRole).toString(), QStringLiteral("no_data"));
    QCOMPARE(model.index(row, ShardTableModel::Depth).data().toString(), QStringLiteral("—"));
    model.applySnapshot(without, true);
    QCOMPARE(model.rowOf(gone), -1);
    QCOMPARE(model.rowCount(), 15);
}

void TestShardTableModel::selectionFollowsTheShardNotTheRow()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    model.applySnapshot(engine.snapshot(), true);
    const ShardId wanted { "customerio", "shop-eu" };
    const QPersistentModelIndex held(model.index(model.rowOf(wanted), 0));
    model.setSort({ { ShardTableModel::Shard, Qt::AscendingOrder } });
    QCOMPARE(held.data(ShardTableModel::IdRole).toString(), QStringLiteral("customerio/shop-eu"));
    QCOMPARE(held.row(), model.rowOf(wanted));
    QVERIFY(held.row() < 4);
}

void TestShardTableModel::groupsShowTheirDestinationAndHideNothing()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.applySnapshot(engine.snapshot(), true);
    model.setGrouping(ShardTableModel::Grouping::On);
    const int destinations = static_cast<int>(engine.snapshot()->destinations.size());
    QCOMPARE(model.rowCount(), 16 + destinations);
    const int meta = model.rowOf({ "meta", "" });
    QVERIFY(meta >= 0);
    QCOMPARE(model.index(meta, 0).data(ShardTableModel::ExpandRole), QVariant(true));
    QCOMPARE(model.index(meta, ShardTableModel::Shard).data(ShardTableModel::NoteRole).toString(),
        QStringLiteral("1 of 2 in trouble"));
    QCOMPARE(
        model.index(meta, ShardTableModel::Shard).data(ShardTableModel::ShortNoteRole).toString(),
        QStringLiteral("1/2"));
    // Its shards stand right below it.
    QCOMPARE(model.idAt(meta + 1).destination, std::string("meta"));
    QCOMPARE(model.idAt(meta + 2).destination, std::string("meta"));

    model.toggleExpanded(meta);
    QCOMPARE(model.rowCount(), 14 + destinations);
    QCOMPARE(model.rowOf({ "meta", "104839275777731" }), -1);
    // A filter that only one shard matches shows its destination too, or it would hang in the air.
    model.setGrouping(ShardTableModel::Grouping::On);
    model.setFilter(parseShardFilter(QStringLiteral("state:throttled")).filter);
    QCOMPARE(ids(model),
        (QStringList { QStringLiteral("meta"), QStringLiteral("meta/104839275777731") }));
}

void TestShardTableModel::aLargeDestinationGroupsItself()
{
    FakeEngine engine({ .scenario = "calm", .shards = 16 * 9 });
    ShardTableModel model(m_theme);
    model.applySnapshot(engine.snapshot(), true);
    // Nine copies of every seat: every destination has more than eight shards, so all are closed
    // groups.
    QCOMPARE(model.rowCount(), static_cast<int>(engine.snapshot()->destinations.size()));
    QCOMPARE(model.counts().all, 16 * 9);
    model.toggleExpanded(0);
    QVERIFY(model.rowCount() > static_cast<int>(engine.snapshot()->destinations.size()) + 8);
}

void TestShardTableModel::chipsCountWhatTheyWouldShow()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    model.applySnapshot(engine.snapshot(), true);
    const auto counts = model.counts();
    QCOMPARE(counts.all, 16);
    QVERIFY(counts.attention > 0 && counts.paused > 0);
    model.setScope(ShardTableModel::Scope::Attention);
    QCOMPARE(model.rowCount(), counts.attention);
    model.setScope(ShardTableModel::Scope::Paused);
    QCOMPARE(model.rowCount(), counts.paused);
}

void TestShardTableModel::absentValuesSortLastInBothDirections()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    model.applySnapshot(engine.snapshot(), true);
    for (const auto order : { Qt::AscendingOrder, Qt::DescendingOrder }) {
        model.setSort({ { ShardTableModel::Latency, order } });
        bool isAbsentSeen = false;
        for (int row = 0; row < model.rowCount(); ++row) {
            const bool isAbsent = !model.index(row, ShardTableModel::Latency)
                                       .data(ShardTableModel::RawRole)
                                       .isValid();
            QVERIFY(isAbsent || !isAbsentSeen);
            isAbsentSeen = isAbsentSeen || isAbsent;
        }
        QVERIFY(isAbsentSeen);
    }
}

void TestShardTableModel::valuesBeyondTheirThresholdAreBold()
{
    FakeEngine engine;
    ShardTableModel model(m_theme);
    model.applySnapshot(engine.snapshot(), true);
    const auto isBold = [&](const ShardId& shard, int column) {
        return model.index(model.rowOf(shard), column).data(Qt::FontRole).value<QFont>().bold();
    };
    QVERIFY(isBold({ "snap", "a77-eu" }, ShardTableModel::Error));
    QVERIFY(!isBold({ "snap", "b12-us" }, ShardTableModel::Error));
    QVERIFY(isBold({ "meta", "104839275777731" }, ShardTableModel::Lag));
    QVERIFY(!isBold({ "x", "tw-o8x2" }, ShardTableModel::Lag));
}

// The history of 15 minutes is asked, a live sample comes first: the page fills only what is empty.
void TestShardTableModel::historyArrivingLateDoesNotOverwriteWhatIsNewer()
{
    FakeEngine engine;
    HistoryStore store(engine::HistorySpan::Minutes15, { engine::Metric::QueueDepth });
    const ShardId shard { "x", "tw-o8x2" };
    const auto live = changed(engine.snapshot(), [&](engine::EngineSnapshot& snapshot) {
        snapshot.takenAt = engine.now();
        for (auto& one : snapshot.shards)
            one.queueDepth = 77;
    });
    store.append(*live);
    const auto query = store.query(*live);
    engine::HistoryPage page { .generation = query.generation, .until = engine.now() };
    page.series.push_back(
        { shard, std::vector<std::vector<float>>(1, std::vector<float>(900, 5)) });
    QVERIFY(store.applyHistory(page));
    const auto samples = store.samples(shard, engine::Metric::QueueDepth);
    QCOMPARE(samples.size(), std::size_t { 900 });
    QCOMPARE(samples.back(), 77.0F);
    QCOMPARE(samples.front(), 5.0F);

    store.reset(engine::HistorySpan::Hour1); // an answer to the old question is thrown away
    QVERIFY(!store.applyHistory(page));
    QVERIFY(store.isEmpty());
}

void TestShardTableModel::aGapInTheSamplesStaysAGap()
{
    FakeEngine engine;
    HistoryStore store(engine::HistorySpan::Minutes15, { engine::Metric::QueueDepth });
    const auto first = engine.snapshot();
    store.append(*first);
    const auto later = changed(
        first, [](engine::EngineSnapshot& snapshot) { snapshot.takenAt += engine::Seconds { 9 }; });
    store.append(*later);
    const auto samples = store.samples({ "x", "tw-o8x2" }, engine::Metric::QueueDepth);
    QVERIFY(!std::isnan(samples[899]));
    for (std::size_t i = 890; i < 899; ++i)
        QVERIFY(std::isnan(samples[i]));
    QVERIFY(!std::isnan(samples[889]));
}

SPILLWAY_TEST(TestShardTableModel)

} // namespace tst_shard_table_model

#include "tst_shard_table_model.moc"
