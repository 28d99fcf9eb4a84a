#include "support/fake_shards.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace engine::testing {

namespace {

struct Seat {
    const char* destination;
    const char* platform;
    const char* account;
    Fault fault;
    double in; // events a second
    double depth; // when the fault sets in
};

// One seat per state, in the picture of a bad day. Further shards are healthy copies.
constexpr std::array kSeats {
    Seat { "snap", "snapchat", "a77-eu", Fault::Failing, 214, 9'800 },
    Seat { "tiktok", "tiktok", "C9F2", Fault::Auth, 31, 0 },
    Seat { "meta", "meta", "104839275777731", Fault::Throttled, 412, 90'000 },
    Seat { "google", "google_ads", "221-908-4410", Fault::Backlogged, 240, 21'000 },
    Seat { "criteo", "criteo", "88120", Fault::Paused, 14, 0 },
    Seat { "meta", "meta", "220188400044", Fault::Recovering, 95, 70'000 },
    Seat { "x", "x", "tw-o8x2", Fault::None, 310, 0 },
    Seat { "customerio", "customerio", "shop-eu", Fault::None, 64, 0 },
    Seat { "warehouse", "webhook", "main", Fault::None, 820, 0 },
    Seat { "pinterest", "pinterest", "549755", Fault::Degraded, 48, 0 },
    Seat { "reddit", "reddit", "t2-9kq", Fault::Tripped, 22, 0 },
    Seat { "linkedin", "linkedin", "507001", Fault::RetriesPaused, 18, 0 },
    Seat { "taboola", "taboola", "1144", Fault::Draining, 26, 0 },
    Seat { "outbrain", "outbrain", "00fe", Fault::Idle, 0, 0 },
    Seat { "microsoft", "microsoft", "1550", Fault::NoData, 40, 0 },
    Seat { "snap", "snapchat", "b12-us", Fault::None, 120, 0 },
};

double mix(std::uint64_t value)
{
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9ULL;
    value ^= value >> 27;
    value *= 0x94d049bb133111ebULL;
    value ^= value >> 31;
    return static_cast<double>(value >> 11) / static_cast<double>(1ULL << 53);
}

constexpr float kAbsent = std::numeric_limits<float>::quiet_NaN();

Millis toMillis(double seconds) { return Millis { std::llround(seconds * 1'000) }; }

ShardState stateFor(Fault fault)
{
    switch (fault) {
    case Fault::None:
        return ShardState::Healthy;
    case Fault::Failing:
        return ShardState::Failing;
    case Fault::Auth:
        return ShardState::AuthFailed;
    case Fault::Tripped:
        return ShardState::Tripped;
    case Fault::Throttled:
        return ShardState::Throttled;
    case Fault::Degraded:
        return ShardState::Degraded;
    case Fault::Backlogged:
        return ShardState::Backlogged;
    case Fault::Recovering:
        return ShardState::Recovering;
    case Fault::Paused:
        return ShardState::Paused;
    case Fault::Draining:
        return ShardState::Draining;
    case Fault::RetriesPaused:
        return ShardState::RetriesPaused;
    case Fault::Idle:
        return ShardState::Idle;
    case Fault::NoData:
        return ShardState::NoData;
    }
    return ShardState::Healthy;
}

} // namespace

FakeShards::FakeShards(const Options& options, WallTime now)
    : m_seed(options.seed)
    , m_scenario(options.scenario)
{
    build(options, now);
    for (int i = 0; i < kRing; ++i)
        step(now - Seconds { kRing - 1 - i });
}

void FakeShards::build(const Options& options, WallTime now)
{
    struct Built {
        ShardSnapshot shard {};
        Model model {};
    };
    std::vector<Built> built;
    const int wanted = options.scenario == "empty" ? 0 : options.shards;
    for (int i = 0; i < wanted; ++i) {
        const auto& seat = kSeats[static_cast<std::size_t>(i) % kSeats.size()];
        const bool isExtra = i >= static_cast<int>(kSeats.size());
        Built one;
        one.shard.shard = { seat.destination, seat.account };
        if (isExtra)
            one.shard.shard.account += '-' + std::to_string(i / static_cast<int>(kSeats.size()));
        one.shard.platform = seat.platform;
        one.model.inBase = seat.in > 0 ? seat.in : 12;
        one.model.latencyBaseMs = 90 + 40.0 * (i % 7);
        one.model.startDepth = seat.depth;
        if (options.scenario == "trouble" && !isExtra)
            one.model.fault = seat.fault;
        if (options.scenario == "ramp" && i == 2)
            one.model.fault = Fault::Throttled;
        one.model.faultFrom = one.model.fault == Fault::Throttled ? -372 : -220 - 37 * (i % 9);
        if (one.model.fault == Fault::Recovering || one.model.fault == Fault::Idle)
            one.model.faultFrom = -kRing;
        one.shard.concurrency = { .now = 24, .configured = 16, .ceiling = 32 };
        one.shard.concurrency.ceilingSource = CeilingSource::Learned;
        one.shard.rate = { .now = 8, .configured = 8, .ceiling = 16.667 };
        one.shard.rate.ceilingSource = CeilingSource::Documented;
        one.shard.batch = { .now = 50, .configured = 50, .ceiling = 1'000 };
        one.shard.batch.ceilingSource = CeilingSource::Documented;
        one.shard.acceptWindow = Millis { std::chrono::hours { 168 } };
        one.shard.stateSince = now - Seconds { kRing };
        built.push_back(std::move(one));
    }
    std::sort(built.begin(), built.end(),
        [](const Built& a, const Built& b) { return a.shard.shard < b.shard.shard; });
    for (auto& one : built) {
        for (auto& ring : one.model.rings)
            ring.assign(kRing, kAbsent);
        m_snapshots.push_back(std::move(one.shard));
        m_models.push_back(std::move(one.model));
    }
}

double FakeShards::noise(std::size_t shard, int channel, double every) const
{
    const double at = (m_step + 100'000) / every;
    const auto key = [&](double index) {
        return (static_cast<std::uint64_t>(m_seed) << 40)
            ^ (static_cast<std::uint64_t>(shard + 1) << 28)
            ^ (static_cast<std::uint64_t>(channel) << 22) ^ static_cast<std::uint64_t>(index);
    };
    const double whole = std::floor(at);
    const double a = mix(key(whole) * 0x9e3779b97f4a7c15ULL);
    const double b = mix(key(whole + 1) * 0x9e3779b97f4a7c15ULL);
    return (a + (b - a) * (at - whole)) * 2 - 1;
}

double FakeShards::trafficFactor() const
{
    if (m_scenario == "trouble")
        return 1;
    if (m_scenario == "ramp") // ×10 within ten minutes, then steady
        return 1 + 9 * std::clamp((m_step + 600) / 600.0, 0.0, 1.0);
    return 0.6;
}

void FakeShards::step(WallTime now)
{
    ++m_step;
    for (std::size_t i = 0; i < m_snapshots.size(); ++i) {
        stepShard(i, now);
        record(i);
    }
}

void FakeShards::stepShard(std::size_t index, WallTime now)
{
    auto& shard = m_snapshots[index];
    auto& model = m_models[index];
    const double wave = 0.07 * noise(index, 0, 45) + 0.03 * noise(index, 1, 3);
    double in = model.inBase * trafficFactor() * (1 + wave);
    const double slow = 1 + 0.12 * noise(index, 2, 30) + 0.05 * noise(index, 3, 2);
    double latency = model.latencyBaseMs * slow;
    // Keeps up; after trouble it works off what waits at 1.6 times the inflow.
    double out = model.depth < in * 2 ? in * (1 + 0.02 * noise(index, 6, 2))
                                      : std::min(in * 1.6, in + model.depth);

    shard.errorRatio = std::max(0.0, 0.002 + 0.002 * noise(index, 4, 20));
    shard.throttleRatio = 0.0;
    shard.retryAfterLeft.reset();
    shard.isRetryAfter = false;
    shard.dlqGrowthPerMinute = 0;
    shard.latencyP95 = toMillis(latency / 1'000);
    shard.holds.clear();
    shard.also.clear();
    ShardState state = ShardState::Healthy;
    const bool isFaulty = model.fault != Fault::None && m_step >= model.faultFrom;
    if (isFaulty) {
        if (model.fault == Fault::Idle)
            in = 0;
        applyFault(model, shard, out, in);
        state = stateFor(model.fault);
    }
    if (out < 0.5 && in > 0.5)
        model.lagSeconds += 1;
    else if (out > 0)
        model.lagSeconds += (model.depth / std::max(out, 1.0) - model.lagSeconds) * 0.1;
    model.depth = std::max(0.0, model.depth + in - out);
    if (!isFaulty && model.depth < in * 2)
        model.depth = in * (0.4 + 0.2 * noise(index, 5, 4));
    if (state == ShardState::Healthy && model.lagSeconds >= 60)
        state = ShardState::Recovering;
    if (isFaulty && model.lagSeconds >= 60 && state != ShardState::Backlogged
        && state != ShardState::Recovering)
        shard.also.push_back(ShardState::Backlogged);

    if (state != shard.state) {
        shard.state = state;
        shard.stateSince = now;
    }
    shard.latencyP50 = shard.latencyP95
        ? std::optional(Millis { shard.latencyP95->count() * 4 / 10 })
        : std::nullopt;
    shard.queueDepth = std::llround(model.depth);
    shard.laneDepth[static_cast<std::size_t>(Lane::Live)] = shard.queueDepth;
    shard.consumerLag = toMillis(model.lagSeconds);
    shard.isLagCritical = shard.consumerLag >= std::chrono::minutes { 15 };
    shard.inPerSecond = in;
    shard.outPerSecond = out;
    shard.inFlight = out > 0.5 ? std::clamp(static_cast<int>(out * latency / 1'000 / 8) + 1, 1,
                         static_cast<int>(shard.concurrency.now))
                               : (model.fault == Fault::Draining && isFaulty ? 3 : 0);
    shard.workersBusyRatio = shard.inFlight / std::max(1.0, shard.concurrency.now);
    shard.batchFillRatio = std::clamp(0.3 + model.depth / 20'000, 0.0, 1.0);
    shard.depthSlopePerSecond = in - out;
    shard.lagSlope = in > out ? 0.4 : -0.4;
    shard.drainEta.reset();
    if (out - in > 1 && model.depth > in * 5)
        shard.drainEta = Seconds { std::llround(model.depth / (out - in)) };
    shard.oldestEventAge = toMillis(model.lagSeconds + 0.2);
    if (out > 0.5)
        shard.lastSuccess = now;
}

void FakeShards::fillQueue(Model& model) const
{
    // A queue that is already long fills within two minutes, as after a burst; the one that drains
    // was full before the history begins.
    const int since = m_step - std::max(model.faultFrom, -kRing + 1);
    if (model.fault == Fault::Recovering && since == 0)
        model.depth = model.startDepth;
    else if (model.fault != Fault::Recovering && since < 120)
        model.depth += model.startDepth / 120;
}

void FakeShards::applyFault(Model& model, ShardSnapshot& shard, double& out, double in)
{
    fillQueue(model);
    const auto forgetSamples = [&] {
        shard.latencyP95.reset();
        shard.errorRatio.reset();
        shard.throttleRatio.reset();
    };
    const auto growth = [&](double perMinute) {
        shard.dlqGrowthPerMinute = perMinute * (1 + 0.05 * noise(3, 7, 12));
    };
    switch (model.fault) {
    case Fault::None:
        break;
    case Fault::Failing:
        out = std::max(10.0, in * 0.26);
        shard.errorRatio = 0.38 + 0.02 * noise(1, 6, 9);
        growth(214);
        break;
    case Fault::Auth:
        out = 0;
        forgetSamples();
        shard.credential = CredentialState::Rejected;
        shard.holds.push_back({ Hold::Gate::Credential, std::nullopt, "token expired (40105)" });
        break;
    case Fault::Tripped:
        out = 0;
        shard.errorRatio = 1.0;
        shard.breaker = BreakerState::Open;
        shard.holds.push_back({ Hold::Gate::Breaker, std::nullopt, "no answer for 60 s" });
        break;
    case Fault::Throttled:
        out = in * 0.46 * std::clamp(shard.concurrency.now / 24, 0.4, 1.0);
        shard.throttleRatio = std::clamp(0.31 * shard.concurrency.now / 24, 0.02, 0.6);
        shard.errorRatio = 0.031 + 0.004 * noise(2, 6, 7);
        shard.retryAfterLeft = Millis { 1'000 * (45 - ((m_step % 45) + 45) % 45) };
        shard.isRetryAfter = true;
        shard.latencyP95 = toMillis(1.9 + 0.15 * noise(2, 8, 8));
        break;
    case Fault::Degraded:
        shard.errorRatio = 0.041 + 0.01 * noise(4, 6, 9);
        shard.latencyP95 = toMillis(1.3 + 0.2 * noise(4, 8, 9));
        growth(2.4);
        break;
    case Fault::Backlogged:
        out = in * 0.96;
        break;
    case Fault::Recovering:
        out = in + 64;
        break;
    case Fault::Paused:
    case Fault::Draining:
        out = 0;
        shard.desired = Desired::Paused;
        forgetSamples();
        shard.holds.push_back({ Hold::Gate::Paused, shard.pauseUntil, "paused by an operator" });
        break;
    case Fault::RetriesPaused:
        shard.desired = Desired::RetriesPaused;
        break;
    case Fault::Idle:
        out = 0;
        model.depth = 0;
        model.lagSeconds = 0;
        forgetSamples();
        break;
    case Fault::NoData:
        forgetSamples();
        break;
    }
}

void FakeShards::record(std::size_t index)
{
    const auto& shard = m_snapshots[index];
    auto& rings = m_models[index].rings;
    const auto at = static_cast<std::size_t>(((m_step % kRing) + kRing) % kRing);
    const bool isMissing = shard.state == ShardState::NoData;
    const auto put = [&](Metric metric, double value) {
        rings[static_cast<std::size_t>(metric)][at]
            = isMissing ? kAbsent : static_cast<float>(value);
    };
    const auto orAbsent = [](std::optional<double> value) {
        return value.value_or(std::numeric_limits<double>::quiet_NaN());
    };
    put(Metric::QueueDepth, static_cast<double>(shard.queueDepth));
    put(Metric::ConsumerLag, static_cast<double>(shard.consumerLag.count()) / 1'000);
    put(Metric::LatencyP95,
        shard.latencyP95 ? static_cast<double>(shard.latencyP95->count()) : orAbsent({}));
    put(Metric::ErrorRatio, orAbsent(shard.errorRatio));
    put(Metric::DlqGrowth, shard.dlqGrowthPerMinute);
    put(Metric::InRate, shard.inPerSecond);
    put(Metric::OutRate, shard.outPerSecond);
    put(Metric::ThrottleRatio, orAbsent(shard.throttleRatio));
    put(Metric::InFlight, shard.inFlight);
    put(Metric::BatchFill, shard.batchFillRatio);
}

HistorySeries FakeShards::history(const ShardId& id, HistorySpan span) const
{
    HistorySeries series { .shard = id };
    series.metrics.assign(
        kMetrics, std::vector<float>(static_cast<std::size_t>(samplesOf(span)), kAbsent));
    const auto members = covered({ id });
    if (members.empty())
        return series;
    const int step = static_cast<int>(stepOf(span).count());
    const int samples = samplesOf(span);
    for (int metric = 0; metric < kMetrics; ++metric) {
        auto& values = series.metrics[static_cast<std::size_t>(metric)];
        for (int i = 0; i < samples; ++i) {
            const int back = (samples - 1 - i) * step; // seconds before now
            // Beyond the ring the first minutes repeat: before a fault every day looks alike.
            const int at = back < kRing ? m_step - back : m_step - (kRing - 1) + back % 240;
            double sum = 0;
            bool isKnown = false;
            for (const auto member : members) {
                const auto& ring = m_models[member].rings[static_cast<std::size_t>(metric)];
                const float value = ring[static_cast<std::size_t>(((at % kRing) + kRing) % kRing)];
                if (std::isnan(value))
                    continue;
                const bool isSummed = metric == static_cast<int>(Metric::QueueDepth)
                    || metric == static_cast<int>(Metric::DlqGrowth)
                    || metric == static_cast<int>(Metric::InRate)
                    || metric == static_cast<int>(Metric::OutRate);
                sum = isSummed ? sum + value : std::max(sum, static_cast<double>(value));
                isKnown = true;
            }
            if (isKnown)
                values[static_cast<std::size_t>(i)] = static_cast<float>(sum);
        }
    }
    return series;
}

std::vector<std::size_t> FakeShards::covered(const std::vector<ShardId>& targets) const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_snapshots.size(); ++i) {
        const auto& id = m_snapshots[i].shard;
        const bool isCovered = std::any_of(targets.begin(), targets.end(), [&](const ShardId& t) {
            return t == id || (t.isWholeDestination() && t.destination == id.destination);
        });
        if (isCovered)
            found.push_back(i);
    }
    return found;
}

std::vector<DestinationSnapshot> FakeShards::destinations() const
{
    std::vector<DestinationSnapshot> all;
    for (const auto& shard : m_snapshots) {
        if (all.empty() || all.back().name != shard.shard.destination) {
            DestinationSnapshot next { .name = shard.shard.destination };
            next.platform = shard.platform;
            next.total = shard;
            next.total.shard.account.clear();
            next.total.queueDepth = 0;
            next.total.inPerSecond = 0;
            next.total.outPerSecond = 0;
            next.total.dlqGrowthPerMinute = 0;
            next.total.dlqCount = 0;
            next.total.inFlight = 0;
            next.total.consumerLag = Millis { 0 };
            all.push_back(std::move(next));
        }
        auto& destination = all.back();
        auto& total = destination.total;
        ++destination.shards;
        const bool isInTrouble = shard.state < ShardState::Recovering
            && shard.state != ShardState::Paused && shard.state != ShardState::Draining;
        if (isInTrouble || shard.state == ShardState::Backlogged)
            ++destination.shardsInTrouble;
        if (shard.state < total.state) {
            total.state = shard.state;
            total.stateSince = shard.stateSince;
        }
        total.queueDepth += shard.queueDepth;
        total.inPerSecond += shard.inPerSecond;
        total.outPerSecond += shard.outPerSecond;
        total.dlqGrowthPerMinute += shard.dlqGrowthPerMinute;
        total.dlqCount += shard.dlqCount;
        total.inFlight += shard.inFlight;
        total.consumerLag = std::max(total.consumerLag, shard.consumerLag);
        total.isLagCritical = total.isLagCritical || shard.isLagCritical;
        if (shard.latencyP95 > total.latencyP95)
            total.latencyP95 = shard.latencyP95;
        if (shard.errorRatio > total.errorRatio)
            total.errorRatio = shard.errorRatio;
    }
    return all;
}

void FakeShards::pause(std::size_t index, const PauseCommand& command)
{
    auto& model = m_models[index];
    model.fault = command.mode == Desired::RetriesPaused ? Fault::RetriesPaused : Fault::Paused;
    model.faultFrom = m_step;
    auto& shard = m_snapshots[index];
    shard.desired = command.mode;
    shard.pauseUntil = command.until;
    shard.pauseCause = command.cause;
}

void FakeShards::resume(std::size_t index)
{
    auto& model = m_models[index];
    if (model.fault == Fault::Paused || model.fault == Fault::Draining
        || model.fault == Fault::RetriesPaused)
        model.fault = Fault::None;
    m_snapshots[index].desired = Desired::Running;
    m_snapshots[index].pauseUntil.reset();
}

void FakeShards::tune(
    std::size_t index, const TuneCommand& command, const std::string& who, WallTime now)
{
    auto& shard = m_snapshots[index];
    const auto whole = [](const std::optional<double>& value) {
        return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
    };
    if (command.keepFor) {
        if (!shard.trial) {
            shard.trial = TuningTrial { .concurrency = whole(shard.concurrency.overridden),
                .rate = shard.rate.overridden,
                .batch = whole(shard.batch.overridden) };
        }
        shard.trial->until = now + *command.keepFor;
        shard.trial->who = who;
    } else if (command.reset) {
        shard.trial.reset();
    }
    set(shard.concurrency, command.concurrency, command.reset);
    set(shard.rate, command.rate, command.reset);
    set(shard.batch, command.batch, command.reset);
}

void FakeShards::set(TuningValue& value, std::optional<double> wanted, bool isReset)
{
    if (isReset) {
        value.overridden.reset();
        value.now = value.configured;
    }
    if (wanted) {
        value.overridden = wanted;
        value.now = *wanted;
    }
}

void FakeShards::endTrial(std::size_t index, TrialCommand::Action action)
{
    auto& shard = m_snapshots[index];
    if (!shard.trial)
        return;
    const TuningTrial back = *shard.trial;
    shard.trial.reset();
    if (action == TrialCommand::Action::Keep)
        return;
    set(shard.concurrency, back.concurrency, true);
    set(shard.rate, back.rate, true);
    set(shard.batch, back.batch, true);
}

void FakeShards::probe(std::size_t index)
{
    auto& model = m_models[index];
    if (model.fault == Fault::Auth || model.fault == Fault::Tripped)
        model.fault = Fault::None;
    m_snapshots[index].credential = CredentialState::Ok;
    m_snapshots[index].breaker = BreakerState::Closed;
}

void FakeShards::setDeadLetters(std::size_t index, std::int64_t count, std::string topFingerprint)
{
    const auto before = m_snapshots[index].dlqCount;
    (count > before ? m_snapshots[index].dlqAddedTotal : m_snapshots[index].dlqRemovedTotal)
        += std::abs(count - before);
    m_snapshots[index].dlqCount = count;
    m_snapshots[index].dlqTopFingerprint = std::move(topFingerprint);
    m_snapshots[index].dlqTopShare = count > 0 ? 0.86 : 0;
}

} // namespace engine::testing
