#include "pacing/limiter_kinds.h"

#include <algorithm>
#include <cmath>

namespace engine::pacing {

namespace {

RollingWindow::Options windowOptions(const Limit& limit)
{
    return { .amount = limit.amount, .period = limit.period, .burst = limit.burst };
}

// Clocks that NTP slews run up to 500 ppm apart.
constexpr double kDrift = 1 / (1 - 500e-6);

} // namespace

// --- rolling ---------------------------------------------------------------------------------

RollingLimiter::RollingLimiter(const Limit& limit, SteadyTime now, WallTime wall)
    : Limiter(limit, now, wall)
    , m_window(windowOptions(limit))
{
}

void RollingLimiter::throttled(SteadyTime now) { m_window.throttled(now); }

void RollingLimiter::become(const Limit& limit, SteadyTime now)
{
    Limiter::become(limit, now);
    m_window.setOptions(windowOptions(limit), now);
}

SteadyTime RollingLimiter::roomAt(SteadyTime now, std::int64_t units, bool isBulk)
{
    return m_window.roomAt(now, { .units = units, .inFlight = inFlight(), .isBulk = isBulk });
}

void RollingLimiter::take(SteadyTime now, std::int64_t units)
{
    m_window.take(now, { .units = units, .inFlight = inFlight(), .isBulk = false });
}

void RollingLimiter::giveBack(SteadyTime, std::int64_t units) { m_window.giveBack(units); }

void RollingLimiter::land(std::int64_t units, const Flight& flight, bool isAnswered)
{
    m_window.land(units, flight, isAnswered);
}

void RollingLimiter::recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime)
{
    m_window.recall(units, sentAt, endedAt);
}

std::int64_t RollingLimiter::left(SteadyTime now)
{
    return std::max<std::int64_t>(0, limit().amount - m_window.logged(now) - inFlight());
}

bool RollingLimiter::isIdle(SteadyTime now) { return inFlight() == 0 && m_window.logged(now) == 0; }

// --- bucket ----------------------------------------------------------------------------------

BucketLimiter::BucketLimiter(const Limit& limit, SteadyTime now, WallTime wall)
    : Limiter(limit, now, wall)
    , m_fullAt(now)
    , m_fullBySendingAt(now)
{
}

Nanos BucketLimiter::refill(std::int64_t units) const
{
    const double unitNs = static_cast<double>(Nanos(limit().period).count()) * kDrift
        / static_cast<double>(std::max<std::int64_t>(limit().amount, 1));
    return Nanos { std::llround(static_cast<double>(units) * unitNs) };
}

std::int64_t BucketLimiter::batchFit(std::int64_t wanted) const
{
    if (limit().unit == LimitUnit::Requests)
        return wanted;
    return std::min(wanted, std::max<std::int64_t>(1, limit().burst > 0 ? limit().burst : wanted));
}

bool BucketLimiter::isKeptBySending(SteadyTime now, std::int64_t capacity) const
{
    return m_arrival.isSteady() && m_arrival.median() > refill(capacity) / 2
        && m_arrival.credit(now) > Nanos::zero();
}

SteadyTime BucketLimiter::roomAt(SteadyTime now, std::int64_t units, bool)
{
    const std::int64_t capacity = std::max(limit().burst, units); // burst 0: one batch
    if (isKeptBySending(now, capacity))
        return m_fullBySendingAt + m_arrival.spread(now) - refill(capacity - units);
    if (inFlight() + units > capacity)
        return kUntilEvent;
    return m_fullAt - refill(capacity - inFlight() - units);
}

void BucketLimiter::take(SteadyTime now, std::int64_t units)
{
    m_fullBySendingAt = std::max(m_fullBySendingAt, now) + refill(units);
}

void BucketLimiter::giveBack(SteadyTime, std::int64_t units) { m_fullBySendingAt -= refill(units); }

void BucketLimiter::land(std::int64_t units, const Flight& flight, bool isAnswered)
{
    if (isAnswered)
        m_arrival.add(flight.endedAt, flight.endedAt - flight.reservedAt);
    m_fullAt = std::max(m_fullAt, flight.endedAt) + refill(units);
}

void BucketLimiter::recall(std::int64_t units, SteadyTime, SteadyTime endedAt, SteadyTime now)
{
    // Emptier than empty it cannot have been, in whatever order its shards are restored.
    const SteadyTime empty = now + refill(std::max(limit().burst, units));
    m_fullAt = std::min(empty, std::max(m_fullAt, endedAt) + refill(units));
    m_fullBySendingAt = m_fullAt;
}

std::int64_t BucketLimiter::left(SteadyTime now)
{
    const std::int64_t capacity = std::max<std::int64_t>(limit().burst, 1);
    const Nanos unit = std::max(refill(1), Nanos { 1 });
    const std::int64_t missing = m_fullAt <= now ? 0 : (m_fullAt - now + unit - Nanos { 1 }) / unit;
    return std::max<std::int64_t>(0, capacity - inFlight() - missing);
}

