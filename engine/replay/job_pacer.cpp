#include "replay/job_pacer.h"

#include "replay/forecast.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace engine::replay {
namespace {

constexpr std::array<std::int64_t, 3> kRamp { 1, 10, 100 };
constexpr double kRampAccepted = 0.95;
// What lies in the lane beyond this is only in the way of a pause or a cancel.
constexpr double kLaneSeconds = 2;

std::string percent(double ratio)
{
    const auto tenths = std::lround(ratio * 1'000); // a limit of 0.5 % is no 1 %
    const auto rest = tenths % 10;
    return std::to_string(tenths / 10) + (rest == 0 ? "" : "." + std::to_string(rest)) + " %";
}

} // namespace

std::optional<double> JobPacer::errorRatio(const Progress& progress)
{
    if (m_samples.empty())
        m_samples.push_back({ progress.accepted, progress.failed });
    if (m_samples.back().accepted != progress.accepted
        || m_samples.back().failed != progress.failed)
        m_samples.push_back({ progress.accepted, progress.failed });
    const auto endedAt = [](const Sample& sample) { return sample.accepted + sample.failed; };
    while (m_samples.size() > 2
        && progress.ended() - endedAt(m_samples[1]) >= m_options.guards.errorWindow)
        m_samples.pop_front();
    const std::int64_t ended = progress.ended() - endedAt(m_samples.front());
    const std::int64_t failed = progress.failed - m_samples.front().failed;
    if (ended < m_options.guards.errorSamplesMin)
        return std::nullopt;
    return static_cast<double>(failed) / static_cast<double>(ended);
}

std::string JobPacer::stopReason(const std::optional<double>& ratio, const Progress& progress) const
{
    if (!ratio || *ratio < m_options.guards.limits.errorStop)
        return sameErrorReason(progress);
    const Sample& oldest = m_samples.front();
    const std::int64_t ended = progress.ended() - oldest.accepted - oldest.failed;
    return percent(*ratio) + " of the last " + std::to_string(ended) + " failed again (stop at "
        + percent(m_options.guards.limits.errorStop) + ")";
}

// What the ramp is for: nothing was repaired, so a step fails, and with the old error. More records
// would only tell the same.
std::string JobPacer::sameErrorReason(const Progress& progress) const
{
    if (!m_rampStart || m_rampStep >= static_cast<int>(kRamp.size()))
        return {};
    const std::int64_t ended = progress.ended() - m_rampStart->ended();
    const std::int64_t failed = progress.failed - m_rampStart->failed;
    const std::int64_t same = progress.sameError - m_rampStart->sameError;
    const bool isStepOver = ended >= kRamp[static_cast<std::size_t>(m_rampStep)];
    const bool hasFailed
        = static_cast<double>(ended - failed) < kRampAccepted * static_cast<double>(ended);
    if (!isStepOver || !hasFailed || same < failed)
        return {};
    return "the same error came back for " + std::to_string(failed) + " of the first "
        + std::to_string(ended);
}

std::string JobPacer::holdReason(const Surroundings& around) const
{
    if (around.liveLag >= m_options.guards.limits.liveLagHold)
        return "live traffic is " + std::to_string(around.liveLag.count())
            + " s late and goes first";
    if (around.throttleRatio >= m_options.guards.limits.throttleHold)
        return percent(around.throttleRatio) + " of requests are throttled";
    return {};
}

std::int64_t JobPacer::rampAllowance(const Progress& progress)
{
    if (!m_options.isRamped)
        m_rampStep = static_cast<int>(kRamp.size());
    if (!m_rampStart)
        m_rampStart = progress;
    while (m_rampStep < static_cast<int>(kRamp.size())) {
        const std::int64_t step = kRamp[static_cast<std::size_t>(m_rampStep)];
        const std::int64_t fed = progress.fed - m_rampStart->fed;
        if (fed < step)
            return step - fed;
        const std::int64_t ended = progress.ended() - m_rampStart->ended();
        if (ended < step)
            return 0; // the step is out; wait for how it ends
        const auto accepted = static_cast<double>(progress.accepted - m_rampStart->accepted);
        if (accepted < kRampAccepted * static_cast<double>(ended)) {
            m_rampStart
                = progress; // the same step once more; the error guard decides when that is enough
            return step;
        }
        ++m_rampStep;
        m_rampStart = progress;
    }
    return std::numeric_limits<std::int64_t>::max();
}

Feed JobPacer::next(SteadyTime now, const Progress& progress, const Surroundings& around)
{
    Feed feed;
    feed.errorRatio = errorRatio(progress);
    feed.stop = stopReason(feed.errorRatio, progress);
    if (!feed.stop.empty())
        return feed;
    feed.hold = holdReason(around);
    feed.perSecond = paceOf(m_options.sharePercent, m_options.perSecond, around);
    const std::int64_t allowance = rampAllowance(progress);
    feed.rampStep = m_rampStep;
    const double elapsed = m_last ? std::chrono::duration<double>(now - *m_last).count() : 0;
    m_last = now;
    if (!feed.hold.empty()) {
        m_credit = 0; // what was not sent while holding is not made up for in a burst
        return feed;
    }
    const double laneMax
        = std::max(feed.perSecond * kLaneSeconds, static_cast<double>(around.batch));
    m_credit = std::min(m_credit + feed.perSecond * elapsed, laneMax);
    const double room = laneMax - static_cast<double>(progress.outstanding());
    const auto earned
        = static_cast<std::int64_t>(std::floor(std::min(m_credit, std::max(room, 0.0))));
    // The canary goes at once: one record is no load.
    feed.count = m_rampStep == 0 && m_options.isRamped ? std::min<std::int64_t>(allowance, 1)
                                                       : std::min(earned, allowance);
    m_credit = std::max(0.0, m_credit - static_cast<double>(feed.count));
    return feed;
}

} // namespace engine::replay
