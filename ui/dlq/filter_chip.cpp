#include "dlq/filter_chip.h"

#include "theme/theme.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace ui {
namespace {

constexpr int kTextWidthMax = 320;

} // namespace

FilterChip::FilterChip(const Theme& theme, const QString& text, QWidget* parent)
    : QFrame(parent)
{
    setFrameShape(QFrame::StyledPanel);
    auto* edit = new QToolButton(this);
    edit->setText(edit->fontMetrics().elidedText(text, Qt::ElideRight, kTextWidthMax));
    edit->setToolTip(tr("Edit “%1” in the filter line").arg(text));
    edit->setAccessibleName(tr("Edit filter %1").arg(text));
    auto* remove = new QToolButton(this);
    remove->setIcon(theme.icon(QStringLiteral("close")));
    remove->setToolTip(tr("Take “%1” out of the filter").arg(text));
    remove->setAccessibleName(tr("Remove filter %1").arg(text));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    for (auto* button : { edit, remove }) {
        button->setAutoRaise(true);
        button->setMinimumSize(kHitTargetMin, kHitTargetMin);
        row->addWidget(button);
    }
    connect(edit, &QToolButton::clicked, this, &FilterChip::editRequested);
    connect(remove, &QToolButton::clicked, this, &FilterChip::removeRequested);
}

} // namespace ui
