#include "replay/replay_page.h"

#include "dlq/dlq_filter.h"
#include "format/format.h"
#include "replay/confirm_step.h"
#include "replay/job_view.h"
#include "replay/jobs_model.h"
#include "replay/pace_step.h"
#include "replay/preview_step.h"
#include "replay/stored_draft.h"
#include "replay/window_step.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/column_chooser.h"
#include "widgets/command_runner.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include <array>
#include <utility>

namespace ui {

using namespace std::chrono_literals;

namespace {

constexpr auto kKeepAfter = 500ms; // what a crash may cost of a draft
constexpr int kJobsHeightMax = 220;
constexpr auto kShowCountingAfter = 150ms; // a quick count would only flash

} // namespace

ReplayPage::ReplayPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_runner(new CommandRunner(context.engine, this))
    , m_keepTimer(new QTimer(this))
    , m_jobs(new JobsModel(this))
{
    setObjectName(QStringLiteral("page_replay"));
    m_keepTimer->setSingleShot(true);
    m_keepTimer->setInterval(kKeepAfter);
    connect(m_keepTimer, &QTimer::timeout, this, &Page::keepRequested);
    QWidget* steps = makeSteps(); // first, for Tab to go as one reads
    m_window = new WindowStep(m_context, this);
    m_preview = new PreviewStep(m_context, this);
    m_pace = new PaceStep(m_context, this);
    m_pace->setDraft(m_draft);
    m_confirm = new ConfirmStep(m_context, this);
    m_job = new JobView(m_context, *m_runner, this);
    m_stack = new QStackedWidget(this);
    auto* jobArea = new QScrollArea(m_stack); // a report with its log may be longer than the page
    jobArea->setObjectName(QStringLiteral("replay_job"));
    jobArea->setAccessibleName(tr("The replay and its report"));
    jobArea->setFrameShape(QFrame::NoFrame);
    jobArea->setWidgetResizable(true);
    jobArea->setWidget(m_job);
    for (QWidget* step :
        std::array<QWidget*, 5> { m_window, m_preview, m_pace, m_confirm, jobArea })
        m_stack->addWidget(step);

    auto* work = new QVBoxLayout;
    work->setSpacing(kSpace);
    work->addWidget(m_stack, 1);
    work->addWidget(makeNavigation());
    auto* top = new QHBoxLayout;
    top->setSpacing(kSpaceLarge);
    top->addWidget(steps);
    top->addLayout(work, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addLayout(top, 3);
    m_jobArea = makeJobs();
    column->addWidget(m_jobArea, 1);

    connectSteps();
    goTo(Step::Window);
    m_keepTimer->stop(); // nothing was begun: what an earlier run kept is read later
    applySnapshot(context.engine.snapshot());
}

void ReplayPage::connectSteps()
{
    connect(m_window, &WindowStep::previewRequested, this, &ReplayPage::requestPreview);
    connect(m_window, &WindowStep::changed, this, &ReplayPage::keepSoon);
    connect(m_pace, &PaceStep::changed, this, &ReplayPage::keepSoon);
    connect(m_preview, &PreviewStep::recountRequested, this, &ReplayPage::requestPreview);
    connect(m_preview, &PreviewStep::changed, this, [this] {
        m_draft.includeUnknown = m_preview->includeUnknown();
        m_draft.includeSameError = m_preview->includeSameError();
        showNavigation();
        keepSoon();
    });
    connect(m_confirm, &ConfirmStep::startRequested, this, &ReplayPage::start);
    connect(m_confirm, &ConfirmStep::jobRequested, this,
        [this](qint64 job) { openJob(engine::ReplayJobId { job }); });
    connect(m_job, &JobView::stateChanged, this, [this] {
        if (m_step == Step::Live || m_step == Step::Report)
            goTo(m_job->isOver() ? Step::Report : Step::Live);
    });
    connect(m_job, &JobView::failedAgainRequested, this, &ReplayPage::replayFailed);
    connect(m_job, &JobView::navigationRequested, this, &Page::navigationRequested);
    connect(m_job, &JobView::auditRequested, this, [this](const QString& line) {
        Q_EMIT navigationRequested({ .page = PageId::Audit, .filterLine = line });
    });
    const auto lookUp = [this](const QString& eventId) {
        engine::DeadLetterFilter filter;
        filter.eventId = eventId.toStdString();
        Q_EMIT navigationRequested({ .page = PageId::Events, .filter = filter });
    };
    connect(m_job, &JobView::eventRequested, this, lookUp);
    connect(m_preview, &PreviewStep::eventRequested, this, lookUp);
    for (const auto key : { Qt::Key_Return, Qt::Key_Enter }) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &ReplayPage::goNext);
    }
}

