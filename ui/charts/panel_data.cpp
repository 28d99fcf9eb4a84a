#include "charts/panel_data.h"

#include "format/format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

namespace {

constexpr int kBandBuckets = 150; // context: half the resolution of a line is enough

struct Extent {
    float low { std::numeric_limits<float>::infinity() };
    float high { -std::numeric_limits<float>::infinity() };
    [[nodiscard]] bool isKnown() const { return low <= high; }
};

// Where the shown part of `count` samples begins and ends: without the newest that are skipped, as
// many as fit.
std::pair<std::size_t, std::size_t> shownPart(
    std::size_t count, const PanelRequest& request, double step)
{
    const auto skipped = std::min(
        count, static_cast<std::size_t>(std::llround(std::max(0.0, request.skipSeconds) / step)));
    const auto shown = static_cast<std::size_t>(std::llround(request.spanSeconds / step));
    const auto end = count - skipped;
    return { shown > 0 && shown < end ? end - shown : 0, end };
}

// Widens the buckets by one series. Comparing with a gap (NaN) is false, so gaps change nothing.
void widen(std::vector<Extent>& buckets, const HistoryStore::Pieces& pieces,
    std::pair<std::size_t, std::size_t> part)
{
    const std::size_t count = part.second - part.first;
    for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
        Extent& extent = buckets[bucket];
        const std::size_t from = part.first + bucket * count / buckets.size();
        const std::size_t to = part.first + (bucket + 1) * count / buckets.size();
        for (std::size_t i = from; i < to; ++i) {
            const float value
                = i < pieces[0].size() ? pieces[0][i] : pieces[1][i - pieces[0].size()];
            extent.low = value < extent.low ? value : extent.low;
            extent.high = value > extent.high ? value : extent.high;
        }
    }
}

void addBand(PanelData& data, const HistoryStore& history, const PanelRequest& request)
{
    std::vector<Extent> buckets;
    std::size_t count = 0;
    history.forEachSeries(request.metric, [&](const engine::ShardId& shard, const auto& pieces) {
        const bool isDrawn
            = std::find(request.lines.begin(), request.lines.end(), shard) != request.lines.end();
        if (shard.isWholeDestination() || isDrawn)
            return;
        const auto part = shownPart(pieces[0].size() + pieces[1].size(), request, data.stepSeconds);
        count = part.second - part.first;
        if (count == 0)
            return;
        buckets.resize(
            std::min(static_cast<std::size_t>(std::min(kBandBuckets, request.buckets)), count));
        ++data.bandMembers;
        widen(buckets, pieces, part);
    });
    QList<QPointF> low;
    QList<QPointF> high;
    const auto flush = [&] {
        if (!low.isEmpty()) {
            data.bandLow.push_back(low);
            data.bandHigh.push_back(high);
        }
        low.clear();
        high.clear();
    };
    const double span = data.stepSeconds * static_cast<double>(count);
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        if (!buckets[i].isKnown()) {
            flush();
            continue;
        }
        const double x = -span * static_cast<double>(buckets.size() - 1 - i)
            / static_cast<double>(buckets.size());
        low << QPointF(x, static_cast<double>(buckets[i].low));
        high << QPointF(x, static_cast<double>(buckets[i].high));
        data.highest = std::max(data.highest, static_cast<double>(buckets[i].high));
    }
    flush();
}

} // namespace

PanelData makePanelData(const HistoryStore& history, const PanelRequest& request)
{
    PanelData data { .isCompare = request.isCompare || !request.together.empty() };
    data.stepSeconds = static_cast<double>(history.step().count());
    const auto shown = [&](const engine::ShardId& shard, engine::Metric metric) {
        auto samples = history.samples(shard, metric);
        const auto [from, to] = shownPart(samples.size(), request, data.stepSeconds);
        samples.resize(to);
        samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(from));
        return samples;
    };
    const auto addLine = [&](PanelLine line, engine::Metric metric) {
        line.samples = shown(line.shard, metric);
        const bool isExact = data.lines.empty() || data.isCompare;
        line.segments = isExact
            ? minMaxSegments(line.samples, data.stepSeconds, request.buckets)
            : lastValueSegments(line.samples, data.stepSeconds, request.buckets);
        data.highest = std::max(data.highest, highestOf(line.segments));
        data.lines.push_back(std::move(line));
    };
    if (!request.together.empty() && !request.lines.empty()) {
        for (const auto metric : request.together)
            addLine({ .shard = request.lines.front(),
                        .label = metricName(metric),
                        .names = { metricName(metric) } },
                metric);
        return data;
    }
    for (const auto& shard : request.lines) {
        if (data.lines.size() == kPanelLines)
            break;
        addLine({ .shard = shard, .label = shardLabel(shard), .names = shardLabelsByLength(shard) },
            request.metric);
    }
    if (request.hasBand && !request.isCompare)
        addBand(data, history, request);
    if (request.metric == engine::Metric::ErrorRatio && !data.lines.empty() && !request.isCompare) {
        const auto& errors = data.lines.front().samples;
        auto total = shown(data.lines.front().shard, engine::Metric::ThrottleRatio);
        for (std::size_t i = 0; i < total.size() && i < errors.size(); ++i) {
            const float sum = total[i] + errors[i];
            total[i] = sum > 1 ? 1 : sum; // not std::min: it would make 1 of a gap
        }
        data.stackedSamples = total;
        data.stacked = lastValueSegments(total, data.stepSeconds, request.buckets);
        data.highest = std::max(data.highest, highestOf(data.stacked));
    }
    return data;
}

double valueAt(const std::vector<float>& samples, double stepSeconds, double secondsBack)
{
    const auto back = std::llround(secondsBack / stepSeconds);
    if (back < 0 || back >= static_cast<std::int64_t>(samples.size()))
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(samples[samples.size() - 1 - static_cast<std::size_t>(back)]);
}

} // namespace ui
