#include "charts/timeline.h"

#include <engine/past.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

using engine::HistorySpan;

namespace {

constexpr std::array kFinestFirst { HistorySpan::Minutes15, HistorySpan::Hour1, HistorySpan::Hours6,
    HistorySpan::Hours24 };

HistorySpan finestReaching(engine::WallTime from, engine::WallTime newest)
{
    const double back = std::chrono::duration<double>(newest - from).count();
    const auto found = std::find_if(kFinestFirst.begin(), kFinestFirst.end(),
        [&](HistorySpan span) { return secondsOf(span) >= back; });
    return found == kFinestFirst.end() ? HistorySpan::Hours24 : *found;
}

} // namespace

double secondsOf(HistorySpan span)
{
    return static_cast<double>(engine::stepOf(span).count() * engine::samplesOf(span));
}

engine::Micros toMicros(double seconds) { return engine::Micros { std::llround(seconds * 1e6) }; }

void Timeline::setSpan(HistorySpan span)
{
    m_view = { .span = span };
    m_liveSpan = span;
    m_back.clear();
}

void Timeline::zoomTo(TimeRange range, engine::WallTime newest)
{
    const auto span = finestReaching(range.from, newest);
    const bool isOld = newest - range.from > kKeptBySpan;
    const auto least = (isOld ? engine::kPastStep : engine::stepOf(span)) * kSamplesMin;
    if (range.to - range.from < least) {
        const auto middle = range.from + (range.to - range.from) / 2;
        range.to = std::min<engine::WallTime>(newest, middle + least / 2);
        range.from = range.to - least;
    }
    if (m_back.size() == kBackMax)
        m_back.erase(m_back.begin());
    m_back.push_back(m_view);
    m_view = { .span = span, .zoom = range };
}

void Timeline::goBack()
{
    if (m_back.empty())
        return;
    m_view = m_back.back();
    m_back.pop_back();
}

void Timeline::freezeAt(std::optional<engine::WallTime> time) { m_frozenAt = time; }

void Timeline::age(engine::WallTime newest)
{
    if (m_view.zoom)
        m_view.span = std::max(m_view.span, finestReaching(m_view.zoom->from, newest));
}

bool Timeline::isPast(engine::WallTime newest) const
{
    return m_view.zoom && newest - m_view.zoom->from > kKeptBySpan;
}

double Timeline::seconds() const
{
    if (m_view.zoom)
        return std::chrono::duration<double>(m_view.zoom->to - m_view.zoom->from).count();
    return secondsOf(m_view.span);
}

engine::WallTime Timeline::end(engine::WallTime newest) const
{
    return m_view.zoom ? m_view.zoom->to : m_frozenAt.value_or(newest);
}

TimeRange Timeline::range(engine::WallTime newest) const
{
    const auto to = end(newest);
    return { to - toMicros(seconds()), to };
}

} // namespace ui
