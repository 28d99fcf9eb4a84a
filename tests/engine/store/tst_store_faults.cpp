// The disk says no: it is full, a sync fails, a reader keeps the log from starting over.
#include "faulty_disk.h"
#include "store/schema.h"
#include "store/upkeep.h"
#include "store_fixture.h"
#include "support/test_program.h"

namespace tst_store_faults {

using namespace engine;
using namespace engine::testing;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

// Frames in the write-ahead log, from a connection that may look at it.
std::int64_t logFrames(const StoreFixture& fixture)
{
    auto connection
        = store::Connection::open({ .path = fixture.store->databasePath(), .isReadOnly = false });
    store::Statement look = (*connection)->prepare("PRAGMA wal_checkpoint(PASSIVE)");
    if (!look.exec() || !look.next())
        return -1;
    return look.integer(1);
}

} // namespace

class TestStoreFaults final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { FaultyDisk::install(); }
    void cleanup();
    void onAFullDiskItOpensReadsAndRecoversByItself();
    void aDiskThatFillsUpAcknowledgesNothingAndRecovers();
    void aFailedSyncIsNoAcknowledgementAndNothingIsThereTwice();
    void aCommitThatFailedDoesNotComeBackWhenTheProcessDies();
    void aReaderThatStaysStopsNoCommitAndTheLogStartsOverAfterIt();
    void aLogThatAReaderHoldsIsToldWithNumbersUntilItStartsOver();
    void readersThatComeAndGoDoNotKeepTheLogGrowing();
    void anUpgradeOnAFullDiskSaysHowMuchToFreeAndChangesNothing();
    void anUpgradeTakesTheRoomThatTheLogHas();
    void pagesThatRetentionFreedAreRoom();
    void anEventThatAReplayHasFedOutlivesRetention();
};

void TestStoreFaults::cleanup()
{
    FaultyDisk::setFull(false);
    FaultyDisk::setSyncFailing(false);
}

// Killed with one request in flight, and somebody else has taken the rest of the disk.
void TestStoreFaults::onAFullDiskItOpensReadsAndRecoversByItself()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }), fixture.event("b", { kShard }) }));
    const auto rows = fixture.rows(kShard, Lane::Live);
    QVERIFY(fixture.mark(fixture.markOf({ rows.front() })));
    FaultyDisk::setFull(true);
    fixture.crashAndReopen();
    QVERIFY(!fixture.store->isRecovered());
    QVERIFY(!fixture.store->stats().canCommit);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 2);
    // What was in flight is not settled: a sender that looked now would send it as if it were new.
    QVERIFY(!fixture.delivery->shards());
    const auto refused = fixture.accept({ fixture.event("c", { kShard }) });
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);

    FaultyDisk::setFull(false);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.store->isRecovered(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.store->stats().canCommit, 10'000);
    QCOMPARE(fixture.store->stats().unknownAtStart, 1);
    QCOMPARE(fixture.rows(kShard, Lane::Retry).size(), std::size_t { 1 });
    QCOMPARE(fixture.rows(kShard, Lane::Retry).front().attempts, 1);
    QCOMPARE(fixture.rows(kShard, Lane::Live).size(), std::size_t { 1 });
    QVERIFY(fixture.accept({ fixture.event("c", { kShard }) }));
}

void TestStoreFaults::aDiskThatFillsUpAcknowledgesNothingAndRecovers()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }) }));
    FaultyDisk::setFull(true);
    int accepted = 1;
    bool wasRefused = false;
    for (int i = 0; i < 2'000 && !wasRefused; ++i) {
        const auto done = fixture.accept({ fixture.event("e" + std::to_string(i), { kShard }) });
        wasRefused = !done;
        accepted += done ? 1 : 0;
    }
    QVERIFY(wasRefused); // the room that the log had is used up
    FaultyDisk::setFull(false);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.store->stats().canCommit, 10'000);
    QVERIFY(fixture.accept({ fixture.event("z", { kShard }) }));
    fixture.crashAndReopen();
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), accepted + 1);
    QCOMPARE(fixture.rows(kShard, Lane::Live).size(), std::size_t(accepted + 1));
}

