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
// never early. The shortest round trip seen is the best bound of that sum; some of the distance to
// the median is taken off, because the shortest of n samples lies above the true minimum: for two
// evenly distributed ways by about √(2/n) of their spread. Four times that is taken off, and no
// less than a third. (Drawn 3,000 times over 400 requests: one in 230 of such starts has a request
// that is early at all; a steady quarter from 64 samples on has one in 35.) Round trips that vary
// by more than an eighth tell too little: no credit then.
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
    static constexpr std::size_t kSamplesMin = 16; // a request a second has them soon, too
    static constexpr Seconds kSlice { 30 }; // the shortest is remembered for two minutes
    static constexpr Seconds kForgiven { 600 }; // a widened margin halves after each

private:
    struct Slice {
        Nanos shortest { Nanos::max() };
        std::size_t count { 0 };
    };
    void recompute();
    void rollSlices(SteadyTime now);
    [[nodiscard]] Nanos margin() const;
    [[nodiscard]] Nanos widening(SteadyTime now) const;

    std::array<Nanos, kSamples> m_ring {};
    std::size_t m_count { 0 };
    std::array<Slice, 4> m_slices {}; // the newest first
    SteadyTime m_sliceEnd { SteadyTime::min() };
    std::size_t m_samples { 0 }; // of the slices; what follows is of them
    Nanos m_min { 0 };
    Nanos m_median { 0 };
    Nanos m_widening { 0 };
    SteadyTime m_widenedAt {};
};

} // namespace engine::pacing
