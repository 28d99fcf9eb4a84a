#include "store/directory_lock.h"
#include "store/hot_sql.h"
#include "store/reader.h"
#include "store/schema.h"
#include "store_fixture.h"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

using namespace engine;
using namespace engine::testing;

namespace {

const ShardId kMeta { "meta-main", "1029" };

constexpr std::array<std::string_view, 2> kOne { "CREATE TABLE first(a INTEGER)",
    "INSERT INTO first VALUES (1)" };
constexpr std::array<std::string_view, 1> kTwo { "ALTER TABLE first ADD COLUMN b INTEGER "
                                                 "NOT NULL DEFAULT 2" };
constexpr std::array<std::string_view, 2> kBroken { "INSERT INTO first VALUES (9, 9)",
    "INSERT INTO nowhere VALUES (1)" };

int modeOf(const QString& path)
{
    struct stat info { };
    return ::stat(path.toLocal8Bit().constData(), &info) == 0 ? int(info.st_mode & 0777U) : -1;
}

} // namespace

class TestStoreOpen : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSecondOpenSaysWhichProcessHoldsTheDirectory();
    void theLockIsFreeAfterTheStoreIsGone();
    void theDirectoryIsItsOwnersAlone();
    void aDirectoryWithOtherFilesIsNotTakenOver();
    void migrationsRunOnceEachFromWhateverVersion();
    void whatAnOlderVersionKeptIsInForceUnderThisOne_data();
    void whatAnOlderVersionKeptIsInForceUnderThisOne();
    void whatAPlatformSaidAboutPaceOutlivesTheProcess();
    void aMigrationThatFailsLeavesTheVersionBefore();
    void aFileOfANewerVersionIsRefused();
    void aStatementThatCouldNotBePreparedIsPreparedLater();
    void aLaneThatCannotBeReadToItsEndIsNotTakenForAShortOne();
    void hotReadsNeverScanOrSort_data();
    void hotReadsNeverScanOrSort();
};

void TestStoreOpen::aSecondOpenSaysWhichProcessHoldsTheDirectory()
{
    StoreFixture fixture;
    fixture.open();
    const auto second = store::Store::open(fixture.options, fixture.clock);
    QVERIFY(!second);
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    QVERIFY(
        second.error().message.find("process " + std::to_string(::getpid())) != std::string::npos);
}

void TestStoreOpen::theLockIsFreeAfterTheStoreIsGone()
{
    StoreFixture fixture;
    fixture.open();
    fixture.close();
    QVERIFY(store::Store::open(fixture.options, fixture.clock));
}

void TestStoreOpen::theDirectoryIsItsOwnersAlone()
{
    const QTemporaryDir base;
    const QString fresh = base.filePath(QStringLiteral("a/b"));
    QVERIFY(store::DirectoryLock::acquire(fresh.toStdString()));
    QCOMPARE(modeOf(fresh), 0700);
    const QString open = base.filePath(QStringLiteral("open"));
    QVERIFY(QDir().mkdir(open));
    QCOMPARE(::chmod(open.toLocal8Bit().constData(), 0755), 0);
    QVERIFY(store::DirectoryLock::acquire(open.toStdString()));
    QCOMPARE(modeOf(open), 0700);
}

