#include "pacing/limiter_kinds.h"

#include <algorithm>

namespace engine::pacing {

namespace {

constexpr std::int64_t kClockDrift = 1'999; // one part in: 500 ppm
// Two headers name the same reset although both were rounded to whole seconds.
constexpr Nanos kSameReset { Seconds { 1 } };
// A little quicker than even, so that late timers do not leave units unused at the reset.
constexpr double kAheadOfEven = 0.95;

double nanosPerUnit(Nanos span, std::int64_t units)
{
    return static_cast<double>(std::max<std::int64_t>(span.count(), 0))
        / static_cast<double>(std::max<std::int64_t>(units, 1));
}

} // namespace

HeaderLimiter::HeaderLimiter(const Limit& limit, SteadyTime now, WallTime wall)
    : Limiter(limit, now, wall)
    , m_grownAt(now)
{
    if (limit.amount > 0)
        m_start.emplace(RollingWindow::Options {
            .amount = limit.amount, .period = limit.period, .burst = limit.burst });
}

void HeaderLimiter::throttled(SteadyTime now)
{
    if (m_start)
        m_start->throttled(now);
    if (m_quota || m_start)
        return;
    const double before = m_searchRate;
    m_searchRate = std::max(kFirstRate, m_searchRate / 2);
    m_spacer.rescale(now, 1e9 / before, 1e9 / m_searchRate);
    m_grownAt = now + kGrowthPause;
}

void HeaderLimiter::quotaHeader(const QuotaHeader& header, const Flight& flight)
{
    const Nanos until = std::max<Nanos>(header.untilReset, Nanos::zero());
    const SteadyTime resetAt = flight.endedAt + until + until / kClockDrift;
    const bool isNewer = !m_quota || flight.sentAt >= m_quota->readAt;
    if (!isNewer && resetAt + kSameReset < m_quota->resetAt)
        return; // of a window that is over
    // What is in flight may be in the platform's count already or not: taken off, to be safe.
    std::int64_t unused = header.remaining - inFlight();
    const bool isSameWindow = m_quota && resetAt <= m_quota->resetAt + kSameReset;
    // Answers overtake each other: one sent before the last header came may be older than it.
    if (!isNewer && isSameWindow)
        unused = std::min(unused, m_quota->left);
    const std::int64_t seen = header.amount.value_or(header.remaining);
    Quota quota;
    quota.left = unused;
    quota.amount = header.amount ? seen : std::max(seen, m_quota ? m_quota->amount : 0);
    quota.resetAt = resetAt;
    quota.window = limit().period > Millis::zero()
        ? Nanos(limit().period)
        : std::max(until, m_quota ? m_quota->window : Nanos::zero());
    quota.readAt = flight.endedAt;
    m_quota = quota;
}

void HeaderLimiter::renew(SteadyTime now)
{
    if (!m_quota || now < m_quota->resetAt)
        return;
    if (m_quota->window <= Nanos::zero() || m_quota->amount <= 0) {
        m_quota.reset();
        return;
    }
    m_quota->left = m_quota->amount - inFlight();
    const auto windows = (now - m_quota->resetAt) / m_quota->window + 1;
    m_quota->resetAt += windows * m_quota->window;
}

double HeaderLimiter::quotaPrice(SteadyTime now) const
{
    const Quota& quota = *m_quota;
    const bool isLong = quota.window > Nanos(kSpreadPeriodMax);
    if (isLong
        && static_cast<double>(quota.left) >= static_cast<double>(quota.amount) * kReserveShare)
        return 0;
    const double untilReset = nanosPerUnit(quota.resetAt - now, quota.left);
    return std::max(untilReset, nanosPerUnit(quota.window, quota.amount) * kAheadOfEven);
}

SteadyTime HeaderLimiter::quotaRoomAt(SteadyTime now, std::int64_t units, bool isBulk) const
{
    const Quota& quota = *m_quota;
    if (units > quota.left)
        return quota.resetAt;
    const bool isLong = quota.window > Nanos(kSpreadPeriodMax);
    const double reserve = static_cast<double>(quota.amount) * kReserveShare;
    if (isBulk && isLong && static_cast<double>(quota.left - units) < reserve)
        return quota.resetAt;
    if (quotaPrice(now) <= 0)
        return now;
    return m_spacer.eligibleAt(units, limit().burst, m_price);
}

SteadyTime HeaderLimiter::searchRoomAt(std::int64_t units) const
{
    const auto inFlightMax = std::max(units, static_cast<std::int64_t>(m_searchRate));
    if (inFlight() > 0 && inFlight() + units > inFlightMax)
        return kUntilEvent;
    return m_spacer.eligibleAt(units, units, 1e9 / m_searchRate);
}

SteadyTime HeaderLimiter::roomAt(SteadyTime now, std::int64_t units, bool isBulk)
{
    renew(now);
    if (m_quota)
        return quotaRoomAt(now, units, isBulk);
    if (m_start)
        return m_start->roomAt(now, { .units = units, .inFlight = inFlight(), .isBulk = isBulk });
    return searchRoomAt(units);
}

void HeaderLimiter::take(SteadyTime now, std::int64_t units)
{
    m_recalled.clear();
    renew(now);
    if (!m_quota && m_start) {
        m_start->take(now, { .units = units, .inFlight = inFlight(), .isBulk = false });
        return;
    }
    m_price = m_quota ? quotaPrice(now) : 1e9 / m_searchRate;
    if (m_price > 0)
        m_spacer.take(now, units, m_price);
    if (m_quota)
        m_quota->left -= units;
}

void HeaderLimiter::giveBack(SteadyTime, std::int64_t units)
{
    if (m_quota)
        m_quota->left += units;
    if (!m_quota && m_start)
        m_start->giveBack(units);
    else
        m_spacer.refund(units, m_price);
}

void HeaderLimiter::land(std::int64_t units, const Flight& flight, bool isAnswered)
{
    if (m_start)
        m_start->land(units, flight, isAnswered);
    if (m_start || m_quota || !isAnswered)
        return;
    if (flight.endedAt - m_grownAt >= Seconds { 1 }) {
        m_searchRate += kGrowth;
        m_grownAt = flight.endedAt;
    }
}

void HeaderLimiter::recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime)
{
    if (m_start)
        m_start->recall(units, sentAt, endedAt);
    m_recalled.emplace_back(sentAt, units);
    if (m_quota && sentAt >= m_quota->readAt)
        m_quota->left -= units;
}

