#include "dlq/purge_bar.h"

#include "format/format.h"
#include "theme/theme.h"
#include "widgets/sheet_keys.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ui {

PurgeBar::PurgeBar(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_typed(new QLineEdit(this))
    , m_reason(new QLineEdit(this))
    , m_purge(new QPushButton(this))
{
    setObjectName(QStringLiteral("dlq_purgeBar"));
    setFrameShape(QFrame::StyledPanel);
    m_text->setObjectName(QStringLiteral("dlq_purgeText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_typed->setObjectName(QStringLiteral("dlq_purgeCount"));
    m_typed->setAccessibleName(tr("Number of entries to remove"));
    m_typed->setMaximumWidth(120);
    m_reason->setObjectName(QStringLiteral("dlq_purgeReason"));
    m_reason->setAccessibleName(tr("Reason for removing them"));
    m_reason->setPlaceholderText(tr("Reason"));
    m_reason->setMaximumWidth(220);
    m_purge->setObjectName(QStringLiteral("dlq_purge"));
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(QStringLiteral("dlq_purgeCancel"));
    cancel->setAccessibleName(tr("Keep them"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace, kSpaceSmall, kSpaceSmall, kSpaceSmall);
    row->addWidget(m_text, 1);
    for (QWidget* widget : std::initializer_list<QWidget*> { m_typed, m_reason, cancel, m_purge })
        row->addWidget(widget);
    connect(m_typed, &QLineEdit::textChanged, this, &PurgeBar::check);
    connect(m_reason, &QLineEdit::textChanged, this, &PurgeBar::check);
    new SheetKeys(this, [this] { hide(); });
    connect(cancel, &QPushButton::clicked, this, &QWidget::hide);
    connect(m_purge, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT purgeRequested(engine::toInt(m_frozen.selection), m_reason->text());
    });
    hide();
}

void PurgeBar::ask(const engine::ReplayPreview& frozen)
{
    m_frozen = frozen;
    m_text->setText(tr("Up to %1 archived entries are removed for good; those archived for less "
                       "than seven days stay. This cannot be undone. Type the number:")
                        .arg(formatExact(frozen.matched)));
    m_purge->setText(tr("Purge %1").arg(formatExact(frozen.matched)));
    m_purge->setAccessibleName(m_purge->text());
    m_typed->clear();
    m_reason->clear();
    check();
    show();
    m_typed->setFocus(Qt::OtherFocusReason);
}

void PurgeBar::check()
{
    const QString digits = m_typed->text().remove(u',').remove(u'.').trimmed();
    m_purge->setEnabled(m_frozen.matched > 0 && digits == QString::number(m_frozen.matched)
        && !m_reason->text().trimmed().isEmpty());
}

} // namespace ui
