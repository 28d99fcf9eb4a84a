// Questions that need the store, and their answers. Keyset pages only: `after` is the last row's
// key, nothing counts or skips. `generation` comes back unchanged, so that an answer to a question
// nobody asks any more is thrown away.
#pragma once

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

enum class DeadLetterState : std::uint8_t {
    Waiting = 0,
    Replaying = 1,
    Replayed = 2,
    Archived = 3
};
[[nodiscard]] const char* toString(DeadLetterState state);

// All conditions must hold; empty = no condition. Times are of the last failure unless named
// otherwise.
struct DeadLetterFilter {
    std::vector<std::string> destinations {};
    std::vector<ShardId> shards {};
    std::vector<Outcome> classes {};
    std::string code {}; // the platform's code, exact; "100/2804003" names code and subcode
    std::optional<int> httpStatus {};
    std::string fingerprint {};
    std::string eventName {};
    std::string eventId {};
    std::optional<WallTime> failedFrom {};
    std::optional<WallTime> failedTo {}; // exclusive
    std::optional<WallTime> firstFrom {}; // by first failure: the order of the list
    std::optional<WallTime> firstTo {}; // exclusive
    std::optional<WallTime> eventFrom {}; // by event_time
    std::optional<WallTime> eventTo {};
    std::vector<DeadLetterState> states { DeadLetterState::Waiting };
    std::vector<DeadLetterId> ids {}; // a selection by hand
    std::optional<ReplayJobId> job {}; // was sent again by this replay last
    std::optional<int> attemptsMin {};
    std::optional<WallTime> expiresTo {}; // the platform stops taking it before this
    std::optional<std::int64_t> payloadBytesMin {};
    // These two read the payloads, which takes time: such pages come in pieces, see DeadLetterPage.
    std::string text {}; // stands in the payload or in the message, upper or lower case
    std::string payloadPath {}; // "$.user_data.em": the payload has this field …
    std::string payloadValue {}; // … with this value; "*" at its end: any rest; empty: any value
    friend bool operator==(const DeadLetterFilter&, const DeadLetterFilter&) = default;
};

struct DeadLetterRow {
    DeadLetterId id {};
    EventSeq event {};
    std::string eventId {};
    ShardId shard {};
    std::string eventName {};
    Outcome outcome { Outcome::Invalid };
    int httpStatus { 0 }; // 0: no answer, or refused before sending
    std::string code {};
    std::string message {}; // of the platform, or ours; first 512 bytes
    int attempts { 0 };
    WallTime firstSeen {};
    WallTime lastFailed {};
    WallTime eventTime {};
    std::optional<WallTime> expires {};
    std::int64_t payloadBytes { 0 };
    std::string fingerprint {};
    DeadLetterState state { DeadLetterState::Waiting };
    std::string response {}; // first 4 KiB, only when the query asks for it
    std::string payload {}; // only when the query asks for it; empty when it is kept no longer
};

struct DeadLetterQuery {
    std::uint64_t generation { 0 };
    DeadLetterFilter filter {};
    std::optional<DeadLetterId> after {}; // rows come in order of id (= first seen, oldest first)
    bool isNewestFirst { false };
    int rowsMax { 256 };
    bool withResponses { false };
    bool withPayloads { false }; // then a page may be short: at most 8 MiB of them
};
struct DeadLetterPage {
    std::uint64_t generation { 0 };
    std::vector<DeadLetterRow> rows {};
    // A page may be short, even empty, without being the last: a search answers with what it found
    // after a bounded time, so that it can be given up, and goes on after `next`.
    bool isLast { true };
    std::optional<DeadLetterId> next {}; // `after` of the next query; absent on the last page
    std::int64_t waitingTotal { 0 }; // maintained counter of the store, all destinations
};

struct AttemptRow {
    RequestId request {};
    int number { 0 }; // 1…; 0 for an attempt that was given back
    WallTime sentAt {};
    std::optional<WallTime> endedAt {};
    Lane lane { Lane::Live };
    Outcome outcome { Outcome::Accepted };
    int httpStatus { 0 };
    std::string code {};
    std::string message {};
    int batchRecords { 0 };
};
struct DeadLetterDetail {
    DeadLetterRow row {};
    std::string payload {}; // as accepted; empty and isPayloadGone when retention removed it
    bool isPayloadGone { false };
    std::string requestHead {}; // method, URL, headers; secrets redacted
    std::string record {}; // this delivery's part of the request body
    std::string response {}; // at most 64 KiB
    std::int64_t responseBytes { 0 }; // full length as received
    std::string encoder {}; // adapter version and mapping hash
    std::vector<AttemptRow> attempts {};
    // The last event of the same name that this destination accepted, to compare with.
    struct Accepted {
        std::string eventId {};
        std::string payload {};
        WallTime at {};
    };
    std::optional<Accepted> lastAccepted {};
};

