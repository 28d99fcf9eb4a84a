#include "dlq/scope_bar.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>

namespace ui {

ScopeBar::ScopeBar(QWidget* parent)
    : QWidget(parent)
    , m_selected(new QRadioButton(this))
    , m_group(new QRadioButton(this))
    , m_all(new QRadioButton(this))
    , m_problem(new QLabel(this))
    , m_replay(new QPushButton(this))
    , m_archive(new QPushButton(this))
    , m_export(new QPushButton(tr("Export…"), this))
{
    m_selected->setObjectName(QStringLiteral("dlq_scopeSelected"));
    m_group->setObjectName(QStringLiteral("dlq_scopeGroup"));
    m_all->setObjectName(QStringLiteral("dlq_scopeAll"));
    m_problem->setObjectName(QStringLiteral("dlq_scopeProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_replay->setObjectName(QStringLiteral("dlq_replay"));
    m_archive->setObjectName(QStringLiteral("dlq_archive"));
    m_export->setObjectName(QStringLiteral("dlq_export"));
    m_export->setAccessibleName(tr("Export the list to a file"));
    m_export->setToolTip(tr("Writes the rows of the filter to JSON Lines or CSV (Ctrl+E)"));
    m_all->setChecked(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceLarge);
    row->addWidget(new QLabel(tr("Scope"), this));
    row->addWidget(m_selected);
    row->addWidget(m_group);
    row->addWidget(m_all);
    row->addWidget(m_problem, 1);
    row->addWidget(m_replay);
    row->addWidget(m_archive);
    row->addWidget(m_export);
    for (auto* radio : { m_selected, m_group, m_all }) {
        connect(radio, &QRadioButton::toggled, this, [this](bool isOn) {
            if (!isOn)
                return;
            showButtons();
            Q_EMIT scopeChanged();
        });
    }
    connect(m_replay, &QPushButton::clicked, this, &ScopeBar::replayRequested);
    connect(m_archive, &QPushButton::clicked, this, &ScopeBar::archiveRequested);
    connect(m_export, &QPushButton::clicked, this, &ScopeBar::exportRequested);
    setCounts({});
}

void ScopeBar::setCounts(const Counts& counts)
{
    const bool wasSelected = m_counts.selected > 0;
    m_counts = counts;
    m_selected->setText(tr("%1 selected").arg(formatExact(counts.selected)));
    m_selected->setAccessibleName(m_selected->text());
    m_selected->setEnabled(counts.selected > 0);
    m_group->setVisible(counts.group.has_value());
    m_group->setText(tr("group %1").arg(formatExact(counts.group.value_or(0))));
    m_group->setAccessibleName(m_group->text());
    const QString all = counts.isAllExact ? formatExact(counts.all)
                                          : tr("%1 and more").arg(formatExact(counts.all));
    m_all->setText(tr("all matching %1").arg(all));
    m_all->setAccessibleName(m_all->text());
    // A first selection means it; one that is gone cannot be the scope.
    if (counts.selected > 0 && !wasSelected)
        m_selected->setChecked(true);
    if (counts.selected == 0 && m_selected->isChecked())
        m_all->setChecked(true);
    if (!counts.group && m_group->isChecked())
        m_all->setChecked(true);
    showButtons();
}

void ScopeBar::setScope(Scope scope)
{
    auto* radio = scope == Scope::Selected ? m_selected : scope == Scope::Group ? m_group : m_all;
    radio->setChecked(true);
}

void ScopeBar::setGuard(const Guard& guard)
{
    if (guard.isAllowed == m_guard.isAllowed && guard.whyNot == m_guard.whyNot)
        return;
    m_guard = guard;
    showButtons();
}

void ScopeBar::setPending(const QString& text)
{
    m_isPending = !text.isEmpty();
    showButtons();
    if (m_isPending)
        m_problem->setText(text);
}

ScopeBar::Scope ScopeBar::scope() const
{
    if (m_selected->isChecked())
        return Scope::Selected;
    return m_group->isChecked() ? Scope::Group : Scope::All;
}

QString ScopeBar::countText() const
{
    switch (scope()) {
    case Scope::Selected:
        return formatExact(m_counts.selected);
    case Scope::Group:
        return formatExact(m_counts.group.value_or(0));
    case Scope::All:
        break;
    }
    return m_counts.isAllExact ? formatExact(m_counts.all) : tr("all matching");
}

void ScopeBar::showButtons()
{
    const bool isUnread = scope() == Scope::Selected && !m_counts.areAllSelectedRead;
    const bool isEmpty = (scope() == Scope::Selected && m_counts.selected == 0)
        || (scope() == Scope::Group && m_counts.group.value_or(0) == 0)
        || (scope() == Scope::All && m_counts.all == 0);
    if (!m_isPending)
        m_problem->setText(isUnread
                ? tr("Part of the selection is not read yet. Choose “all matching”.")
                : QString());
    const bool isUsable = m_guard.isAllowed && !m_isPending && !isUnread && !isEmpty;
    m_replay->setText(tr("Replay %1…").arg(countText()));
    m_replay->setToolTip(tr("Opens the replay page with this scope; nothing is sent yet (Ctrl+R)"));
    m_replay->setEnabled(isUsable && !m_counts.isArchive);
    m_archive->setText(
        m_counts.isArchive ? tr("Restore %1").arg(countText()) : tr("Archive %1").arg(countText()));
    m_archive->setToolTip(m_counts.isArchive
            ? tr("Brings them back into the list")
            : tr(
                "Takes exactly these out of the list; Restore brings them back for 30 days (Del)"));
    m_archive->setEnabled(isUsable);
    m_export->setEnabled(m_counts.all > 0);
    if (!m_guard.isAllowed) {
        m_replay->setToolTip(m_guard.whyNot);
        m_archive->setToolTip(m_guard.whyNot);
    }
    m_replay->setAccessibleName(m_replay->text());
    m_archive->setAccessibleName(m_archive->text());
}

} // namespace ui