// Whether the commit of which the sync failed is in the file or not: the client sends it again, and
// then it is there once.
void TestStoreFaults::aFailedSyncIsNoAcknowledgementAndNothingIsThereTwice()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }) }));
    FaultyDisk::setSyncFailing(true);
    const auto refused = fixture.accept({ fixture.event("b", { kShard }) });
    QVERIFY(!refused);
    QVERIFY(!fixture.store->stats().canCommit);
    FaultyDisk::setSyncFailing(false);
    QTRY_VERIFY_WITH_TIMEOUT(fixture.store->stats().canCommit, 10'000);
    QVERIFY(fixture.accept({ fixture.event("b", { kShard }) }));
    fixture.crashAndReopen();
    QCOMPARE(fixture.number("SELECT count(*) FROM event WHERE event_id = 'b'"), 1);
    QCOMPARE(fixture.rows(kShard, Lane::Live).size(), std::size_t { 2 });
}

// The sync said no, the client was told so, and the process is killed before another commit. The
// log is as the process left it; nothing may bring the event back.
void TestStoreFaults::aCommitThatFailedDoesNotComeBackWhenTheProcessDies()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }) }));
    FaultyDisk::setSyncFailing(true);
    std::vector<NewEvent> events;
    for (int i = 0; i < 200; ++i)
        events.push_back(fixture.event("b" + std::to_string(i), { kShard }));
    QVERIFY(!fixture.accept(std::move(events)));
    FaultyDisk::setSyncFailing(false);
    fixture.crashAndReopen();
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 1);
    QCOMPARE(fixture.rows(kShard, Lane::Live).size(), std::size_t { 1 });
    QVERIFY(fixture.accept({ fixture.event("b0", { kShard }) }));
}

