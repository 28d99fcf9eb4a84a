#include "store/directory_lock.h"
#include "store/hot_sql.h"
#include "store/reader.h"
#include "store/schema.h"
#include "store/taken_rows.h"
#include "store_fixture.h"
#include "support/test_program.h"

#include <array>
#include <sys/stat.h>
#include <unistd.h>

namespace tst_store_open {

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

// Ruins the fourth leaf of a table: the rows before it can be read.
bool reopenDamaged(StoreFixture& fixture, const std::string& table)
{
    const std::string path = fixture.store->databasePath();
    fixture.close(); // everything is in the database file then
    const std::int64_t page = [&] {
        auto reader = store::Connection::open({ .path = path });
        return (*reader)
            ->number("SELECT pageno FROM dbstat WHERE name = '" + table
                + "' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 3")
            .value_or(0);
    }();
    QFile file(QString::fromStdString(path));
    const bool isDamaged = page > 1 && file.open(QIODevice::ReadWrite)
        && file.seek((page - 1) * 4'096) && file.write(QByteArray(4'096, '\x5a')) == 4'096;
    file.close();
    fixture.open();
    return isDamaged;
}

using Read = std::function<Status(StoreFixture&, store::Reader&)>;

// The error of a Result, whatever it would hold.
template <class Value>
Status statusOf(const Result<Value>& result)
{
    return result ? Status {} : Status(tl::unexpected(result.error()));
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
    void whatCannotBeReadToItsEndIsAnError_data();
    void whatCannotBeReadToItsEndIsAnError();
    void whatIsReadAtOneMomentSeesNoCommitInBetween();
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

// A paused shard, a paused destination, a live override, an event that waits, a dead letter and,
// since there are such, a throttle hold.
void TestStoreOpen::whatAnOlderVersionKeptIsInForceUnderThisOne()
{
    QFETCH(std::size_t, version);
    StoreFixture fixture;
    bool hasPace = false;
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
        constexpr std::size_t kFirstWithPace = 5;
        if (version >= kFirstWithPace)
            QVERIFY((*old)->exec("INSERT INTO pace(shard, limit_name, host, read_at_us, until_us, "
                                 "remaining, window_us, doublings, flags) "
                                 "VALUES (1, '', 'h', 1, 9000000000000000, 0, 0, 2, 1)"));
        hasPace = version >= kFirstWithPace;
    }
    fixture.open();
    QCOMPARE(fixture.number("PRAGMA user_version"), qint64(store::migrations().size()));
    const ShardRecord hook = fixture.shardRecord({ "hook", "1" });
    QCOMPARE(hook.desired, Desired::Paused);
    QCOMPARE(hook.pauseWho, std::string("ann"));
    QCOMPARE(hook.deadLetters, 1);
    QCOMPARE(hook.pace.size(), std::size_t { hasPace ? 1U : 0U });
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
    const PaceRecord breaker { .shard = rows.front().shard,
        .host = "hook.example",
        .limit = std::string(kPaceOfBreaker),
        .readAt = now,
        .until = now + 24h,
        .window = 40s };
    const PaceRecord rate { .shard = rows.front().shard,
        .host = "hook.example",
        .limit = std::string(kPaceOfRate),
        .readAt = now,
        .until = now + 90s,
        .window = 1500ms,
        .peak = 0.167,
        .floor = 0.1169,
        .learned = 0.2,
        .learnedAt = now - 3s };
    answered.pace = { hold, quota, breaker, rate };
    QVERIFY(fixture.record(answered));
    fixture.crashAndReopen();
    QCOMPARE(
        fixture.shardRecord(shard).pace, (std::vector<PaceRecord> { hold, quota, breaker, rate }));
    fixture.clock.advance(2min);
    fixture.reopen();
    QCOMPARE(fixture.shardRecord(shard).pace, (std::vector<PaceRecord> { hold, breaker }));

    const DispatchMark probe = fixture.markOf({ fixture.rows(shard, Lane::Live)[0] });
    QVERIFY(fixture.mark(probe));
    answered = fixture.resultOf(probe, Outcome::Accepted, Next::Done);
    answered.pace = { { .shard = hold.shard, .readAt = now, .until = now },
        { .shard = hold.shard, .limit = breaker.limit, .readAt = now, .until = now } };
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
    QVERIFY(reopenDamaged(fixture, "delivery"));
    const auto rows = fixture.delivery->fetch(shard, Lane::Live, std::nullopt, kRows);
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::Storage);
}

