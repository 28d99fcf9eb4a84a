#include "charts/span_bar.h"

#include "theme/theme.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace ui {

using engine::HistorySpan;

SpanBar::SpanBar(const QString& area, QWidget* parent)
    : QWidget(parent)
    , m_area(area)
    , m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(kSpaceSmall);
    const std::array texts { tr("15 min"), tr("1 h"), tr("6 h"), tr("24 h") };
    const std::array names { "window15m", "window1h", "window6h", "window24h" };
    for (std::size_t i = 0; i < m_spans.size(); ++i) {
        m_spans[i] = addButton(
            QLatin1String(names[i]), texts[i], tr("Charts show the last %1").arg(texts[i]));
        m_spans[i]->setCheckable(true);
        const auto span = static_cast<HistorySpan>(i);
        connect(m_spans[i], &QToolButton::clicked, this, [this, span] {
            setSpan(span); // a click on the checked one does not uncheck it
            Q_EMIT spanChosen(span);
        });
    }
    m_row->addSpacing(kSpace);
    setSpan(HistorySpan::Minutes15);
}

void SpanBar::setSpan(std::optional<HistorySpan> span)
{
    for (std::size_t i = 0; i < m_spans.size(); ++i)
        m_spans[i]->setChecked(span == static_cast<HistorySpan>(i));
}

QToolButton* SpanBar::addButton(const QString& name, const QString& text, const QString& tip)
{
    auto* button = new QToolButton(this);
    button->setObjectName(m_area + u'_' + name);
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMinimumHeight(kHitTargetMin);
    m_row->addWidget(button);
    return button;
}

void SpanBar::addWidget(QWidget* widget, int stretch) { m_row->addWidget(widget, stretch); }

void SpanBar::addStretch() { m_row->addStretch(); }

} // namespace ui
