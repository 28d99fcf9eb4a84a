#include "support/fake_engine.h"

#include <algorithm>
#include <cmath>

namespace engine::testing {

namespace {

// The shard with the broken payload first: most dead letters are there.
std::vector<ShardId> failingFirst(const std::vector<ShardSnapshot>& shards)
{
    std::vector<ShardId> ids;
    for (const auto& shard : shards)
        ids.push_back(shard.shard);
    const auto snap = std::find_if(
        ids.begin(), ids.end(), [](const ShardId& id) { return id.destination == "snap"; });
    if (snap != ids.end())
        std::rotate(ids.begin(), snap, snap + 1);
    return ids;
}

} // namespace

FakeEngine::FakeEngine(FakeEngineOptions options, QObject* parent)
    : EnginePort(parent)
    , m_options(std::move(options))
    , m_now(m_options.startedAt)
    , m_shards({ m_options.scenario, m_options.seed, m_options.shards }, m_now)
    , m_deadLetters(
          { m_options.deadLetters, m_options.seed, failingFirst(m_shards.shards()), m_now })
{
    if (m_options.scenario == "trouble")
        m_annotations.push_back({ Annotation::Kind::Tune, m_now - Seconds { 410 }, std::nullopt,
            { "meta", "104839275777731" }, "concurrency 16 → 24" });
    publish();
}

void FakeEngine::advance(Seconds by)
{
    for (auto i = by.count(); i > 0; --i) {
        m_now += Seconds { 1 };
        m_shards.step(m_now);
        double growth = 0;
        for (const auto& shard : m_shards.shards())
            growth += shard.dlqGrowthPerMinute / 60;
        m_deadLetters.grow(std::llround(growth), m_now);
        stepJobs();
        endTrials();
    }
    publish();
}

// As the engine does: an end is a command of its own, and audited.
void FakeEngine::endTrials()
{
    for (const auto& shard : m_shards.shards()) {
        if (!shard.trial || shard.trial->until > m_now)
            continue;
        Command command { .what = TrialCommand { { shard.shard }, TrialCommand::Action::Revert },
            .who = "engine",
            .reason = "the trial is over" };
        const CommandResult result = apply(command);
        addAudit(command, result);
    }
}

void FakeEngine::setSafety(SafetyLevel safety)
{
    m_options.safety = safety;
    publish();
}

void FakeEngine::publish()
{
    for (std::size_t i = 0; i < m_shards.shards().size(); ++i) {
        const auto id = m_shards.shards()[i].shard;
        m_shards.setDeadLetters(i, m_deadLetters.waitingOf(id), m_deadLetters.topFingerprintOf(id));
    }
    EngineSnapshot next;
    next.number = ++m_number;
    next.takenAt = m_now;
    next.takenAtSteady = SteadyTime { m_now.time_since_epoch() };
    next.profileKind = m_options.profileKind;
    next.profile = m_options.profileKind == "live" ? "PRODUCTION"
        : m_options.profileKind == "practice"      ? "PRACTICE"
                                                   : "SIMULATOR";
    next.safety = m_options.safety;
    next.isAboveCeilingAllowed = m_options.isAboveCeilingAllowed;
    next.thresholds = m_thresholds;
    next.retention = { std::chrono::hours { 336 }, std::chrono::hours { 720 },
        std::chrono::hours { 8760 }, std::chrono::hours { 168 }, 0 };
    next.ingressUrl = "http://127.0.0.1:8787";
    next.controlUrl = "http://127.0.0.1:8788";
    next.sale = m_sale;
    next.shards = m_shards.shards();
    next.destinations = m_shards.destinations();
    IngressSnapshot ingress { .workspace = "shop" };
    for (const auto& shard : next.shards)
        ingress.acceptedPerSecond += shard.inPerSecond;
    next.ingress.push_back(std::move(ingress));
    for (auto job = m_jobs.rbegin(); job != m_jobs.rend(); ++job)
        next.jobs.push_back(job->snapshot);
    next.annotations = m_annotations;
    next.store.journalBytes = 212'000'000 + static_cast<std::int64_t>(m_number) * 40'000;
    next.store.diskFreeBytes = 82'000'000'000;
    next.store.diskTotalBytes = 240'000'000'000;
    next.store.deadLetters = m_deadLetters.waiting();
    for (const auto& shard : next.shards)
        next.store.waiting += shard.queueDepth;
    m_snapshot = std::make_shared<const EngineSnapshot>(std::move(next));
    Q_EMIT snapshotPublished(m_snapshot);
}

void FakeEngine::holdReplies(bool isHeld)
{
    m_isHeld = isHeld;
    while (!m_isHeld && !m_heldReplies.empty()) {
        QMetaObject::invokeMethod(this, std::move(m_heldReplies.front()), Qt::QueuedConnection);
        m_heldReplies.pop_front();
    }
}

void FakeEngine::failNext(ErrorCode code) { m_nextFailure = code; }

void FakeEngine::post(std::function<void()> reply)
{
    if (m_isHeld)
        m_heldReplies.push_back(std::move(reply));
    else
        QMetaObject::invokeMethod(this, std::move(reply), Qt::QueuedConnection);
}

std::optional<Error> FakeEngine::takeFailure()
{
    if (!m_nextFailure)
        return std::nullopt;
    Error error { *m_nextFailure, "the store did not answer", {}, {} };
    m_nextFailure.reset();
    return error;
}

void FakeEngine::history(HistoryQuery query, Reply<HistoryPage> reply)
{
    HistoryPage page { .generation = query.generation, .span = query.span, .until = m_now };
    for (const auto& shard : query.shards)
        page.series.push_back(m_shards.history(shard, query.span));
    answer(std::move(reply), std::move(page));
}

void FakeEngine::past(PastQuery query, Reply<PastPage> reply)
{
    const auto first = std::chrono::floor<std::chrono::minutes>(query.from);
    const auto last = std::chrono::floor<std::chrono::minutes>(query.to);
    PastPage page { .generation = query.generation, .until = last };
    page.series.shard = query.shard;
    std::vector<float> minutes;
    for (auto at = first; at <= last; at += std::chrono::minutes { 1 })
        minutes.push_back(static_cast<float>(minutes.size()));
    page.series.metrics.assign(kMetrics, minutes);
    answer(std::move(reply), std::move(page));
}

// Not the pacing of the engine: the tightest of three limits, enough to tell answers apart.
void FakeEngine::forecast(ForecastQuery query, Reply<Forecast> reply)
{
    m_forecasts.push_back(query);
    const auto& shards = m_shards.shards();
    const auto shard = std::find_if(
        shards.begin(), shards.end(), [&](const auto& s) { return s.shard == query.shard; });
    if (shard == shards.end() || !shard->latencyP50) {
        ++m_questions;
        return post([reply = std::move(reply)] {
            reply(fail(ErrorCode::Unavailable, "too few requests ran lately"));
        });
    }
    Forecast forecast { .waiting = shard->queueDepth, .inPerSecond = shard->inPerSecond };
    forecast.inOver = Seconds { 600 };
    const double batch = query.batch.value_or(static_cast<int>(shard->batch.now));
    const double concurrency = query.concurrency.value_or(static_cast<int>(shard->concurrency.now));
    const auto run = [&](Millis requestTime) {
        ForecastRun out { .requestTime = requestTime };
        out.outPerSecond = concurrency * batch * 1'000
            / static_cast<double>(std::max<std::int64_t>(requestTime.count(), 1));
        out.gate = Hold::Gate::Concurrency;
        if (query.rate && *query.rate * batch < out.outPerSecond) {
            out.outPerSecond = *query.rate * batch;
            out.gate = Hold::Gate::Rate;
        }
        if (shard->rate.ceiling && *shard->rate.ceiling * batch < out.outPerSecond) {
            out.outPerSecond = *shard->rate.ceiling * batch;
            out.gate = Hold::Gate::Window;
        }
        out.gateAfter = Seconds { 0 };
        const double surplus = out.outPerSecond - shard->inPerSecond;
        if (surplus > 0)
            out.drained
                = Seconds { std::llround(static_cast<double>(shard->queueDepth) / surplus) };
        else
            out.shortBy = -surplus;
        return out;
    };
    forecast.typical = run(*shard->latencyP50);
    forecast.slow = run(shard->latencyP95.value_or(*shard->latencyP50));
    answer(std::move(reply), std::move(forecast));
}

void FakeEngine::exportOverrides(Reply<std::string> reply)
{
    std::string text;
    for (const auto& shard : m_shards.shards()) {
        if (shard.concurrency.overridden)
            text += "[[destination]]\nname = \"" + shard.shard.destination + "\"\nconcurrency = "
                + std::to_string(static_cast<int>(*shard.concurrency.overridden)) + "\n";
    }
    answer(std::move(reply), std::move(text));
}

} // namespace engine::testing
