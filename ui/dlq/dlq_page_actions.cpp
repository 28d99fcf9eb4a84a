// What the dead-letter page does with its scope: replay, archive, restore, export, and the menus.
#include "dlq/dead_letter_export.h"
#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "dlq/detail_pane.h"
#include "dlq/dlq_filter.h"
#include "dlq/dlq_page.h"
#include "dlq/export_bar.h"
#include "dlq/filter_bar.h"
#include "dlq/group_list.h"
#include "dlq/scope_actions.h"
#include "format/format.h"
#include "guards/guard_rules.h"
#include "widgets/column_chooser.h"
#include "window/ui_clock.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QTableView>

#include <algorithm>

namespace ui {

bool DlqPage::canRun(PageCommand command) const
{
    switch (command) {
    case PageCommand::Filter:
    case PageCommand::Find:
    case PageCommand::Group:
    case PageCommand::Replay:
    case PageCommand::Archive:
        return true;
    case PageCommand::CopyAsCurl:
        return m_detail->hasRequest();
    case PageCommand::Purge:
        return isArchiveShown() && m_askPurge->isEnabled();
    case PageCommand::Revert:
    case PageCommand::NewReplay:
    case PageCommand::NextStep:
    case PageCommand::PreviousStep:
        break;
    }
    return false;
}

void DlqPage::run(PageCommand command)
{
    switch (command) {
    case PageCommand::Filter:
        return m_filter->focusLine();
    case PageCommand::Find:
        return m_detail->focusFind();
    case PageCommand::Group:
        return setGroupsMode(!m_isGroups);
    case PageCommand::Replay:
        return replayScope();
    case PageCommand::Archive:
        return archiveByKey();
    case PageCommand::CopyAsCurl:
        return QGuiApplication::clipboard()->setText(m_detail->curlText());
    case PageCommand::Purge:
        return m_actions->askPurge(scopeFilter());
    case PageCommand::Revert:
    case PageCommand::NewReplay:
    case PageCommand::NextStep:
    case PageCommand::PreviousStep:
        break;
    }
}

// One key takes away what was chosen, never everything: that has a button with the number on it.
void DlqPage::archiveByKey()
{
    if (m_scope->scope() != ScopeBar::Scope::All)
        return archiveScope();
    Q_EMIT messageShown(
        tr("Nothing is selected. Select rows or a group, or use the button for all that match."));
}

// What somebody has seen is what is acted on. By the last failure, which made them dead letters:
// what failed first before the list was read may have come into it minutes later.
engine::DeadLetterFilter DlqPage::asLoaded(engine::DeadLetterFilter filter) const
{
    const auto cutoff = m_loadedAt + engine::Millis { 1 }; // exclusive: with what failed just then
    filter.failedTo = std::min<engine::WallTime>(filter.failedTo.value_or(cutoff), cutoff);
    return filter;
}

engine::DeadLetterFilter DlqPage::scopeFilter() const
{
    switch (m_scope->scope()) {
    case ScopeBar::Scope::Selected: {
        engine::DeadLetterFilter filter;
        filter.states = m_filter->filter().states;
        filter.ids = m_rows->selected().ids;
        return filter;
    }
    case ScopeBar::Scope::Group:
        return asLoaded(rowsFilter());
    case ScopeBar::Scope::All:
        break;
    }
    return asLoaded(m_filter->filter());
}

void DlqPage::replayScope()
{
    const bool isAllowed = guardFor(profileOf(*m_snapshot), GuardedAction::Replay).isAllowed;
    if (isAllowed && !isArchiveShown() && m_model->rowCount() > 0)
        Q_EMIT navigationRequested({ .page = PageId::Replay, .filter = scopeFilter() });
}

void DlqPage::archiveScope()
{
    const engine::DeadLetterFilter filter = scopeFilter();
    const bool isNothing = m_scope->scope() == ScopeBar::Scope::Selected && filter.ids.empty();
    const bool isAllowed = guardFor(profileOf(*m_snapshot), GuardedAction::Archive).isAllowed;
    if (isNothing || !isAllowed || m_model->rowCount() == 0)
        return;
    if (isArchiveShown())
        m_actions->restore(filter);
    else
        m_actions->archive(filter);
}

void DlqPage::exportShown() { chooseExport(); }

void DlqPage::chooseExport()
{
    if (m_export->isWriting() || m_model->rowCount() == 0)
        return;
    const QString jsonLines = tr("JSON Lines (*.jsonl)");
    const QString csv = tr("CSV (*.csv)");
    const QString file = QFileDialog::getSaveFileName(this, tr("Export dead letters"),
        QStringLiteral("dead-letters.jsonl"), jsonLines + QStringLiteral(";;") + csv);
    if (!file.isEmpty())
        exportTo(file);
}

void DlqPage::exportTo(const QString& file)
{
    DeadLetterExport::Options options;
    options.filter = scopeFilter();
    options.scopeText = toFilterLine(options.filter);
    options.asOf = m_loadedAt;
    options.file = file;
    options.format = file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)
        ? ExportFormat::Csv
        : ExportFormat::JsonLines;
    std::optional<std::int64_t> expected;
    if (m_scope->scope() == ScopeBar::Scope::Selected)
        expected = std::ssize(options.filter.ids);
    else if (const auto* one = group(); one != nullptr)
        expected = m_scope->scope() == ScopeBar::Scope::Group ? one->count : m_groups->total();
    else if (m_model->isTotalKnown())
        expected = m_model->rowCount();
    m_export->start(options, expected);
}

