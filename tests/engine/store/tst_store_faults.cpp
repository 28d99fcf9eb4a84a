// The disk says no: it is full, a sync fails, a reader keeps the log from starting over.
#include "faulty_disk.h"
#include "store/upkeep.h"
#include "store_fixture.h"

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
    void aReaderThatStaysStopsNoCommitAndTheLogStartsOverAfterIt();
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

QTEST_GUILESS_MAIN(TestStoreFaults)
#include "tst_store_faults.moc"
