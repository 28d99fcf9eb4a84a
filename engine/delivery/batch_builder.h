// Turns waiting deliveries into the records of one request, and sorts out what must not be sent.
// Pure but for the queue and the person order of the shard, which it takes from.
#pragma once

#include "delivery/shard.h"

#include <functional>

namespace engine::delivery {

struct BatchItem {
    QueuedDelivery delivery {};
    platforms::Record record {};
};

// Refused on this side, before it could cost a batch: a dead letter.
struct LocalRefusal {
    QueuedDelivery delivery {};
    Outcome outcome { Outcome::Invalid };
    std::string code {};
    std::string message {};
    std::string personKey {};
    std::string record {};
    bool isSplitOff { false }; // no refusal: a part of a bisection that has to go alone
    std::optional<WallTime> waitsUntil {}; // no refusal: too recent for the platform
};

struct Batch {
    std::vector<BatchItem> items {};
    std::vector<LocalRefusal> refused {};
    bool isBisection { false };
    bool hasUnknownPersons { false }; // it overwrites, see Shard::arePersonsKnown
};

// May a record of this replay job go now?
using JobGate = std::function<bool(ReplayJobId)>;

class BatchBuilder {
public:
    BatchBuilder(Shard& shard, const Moment& now, const JobGate& jobGate)
        : m_shard(shard)
        , m_now(now)
        , m_jobGate(jobGate)
    {
    }

    // At most `recordsMax` records of the lane. A part of a bisection goes alone and first.
    [[nodiscard]] Batch build(Lane lane, std::int64_t recordsMax);

private:
    ShardQueue::Visit visit(QueueEntry& entry);
    ShardQueue::Visit refuse(QueueEntry& entry, Outcome outcome, std::string code,
        std::string message, std::string record = {});
    ShardQueue::Visit place(QueueEntry& entry, platforms::Record record);
    [[nodiscard]] bool isResendUnsafe(
        const QueuedDelivery& delivery, const platforms::Record& record) const;

    Shard& m_shard;
    Moment m_now {};
    const JobGate& m_jobGate;
    std::int64_t m_recordsMax { 1 };
    bool m_isBisection { false };
    std::int64_t m_visits { 0 };
    std::int64_t m_bytes { 0 };
    std::vector<platforms::Record> m_records {};
    std::vector<LocalRefusal> m_refused {};
    // Which of the taken are refused, in the order of taking.
    std::vector<bool> m_isRefused {};
};

} // namespace engine::delivery
