// An event on its way into the journal, and out of it.
#pragma once

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/result.h>
#include <engine/time.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine {

enum class EventType : std::uint8_t { // numbers on disk
    Track = 0,
    Page = 1,
    Screen = 2,
    Identify = 3,
    Suppress = 4,
    Unsuppress = 5,
    Delete = 6,
    Message = 7,
    Broadcast = 8,
};
[[nodiscard]] const char* toString(EventType type);
[[nodiscard]] std::optional<EventType> parseEventType(std::string_view text);

// One delivery that routing asks for.
struct NewDelivery {
    ShardId shard {};
    Lane lane { Lane::Live }; // Live, Deferred or Import
    WallTime dueAt {}; // Deferred: the release time; otherwise received_at
    std::optional<WallTime>
        expiresAt {}; // event_time + accepted age of the platform, when it has one
    std::string deadReason {}; // not empty: straight into the DLQ as `config` (account missing or
                               // ill-formed)
    // Whose record at the platform this one overwrites; empty: nobody's. Those of one person go one
    // at a time and in order of acceptance.
    std::string personKey {};
};

// A validated event. `payload` is the JSON object exactly as it was accepted, bytes unchanged.
struct NewEvent {
    std::string workspace {};
    std::string eventId {};
    std::string name {}; // as given
    EventType type { EventType::Track };
    WallTime eventTime {};
    bool isEventTimeAssigned { false }; // none was given: it is received_at
    bool isEventIdGenerated { false };
    WallTime receivedAt {};
    std::uint64_t contentHash {
        0
    }; // of the payload, to tell a repeat from a different event under the same id
    std::string payload {};
    std::vector<NewDelivery> deliveries {};
    std::vector<std::pair<std::string, std::string>>
        unrouted {}; // destination, reason: counted, no delivery
};

enum class AcceptKind : std::uint8_t { New, Duplicate, DuplicateDiffers };
struct AcceptedItem {
    AcceptKind kind { AcceptKind::New };
    EventSeq seq {}; // of the first copy
};

// All of one request, in order. Either all of it is on disk, or none.
struct AcceptBatch {
    std::vector<NewEvent> events {};
    Seconds dedupWindow { std::chrono::hours { 24 * 7 } };
};

// Where ingress hands events to. accept() returns at once and may be called from any thread;
// `reply` runs exactly once, on the store's thread, after the commit that holds the batch, or with
// why there was none (DiskFull, Storage, Unavailable).
class EventSink {
public:
    EventSink() = default;
    EventSink(const EventSink&) = delete;
    EventSink& operator=(const EventSink&) = delete;
    virtual ~EventSink() = default;
    virtual void accept(
        AcceptBatch batch, std::function<void(Result<std::vector<AcceptedItem>>)> reply)
        = 0;
};

// An event read back from the journal. Immutable and shared by its deliveries.
struct StoredEvent {
    EventSeq seq {};
    std::string workspace {};
    std::string eventId {};
    std::string name {};
    EventType type { EventType::Track };
    WallTime eventTime {};
    bool isEventTimeAssigned { false };
    bool isEventIdGenerated { false };
    WallTime receivedAt {};
    std::string payload {};
};
using StoredEventPtr = std::shared_ptr<const StoredEvent>;

} // namespace engine
