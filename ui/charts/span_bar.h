// The row of buttons above the charts that chooses how far back they go. GUI thread only.
#pragma once

#include <engine/snapshot.h>

#include <QWidget>

#include <array>
#include <optional>

class QHBoxLayout;
class QToolButton;

namespace ui {

class SpanBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SpanBar)
public:
    // `area` begins the object names: "overview" gives overview_window15m, _1h, _6h, _24h.
    explicit SpanBar(const QString& area, QWidget* parent = nullptr);

    void setSpan(std::optional<engine::HistorySpan> span); // nothing: a range of its own
    // Another button in the same manner, named "<area>_<name>".
    QToolButton* addButton(const QString& name, const QString& text, const QString& tip);
    void addWidget(QWidget* widget, int stretch = 0);
    void addStretch();

Q_SIGNALS:
    void spanChosen(engine::HistorySpan span);

private:
    QString m_area;
    QHBoxLayout* m_row;
    std::array<QToolButton*, 4> m_spans {};
};

} // namespace ui