void TestStoreOpen::whatCannotBeReadToItsEndIsAnError_data()
{
    QTest::addColumn<std::string>("table");
    QTest::addColumn<std::string>("fill"); // n counts from 1
    QTest::addColumn<Read>("read");
    const auto row = [](const char* table, const char* fill, Read read) {
        QTest::newRow(table) << std::string(table) << std::string(fill) << std::move(read);
    };
    row("audit",
        "INSERT INTO audit(at_us, who, action, target, before, after, reason, result) "
        "SELECT n, 'ann', 'tune', 'hook', '', '', '', '' FROM n",
        [](StoreFixture&, store::Reader& reader) {
            return statusOf(reader.audit({ .before = AuditId { 1'001 }, .rowsMax = 1'000 }));
        });
    row("rollup", "INSERT INTO rollup SELECT n, 1, 1, 0, 0, 0, 0, 1 FROM n",
        [](StoreFixture&, store::Reader& reader) { return statusOf(reader.rollups(0, 10'000)); });
    row("destination_rollup",
        "INSERT INTO destination_rollup SELECT n, 'hook', 1, 0, 0, 0, 0, 1 FROM n",
        [](StoreFixture&, store::Reader& reader) {
            return statusOf(reader.destinationRollups(0, 10'000));
        });
    row("override", "INSERT INTO override SELECT 'hook', n, 'rate', '1', NULL, 1, 'ann' FROM n",
        [](StoreFixture&, store::Reader& reader) { return statusOf(reader.overrides()); });
    row("fingerprint_status",
        "INSERT INTO fingerprint_status SELECT n, 1, 'a long note, for it to fill pages', 'ann', 1 "
        "FROM n",
        [](StoreFixture&, store::Reader& reader) { return statusOf(reader.countGroups({}, {})); });
    row("selection_item",
        "INSERT INTO selection_item SELECT 1, n, 1, n, NULL, 0, NULL, NULL FROM n",
        [](StoreFixture&, store::Reader& reader) {
            return statusOf(
                reader.selectionItems({ .selection = SelectionId { 1 }, .rowsMax = 1'000 }));
        });
    row("request",
        "INSERT INTO request(id, shard, sent_at_us, ended_at_us, records, host) "
        "SELECT n, 1, n, n, 1, 'hook.example' FROM n",
        [](StoreFixture&, store::Reader& reader) {
            return statusOf(reader.requests({ .shard = kMeta,
                .from = fromUnixMicros(0),
                .to = fromUnixMicros(1'001),
                .rowsMax = 1'000 }));
        });
    row("delivery", "INSERT INTO delivery(shard, lane, rank_us, seq) SELECT 1, 0, n, n FROM n",
        [](StoreFixture& fixture, store::Reader&) {
            return fixture.write([](store::WriteTransaction& transaction) {
                return statusOf(
                    store::moveToDeadLetters(transaction, ShardKey { 1 }, kMeta, "removed", 2'000));
            });
        });
}

void TestStoreOpen::whatCannotBeReadToItsEndIsAnError()
{
    QFETCH(std::string, table);
    QFETCH(std::string, fill);
    QFETCH(Read, read);
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const Status filled = fixture.write([&fill](store::WriteTransaction& transaction) {
        Status done = transaction.connection().exec(
            "INSERT INTO selection(id, frozen_at_us) VALUES (1, 1)");
        const std::string numbers
            = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n "
              "WHERE n < 2000) ";
        if (done)
            done = transaction.connection().exec(numbers + fill);
        return done;
    });
    QVERIFY2(filled, filled ? "" : filled.error().detail.c_str());
    if (table == "fingerprint_status") {
        QVERIFY(fixture.write([](store::WriteTransaction& transaction) {
            return transaction.connection().exec(
                "INSERT INTO fingerprint(id, text) SELECT fingerprint, 'f' || fingerprint FROM "
                "fingerprint_status");
        }));
    }
    QVERIFY(reopenDamaged(fixture, table));
    const auto reader = store::Reader::open(fixture.store->databasePath());
    QVERIFY(reader);
    const Status outcome = read(fixture, **reader);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Storage);
}

void TestStoreOpen::whatIsReadAtOneMomentSeesNoCommitInBetween()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", {}) }));
    const auto reader = store::Connection::open({ .path = fixture.store->databasePath() });
    const auto events
        = [&reader] { return (*reader)->number("SELECT count(*) FROM event").value_or(-1); };
    {
        const store::OneMoment moment(**reader);
        QVERIFY(moment.begun());
        QCOMPARE(events(), 1);
        QVERIFY(fixture.accept({ fixture.event("b", {}) }));
        QCOMPARE(events(), 1);
    }
    QCOMPARE(events(), 2);
}

void TestStoreOpen::hotReadsNeverScanOrSort_data()
{
    QTest::addColumn<std::string>("sql");
    QTest::newRow("first rows of a lane") << store::kFirstRows.text;
    QTest::newRow("next rows of a lane") << store::kNextRows.text;
    QTest::newRow("the first of a person") << store::kFirstOfPerson.text;
    QTest::newRow("replays of a person") << store::kReplaysOfPerson.text;
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
        if (step.contains(QStringLiteral(" p ")))
            QVERIFY2(step.contains(QStringLiteral("delivery_of_person")), qPrintable(step));
        if (sql.starts_with("DELETE") && step.startsWith(QStringLiteral("SEARCH")))
            QVERIFY2(step.contains(QStringLiteral("rank_us=? AND seq=?")), qPrintable(step));
    }
    QVERIFY(searches > 0);
}

SPILLWAY_TEST(TestStoreOpen)

} // namespace tst_store_open

#include "tst_store_open.moc"
