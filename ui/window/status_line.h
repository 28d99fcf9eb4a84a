// The status bar: how old the last sample is, what a tick costs, how large the journal is; and one
// line of news for ten seconds. GUI thread only.
#pragma once

#include <engine/snapshot.h>

#include <QStatusBar>

#include <deque>
#include <optional>

class QLabel;

namespace ui {

class StatusLine final : public QStatusBar {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatusLine)
public:
    explicit StatusLine(QWidget* parent = nullptr);

    void applySnapshot(const engine::EngineSnapshot& snapshot);
    void setSampleAge(std::optional<engine::Millis> age);
    // What one snapshot cost the GUI thread. More than 50 ms for 5 s in a row is logged once.
    void noteTick(engine::Micros cost, const QString& page);
    void showNews(const QString& text);
    // The slowest of the last 20 ticks but one: a single hiccup does not hide the rest.
    [[nodiscard]] engine::Micros tickP95() const;

private:
    QLabel* m_sample;
    QLabel* m_frame;
    QLabel* m_journal;
    std::deque<engine::Micros> m_ticks;
    int m_slowTicks { 0 };
};

} // namespace ui