QString ReplayPage::title() const { return tr("Replay"); }

QWidget* ReplayPage::makeSteps()
{
    auto* box = new QWidget(this);
    m_steps = new QListWidget(box);
    m_steps->setObjectName(QStringLiteral("replay_steps"));
    m_steps->setAccessibleName(tr("Steps of the replay"));
    m_steps->addItems({ tr("1  Window"), tr("2  Preview"), tr("3  Pace"), tr("4  Confirm"),
        tr("5  Live"), tr("6  Report") });
    for (int i = 0; i < m_steps->count(); ++i)
        m_steps->item(i)->setSizeHint(QSize(0, 28));
    m_steps->setMinimumWidth(116);
    m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* create = new QPushButton(tr("New replay"), box);
    create->setObjectName(QStringLiteral("replay_new"));
    create->setAccessibleName(create->text());
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(m_steps, 1);
    column->addWidget(create);
    box->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_steps->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Expanding); // as wide as the button
    connect(m_steps, &QListWidget::currentRowChanged, this, [this](int row) {
        const auto wanted = static_cast<Step>(row);
        if (row >= 0 && wanted != m_step && canReach(wanted))
            goTo(wanted);
    });
    connect(create, &QPushButton::clicked, this, [this] { newDraft({}); });
    return box;
}

QWidget* ReplayPage::makeNavigation()
{
    m_navigation = new QWidget(this);
    m_back = new QPushButton(tr("Back"), m_navigation);
    m_back->setObjectName(QStringLiteral("replay_back"));
    m_back->setAccessibleName(m_back->text());
    m_next = new QPushButton(m_navigation);
    m_next->setObjectName(QStringLiteral("replay_next"));
    m_next->setProperty(kPrimaryButton, true);
    m_next->setToolTip(tr("Ctrl+Enter"));
    auto* row = new QHBoxLayout(m_navigation);
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(m_back);
    row->addWidget(m_next);
    connect(m_back, &QPushButton::clicked, this, &ReplayPage::goBack);
    connect(m_next, &QPushButton::clicked, this, &ReplayPage::goNext);
    return m_navigation;
}

QWidget* ReplayPage::makeJobs()
{
    auto* box = new QWidget(this);
    auto* title = new QLabel(tr("Jobs"), box);
    title->setFont(m_context.theme.boldFont());
    m_jobNotice = new ListNotice(QStringLiteral("replay_jobs"), box);
    m_jobTable = new QTableView(box);
    m_jobTable->setObjectName(QStringLiteral("replay_jobs"));
    m_jobTable->setAccessibleName(tr("Replay jobs"));
    m_jobTable->setModel(m_jobs);
    m_jobTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_jobTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_jobTable->setShowGrid(false);
    m_jobTable->setTabKeyNavigation(false);
    copyCellsByKey(*m_jobTable);
    m_jobTable->verticalHeader()->hide();
    m_jobTable->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_jobTable->horizontalHeader()->setStretchLastSection(true);
    m_jobTable->setColumnWidth(JobsModel::JobColumn, 60);
    m_jobTable->setColumnWidth(JobsModel::WhoColumn, 84);
    m_jobTable->setColumnWidth(JobsModel::ScopeColumn, 200);
    m_jobTable->setColumnWidth(JobsModel::DoneColumn, 130);
    // As wide as their titles, which are longer in other languages.
    const QFontMetrics metrics(m_jobTable->horizontalHeader()->font());
    for (const int column : { JobsModel::StateColumn, JobsModel::AcceptedColumn,
             JobsModel::FailedColumn, JobsModel::SkippedColumn, JobsModel::EtaColumn }) {
        const QString name = m_jobs->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        m_jobTable->setColumnWidth(
            column, std::max(78, metrics.horizontalAdvance(name) + 3 * kSpace));
    }
    m_jobColumns = new ColumnChooser(*m_jobTable, QStringLiteral("replay/jobColumns"));
    m_jobTable->setMinimumHeight(96);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(title);
    column->addWidget(m_jobNotice);
    column->addWidget(m_jobTable, 1);
    column->addStretch(); // while there is no job, the notice stands at the top
    connect(m_jobTable, &QTableView::activated, this, [this](const QModelIndex& index) {
        if (const auto* job = m_jobs->jobAt(index.row()))
            openJob(job->id);
    });
    connect(m_jobNotice, &ListNotice::actionRequested, this,
        [this] { Q_EMIT navigationRequested({ .page = PageId::Dlq }); });
    return box;
}

void ReplayPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    m_jobs->setJobs(snapshot->jobs);
    if (snapshot->jobs.empty())
        m_jobNotice->showEmpty(
            tr("No replays yet. Choose failures in the dead letters or a window on a chart."),
            tr("Open dead letters"));
    else
        m_jobNotice->clear();
    m_jobTable->setVisible(!snapshot->jobs.empty());
    // Without jobs one line is enough, and the steps have the room.
    m_jobArea->setMaximumHeight(
        snapshot->jobs.empty() ? m_jobArea->sizeHint().height() : kJobsHeightMax);
    if (m_window->isVisibleTo(this))
        m_window->applySnapshot(*snapshot);
    if (m_step == Step::Pace)
        m_pace->applySnapshot(*snapshot);
    if (m_step == Step::Confirm)
        m_confirm->setGuard(guardOf(m_draft, *snapshot));
    m_job->setGuard(guardFor(profileOf(*snapshot), GuardedAction::Replay));
    m_job->applySnapshot(snapshot);
}

void ReplayPage::setSampleAge(engine::Millis age)
{
    m_jobs->setStale(age >= kStaleAfter);
    m_job->setStale(age >= kStaleAfter);
}

void ReplayPage::open(const PageTarget& target)
{
    if (target.job)
        return openJob(*target.job);
    if (!target.filter)
        return;
    newDraft(withWholeDestinations(*target.filter));
    requestPreview();
}

void ReplayPage::newDraft(engine::DeadLetterFilter filter)
{
    m_confirm->cancelHold();
    ++m_previewsAsked; // an answer under way belongs to the old draft
    m_counting.reset();
    m_draft = {};
    m_draft.filter = std::move(filter);
    m_pace->setDraft(m_draft); // else leaving that step would write the old pace into it
    m_window->setFilter(m_draft.filter);
    m_window->setPending(false);
    goTo(Step::Window);
}

bool ReplayPage::canReach(Step step) const
{
    const bool isCounted = m_draft.preview && addsUp(*m_draft.preview);
    switch (step) {
    case Step::Window:
        return true;
    case Step::Preview:
        return m_draft.preview || m_counting;
    case Step::Pace:
        return m_counting || (isCounted && sendCount(m_draft) > 0);
    case Step::Confirm:
        return isCounted && sendCount(m_draft) > 0;
    case Step::Live:
        return m_job->job().has_value();
    case Step::Report:
        return m_job->job().has_value() && m_job->isOver();
    }
    return false;
}

void ReplayPage::goTo(Step step)
{
    if (m_step == Step::Pace)
        m_pace->writeTo(m_draft);
    if (step != Step::Confirm)
        m_confirm->cancelHold();
    m_step = step;
    if (step == Step::Preview)
        m_preview->setDraft(m_draft);
    if (step == Step::Pace)
        m_pace->setDraft(m_draft);
    if (step == Step::Confirm)
        m_confirm->setDraft(m_draft, *m_context.engine.snapshot());
    // Live and report are one view: the report stands under the numbers that it explains.
    m_stack->setCurrentIndex(std::min(static_cast<int>(step), static_cast<int>(Step::Live)));
    showNavigation();
    keepSoon();
}

