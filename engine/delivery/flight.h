// One request on its way: from the dispatch mark to the commit of its outcome. Private to the
// Dispatcher.
#pragma once

#include "delivery/dispatcher.h"

#include <algorithm>

namespace engine::delivery {

struct Dispatcher::Flight {
    RequestId id {};
    ShardKey shard {};
    Lane lane { Lane::Live };
    // As they were when it was sent: a reload changes neither how it is read nor what it holds.
    DestinationPtr destination {};
    std::string account {};
    const platforms::Adapter* adapter { nullptr };
    std::shared_ptr<Credential> credential {};
    std::shared_ptr<const platforms::Secrets> secrets {};

    std::vector<BatchItem> items {}; // records moved out: see `records`
    std::vector<platforms::Record> records {};
    bool isBisection { false };
    std::int64_t batchMax { 1 };
    ProbeKind probe {};
    bool isMarked { false };
    bool isCanary { false }; // the one that tries whether the store commits again
    std::optional<pacing::Reservation> reservation {}; // none: refused on this side, or refunded
    bool wasSent { false };
    std::optional<TransferId> transfer {};
    Transport* transport { nullptr };
    SteadyTime sentAt {};
    WallTime sentAtWall {};
    HttpRequest head {}; // without the body; for the record of a failure
    std::string ownUrl {}; // as the adapter wrote it, before any redirect
    int tokenNumber { 0 };

    // After the answer.
    RequestResult result {};
    ErrorForm form { ErrorForm::None };
    bool hasLatency { true };
    std::vector<ErrorForm> forms {};
    std::vector<bool> isNotAtFault {};
    bool isPartial { false };
    std::vector<QueuedDelivery> moves {}; // as they are after the commit, in the order of items
    bool isSetAside { false }; // refused for the configuration: out until another one is judged

    [[nodiscard]] bool isProbe() const
    {
        return probe.any() || (reservation && reservation->isProbe);
    }
    [[nodiscard]] bool isLocal() const { return toInt(id) < 0; }
    [[nodiscard]] platforms::EncodeContext context(WallTime now) const
    {
        return { .destination = destination.get(), .account = account, .now = now };
    }
};

[[nodiscard]] inline bool hasOutcome(const platforms::Decoded& decoded, Outcome outcome)
{
    return std::any_of(decoded.records.begin(), decoded.records.end(),
        [outcome](const platforms::RecordOutcome& record) { return record.outcome == outcome; });
}

} // namespace engine::delivery
