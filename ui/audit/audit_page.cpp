#include "audit/audit_page.h"

#include "audit/action_words.h"
#include "audit/audit_export.h"
#include "audit/audit_filter.h"
#include "audit/audit_model.h"
#include "dlq/dead_letter_text.h"
#include "format/format.h"
#include "guards/guard_rules.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/command_runner.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QDateTime>
#include <QFileDialog>
#include <QFocusEvent>
#include <QFontMetrics>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {
namespace {

constexpr int kTypingPauseMs = 250;
constexpr int kRecheckMs = 2'000; // somebody else may change what the selected entry left
constexpr int kChangeWidthMin = 220;
const QString kAuditColumnsKey = QStringLiteral("audit/columns");
constexpr std::chrono::minutes kAround { 7 }; // of an entry on the charts

QPushButton* makeButton(
    const QString& name, const QString& text, const QString& accessible, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(accessible);
    return button;
}

QLabel* makeLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

AuditPage::AuditPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_runner(new CommandRunner(context.engine, this))
    , m_model(new AuditModel(context.engine, this))
{
    setObjectName(QStringLiteral("page_audit"));
    setFocusPolicy(Qt::ClickFocus); // hands it on to its list
    setAccessibleName(AuditPage::title());
    QWidget* top = makeTop(); // first, for Tab to go as one reads
    m_notice = new ListNotice(QStringLiteral("audit_table"), this);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("audit_table"));
    m_table->setAccessibleName(tr("Operator actions"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    prepareColumns();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(top);
    column->addWidget(m_error);
    column->addWidget(m_notice);
    column->addWidget(m_table, 1);
    column->addWidget(makeBottom());
    m_delay.setSingleShot(true);
    m_delay.setInterval(kTypingPauseMs);
    connect(&m_delay, &QTimer::timeout, this, &AuditPage::read);
    connect(m_model, &AuditModel::statusChanged, this, &AuditPage::showStatus);
    connect(m_notice, &ListNotice::retryRequested, m_model, &AuditModel::retry);
    connect(m_notice, &ListNotice::clearFilterRequested, this, [this] { m_filter->clear(); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &AuditPage::askRevert);
    connect(m_model, &QAbstractItemModel::modelReset, this, &AuditPage::askRevert);
    m_recheck.setInterval(kRecheckMs);
    connect(&m_recheck, &QTimer::timeout, this, &AuditPage::askRevert);
    askRevert();
}

void AuditPage::prepareColumns()
{
    const QFontMetrics metrics(m_table->font());
    const QList<int> widths { metrics.horizontalAdvance(widestStamp(metrics)) + 2 * kSpace, 60, 88,
        112, 160, kChangeWidthMin, 140, 74, 66, 90 };
    for (int column = 0; column < widths.size(); ++column)
        m_table->setColumnWidth(column, widths.at(column));
    // What was changed is a sentence; everything else is a word.
    m_table->horizontalHeader()->setSectionResizeMode(
        AuditModel::ChangeColumn, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(kSpaceLarge);
    m_table->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu); // the titles take no key
    connect(m_table->horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
        [this](const QPoint& at) { chooseColumns(m_table->horizontalHeader()->mapToGlobal(at)); });
    connect(m_table, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { chooseColumns(m_table->viewport()->mapToGlobal(at)); });
}

// Until somebody chooses the columns: what helps least goes first where there is no room.
void AuditPage::fitColumns()
{
    if (m_areColumnsChosen)
        return;
    const auto* header = m_table->horizontalHeader();
    int room = m_table->viewport()->width() - kChangeWidthMin;
    for (int column = 0; column < AuditModel::kColumns; ++column) {
        m_table->setColumnHidden(column, false);
        room -= column == AuditModel::ChangeColumn ? 0 : header->sectionSize(column);
    }
    for (const int column : { AuditModel::CorrelationColumn, AuditModel::ProfileColumn,
             AuditModel::UndoOfColumn, AuditModel::ReasonColumn }) {
        if (room >= 0)
            break;
        room += header->sectionSize(column);
        m_table->setColumnHidden(column, true);
    }
}

void AuditPage::chooseColumns(const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("audit_columns"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (int column = 0; column < AuditModel::kColumns; ++column) {
        auto* action = menu->addAction(
            m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_table->isColumnHidden(column));
        connect(action, &QAction::toggled, this, [this, column](bool isOn) {
            m_areColumnsChosen = true;
            m_table->setColumnHidden(column, !isOn);
        });
    }
    menu->popup(globalPosition);
}

void AuditPage::saveLayout(QSettings& settings) const
{
    if (m_areColumnsChosen)
        settings.setValue(kAuditColumnsKey, m_table->horizontalHeader()->saveState());
}

void AuditPage::restoreLayout(QSettings& settings)
{
    const auto state = settings.value(kAuditColumnsKey).toByteArray();
    m_areColumnsChosen = !state.isEmpty() && m_table->horizontalHeader()->restoreState(state);
}

void AuditPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    fitColumns();
}

QString AuditPage::title() const { return tr("Audit"); }

QWidget* AuditPage::makeTop()
{
    auto* top = new QWidget(this);
    m_filter = new QLineEdit(top);
    m_filter->setObjectName(QStringLiteral("audit_filter"));
    m_filter->setAccessibleName(tr("Filter operator actions"));
    m_filter->setPlaceholderText(tr("Filter  Ctrl+F   who:kc action:tune after:14:00 meta"));
    m_filter->setClearButtonEnabled(true);
    for (auto* button : m_filter->findChildren<QToolButton*>())
        button->setAccessibleName(tr("Clear filter"));
    m_error = makeLabel(QStringLiteral("audit_filterError"), this);
    m_error->setFont(m_context.theme.boldFont());
    m_error->hide();
    m_count = makeLabel(QStringLiteral("audit_count"), top);
    m_more
        = makeButton(QStringLiteral("audit_more"), tr("Read more"), tr("Read older actions"), top);
    m_reload = makeButton(QStringLiteral("audit_reload"), tr("Reload"), tr("Reload the list"), top);
    m_export = makeButton(QStringLiteral("audit_export"), tr("Export JSONL…"),
        tr("Export the actions shown as JSON Lines"), top);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpaceLarge);
    row->addWidget(m_filter, 1);
    row->addWidget(m_count);
    row->addWidget(m_more);
    row->addWidget(m_reload);
    row->addWidget(m_export);
    connect(m_filter, &QLineEdit::textChanged, this, [this] { m_delay.start(); });
    connect(m_filter, &QLineEdit::returnPressed, this, &AuditPage::read);
    connect(m_more, &QPushButton::clicked, this, [this] { m_model->fetchMore({}); });
    connect(m_reload, &QPushButton::clicked, m_model, &AuditModel::reload);
    connect(m_export, &QPushButton::clicked, this, &AuditPage::chooseExport);
    return top;
}

QWidget* AuditPage::makeBottom()
{
    auto* bottom = new QWidget(this);
    m_message = makeLabel(QStringLiteral("audit_message"), bottom);
    m_message->setWordWrap(true);
    m_revertInfo = makeLabel(QStringLiteral("audit_revertInfo"), bottom);
    m_revertInfo->setWordWrap(true);
    m_revertInfo->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_original = makeButton(QStringLiteral("audit_original"), tr("Show what it undid"),
        tr("Show the entry that the selected one took back"), bottom);
    m_charts = makeButton(QStringLiteral("audit_charts"), tr("Show on charts"),
        tr("Show the charts around the selected action"), bottom);
    m_revert = makeButton(
        QStringLiteral("audit_revert"), tr("Revert"), tr("Take the selected action back"), bottom);
    auto* row = new QHBoxLayout(bottom);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    row->addWidget(m_message, 1);
    row->addWidget(m_revertInfo, 1);
    row->addWidget(m_original);
    row->addWidget(m_charts);
    row->addWidget(m_revert);
    connect(m_original, &QPushButton::clicked, this, &AuditPage::openOriginal);
    connect(m_charts, &QPushButton::clicked, this, &AuditPage::showOnCharts);
    connect(m_revert, &QPushButton::clicked, this, &AuditPage::revert);
    return bottom;
}

// A line of the filter's own grammar, or the window of a filter: the flag of a chart was clicked.
void AuditPage::open(const PageTarget& target)
{
    if (!target.filterLine.isEmpty()) {
        m_filter->setText(target.filterLine);
        return read();
    }
    if (!target.filter || !target.filter->failedFrom || !target.filter->failedTo)
        return;
    const auto text = [](engine::WallTime time) {
        return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000)
            .toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss"));
    };
    m_filter->setText(QStringLiteral("after:%1 before:%2")
                          .arg(text(*target.filter->failedFrom), text(*target.filter->failedTo)));
    read();
}

void AuditPage::applySnapshot(const engine::SnapshotPtr& /*snapshot*/)
{
    // Rows do not move under the hand: the list is read when the page is opened and on Reload.
}

void AuditPage::clearTransient() { m_filter->clear(); }

bool AuditPage::canRun(PageCommand command) const
{
    return command == PageCommand::Filter
        || (command == PageCommand::Revert && m_revert->isEnabled());
}

void AuditPage::run(PageCommand command)
{
    if (command == PageCommand::Filter)
        m_filter->setFocus(Qt::ShortcutFocusReason);
    else if (command == PageCommand::Revert)
        revert();
}

void AuditPage::exportShown()
{
    if (m_export->isEnabled())
        chooseExport();
}

// Not a focus proxy: Qt would leave what stands above the list out of the chain of Tab.
void AuditPage::focusInEvent(QFocusEvent* event)
{
    Page::focusInEvent(event);
    m_table->setFocus(event->reason());
}

void AuditPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model->reload();
    m_recheck.start();
}

void AuditPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    m_recheck.stop();
}

void AuditPage::read()
{
    m_delay.stop();
    const auto parsed = parseAuditFilter(m_filter->text(), m_context.clock.wallNow());
    m_error->setText(parsed.error);
    m_error->setVisible(!parsed.error.isEmpty());
    if (parsed.error.isEmpty() && !(parsed.filter == m_model->filter()))
        m_model->load(parsed.filter);
}

void AuditPage::showStatus()
{
    const int rows = m_model->rowCount();
    m_more->setVisible(!m_model->isLastSeen());
    m_count->setText(m_model->isLastSeen() ? tr("%1 actions").arg(formatExact(rows))
                                           : tr("newest %1 read").arg(formatExact(rows)));
    const bool isFiltered = !(m_model->filter() == engine::AuditFilter {});
    if (const auto& failure = m_model->failure())
        m_notice->showError(tr("The audit could not be read: %1").arg(toQString(failure->message)),
            toQString(failure->detail));
    else if (m_model->isLoading())
        m_notice->showLoading(tr("Reading operator actions…"));
    else if (rows == 0 && isFiltered)
        m_notice->showFilteredEmpty(tr("No action matches this filter."));
    else if (rows == 0)
        m_notice->showEmpty(tr("No operator actions yet."));
    else
        m_notice->clear();
}

