#include "pacing/adaptive_rate.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

using SecondsF = std::chrono::duration<double>;

constexpr Seconds kMeasureSpan { 10 };
constexpr std::size_t kMeasureSamples = 20; // at slow rates the span grows until it holds as many
constexpr Seconds kMeasureSpanMax { 600 };
// Where the curve has grown to twice its peak, the limit has evidently moved.
constexpr double kForgetAt = 2.0;

} // namespace

void AdaptiveRate::sent(SteadyTime now)
{
    m_sent.push_back(now);
    if (m_sent.size() > kSamplesMax)
        m_sent.pop_front();
}

void AdaptiveRate::unsent()
{
    if (!m_sent.empty())
        m_sent.pop_back();
}

// Requests per second lately; 0 when there were too few to tell.
double AdaptiveRate::measured(SteadyTime now) const
{
    std::size_t count = 0;
    SteadyTime first = now;
    for (auto sent = m_sent.rbegin(); sent != m_sent.rend(); ++sent) {
        const auto age = now - *sent;
        if (age > kMeasureSpanMax || (age > kMeasureSpan && count >= kMeasureSamples))
            break;
        first = *sent;
        ++count;
    }
    const double span = SecondsF(now - first).count();
    return count < 2 || span <= 0 ? 0 : static_cast<double>(count) / span;
}

void AdaptiveRate::fallFrom(double rate, SteadyTime resumeAt)
{
    rate = std::max(kRateMin, rate);
    // Refused below the last peak: the limit is falling, so the curve aims below this one too.
    const double peak = m_isLimiting && rate < m_peak ? rate * (1 + kFall) / 2 : rate;
    // Below the peak also at the lowest rate: a flat curve would never rise again.
    aimAt(peak, rate * kFall, resumeAt);
}

void AdaptiveRate::aimAt(double peak, double floor, SteadyTime resumeAt)
{
    m_peak = peak;
    m_floor = floor;
    m_resumeAt = resumeAt;
    // Where the cubic of limit() reaches kForgetAt times its peak.
    const double x = std::cbrt((kForgetAt - 1) * peak / (peak - floor));
    m_forgottenAt = resumeAt + std::chrono::ceil<Millis>(SecondsF(kRecovery) * (1 + x));
    m_isLimiting = true;
}

void AdaptiveRate::throttled(SteadyTime now, const Throttle& throttle)
{
    if (throttle.sentAt <= m_fellAt)
        return;
    const double rate = measured(now);
    const SteadyTime resumeAt = std::max(now, throttle.heldUntil);
    m_fellAt = now;
    m_sent.clear();
    if (rate <= 0) {
        if (m_isLimiting) // too few since the last fall: from the curve itself
            fallFrom(curve(now).value_or(m_peak), resumeAt);
        return;
    }
    m_learned = LearnedCeiling { .requestsPerSecond = rate, .at = now, .from = throttle.from };
    fallFrom(rate, resumeAt);
}

void AdaptiveRate::usage(SteadyTime now, const Usage& told)
{
    if (told.ratio <= kUsageSlow) {
        m_slowed.reset();
        return;
    }
    const double whole = told.whole.value_or(m_slowed ? m_slowed->whole : measured(now));
    if (whole <= 0)
        return;
    const double share = std::max(0.0, (kUsageStop - told.ratio) / (kUsageStop - kUsageSlow));
    const double rate = std::max(kRateMin, whole * share);
    const bool isSame = m_slowed && m_slowed->to.requestsPerSecond == rate;
    m_slowed = Slowed { .whole = whole,
        .to
        = { .requestsPerSecond = rate, .at = isSame ? m_slowed->to.at : now, .from = told.from },
        .endsAt = now + kUsageFor };
}

std::optional<LearnedCeiling> AdaptiveRate::learned(SteadyTime now) const
{
    return curve(now) ? m_learned : std::nullopt;
}

std::optional<LearnedCeiling> AdaptiveRate::usageCeiling(SteadyTime now) const
{
    return m_slowed && now < m_slowed->endsAt ? std::optional(m_slowed->to) : std::nullopt;
}

std::optional<AdaptiveRate::State> AdaptiveRate::state() const
{
    if (!m_isLimiting)
        return std::nullopt;
    return State { .peak = m_peak,
        .floor = m_floor,
        .fellAt = m_fellAt,
        .resumeAt = m_resumeAt,
        .forgottenAt = m_forgottenAt,
        .learned = m_learned };
}

void AdaptiveRate::restore(SteadyTime now, const State& state)
{
    const bool isCurve = state.floor > 0 && state.peak > state.floor;
    const SteadyTime fellAt = std::min(state.fellAt, now);
    if (!isCurve || fellAt <= m_fellAt)
        return;
    aimAt(state.peak, state.floor, std::min(state.resumeAt, now + kRestMax));
    m_fellAt = fellAt;
    m_learned = state.learned;
}

std::optional<double> AdaptiveRate::limit(SteadyTime now) const
{
    const auto taught = curve(now);
    const auto left = usageCeiling(now);
    if (!left)
        return taught;
    return std::min(taught.value_or(left->requestsPerSecond), left->requestsPerSecond);
}

std::optional<double> AdaptiveRate::curve(SteadyTime now) const
{
    if (!m_isLimiting || now >= m_forgottenAt)
        return std::nullopt;
    const double elapsed = now <= m_resumeAt ? 0 : SecondsF(now - m_resumeAt).count();
    // Cubic through (0, floor) and (kRecovery, peak), flat at the peak.
    const double x = elapsed / SecondsF(kRecovery).count() - 1;
    return std::max(kRateMin, m_peak + (m_peak - m_floor) * x * x * x);
}

} // namespace engine::pacing
