#include "theme/console_style.h"

#include "theme/theme.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyleOption>

namespace ui {

namespace {

bool hasIconAndText(bool isToolButton, const QStyleOption* option)
{
    const auto* button
        = isToolButton ? qstyleoption_cast<const QStyleOptionToolButton*>(option) : nullptr;
    return button != nullptr && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon
        && !button->icon.isNull() && !button->text.isEmpty();
}

} // namespace

ConsoleStyle::ConsoleStyle(const Theme& theme)
    : QProxyStyle(QStringLiteral("Fusion"))
    , m_theme(theme)
{
}

void ConsoleStyle::drawButton(
    const QStyleOption* option, QPainter* painter, bool isAutoRaised) const
{
    const bool isDown = option->state.testFlag(State_Sunken);
    const bool isOn = option->state.testFlag(State_On);
    const bool isHovered
        = option->state.testFlag(State_MouseOver) && option->state.testFlag(State_Enabled);
    const bool isFocused = option->state.testFlag(State_HasFocus)
        && option->state.testFlag(State_KeyboardFocusChange);
    QColor fill = isAutoRaised ? QColor(Qt::transparent) : option->palette.color(QPalette::Button);
    if (isOn)
        fill = m_theme.color(Token::SelectionBackground);
    else if (isDown)
        fill = m_theme.color(Token::GridLine);
    else if (isHovered)
        fill = isAutoRaised ? m_theme.color(Token::GridLine) : m_theme.color(Token::Surface);
    QColor border = m_theme.color(Token::ControlBorder);
    if (!option->state.testFlag(State_Enabled))
        border = m_theme.color(Token::GridLine);
    if (isOn || isFocused)
        border = m_theme.color(Token::Accent);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double width = isFocused ? 2 : 1;
    painter->setPen(isAutoRaised && !isOn && !isFocused ? QPen(Qt::NoPen) : QPen(border, width));
    painter->setBrush(fill);
    const double inset = width / 2;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), 3, 3);
    painter->restore();
}

void ConsoleStyle::drawInput(const QStyleOption* option, QPainter* painter) const
{
    const bool isFocused = option->state.testFlag(State_HasFocus);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double width = isFocused ? 2 : 1;
    painter->setPen(QPen(m_theme.color(isFocused                         ? Token::Accent
                                 : option->state.testFlag(State_Enabled) ? Token::ControlBorder
                                                                         : Token::GridLine),
        width));
    painter->setBrush(option->state.testFlag(State_Enabled) ? m_theme.color(Token::Raised)
                                                            : m_theme.color(Token::Window));
    const double inset = width / 2;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), 3, 3);
    painter->restore();
}

void ConsoleStyle::drawHeaderSection(const QStyleOption* option, QPainter* painter) const
{
    painter->fillRect(option->rect, m_theme.color(Token::Window));
    painter->setPen(m_theme.color(Token::GridLine));
    painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
    QPainter* painter, const QWidget* widget) const
{
    switch (static_cast<int>(element)) {
    case PE_PanelButtonCommand:
        drawButton(option, painter, false);
        return;
    case PE_PanelButtonTool:
        drawButton(option, painter, option->state.testFlag(State_AutoRaise));
        return;
    case PE_PanelLineEdit:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame != nullptr && frame->lineWidth > 0) {
            drawInput(option, painter);
            return;
        }
        break;
    case PE_FrameFocusRect: {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(m_theme.color(Token::Accent), 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 3, 3);
        painter->restore();
        return;
    }
    case PE_FrameDockWidget:
        return; // the dock's own page draws its edge
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void ConsoleStyle::drawControl(ControlElement element, const QStyleOption* option,
    QPainter* painter, const QWidget* widget) const
{
    if (element == CE_HeaderSection) {
        drawHeaderSection(option, painter);
        return;
    }
    if (hasIconAndText(element == CE_ToolButtonLabel, option)) {
        // Fusion sets the icon hard against the border.
        auto moved = *qstyleoption_cast<const QStyleOptionToolButton*>(option);
        moved.rect.adjust(kSpaceSmall, 0, 0, 0);
        QProxyStyle::drawControl(element, &moved, painter, widget);
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

QSize ConsoleStyle::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize wanted = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (hasIconAndText(type == CT_ToolButton, option))
        wanted.rwidth() += 2 * kSpaceSmall;
    return wanted;
}

int ConsoleStyle::pixelMetric(
    PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (static_cast<int>(metric)) {
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_DockWidgetSeparatorExtent:
    case PM_SplitterWidth:
        return 5;
    case PM_HeaderMargin:
        return kSpaceSmall + 1;
    case PM_FocusFrameHMargin: // beside the text of a cell: columns of either alignment stay apart
        return qobject_cast<const QAbstractItemView*>(widget) != nullptr
            ? kSpaceSmall
            : QProxyStyle::pixelMetric(metric, option, widget);
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return kSpace;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ConsoleStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
    QStyleHintReturn* returnData) const
{
    if (hint == SH_ToolTip_WakeUpDelay)
        return 400;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

} // namespace ui
