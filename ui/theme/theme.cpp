#include "theme/theme.h"

#include "theme/console_style.h"

#include <QApplication>
#include <QEvent>
#include <QFontDatabase>

namespace ui {

namespace {

QFont scaledFont(double points, bool isBold = false)
{
    // Relative to the application's font, which is 9 pt (13 px on macOS): a user who enlarges it
    // enlarges everything.
    QFont font = QApplication::font();
    font.setPointSizeF(font.pointSizeF() * points / 9.0);
    font.setBold(isBold);
    return font;
}

} // namespace

Theme::Theme(ThemeMode mode, QObject* parent)
    : QObject(parent)
    , m_mode(mode)
{
    resolve();
}

void Theme::resolve()
{
    m_isDark = m_mode == ThemeMode::Dark || (m_mode == ThemeMode::System && m_isSystemDark);
}

void Theme::install(QApplication& application)
{
    // Qt 6.4 does not say whether the desktop is dark; its start-up palette does.
    readSystemPalette();
    m_application = &application;
    application.installEventFilter(this);
#ifndef Q_OS_MACOS
    QApplication::setStyle(new ConsoleStyle(*this)); // the application takes it
#endif
    QFont font = QApplication::font();
    font.setPointSizeF(9);
    QApplication::setFont(font);
    QApplication::setFont(captionFont(), "QHeaderView");
    QApplication::setPalette(palette());
}

void Theme::readSystemPalette()
{
    const QPalette system = QApplication::palette();
    m_isSystemDark = system.color(QPalette::WindowText).lightness()
        > system.color(QPalette::Window).lightness();
    resolve();
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    // Every window is told when the desktop's theme changes; one look, after all of them, is
    // enough.
    if (event->type() == QEvent::ThemeChange && m_mode == ThemeMode::System && !m_isReadQueued) {
        m_isReadQueued = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_isReadQueued = false;
                QApplication::setPalette(QPalette {}); // ours off: what is left is the desktop's
                readSystemPalette();
                QApplication::setPalette(palette());
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

void Theme::setMode(ThemeMode mode)
{
    m_mode = mode;
    resolve();
    if (m_application != nullptr)
        QApplication::setPalette(palette());
    Q_EMIT changed();
}

void Theme::setDensity(Density density)
{
    m_density = density;
    Q_EMIT changed();
}

const TokenSet& Theme::tokens() const { return m_isDark ? darkTokens() : lightTokens(); }

QColor Theme::color(Token token) const { return QColor::fromRgb(tokens().at(token)); }

QColor Theme::compareColor(int index) const
{
    return QColor::fromRgb(tokens().compare[static_cast<std::size_t>(index % kCompareColors)]);
}

Qt::PenStyle Theme::comparePen(int index)
{
    switch (index % kCompareColors) {
    case 0:
        return Qt::SolidLine;
    case 1:
        return Qt::DashLine;
    case 2:
        return Qt::DotLine;
    default:
        return Qt::DashDotLine;
    }
}

QColor Theme::statusFill(Status status) const
{
    const QRgb fill = tokens().at(status).fill;
    return fill == 0 ? QColor {} : QColor::fromRgb(fill);
}

QColor Theme::statusOutline(Status status) const
{
    return QColor::fromRgb(tokens().at(status).outline);
}

QColor Theme::statusLabel(Status status) const
{
    return QColor::fromRgb(tokens().at(status).label);
}

QPalette Theme::palette() const
{
    QPalette p;
    const QColor text = color(Token::Text);
    const QColor disabled = color(Token::TextDisabled);
    const QColor window = color(Token::Window);
    const QColor raised = color(Token::Raised);
    const QColor border = color(Token::ControlBorder);
    const auto setAll = [&p](QPalette::ColorRole role, const QColor& value) {
        p.setColor(QPalette::All, role, value);
    };
    setAll(QPalette::WindowText, text);
    setAll(QPalette::Text, text);
    setAll(QPalette::ButtonText, text);
    setAll(QPalette::Button, raised);
    setAll(QPalette::Window, window);
    setAll(QPalette::Base, color(Token::Surface));
    setAll(QPalette::AlternateBase, raised);
    setAll(QPalette::ToolTipBase, raised);
    setAll(QPalette::ToolTipText, text);
    setAll(QPalette::PlaceholderText, color(Token::TextDisabled));
    setAll(QPalette::BrightText, m_isDark ? QColor(Qt::white) : text);
    setAll(QPalette::Highlight, color(Token::SelectionBackground));
    setAll(QPalette::HighlightedText, text);
    setAll(QPalette::Link, color(Token::Accent));
    setAll(QPalette::LinkVisited, color(Token::Accent));
    // The bevel roles, from which Fusion derives outlines and grooves.
    setAll(QPalette::Light, raised);
    setAll(QPalette::Midlight, color(Token::Surface));
    setAll(QPalette::Mid, color(Token::GridLine));
    setAll(QPalette::Dark, border);
    setAll(QPalette::Shadow, border);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText,
             QPalette::HighlightedText, QPalette::PlaceholderText, QPalette::Link,
             QPalette::ToolTipText, QPalette::BrightText })
        p.setColor(QPalette::Disabled, role, disabled);
    p.setColor(QPalette::Disabled, QPalette::Base, window);
    p.setColor(QPalette::Disabled, QPalette::Button, window);
    p.setColor(QPalette::Disabled, QPalette::Highlight, color(Token::GridLine));
    return p;
}

int Theme::rowHeight() const
{
    switch (m_density) {
    case Density::Compact:
        return 22;
    case Density::Normal:
        return 24;
    case Density::Comfortable:
        return 30;
    }
    return 24;
}

QFont Theme::captionFont() const { return scaledFont(8); }
QFont Theme::bodyFont() const { return scaledFont(9); }
QFont Theme::boldFont() const { return scaledFont(9, true); }
QFont Theme::titleFont() const { return scaledFont(11, true); }
QFont Theme::fixedFont() { return QFontDatabase::systemFont(QFontDatabase::FixedFont); }

Status statusOf(engine::ShardState state, engine::Millis lag)
{
    switch (state) {
    case engine::ShardState::NoData:
        return Status::NoData;
    case engine::ShardState::AuthFailed:
        return Status::Credential;
    case engine::ShardState::Draining:
    case engine::ShardState::Paused:
    case engine::ShardState::RetriesPaused:
        return Status::Operator;
    case engine::ShardState::Tripped:
    case engine::ShardState::Failing:
        return Status::Critical;
    case engine::ShardState::Throttled:
        return Status::High;
    case engine::ShardState::Degraded:
        return Status::Medium;
    case engine::ShardState::Recovering:
        return Status::Recovering;
    case engine::ShardState::Backlogged:
        return lag >= std::chrono::minutes { 15 } ? Status::High : Status::Medium;
    case engine::ShardState::Idle:
        return Status::Idle;
    case engine::ShardState::Healthy:
        return Status::Normal;
    }
    return Status::Normal;
}

Status statusOf(const engine::ShardSnapshot& shard)
{
    return shard.state == engine::ShardState::Backlogged && shard.isLagCritical
        ? Status::High
        : statusOf(shard.state);
}

int severityRank(engine::ShardState state, engine::Millis lag)
{
    switch (state) {
    case engine::ShardState::AuthFailed:
    case engine::ShardState::Tripped:
    case engine::ShardState::Failing:
        return 0;
    case engine::ShardState::NoData:
    case engine::ShardState::Throttled:
        return 1;
    case engine::ShardState::Backlogged:
        return lag >= std::chrono::minutes { 15 } ? 1 : 2;
    case engine::ShardState::Degraded:
        return 2;
    case engine::ShardState::Draining:
    case engine::ShardState::Paused:
        return 3;
    case engine::ShardState::Recovering:
        return 4;
    case engine::ShardState::RetriesPaused:
        return 5;
    case engine::ShardState::Healthy:
        return 6;
    case engine::ShardState::Idle:
        return 7;
    }
    return 7;
}

bool needsAttention(engine::ShardState state)
{
    return severityRank(state, engine::Millis { 0 }) <= 2;
}

} // namespace ui