void TestStoreOpen::aDirectoryWithOtherFilesIsNotTakenOver()
{
    const QTemporaryDir base;
    QCOMPARE(::chmod(base.path().toLocal8Bit().constData(), 0755), 0);
    QFile file(base.filePath(QStringLiteral("letter.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto lock = store::DirectoryLock::acquire(base.path().toStdString());
    QVERIFY(!lock);
    QCOMPARE(lock.error().code, ErrorCode::BadRequest);
    QCOMPARE(modeOf(base.path()), 0755);
}

void TestStoreOpen::migrationsRunOnceEachFromWhateverVersion()
{
    const QTemporaryDir base;
    const store::ConnectionOptions options {
        .path = base.filePath(QStringLiteral("m.db")).toStdString(), .isReadOnly = false
    };
    const std::array<store::Migration, 2> steps { store::Migration(kOne), store::Migration(kTwo) };
    auto connection = store::Connection::open(options);
    QVERIFY(connection);
    QVERIFY(store::migrate(**connection, std::span(steps).first(1)));
    QCOMPARE(*(*connection)->number("PRAGMA user_version"), 1);
    QVERIFY(store::migrate(**connection, steps));
    QVERIFY(store::migrate(**connection, steps));
    QCOMPARE(*(*connection)->number("PRAGMA user_version"), 2);
    QCOMPARE(*(*connection)->number("SELECT count(*) FROM first"), 1);
    QCOMPARE(*(*connection)->number("SELECT b FROM first"), 2);
}

void TestStoreOpen::whatAnOlderVersionKeptIsInForceUnderThisOne_data()
{
    QTest::addColumn<std::size_t>("version");
    for (std::size_t version = 1; version < store::migrations().size(); ++version)
        QTest::addRow("schema %zu", version) << version;
}

// A paused shard, a paused destination, a live override, an event that waits and a dead letter.
void TestStoreOpen::whatAnOlderVersionKeptIsInForceUnderThisOne()
{
    QFETCH(std::size_t, version);
    StoreFixture fixture;
    QVERIFY(QDir().mkpath(QString::fromStdString(fixture.options.directory)));
    {
        auto old = store::Connection::open(
            { .path = fixture.options.directory + "/spillway.db", .isReadOnly = false });
        QVERIFY(old && store::migrate(**old, store::migrations().first(version)));
        for (const char* row : { "INSERT INTO workspace(id, name) VALUES (1, 'shop')",
                 "INSERT INTO shard(id, destination, account, desired, pause_cause, pause_note, "
                 "pause_who, dead_letters, dlq_added) "
                 "VALUES (1, 'hook', '1', 1, 0, 'why', 'ann', 1, 1)",
                 "INSERT INTO destination_pause VALUES ('hook', 1, NULL, 0, 'why', 'ann')",
                 "INSERT INTO override VALUES ('hook', '', 'rate', '2.5', NULL, 1, 'ann')",
                 "INSERT INTO event VALUES (1, 1, 'a', 'Lead', 0, 1, 0, 1, 7, NULL, '{}')",
                 "INSERT INTO event VALUES (2, 1, 'b', 'Lead', 0, 1, 0, 1, 7, NULL, '{}')",
                 "INSERT INTO delivery(shard, lane, rank_us, seq) VALUES (1, 0, 1, 1)",
                 "INSERT INTO shard_lane VALUES (1, 0, 1)",
                 "INSERT INTO fingerprint VALUES (1, 'x')",
                 "INSERT INTO dead_letter(id, shard, seq, event_id, name, outcome, http_status, "
                 "code, message, encoder, attempts, first_seen_us, last_failed_us, event_time_us, "
                 "payload_bytes, fingerprint, state) "
                 "VALUES (1, 1, 2, 'b', 'Lead', 4, 400, 'c', 'm', 'e', 1, 1, 1, 1, 2, 1, 0)",
                 "UPDATE counter SET value = 2 WHERE name IN ('events', 'last_seq')" })
            QVERIFY2((*old)->exec(row), row);
    }
    fixture.open();
    QCOMPARE(fixture.number("PRAGMA user_version"), qint64(store::migrations().size()));
    const ShardRecord hook = fixture.shardRecord({ "hook", "1" });
    QCOMPARE(hook.desired, Desired::Paused);
    QCOMPARE(hook.pauseWho, std::string("ann"));
    QCOMPARE(hook.deadLetters, 1);
    QCOMPARE(fixture.rows({ "hook", "1" }, Lane::Live).size(), std::size_t { 1 });
    // The destination's own pause covers what appears later.
    QVERIFY(fixture.accept({ fixture.event("c", { { "hook", "2" } }) }));
    QCOMPARE(fixture.shardRecord({ "hook", "2" }).desired, Desired::Paused);
    const auto reader = store::Reader::open(fixture.store->databasePath());
    QVERIFY(reader);
    const auto overrides = (*reader)->overrides();
    QVERIFY(overrides && overrides->size() == 1);
    QCOMPARE(overrides->front().value, std::string("2.5"));
    const auto letters = (*reader)->deadLetters({});
    QVERIFY(letters && letters->rows.size() == 1);
}

// A hold of an hour and a quota that is over in a minute; the process comes back after two.
void TestStoreOpen::whatAPlatformSaidAboutPaceOutlivesTheProcess()
{
    using namespace std::chrono_literals;
    StoreFixture fixture;
    fixture.open();
    const ShardId shard { "hook", "1" };
    QVERIFY(fixture.accept({ fixture.event("a", { shard }), fixture.event("b", { shard }) }));
    const auto rows = fixture.rows(shard, Lane::Live);
    const WallTime now = fixture.clock.wallNow();
    const PaceRecord hold { .shard = rows.front().shard,
        .host = "hook.example",
        .readAt = now,
        .until = now + 1h,
        .doublings = 3,
        .isRetryAfter = true,
        .wasCut = true };
    const PaceRecord quota { .shard = rows.front().shard,
        .host = "hook.example",
        .limit = "account|requests|header|0s|",
        .readAt = now,
        .until = now + 60s,
        .remaining = -2,
        .amount = 500,
        .window = 900s };
    const DispatchMark first = fixture.markOf({ rows[0] });
    QVERIFY(fixture.mark(first));
    RequestResult answered = fixture.resultOf(first, Outcome::Throttled, Next::Back);
    answered.pace = { hold, quota };
    QVERIFY(fixture.record(answered));
    fixture.crashAndReopen();
    QCOMPARE(fixture.shardRecord(shard).pace, (std::vector<PaceRecord> { hold, quota }));
    fixture.clock.advance(2min);
    fixture.reopen();
    QCOMPARE(fixture.shardRecord(shard).pace, (std::vector<PaceRecord> { hold }));

    const DispatchMark probe = fixture.markOf({ fixture.rows(shard, Lane::Live)[0] });
    QVERIFY(fixture.mark(probe));
    answered = fixture.resultOf(probe, Outcome::Accepted, Next::Done);
    answered.pace = { { .shard = hold.shard, .readAt = now, .until = now } };
    QVERIFY(fixture.record(answered));
    QVERIFY(fixture.shardRecord(shard).pace.empty());
}

void TestStoreOpen::aMigrationThatFailsLeavesTheVersionBefore()
{
    const QTemporaryDir base;
    auto connection = store::Connection::open(
        { .path = base.filePath(QStringLiteral("m.db")).toStdString(), .isReadOnly = false });
    const std::array<store::Migration, 3> steps { store::Migration(kOne), store::Migration(kTwo),
        store::Migration(kBroken) };
    QVERIFY(!store::migrate(**connection, steps));
    QCOMPARE(*(*connection)->number("PRAGMA user_version"), 2);
    QCOMPARE(*(*connection)->number("SELECT count(*) FROM first"), 1);
}

void TestStoreOpen::aFileOfANewerVersionIsRefused()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) {
        return transaction.connection().exec("PRAGMA user_version=99");
    }));
    fixture.close();
    const auto opened = store::Store::open(fixture.options, fixture.clock);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Conflict);
}

