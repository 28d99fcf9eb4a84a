// Which lane of a shard sends next: live, retry, and replay with import share by their weights
// while all have work; what a lane does not use goes to live first, then to retry, then to the
// rest.
//
// Deficit round robin over records. Pure; the delivery thread's, one per shard.
#pragma once

#include "core/contract.h"

#include <engine/outcome.h>

#include <array>
#include <cstdint>
#include <optional>

namespace engine::delivery {

class LanePicker {
public:
    using Work = std::array<bool, kLanes>; // by Lane: something could go now

    void setShares(const LaneShares& shares);

    // Nothing when there is no work.
    [[nodiscard]] std::optional<Lane> pick(const Work& work);
    void charge(Lane lane, std::int64_t records);

private:
    static constexpr int kClasses = 3; // live · retry · replay and import
    [[nodiscard]] static int classOf(Lane lane);
    void newRound(const std::array<bool, kClasses>& hasWork);

    std::array<std::int64_t, kClasses> m_shares { 70, 20, 10 };
    std::array<std::int64_t, kClasses> m_credit {};
    bool m_wasReplayLast { false };
};

} // namespace engine::delivery
