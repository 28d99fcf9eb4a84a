// Which stretch of time the charts of one page show: a window that ends now, the same window held
// where it was frozen, or a range that somebody zoomed into. Pure: the caller passes the time of
// the newest sample.
#pragma once

#include <engine/snapshot.h>

#include <chrono>
#include <optional>
#include <vector>

namespace ui {

struct TimeRange {
    engine::WallTime from {};
    engine::WallTime to {};
    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

[[nodiscard]] double secondsOf(engine::HistorySpan span); // 900, 3,600, 21,600, 86,400
[[nodiscard]] engine::Micros toMicros(double seconds);

class Timeline {
public:
    static constexpr std::size_t kBackMax = 20; // views that Backspace goes back to
    static constexpr int kSamplesMin = 20; // of a zoomed range: fewer make no line
    static constexpr std::chrono::hours kKeptBySpan { 24 };

    [[nodiscard]] engine::HistorySpan span() const { return m_view.span; }
    // The window that was chosen last, whatever a zoom needs: where "live" leads back to.
    [[nodiscard]] engine::HistorySpan liveSpan() const { return m_liveSpan; }
    [[nodiscard]] const std::optional<TimeRange>& zoom() const { return m_view.zoom; }
    // The zoomed range begins before anything that the charts keep by span.
    [[nodiscard]] bool isPast(engine::WallTime newest) const;
    [[nodiscard]] bool isFrozen() const { return m_frozenAt.has_value(); }
    [[nodiscard]] bool isLive() const { return !m_view.zoom && !m_frozenAt; }

    void setSpan(engine::HistorySpan span); // ends a zoom
    // Takes the finest resolution that still reaches back to the range's start.
    void zoomTo(TimeRange range, engine::WallTime newest);
    [[nodiscard]] bool canGoBack() const { return !m_back.empty(); }
    void goBack();
    void freezeAt(std::optional<engine::WallTime> time); // nothing: live again
    // A zoomed range that became too old for its resolution moves on to the next coarser one.
    void age(engine::WallTime newest);

    [[nodiscard]] double seconds() const; // how long the shown stretch is
    [[nodiscard]] engine::WallTime end(engine::WallTime newest) const;
    [[nodiscard]] TimeRange range(engine::WallTime newest) const;

private:
    struct View {
        engine::HistorySpan span { engine::HistorySpan::Minutes15 };
        std::optional<TimeRange> zoom {};
    };
    View m_view;
    engine::HistorySpan m_liveSpan { engine::HistorySpan::Minutes15 };
    std::vector<View> m_back;
    std::optional<engine::WallTime> m_frozenAt;
};

} // namespace ui
