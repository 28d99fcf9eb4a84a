#include "dlq/new_banner.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace ui {

NewBanner::NewBanner(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
{
    setFrameShape(QFrame::StyledPanel);
    setObjectName(QStringLiteral("dlq_newBanner"));
    m_text->setTextFormat(Qt::PlainText);
    auto* button = new QPushButton(tr("Load"), this);
    button->setObjectName(QStringLiteral("dlq_newLoad"));
    button->setAccessibleName(tr("Load new dead letters"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace, kSpaceSmall, kSpaceSmall, kSpaceSmall);
    row->addWidget(m_text, 1);
    row->addWidget(button);
    connect(button, &QPushButton::clicked, this, &NewBanner::loadRequested);
    hide();
}

void NewBanner::setAdded(std::int64_t count, engine::WallTime since, bool isExact)
{
    setVisible(count > 0);
    if (count <= 0)
        return;
    const QString time = formatClock(since);
    m_text->setText(isExact
            ? tr("%1 new since %2").arg(formatExact(count), time)
            : tr("%1 new since %2, not all of them may match").arg(formatExact(count), time));
}

} // namespace ui
