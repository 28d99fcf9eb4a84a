#include "audit/audit_page.h"

#include "audit/audit_export.h"
#include "audit/audit_filter.h"
#include "audit/audit_model.h"
#include "audit/revert.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/command_runner.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {
namespace {

constexpr int kTypingPauseMs = 250;

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
    , m_snapshot(context.engine.snapshot())
    , m_notice(new ListNotice(QStringLiteral("audit_table"), this))
    , m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("page_audit"));
    m_table->setObjectName(QStringLiteral("audit_table"));
    m_table->setAccessibleName(tr("Operator actions"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    const QList<int> widths { 124, 90, 110, 220, 320, 220 };
    for (int column = 0; column < widths.size(); ++column)
        m_table->setColumnWidth(column, widths.at(column));
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
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
        &AuditPage::showRevert);
    connect(m_model, &QAbstractItemModel::modelReset, this, &AuditPage::showRevert);
    showRevert();
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
    m_revert = makeButton(
        QStringLiteral("audit_revert"), tr("Revert"), tr("Take the selected action back"), bottom);
    auto* row = new QHBoxLayout(bottom);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_message, 1);
    row->addWidget(m_revert);
    connect(m_revert, &QPushButton::clicked, this, &AuditPage::revert);
    return bottom;
}

void AuditPage::applySnapshot(const engine::SnapshotPtr& snapshot)
{
    // Rows do not move under the hand: the list is read when the page is opened and on Reload.
    m_snapshot = snapshot;
    showRevert();
}

void AuditPage::open(const PageTarget& target)
{
    if (target.filterLine.isEmpty())
        return;
    m_filter->setText(target.filterLine);
    read();
}

void AuditPage::clearTransient() { m_filter->clear(); }

// The window has this key too, for the overview; inside this page it is the page's.
bool AuditPage::event(QEvent* event)
{
    const bool isKey
        = event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress;
    if (!isKey || !static_cast<QKeyEvent*>(event)->matches(QKeySequence::Find))
        return Page::event(event);
    if (event->type() == QEvent::KeyPress)
        m_filter->setFocus(Qt::ShortcutFocusReason);
    event->accept();
    return true;
}

void AuditPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model->reload();
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

void AuditPage::showRevert()
{
    const auto* row = m_model->rowAt(m_table->currentIndex().row());
    if (row == nullptr) {
        m_revert->setEnabled(false);
        m_revert->setToolTip(tr("Select an action"));
        return;
    }
    const Revert revert = revertOf(*row, *m_snapshot);
    m_revert->setEnabled(revert.command.has_value() && m_runner->pending() == 0);
    m_revert->setToolTip(revert.whyNot);
}

void AuditPage::revert()
{
    const auto* row = m_model->rowAt(m_table->currentIndex().row());
    Revert revert = row ? revertOf(*row, *m_snapshot) : Revert {};
    if (!revert.command)
        return;
    revert.command->reason = "takes back entry " + std::to_string(engine::toInt(row->id));
    m_message->setText(tr("Sent, waiting for the engine…"));
    m_runner->run(std::move(*revert.command), [this](const engine::CommandResult& result) {
        m_message->setText(result.isOk ? toQString(result.message)
                                       : tr("Not taken back: %1").arg(toQString(result.message)));
        m_model->reload();
    });
    showRevert();
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
