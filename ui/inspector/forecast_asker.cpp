#include "inspector/forecast_asker.h"

#include "format/format.h"

#include <algorithm>
#include <utility>

namespace ui {
namespace {

using engine::ForecastRun;

template <class T>
std::optional<T> earliest(const std::optional<T>& a, const std::optional<T>& b)
{
    return a && b ? std::min(*a, *b) : a ? a : b;
}

// Absent means never, and never wins.
std::optional<engine::Seconds> latest(
    const std::optional<engine::Seconds>& a, const std::optional<engine::Seconds>& b)
{
    return a && b ? std::optional(std::max(*a, *b)) : std::nullopt;
}

void add(ForecastRun& sum, const ForecastRun& run)
{
    sum.requestTime = std::max(sum.requestTime, run.requestTime);
    sum.outPerSecond += run.outPerSecond;
    sum.shortBy += run.shortBy;
    sum.drained = latest(sum.drained, run.drained);
    sum.firstRefusal = earliest(sum.firstRefusal, run.firstRefusal);
    if (sum.gate != run.gate)
        sum.gate.reset(); // each is held by something else: nothing to name
    sum.gateAfter = earliest(sum.gateAfter, run.gateAfter);
}

} // namespace

ForecastAsker::ForecastAsker(engine::EnginePort& engine, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
{
}

ForecastAsker::~ForecastAsker() { cancel(); }

void ForecastAsker::ask(std::vector<engine::ForecastQuery> queries)
{
    cancel();
    if (queries.empty())
        return;
    queries.resize(std::min(queries.size(), kShardsMax));
    m_queries = std::move(queries);
    m_answers.clear();
    m_isAsking = true;
    if (!m_isUnderWay)
        askNext();
}

void ForecastAsker::cancel()
{
    ++m_generation;
    m_isAsking = false;
    m_queries.clear();
    if (m_isCancelled)
        m_isCancelled->store(true);
}

void ForecastAsker::askNext()
{
    engine::ForecastQuery query = m_queries[m_answers.size()];
    m_isCancelled = std::make_shared<std::atomic<bool>>(false);
    query.isCancelled = m_isCancelled;
    m_isUnderWay = true;
    m_engine.forecast(std::move(query),
        m_engine.replyTo<engine::Result<engine::Forecast>>(this,
            [this, generation = m_generation](
                const engine::Result<engine::Forecast>& result) { take(result, generation); }));
}

void ForecastAsker::take(const engine::Result<engine::Forecast>& result, std::uint64_t generation)
{
    m_isUnderWay = false;
    if (generation != m_generation) {
        if (m_isAsking)
            askNext();
        return;
    }
    if (!result) {
        m_isAsking = false;
        Q_EMIT failed(toQString(result.error().message));
        return;
    }
    m_answers.push_back(*result);
    if (m_answers.size() < m_queries.size())
        return askNext();
    m_isAsking = false;
    Q_EMIT answered(merged(m_answers));
}

engine::Forecast merged(const std::vector<engine::Forecast>& forecasts)
{
    if (forecasts.empty())
        return {};
    engine::Forecast sum = forecasts.front();
    for (std::size_t i = 1; i < forecasts.size(); ++i) {
        const engine::Forecast& one = forecasts[i];
        add(sum.typical, one.typical);
        add(sum.slow, one.slow);
        sum.waiting += one.waiting;
        sum.inPerSecond += one.inPerSecond;
        sum.inOver = std::min(sum.inOver, one.inOver);
        sum.sharers = std::max(sum.sharers, one.sharers);
    }
    return sum;
}

} // namespace ui
