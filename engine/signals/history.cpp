#include "signals/history.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace engine::signals {

namespace {

constexpr float kNoData = std::numeric_limits<float>::quiet_NaN();
constexpr std::array kSpans { HistorySpan::Minutes15, HistorySpan::Hour1, HistorySpan::Hours6,
    HistorySpan::Hours24 };

constexpr MetricValues noData()
{
    MetricValues values {};
    values.fill(kNoData);
    return values;
}

constexpr bool isMean(Metric metric)
{
    return metric == Metric::InRate || metric == Metric::OutRate || metric == Metric::BatchFill;
}

// `count` values are in `into` already.
float combine(Metric metric, float into, float value, std::size_t count)
{
    if (std::isnan(value))
        return into;
    if (std::isnan(into))
        return value;
    if (!isMean(metric))
        return std::max(into, value);
    return into + (value - into) / static_cast<float>(count + 1);
}

float toFloat(const std::optional<double>& value)
{
    return value ? static_cast<float>(*value) : kNoData;
}

} // namespace

MetricValues metricsOf(const ShardSnapshot& shard)
{
    MetricValues values = noData();
    const auto set = [&values](Metric metric, float value) {
        values[static_cast<std::size_t>(metric)] = value;
    };
    set(Metric::QueueDepth, static_cast<float>(shard.queueDepth));
    set(Metric::ConsumerLag, std::chrono::duration<float>(shard.consumerLag).count());
    if (shard.latencyP95)
        set(Metric::LatencyP95, static_cast<float>(shard.latencyP95->count()));
    set(Metric::ErrorRatio, toFloat(shard.errorRatio));
    set(Metric::DlqGrowth, static_cast<float>(shard.dlqGrowthPerMinute));
    set(Metric::InRate, static_cast<float>(shard.inPerSecond));
    set(Metric::OutRate, static_cast<float>(shard.outPerSecond));
    set(Metric::ThrottleRatio, toFloat(shard.throttleRatio));
    set(Metric::InFlight, static_cast<float>(shard.inFlight));
    set(Metric::BatchFill, static_cast<float>(shard.batchFillRatio));
    return values;
}

History::History()
{
    for (std::size_t i = 0; i < kSpans.size(); ++i) {
        m_rings[i].step = stepOf(kSpans[i]);
        m_rings[i].capacity = static_cast<std::size_t>(samplesOf(kSpans[i]));
    }
}

void History::push(Ring& ring, const MetricValues& values)
{
    const bool isFull = ring.values[0].size() == ring.capacity;
    for (std::size_t metric = 0; metric < kMetrics; ++metric) {
        if (isFull)
            ring.values[metric][ring.start] = values[metric];
        else
            ring.values[metric].push_back(values[metric]);
    }
    if (isFull)
        ring.start = (ring.start + 1) % ring.capacity;
}

void History::put(Ring& ring, std::int64_t number, const MetricValues& values)
{
    if (ring.newest >= 0 && number <= ring.newest) { // the same step, or a clock that stood still
        const std::size_t size = ring.values[0].size();
        const std::size_t last = size < ring.capacity ? size - 1 : (ring.start + size - 1) % size;
        for (std::size_t metric = 0; metric < kMetrics; ++metric) {
            float& into = ring.values[metric][last];
            into = combine(static_cast<Metric>(metric), into, values[metric], ring.samples);
        }
        ++ring.samples;
        return;
    }
    const std::int64_t skipped = ring.newest < 0 ? 0 : number - ring.newest - 1;
    for (std::int64_t i = 0; i < std::min(skipped, static_cast<std::int64_t>(ring.capacity)); ++i)
        push(ring, noData());
    push(ring, values);
    ring.newest = number;
    ring.samples = 1;
}

void History::append(SteadyTime now, const MetricValues& values)
{
    for (Ring& ring : m_rings)
        put(ring, now.time_since_epoch() / ring.step, values);
}

