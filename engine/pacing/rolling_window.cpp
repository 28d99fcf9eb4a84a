#include "pacing/rolling_window.h"

#include <algorithm>
#include <iterator>

namespace engine::pacing {

namespace {

// Clocks that NTP slews run up to 500 ppm apart: one part in 1 ÷ (1 ÷ (1 − 500e-6) − 1).
constexpr std::int64_t kClockDrift = 1'999;
// A platform that stamps in whole milliseconds may see a period a millisecond shorter than it was.
constexpr Nanos kStampGrain { Millis { 1 } };
// From here on waiting for the answer costs enough for the estimate: with drift, grain and a late
// timer on top the whole loss stays under 1 %.
constexpr std::int64_t kEstimateAbove = 200; // one part in

} // namespace

Nanos RollingWindow::hold() const
{
    return period() + period() / kClockDrift + std::min(kStampGrain, period() / 1'000);
}

Nanos RollingWindow::creditAt(SteadyTime now) const
{
    return m_arrival.median() > period() / kEstimateAbove ? m_arrival.credit(now) : Nanos::zero();
}

double RollingWindow::unitNs() const
{
    return static_cast<double>(period().count())
        / static_cast<double>(std::max<std::int64_t>(m_options.amount, 1));
}

void RollingWindow::setOptions(const Options& options, SteadyTime now)
{
    const double before = unitNs();
    m_options = options;
    m_spacer.rescale(now, before, unitNs());
}

void RollingWindow::expire(SteadyTime now)
{
    const Nanos credit = creditAt(now);
    while (!m_log.empty()) {
        const Entry& front = m_log.front();
        if (front.last - (front.isCredited ? credit : Nanos::zero()) + hold() > now)
            return;
        m_logged -= front.units;
        m_log.pop_front();
    }
}

// When `units` of the log will be free again. The log is in order of answers, and it frees in that
// order: an entry behind one that must wait for its full period waits with it.
SteadyTime RollingWindow::freedAt(SteadyTime now, std::int64_t units) const
{
    const Nanos credit = creditAt(now);
    SteadyTime at = now;
    if (units <= 0)
        return at;
    for (const Entry& entry : m_log) {
        at = std::max(at, entry.last - (entry.isCredited ? credit : Nanos::zero()) + hold());
        units -= entry.units;
        if (units <= 0)
            return at;
    }
    return kUntilEvent; // the rest is in flight
}

SteadyTime RollingWindow::roomAt(SteadyTime now, const Ask& ask)
{
    if (ask.units > m_options.amount)
        return kUntilEvent;
    expire(now);
    const std::int64_t used = m_logged + ask.inFlight;
    SteadyTime at = now;
    if (used + ask.units > m_options.amount)
        at = freedAt(now, used + ask.units - m_options.amount);
    if (!isLong())
        return std::max(at, m_spacer.eligibleAt(ask.units, m_options.burst, unitNs()));

    const auto early
        = static_cast<std::int64_t>(static_cast<double>(m_options.amount) * (1 - kReserveShare));
    if (used + ask.units <= early)
        return at;
    if (ask.isBulk) // until the last fifth is left untouched, or nothing is used at all
        return std::max(at, freedAt(now, std::min(used, used + ask.units - early)));
    return std::max(at, m_spacer.eligibleAt(ask.units, m_options.burst, m_reservePrice));
}

// The price of a unit in the last fifth of a long quota: what is left shall last until a fifth of
// the whole has come free again.
double RollingWindow::reserveUnitNs(SteadyTime now, std::int64_t left) const
{
    const auto fifth
        = static_cast<std::int64_t>(static_cast<double>(m_options.amount) * kReserveShare);
    const SteadyTime freed = freedAt(now, std::clamp<std::int64_t>(fifth, 1, m_options.amount));
    const Nanos horizon = freed == kUntilEvent ? period() : std::min(freed - now, hold());
    return static_cast<double>(horizon.count())
        / static_cast<double>(std::max<std::int64_t>(left, 1));
}

void RollingWindow::take(SteadyTime now, const Ask& ask)
{
    if (!isLong()) {
        m_spacer.take(now, ask.units, unitNs());
        return;
    }
    const std::int64_t left = m_options.amount - m_logged - ask.inFlight;
    const auto reserve = static_cast<double>(m_options.amount) * kReserveShare;
    m_reservePrice
        = static_cast<double>(left - ask.units) >= reserve ? 0 : reserveUnitNs(now, left);
    if (m_reservePrice > 0)
        m_spacer.take(now, ask.units, m_reservePrice);
}

void RollingWindow::giveBack(std::int64_t units)
{
    m_spacer.refund(units, isLong() ? m_reservePrice : unitNs());
}

void RollingWindow::land(std::int64_t units, const Flight& flight, bool isAnswered)
{
    if (units <= 0)
        return;
    if (isAnswered)
        m_arrival.add(flight.endedAt, flight.endedAt - flight.reservedAt);
    const SteadyTime at
        = m_log.empty() ? flight.endedAt : std::max(flight.endedAt, m_log.back().last);
    m_logged += units;
    if (canShareEntries() && !m_log.empty() && m_log.back().isCredited == isAnswered
        && at - m_log.back().first <= period() / kEntriesMax) {
        m_log.back().last = at;
        m_log.back().units += units;
        return;
    }
    m_log.push_back({ .first = at, .last = at, .units = units, .isCredited = isAnswered });
}

void RollingWindow::recall(std::int64_t units, SteadyTime sentAt, SteadyTime endedAt)
{
    if (units <= 0)
        return;
    m_logged += units;
    const auto next = std::lower_bound(m_log.begin(), m_log.end(), endedAt,
        [](const Entry& entry, SteadyTime at) { return entry.last < at; });
    const Nanos grain = canShareEntries() ? period() / kEntriesMax : Nanos::zero();
    // Sharing frees with the later of both: later than exact, never earlier.
    if (next != m_log.begin() && endedAt - std::prev(next)->first <= grain) {
        std::prev(next)->last = endedAt;
        std::prev(next)->units += units;
    } else if (next != m_log.end() && next->first - endedAt <= grain) {
        next->units += units;
    } else {
        m_log.insert(
            next, { .first = endedAt, .last = endedAt, .units = units, .isCredited = false });
    }
    if (!isLong())
        m_spacer.recall(sentAt, units, unitNs());
}

std::int64_t RollingWindow::logged(SteadyTime now)
{
    expire(now);
    return m_logged;
}

} // namespace engine::pacing
