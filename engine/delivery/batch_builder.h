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
    std::string record {};
    bool isSplitOff { false }; // no refusal: a part of a bisection that has to go alone
    bool isSuperseded { false }; // no refusal: a later record of its person was accepted
    std::optional<WallTime> waitsUntil {}; // no refusal: too recent for the platform
};

struct Batch {
    std::vector<BatchItem> items {};
    std::vector<LocalRefusal> refused {};
    bool isBisection { false };
    bool isMoreToRead { false }; // nothing to send in what was read so far: go on reading
};

// What only the dispatcher knows. Each may be null.
struct BuilderPorts {
    std::function<bool(ReplayJobId)> mayGo {}; // a record of this replay, now?
    // A later record of this person was accepted: this one must not go any more. Absent: it could
    // not be read.
    std::function<std::optional<bool>(std::int64_t person, EventSeq)> isSuperseded {};
    std::function<void(const DeliveryKey*)> encoding {}; // DeliveryStore::encoding()
};

class BatchBuilder {
public:
    BatchBuilder(Shard& shard, const Moment& now, const BuilderPorts& ports)
        : m_shard(shard)
        , m_now(now)
        , m_ports(ports)
    {
    }

    // At most `recordsMax` records of the lane. A part of a bisection goes alone and first.
    [[nodiscard]] Batch build(Lane lane, std::int64_t recordsMax);

private:
    [[nodiscard]] platforms::Encoded encode(const QueuedDelivery& delivery) const;
    ShardQueue::Visit visit(QueueEntry& entry);
    ShardQueue::Visit refuse(
        Outcome outcome, std::string code, std::string message, std::string record = {});
    [[nodiscard]] std::optional<ShardQueue::Visit> judgePerson(QueueEntry& entry);
    ShardQueue::Visit place(QueueEntry& entry, platforms::Record record);
    [[nodiscard]] bool isResendUnsafe(
        const QueuedDelivery& delivery, const platforms::Record& record) const;

    Shard& m_shard;
    Moment m_now {};
    const BuilderPorts& m_ports;
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
