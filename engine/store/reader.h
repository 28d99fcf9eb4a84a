// Pages and look-ups for the window and the control API, on a read-only connection of their own.
#pragma once

#include "core/event.h"
#include "store/group_count.h"
#include "store/replay_rows.h"

#include <engine/pages.h>
#include <engine/past.h>
#include <engine/result.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace engine::store {

class Connection;

// A live override as the console set it.
struct OverrideRow {
    ShardId target {}; // account empty: the whole destination
    std::string name {}; // "concurrency", "rate", "batch", "above_ceiling", "before_…"
    std::string value {}; // as in TOML
    std::optional<WallTime> until {}; // a trial
    WallTime setAt {};
    std::string who {};
};

// One minute of one metric of one shard.
struct RollupRow {
    std::int64_t minute { 0 }; // since 1970
    ShardKey shard {};
    Metric metric { Metric::QueueDepth };
    double low { 0 };
    double high { 0 };
    double last { 0 };
    double sum { 0 };
    std::int64_t samples { 0 };
};
// Of a destination as a whole; the row names no shard.
struct DestinationRollup {
    std::string destination {};
    RollupRow row {};
};

struct GroupShape;
struct MovedWithin;

// Made, used and destroyed in one thread (a reader thread). What a call
// reads it has let go when it returns, so that no checkpoint waits for a page on somebody's screen.
// A call of several statements reads all of them at one moment.
class Reader {
public:
    // `databasePath` as Store::databasePath() names it; the file must be there.
    [[nodiscard]] static Result<std::unique_ptr<Reader>> open(const std::string& databasePath);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    // Answers after about kSearchTime with what it found until then.
    [[nodiscard]] Result<DeadLetterPage> deadLetters(const DeadLetterQuery& query);
    static constexpr Millis kSearchTime { 50 };
    [[nodiscard]] Result<DeadLetterDetail> deadLetter(DeadLetterId id);
    // One step of counting groups; repeat until isDone, then take groups(). A filter that reads
    // payloads is refused: its rows come in pages, its groups would take minutes.
    [[nodiscard]] Result<GroupCount> countGroups(const DeadLetterFilter& filter, GroupCount count);
    // Shard → its largest group and how many entries that has.
    [[nodiscard]] Result<std::map<ShardKey, std::pair<std::string, std::int64_t>>>
    topFingerprints();

    // The life of events by id; the gates of what waits are for the caller to add.
    [[nodiscard]] Result<EventPage> events(const EventQuery& query);

    [[nodiscard]] Result<AuditPage> audit(const AuditQuery& query);
    [[nodiscard]] Result<AuditRow> auditRow(AuditId id); // NotFound
    // What stands in the way of taking an entry back, or would be moved by it.
    [[nodiscard]] Result<std::int64_t> lettersIn(
        SelectionId selection, DeadLetterState state, const MovedWithin& when, int countMax);
    [[nodiscard]] Result<std::pair<GroupStatus, std::string>> groupRemark(
        const std::string& fingerprint); // status and note as operators said; New when nothing
    [[nodiscard]] Result<GroupShape> groupShape(const std::string& fingerprint);
    [[nodiscard]] Result<std::vector<OverrideRow>> overrides();
    // Destination → the platform it was last run with.
    [[nodiscard]] Result<std::map<std::string, std::string>> platforms();
    // Workspace → when the last of its events that are over its tier will be released. Looks at
    // each of them: some microseconds a row.
    [[nodiscard]] Result<std::map<std::string, WallTime>> deferredUntil();
    // Rows of [fromMinute, toMinute), oldest first.
    [[nodiscard]] Result<std::vector<RollupRow>> rollups(
        std::int64_t fromMinute, std::int64_t toMinute);
    [[nodiscard]] Result<std::vector<DestinationRollup>> destinationRollups(
        std::int64_t fromMinute, std::int64_t toMinute);
    [[nodiscard]] Result<PastPage> past(const PastQuery& query);

    [[nodiscard]] Result<ReplayPreview> preview(SelectionId selection);
    // What stands in one part of a selection, oldest event first.
    [[nodiscard]] Result<SelectionItemsPage> selectionItems(const SelectionItemsQuery& query);
    // Some of what would be sent, with the event and what was sent of it last: of different shards
    // and causes first.
    [[nodiscard]] Result<std::vector<SampleRow>> samples(SelectionId selection, int rowsMax);
    [[nodiscard]] Result<RequestsPage> requests(const RequestsQuery& query);
    // Newest first, at most `linesMax` of each of the latest `jobsMax` jobs.
    [[nodiscard]] Result<std::map<ReplayJobId, std::vector<ReplayJobEvent>>> jobLogs(
        int jobsMax, int linesMax);
    // Dead letters of these shards that came after the selection was frozen, counted to `countMax`.
    [[nodiscard]] Result<std::int64_t> newSince(
        SelectionId selection, const std::vector<ShardId>& shards, int countMax);
    // Newest first, at most `rowsMax`.
    [[nodiscard]] Result<std::vector<ReplayJobRow>> jobs(int rowsMax);

    [[nodiscard]] Result<std::int64_t> usedBytes(); // of the file, less its free pages
    // Events that retention may remove: accepted before `before`, nothing of them waiting or
    // unarchived, last attempt before `before`; in order of seq, after `after`, at most `rowsMax`
    // looked at (`lookedTo` is how far).
    struct Removable {
        std::vector<EventSeq> events {};
        std::optional<EventSeq> lookedTo {}; // absent: nothing more before that time
    };
    [[nodiscard]] Result<Removable> removable(WallTime before, EventSeq after, int rowsMax);

private:
    explicit Reader(std::unique_ptr<Connection> connection);
    [[nodiscard]] Result<std::vector<AttemptRow>> attempts(ShardKey shard, EventSeq seq);
    [[nodiscard]] Status addResponses(DeadLetterPage& page);
    [[nodiscard]] Status suggestIds(const std::string& part, EventPage& page);
    [[nodiscard]] Status addPayloads(DeadLetterPage& page);
    [[nodiscard]] Result<std::optional<DeadLetterDetail::Accepted>> lastAccepted(
        ShardKey shard, const std::string& eventName);

    std::unique_ptr<Connection> m_connection;
};

} // namespace engine::store
