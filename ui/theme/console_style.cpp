#include "theme/console_style.h"

#include "theme/theme.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleOption>

#include <algorithm>
#include <cstdint>

namespace ui {

namespace {

constexpr int kControlRadius = 4;
constexpr int kThumbMin = 28; // of a scroll bar

bool isPrimary(const QStyleOption* option, const QWidget* widget)
{
    return widget != nullptr && option->state.testFlag(QStyle::State_Enabled)
        && widget->property(kPrimaryButton).toBool();
}

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
    const QStyleOption* option, QPainter* painter, const ButtonLook& look) const
{
    const bool isAutoRaised = look.isAutoRaised;
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
    if (look.isPrimary) {
        border = m_theme.color(isFocused ? Token::Text : Token::Accent);
        fill = m_theme.color(Token::Accent);
        if (isDown || isHovered)
            fill = m_theme.isDark() ? fill.lighter(112) : fill.darker(118);
    }
    if (!option->state.testFlag(State_Enabled))
        border = m_theme.color(Token::GridLine);
    if (isOn || (isFocused && !look.isPrimary))
        border = m_theme.color(Token::Accent);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double width = isFocused ? 2 : 1;
    painter->setPen(isAutoRaised && !isOn && !isFocused ? QPen(Qt::NoPen) : QPen(border, width));
    painter->setBrush(fill);
    const double inset = width / 2;
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset),
        kControlRadius, kControlRadius);
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
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset),
        kControlRadius, kControlRadius);
    painter->restore();
}

void ConsoleStyle::drawHeaderSection(const QStyleOption* option, QPainter* painter) const
{
    painter->fillRect(option->rect, m_theme.color(Token::Surface));
    painter->setPen(m_theme.color(Token::GridLine));
    painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
}

// No arrows: nobody aims at them, and the thumb has their room. What lies before and behind the
// thumb still turns a page.
QRect ConsoleStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option,
    SubControl part, const QWidget* widget) const
{
    const auto* bar
        = control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider*>(option) : nullptr;
    if (bar == nullptr)
        return QProxyStyle::subControlRect(control, option, part, widget);
    const bool isAcross = bar->orientation == Qt::Horizontal;
    const int length = isAcross ? bar->rect.width() : bar->rect.height();
    const auto pieceOf = [&](int from, int to) {
        const QRect piece = isAcross ? QRect(from, 0, to - from, bar->rect.height())
                                     : QRect(0, from, bar->rect.width(), to - from);
        return visualRect(bar->direction, bar->rect, piece.translated(bar->rect.topLeft()));
    };
    const std::int64_t range = std::int64_t { bar->maximum } - bar->minimum;
    const auto share = static_cast<int>(
        range <= 0 ? length : std::int64_t { length } * bar->pageStep / (range + bar->pageStep));
    const int thumb = std::clamp(share, std::min(kThumbMin, length), length);
    const int from = sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - thumb, bar->upsideDown);
    if (part == SC_ScrollBarSlider)
        return pieceOf(from, from + thumb);
    if (part == SC_ScrollBarSubPage)
        return pieceOf(0, from);
    if (part == SC_ScrollBarAddPage)
        return pieceOf(from + thumb, length);
    return part == SC_ScrollBarGroove ? bar->rect : QRect {};
}

void ConsoleStyle::drawScrollBar(const QStyleOptionSlider& bar, QPainter* painter) const
{
    painter->fillRect(bar.rect, bar.palette.color(QPalette::Window));
    if (bar.maximum <= bar.minimum)
        return;
    const bool isHeld = bar.state.testFlag(State_Sunken) || bar.state.testFlag(State_MouseOver);
    const QRect thumb = subControlRect(CC_ScrollBar, &bar, SC_ScrollBarSlider, nullptr);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_theme.color(isHeld ? Token::TextSecondary : Token::ControlBorder));
    const QRectF inside = QRectF(thumb).adjusted(2, 2, -2, -2);
    const double radius = std::min(inside.width(), inside.height()) / 2;
    painter->drawRoundedRect(inside, radius, radius);
    painter->restore();
}

