#include "charts/decimate.h"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

// Calls `take(begin, end)` for each run of samples that lies in one bucket and has no gap, and
// `breakLine()` where a gap begins.
template <class Take, class Break>
void forEachRun(std::span<const float> samples, int buckets, Take take, Break breakLine)
{
    const std::size_t count = samples.size();
    const auto bucketOf = [&](std::size_t i) {
        return count <= static_cast<std::size_t>(buckets)
            ? i
            : i * static_cast<std::size_t>(buckets) / count;
    };
    std::size_t i = 0;
    while (i < count) {
        if (std::isnan(samples[i])) {
            breakLine();
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        while (end < count && bucketOf(end) == bucketOf(i) && !std::isnan(samples[end]))
            ++end;
        take(i, end);
        i = end;
    }
}

class Builder {
public:
    Builder(std::span<const float> samples, double stepSeconds)
        : m_samples(samples)
        , m_step(stepSeconds)
    {
    }
    void add(std::size_t i)
    {
        const double x = -m_step * static_cast<double>(m_samples.size() - 1 - i);
        m_current << QPointF(x, static_cast<double>(m_samples[i]));
    }
    void breakLine()
    {
        if (!m_current.isEmpty())
            m_segments.push_back(std::move(m_current));
        m_current = {};
    }
    [[nodiscard]] Segments take()
    {
        breakLine();
        return std::move(m_segments);
    }

private:
    std::span<const float> m_samples;
    double m_step;
    QList<QPointF> m_current;
    Segments m_segments;
};

} // namespace

Segments minMaxSegments(std::span<const float> samples, double stepSeconds, int buckets)
{
    Builder builder(samples, stepSeconds);
    forEachRun(
        samples, buckets,
        [&](std::size_t begin, std::size_t end) {
            const auto run = samples.subspan(begin, end - begin);
            const auto [low, high] = std::minmax_element(run.begin(), run.end());
            const auto lowAt = begin + static_cast<std::size_t>(low - run.begin());
            const auto highAt = begin + static_cast<std::size_t>(high - run.begin());
            builder.add(std::min(lowAt, highAt));
            if (lowAt != highAt)
                builder.add(std::max(lowAt, highAt));
        },
        [&] { builder.breakLine(); });
    return builder.take();
}

Segments lastValueSegments(std::span<const float> samples, double stepSeconds, int buckets)
{
    Builder builder(samples, stepSeconds);
    forEachRun(
        samples, buckets, [&](std::size_t, std::size_t end) { builder.add(end - 1); },
        [&] { builder.breakLine(); });
    return builder.take();
}

double highestOf(const Segments& segments)
{
    double highest = 0;
    for (const auto& segment : segments) {
        for (const auto& point : segment)
            highest = std::max(highest, point.y());
    }
    return highest;
}

} // namespace ui