const engine::AuditRow* AuditPage::selected() const
{
    return m_model->rowAt(m_table->currentIndex().row());
}

// The engine alone knows whether what an entry left is still in force.
void AuditPage::askRevert()
{
    const auto* row = selected();
    m_charts->setEnabled(row != nullptr && !shardsOf(*row).empty());
    m_original->setVisible(row != nullptr && row->undoOf.has_value());
    ++m_asked;
    if (row == nullptr) {
        m_revert->setEnabled(false);
        m_revert->setToolTip(tr("Select an action"));
        m_revertInfo->clear();
        return;
    }
    const Guard guard
        = guardFor(profileOf(*m_context.engine.snapshot()), GuardedAction::PauseOrResume);
    if (!guard.isAllowed)
        return showRevert(engine::RevertCheck { .whyNot = guard.whyNot.toStdString() });
    using Answer = engine::Result<engine::RevertCheck>;
    m_context.engine.checkRevert(row->id,
        m_context.engine.replyTo<Answer>(this, [this, asked = m_asked](const Answer& answer) {
            if (asked == m_asked)
                showRevert(answer);
        }));
}

void AuditPage::showRevert(const engine::Result<engine::RevertCheck>& check)
{
    const bool isPossible = check && check->isPossible;
    m_revert->setEnabled(isPossible && m_runner->pending() == 0);
    const QString text = !check ? toQString(check.error().message)
        : isPossible            ? tr("Reverting brings back: %1").arg(toQString(check->what))
                                : tr("No way back: %1").arg(toQString(check->whyNot));
    m_revert->setToolTip(text);
    m_revertInfo->setText(text);
}

void AuditPage::revert()
{
    const auto* row = selected();
    if (row == nullptr)
        return;
    m_message->setText(tr("Sent, waiting for the engine…"));
    m_revert->setEnabled(false);
    m_runner->run({ .what = engine::RevertCommand { row->id } },
        [this, id = engine::toInt(row->id)](const engine::CommandResult& result) {
            m_message->setText(result.isOk
                    ? tr("Entry %1 was taken back.").arg(id)
                    : tr("Not taken back: %1").arg(toQString(result.message)));
            m_model->reload();
        });
}

void AuditPage::openOriginal()
{
    const auto* row = selected();
    if (row == nullptr || !row->undoOf)
        return;
    for (int i = m_table->currentIndex().row(); i < m_model->rowCount(); ++i) {
        if (m_model->rowAt(i)->id == *row->undoOf) {
            m_table->selectRow(i);
            m_table->scrollTo(m_model->index(i, 0));
            return;
        }
    }
    m_message->setText(tr("Entry %1 is further back: Read more, or another filter.")
                           .arg(engine::toInt(*row->undoOf)));
}

void AuditPage::showOnCharts()
{
    const auto* row = selected();
    if (row == nullptr || shardsOf(*row).empty())
        return;
    engine::DeadLetterFilter around;
    around.failedFrom = row->at - kAround;
    around.failedTo = std::min(row->at + kAround, m_context.clock.wallNow());
    Q_EMIT navigationRequested(
        { .page = PageId::Shard, .shards = { shardsOf(*row).front() }, .filter = around });
}

void AuditPage::chooseExport()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Export the audit"), QStringLiteral("audit.jsonl"), tr("JSON Lines (*.jsonl)"));
    if (!file.isEmpty())
        exportTo(file);
}

void AuditPage::exportTo(const QString& file)
{
    auto* job = new AuditExport(m_context.engine, m_model->filter(), file, this);
    m_export->setEnabled(false);
    m_message->setText(tr("Exporting…"));
    connect(job, &AuditExport::finished, this, [this, job](const QString& message) {
        m_message->setText(message);
        m_export->setEnabled(true);
        job->deleteLater();
    });
    job->start();
}

} // namespace ui
