// A platform that enforces its limits to the unit at its own clock, and a delivery loop reduced to
// what pacing sees of it: both driven by events in simulated time, so hours pass in a second.
#pragma once

#include "pacing/limiter.h"
#include "pacing/shard_pacer.h"

#include <queue>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace engine::pacing::testing {

inline const SteadyTime kStart { std::chrono::hours { 1 } };
inline const WallTime kWallStart { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
    + std::chrono::hours { 9 } };

inline Limit makeLimit(LimitUnit unit, std::int64_t amount, Millis period,
    LimitKind kind = LimitKind::Rolling, std::int64_t burst = 0)
{
    Limit limit;
    limit.unit = unit;
    limit.amount = amount;
    limit.period = period;
    limit.kind = kind;
    limit.burst = burst;
    return limit;
}

// Refuses what would be more than `amount` in the period that ends with it.
class StrictWindow {
public:
    StrictWindow(const Limit& limit, double ppm)
        : m_limit(limit)
        , m_ppm(ppm)
    {
    }
    bool accept(SteadyTime at, std::int64_t events)
    {
        const auto sinceStart = static_cast<double>((at - kStart).count());
        const auto now = static_cast<std::int64_t>(std::llround(sinceStart * (1 + m_ppm * 1e-6)));
        const std::int64_t from = now - Nanos(m_limit.period).count();
        while (!m_seen.empty() && m_seen.front().first <= from) {
            m_used -= m_seen.front().second;
            m_seen.pop_front();
        }
        const std::int64_t units = m_limit.unit == LimitUnit::Requests ? 1 : events;
        if (m_used + units > m_limit.amount)
            return false;
        m_seen.emplace_back(now, units);
        m_used += units;
        return true;
    }

private:
    Limit m_limit {};
    double m_ppm { 0 };
    std::deque<std::pair<std::int64_t, std::int64_t>> m_seen {};
    std::int64_t m_used { 0 };
};

struct Ways { // of one request, each drawn evenly between its bounds
    Nanos outMin { Millis { 20 } };
    Nanos outMax { Millis { 20 } };
    Nanos backMin { Millis { 20 } };
    Nanos backMax { Millis { 20 } };
    double lostShare { 0 }; // no answer: the connection closes when the answer would have come
};

struct ShardOptions {
    PacerOptions pacer {};
    std::int64_t batch { 1 };
    bool isBacklogged { true }; // never runs out; otherwise arrive()
};

class Simulation {
public:
    struct Options {
        std::vector<Limit> limits {}; // enforced and known
        double serverPpm { 0 };
        Ways ways {};
        Nanos timerLagMax { Millis { 1 } };
        Nanos commitMax { Millis { 2 } }; // between reservation and sending
        unsigned seed { 1 };
    };
    struct Sent {
        SteadyTime at {};
        std::int64_t events { 0 };
        std::size_t shard { 0 };
        std::optional<SteadyTime> endedAt {};
        bool isRefused { false };
    };

    explicit Simulation(Options options)
        : m_options(std::move(options))
        , m_random(m_options.seed)
    {
        for (const Limit& limit : m_options.limits) {
            m_limiters.push_back(makeLimiter(limit, kStart, kWallStart));
            m_windows.emplace_back(limit, m_options.serverPpm);
        }
    }

    ShardPacer& addShard(const ShardOptions& options)
    {
        auto pacerOptions = options.pacer;
        pacerOptions.batch = options.batch;
        auto shard = std::make_unique<Shard>(options, pacerOptions, m_now);
        shard->pacer.setLimiters(m_limiters);
        m_shards.push_back(std::move(shard));
        wake(m_shards.size() - 1, m_now);
        return m_shards.back()->pacer;
    }

    void at(SteadyTime when, std::function<void()> what) { push(when, std::move(what)); }
    void arrive(std::size_t shard, std::int64_t events)
    {
        m_shards[shard]->waiting += events;
        wake(shard, m_now);
    }
    void wakeAll()
    {
        for (std::size_t i = 0; i < m_shards.size(); ++i)
            wake(i, m_now);
    }

    void runUntil(SteadyTime end)
    {
        while (!m_events.empty() && m_events.top().at <= end) {
            Event event = m_events.top();
            m_events.pop();
            m_now = event.at;
            event.what();
        }
        m_now = end;
    }

    [[nodiscard]] SteadyTime now() const { return m_now; }
    [[nodiscard]] const std::vector<Sent>& sent() const { return m_sent; }
    [[nodiscard]] std::vector<std::shared_ptr<Limiter>>& limiters() { return m_limiters; }
    [[nodiscard]] ShardPacer& pacer(std::size_t i) { return m_shards[i]->pacer; }
    [[nodiscard]] std::int64_t waiting(std::size_t i) const { return m_shards[i]->waiting; }
    [[nodiscard]] std::int64_t refused() const
    {
        return std::count_if(
            m_sent.begin(), m_sent.end(), [](const Sent& s) { return s.isRefused; });
    }
    [[nodiscard]] std::int64_t events(SteadyTime from, SteadyTime to) const
    {
        std::int64_t sum = 0;
        for (const Sent& sent : m_sent)
            sum += sent.at >= from && sent.at < to ? sent.events : 0;
        return sum;
    }
    [[nodiscard]] std::int64_t requests(SteadyTime from, SteadyTime to) const
    {
        return std::count_if(
            m_sent.begin(), m_sent.end(), [&](const Sent& s) { return s.at >= from && s.at < to; });
    }

private:
    struct Shard {
        Shard(const ShardOptions& shardOptions, const PacerOptions& pacerOptions, SteadyTime now)
            : options(shardOptions)
            , pacer(pacerOptions, now)
        {
        }
        ShardOptions options {};
        ShardPacer pacer;
        std::int64_t waiting { 0 };
        SteadyTime wakeAt { SteadyTime::max() };
        bool hasCredit { true }; // one request a round
    };
    struct Event {
        SteadyTime at {};
        std::int64_t order { 0 };
        std::function<void()> what {};
        bool operator<(const Event& other) const // the earliest is on top of the queue
        {
            return at != other.at ? at > other.at : order > other.order;
        }
    };

