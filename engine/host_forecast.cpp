// What-if forecasts: a shard as delivery knows it, the arrivals that the charts show.
#include "host.h"

#include <algorithm>
#include <cmath>

namespace engine {
namespace {

constexpr std::int64_t kArrivalSeconds = 600;
constexpr std::int64_t kArrivalSecondsLeast = 30; // that far the snapshot's own rate reaches

struct ForecastFrame {
    std::shared_ptr<std::atomic<bool>> isCancelled {};
    Millis slowTime { 0 };
    Seconds inOver { 0 };
};

// The reader's thread: two runs of some ten milliseconds at most.
Result<Forecast> forecastOf(
    const delivery::ForecastBasis& basis, delivery::ForecastScene scene, const ForecastFrame& frame)
{
    scene.isCancelled = frame.isCancelled.get();
    Forecast forecast {
        .inPerSecond = scene.inPerSecond, .inOver = frame.inOver, .sharers = basis.sharers
    };
    forecast.waiting = basis.waiting
        + std::llround(scene.inPerSecond * static_cast<double>(scene.pausedFor.count()));
    auto typical = delivery::runForecast(basis, scene);
    if (!typical)
        return tl::unexpected(typical.error());
    scene.requestTime = frame.slowTime;
    auto slow = delivery::runForecast(basis, scene);
    if (!slow)
        return tl::unexpected(slow.error());
    forecast.typical = *typical;
    forecast.slow = *slow;
    return forecast;
}

} // namespace

// Mean over ten minutes, or since the start: a look at the last seconds would take every wave for
// the tide.
std::pair<double, Seconds> Host::arrivalsOf(const ShardSnapshot& shard) const
{
    const auto span = std::min<std::int64_t>(kArrivalSeconds, m_ticks / kTicksPerSecond);
    const HistoryPage page = m_snapshots->history({ .shards = { shard.shard } });
    if (span < kArrivalSecondsLeast || page.series.empty())
        return { shard.inPerSecond, Seconds { kArrivalSecondsLeast } };
    const auto& rates = page.series.front().metrics.at(static_cast<std::size_t>(Metric::InRate));
    double sum = 0;
    int samples = 0;
    for (auto i = rates.size() - std::min(rates.size(), static_cast<std::size_t>(span));
         i < rates.size(); ++i) {
        if (std::isnan(rates[i]))
            continue;
        sum += static_cast<double>(rates[i]);
        ++samples;
    }
    return { samples > 0 ? sum / samples : shard.inPerSecond, Seconds { span } };
}

void Host::forecast(ForecastQuery query, Reply<Forecast> reply)
{
    const SnapshotPtr seen = m_face.snapshot();
    const auto shard = std::find_if(seen->shards.begin(), seen->shards.end(),
        [&](const ShardSnapshot& one) { return one.shard == query.shard; });
    if (shard == seen->shards.end())
        return reply(fail(ErrorCode::NotFound, "there is no shard " + toString(query.shard)));
    if (!shard->latencyP50)
        return reply(fail(ErrorCode::Unavailable,
            "too few requests ran in the last 15 minutes to know how long one takes"));
    const auto [inPerSecond, inOver] = arrivalsOf(*shard);
    const delivery::ForecastScene scene { .inPerSecond = inPerSecond,
        .requestTime = *shard->latencyP50,
        .oldestAge = shard->oldestEventAge,
        .acceptWindow = shard->acceptWindow,
        .pausedFor = query.pausedFor.value_or(Seconds { 0 }) };
    const Millis slowTime = shard->latencyP95.value_or(*shard->latencyP50);
    m_loop->submit(
        [this, query, reply, scene, slowTime, over = inOver](delivery::Dispatcher& dispatcher) {
            m_reader->ask([basis = dispatcher.forecastBasis(query), query, reply, scene, slowTime,
                              over](const Result<store::Reader*>& reader) {
                if (!basis || !reader)
                    return reply(tl::unexpected(!basis ? basis.error() : reader.error()));
                reply(forecastOf(*basis, scene, { query.isCancelled, slowTime, over }));
            });
        },
        [reply](const Error& error) { reply(tl::unexpected(error)); });
}

} // namespace engine