std::vector<float> History::series(HistorySpan span, Metric metric, SteadyTime now) const
{
    const Ring& ring = m_rings[static_cast<std::size_t>(span)];
    const auto& values = ring.values[static_cast<std::size_t>(metric)];
    std::vector<float> result(ring.capacity, kNoData);
    if (ring.newest < 0)
        return result;
    const std::int64_t behind
        = std::max<std::int64_t>(0, now.time_since_epoch() / ring.step - ring.newest);
    const auto count = static_cast<std::int64_t>(values.size());
    for (std::int64_t i = 0; i < count; ++i) { // i = 0 is the newest
        const std::int64_t place = static_cast<std::int64_t>(ring.capacity) - 1 - behind - i;
        if (place < 0)
            break;
        const auto from = (ring.start + static_cast<std::size_t>(count - 1 - i)) % values.size();
        result[static_cast<std::size_t>(place)] = values[from];
    }
    return result;
}

void History::refill(std::span<const MinuteValue> minutes, SteadyTime now, WallTime wallNow)
{
    constexpr std::int64_t kDayMinutes = 1'440;
    std::vector<MetricValues> byAge(kDayMinutes + 1, noData()); // minutes ago, 0 the present one
    const auto minuteNow = std::chrono::floor<std::chrono::minutes>(wallNow);
    for (const MinuteValue& minute : minutes) {
        const auto age = (minuteNow - std::chrono::floor<std::chrono::minutes>(minute.at)).count();
        if (age < 0 || age > kDayMinutes || minute.samples <= 0)
            continue;
        const double value = isMean(minute.metric)
            ? minute.sum / static_cast<double>(minute.samples)
            : minute.high;
        byAge[static_cast<std::size_t>(age)][static_cast<std::size_t>(minute.metric)]
            = static_cast<float>(value);
    }
    for (Ring& ring : m_rings) {
        if (ring.step == Seconds { 1 })
            continue; // a minute is too coarse for it
        const std::int64_t present = now.time_since_epoch() / ring.step;
        for (auto back = static_cast<std::int64_t>(ring.capacity) - 1; back >= 1; --back) {
            const auto age
                = std::chrono::floor<std::chrono::minutes>(wallNow - minuteNow + back * ring.step)
                      .count();
            put(ring, present - back,
                byAge[static_cast<std::size_t>(std::min<std::int64_t>(age, kDayMinutes))]);
        }
    }
}

std::optional<double> History::dayMedian(Metric metric) const
{
    const Ring& ring = m_rings[static_cast<std::size_t>(HistorySpan::Hours24)];
    std::vector<float> values;
    for (const float value : ring.values[static_cast<std::size_t>(metric)]) {
        if (!std::isnan(value))
            values.push_back(value);
    }
    const auto hour = static_cast<std::size_t>(Seconds { 3'600 } / ring.step);
    if (values.size() < hour)
        return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
}

std::vector<MinuteValue> MinuteRollup::take()
{
    std::vector<MinuteValue> values;
    std::copy_if(m_values.begin(), m_values.end(), std::back_inserter(values),
        [](const MinuteValue& value) { return value.samples > 0; });
    m_values = {};
    return values;
}

std::vector<MinuteValue> MinuteRollup::add(WallTime now, const MetricValues& values)
{
    std::vector<MinuteValue> ended;
    const WallTime minute = std::chrono::floor<std::chrono::minutes>(now);
    if (m_minute != minute) {
        ended = take();
        m_minute = minute;
    }
    for (std::size_t metric = 0; metric < kMetrics; ++metric) {
        if (std::isnan(values[metric]))
            continue;
        MinuteValue& into = m_values[metric];
        const auto value = static_cast<double>(values[metric]);
        into.low = into.samples == 0 ? value : std::min(into.low, value);
        into.high = into.samples == 0 ? value : std::max(into.high, value);
        into.metric = static_cast<Metric>(metric);
        into.at = minute;
        into.last = value;
        into.sum += value;
        ++into.samples;
    }
    return ended;
}

} // namespace engine::signals
