// What waits in one shard, as far as memory knows it: a prefetched stretch of each lane in key
// order, what is out (in flight, in a bisection, set aside), and counters. The payloads stay in the
// store; the stretch is bounded, so a million waiting deliveries cost no more than a thousand.
//
// Pure: the caller fetches what fetchPlan() asks for. One thread.
#pragma once

#include "core/delivery.h"

#include <deque>
#include <functional>
#include <map>
#include <set>

namespace engine::delivery {

struct QueueEntry {
    QueuedDelivery delivery {};
    // Known after the record was encoded once: spares a second encoding of what does not fit.
    bool isEncodedOnce { false };
    std::string batchKey {};
};

struct FetchPlan {
    Lane lane { Lane::Live };
    std::optional<DeliveryKey> after {};
    int rowsMax { 0 };
};

// Records that were refused together and are sent as exactly this set, to find the bad one.
using BisectionPart = std::vector<QueuedDelivery>;

class ShardQueue {
public:
    enum class Visit { Take, Skip, Stop };
    // May fill the hints of the entry.
    using Visitor = std::function<Visit(QueueEntry&)>;

    // Rows of one lane in memory that nothing else bounds: records that go to another endpoint.
    static constexpr std::size_t kEntriesMax = 6'000;
    // Records in bisection beyond which nothing but them is sent.
    static constexpr std::size_t kBisectingMax = 5'000;

    void setWaiting(Lane lane, std::int64_t rows) { at(lane).waiting = rows; }
    // How many rows one fetch asks for; at least one batch.
    void setPrefetch(int rows) { m_prefetchRows = std::max(rows, 1); }

    void arrived(const Arrivals& arrivals);

    // What to read before the lane can be judged; nothing when memory knows enough.
    [[nodiscard]] std::optional<FetchPlan> fetchPlan(Lane lane, std::int64_t wanted) const;
    // A failed fetch is simply not reported. Rows behind an earlier one of their person are passed
    // over: they stay in the store alone.
    void fetched(const FetchPlan& plan, std::vector<QueuedDelivery> rows);
    // Of whom rows were passed over: whose first record has gone asks the store for the next.
    [[nodiscard]] bool isAnyBehind(std::int64_t person) const { return m_behind.contains(person); }
    [[nodiscard]] bool isAnyBehind() const { return !m_behind.empty(); }
    void foundFirst(std::int64_t person, PersonRows rows);

    // When the first record of the lane is due, as far as memory knows. Only lane retry waits.
    [[nodiscard]] std::optional<WallTime> nextDue(Lane lane) const;
    [[nodiscard]] bool hasDue(Lane lane, WallTime now) const;

    // Takes out what the visitor chooses, in key order, due records only.
    [[nodiscard]] std::vector<QueuedDelivery> take(Lane lane, WallTime now, const Visitor& visit);

    // The part that was split first, cut to `recordsMax`: the rest stays a part of its own.
    [[nodiscard]] bool hasBisection() const { return !m_parts.empty(); }
    [[nodiscard]] BisectionPart takeBisection(std::size_t recordsMax);
    void putBisection(BisectionPart part, bool isFirst);
    [[nodiscard]] bool isBisectionFull() const { return m_partRecords > kBisectingMax; }

    // What was taken, and did not go or goes on waiting under its key.
    void giveBack(QueuedDelivery delivery);
    // Set aside: neither in flight nor offered, until giveBackAside().
    void setAside(QueuedDelivery delivery);
    [[nodiscard]] const std::vector<QueuedDelivery>& aside() const { return m_aside; }
    std::vector<QueuedDelivery> takeAside(); // counted as in flight from here on
    // The row will lie under another key once a commit is through. From now on a fetch that
    // already sees it does not offer it a second time.
    void expectMove(const DeliveryKey& to) { m_out.insert(to); }
    // The commit is through. `delivery` carries its new key.
    void movedToBuffer(const DeliveryKey& from, QueuedDelivery delivery);
    void movedToBisection(const DeliveryKey& from, const DeliveryKey& to);
    void finished(const DeliveryKey& key); // accepted, or a dead letter

    [[nodiscard]] std::int64_t waiting(Lane lane) const; // rows, in flight included
    [[nodiscard]] std::int64_t depth(Lane lane) const; // not in flight
    [[nodiscard]] std::int64_t recordsInFlight() const;
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] std::size_t entriesInMemory() const;
    [[nodiscard]] std::size_t entries(Lane lane) const { return at(lane).entries.size(); }
    // Records due now, counted up to `most`: what one request could carry.
    [[nodiscard]] std::int64_t countDue(Lane lane, WallTime now, std::int64_t most) const;
    // Somebody took these rows out of a lane. None of them is in flight.
    void taken(Lane lane, const std::set<EventSeq>& seqs);
    // What memory knows of the lanes is no longer true: read them again.
    void reread();
    // received_at of the first live record in memory that was never picked up.
    [[nodiscard]] std::optional<WallTime> oldestNeverPickedUp() const;
    // Every live row that waits is in memory.
    [[nodiscard]] bool isLiveComplete() const { return m_lanes[0].isComplete && m_behind.empty(); }
    // Earliest end of the accepted age in memory.
    [[nodiscard]] std::optional<WallTime> earliestExpiry() const;

private:
    struct LaneState {
        std::map<DeliveryKey, QueueEntry> entries {};
        std::optional<DeliveryKey> cursor {}; // everything up to here is known
        bool isComplete { false }; // nothing lies after the cursor
        std::int64_t waiting { 0 };
        std::int64_t inFlight { 0 };
    };
    [[nodiscard]] LaneState& at(Lane lane) { return m_lanes[static_cast<std::size_t>(lane)]; }
    [[nodiscard]] const LaneState& at(Lane lane) const
    {
        return m_lanes[static_cast<std::size_t>(lane)];
    }
    void countWhatIsKnown(Lane lane);
    void reread(Lane lane);
    void insert(QueuedDelivery delivery);
    void cut(LaneState& lane);
    [[nodiscard]] std::int64_t known(Lane lane) const; // rows, where all of them are known
    void leave(const DeliveryKey& key);

    std::array<LaneState, kLanes> m_lanes {};
    std::set<DeliveryKey> m_out {};
    std::set<std::int64_t> m_behind {}; // persons; at most as many as rows were read past
    std::deque<BisectionPart> m_parts {};
    std::size_t m_partRecords { 0 };
    std::vector<QueuedDelivery> m_aside {};
    int m_prefetchRows { 64 };
};

} // namespace engine::delivery
