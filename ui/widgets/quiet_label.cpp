#include "widgets/quiet_label.h"

#include <QPainter>

namespace ui {

QuietLabel::QuietLabel(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void QuietLabel::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    update();
}

void QuietLabel::setRoomFor(const QString& text)
{
    m_sample = text;
    updateGeometry();
}

QSize QuietLabel::sizeHint() const
{
    return { fontMetrics().horizontalAdvance(m_sample) + 2, fontMetrics().height() };
}

void QuietLabel::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(rect(), static_cast<int>(m_alignment),
        fontMetrics().elidedText(m_text, Qt::ElideRight, width()));
}

} // namespace ui
