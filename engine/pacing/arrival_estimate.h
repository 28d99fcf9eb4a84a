// Where between our send and its answer the platform stamped a request, as far as round trips tell.
#pragma once

#include "pacing/spacer.h"

#include <engine/time.h>

#include <array>
#include <cstddef>

namespace engine::pacing {

// A slot that is freed one period after the *answer* is never early, but costs a whole round trip
// of every period. Some of that may be credited: let a request leave `credit` earlier. It is
// stamped no earlier than its way out allows, and the request whose slot it takes was stamped no
// later than its way back allows, so a credit up to (shortest way out + shortest way back) is still
// never early. The shortest round trip seen is the best bound of that sum; a quarter of the
// distance to the median is taken off, because the shortest of n samples lies above the true
// minimum (for two evenly distributed ways by √(2/n) of their spread: 0.18 at 64 samples, where the
// quarter is 0.21). Round trips that vary by more than an eighth tell too little: no credit then.
class ArrivalEstimate {
public:
    void add(SteadyTime now, Nanos roundTrip); // reserved → answered, so it includes our commit
    void throttled(SteadyTime now); // the credit was too large: it shrinks by a quarter or more

    [[nodiscard]] Nanos credit(SteadyTime now) const;
    // How far apart two requests may be shifted between our clock and the platform's stamp.
    [[nodiscard]] Nanos spread(SteadyTime now) const;
    [[nodiscard]] Nanos median() const { return m_median; }
    [[nodiscard]] bool isSteady() const;

    static constexpr std::size_t kSamples = 256;
    static constexpr std::size_t kSamplesMin = 64;
    static constexpr Seconds kSlice { 30 }; // the shortest is remembered for two minutes
    static constexpr Seconds kForgiven { 600 }; // a widened margin halves after each

private:
    void recompute();
    void rollSlices(SteadyTime now);
    [[nodiscard]] Nanos widening(SteadyTime now) const;

    std::array<Nanos, kSamples> m_ring {};
    std::size_t m_count { 0 };
    std::array<Nanos, 4> m_shortest { Nanos::max(), Nanos::max(), Nanos::max(), Nanos::max() };
    SteadyTime m_sliceEnd { SteadyTime::min() };
    Nanos m_min { 0 };
    Nanos m_median { 0 };
    Nanos m_widening { 0 };
    SteadyTime m_widenedAt {};
};

} // namespace engine::pacing
