#include "widgets/card.h"

#include "theme/theme.h"

#include <QPainter>

namespace ui {

void paintCard(QPainter& painter, const Theme& theme, const QRect& rect, bool isFocused)
{
    painter.save();
    painter.fillRect(rect, theme.color(Token::Window)); // the corners
    painter.setRenderHint(QPainter::Antialiasing);
    const double width = isFocused ? 2 : 1;
    painter.setPen(QPen(theme.color(isFocused ? Token::Accent : Token::GridLine), width));
    painter.setBrush(theme.color(Token::Surface));
    painter.drawRoundedRect(QRectF(rect).adjusted(width / 2, width / 2, -width / 2, -width / 2),
        kCardRadius, kCardRadius);
    painter.restore();
}

Card::Card(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void Card::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintCard(painter, m_theme, rect());
}

} // namespace ui