void DlqPage::showRowMenu(const QPoint& position)
{
    const auto* letter = m_model->rowAt(m_rows->indexAt(position).row());
    if (letter == nullptr)
        return;
    const engine::DeadLetterRow row = *letter;
    const bool isAllowed = guardFor(profileOf(*m_snapshot), GuardedAction::Archive).isAllowed;
    QMenu menu;
    auto* replay = menu.addAction(tr("Replay…"), this, [this] {
        m_scope->setScope(ScopeBar::Scope::Selected);
        replayScope();
    });
    replay->setEnabled(isAllowed && !isArchiveShown());
    auto* archive = menu.addAction(isArchiveShown() ? tr("Restore") : tr("Archive"), this, [this] {
        m_scope->setScope(ScopeBar::Scope::Selected);
        archiveScope();
    });
    archive->setEnabled(isAllowed);
    menu.addSeparator();
    menu.addAction(tr("Look the event up"), this, [this, row] {
        engine::DeadLetterFilter filter;
        filter.eventId = row.eventId;
        Q_EMIT navigationRequested({ .page = PageId::Events, .filter = filter });
    });
    menu.addAction(tr("Only this cause"), this, [this, row] {
        engine::DeadLetterFilter filter = m_filter->filter();
        filter.fingerprint = row.fingerprint;
        m_filter->setLine(toFilterLine(filter));
    });
    menu.addAction(tr("Only this shard"), this, [this, row] {
        engine::DeadLetterFilter filter = m_filter->filter();
        filter.destinations.clear();
        filter.shards = { row.shard };
        m_filter->setLine(toFilterLine(filter));
    });
    menu.addSeparator();
    menu.addAction(tr("Copy event id"), this,
        [row] { QGuiApplication::clipboard()->setText(toQString(row.eventId)); });
    menu.addAction(tr("Copy rows"), m_rows, &DeadLetterView::copyCells);
    m_rows->addColumns(*menu.addMenu(tr("Columns")));
    menu.exec(m_rows->viewport()->mapToGlobal(position));
}

void DlqPage::showGroupMenu(const QPoint& position)
{
    const auto* one = m_groups->current();
    if (one == nullptr)
        return;
    const QString fingerprint = toQString(one->fingerprint);
    const bool isAllowed = guardFor(profileOf(*m_snapshot), GuardedAction::Archive).isAllowed;
    QMenu menu;
    menu.addAction(tr("Open its entries"), this, &DlqPage::openGroup);
    auto* replay = menu.addAction(tr("Replay %1…").arg(formatExact(one->count)), this, [this] {
        m_scope->setScope(ScopeBar::Scope::Group);
        replayScope();
    });
    replay->setEnabled(isAllowed && !isArchiveShown());
    auto* archive = menu.addAction(isArchiveShown() ? tr("Restore %1").arg(formatExact(one->count))
                                                    : tr("Archive %1").arg(formatExact(one->count)),
        this, [this] {
            m_scope->setScope(ScopeBar::Scope::Group);
            archiveScope();
        });
    archive->setEnabled(isAllowed);
    menu.addAction(tr("Copy the cause"), this,
        [fingerprint] { QGuiApplication::clipboard()->setText(fingerprint); });
    m_groups->columns().addColumns(*menu.addMenu(tr("Columns")));
    menu.exec(m_groups->table().viewport()->mapToGlobal(position));
}

} // namespace ui
