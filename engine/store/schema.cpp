#include "store/schema.h"

#include <array>

namespace engine::store {
namespace {

// Times are microseconds since 1970 UTC (*_us). Lanes, outcomes, states and event types are the
// numbers of engine/outcome.h, engine/pages.h and core/event.h.
constexpr auto kFirst = std::to_array<std::string_view>({
    "CREATE TABLE workspace(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",

    // Accepted events per UTC month (202611), for the monthly cap.
    "CREATE TABLE workspace_month(workspace INTEGER NOT NULL, month INTEGER NOT NULL, "
    "accepted INTEGER NOT NULL, PRIMARY KEY(workspace, month)) WITHOUT ROWID",

    // AUTOINCREMENT: a ShardKey is never used twice, also after its row is gone.
    "CREATE TABLE shard(id INTEGER PRIMARY KEY AUTOINCREMENT, destination TEXT NOT NULL, "
    "account TEXT NOT NULL, desired INTEGER NOT NULL DEFAULT 0, pause_until_us INTEGER, "
    "pause_cause INTEGER NOT NULL DEFAULT 0, pause_note TEXT NOT NULL DEFAULT '', "
    "pause_who TEXT NOT NULL DEFAULT '', last_success_us INTEGER, "
    "dead_letters INTEGER NOT NULL DEFAULT 0, dlq_added INTEGER NOT NULL DEFAULT 0, "
    "dlq_removed INTEGER NOT NULL DEFAULT 0, UNIQUE(destination, account))",

    // A pause of a whole destination, which shards that appear later take over.
    "CREATE TABLE destination_pause(destination TEXT PRIMARY KEY, desired INTEGER NOT NULL, "
    "pause_until_us INTEGER, pause_cause INTEGER NOT NULL, pause_note TEXT NOT NULL, "
    "pause_who TEXT NOT NULL) WITHOUT ROWID",

    // How many rows of `delivery` there are, so that nobody ever counts them.
    "CREATE TABLE shard_lane(shard INTEGER NOT NULL, lane INTEGER NOT NULL, "
    "waiting INTEGER NOT NULL, PRIMARY KEY(shard, lane)) WITHOUT ROWID",

    "CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",

    // The journal. `unrouted` lists "destination\x1freason" separated by \x1e. The payload stands
    // last, so that reading the columns before it never touches its overflow pages.
    "CREATE TABLE event(seq INTEGER PRIMARY KEY, workspace INTEGER NOT NULL, "
    "event_id TEXT NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL, "
    "event_time_us INTEGER NOT NULL, flags INTEGER NOT NULL, received_at_us INTEGER NOT NULL, "
    "content_hash INTEGER NOT NULL, unrouted TEXT, payload BLOB NOT NULL)",

    // Finds events by id: dedup and look-ups. 64 bits of hash in place of the id: a quarter of the
    // pages. Equal hashes of different ids are harmless, because the event's row is always
    // compared.
    "CREATE TABLE event_by_id(id_hash INTEGER NOT NULL, seq INTEGER NOT NULL, "
    "PRIMARY KEY(id_hash, seq)) WITHOUT ROWID",

    // What waits. due_us is NULL for "at once".
    "CREATE TABLE delivery(shard INTEGER NOT NULL, lane INTEGER NOT NULL, rank_us INTEGER NOT "
    "NULL, "
    "seq INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, "
    "picked_up INTEGER NOT NULL DEFAULT 0, due_us INTEGER, expires_us INTEGER, "
    "first_sent_us INTEGER, job INTEGER, PRIMARY KEY(shard, lane, rank_us, seq)) WITHOUT ROWID",

    // Live rows that were never picked up, in order of acceptance, for the lag. Only where the rank
    // is an expiry: elsewhere the rank itself is the order of acceptance.
    "CREATE INDEX delivery_fresh ON delivery(shard, seq) "
    "WHERE lane = 0 AND picked_up = 0 AND expires_us IS NOT NULL",

    // Every HTTP call. In flight: ended_at_us is NULL and items holds the keys. is_lost: it was in
    // flight when a run ended.
    "CREATE TABLE request(id INTEGER PRIMARY KEY, shard INTEGER NOT NULL, "
    "sent_at_us INTEGER NOT NULL, ended_at_us INTEGER, is_lost INTEGER NOT NULL DEFAULT 0, "
    "records INTEGER NOT NULL, host TEXT NOT NULL, http_status INTEGER NOT NULL DEFAULT 0, "
    "outcome INTEGER, latency_us INTEGER, answer INTEGER, encoder TEXT, items BLOB)",
    "CREATE INDEX request_by_end ON request(shard, ended_at_us)",

    // One row per delivery and request that ended. number is 0 for an attempt given back.
    "CREATE TABLE attempt(seq INTEGER NOT NULL, shard INTEGER NOT NULL, request INTEGER NOT NULL, "
    "lane INTEGER NOT NULL, number INTEGER NOT NULL, outcome INTEGER NOT NULL, code TEXT, "
    "message TEXT, PRIMARY KEY(seq, shard, request)) WITHOUT ROWID",

    // What was sent and answered, once per request that failed.
    "CREATE TABLE answer(id INTEGER PRIMARY KEY, head BLOB NOT NULL, response BLOB NOT NULL, "
    "response_bytes INTEGER NOT NULL)",

    "CREATE TABLE fingerprint(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
    // Entries in the states waiting and replaying.
    "CREATE TABLE fingerprint_shard(fingerprint INTEGER NOT NULL, shard INTEGER NOT NULL, "
    "entries INTEGER NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, "
    "PRIMARY KEY(fingerprint, shard)) WITHOUT ROWID",
    "CREATE INDEX fingerprint_by_shard ON fingerprint_shard(shard, entries)",

    "CREATE TABLE dead_letter(id INTEGER PRIMARY KEY AUTOINCREMENT, shard INTEGER NOT NULL, "
    "seq INTEGER NOT NULL, event_id TEXT NOT NULL, name TEXT NOT NULL, outcome INTEGER NOT NULL, "
    "http_status INTEGER NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, answer INTEGER, "
    "record BLOB, encoder TEXT NOT NULL, attempts INTEGER NOT NULL, first_seen_us INTEGER NOT "
    "NULL, "
    "last_failed_us INTEGER NOT NULL, event_time_us INTEGER NOT NULL, expires_us INTEGER, "
    "payload_bytes INTEGER NOT NULL, fingerprint INTEGER NOT NULL, state INTEGER NOT NULL, "
    "job INTEGER, UNIQUE(shard, seq))",
    "CREATE INDEX dead_letter_by_state ON dead_letter(state, id)",
    "CREATE INDEX dead_letter_by_shard ON dead_letter(shard, state, id)",
    "CREATE INDEX dead_letter_by_fingerprint ON dead_letter(fingerprint, state, id)",
    "CREATE INDEX dead_letter_by_event ON dead_letter(seq)",

    // What became of the deliveries of a replay job; kept in the transaction of each outcome.
    "CREATE TABLE job_progress(job INTEGER PRIMARY KEY, accepted INTEGER NOT NULL, "
    "failed INTEGER NOT NULL)",

    "CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, "
    "who TEXT NOT NULL, action TEXT NOT NULL, target TEXT NOT NULL, before TEXT NOT NULL, "
    "after TEXT NOT NULL, reason TEXT NOT NULL, result TEXT NOT NULL)",

    // Live overrides of the console; value is text as its TOML form.
    "CREATE TABLE override(destination TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, "
    "value TEXT NOT NULL, until_us INTEGER, set_at_us INTEGER NOT NULL, who TEXT NOT NULL, "
    "PRIMARY KEY(destination, account, name)) WITHOUT ROWID",

    // Minute roll-ups of the signals, for history after a restart.
    "CREATE TABLE rollup(minute INTEGER NOT NULL, shard INTEGER NOT NULL, metric INTEGER NOT NULL, "
    "low REAL, high REAL, last REAL, sum REAL NOT NULL, samples INTEGER NOT NULL, "
    "PRIMARY KEY(minute, shard, metric)) WITHOUT ROWID",

    "INSERT INTO counter(name, value) VALUES ('events', 0), ('last_seq', 0), "
    "('removed_by_retention', 0), ('probe', 0)",
});

// Replays: frozen selections, jobs, and when an entry left the queue.
constexpr std::array<std::string_view, 7> kReplays {
    "ALTER TABLE dead_letter ADD COLUMN moved_at_us INTEGER",
    "CREATE INDEX dead_letter_by_answer ON dead_letter(answer) WHERE answer IS NOT NULL",
    "CREATE INDEX request_by_answer ON request(answer) WHERE answer IS NOT NULL",
    "CREATE TABLE selection(id INTEGER PRIMARY KEY AUTOINCREMENT, frozen_at_us INTEGER NOT NULL)",
    // In the order in which a job feeds it: oldest event first. verdict: store/replay_rows.h.
    "CREATE TABLE selection_item(selection INTEGER NOT NULL, event_time_us INTEGER NOT NULL, "
    "shard INTEGER NOT NULL, seq INTEGER NOT NULL, dead_letter INTEGER, verdict INTEGER NOT NULL, "
    "PRIMARY KEY(selection, event_time_us, shard, seq)) WITHOUT ROWID",
    "CREATE INDEX selection_item_by_letter ON selection_item(selection, dead_letter) "
    "WHERE dead_letter IS NOT NULL",
    "CREATE TABLE replay_job(id INTEGER PRIMARY KEY AUTOINCREMENT, selection INTEGER NOT NULL, "
    "title TEXT NOT NULL, who TEXT NOT NULL, created_at_us INTEGER NOT NULL, ended_at_us INTEGER, "
    "state INTEGER NOT NULL, reason TEXT NOT NULL, per_second REAL NOT NULL, "
    "share_percent REAL NOT NULL, is_ramped INTEGER NOT NULL, include_unknown INTEGER NOT NULL, "
    "include_same_error INTEGER NOT NULL, total INTEGER NOT NULL, fed INTEGER NOT NULL DEFAULT 0, "
    "skipped INTEGER NOT NULL DEFAULT 0, is_all_fed INTEGER NOT NULL DEFAULT 0, "
    "cursor_time_us INTEGER NOT NULL DEFAULT -9223372036854775807, "
    "cursor_shard INTEGER NOT NULL DEFAULT 0, cursor_seq INTEGER NOT NULL DEFAULT 0)",
};

// What a replay must not forget, and what it must not send: first unknown sends, records that a
// later one of the same person replaced, deliveries that wait already.
constexpr auto kExactReplays = std::to_array<std::string_view>({
    "ALTER TABLE dead_letter ADD COLUMN first_sent_us INTEGER",
    "ALTER TABLE selection ADD COLUMN last_letter INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE selection ADD COLUMN per_second REAL NOT NULL DEFAULT 0",
    "ALTER TABLE selection_item ADD COLUMN expires_us INTEGER",
    "ALTER TABLE selection_item ADD COLUMN person INTEGER",
    "ALTER TABLE replay_job ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE job_progress ADD COLUMN same_error INTEGER NOT NULL DEFAULT 0",
    // The last record of a person that a platform accepted, where records overwrite. person is a
    // hash: two persons with one hash would only leave a record unsent that an operator can see.
    "CREATE TABLE person_accepted(shard INTEGER NOT NULL, person INTEGER NOT NULL, "
    "seq INTEGER NOT NULL, PRIMARY KEY(shard, person)) WITHOUT ROWID",
    "CREATE INDEX person_accepted_by_seq ON person_accepted(seq)",
    // For delivered events of a window. Times of events grow nearly as the rows do, so the index
    // grows at its end and costs little.
    "CREATE INDEX event_by_time ON event(event_time_us)",
    // Rows of replays alone: to take a job's back, and to know that an event waits already.
    "CREATE INDEX delivery_of_job ON delivery(job, shard, lane) WHERE job IS NOT NULL",
    "CREATE INDEX delivery_replayed ON delivery(seq, shard) WHERE job IS NOT NULL",
    // What operators say of a group. status: engine/pages.h.
    "CREATE TABLE fingerprint_status(fingerprint INTEGER PRIMARY KEY, status INTEGER NOT NULL, "
    "note TEXT NOT NULL, who TEXT NOT NULL, at_us INTEGER NOT NULL)",
});

// Taking an action back exactly: how it was before (JSON of engine/undo_record.h), and what belongs
// together.
constexpr auto kUndo = std::to_array<std::string_view>({
    "ALTER TABLE audit ADD COLUMN profile TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE audit ADD COLUMN undo_of INTEGER",
    "ALTER TABLE audit ADD COLUMN correlation TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE audit ADD COLUMN undo TEXT NOT NULL DEFAULT ''",
});

// Throttle holds and header quotas of the platforms. limit_name is empty for a hold; flags: 1 the
// platform named it, 2 it was cut to 24 h.
constexpr auto kPace = std::to_array<std::string_view>({
    "CREATE TABLE pace(shard INTEGER NOT NULL, limit_name TEXT NOT NULL, host TEXT NOT NULL, "
    "read_at_us INTEGER NOT NULL, until_us INTEGER NOT NULL, remaining INTEGER NOT NULL, "
    "amount INTEGER, window_us INTEGER NOT NULL, doublings INTEGER NOT NULL, "
    "flags INTEGER NOT NULL, PRIMARY KEY(shard, limit_name)) WITHOUT ROWID",
    // Which platform a destination was last run with.
    "CREATE TABLE destination_platform(destination TEXT PRIMARY KEY, platform TEXT NOT NULL) "
    "WITHOUT ROWID",
});

// Groups: how many entries came when, and what operators joined and split. Jobs: their guards, and
// what they went through.
constexpr auto kGroups = std::to_array<std::string_view>({
    // slot: six minutes since 1970. The oldest slots stand first, where they are dropped.
    "CREATE TABLE fingerprint_trend(slot INTEGER NOT NULL, fingerprint INTEGER NOT NULL, "
    "shard INTEGER NOT NULL, added INTEGER NOT NULL, PRIMARY KEY(slot, fingerprint, shard)) "
    "WITHOUT ROWID",
    "INSERT INTO fingerprint_trend SELECT first_seen_us / 360000000, fingerprint, shard, count(*) "
    "FROM dead_letter WHERE first_seen_us > (CAST(strftime('%s', 'now') AS INTEGER) - 21600) * "
    "1000000 GROUP BY 1, 2, 3",
    "CREATE TABLE fingerprint_shape(fingerprint INTEGER PRIMARY KEY, merged_into INTEGER, "
    "is_split INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX fingerprint_merged ON fingerprint_shape(merged_into) WHERE merged_into IS NOT "
    "NULL",
    "CREATE INDEX dead_letter_by_job ON dead_letter(job) WHERE job IS NOT NULL",
    "ALTER TABLE replay_job ADD COLUMN error_stop REAL NOT NULL DEFAULT 0.05",
    "ALTER TABLE replay_job ADD COLUMN throttle_hold REAL NOT NULL DEFAULT 0.01",
    "ALTER TABLE replay_job ADD COLUMN lag_hold_s INTEGER NOT NULL DEFAULT 30",
    "CREATE TABLE replay_job_event(id INTEGER PRIMARY KEY, job INTEGER NOT NULL, at_us INTEGER "
    "NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX replay_job_event_of_job ON replay_job_event(job, id)",
});

// Learned rates and open breakers beside the holds: limit_name is then one of the names of
// core/delivery.h. Rates are requests per second.
constexpr auto kLearnedPace = std::to_array<std::string_view>({
    "ALTER TABLE pace ADD COLUMN peak REAL NOT NULL DEFAULT 0",
    "ALTER TABLE pace ADD COLUMN floor REAL NOT NULL DEFAULT 0",
    "ALTER TABLE pace ADD COLUMN learned REAL NOT NULL DEFAULT 0",
    "ALTER TABLE pace ADD COLUMN learned_at_us INTEGER",
});

// Minute roll-ups of destinations with several shards: percentiles and shares of the whole cannot
// be had from those of its parts.
constexpr auto kDestinationHistory = std::to_array<std::string_view>({
    "CREATE TABLE destination_rollup(minute INTEGER NOT NULL, destination TEXT NOT NULL, "
    "metric INTEGER NOT NULL, low REAL, high REAL, last REAL, sum REAL NOT NULL, "
    "samples INTEGER NOT NULL, PRIMARY KEY(minute, destination, metric)) WITHOUT ROWID",
});

// Of deliveries that overwrite what a platform knows of a person: a hash of whom, see
// person_accepted. Rows that waited before have none, and keep no order among themselves.
constexpr auto kPersons = std::to_array<std::string_view>({
    "ALTER TABLE delivery ADD COLUMN person INTEGER",
    "ALTER TABLE dead_letter ADD COLUMN person INTEGER",
    "CREATE INDEX delivery_of_person ON delivery(shard, person, seq, job) "
    "WHERE person IS NOT NULL",
});

constexpr std::array<Migration, 9> kMigrations { Migration(kFirst), Migration(kReplays),
    Migration(kExactReplays), Migration(kUndo), Migration(kPace), Migration(kGroups),
    Migration(kLearnedPace), Migration(kDestinationHistory), Migration(kPersons) };

} // namespace

std::span<const Migration> migrations() { return kMigrations; }

std::int64_t roomForMigration(const Connection& connection, std::span<const Migration> steps)
{
    // Pages of the tables' descriptions, the log and its index; and for each row that is indexed
    // some 32 bytes, in the log and then in the database.
    constexpr std::int64_t kBytesAtLeast = 2 * 1'048'576;
    constexpr std::int64_t kBytesPerRow = 2 * 32;
    constexpr std::string_view kIndex = "CREATE INDEX ";
    std::int64_t rows = 0;
    const auto version
        = static_cast<std::size_t>(connection.number("PRAGMA user_version").value_or(0));
    for (std::size_t next = version; next < steps.size(); ++next) {
        for (const std::string_view statement : steps[next]) {
            if (!statement.starts_with(kIndex))
                continue;
            const std::size_t table = statement.find(" ON ") + 4;
            const std::size_t columns = statement.find('(', table);
            const std::size_t condition = std::min(statement.find(" WHERE "), statement.size());
            std::string count = "SELECT count(*) FROM ";
            count += statement.substr(table, columns - table);
            count += statement.substr(condition);
            rows += connection.number(count).value_or(0); // 0: a table of the same steps
        }
    }
    return kBytesAtLeast + rows * kBytesPerRow;
}

Status migrate(Connection& connection, std::span<const Migration> steps)
{
    const Result<std::int64_t> version = connection.number("PRAGMA user_version");
    if (!version)
        return tl::unexpected(version.error());
    const auto known = static_cast<std::int64_t>(steps.size());
    if (*version > known) {
        return fail(ErrorCode::Conflict,
            "The data directory was written by a newer version of Spillway (schema "
                + std::to_string(*version) + ", this version knows " + std::to_string(known)
                + ").");
    }
    for (std::int64_t next = *version; next < known; ++next) {
        auto transaction = Transaction::begin(connection);
        if (!transaction)
            return tl::unexpected(transaction.error());
        for (const std::string_view statement : steps[static_cast<std::size_t>(next)]) {
            if (Status done = connection.exec(std::string(statement)); !done)
                return done;
        }
        const std::string number = "PRAGMA user_version=" + std::to_string(next + 1);
        if (Status done = connection.exec(number); !done)
            return done;
        if (Status done = (*transaction)->commit(); !done)
            return done;
    }
    return {};
}

} // namespace engine::store