// 16 MiB are written while somebody reads: four times what a checkpoint waits for.
void TestStoreFaults::aReaderThatStaysStopsNoCommitAndTheLogStartsOverAfterIt()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }), fixture.event("b", { kShard }) }));
    auto reader = store::Connection::open({ .path = fixture.store->databasePath() });
    store::Statement page = (*reader)->prepare("SELECT seq FROM event");
    QVERIFY(page.exec() && page.next());
    for (int i = 0; i < 16; ++i) {
        NewEvent big = fixture.event("big-" + std::to_string(i), { kShard });
        big.payload = "{\"x\":\"" + std::string(1'000'000, 'x') + "\"}";
        QVERIFY(fixture.accept({ std::move(big) }));
    }
    QVERIFY(page.next()); // it sees what it began with
    QCOMPARE(page.integer(0), 2);
    QVERIFY(!page.next());
    QVERIFY(logFrames(fixture) > 3'500); // 4 KiB each
    page.finish();
    int more = 0;
    const auto hasStartedOver = [&] {
        const bool isDone
            = fixture.accept({ fixture.event("m" + std::to_string(++more), { kShard }) })
                  .has_value();
        return isDone && logFrames(fixture) < 500;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasStartedOver(), 20'000);
}

namespace {

NewEvent bigEvent(StoreFixture& fixture, int number)
{
    NewEvent big = fixture.event("big-" + std::to_string(number), { kShard });
    big.payload = "{\"x\":\"" + std::string(1'000'000, 'x') + "\"}";
    return big;
}

// The files that an older version left, after a clean end.
void makeOlderStore(const std::string& directory, std::size_t version, int events)
{
    if (!QDir().mkpath(QString::fromStdString(directory)))
        qFatal("no directory");
    auto old = store::Connection::open({ .path = directory + "/spillway.db", .isReadOnly = false });
    const std::string rows = std::to_string(events);
    const bool isMade = old && store::migrate(**old, store::migrations().first(version))
        && (*old)->exec("INSERT INTO workspace(id, name) VALUES (1, 'shop')")
        && (*old)->exec("WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < "
            + rows
            + ") INSERT INTO event SELECT n, 1, 'e' || n, 'Lead', 0, n, 0, n, 7, NULL, '{}' FROM n")
        && (*old)->exec(
            "UPDATE counter SET value = " + rows + " WHERE name IN ('events', 'last_seq')");
    if (!isMade)
        qFatal("the older store could not be made");
}

} // namespace

// 4 MiB are meant, and 12 are written while somebody reads.
void TestStoreFaults::aLogThatAReaderHoldsIsToldWithNumbersUntilItStartsOver()
{
    StoreFixture fixture;
    fixture.options.logPagesMax = 1'024;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }) }));
    const auto reader = store::Connection::open({ .path = fixture.store->databasePath() });
    {
        const store::OneMoment moment(**reader);
        QCOMPARE((*reader)->number("SELECT count(*) FROM event").value_or(0), 1);
        for (int i = 0; i < 12; ++i)
            QVERIFY(fixture.accept({ bigEvent(fixture, i) }));
        // The checkpoint comes after the answer.
        QTRY_VERIFY(!fixture.store->stats().problem.empty());
        const QString problem = QString::fromStdString(fixture.store->stats().problem);
        QVERIFY2(problem.contains(QStringLiteral("(at most 4 MiB")), qPrintable(problem));
        QVERIFY2(problem.contains(QString::fromStdString(fixture.store->databasePath())),
            qPrintable(problem));
        QVERIFY(fixture.store->stats().canCommit);
        QVERIFY(!fixture.store->stats().isIngressStopped);
    }
    QTRY_VERIFY_WITH_TIMEOUT(fixture.store->stats().problem.empty(), 10'000);
    QVERIFY(fixture.accept({ fixture.event("z", { kShard }) }));
    QVERIFY(logFrames(fixture) < 500);
}

// Each reads while a commit is made and is behind when the log is copied, so that without waiting
// for one of them the log would never start over: 30 MiB are written, and 4 are meant.
void TestStoreFaults::readersThatComeAndGoDoNotKeepTheLogGrowing()
{
    StoreFixture fixture;
    fixture.options.logPagesMax = 1'024;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kShard }) }));
    const auto reader = store::Connection::open({ .path = fixture.store->databasePath() });
    const std::string readAll = "SELECT sum(instr(payload, 'y')) FROM event";
    for (int i = 0; i < 30; ++i) {
        {
            const store::OneMoment moment(**reader);
            QVERIFY((*reader)->number("SELECT count(*) FROM event").value_or(0) > i);
            QVERIFY(fixture.accept({ bigEvent(fixture, i) }));
            QVERIFY((*reader)->number(readAll)); // the log is copied meanwhile
        }
        QVERIFY(fixture.write([](store::WriteTransaction&) { return Status {}; }));
    }
    const QFileInfo log(QString::fromStdString(fixture.store->databasePath() + "-wal"));
    QVERIFY2(log.size() < 15'000'000, qPrintable(QString::number(log.size())));
}

// 100,000 events are to be indexed by their time. The log went with the clean end of the last run.
void TestStoreFaults::anUpgradeOnAFullDiskSaysHowMuchToFreeAndChangesNothing()
{
    constexpr std::size_t kBeforeTimeIndex = 2;
    StoreFixture fixture;
    makeOlderStore(fixture.options.directory, kBeforeTimeIndex, 100'000);
    FaultyDisk::setFull(true);
    const auto refused = store::Store::open(fixture.options, fixture.clock);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    const QString message = QString::fromStdString(refused.error().message);
    QVERIFY2(message.contains(QStringLiteral("about 8298 KiB")), qPrintable(message));
    QVERIFY2(
        message.contains(QString::fromStdString(fixture.options.directory)), qPrintable(message));
    {
        const auto look
            = store::Connection::open({ .path = fixture.options.directory + "/spillway.db" });
        QVERIFY(look);
        QCOMPARE((*look)->number("PRAGMA user_version").value_or(-1), qint64(kBeforeTimeIndex));
        QCOMPARE((*look)->number("SELECT count(*) FROM event").value_or(-1), 100'000);
    }
    FaultyDisk::setFull(false);
    fixture.open();
    QCOMPARE(fixture.number("PRAGMA user_version"), qint64(store::migrations().size()));
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 100'000);
}

// The last run was killed: its log is there, all of it can be copied, and the new columns of one
// table need no more than that.
void TestStoreFaults::anUpgradeTakesTheRoomThatTheLogHas()
{
    StoreFixture fixture;
    const std::string made = fixture.options.directory + "-made";
    makeOlderStore(made, store::migrations().size() - 1, 1'000);
    {
        // As kill -9 leaves it: copied while a connection holds the log there.
        auto old = store::Connection::open({ .path = made + "/spillway.db", .isReadOnly = false });
        QVERIFY(old && (*old)->exec("UPDATE event SET name = 'Cart'"));
        QVERIFY(QDir().mkpath(QString::fromStdString(fixture.options.directory)));
        for (const char* name : { "/spillway.db", "/spillway.db-wal" })
            QVERIFY(QFile::copy(QString::fromStdString(made + name),
                QString::fromStdString(fixture.options.directory + name)));
    }
    FaultyDisk::setFull(true);
    fixture.open();
    QCOMPARE(fixture.number("PRAGMA user_version"), qint64(store::migrations().size()));
    QCOMPARE(fixture.number("SELECT count(*) FROM event WHERE name = 'Cart'"), 1'000);
}

// 30 MiB of events go; the file stays as long, and what comes next is written into it.
void TestStoreFaults::pagesThatRetentionFreedAreRoom()
{
    constexpr std::int64_t kMiB = 1'048'576;
    std::atomic<std::int64_t> freeBytes { 200 * kMiB };
    StoreFixture fixture;
    fixture.options.diskFloorBytes = 100 * kMiB;
    fixture.options.diskSpace = [&freeBytes] {
        return store::DiskSpace { freeBytes, 1'000 * kMiB };
    };
    fixture.open();
    for (int i = 0; i < 30; ++i) {
        NewEvent big = fixture.event("big-" + std::to_string(i), {});
        big.payload = "{\"x\":\"" + std::string(1'000'000, 'x') + "\"}";
        QVERIFY(fixture.accept({ std::move(big) }));
    }
    freeBytes = 80 * kMiB;
    QVERIFY(!fixture.accept({ fixture.event("c", {}) }));
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) {
        std::vector<EventSeq> all;
        for (std::int64_t seq = 1; seq <= 30; ++seq)
            all.push_back(EventSeq { seq });
        return store::removeEvents(transaction, all);
    }));
    QVERIFY(fixture.accept({ fixture.event("c", {}) }));
    QVERIFY(fixture.store->stats().reusableBytes > 25 * kMiB);
    freeBytes = 40 * kMiB; // less than the log may need
    QVERIFY(!fixture.accept({ fixture.event("d", {}) }));
    freeBytes = 200 * kMiB;
    QVERIFY(fixture.accept({ fixture.event("d", {}) }));
}

// It was found removable, and then a replay of delivered events put it into the lane and was
// paused.
void TestStoreFaults::anEventThatAReplayHasFedOutlivesRetention()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", {}) }));
    const auto remove = [&fixture] {
        return fixture.write([](store::WriteTransaction& transaction) {
            return store::removeEvents(transaction, std::vector<EventSeq> { EventSeq { 1 } });
        });
    };
    const auto run = [&fixture](const char* sql) {
        return fixture.write([sql](store::WriteTransaction& transaction) {
            return transaction.connection().exec(sql);
        });
    };
    QVERIFY(run("INSERT INTO delivery(shard, lane, rank_us, seq, job) VALUES (1, 2, 1, 1, 1)"));
    QVERIFY(remove());
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 1);
    QVERIFY(run("DELETE FROM delivery"));
    QVERIFY(remove());
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 0);
}

SPILLWAY_TEST(TestStoreFaults)

} // namespace tst_store_faults

#include "tst_store_faults.moc"
