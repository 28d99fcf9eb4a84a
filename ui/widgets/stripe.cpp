#include "widgets/stripe.h"

#include "theme/theme.h"
#include "widgets/card.h"

#include <QPainter>

namespace ui {

namespace {

constexpr int kIcon = 16;

} // namespace

Stripe::Stripe(const Theme& theme, const QString& name, const QString& icon, QWidget* parent)
    : QLabel(parent)
    , m_theme(theme)
    , m_icon(icon)
{
    setObjectName(name);
    setTextFormat(Qt::PlainText);
    setFont(theme.boldFont());
    setContentsMargins(kSpaceLarge + kIcon + kSpace, kSpaceSmall + 1, kSpace, kSpaceSmall + 1);
    setVisible(false);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Stripe::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(m_theme.color(Token::ControlBorder));
        painter.setBrush(m_theme.color(Token::Raised));
        painter.drawRoundedRect(
            QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kCardRadius, kCardRadius);
        m_theme.icon(m_icon).paint(&painter, QRect(kSpaceLarge, 0, kIcon, height()));
    }
    QLabel::paintEvent(event);
}

} // namespace ui
