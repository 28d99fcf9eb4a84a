// What an operator does with the charts: another window, a chosen range, marks, the table.
#include "charts/chart_deck.h"
#include "charts/chart_table.h"
#include "format/format.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QInputDialog>
#include <QMenu>
#include <QPointer>

#include <algorithm>
#include <cmath>

namespace ui {

using engine::HistorySpan;

namespace {

constexpr engine::Seconds kAroundFlag { 60 }; // what was done together stands together
constexpr engine::Seconds kAroundState { 300 }; // what led to it, and what came of it
constexpr int kNoteLength = 80; // it must fit a tooltip

} // namespace

void ChartDeck::run(ChartCommand command)
{
    switch (command) {
    case ChartCommand::ShorterWindow:
        stepSpan(-1);
        break;
    case ChartCommand::LongerWindow:
        stepSpan(1);
        break;
    case ChartCommand::ZoomBack:
        if (m_timeline.canGoBack()) {
            m_timeline.goBack();
            takeTimeline();
        }
        break;
    case ChartCommand::LogAxis: {
        const bool isAny = std::any_of(m_panels.begin(), m_panels.end(),
            [](const MetricPanel* panel) { return panel->isLogarithmic(); });
        for (auto* panel : m_panels)
            panel->setLogarithmic(!isAny);
        break;
    }
    case ChartCommand::Table:
        openTable();
        break;
    case ChartCommand::Mark:
        if (!m_history.isEmpty())
            askMark(m_group.cursor() ? timePointedAt(*m_group.cursor()) : timeAt(0));
        break;
    }
}

void ChartDeck::stepSpan(int by)
{
    const int at = std::clamp(static_cast<int>(m_timeline.span()) + by,
        static_cast<int>(HistorySpan::Minutes15), static_cast<int>(HistorySpan::Hours24));
    setSpan(static_cast<HistorySpan>(at));
}

engine::DeadLetterFilter ChartDeck::filterFor(const TimeRange& range) const
{
    engine::DeadLetterFilter filter;
    for (const auto& shard : m_compared.empty() ? m_selection : m_compared) {
        if (shard.isWholeDestination())
            filter.destinations.push_back(shard.destination);
        else
            filter.shards.push_back(shard);
    }
    filter.failedFrom = range.from;
    filter.failedTo = range.to;
    return filter;
}

void ChartDeck::showRangeMenu(double fromBack, double toBack, const QPoint& globalPosition)
{
    // Times now: the charts go on while the menu is open.
    const TimeRange chosen { timePointedAt(fromBack), timePointedAt(toBack) };
    m_group.setRange(ChartGroup::Range { fromBack, toBack });
    auto* menu = new QMenu(m_host);
    menu->setObjectName(QStringLiteral("chart_rangePopup"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(
        tr("Range %1 to %2").arg(formatClock(chosen.from), formatClock(chosen.to)));
    menu->addSection(
        QStringLiteral("%1 – %2").arg(formatClock(chosen.from), formatClock(chosen.to)));
    const auto add = [&](const QString& text, auto&& what) {
        connect(menu->addAction(text), &QAction::triggered, this, what);
    };
    const auto goTo = [this, chosen](PageId page) {
        Q_EMIT navigationRequested(
            { .page = page, .shards = m_selection, .filter = filterFor(chosen) });
    };
    add(tr("&Zoom here"), [this, chosen] { zoomTo(chosen); });
    add(tr("&DLQ of this window"), [goTo] { goTo(PageId::Dlq); });
    add(tr("&Replay this window…"), [goTo] { goTo(PageId::Replay); });
    add(tr("&Mark…"), [this, chosen] { askMark(chosen.from); });
    add(tr("&Copy values"), [this, chosen] { copyValues(chosen); });
    add(tr("&Export values…"), [this, chosen] { exportRange(chosen); });
    connect(menu, &QMenu::aboutToHide, &m_group, [this] { m_group.setRange(std::nullopt); });
    menu->popup(globalPosition);
}

void ChartDeck::chooseFlag(const Flag& flag, engine::WallTime at, const QPoint& globalPosition)
{
    if (flag.kind == Flag::Kind::State && flag.status) {
        engine::DeadLetterFilter around;
        around.failedFrom = at - kAroundState;
        around.failedTo = std::min<engine::WallTime>(at + kAroundState, m_newest);
        Q_EMIT navigationRequested(
            { .page = PageId::Shard, .shards = { flag.shard }, .filter = around });
        return;
    }
    if (flag.kind != Flag::Kind::Mark) {
        engine::DeadLetterFilter around; // its window alone counts there
        around.failedFrom = at - kAroundFlag;
        around.failedTo = at + kAroundFlag;
        Q_EMIT navigationRequested({ .page = PageId::Audit, .filter = around });
        return;
    }
    const auto nearest = std::min_element(
        m_marks.begin(), m_marks.end(), [at](const ChartMark& a, const ChartMark& b) {
            return std::chrono::abs(a.at - at) < std::chrono::abs(b.at - at);
        });
    if (nearest == m_marks.end())
        return;
    auto* menu = new QMenu(m_host);
    menu->setObjectName(QStringLiteral("chart_markPopup"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto* remove = menu->addAction(tr("Remove mark “%1”").arg(nearest->note));
    connect(
        remove, &QAction::triggered, this, [this, mark = *nearest] { Q_EMIT markRemoved(mark); });
    menu->popup(globalPosition);
}

std::optional<engine::ShardId> ChartDeck::subject() const
{
    if (!m_selection.empty())
        return m_selection.front();
    const auto& lines = m_panels.front()->panelData().lines;
    return lines.empty() ? std::nullopt : std::optional(lines.front().shard);
}

ExportTable ChartDeck::valuesOf(const TimeRange& range) const
{
    ExportTable table;
    const auto shard = subject();
    if (!shard)
        return table;
    const auto& history = shownHistory();
    table.columns << QStringLiteral("time_utc") << QStringLiteral("shard");
    std::vector<std::vector<float>> columns;
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        const auto& together = m_options.panels[i].together;
        for (const auto metric :
            together.empty() ? std::vector { m_panels[i]->metric() } : together) {
            table.columns << QLatin1String(engine::toString(metric));
            columns.push_back(history.samples(*shard, metric));
        }
    }
    const auto step = static_cast<double>(history.step().count());
    const auto backOf = [&history](engine::WallTime time) {
        return std::chrono::duration<double>(history.until() - time).count();
    };
    const auto newest = static_cast<int>(std::ceil(backOf(range.to) / step));
    for (auto at = static_cast<int>(backOf(range.from) / step); at >= newest; --at) {
        const double back = at * step;
        QVariantList row { formatUtc(history.until() - toMicros(back)),
            toQString(engine::toString(*shard)) };
        for (const auto& column : columns) {
            const double value = valueAt(column, step, back);
            row << (std::isnan(value) ? QVariant {} : QVariant(value));
        }
        table.rows.push_back(row);
    }
    return table;
}

void ChartDeck::copyValues(const TimeRange& range)
{
    const auto shard = subject();
    if (!shard)
        return;
    const ExportTable values = valuesOf(range);
    QStringList lines { values.columns.join(u'\t') };
    for (const auto& row : values.rows) {
        QStringList cells;
        for (const auto& value : row)
            cells << (value.typeId() == QMetaType::Double ? QString::number(value.toDouble())
                                                          : value.toString());
        lines << cells.join(u'\t');
    }
    QApplication::clipboard()->setText(lines.join(u'\n'));
    Q_EMIT messageShown(tr("%n row(s) of %1 copied", nullptr, static_cast<int>(lines.size()) - 1)
                            .arg(shardLabel(*shard)));
}

void ChartDeck::exportRange()
{
    if (!m_history.isEmpty())
        exportRange(range());
}

void ChartDeck::exportRange(const TimeRange& range)
{
    const auto shard = subject();
    if (!shard)
        return;
    const QString what
        = tr("Export the samples of %1, %2 to %3")
              .arg(shardLabel(*shard), formatClock(range.from), formatClock(range.to));
    askForExport(
        m_host->window(), m_context.engine,
        { QStringLiteral("chart_exportDialog"), what,
            QStringLiteral("samples-") + toQString(shard->destination),
            QStringLiteral("samples of ") + toQString(engine::toString(*shard)) },
        [deck = QPointer<ChartDeck>(this), range] {
            return deck ? deck->valuesOf(range) : ExportTable {};
        },
        [deck = QPointer<ChartDeck>(this)](const QString& text) {
            if (deck)
                Q_EMIT deck->messageShown(text);
        });
}

void ChartDeck::askMark(engine::WallTime at)
{
    auto* dialog = new QInputDialog(m_host->window());
    dialog->setObjectName(QStringLiteral("chart_markDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Mark %1").arg(formatClock(at)));
    dialog->setLabelText(tr("Note, shown at this time on all charts:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, at](const QString& note) {
        const QString text = note.simplified().left(kNoteLength);
        Q_EMIT markMade({ at, text.isEmpty() ? tr("Mark") : text });
    });
    dialog->open();
}

// Of the panel that has the focus or the pointer; otherwise of the first.
void ChartDeck::openTable()
{
    const auto isMeant = [](const MetricPanel* panel) { return panel->hasFocus(); };
    auto found = std::find_if(m_panels.begin(), m_panels.end(), isMeant);
    if (found == m_panels.end())
        found = std::find_if(m_panels.begin(), m_panels.end(),
            [](const MetricPanel* panel) { return panel->underMouse(); });
    const auto& panel = found == m_panels.end() ? *m_panels.front() : **found;
    auto* model = new PanelTableModel(panel.panelData(), panel.metric(), panel.edge());
    auto* table = new ChartTable(m_context.theme, model, panel.unitTitle(), m_host->window());
    table->show();
}

} // namespace ui
