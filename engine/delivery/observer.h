// What the delivery loop tells whoever measures. Called in the delivery thread, once for each fact,
// after the commit that made it true; must return at once.
#pragma once

#include "core/delivery.h"

#include <engine/outcome.h>
#include <engine/time.h>

#include <array>
#include <cstdint>
#include <string>

namespace engine::delivery {

struct RequestEnded {
    ShardId shard {};
    Lane lane { Lane::Live };
    Outcome outcome { Outcome::Accepted }; // of the request
    ErrorForm form { ErrorForm::None }; // of the request
    int httpStatus { 0 }; // 0: no answer
    Micros latency { 0 }; // send → last byte; a timeout counts as its limit
    bool hasLatency { true }; // not where nobody was reached, which often shows at once
    std::int64_t records { 0 };
    std::int64_t batchMax { 1 }; // records it could have carried: the fill is records ÷ batchMax
    bool isPartial { false };
    bool isProbe { false };
    bool isLocal {
        false
    }; // nothing was sent: refused on this side, latency and status mean nothing
    std::array<std::int64_t, kOutcomes> outcomes {}; // records by outcome
    // Records that were not accepted, by outcome and by how the answer showed it.
    std::array<std::array<std::int64_t, kErrorForms>, kOutcomes> forms {};
    SteadyTime endedAt {};
    WallTime endedAtWall {};
};

class DeliveryObserver {
public:
    DeliveryObserver() = default;
    DeliveryObserver(const DeliveryObserver&) = delete;
    DeliveryObserver& operator=(const DeliveryObserver&) = delete;
    virtual ~DeliveryObserver() = default;

    virtual void arrived(const ShardId& shard, Lane lane, std::int64_t records, SteadyTime at) = 0;
    // The first dispatch mark of a live delivery; waited = since received_at.
    virtual void pickedUp(const ShardId& shard, Millis waited, SteadyTime at) = 0;
    virtual void requestEnded(const RequestEnded& request) = 0;
};

} // namespace engine::delivery