// What operators say of a group; kept and audited. Regressed is never said: it is Fixed with an
// entry that failed afterwards.
enum class GroupStatus : std::uint8_t { // numbers on disk
    New = 0,
    Known = 1,
    FixPending = 2,
    Fixed = 3,
    Regressed = 4,
};
[[nodiscard]] const char* toString(GroupStatus status); // "new", "fix_pending", …
[[nodiscard]] std::optional<GroupStatus> parseGroupStatus(std::string_view text);

inline constexpr int kTrendSlots = 60;
inline constexpr Seconds kTrendSlot { 360 }; // six hours in all

struct DeadLetterGroup {
    std::string fingerprint {};
    std::optional<ShardId> shard {}; // the group is split by account: this one of it
    std::vector<std::string> merged {}; // fingerprints that an operator put into it
    // Entries that came per slot, oldest first, the last one is now; empty where a filter says more
    // than destination and shard, because only whole groups are counted as they fail.
    std::vector<std::int64_t> trend {};
    std::int64_t count { 0 };
    WallTime first {};
    WallTime last {};
    int shards { 0 };
    GroupStatus status { GroupStatus::New };
    std::string note {};
    std::string who {}; // said so
};

// A replay works on a frozen selection: exactly these deliveries, whatever happens afterwards.
struct SelectionRequest {
    DeadLetterFilter filter {}; // source DLQ
    bool includeDelivered {
        false
    }; // delivered events of the same window again, only when asked expressly
    // The pace that is meant: what is too old by the time it would be sent depends on it.
    double sharePercent { 20 };
    std::optional<double> rate {}; // records per second; overrides the share
};
// First match per delivery, in the order of design §10; the parts add up to `matched`.
struct ReplayPreview {
    SelectionId selection {};
    WallTime frozenAt {};
    std::int64_t matched { 0 };
    std::int64_t willSend { 0 };
    std::int64_t alreadyAccepted { 0 };
    std::int64_t superseded { 0 };
    std::int64_t payloadGone { 0 };
    std::int64_t tooOld { 0 };
    std::int64_t sameError { 0 };
    std::int64_t outcomeUnknown { 0 };
    double perSecond { 0 }; // the pace that was reckoned with, records of all shards
    bool hasExpiry { false }; // some of it the platforms take for a limited time only
    struct PerShard {
        ShardId shard {};
        std::int64_t matched { 0 };
        std::int64_t willSend { 0 };
        std::int64_t alreadyAccepted { 0 };
        std::int64_t superseded { 0 };
        std::int64_t payloadGone { 0 };
        std::int64_t tooOld { 0 };
        std::int64_t sameError { 0 };
        std::int64_t outcomeUnknown { 0 };
        std::optional<WallTime> oldestEvent {};
        std::optional<Seconds> eta {};
        std::optional<double> quotaShare {};
    };
    std::vector<PerShard> shards {};
};