    void push(SteadyTime when, std::function<void()> what)
    {
        m_events.push({ .at = std::max(when, m_now), .order = m_order++, .what = std::move(what) });
    }
    Nanos draw(Nanos from, Nanos to)
    {
        return Nanos { std::uniform_int_distribution<std::int64_t> {
            from.count(), std::max(from, to).count() }(m_random) };
    }
    void wake(std::size_t index, SteadyTime when)
    {
        Shard& shard = *m_shards[index];
        if (when >= shard.wakeAt)
            return;
        shard.wakeAt = when;
        push(when, [this, index, when] {
            if (m_shards[index]->wakeAt != when)
                return;
            m_shards[index]->wakeAt = SteadyTime::max();
            pump(index);
        });
    }
    // One request a turn, then the others' turn: as fair as a scheduler.
    void pump(std::size_t index)
    {
        Shard& shard = *m_shards[index];
        const std::int64_t batch = shard.pacer.options().batch;
        const std::int64_t most
            = shard.options.isBacklogged ? batch : std::min(batch, shard.waiting);
        if (most <= 0)
            return;
        const Decision decision = shard.pacer.decide(m_now, { .events = most });
        if (!decision.isGo) {
            // As the dispatcher does: a claim goes with the turn.
            if (!shard.hasCredit)
                shard.pacer.dropClaims();
            if (decision.until != kUntilEvent)
                wake(index, decision.until + draw(Nanos { 0 }, m_options.timerLagMax));
            return;
        }
        auto reservation
            = shard.pacer.reserve(m_now, { .events = std::min(most, decision.events) });
        if (!reservation)
            std::abort(); // decide() said go
        shard.waiting -= reservation->demand.events;
        send(index, std::move(*reservation));
        shard.hasCredit = false;
        const auto isOut = [](const auto& each) { return !each->hasCredit; };
        if (std::all_of(m_shards.begin(), m_shards.end(), isOut)) {
            for (const auto& each : m_shards)
                each->hasCredit = true;
        }
        // The shard itself, and whoever waits for a claim that has just been dropped.
        for (std::size_t i = 0; i < m_shards.size(); ++i) {
            if (i == index || m_shards[i]->hasCredit)
                wake(i, m_now);
        }
    }
    void send(std::size_t index, Reservation reservation)
    {
        const SteadyTime sentAt = m_now + draw(Nanos { 0 }, m_options.commitMax);
        const Ways& ways = m_options.ways;
        const SteadyTime arrival = sentAt + draw(ways.outMin, ways.outMax);
        const SteadyTime answer = arrival + draw(ways.backMin, ways.backMax);
        const bool isLost
            = std::uniform_real_distribution<double> { 0, 1 }(m_random) < ways.lostShare;
        const std::size_t row = m_sent.size();
        m_sent.push_back({ .at = sentAt, .events = reservation.demand.events, .shard = index });
        push(arrival, [this, row] {
            bool isAccepted = true;
            for (StrictWindow& window : m_windows)
                isAccepted = window.accept(m_now, m_sent[row].events) && isAccepted;
            m_sent[row].isRefused = !isAccepted;
        });
        push(answer, [this, index, row, sentAt, isLost, reservation = std::move(reservation)] {
            m_sent[row].endedAt = m_now;
            const bool isRefused = m_sent[row].isRefused && !isLost;
            const Outcome outcome = isLost ? Outcome::Unknown
                : isRefused                ? Outcome::Throttled
                                           : Outcome::Accepted;
            m_shards[index]->pacer.ended(m_now, reservation,
                { .sentAt = sentAt,
                    .endedAt = m_now,
                    .isAnswered = !isLost,
                    .outcome = outcome,
                    .hasAccepted = outcome == Outcome::Accepted,
                    .latency = std::chrono::duration_cast<Micros>(m_now - sentAt) });
            m_shards[index]->pacer.released(reservation);
            wakeAll(); // room in a shared limiter may be anybody's
        });
    }

    Options m_options {};
    std::mt19937_64 m_random;
    SteadyTime m_now { kStart };
    std::int64_t m_order { 0 };
    std::priority_queue<Event> m_events {};
    std::vector<std::shared_ptr<Limiter>> m_limiters {};
    std::vector<StrictWindow> m_windows {};
    std::vector<std::unique_ptr<Shard>> m_shards {};
    std::vector<Sent> m_sent {};
};

} // namespace engine::pacing::testing