void ReplayPage::showNavigation()
{
    const QSignalBlocker blocker(m_steps);
    for (int i = 0; i < m_steps->count(); ++i) {
        auto* item = m_steps->item(i);
        const bool isOpen = canReach(static_cast<Step>(i));
        item->setFlags(isOpen ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags);
    }
    m_steps->setCurrentRow(static_cast<int>(m_step));
    m_navigation->setVisible(
        m_step == Step::Preview || m_step == Step::Pace || m_step == Step::Confirm);
    m_next->setVisible(m_step != Step::Confirm);
    m_next->setText(m_step == Step::Preview ? tr("Next: pace") : tr("Next: confirm"));
    m_next->setAccessibleName(m_next->text());
    m_next->setEnabled(canReach(m_step == Step::Pace ? Step::Confirm : Step::Pace));
    m_next->setToolTip(m_next->isEnabled() || !m_counting
            ? tr("Ctrl+Enter")
            : tr("As soon as it is counted: ≥ %1 by now").arg(formatExact(*m_counting)));
    m_back->setEnabled(!m_isStarting);
}

void ReplayPage::goNext()
{
    switch (m_step) {
    case Step::Window:
        return requestPreview();
    case Step::Preview:
        if (canReach(Step::Pace))
            goTo(Step::Pace);
        return;
    case Step::Pace:
        return leavePace();
    case Step::Confirm:
        return m_confirm->begin();
    case Step::Live:
    case Step::Report:
        return;
    }
}

// What is too old when its turn comes depends on the pace: another one is counted again before
// anything is confirmed.
void ReplayPage::leavePace()
{
    if (!canReach(Step::Confirm))
        return;
    m_pace->writeTo(m_draft);
    if (isPaceAsCounted() || !m_draft.preview->hasExpiry)
        return goTo(Step::Confirm);
    requestPreview();
}

bool ReplayPage::isPaceAsCounted() const
{
    return m_asked.sharePercent == m_draft.sharePercent && m_asked.rate == m_draft.rate;
}

void ReplayPage::goBack()
{
    if (m_step == Step::Preview)
        goTo(Step::Window);
    else if (m_step == Step::Pace)
        goTo(Step::Preview);
    else if (m_step == Step::Confirm)
        goTo(Step::Pace);
}

void ReplayPage::requestPreview()
{
    const auto filter = m_window->filter();
    if (!filter)
        return goTo(Step::Window);
    m_draft.filter = *filter;
    m_draft.includeDelivered = m_window->includeDelivered();
    m_window->setPending(true);
    m_asked = m_draft;
    m_askedAt = m_context.clock.steadyNow();
    using Answer = engine::Result<engine::ReplayPreview>;
    const auto asked = ++m_previewsAsked;
    m_context.engine.preview({ .filter = *filter,
                                 .includeDelivered = m_draft.includeDelivered,
                                 .sharePercent = m_draft.sharePercent,
                                 .rate = m_draft.rate },
        m_context.engine.replyTo<Answer>(this,
            [this, asked](Answer answer) {
                if (asked != m_previewsAsked)
                    return;
                m_window->setPending(false);
                const bool wasCounting = std::exchange(m_counting, std::nullopt).has_value();
                if (answer)
                    return acceptPreview(*answer, wasCounting);
                m_window->setProblem(
                    tr("Could not be counted: %1").arg(toQString(answer.error().message)));
                goTo(Step::Window);
            }),
        m_context.engine.replyTo<std::int64_t>(this, [this, asked](std::int64_t atLeast) {
            const bool isSlow = m_context.clock.steadyNow() - m_askedAt >= kShowCountingAfter;
            if (asked == m_previewsAsked && isSlow)
                showCounting(atLeast);
        }));
}

// A count that takes more than a step shows itself, and the pace can be chosen meanwhile.
void ReplayPage::showCounting(std::int64_t atLeast)
{
    const bool isNew = !m_counting;
    m_counting = atLeast;
    m_draft.preview.reset();
    m_preview->setCounting(atLeast);
    if (isNew && (m_step == Step::Window || m_step == Step::Preview || m_step == Step::Pace))
        goTo(Step::Preview);
    else
        showNavigation();
}

