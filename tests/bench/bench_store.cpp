// How fast the store accepts and records, beside the floor of the same run: the same rows through
// SQLite's own C interface. Prints one JSON object; numbers are per second of wall time.
//   bench_store [--events N] [--waiting N] [--dir DIRECTORY]
#include "core/clock.h"
#include "store/delivery_store.h"
#include "store/store.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <future>
#include <random>
#include <semaphore>
#include <sys/resource.h>

namespace {

using namespace engine;
using Steady = std::chrono::steady_clock;

constexpr int kDestinations = 12;
constexpr int kBatch = 500;
constexpr std::size_t kPayloadBytes = 600;

double secondsSince(Steady::time_point start)
{
    return std::chrono::duration<double>(Steady::now() - start).count();
}

// Of the whole process: what a shared machine does to wall time does not show in it.
double cpuSeconds()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Prints what one item cost in wall time and in processor time.
class Stage {
public:
    Stage(std::string name, double items)
        : m_name(std::move(name))
        , m_items(items)
    {
    }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    ~Stage()
    {
        std::fprintf(stderr, "%-14s %9.0f/s  %6.2f us cpu each\n", m_name.c_str(),
            m_items / secondsSince(m_start), (cpuSeconds() - m_cpu) * 1e6 / m_items);
    }

private:
    std::string m_name {};
    double m_items { 0 };
    Steady::time_point m_start { Steady::now() };
    double m_cpu { cpuSeconds() };
};

std::int64_t residentKiB()
{
    std::ifstream status("/proc/self/status");
    std::string line;
    while (std::getline(status, line)) {
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    }
    return 0;
}

std::string randomId(std::mt19937_64& random)
{
    std::array<char, 40> text {};
    std::snprintf(text.data(), text.size(), "%016llx-%016llx",
        static_cast<unsigned long long>(random()), static_cast<unsigned long long>(random()));
    return text.data();
}

AcceptBatch makeBatch(std::mt19937_64& random, int events, WallTime now)
{
    AcceptBatch batch;
    for (int i = 0; i < events; ++i) {
        NewEvent event;
        event.workspace = "shop";
        event.eventId = randomId(random);
        event.name = "Purchase";
        event.eventTime = now - std::chrono::milliseconds { random() % 3'000 };
        event.receivedAt = now;
        event.contentHash = random();
        event.payload.assign(kPayloadBytes, 'x');
        for (int d = 0; d < kDestinations; ++d) {
            NewDelivery delivery { .shard = { "destination-" + std::to_string(d), "1029384756" },
                .dueAt = now };
            if (d % 3 == 0) // a third of the platforms has an accepted age
                delivery.expiresAt = event.eventTime + std::chrono::days { 7 };
            event.deliveries.push_back(std::move(delivery));
        }
        batch.events.push_back(std::move(event));
    }
    return batch;
}

// `window` batches are with the store at any time, as from so many connections.
double accept(store::Store& store, int events, int batchSize, int window)
{
    const SystemClock clock;
    std::mt19937_64 random(std::random_device {}());
    std::counting_semaphore<1'024> slots(window);
    std::atomic<int> failures { 0 };
    const Stage stage("accept " + std::to_string(batchSize), events);
    const auto start = Steady::now();
    for (int done = 0; done < events; done += batchSize) {
        AcceptBatch batch = makeBatch(random, batchSize, clock.wallNow());
        slots.acquire();
        store.accept(std::move(batch), [&](const Result<std::vector<AcceptedItem>>& items) {
            failures += items ? 0 : 1;
            slots.release();
        });
    }
    for (int i = 0; i < window; ++i)
        slots.acquire();
    if (failures > 0)
        std::fprintf(stderr, "%d batches failed\n", failures.load());
    return events / secondsSince(start);
}

RequestResult resultOf(const DispatchMark& mark)
{
    RequestResult result;
    result.request = mark.request;
    result.shard = mark.shard;
    result.sentAt = mark.at;
    result.endedAt = mark.at;
    result.httpStatus = 200;
    for (const DeliveryKey& key : mark.items)
        result.items.push_back({ .key = key, .attempts = 1 });
    return result;
}

// Fetch, mark, record; `window` requests in flight. Records per second.
double deliver(store::Store& store, std::int64_t records, std::size_t batchSize, int window)
{
    const SystemClock clock;
    store::SqlDeliveryStore delivery(store, [](const std::function<void()>& work) { work(); });
    std::counting_semaphore<1'024> slots(window);
    const Stage stage("deliver " + std::to_string(batchSize), static_cast<double>(records));
    std::int64_t sent = 0;
    const auto start = Steady::now();
    const auto shards = delivery.shards().value();
    for (const ShardRecord& shard : shards) {
        std::optional<DeliveryKey> after;
        while (sent < records) {
            const auto rows = delivery.fetch(shard.key, Lane::Live, after, 1'000).value();
            if (rows.empty())
                break;
            after = rows.back().key;
            for (std::size_t at = 0; at < rows.size() && sent < records; at += batchSize) {
                DispatchMark mark { delivery.nextRequestId(), shard.key, clock.wallNow(),
                    "graph.example", {} };
                for (std::size_t i = at; i < std::min(at + batchSize, rows.size()); ++i)
                    mark.items.push_back(rows[i].key);
                sent += std::ssize(mark.items);
                slots.acquire();
                RequestResult result = resultOf(mark);
                delivery.markDispatched(
                    std::move(mark), [&, result = std::move(result)](const Status&) {
                        delivery.record(result, [&](const Status&) { slots.release(); });
                    });
            }
        }
    }
    for (int i = 0; i < window; ++i)
        slots.acquire();
    return static_cast<double>(sent) / secondsSince(start);
}

void run(sqlite3* db, const char* sql)
{
    char* message = nullptr;
    if (sqlite3_exec(db, sql, nullptr, nullptr, &message) != SQLITE_OK)
        qFatal("%s: %s", sql, message);
}

sqlite3_stmt* prepare(sqlite3* db, const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, nullptr) != SQLITE_OK)
        qFatal("%s: %s", sql, sqlite3_errmsg(db));
    return statement;
}

void step(sqlite3_stmt* statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        qFatal("%s", sqlite3_errmsg(sqlite3_db_handle(statement)));
    sqlite3_reset(statement);
}

// One event and its deliveries, as plainly as SQLite can take them.
void insertPlainly(std::array<sqlite3_stmt*, 3>& statements, std::int64_t seq,
    std::mt19937_64& random, const std::string& payload)
{
    const std::string id = randomId(random);
    sqlite3_bind_int64(statements[0], 1, seq);
    sqlite3_bind_text(statements[0], 2, id.data(), static_cast<int>(id.size()), SQLITE_STATIC);
    sqlite3_bind_int64(statements[0], 3, seq);
    sqlite3_bind_blob(
        statements[0], 4, payload.data(), static_cast<int>(payload.size()), SQLITE_STATIC);
    step(statements[0]);
    sqlite3_bind_int64(statements[1], 1, static_cast<std::int64_t>(random()));
    sqlite3_bind_int64(statements[1], 2, seq);
    step(statements[1]);
    for (int d = 0; d < kDestinations; ++d) {
        sqlite3_bind_int(statements[2], 1, d);
        sqlite3_bind_int64(statements[2], 2, seq * 1'000);
        sqlite3_bind_int64(statements[2], 3, seq);
        step(statements[2]);
    }
}

double floorOfAccept(const std::string& path, int events, int commitEvents)
{
    sqlite3* db = nullptr;
    if (sqlite3_open(path.c_str(), &db) != SQLITE_OK)
        qFatal("cannot open %s", path.c_str());
    run(db, "PRAGMA journal_mode=WAL");
    run(db, "PRAGMA synchronous=FULL");
    run(db, "PRAGMA cache_size=-32768");
    run(db,
        "CREATE TABLE event(seq INTEGER PRIMARY KEY, workspace, event_id TEXT, name TEXT, "
        "type, event_time_us, flags, received_at_us, content_hash, payload BLOB)");
    run(db, "CREATE TABLE event_by_id(id_hash, seq, PRIMARY KEY(id_hash, seq)) WITHOUT ROWID");
    run(db,
        "CREATE TABLE delivery(shard, lane, rank_us, seq, attempts, picked_up, due_us, "
        "expires_us, PRIMARY KEY(shard, lane, rank_us, seq)) WITHOUT ROWID");
    std::array<sqlite3_stmt*, 3> statements {
        prepare(db, "INSERT INTO event VALUES (?1, 1, ?2, 'Purchase', 0, ?3, 0, ?3, 7, ?4)"),
        prepare(db, "INSERT INTO event_by_id VALUES (?, ?)"),
        prepare(db, "INSERT INTO delivery VALUES (?1, 0, ?2, ?3, 0, 0, NULL, NULL)"),
    };
    std::mt19937_64 random(std::random_device {}());
    const std::string payload(kPayloadBytes, 'x');
    const Stage stage("floor", events);
    const auto start = Steady::now();
    for (int done = 0; done < events; done += commitEvents) {
        run(db, "BEGIN IMMEDIATE");
        for (int i = 0; i < commitEvents; ++i)
            insertPlainly(statements, done + i + 1, random, payload);
        run(db, "COMMIT");
    }
    const double rate = events / secondsSince(start);
    for (sqlite3_stmt* statement : statements)
        sqlite3_finalize(statement);
    sqlite3_close(db);
    return rate;
}

std::unique_ptr<store::Store> open(const std::string& directory)
{
    static const SystemClock clock;
    store::StoreOptions options;
    options.directory = directory;
    auto opened = store::Store::open(options, clock);
    if (!opened)
        qFatal("%s", opened.error().message.c_str());
    return std::move(*opened);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    const QCommandLineOption eventsOption(
        QStringLiteral("events"), {}, QStringLiteral("n"), QStringLiteral("100000"));
    const QCommandLineOption dirOption(QStringLiteral("dir"), {}, QStringLiteral("directory"));
    parser.addOptions({ eventsOption, dirOption });
    parser.process(application);
    const int events = parser.value(eventsOption).toInt() / kBatch * kBatch;
    const QTemporaryDir temporary;
    const QString base = parser.isSet(dirOption) ? parser.value(dirOption) : temporary.path();
    const std::string directory = (base + QStringLiteral("/data")).toStdString();

    const double floor
        = floorOfAccept((base + QStringLiteral("/floor.db")).toStdString(), events, 2 * kBatch);
    auto opened = open(directory);
    const double arrays = accept(*opened, events, kBatch, 4);
    const double singles = accept(*opened, events / 5, 1, 64);
    opened.reset();

    const auto reopenFrom = Steady::now();
    opened = open(directory);
    const double reopenSeconds = secondsSince(reopenFrom);
    const std::int64_t residentWaiting = residentKiB();
    const std::int64_t waiting = opened->counters().waiting;
    const double ones = deliver(*opened, events / 2, 1, 48);
    const double hundreds = deliver(*opened, events * 6, 100, 16);
    std::printf("{\"accept_500\":%.0f,\"accept_floor\":%.0f,\"accept_share\":%.2f,"
                "\"accept_1\":%.0f,\"deliver_1\":%.0f,\"deliver_100\":%.0f,"
                "\"waiting\":%lld,\"reopen_s\":%.3f,\"resident_reopened_kib\":%lld,"
                "\"resident_end_kib\":%lld,\"file_bytes\":%lld}\n",
        arrays, floor, arrays / floor, singles, ones, hundreds, static_cast<long long>(waiting),
        reopenSeconds, static_cast<long long>(residentWaiting),
        static_cast<long long>(residentKiB()),
        static_cast<long long>(opened->stats().journalBytes));
    return 0;
}
