// What the window's actions ask of the replay page.
#include "replay/job_view.h"
#include "replay/jobs_model.h"
#include "replay/replay_page.h"
#include "replay/report_panel.h"
#include "widgets/table_export.h"

#include <QPointer>
#include <QPushButton>

namespace ui {

bool ReplayPage::canRun(PageCommand command) const
{
    switch (command) {
    case PageCommand::NewReplay:
        return true;
    case PageCommand::NextStep:
        return m_step < Step::Live;
    case PageCommand::PreviousStep:
        return m_navigation->isVisibleTo(this) && m_back->isEnabled();
    case PageCommand::Filter:
    case PageCommand::Find:
    case PageCommand::Group:
    case PageCommand::Replay:
    case PageCommand::Archive:
    case PageCommand::Purge:
    case PageCommand::CopyAsCurl:
    case PageCommand::Revert:
        break;
    }
    return false;
}

void ReplayPage::run(PageCommand command)
{
    if (command == PageCommand::NewReplay)
        newDraft({});
    else if (command == PageCommand::NextStep)
        goNext();
    else if (command == PageCommand::PreviousStep)
        goBack();
}

void ReplayPage::exportShown()
{
    if (m_step == Step::Report)
        return m_job->report().chooseFile();
    askForExport(
        window(), m_context.engine,
        { QStringLiteral("replay_exportDialog"), tr("Export the list of replays"),
            QStringLiteral("replays"), QStringLiteral("replay jobs") },
        [page = QPointer<ReplayPage>(this)] {
            return page ? page->m_jobs->exportRows() : ExportTable {};
        },
        [page = QPointer<ReplayPage>(this)](const QString& text) {
            if (page)
                Q_EMIT page->messageShown(text);
        });
}

} // namespace ui
