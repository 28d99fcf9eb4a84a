#include "ingress/tier.h"

#include <algorithm>

namespace engine::ingress {
namespace {

// 30 years. More debt than that is no schedule; the bound keeps every sum far inside 64 bits of
// nanoseconds (292 years).
constexpr std::chrono::nanoseconds kDebtMax { std::chrono::hours { 24 * 365 * 30 } };

TierOptions sane(TierOptions options)
{
    options.rate = std::max(options.rate, 1e-6);
    options.burst = std::max<std::int64_t>(options.burst, 1);
    return options;
}

} // namespace

TierBucket::TierBucket(TierOptions options)
    : m_options(sane(options))
{
}

std::chrono::nanoseconds TierBucket::costOf(std::int64_t count) const
{
    const double nanos = static_cast<double>(count) / m_options.rate * 1e9;
    return std::chrono::nanoseconds(
        static_cast<std::int64_t>(std::min(nanos, static_cast<double>(kDebtMax.count()))));
}

void TierBucket::change(TierOptions options, SteadyTime now)
{
    options = sane(options);
    const double ratio = m_options.rate / options.rate;
    if (m_fullAt > now) {
        const double left = static_cast<double>((m_fullAt - now).count()) * ratio;
        m_fullAt = now
            + std::chrono::nanoseconds(
                static_cast<std::int64_t>(std::min(left, static_cast<double>(kDebtMax.count()))));
    }
    m_options = options;
}

std::vector<std::chrono::nanoseconds> TierBucket::take(std::int64_t count, SteadyTime now)
{
    std::vector<std::chrono::nanoseconds> waits;
    waits.reserve(static_cast<std::size_t>(count));
    const auto start = std::max(m_fullAt, now);
    const auto full = costOf(m_options.burst);
    for (std::int64_t i = 1; i <= count; ++i) {
        // Each from the start, so that a thousand roundings do not add up.
        const auto wait = std::min(start + costOf(i) - now, kDebtMax) - full;
        waits.push_back(std::max(wait, std::chrono::nanoseconds::zero()));
    }
    m_fullAt = std::min(start + costOf(count), now + kDebtMax);
    return waits;
}

std::chrono::nanoseconds TierBucket::tryTake(std::int64_t count, SteadyTime now)
{
    const auto start = std::max(m_fullAt, now);
    const auto needed = costOf(std::min(count, m_options.burst));
    const auto wait = start + needed - now - costOf(m_options.burst);
    if (wait > std::chrono::nanoseconds::zero())
        return wait;
    m_fullAt = start + costOf(count);
    return std::chrono::nanoseconds::zero();
}

void TierBucket::owe(SteadyTime lastToken, SteadyTime now)
{
    m_fullAt = std::max(m_fullAt, std::min(lastToken + costOf(m_options.burst), now + kDebtMax));
}

void TierBucket::giveBack(std::int64_t count) { m_fullAt -= costOf(count); }

int monthOf(WallTime time)
{
    const std::chrono::year_month_day date { std::chrono::floor<std::chrono::days>(time) };
    return static_cast<int>(date.year()) * 100
        + static_cast<int>(static_cast<unsigned>(date.month()));
}

WallTime nextMonth(WallTime time)
{
    const std::chrono::year_month_day date { std::chrono::floor<std::chrono::days>(time) };
    return std::chrono::sys_days { (date.year() / date.month() + std::chrono::months { 1 }) / 1 };
}

} // namespace engine::ingress
