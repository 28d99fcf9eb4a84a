#include "ingress/workspace_state.h"

#include <algorithm>

namespace engine::ingress {
namespace {

constexpr std::uint64_t kCountMask = (std::uint64_t { 1 } << 40U) - 1;

Seconds roundedUp(std::chrono::nanoseconds wait)
{
    return std::max(std::chrono::ceil<Seconds>(wait), Seconds { 1 });
}

TierOptions tierOf(const WorkspaceConfig& config)
{
    return { .rate = config.rate, .burst = config.burst };
}

} // namespace

std::int64_t MonthCount::add(int month, std::int64_t count)
{
    std::uint64_t old = m_word.load();
    for (;;) {
        const int current = static_cast<int>(old >> 40U);
        auto have = static_cast<std::int64_t>(old & kCountMask);
        if (month < current)
            return have;
        have = std::max<std::int64_t>((month > current ? 0 : have) + count, 0);
        if (m_word.compare_exchange_weak(old, pack(month, have)))
            return have;
    }
}

std::int64_t MonthCount::of(int month) const
{
    const std::uint64_t word = m_word.load();
    return static_cast<int>(word >> 40U) == month ? static_cast<std::int64_t>(word & kCountMask)
                                                  : 0;
}

void StatusCounts::count(int status)
{
    const auto at = static_cast<std::size_t>(
        std::find(kStatuses.begin(), kStatuses.end(), status) - kStatuses.begin());
    m_counts.at(at).fetch_add(1, std::memory_order_relaxed);
}

std::vector<std::pair<int, std::int64_t>> StatusCounts::all() const
{
    std::vector<std::pair<int, std::int64_t>> counts;
    for (std::size_t i = 0; i < m_counts.size(); ++i) {
        const std::int64_t count = m_counts.at(i).load(std::memory_order_relaxed);
        if (count > 0)
            counts.emplace_back(i < kStatuses.size() ? kStatuses.at(i) : 0, count);
    }
    return counts;
}

WorkspaceState::WorkspaceState(
    const WorkspaceConfig& config, int monthNow, std::int64_t acceptedInMonth)
    : month(monthNow, acceptedInMonth)
    , m_config(config)
    , m_bucket(tierOf(config))
{
}

Admission WorkspaceState::admit(const WorkspaceConfig& config, const AdmissionRequest& request)
{
    if (config.rate != m_config.rate || config.burst != m_config.burst)
        m_bucket.change(tierOf(config), request.now);
    m_config = config;
    m_bucket.giveBack(m_returned.exchange(0));

    const int thisMonth = monthOf(request.wallNow);
    Admission admission;
    if (config.overLimit == OverLimit::Reject) {
        if (config.monthlyCap > 0 && month.of(thisMonth) + request.events > config.monthlyCap) {
            admission.refusal = "The monthly cap of workspace " + config.name + " is reached.";
            admission.retryAfter = roundedUp(nextMonth(request.wallNow) - request.wallNow);
            return admission;
        }
        const auto wait = m_bucket.tryTake(request.events, request.now);
        if (wait > std::chrono::nanoseconds::zero()) {
            admission.refusal = "Workspace " + config.name + " sends more than its tier allows.";
            admission.retryAfter = roundedUp(wait);
            return admission;
        }
        admission.waits.resize(static_cast<std::size_t>(request.events));
    } else {
        admission.waits = m_bucket.take(request.events, request.now);
    }
    month.add(thisMonth, request.events);
    return admission;
}

void WorkspaceState::deferredBefore(WallTime lastRelease, WallTime wallNow, SteadyTime now)
{
    m_bucket.owe(now + (lastRelease - wallNow), now);
}

void WorkspaceState::giveBack(std::int64_t events, WallTime admittedAt)
{
    m_returned.fetch_add(events);
    month.add(monthOf(admittedAt), -events);
}

double RateMeter::perSecond(std::int64_t total, SteadyTime now)
{
    while (m_samples.size() > 1
        && (m_samples[1].first <= now - kWindow || m_samples.size() > kSamplesMax))
        m_samples.pop_front();
    double rate = 0;
    if (!m_samples.empty() && now > m_samples.front().first) {
        const std::chrono::duration<double> span = now - m_samples.front().first;
        rate = static_cast<double>(total - m_samples.front().second) / span.count();
    }
    m_samples.emplace_back(now, total);
    return rate;
}

} // namespace engine::ingress