Millis HeaderLimiter::lookback() const { return m_start ? Limiter::lookback() : Millis { 0 }; }

std::optional<QuotaState> HeaderLimiter::quotaState() const
{
    if (!m_quota)
        return std::nullopt;
    return QuotaState { .remaining = m_quota->left,
        .amount = m_quota->amount > 0 ? std::optional(m_quota->amount) : std::nullopt,
        .resetAt = toWall(m_quota->resetAt),
        .window = std::chrono::ceil<Millis>(m_quota->window),
        .readAt = toWall(m_quota->readAt) };
}

void HeaderLimiter::restoreQuota(const QuotaState& state, SteadyTime now, WallTime wall)
{
    syncWall(now, wall);
    const SteadyTime resetAt = toSteady(state.resetAt);
    // The clock may have been set back meanwhile: no window is longer than a day.
    if (resetAt <= now || resetAt > now + std::chrono::hours { 24 })
        return;
    const SteadyTime readAt = std::min(now, toSteady(state.readAt));
    if (m_quota && m_quota->readAt >= readAt)
        return; // another shard heard of it later
    m_quota = Quota { .left = state.remaining,
        .amount = state.amount.value_or(state.remaining),
        .resetAt = resetAt,
        .window = limit().period > Millis::zero() ? Nanos(limit().period) : Nanos(state.window),
        .readAt = readAt };
    for (const auto& [sentAt, units] : m_recalled) {
        if (sentAt >= readAt)
            m_quota->left -= units;
    }
}

void HeaderLimiter::become(const Limit& limit, SteadyTime now)
{
    Limiter::become(limit, now);
    if (m_start)
        m_start->setOptions(
            { .amount = limit.amount, .period = limit.period, .burst = limit.burst }, now);
}

std::int64_t HeaderLimiter::batchFit(std::int64_t wanted) const
{
    if (!m_quota || limit().unit == LimitUnit::Requests)
        return Limiter::batchFit(wanted);
    return std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(1, m_quota->left));
}

std::optional<double> HeaderLimiter::unitsPerSecond(SteadyTime now) const
{
    if (m_quota && m_quota->window > Nanos::zero())
        return static_cast<double>(m_quota->amount)
            / std::chrono::duration<double>(m_quota->window).count();
    return m_start ? Limiter::unitsPerSecond(now) : std::optional(m_searchRate);
}

CeilingSource HeaderLimiter::source() const
{
    return m_quota ? CeilingSource::Header : Limiter::source();
}

std::int64_t HeaderLimiter::left(SteadyTime now)
{
    renew(now);
    if (m_quota)
        return std::max<std::int64_t>(0, m_quota->left);
    if (m_start)
        return std::max<std::int64_t>(0, limit().amount - m_start->logged(now) - inFlight());
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(m_searchRate) - inFlight());
}

bool HeaderLimiter::isIdle(SteadyTime now)
{
    if (inFlight() > 0 || (m_quota && now < m_quota->resetAt))
        return false;
    return !m_start || m_start->logged(now) == 0;
}

} // namespace engine::pacing
