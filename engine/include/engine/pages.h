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
};

struct DeadLetterQuery {
    std::uint64_t generation { 0 };
    DeadLetterFilter filter {};
    std::optional<DeadLetterId> after {}; // rows come in order of id (= first seen, oldest first)
    bool isNewestFirst { false };
    int rowsMax { 256 };
    bool withResponses { false };
};
struct DeadLetterPage {
    std::uint64_t generation { 0 };
    std::vector<DeadLetterRow> rows {};
    bool isLast { true };
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
};

struct DeadLetterGroup {
    std::string fingerprint {};
    std::int64_t count { 0 };
    WallTime first {};
    WallTime last {};
    int shards { 0 };
};

// A replay works on a frozen selection: exactly these deliveries, whatever happens afterwards.
struct SelectionRequest {
    DeadLetterFilter filter {}; // source DLQ
    bool includeDelivered {
        false
    }; // delivered events of the same window again, only when asked expressly
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
    struct PerShard {
        ShardId shard {};
        std::int64_t matched { 0 };
        std::int64_t willSend { 0 };
        std::optional<WallTime> oldestEvent {};
        std::optional<Seconds> eta {};
        std::optional<double> quotaShare {};
    };
    std::vector<PerShard> shards {};
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
    std::string result {};
};
struct AuditQuery {
    std::uint64_t generation { 0 };
    std::optional<AuditId> before {}; // newest first
    int rowsMax { 256 };
};
struct AuditPage {
    std::uint64_t generation { 0 };
    std::vector<AuditRow> rows {};
    bool isLast { true };
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