// A connection keeps its statements for as long as the program runs, and so it would keep one that
// is of no use.
void TestStoreOpen::aStatementThatCouldNotBePreparedIsPreparedLater()
{
    static const store::Sql kRead { "SELECT name FROM later" };
    StoreFixture fixture;
    fixture.open();
    auto connection
        = store::Connection::open({ .path = fixture.store->databasePath(), .isReadOnly = false });
    QVERIFY(connection);
    QVERIFY(!(*connection)->statement(kRead).exec());
    QVERIFY((*connection)->exec("CREATE TABLE later(name TEXT)"));
    QVERIFY((*connection)->statement(kRead).exec());
}

// One page in the middle of the table is damaged: the rows before it can be read, and what stands
// behind it must not look as if it were not there.
void TestStoreOpen::aLaneThatCannotBeReadToItsEndIsNotTakenForAShortOne()
{
    constexpr int kRows = 2'000;
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < kRows; ++i)
        events.push_back(fixture.event(std::to_string(i), { kMeta }));
    QVERIFY(fixture.accept(std::move(events)));
    const ShardKey shard = fixture.shardRecord(kMeta).key;
    const std::string path = fixture.store->databasePath();
    fixture.close(); // everything is in the database file then
    const std::int64_t page = [&] {
        auto reader = store::Connection::open({ .path = path });
        return (*reader)
            ->number("SELECT pageno FROM dbstat WHERE name = 'delivery' AND pagetype = 'leaf' "
                     "ORDER BY path LIMIT 1 OFFSET 3")
            .value_or(0);
    }();
    QVERIFY(page > 1);
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek((page - 1) * 4'096));
    QCOMPARE(file.write(QByteArray(4'096, '\x5a')), 4'096);
    file.close();
    fixture.open();
    const auto rows = fixture.delivery->fetch(shard, Lane::Live, std::nullopt, kRows);
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::Storage);
}

void TestStoreOpen::hotReadsNeverScanOrSort_data()
{
    QTest::addColumn<std::string>("sql");
    QTest::newRow("first rows of a lane") << store::kFirstRows.text;
    QTest::newRow("next rows of a lane") << store::kNextRows.text;
    QTest::newRow("never picked up, by acceptance") << store::kFreshByRank.text;
    QTest::newRow("never picked up, by expiry") << store::kFreshBySeq.text;
    QTest::newRow("in flight") << store::kInFlight.text;
    QTest::newRow("sent since") << store::kSent.text;
    QTest::newRow("delete of a batch") << store::kDelete.forRows(4).text;
    QTest::newRow("copies of events") << store::kFindCopies.forRows(4).text;
}

void TestStoreOpen::hotReadsNeverScanOrSort()
{
    QFETCH(std::string, sql);
    StoreFixture fixture;
    fixture.open();
    const auto reader = store::Connection::open({ .path = fixture.store->databasePath() });
    store::Statement plan = (*reader)->prepare("EXPLAIN QUERY PLAN " + sql);
    for (auto i = std::count(sql.begin(), sql.end(), '?'); i > 0; --i)
        plan.bindNull();
    QVERIFY(plan.exec());
    int searches = 0;
    while (plan.next()) {
        const QString step = QString::fromStdString(plan.text(3));
        QVERIFY2(!step.contains(QStringLiteral("TEMP B-TREE")), qPrintable(step));
        searches += step.startsWith(QStringLiteral("SEARCH")) ? 1 : 0;
        // Lists of values are scanned, tables never.
        if (step.startsWith(QStringLiteral("SCAN")))
            QVERIFY2(step.contains(QStringLiteral("CONSTANT ROW"))
                    || step.contains(QStringLiteral("subquery")),
                qPrintable(step));
        // shard and lane alone would walk the whole lane; the lane's first rows are that walk.
        if (sql.starts_with("DELETE") && step.startsWith(QStringLiteral("SEARCH")))
            QVERIFY2(step.contains(QStringLiteral("rank_us=? AND seq=?")), qPrintable(step));
    }
    QVERIFY(searches > 0);
}

QTEST_GUILESS_MAIN(TestStoreOpen)
#include "tst_store_open.moc"
