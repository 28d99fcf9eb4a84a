#include "shard/requests_tab.h"

#include "dlq/dead_letter_text.h"
#include "dlq/masking.h"
#include "format/format.h"
#include "shard/plain_table_model.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/list_notice.h"
#include "window/ui_clock.h"

#include <QHeaderView>
#include <QTableView>
#include <QVBoxLayout>

#include <utility>

namespace ui {

namespace {

PlainTableModel::Row rowOf(const engine::RequestRow& request)
{
    const auto took = std::chrono::floor<engine::Millis>(request.endedAt - request.sentAt);
    return { QString::number(engine::toInt(request.id)),
        { formatClock(request.sentAt), formatLatency(took),
            request.outcome ? outcomeWord(*request.outcome) : RequestsTab::tr("Lost, unknown"),
            request.httpStatus == 0 ? QString(kDash) : QString::number(request.httpStatus),
            formatExact(request.records), shardLabel(request.shard),
            maskText(toQString(request.answer)).simplified() },
        formatUtc(request.sentAt) };
}

} // namespace

RequestsTab::RequestsTab(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_model(new PlainTableModel({ tr("Sent"), tr("Took"), tr("Outcome"), tr("HTTP"),
                                      tr("Records"), tr("Shard"), tr("Answer of a failed one") },
          { 1, 3, 4 }, this))
    , m_table(new QTableView(this))
    , m_notice(new ListNotice(QStringLiteral("shard_requests"), this))
{
    m_table->setObjectName(QStringLiteral("shard_requests"));
    m_table->setAccessibleName(tr("Newest requests of this range"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    copyCellsByKey(*m_table);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(context.theme.rowHeight());
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    for (const auto& [column, width] :
        { std::pair { 0, 84 }, { 1, 76 }, { 2, 110 }, { 3, 56 }, { 4, 72 }, { 5, 140 } })
        m_table->setColumnWidth(column, width);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_notice);
    layout->addWidget(m_table, 1);
    connect(m_notice, &ListNotice::retryRequested, this, [this] { m_question.forget(); });
}

void RequestsTab::setLive(bool isLive) { m_question.setLive(isLive); }

void RequestsTab::show(const engine::ShardId& shard, const TimeRange& range)
{
    if (!m_question.isDue(shard, range, m_context.clock.steadyNow()))
        return;
    if (m_question.isNews(shard))
        m_notice->showLoading(tr("Reading requests…"));
    m_question.ask(shard, range, m_context.clock.steadyNow());
    using Answer = engine::Result<engine::RequestsPage>;
    m_context.engine.requests(
        { .shard = shard, .from = range.from, .to = range.to, .rowsMax = kRowsMax },
        m_context.engine.replyTo<Answer>(this, [this](const Answer& answer) {
            m_question.answered();
            accept(answer);
        }));
}

void RequestsTab::accept(const engine::Result<engine::RequestsPage>& answer)
{
    if (!answer) {
        m_notice->showError(
            tr("Requests could not be read: %1").arg(toQString(answer.error().message)),
            toQString(answer.error().detail));
        return;
    }
    std::vector<PlainTableModel::Row> rows;
    rows.reserve(answer->rows.size());
    for (const auto& request : answer->rows)
        rows.push_back(rowOf(request));
    if (rows.empty())
        m_notice->showEmpty(tr("No request of this shard ended in this range."));
    else
        m_notice->clear();
    m_table->setVisible(!rows.empty());
    m_model->setRows(std::move(rows));
}

} // namespace ui
