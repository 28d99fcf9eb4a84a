#include "delivery/forecast.h"

#include "delivery/shard.h"

#include <array>
#include <cmath>
#include <deque>
#include <vector>

namespace engine::delivery {
namespace {

using pacing::Nanos;

constexpr std::size_t kGates = static_cast<std::size_t>(Hold::Gate::Store) + 1;
constexpr int kLookForCancelEvery = 256;
// With nothing waiting at first, this long shows whether it keeps up.
constexpr Seconds kWatched { 60 };
constexpr Seconds kHorizon { 7 * 24 * 3'600 };
constexpr double kSecondsMost = 1e9;

double toSeconds(Nanos time) { return std::chrono::duration<double>(time).count(); }
Seconds wholeSeconds(double seconds)
{
    return Seconds { std::llround(std::clamp(std::ceil(seconds - 1e-6), 0.0, kSecondsMost)) };
}

// Records and their ages, first come first served: what waits now is spread evenly between its
// oldest and none, what comes later is new when it comes. Times in seconds from now.
class Queue {
public:
    Queue(std::int64_t waiting, const ForecastScene& scene)
        : m_waiting(static_cast<double>(waiting))
        , m_in(scene.inPerSecond)
        , m_oldest(scene.oldestAge ? toSeconds(*scene.oldestAge) : 0)
        , m_window(
              scene.acceptWindow ? std::optional(toSeconds(*scene.acceptWindow)) : std::nullopt)
    {
    }
    [[nodiscard]] std::int64_t waitingAt(double at, std::int64_t sent) const
    {
        return static_cast<std::int64_t>(std::floor(m_waiting + m_in * at + 1e-9)) - sent;
    }
    [[nodiscard]] std::optional<double> nextArrival(std::int64_t sent) const
    {
        if (m_in <= 0)
            return std::nullopt;
        return (static_cast<double>(sent) + 1 - m_waiting) / m_in;
    }
    // Between `from` and `to`, while `out` records a second leave from `sent` on: when does the
    // front become too old? Its age is linear in time, with a bend where the arrivals begin.
    [[nodiscard]] std::optional<double> refusal(
        double from, double to, double sent, double out) const
    {
        if (!m_window)
            return std::nullopt;
        const double bend = sent >= m_waiting ? from
            : out > 0                         ? from + (m_waiting - sent) / out
                                              : to;
        if (const auto found = reach(from, std::min(bend, to), sent, out))
            return found;
        return bend < to ? reach(bend, to, sent + out * (bend - from), out) : std::nullopt;
    }

private:
    [[nodiscard]] double frontAge(double at, double sent) const
    {
        if (sent < m_waiting)
            return m_oldest * (1 - sent / m_waiting) + at;
        return m_in > 0 ? at - (sent - m_waiting) / m_in : 0;
    }
    [[nodiscard]] std::optional<double> reach(double from, double to, double sent, double out) const
    {
        const double age = frontAge(from, sent);
        if (age >= *m_window)
            return from;
        const double shift = sent < m_waiting ? m_oldest / m_waiting : m_in > 0 ? 1 / m_in : 0;
        const double slope = 1 - out * shift;
        if (slope <= 0)
            return std::nullopt;
        const double at = from + (*m_window - age) / slope;
        return at <= to ? std::optional(at) : std::nullopt;
    }

    double m_waiting;
    double m_in;
    double m_oldest;
    std::optional<double> m_window;
};

class Run {
public:
    Run(const ForecastBasis& basis, const ForecastScene& scene)
        : m_scene(scene)
        , m_start(basis.now)
        , m_now(basis.now + scene.pausedFor)
        , m_batch(basis.batch)
        , m_hadBacklog(basis.waiting > 0 || scene.pausedFor > Seconds { 0 })
        , m_queue(basis.waiting, scene)
        , m_pacer(basis.pacer->copy(basis.now))
    {
        m_result.requestTime = scene.requestTime;
        if (scene.pausedFor > Seconds { 0 }) {
            m_pacer->startRamp(m_now, kResumeRamp);
            noteRefusal(m_queue.refusal(0, at(), 0, 0));
        }
    }

    [[nodiscard]] Result<ForecastRun> go()
    {
        for (int i = 0; i < kForecastStepsMax && step(); ++i) {
            const bool isLookTime = i % kLookForCancelEvery == 0 && m_scene.isCancelled != nullptr;
            if (isLookTime && m_scene.isCancelled->load())
                return fail(ErrorCode::Cancelled, "nobody waits for this forecast any more");
        }
        conclude();
        return m_result;
    }

private:
    struct InFlight {
        SteadyTime sentAt {};
        pacing::Reservation reservation {};
    };
    struct Point {
        SteadyTime at {};
        std::int64_t sent { 0 };
    };

    [[nodiscard]] double at() const { return toSeconds(m_now - m_start); }

    // One request, or the time until the next may go. False at the end.
    [[nodiscard]] bool step()
    {
        land();
        const std::int64_t waiting = m_queue.waitingAt(at(), m_sent);
        if (waiting <= 0)
            return waitForArrival();
        if (m_now - m_start > kHorizon || (!m_hadBacklog && m_now - m_start > kWatched))
            return false;
        const pacing::Demand wanted { .events = std::min(waiting, m_batch) };
        const pacing::Decision decision = m_pacer->decide(m_now, wanted);
        if (!decision.isGo)
            return waitForGate(decision);
        auto reservation
            = m_pacer->reserve(m_now, { .events = std::min(wanted.events, decision.events) });
        if (!reservation)
            return false;
        noteRefusal(m_queue.refusal(at(), at(), static_cast<double>(m_sent), 0));
        m_sent += reservation->demand.events;
        m_points.push_back({ m_now, m_sent });
        m_inFlight.push_back({ m_now, std::move(*reservation) });
        return true;
    }

    void land()
    {
        while (!m_inFlight.empty() && m_inFlight.front().sentAt + m_scene.requestTime <= m_now) {
            const InFlight& request = m_inFlight.front();
            const SteadyTime ended = request.sentAt + m_scene.requestTime;
            m_pacer->ended(ended, request.reservation,
                { .sentAt = request.sentAt,
                    .endedAt = ended,
                    .hasAccepted = true,
                    .latency = m_scene.requestTime });
            m_pacer->released(request.reservation);
            m_inFlight.pop_front();
        }
    }

    [[nodiscard]] bool waitForArrival()
    {
        if (m_hadBacklog) {
            m_result.drained = wholeSeconds(at());
            return false;
        }
        const auto next = m_queue.nextArrival(m_sent);
        if (!next || m_now - m_start > kWatched) {
            m_result.drained = Seconds { 0 };
            return false;
        }
        goTo(m_start + std::chrono::ceil<Nanos>(std::chrono::duration<double>(*next)));
        return true;
    }

    [[nodiscard]] bool waitForGate(const pacing::Decision& decision)
    {
        SteadyTime next = decision.until;
        if (!m_inFlight.empty())
            next = std::min(next, m_inFlight.front().sentAt + m_scene.requestTime);
        if (next == pacing::kUntilEvent)
            return false;
        auto& held = m_held[static_cast<std::size_t>(decision.gate)];
        if (!held.since)
            held.since = m_now;
        const SteadyTime before = m_now;
        goTo(next);
        held.total += m_now - before;
        return true;
    }

    // Always on: a gate that names the present would hold the run up for ever.
    void goTo(SteadyTime next) { m_now = std::max(next, m_now + Nanos { 1'000 }); }

    void noteRefusal(const std::optional<double>& seconds)
    {
        if (seconds && !m_result.firstRefusal)
            m_result.firstRefusal = wholeSeconds(*seconds);
    }

    // Of the second half: what a hold or a ramp at the beginning cost is over then.
    [[nodiscard]] double evenRate() const
    {
        if (m_points.empty())
            return 0;
        const SteadyTime begin = m_points.front().at;
        const SteadyTime half = begin + (m_now - begin) / 2;
        const auto first = std::lower_bound(m_points.begin(), m_points.end(), half,
            [](const Point& point, SteadyTime wanted) { return point.at < wanted; });
        const double span = toSeconds(m_now - (first == m_points.end() ? begin : first->at));
        if (first == m_points.end() || span <= 0)
            return static_cast<double>(m_sent)
                / std::max(toSeconds(m_now - begin), toSeconds(m_scene.requestTime));
        return static_cast<double>(m_sent - first->sent) / span;
    }

    void conclude()
    {
        m_result.outPerSecond = evenRate();
        noteGate();
        if (m_result.drained)
            return;
        if (keepsUp()) {
            m_result.drained = Seconds { 0 };
            return;
        }
        const double surplus = m_result.outPerSecond - m_scene.inPerSecond;
        const auto waiting = std::max(static_cast<double>(m_queue.waitingAt(at(), m_sent)), 0.0);
        double end = kSecondsMost;
        if (surplus > 0) {
            end = at() + waiting / surplus;
            m_result.drained = wholeSeconds(end);
        } else {
            m_result.shortBy = -surplus;
        }
        noteRefusal(m_queue.refusal(at(), end, static_cast<double>(m_sent), m_result.outPerSecond));
    }

    // Nothing waited at first, and what waits now is what is always under way.
    [[nodiscard]] bool keepsUp() const
    {
        const double passing = 2 * m_scene.inPerSecond * toSeconds(m_scene.requestTime);
        return !m_hadBacklog
            && static_cast<double>(m_queue.waitingAt(at(), m_sent))
            <= std::max(passing, static_cast<double>(m_batch));
    }

    void noteGate()
    {
        const auto longest = std::max_element(m_held.begin(), m_held.end(),
            [](const Held& a, const Held& b) { return a.total < b.total; });
        if (!longest->since)
            return;
        m_result.gate = static_cast<Hold::Gate>(longest - m_held.begin());
        m_result.gateAfter = std::chrono::floor<Seconds>(*longest->since - m_start);
    }

    struct Held {
        std::optional<SteadyTime> since {};
        Nanos total { 0 };
    };

    const ForecastScene& m_scene;
    SteadyTime m_start;
    SteadyTime m_now;
    std::int64_t m_batch;
    bool m_hadBacklog;
    Queue m_queue;
    std::unique_ptr<pacing::ShardPacer> m_pacer;
    std::deque<InFlight> m_inFlight {}; // all requests take the same time: first in, first out
    std::vector<Point> m_points {};
    std::array<Held, kGates> m_held {};
    std::int64_t m_sent { 0 };
    ForecastRun m_result {};
};

} // namespace

Result<ForecastRun> runForecast(const ForecastBasis& basis, const ForecastScene& scene)
{
    return Run(basis, scene).go();
}

} // namespace engine::delivery
