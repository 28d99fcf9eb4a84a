// What the dead-letter page does with its scope: archive, restore, export.
#include "dlq/dead_letter_export.h"
#include "dlq/dead_letter_model.h"
#include "dlq/dlq_filter.h"
#include "dlq/dlq_page.h"
#include "dlq/purge_bar.h"
#include "dlq/scope_bar.h"
#include "format/format.h"
#include "widgets/command_runner.h"
#include "widgets/undo_bar.h"

#include <QFileDialog>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace ui {

// What is archived is what was there when the button was pressed: a frozen selection, not a query
// that has grown meanwhile.
void DlqPage::archiveScope()
{
    const engine::DeadLetterFilter filter = scopeFilter();
    const bool isRestore = isArchiveShown();
    const bool isNothing = m_scope->scope() == ScopeBar::Scope::Selected && filter.ids.empty();
    if (isNothing || m_model->rowCount() == 0)
        return;
    m_scope->setPending(tr("Counting…"));
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.preview({ .filter = filter },
        m_context.engine.replyTo<Answer>(this, [this, isRestore](const Answer& answer) {
            if (answer)
                return runArchive(*answer, isRestore);
            m_scope->setPending({});
            m_undo->offer(tr("Nothing was changed: %1").arg(toQString(answer.error().message)), {});
        }));
}

void DlqPage::runArchive(const engine::ReplayPreview& frozen, bool isRestore)
{
    m_scope->setPending(isRestore ? tr("Restoring %1…").arg(formatExact(frozen.matched))
                                  : tr("Archiving %1…").arg(formatExact(frozen.matched)));
    const engine::ArchiveCommand command { .selection = frozen.selection, .restore = isRestore };
    m_runner->run(
        { .what = command }, [this, frozen, isRestore](const engine::CommandResult& result) {
            m_scope->setPending({});
            if (!result.isOk) {
                m_undo->offer(tr("Nothing was changed: %1").arg(toQString(result.message)), {});
                return;
            }
            const QString count = formatExact(result.count > 0 ? result.count : frozen.matched);
            offerUndo(frozen, isRestore,
                isRestore ? tr("%1 restored.").arg(count) : tr("%1 archived.").arg(count));
            load();
        });
}

void DlqPage::offerUndo(const engine::ReplayPreview& frozen, bool wasRestore, const QString& text)
{
    m_undo->offer(text, [this, frozen, wasRestore] {
        const engine::ArchiveCommand command { .selection = frozen.selection,
            .restore = !wasRestore };
        m_runner->run({ .what = command }, [this](const engine::CommandResult& result) {
            if (!result.isOk)
                m_undo->offer(tr("Not undone: %1").arg(toQString(result.message)), {});
            load();
        });
    });
}

// What is purged is what was there when the button was pressed, like everything else here.
void DlqPage::askPurge()
{
    m_scope->setPending(tr("Counting…"));
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.preview({ .filter = scopeFilter() },
        m_context.engine.replyTo<Answer>(this, [this](const Answer& answer) {
            m_scope->setPending({});
            if (answer)
                m_purge->ask(*answer);
            else
                m_undo->offer(
                    tr("Nothing was changed: %1").arg(toQString(answer.error().message)), {});
        }));
}

void DlqPage::purge(engine::SelectionId selection, const QString& reason)
{
    m_scope->setPending(tr("Purging…"));
    engine::Command command { .what = engine::PurgeCommand { .selection = selection } };
    command.reason = reason.toStdString();
    m_runner->run(std::move(command), [this](const engine::CommandResult& result) {
        m_scope->setPending({});
        m_undo->offer(result.isOk ? tr("%1 removed for good.").arg(formatExact(result.count))
                                  : tr("Nothing was changed: %1").arg(toQString(result.message)),
            {});
        load();
    });
}

void DlqPage::chooseExport()
{
    if (m_export || m_model->rowCount() == 0)
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
    options.file = file;
    options.format = file.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)
        ? ExportFormat::Csv
        : ExportFormat::JsonLines;
    m_export = std::make_unique<DeadLetterExport>(m_context.engine, options);
    m_exportProgress->setRange(0, m_model->isTotalKnown() ? m_model->rowCount() : 0);
    m_exportProgress->setValue(0);
    m_exportProgress->show();
    m_exportText->setText(tr("Exporting…"));
    m_exportCancel->setText(tr("Cancel export"));
    m_exportBar->show();
    const auto over = [this](const QString& text) {
        m_exportText->setText(text);
        m_exportProgress->hide();
        m_exportCancel->setText(tr("Close"));
        m_exportCancel->setAccessibleName(tr("Close the export message"));
        // Not here: it is still on the stack, emitting.
        m_export.release()->deleteLater();
    };
    connect(m_export.get(), &DeadLetterExport::progressed, this, [this](qint64 rows) {
        m_exportProgress->setValue(static_cast<int>(rows));
        m_exportText->setText(tr("%1 rows written").arg(formatExact(rows)));
    });
    connect(m_export.get(), &DeadLetterExport::finished, this, [over, file](qint64 rows) {
        over(tr("%1 rows written to %2").arg(formatExact(rows), file));
    });
    connect(m_export.get(), &DeadLetterExport::stopped, this,
        [over](const QString& reason) { over(tr("Not exported: %1").arg(reason)); });
    m_export->start();
}

} // namespace ui