// Whoever went on to the pace while it was counted stays there.
void ReplayPage::acceptPreview(const engine::ReplayPreview& preview, bool wasCounting)
{
    m_draft.preview = preview;
    if (preview.matched == 0) {
        m_draft.preview.reset();
        m_window->setProblem(tr("Nothing matches: no dead letter lies in this window."));
        return goTo(Step::Window);
    }
    goTo(wasCounting && m_step == Step::Pace ? Step::Pace : Step::Preview);
}

void ReplayPage::start()
{
    m_confirm->setPending();
    m_isStarting = true;
    showNavigation();
    engine::Command command { .what = makeReplayCommand(m_draft),
        .reason = m_confirm->reason().toStdString() };
    m_runner->run(std::move(command), [this](const engine::CommandResult& result) {
        m_isStarting = false;
        showNavigation();
        if (!result.isOk || !result.job) {
            const bool isConflict = result.error == engine::ErrorCode::Conflict;
            m_confirm->setProblem(isConflict
                    ? tr("Not started, nothing was sent twice. %1").arg(toQString(result.message))
                    : tr("Not started: %1").arg(toQString(result.message)),
                isConflict ? result.job : std::nullopt);
            return;
        }
        m_job->setJob(*result.job, m_draft.preview);
        m_draft = {}; // a selection is started once
        goTo(Step::Live);
        Q_EMIT replayStarted();
    });
}

void ReplayPage::openJob(engine::ReplayJobId id)
{
    if (m_job->job() != id)
        m_job->setJob(id, std::nullopt);
    goTo(m_job->isOver() ? Step::Report : Step::Live);
}

// What failed again waits again, and says which replay it was in last.
void ReplayPage::replayFailed()
{
    if (!m_job->job())
        return;
    engine::DeadLetterFilter filter;
    filter.job = *m_job->job();
    newDraft(filter);
    requestPreview();
}

// Not start() alone: somebody who keeps typing would put the keeping off for ever.
void ReplayPage::keepSoon()
{
    if (!m_isRestoring && !m_keepTimer->isActive())
        m_keepTimer->start();
}

ReplayDraft ReplayPage::draftAsShown() const
{
    ReplayDraft draft = m_draft;
    if (m_step == Step::Pace)
        m_pace->writeTo(draft);
    const auto chosen = m_step == Step::Window ? m_window->draftFilter() : std::nullopt;
    if (!chosen)
        return draft;
    const bool isOther
        = *chosen != m_draft.filter || m_window->includeDelivered() != m_draft.includeDelivered;
    if (isOther)
        draft.preview.reset(); // it counted something else
    draft.filter = *chosen;
    draft.includeDelivered = m_window->includeDelivered();
    return draft;
}

void ReplayPage::saveLayout(QSettings& settings) const
{
    m_jobColumns->save(settings);
    if (m_isRestoring)
        return;
    const ReplayDraft draft = draftAsShown();
    const bool isBegun = draft.preview || !(draft.filter == engine::DeadLetterFilter {});
    if (isBegun)
        saveDraft(draft, settings);
    else
        forgetDraft(settings);
}

void ReplayPage::resetLayout() { m_jobColumns->reset(); }

void ReplayPage::restoreLayout(QSettings& settings)
{
    m_jobColumns->restore(settings);
    const auto stored = loadDraft(settings, m_context.clock.wallNow());
    if (!stored)
        return;
    newDraft(stored->draft.filter);
    m_draft = stored->draft;
    m_window->setIncludeDelivered(m_draft.includeDelivered);
    if (!stored->selection)
        return;
    m_isRestoring = true;
    using Answer = engine::Result<engine::ReplayPreview>;
    m_context.engine.selection(*stored->selection,
        m_context.engine.replyTo<Answer>(this, [this, asked = ++m_previewsAsked](Answer answer) {
            m_isRestoring = false;
            if (asked != m_previewsAsked)
                return keepSoon(); // something new was begun meanwhile
            m_asked = m_draft;
            if (answer)
                return acceptPreview(*answer, false);
            m_window->setProblem(tr("The selection of this draft has expired. Preview again."));
        }));
}

} // namespace ui