// Fusion makes the frames of these three from the window's colour, and on a dark one nobody sees
// them.
void ConsoleStyle::drawIndicator(const QStyleOption* option, QPainter* painter, bool isRound) const
{
    const bool isEnabled = option->state.testFlag(State_Enabled);
    const bool isOn = option->state.testFlag(State_On);
    const bool isHalf = option->state.testFlag(State_NoChange);
    const QColor ink = m_theme.color(isEnabled ? Token::Accent : Token::ControlBorder);
    const double side = std::min(option->rect.width(), option->rect.height()) - 1;
    QRectF box(0, 0, side, side);
    box.moveCenter(QRectF(option->rect).center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(
        isOn || isHalf ? ink : m_theme.color(isEnabled ? Token::ControlBorder : Token::GridLine),
        isRound ? 1.4 : 1)); // a curve of one pixel would be paler than its colour
    painter->setBrush(m_theme.color(isEnabled ? Token::Raised : Token::Window));
    if (isRound) {
        painter->drawEllipse(box);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        if (isOn)
            painter->drawEllipse(box.center(), side / 4, side / 4);
        painter->restore();
        return;
    }
    if (isOn || isHalf)
        painter->setBrush(ink);
    painter->drawRoundedRect(box, 2, 2);
    painter->setPen(QPen(m_theme.color(Token::Surface), 1.8, Qt::SolidLine, Qt::RoundCap));
    const auto at = [&box](double x, double y) {
        return box.topLeft() + QPointF(x * box.width(), y * box.height());
    };
    if (isHalf)
        painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
    else if (isOn)
        painter->drawPolyline(QPolygonF { { at(0.22, 0.52), at(0.42, 0.72), at(0.78, 0.3) } });
    painter->restore();
}

void ConsoleStyle::drawEditableCombo(
    const QStyleOptionComboBox& combo, QPainter* painter, const QWidget* widget) const
{
    drawInput(&combo, painter);
    QStyleOption arrow = combo;
    const QPoint middle = subControlRect(CC_ComboBox, &combo, SC_ComboBoxArrow, widget).center();
    arrow.rect = QRect(middle.x() - 4, middle.y() - 4, 9, 9);
    drawPrimitive(PE_IndicatorArrowDown, &arrow, painter, widget);
}

void ConsoleStyle::drawSpinBox(
    const QStyleOptionSpinBox& box, QPainter* painter, const QWidget* widget) const
{
    drawInput(&box, painter);
    if (box.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto drawStep = [&](SubControl part, QAbstractSpinBox::StepEnabledFlag step,
                              PrimitiveElement arrow) {
        QStyleOption option = box;
        option.rect = subControlRect(CC_SpinBox, &box, part, widget);
        const bool isUsable = box.stepEnabled.testFlag(step) && box.state.testFlag(State_Enabled);
        if (isUsable && box.activeSubControls.testFlag(part) && box.state.testFlag(State_MouseOver))
            painter->fillRect(
                option.rect.adjusted(0, 1, -1, -1), m_theme.color(Token::SelectionBackground));
        const QPointF middle = QRectF(option.rect).center();
        option.rect
            = QRect(static_cast<int>(middle.x()) - 3, static_cast<int>(middle.y()) - 3, 7, 7);
        option.state.setFlag(State_Enabled, isUsable);
        if (!isUsable)
            option.palette.setCurrentColorGroup(QPalette::Disabled);
        drawPrimitive(arrow, &option, painter, widget);
    };
    drawStep(SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, PE_IndicatorArrowUp);
    drawStep(SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, PE_IndicatorArrowDown);
}

void ConsoleStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
    QPainter* painter, const QWidget* widget) const
{
    const auto* bar
        = control == CC_ScrollBar ? qstyleoption_cast<const QStyleOptionSlider*>(option) : nullptr;
    const auto* box
        = control == CC_SpinBox ? qstyleoption_cast<const QStyleOptionSpinBox*>(option) : nullptr;
    const auto* combo
        = control == CC_ComboBox ? qstyleoption_cast<const QStyleOptionComboBox*>(option) : nullptr;
    if (bar != nullptr)
        drawScrollBar(*bar, painter);
    else if (box != nullptr && box->frame)
        drawSpinBox(*box, painter, widget);
    else if (combo != nullptr && combo->editable && combo->frame)
        drawEditableCombo(*combo, painter, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

// The chosen tab has a bar in the accent colour below it, as the rail has one beside the page.
void ConsoleStyle::drawTab(const QStyleOptionTab& tab, QPainter* painter) const
{
    if (tab.state.testFlag(State_Selected))
        painter->fillRect(QRect(tab.rect.left(), tab.rect.bottom() - 2, tab.rect.width(), 3),
            m_theme.color(Token::Accent));
    else if (tab.state.testFlag(State_MouseOver) && tab.state.testFlag(State_Enabled))
        painter->fillRect(tab.rect, m_theme.color(Token::GridLine));
}

void ConsoleStyle::drawDockTitle(const QStyleOption* option, QPainter* painter) const
{
    const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
    if (dock == nullptr)
        return;
    QFont font = m_theme.captionFont();
    font.setBold(true);
    painter->save();
    painter->setFont(font);
    painter->setPen(m_theme.color(Token::TextSecondary));
    painter->drawText(dock->rect.adjusted(kSpaceSmall, 0, -kHitTargetMin, 0),
        static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter), dock->title);
    painter->restore();
}

// A field of several lines has the edge of every other field, and a list that the keys go to is
// seen. Fusion makes the frame of the rest from the window's colour, and on a dark one nobody sees
// it.
bool ConsoleStyle::drawFieldFrame(
    const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* text = qobject_cast<const QPlainTextEdit*>(widget);
    const bool isTyped = text != nullptr && !text->isReadOnly();
    const bool isFocused = option->state.testFlag(State_HasFocus);
    if (qobject_cast<const QAbstractScrollArea*>(widget) == nullptr
        || (!isTyped && !isFocused && !m_theme.isDark()))
        return false;
    const bool isStrong = isTyped && option->state.testFlag(State_Enabled);
    painter->save();
    painter->setPen(m_theme.color(isFocused ? Token::Accent
            : isStrong                      ? Token::ControlBorder
                                            : Token::GridLine));
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5));
    painter->restore();
    return true;
}

void ConsoleStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
    QPainter* painter, const QWidget* widget) const
{
    switch (static_cast<int>(element)) {
    case PE_PanelButtonCommand:
        drawButton(option, painter, { .isPrimary = isPrimary(option, widget) });
        return;
    case PE_PanelButtonTool:
        drawButton(option, painter, { .isAutoRaised = option->state.testFlag(State_AutoRaise) });
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
    case PE_IndicatorCheckBox:
    case PE_IndicatorRadioButton:
        drawIndicator(option, painter, element == PE_IndicatorRadioButton);
        return;
    case PE_FrameDockWidget:
        return; // the dock's own page draws its edge
    case PE_Frame:
        if (drawFieldFrame(option, painter, widget))
            return;
        break;
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
    if (element == CE_TabBarTabShape) {
        if (const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option))
            drawTab(*tab, painter);
        return;
    }
    if (element == CE_DockWidgetTitle) {
        drawDockTitle(option, painter);
        return;
    }
    if (element == CE_HeaderLabel) {
        // Titles stand back behind what they are titles of.
        const auto drawQuiet = [&](auto quiet) {
            quiet.palette.setColor(QPalette::ButtonText, m_theme.color(Token::TextSecondary));
            QProxyStyle::drawControl(element, &quiet, painter, widget);
        };
        // The whole option: Fusion takes one that says that it is a V2 for one.
        if (const auto* wide = qstyleoption_cast<const QStyleOptionHeaderV2*>(option))
            drawQuiet(*wide);
        else if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option))
            drawQuiet(*header);
        return;
    }
    if (element == CE_PushButtonLabel && isPrimary(option, widget)) {
        auto strong = *qstyleoption_cast<const QStyleOptionButton*>(option);
        strong.palette.setColor(QPalette::ButtonText, m_theme.color(Token::Surface));
        QProxyStyle::drawControl(element, &strong, painter, widget);
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
    const auto* button = type == CT_ToolButton
        ? qstyleoption_cast<const QStyleOptionToolButton*>(option)
        : nullptr;
    if (button != nullptr && button->features.testFlag(QStyleOptionToolButton::HasMenu))
        wanted.rwidth() += 4 * kSpaceSmall; // Fusion draws its arrow over the end of the text
    if (type == CT_PushButton) // and lets a long text touch the border
        wanted.setWidth(std::max(wanted.width(), size.width() + 5 * kSpaceSmall));
    return wanted;
}

QIcon ConsoleStyle::standardIcon(
    StandardPixmap standard, const QStyleOption* option, const QWidget* widget) const
{
    if (standard == SP_TitleBarCloseButton || standard == SP_DockWidgetCloseButton)
        return m_theme.icon(QStringLiteral("close"));
    return QProxyStyle::standardIcon(standard, option, widget);
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
    case PM_ScrollBarExtent:
        return 12;
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