bool BucketLimiter::isIdle(SteadyTime now) { return inFlight() == 0 && m_fullAt <= now; }

// --- fixed -----------------------------------------------------------------------------------

FixedLimiter::FixedLimiter(const Limit& limit, SteadyTime now, WallTime wall)
    : Limiter(limit, now, wall)
{
}

// How far the platform's wall clock may be from ours; no more than a part of a short window.
Nanos FixedLimiter::guard() const
{
    return std::min<Nanos>(Seconds { 2 }, Nanos(limit().period) / 250);
}

std::int64_t FixedLimiter::indexAt(SteadyTime at) const
{
    const std::int64_t period = std::max<std::int64_t>(1, Micros(limit().period).count());
    const std::int64_t micros = toUnixMicros(toWall(at));
    return micros / period - (micros % period < 0 ? 1 : 0);
}

SteadyTime FixedLimiter::endOf(std::int64_t index) const
{
    return toSteady(fromUnixMicros((index + 1) * Micros(limit().period).count()));
}

std::int64_t FixedLimiter::landedIn(std::int64_t index) const
{
    for (const Window& window : m_windows) {
        if (window.index == index)
            return window.units;
    }
    return 0;
}

SteadyTime FixedLimiter::windowRoomAt(SteadyTime now, std::int64_t units, bool isBulk) const
{
    const bool isLong = limit().period > kSpreadPeriodMax;
    const std::int64_t amount = isBulk && isLong
        ? static_cast<std::int64_t>(static_cast<double>(limit().amount) * (1 - kReserveShare))
        : limit().amount;
    SteadyTime at = now;
    bool isWaitingForAnswer = false;
    for (std::int64_t index = indexAt(now - guard()); index <= indexAt(now + guard()); ++index) {
        const std::int64_t landed = landedIn(index);
        if (landed + units > amount)
            at = std::max(at, endOf(index) + guard());
        else if (landed + inFlight() + units > amount)
            isWaitingForAnswer = true; // it counts in every window until we know better
    }
    return at == now && isWaitingForAnswer ? kUntilEvent : at;
}

// What a unit costs in the spacer now; 0 while a long quota has more than its last fifth.
double FixedLimiter::priceAt(SteadyTime now) const
{
    const double even = static_cast<double>(Nanos(limit().period).count())
        / static_cast<double>(std::max<std::int64_t>(limit().amount, 1));
    if (limit().period <= kSpreadPeriodMax)
        return even;
    const std::int64_t index = indexAt(now);
    const std::int64_t unused = limit().amount - landedIn(index) - inFlight();
    if (static_cast<double>(unused) >= static_cast<double>(limit().amount) * kReserveShare)
        return 0;
    const auto horizon = static_cast<double>((endOf(index) - now).count());
    return horizon / static_cast<double>(std::max<std::int64_t>(unused, 1));
}

SteadyTime FixedLimiter::roomAt(SteadyTime now, std::int64_t units, bool isBulk)
{
    const SteadyTime at = windowRoomAt(now, units, isBulk);
    if (priceAt(now) <= 0 || at == kUntilEvent)
        return at;
    return std::max(at, m_spacer.eligibleAt(units, limit().burst, m_price));
}

void FixedLimiter::take(SteadyTime now, std::int64_t units)
{
    m_price = priceAt(now);
    if (m_price > 0)
        m_spacer.take(now, units, m_price);
}

void FixedLimiter::giveBack(SteadyTime, std::int64_t units) { m_spacer.refund(units, m_price); }

void FixedLimiter::land(std::int64_t units, const Flight& flight, bool)
{
    recall(units, flight.sentAt, flight.endedAt, flight.endedAt);
}

void FixedLimiter::recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt, SteadyTime now)
{
    const std::int64_t oldest = indexAt(now - guard());
    std::erase_if(m_windows, [oldest](const Window& window) { return window.index < oldest; });
    // Windows that are over need no count.
    std::int64_t index = std::max(oldest, indexAt(sentAt - guard()));
    for (; index <= indexAt(endedAt + guard()); ++index) {
        const auto found = std::find_if(m_windows.begin(), m_windows.end(),
            [index](const Window& window) { return window.index == index; });
        if (found != m_windows.end())
            found->units += units;
        else
            m_windows.push_back({ .index = index, .units = units });
    }
}

bool FixedLimiter::canBecome(const Limit& limit) const
{
    return Limiter::canBecome(limit) && limit.period == m_limit.period;
}

std::int64_t FixedLimiter::left(SteadyTime now)
{
    return std::max<std::int64_t>(0, limit().amount - landedIn(indexAt(now)) - inFlight());
}

bool FixedLimiter::isIdle(SteadyTime now)
{
    return inFlight() == 0 && landedIn(indexAt(now)) == 0 && landedIn(indexAt(now) + 1) == 0;
}

} // namespace engine::pacing
