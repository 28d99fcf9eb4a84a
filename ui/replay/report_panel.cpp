#include "replay/report_panel.h"

#include "dlq/masking.h"
#include "format/format.h"
#include "replay/replay_draft.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/export_note.h"
#include "widgets/file_writer.h"
#include "window/ui_clock.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <utility>

namespace ui {
namespace {

constexpr int kFailedSamples = 5;
constexpr int kAuditRows = 200;

} // namespace

ReportPanel::ReportPanel(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_text(new QLabel(this))
    , m_failedTitle(new QLabel(tr("Samples of what failed again"), this))
    , m_failed(new QTableWidget(this))
{
    auto* title = new QLabel(tr("Report"), this);
    title->setFont(context.theme.boldFont());
    m_failedTitle->setFont(context.theme.boldFont());
    m_text->setObjectName(QStringLiteral("replay_report"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    makeTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, kSpace, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(title);
    column->addWidget(m_text);
    column->addWidget(m_failedTitle);
    column->addWidget(m_failed);
    column->addWidget(makeButtons());
}

void ReportPanel::makeTable()
{
    m_failed->setObjectName(QStringLiteral("replay_reportFailed"));
    m_failed->setAccessibleName(m_failedTitle->text());
    m_failed->setColumnCount(5);
    m_failed->setHorizontalHeaderLabels(
        { tr("Event ID"), tr("Shard"), tr("HTTP"), tr("Code"), tr("Message") });
    m_failed->verticalHeader()->hide();
    m_failed->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_failed->horizontalHeader()->setStretchLastSection(true);
    m_failed->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_failed->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_failed->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_failed->setShowGrid(false);
    m_failed->setTabKeyNavigation(false);
    copyCellsByKey(*m_failed);
    m_failed->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const auto& [column, width] : { std::pair { 0, 140 }, { 1, 150 }, { 2, 56 }, { 3, 110 } })
        m_failed->setColumnWidth(column, width);
    connect(m_failed, &QTableWidget::itemActivated, this, [this](const QTableWidgetItem* item) {
        Q_EMIT eventRequested(m_failed->item(item->row(), 0)->text());
    });
}

QWidget* ReportPanel::makeButtons()
{
    auto* bar = new QWidget(this);
    const auto add = [bar](const QString& name, const QString& text) {
        auto* button = new QPushButton(text, bar);
        button->setObjectName(name);
        button->setAccessibleName(text);
        return button;
    };
    m_failedAgain = add(QStringLiteral("replay_failedAgain"), tr("Replay the failed ones…"));
    m_export = add(QStringLiteral("replay_reportExport"), tr("Export report…"));
    m_export->setToolTip(tr("As a page to read (HTML) or as JSON; personal data masked"));
    m_audit = add(QStringLiteral("replay_reportAudit"), tr("Audit of this job"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    for (auto* button : { m_failedAgain, m_export, m_audit })
        row->addWidget(button);
    row->addStretch(1);
    connect(m_export, &QPushButton::clicked, this, &ReportPanel::chooseFile);
    connect(m_failedAgain, &QPushButton::clicked, this, &ReportPanel::failedAgainRequested);
    connect(m_audit, &QPushButton::clicked, this,
        [this] { Q_EMIT auditRequested(jobName(m_content.job.id)); });
    return bar;
}

void ReportPanel::setJob(engine::ReplayJobId id, std::optional<engine::ReplayPreview> preview)
{
    m_content = { .job = { .id = id }, .preview = std::move(preview) };
    m_isAsked = false;
    ++m_generation;
    hide();
}

void ReportPanel::showReport(const engine::ReplayJobSnapshot& job)
{
    m_content.job = job;
    showText();
    showFailed();
    show();
    if (!std::exchange(m_isAsked, true))
        ask();
}

void ReportPanel::showText()
{
    const auto& job = m_content.job;
    QStringList lines { reportText(reportOf(job)) };
    if (m_content.preview)
        lines += previewSum(*m_content.preview);
    if (job.takenBack > 0)
        lines += tr("%1 of the cancelled ones were taken back out of the lane.")
                     .arg(formatExact(job.takenBack));
    if (job.sameError > 0)
        lines
            += tr("%1 failed with the error that they had before.").arg(formatExact(job.sameError));
    if (job.failed > 0)
        lines += tr("What failed is in the dead letters again, with its new error.");
    m_text->setText(lines.join(u'\n'));
}

// Once for each job: its end does not change any more.
void ReportPanel::ask()
{
    auto& engine = m_context.engine;
    const auto isCurrent = [this, asked = m_generation] { return asked == m_generation; };
    if (!m_content.preview && m_content.job.selection != engine::SelectionId {}) {
        using Preview = engine::Result<engine::ReplayPreview>;
        engine.selection(m_content.job.selection,
            engine.replyTo<Preview>(this, [this, isCurrent](const Preview& answer) {
                if (!answer || !isCurrent())
                    return; // expired: the report has the job's own numbers
                m_content.preview = *answer;
                showText();
            }));
    }
    engine::DeadLetterQuery failed { .rowsMax = kFailedSamples };
    failed.filter.job = m_content.job.id;
    using Letters = engine::Result<engine::DeadLetterPage>;
    engine.deadLetters(
        std::move(failed), engine.replyTo<Letters>(this, [this, isCurrent](const Letters& answer) {
            if (!answer || !isCurrent())
                return;
            m_content.failed = answer->rows;
            showFailed();
        }));
    engine::AuditQuery acts { .rowsMax = kAuditRows };
    acts.filter.text = jobName(m_content.job.id).toStdString();
    using Acts = engine::Result<engine::AuditPage>;
    engine.audit(std::move(acts), engine.replyTo<Acts>(this, [this, isCurrent](const Acts& answer) {
        if (!answer || !isCurrent())
            return;
        const std::string name = jobName(m_content.job.id).toStdString();
        m_content.audit.clear();
        for (const auto& row : answer->rows) {
            // "R-1" stands in "R-17" too; the start names the job in what came of it.
            const bool isOfJob = row.target == name
                || row.after.find("job " + name + " started") != std::string::npos;
            if (isOfJob)
                m_content.audit.push_back(row);
        }
    }));
}

void ReportPanel::showFailed()
{
    const auto& rows = m_content.failed;
    m_failedTitle->setVisible(!rows.empty());
    m_failed->setVisible(!rows.empty());
    m_failedAgain->setVisible(m_content.job.failed > 0);
    m_failed->setRowCount(static_cast<int>(rows.size()));
    for (int i = 0; i < m_failed->rowCount(); ++i) {
        const auto& row = rows[static_cast<std::size_t>(i)];
        const QStringList cells { toQString(row.eventId), shardLabel(row.shard),
            row.httpStatus == 0 ? QString(kDash) : QString::number(row.httpStatus),
            toQString(row.code), maskText(toQString(row.message)) };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(cells.at(column));
            m_failed->setItem(i, column, item);
        }
    }
    // A few rows: all of them are seen.
    m_failed->setFixedHeight(m_failed->horizontalHeader()->sizeHint().height() + 2
        + m_failed->rowCount() * m_context.theme.rowHeight());
}

void ReportPanel::chooseFile()
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Export the report"),
        QStringLiteral("replay-%1.html").arg(jobName(m_content.job.id)),
        tr("Page to read (*.html)") + QStringLiteral(";;") + tr("JSON (*.json)"));
    if (!file.isEmpty())
        exportTo(file);
}

void ReportPanel::exportTo(const QString& file)
{
    ReportContent content = m_content;
    content.profile = toQString(m_context.engine.snapshot()->profile);
    content.writtenAt = m_context.clock.wallNow();
    const bool isJson = file.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
    const QByteArray text = isJson ? reportJson(content) : reportHtml(content);
    noteExport(m_context.engine, QStringLiteral("report of ") + jobName(content.job.id),
        std::ssize(content.failed), QStringLiteral("samples of what failed"));
    writeFile(file, text, this, [this, file](const QString& problem) {
        Q_EMIT messageShown(problem.isEmpty() ? tr("Report written to %1").arg(file)
                                              : tr("Report not written: %1").arg(problem));
    });
}

} // namespace ui