enum class PreviewPart : std::uint8_t { // numbers on disk, as engine/store judges
    WillSend = 0,
    AlreadyAccepted = 1,
    Superseded = 2,
    PayloadGone = 3,
    TooOld = 4,
    SameError = 5,
    OutcomeUnknown = 6,
};
// What stands in one part of a preview; oldest event first.
struct SelectionItemsQuery {
    SelectionId selection {};
    PreviewPart part { PreviewPart::WillSend };
    int rowsMax { 1'000 };
};
struct SelectionItem {
    ShardId shard {};
    std::string eventId {}; // empty when the event is kept no longer
    std::string eventName {};
    WallTime eventTime {};
    std::optional<DeadLetterId> deadLetter {}; // absent: a delivered event
    std::optional<WallTime> expires {};
    std::string message {}; // of the last failure
};
struct SelectionItemsPage {
    std::vector<SelectionItem> items {};
    bool isLast { true };
};
// One entry as it went before and as it would go now.
struct ReplaySample {
    ShardId shard {};
    std::string eventId {};
    WallTime eventTime {};
    std::string before {}; // its part of the request body; empty: never sent, or not kept
    std::string after {}; // empty: `problem` says why
    std::string problem {}; // the encoder of today refuses it, or lets it wait
    std::string encoderBefore {};
    std::string encoderNow {};
};

// The newest requests of a shard (account empty: of all shards of a destination) in a range.
struct RequestsQuery {
    ShardId shard {};
    WallTime from {};
    WallTime to {}; // exclusive, by the end of the request
    int rowsMax { 200 };
};
struct RequestRow {
    RequestId id {};
    ShardId shard {};
    WallTime sentAt {};
    WallTime endedAt {};
    std::optional<Outcome> outcome {}; // absent: lost with a crash
    int httpStatus { 0 };
    int records { 0 };
    std::string answer {}; // of a failed one: its first 512 bytes
};
struct RequestsPage {
    std::vector<RequestRow> rows {}; // newest first
    bool isLast { true };
};

struct AuditRow {
    AuditId id {};
    WallTime at {};
    std::string who {};
    std::string action {};
    std::string target {};
    std::string before {};
    std::string after {};
    std::string reason {};
    std::string result {}; // "ok", or why not
    std::string profile {};
    std::optional<AuditId> undoOf {}; // the entry that this one took back
    std::string correlation {}; // the same in all entries of one trial, selection or job
    std::string undo {}; // how it was and is, for RevertCommand; empty: there is no way back
};
// Whether an entry can be taken back this moment.
struct RevertCheck {
    bool isPossible { false };
    std::string whyNot {}; // plain words
    std::string what {}; // what would be in force again: "concurrency 24 → 16"
};
// All conditions must hold; empty = no condition.
struct AuditFilter {
    std::string who {}; // exact
    std::string action {}; // exact: "tune", "pause", …
    std::string target {}; // stands in the target
    std::string profile {}; // exact
    std::string correlation {}; // exact: "S-118", "R-17"
    std::optional<bool> isOk {}; // done, or refused
    std::optional<AuditId> undoOf {};
    std::string text {}; // stands in the target, before, after, reason or result
    std::optional<WallTime> from {};
    std::optional<WallTime> to {}; // exclusive
    friend bool operator==(const AuditFilter&, const AuditFilter&) = default;
};
struct AuditQuery {
    std::uint64_t generation { 0 };
    AuditFilter filter {};
    std::optional<AuditId> before {}; // newest first
    int rowsMax { 256 };
};
struct AuditPage {
    std::uint64_t generation { 0 };
    std::vector<AuditRow> rows {};
    bool isLast { true };
};

// The life of events, looked up by id.
struct EventQuery {
    std::uint64_t generation { 0 };
    std::vector<std::string> eventIds {}; // at most kEventIdsMax
    bool isBrief { false }; // states alone: no payload, no attempts
    // For an id that is not found: ids that contain it, of the newest events. Not for several.
    bool withSuggestions { false };
    static constexpr std::size_t kEventIdsMax = 1'000;
    static constexpr std::size_t kSuggestionsMax = 20;
};
enum class DeliveryState : std::uint8_t {
    Waiting,
    InFlight,
    Accepted,
    Dead, // in the DLQ
    Replaying,
    Archived,
    Ended, // none of these: superseded, or its traces are no longer kept
};
[[nodiscard]] const char* toString(DeliveryState state);
struct EventDelivery {
    ShardId shard {};
    DeliveryState state { DeliveryState::Ended };
    // Waiting and InFlight only.
    Lane lane { Lane::Live };
    int attempts { 0 }; // spent
    std::optional<WallTime> dueAt {}; // absent: at once
    std::optional<WallTime> expiresAt {};
    std::optional<ReplayJobId> job {};
    std::vector<Hold> gates {}; // why it waits, the one that opens last first
    std::optional<DeadLetterId> deadLetter {};
    std::vector<AttemptRow> log {}; // oldest first
};
struct EventTrace {
    EventSeq seq {};
    std::string workspace {};
    std::string eventId {};
    std::string name {};
    WallTime eventTime {};
    WallTime receivedAt {};
    bool isEventTimeAssigned { false };
    std::string payload {}; // first 64 KiB
    std::int64_t payloadBytes { 0 };
    std::vector<std::pair<std::string, std::string>> unrouted {}; // destination, reason
    std::vector<EventDelivery> deliveries {}; // ordered by shard
};
struct EventPage {
    std::uint64_t generation { 0 };
    std::vector<EventTrace> events {}; // in the order of the query
    std::vector<std::string> missing {};
    std::vector<std::string> suggestions {}; // newest first
    std::int64_t suggestedFrom { 0 }; // how many of the newest events were looked at for them
    std::optional<WallTime> keptSince {}; // of the oldest event in the journal
};

struct HistoryQuery {
    std::uint64_t generation { 0 };
    std::vector<ShardId> shards {};
    HistorySpan span { HistorySpan::Minutes15 };
};
struct HistorySeries {
    ShardId shard {};
    // samplesOf(span) values per metric, oldest first, the last one taken at `until`; NaN = no
    // data.
    std::vector<std::vector<float>> metrics {};
};
struct HistoryPage {
    std::uint64_t generation { 0 };
    HistorySpan span { HistorySpan::Minutes15 };
    WallTime until {};
    std::vector<HistorySeries> series {};
};

} // namespace engine
