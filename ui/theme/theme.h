// The one place where widgets get colours, fonts, shapes and icons. Built once by main (or a test)
// and handed down by reference; GUI thread only.
#pragma once

#include "theme/tokens.h"

#include <engine/snapshot.h>

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

class QApplication;
class QPainter;
class QRectF;

namespace ui {

enum class ThemeMode { System, Light, Dark };
enum class Density { Compact, Normal, Comfortable }; // rows of 22, 24 and 30 px

// Sizes in device-independent pixels. Spacing is 4, 8 or 12, never anything between.
inline constexpr int kSpaceSmall = 4;
inline constexpr int kSpace = 8;
inline constexpr int kSpaceLarge = 12;
inline constexpr int kShapeSize = 14;
inline constexpr int kHitTargetMin = 24;

class Theme final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Theme)
public:
    explicit Theme(ThemeMode mode = ThemeMode::System, QObject* parent = nullptr);

    // Installs style, palette and base font on the application. Call once, before the first widget;
    // setMode() afterwards does it again by itself.
    void install(QApplication& application);
    void setMode(ThemeMode mode);
    void setDensity(Density density);

    [[nodiscard]] ThemeMode mode() const { return m_mode; }
    [[nodiscard]] Density density() const { return m_density; }
    [[nodiscard]] bool isDark() const { return m_isDark; }
    [[nodiscard]] const TokenSet& tokens() const;
    [[nodiscard]] QColor color(Token token) const;
    [[nodiscard]] QColor compareColor(int index) const; // 0 = the selected shard
    [[nodiscard]] static Qt::PenStyle comparePen(int index);
    [[nodiscard]] QColor statusFill(Status status) const; // invalid when the shape has none
    [[nodiscard]] QColor statusOutline(Status status) const;
    [[nodiscard]] QColor statusLabel(Status status) const; // text on the fill
    [[nodiscard]] QPalette palette() const;
    [[nodiscard]] int rowHeight() const;

    // Fonts relative to the application's: 8 pt captions, 9 body, 11 bold titles.
    [[nodiscard]] QFont captionFont() const;
    [[nodiscard]] QFont bodyFont() const;
    [[nodiscard]] QFont boldFont() const;
    [[nodiscard]] QFont titleFont() const;
    [[nodiscard]] static QFont fixedFont(); // payloads

    // Paints the shape of a status into a square of `rect` (centred, at most kShapeSize wide).
    void paintStatus(QPainter& painter, const QRectF& rect, Status status) const;
    [[nodiscard]] QIcon statusIcon(Status status) const;

    // resources/icons/<name>.svg in the text colour; disabled and checked states are made from it.
    [[nodiscard]] QIcon icon(const QString& name) const;

    bool eventFilter(QObject* watched, QEvent* event) override;

Q_SIGNALS:
    void changed(); // restyle charts and repaint what is not drawn from the palette

private:
    void resolve();
    void readSystemPalette();

    ThemeMode m_mode;
    Density m_density { Density::Normal };
    bool m_isDark { false };
    bool m_isSystemDark { false };
    bool m_isReadQueued { false };
    QApplication* m_application { nullptr };
};

// How a state is shown; `lag` raises Backlogged from P3 to P2 at 15 minutes.
[[nodiscard]] Status statusOf(engine::ShardState state, engine::Millis lag = engine::Millis { 0 });
// By the thresholds in force: they say from which lag a backlog is urgent.
[[nodiscard]] Status statusOf(const engine::ShardSnapshot& shard);
// Rank for sorting, 0 = worst: P1, P2, P3, operator-caused, recovering, retries paused, healthy,
// idle.
[[nodiscard]] int severityRank(engine::ShardState state, engine::Millis lag);
[[nodiscard]] bool needsAttention(engine::ShardState state); // P1 to P3 and no data

} // namespace ui
