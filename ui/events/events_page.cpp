#include "events/events_page.h"

#include "dlq/dead_letter_text.h"
#include "dlq/masking.h"
#include "dlq/text_view.h"
#include "events/event_matrix.h"
#include "events/event_steps.h"
#include "events/lane_view.h"
#include "format/format.h"
#include "theme/theme.h"
#include "widgets/cell_copy.h"
#include "widgets/column_chooser.h"
#include "widgets/export_note.h"
#include "widgets/file_writer.h"
#include "widgets/list_notice.h"
#include "widgets/privacy.h"
#include "window/ui_clock.h"

#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {
namespace {

constexpr int kInputMax = 200'000; // a thousand ids of the greatest length

QPushButton* makeButton(const QString& name, const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(text);
    return button;
}

QLabel* makeSelectableLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

EventsPage::EventsPage(const ConsoleContext& context, QWidget* parent)
    : Page(parent)
    , m_context(context)
    , m_matrix(new EventMatrixModel(this))
{
    setObjectName(QStringLiteral("page_events"));
    m_notFound = makeSelectableLabel(QStringLiteral("events_notFound"), this);
    m_notice = new ListNotice(QStringLiteral("events"), this);
    connect(m_notice, &ListNotice::retryRequested, this, &EventsPage::ask);
    m_stack = new QStackedWidget(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    column->addWidget(m_notice);
    column->addWidget(m_notFound);
    m_stack->addWidget(makeNothing());
    m_stack->addWidget(makeTrace());
    m_stack->addWidget(makeMatrix());
    column->addWidget(m_stack, 1);
    showNothing(tr("Paste an event_id, or up to %1 of them.")
                    .arg(formatExact(engine::EventQuery::kEventIdsMax)));
}

QString EventsPage::title() const { return tr("Events"); }

QWidget* EventsPage::makeTop()
{
    auto* top = new QWidget(this);
    m_input = new QLineEdit(top);
    m_input->setObjectName(QStringLiteral("events_input"));
    m_input->setAccessibleName(tr("Event ids"));
    m_input->setPlaceholderText(tr("event_id, or several apart by spaces   Ctrl+Shift+E pastes"));
    m_input->setMaxLength(kInputMax);
    m_input->setClearButtonEnabled(true);
    for (auto* button : m_input->findChildren<QToolButton*>())
        button->setAccessibleName(tr("Clear event ids"));
    m_find = makeButton(QStringLiteral("events_find"), tr("Find"), top);
    m_summary = makeSelectableLabel(QStringLiteral("events_summary"), top);
    m_copy = makeButton(QStringLiteral("events_copyTrace"), tr("Copy trace"), top);
    m_copy->setToolTip(tr("As lines of text, times in UTC, personal data masked"));
    m_next = makeButton(QStringLiteral("events_next"), tr("Next of this id"), top);
    m_next->setToolTip(tr("Several workspaces or event names use this id"));
    m_dlq = makeButton(QStringLiteral("events_openDlq"), tr("Open in DLQ"), top);
    m_export = makeButton(QStringLiteral("events_export"), tr("Export…"), top);
    m_export->setToolTip(tr("What is shown, as a file, personal data masked (Ctrl+E)"));
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_input, 1);
    for (auto* button : { m_find, m_next, m_dlq, m_copy, m_export })
        row->addWidget(button);
    auto* column = new QVBoxLayout(top);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addLayout(row);
    column->addWidget(m_summary);
    connect(m_input, &QLineEdit::returnPressed, this, &EventsPage::ask);
    connect(m_find, &QPushButton::clicked, this, &EventsPage::ask);
    connect(m_copy, &QPushButton::clicked, this,
        [this] { QGuiApplication::clipboard()->setText(copiedText()); });
    connect(m_next, &QPushButton::clicked, this, [this] {
        m_shown = (m_shown + 1) % std::max(1, static_cast<int>(m_page.events.size()));
        showTrace();
    });
    connect(m_dlq, &QPushButton::clicked, this, &EventsPage::openDeadLetter);
    connect(m_export, &QPushButton::clicked, this, &EventsPage::exportShown);
    return top;
}

QWidget* EventsPage::makeTrace()
{
    auto* box = new QWidget(this);
    m_lanes = new LaneView(m_context.theme, box);
    m_lanesScroll = new QScrollArea(box);
    m_lanesScroll->setWidget(m_lanes);
    m_lanesScroll->setWidgetResizable(true);
    m_lanesScroll->setFrameShape(QFrame::NoFrame);
    m_lanesScroll->setAccessibleName(tr("Lanes"));
    m_why = makeSelectableLabel(QStringLiteral("events_why"), box);
    m_why->setFont(m_context.theme.boldFont());
    m_table = makeSteps(box);
    m_columns = new ColumnChooser(*m_table, QStringLiteral("events/columns"));
    m_tabs = new QTabWidget(box);
    m_tabs->setObjectName(QStringLiteral("events_tabs"));
    m_tabs->setAccessibleName(tr("Steps and payload"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_table, tr("Steps"));
    m_payload = new TextView(
        m_context.theme, QStringLiteral("events_payload"), tr("Payload as accepted"), m_tabs);
    m_attempt = new TextView(
        m_context.theme, QStringLiteral("events_attempt"), tr("The selected step"), m_tabs);
    m_tabs->addTab(m_attempt, tr("Attempt"));
    m_tabs->addTab(m_payload, tr("Payload"));
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(m_lanesScroll);
    column->addWidget(m_why);
    column->addWidget(m_tabs, 1);
    connect(m_lanes, &LaneView::stepChosen, this, [this](int step) {
        m_table->selectRow(step);
        openStep();
    });
    connect(m_table, &QTableWidget::currentCellChanged, this, &EventsPage::showStep);
    connect(m_table, &QTableWidget::activated, this, &EventsPage::openStep);
    if (m_context.privacy != nullptr)
        connect(m_context.privacy, &Privacy::changed, this, &EventsPage::showPayload);
    return box;
}

QTableWidget* EventsPage::makeSteps(QWidget* parent)
{
    auto* table = new QTableWidget(parent);
    table->setObjectName(QStringLiteral("events_table"));
    table->setAccessibleName(tr("Steps of the event"));
    table->setColumnCount(5);
    table->setHorizontalHeaderLabels(
        { tr("Time"), tr("Where"), tr("What"), tr("HTTP"), tr("Message") });
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    copyCellsByKey(*table);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const QFontMetrics metrics(table->font());
    const int stampWidth = metrics.horizontalAdvance(widestStamp(metrics)) + 2 * kSpace;
    for (const auto& [number, width] : { std::pair { 0, stampWidth }, std::pair { 1, 180 },
             std::pair { 2, 150 }, std::pair { 3, 56 } })
        table->setColumnWidth(number, width);
    return table;
}

// Before the first look-up, and after one that found nothing: what could be looked up.
QWidget* EventsPage::makeNothing()
{
    auto* box = new QWidget(this);
    m_idsTitle = makeSelectableLabel(QStringLiteral("events_idsTitle"), box);
    m_idsTitle->setFont(m_context.theme.boldFont());
    m_ids = new QListWidget(box);
    m_ids->setObjectName(QStringLiteral("events_ids"));
    m_ids->setAccessibleName(tr("Event ids to look up"));
    m_ids->setFrameShape(QFrame::NoFrame);
    m_ids->setSpacing(kSpaceSmall / 2); // rows that a finger can hit too
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_idsTitle);
    column->addWidget(m_ids, 1);
    connect(m_ids, &QListWidget::itemActivated, this,
        [this](const QListWidgetItem* item) { find(item->text()); });
    connect(m_ids, &QListWidget::itemClicked, this,
        [this](const QListWidgetItem* item) { find(item->text()); });
    return box;
}

QWidget* EventsPage::makeMatrix()
{
    auto* box = new QWidget(this);
    m_openOnly = new QCheckBox(tr("Only those not accepted everywhere"), box);
    m_openOnly->setObjectName(QStringLiteral("events_openOnly"));
    m_openOnly->setAccessibleName(m_openOnly->text());
    m_matrixTable = new QTableView(box);
    m_matrixTable->setObjectName(QStringLiteral("events_matrix"));
    m_matrixTable->setAccessibleName(tr("Events by destination"));
    m_matrixTable->setModel(m_matrix);
    m_matrixTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_matrixTable->setShowGrid(false);
    m_matrixTable->horizontalHeader()->setStretchLastSection(true);
    m_matrixTable->setTabKeyNavigation(false);
    copyCellsByKey(*m_matrixTable);
    m_matrixTable->verticalHeader()->hide();
    m_matrixTable->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_matrixTable->horizontalHeader()->setDefaultSectionSize(120);
    m_matrixTable->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_openOnly);
    column->addWidget(m_matrixTable, 1);
    connect(m_openOnly, &QCheckBox::toggled, m_matrix, &EventMatrixModel::setOpenOnly);
    connect(m_matrixTable, &QTableView::activated, this, [this](const QModelIndex& index) {
        find(index.data(EventMatrixModel::IdRole).toString());
    });
    return box;
}

void EventsPage::showNothing(const QString& text, const std::vector<std::string>& ids)
{
    m_page = {};
    m_notice->clear();
    m_stack->setCurrentIndex(0);
    m_notFound->setText(text);
    m_notFound->show();
    m_summary->clear();
    m_ids->clear();
    for (const std::string& id : ids)
        m_ids->addItem(toQString(id));
    m_idsTitle->setText(tr("Ids that contain it, newest first"));
    if (ids.empty()) {
        m_ids->addItems(m_recent);
        m_idsTitle->setText(tr("Looked up lately"));
    }
    m_idsTitle->setVisible(m_ids->count() > 0);
    m_ids->setVisible(m_ids->count() > 0);
    for (auto* button : { m_copy, m_next, m_dlq, m_export })
        button->setVisible(false);
}

void EventsPage::remember(const QString& id)
{
    constexpr qsizetype kRecentMax = 20;
    m_recent.removeAll(id);
    m_recent.prepend(id);
    m_recent = m_recent.mid(0, kRecentMax);
}

void EventsPage::showNotFound(const engine::EventPage& page)
{
    const auto snapshot = m_context.engine.snapshot();
    QString text = page.keptSince
        ? tr("Not found. Searched for exactly this id: the journal, which keeps events for %1 and "
             "has them since %2, and the dead letters. 0 hits.")
              .arg(formatDuration(snapshot->retention.events), formatStamp(*page.keptSince))
        : tr("Not found: the journal is empty.");
    if (page.suggestions.empty() && page.suggestedFrom > 0)
        text += u' '
            + tr("None of the newest %1 events has an id that contains it.")
                  .arg(formatExact(page.suggestedFrom));
    showNothing(text, page.suggestions);
}

void EventsPage::find(const QString& ids)
{
    m_input->setText(ids);
    ask();
}

void EventsPage::findClipboard()
{
    const QString text = QGuiApplication::clipboard()->text().trimmed();
    if (looksLikeEventId(text))
        find(text);
    else
        m_input->setFocus(Qt::ShortcutFocusReason);
}

void EventsPage::open(const PageTarget& target)
{
    if (target.filter && !target.filter->eventId.empty())
        find(toQString(target.filter->eventId));
}

void EventsPage::ask()
{
    engine::EventQuery query { .generation = ++m_asked,
        .eventIds = parseEventIds(m_input->text()) };
    if (query.eventIds.empty())
        return showNothing(tr("Paste an event_id."));
    if (query.eventIds.size() > engine::EventQuery::kEventIdsMax)
        return showNothing(tr("%1 ids were pasted; at most %2 are looked up at once.")
                               .arg(formatExact(static_cast<qint64>(query.eventIds.size())),
                                   formatExact(engine::EventQuery::kEventIdsMax)));
    query.isBrief = query.eventIds.size() > 1;
    query.withSuggestions = query.eventIds.size() == 1;
    m_notice->showLoading(tr("Looking…"));
    using Answer = engine::Result<engine::EventPage>;
    m_context.engine.events(std::move(query),
        m_context.engine.replyTo<Answer>(this, [this, asked = m_asked](const Answer& answer) {
            if (asked == m_asked)
                accept(answer);
        }));
}

void EventsPage::accept(const engine::Result<engine::EventPage>& answer)
{
    if (!answer) // what was found before stays
        return m_notice->showError(
            tr("The journal could not be read: %1").arg(toQString(answer.error().message)),
            toQString(answer.error().detail));
    m_notice->clear();
    const bool wasOne = parseEventIds(m_input->text()).size() == 1;
    if (answer->events.empty() && wasOne)
        return showNotFound(*answer);
    m_page = *answer;
    m_shown = 0;
    m_notFound->hide();
    if (wasOne) {
        remember(toQString(m_page.events.front().eventId));
        return showTrace();
    }
    m_matrix->setPage(m_page);
    m_matrixTable->setColumnWidth(0, 240);
    m_summary->setText(tr("%1 found, %2 not found")
                           .arg(formatExact(static_cast<qint64>(m_page.events.size())),
                               formatExact(static_cast<qint64>(m_page.missing.size()))));
    for (auto* button : { m_copy, m_next, m_dlq })
        button->setVisible(false);
    m_export->setVisible(true);
    m_stack->setCurrentIndex(2);
}

void EventsPage::showTrace()
{
    const auto& trace = m_page.events[static_cast<std::size_t>(m_shown)];
    const auto isDead = [](const engine::EventDelivery& delivery) {
        return delivery.state == engine::DeliveryState::Dead;
    };
    m_summary->setText(
        QStringLiteral("%1 · %2 · %3")
            .arg(toQString(trace.workspace), toQString(trace.name), summaryOf(trace)));
    m_copy->setVisible(true);
    m_export->setVisible(true);
    m_next->setVisible(m_page.events.size() > 1);
    m_dlq->setVisible(std::any_of(trace.deliveries.begin(), trace.deliveries.end(), isDead));
    showSteps(trace);
    const QStringList why = whyWaiting(trace);
    m_why->setText(why.join(u'\n'));
    m_why->setVisible(!why.isEmpty());
    m_stack->setCurrentIndex(1);
    showPayload();
}

void EventsPage::showPayload()
{
    if (m_page.events.empty() || m_stack->currentIndex() == 2)
        return;
    JsonOptions options;
    if (m_context.privacy != nullptr)
        options.personalData = m_context.privacy->mode();
    const auto& trace = m_page.events[static_cast<std::size_t>(m_shown)];
    QString text = formatJson(trace.payload, options);
    const auto shown = static_cast<std::int64_t>(trace.payload.size());
    if (trace.payloadBytes > shown)
        text += u'\n'
            + tr("… the first %1 of %2").arg(formatBytes(shown), formatBytes(trace.payloadBytes));
    m_payload->setText(text);
}

void EventsPage::showStep()
{
    const int row = m_table->currentRow();
    const bool isStep = row >= 0 && row < static_cast<int>(m_steps.size());
    if (!isStep)
        return m_attempt->setText({});
    const EventStep& step = m_steps[static_cast<std::size_t>(row)];
    QStringList lines {
        QStringLiteral("%1 · %2 · %3").arg(step.where, step.what, formatUtc(step.at))
    };
    lines += step.detail.isEmpty() ? step.message : step.detail;
    if (step.deadLetter)
        lines += tr("The request and the answer stand with the dead letter: Open in DLQ.");
    m_attempt->setText(lines.join(u'\n'));
}

// Of a mark or a row: an attempt's facts, what was accepted, or the dead letter.
void EventsPage::openStep()
{
    const int row = m_table->currentRow();
    if (row < 0 || row >= static_cast<int>(m_steps.size()))
        return;
    const EventStep& step = m_steps[static_cast<std::size_t>(row)];
    if (step.kind == EventStep::Kind::Accepted)
        m_tabs->setCurrentWidget(m_payload);
    else if (step.kind == EventStep::Kind::Dead)
        openDeadLetter();
    else
        m_tabs->setCurrentWidget(m_attempt);
}

void EventsPage::exportShown()
{
    if (m_stack->currentIndex() == 0)
        return;
    const bool isMatrix = m_stack->currentIndex() == 2;
    const QString file = QFileDialog::getSaveFileName(this, tr("Export events"),
        isMatrix ? QStringLiteral("events.csv") : QStringLiteral("event.txt"),
        isMatrix ? tr("Comma-separated values (*.csv)") : tr("Text (*.txt)"));
    if (!file.isEmpty())
        exportTo(file);
}

void EventsPage::exportTo(const QString& file)
{
    const bool isMatrix = m_stack->currentIndex() == 2;
    QByteArray text = (isMatrix ? m_matrix->toCsv() : copiedText()).toUtf8();
    noteExport(m_context.engine,
        isMatrix ? QStringLiteral("matrix of events") : QStringLiteral("trace of an event"),
        isMatrix ? m_matrix->rowCount() : m_table->rowCount());
    writeFile(file, std::move(text), this, [this, file](const QString& problem) {
        Q_EMIT messageShown(problem.isEmpty() ? tr("Written to %1").arg(file)
                                              : tr("Not exported: %1").arg(problem));
    });
}

void EventsPage::showSteps(const engine::EventTrace& trace)
{
    auto steps = stepsOf(trace, m_context.clock.wallNow());
    QStringList lanes { tr("ingest") };
    for (const auto& delivery : trace.deliveries)
        lanes += shardLabel(delivery.shard);
    for (const auto& unrouted : trace.unrouted)
        lanes += toQString(unrouted.first);
    m_table->setRowCount(static_cast<int>(steps.size()));
    for (int row = 0; row < static_cast<int>(steps.size()); ++row) {
        const EventStep& step = steps[static_cast<std::size_t>(row)];
        const QStringList cells { formatStamp(step.at), step.where, step.what, step.http,
            step.message };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(column == 0 ? formatUtc(step.at) : cells.at(column));
            m_table->setItem(row, column, item);
        }
    }
    m_steps = steps;
    m_lanes->setSteps(std::move(steps), lanes);
    fitLanes();
    m_table->setCurrentCell(-1, -1);
    showStep();
}

QString EventsPage::copiedText() const
{
    if (m_page.events.empty() || m_stack->currentIndex() != 1)
        return {};
    return traceText(m_page.events[static_cast<std::size_t>(m_shown)], m_context.clock.wallNow());
}

void EventsPage::openDeadLetter()
{
    engine::DeadLetterFilter filter;
    filter.eventId = m_page.events[static_cast<std::size_t>(m_shown)].eventId;
    Q_EMIT navigationRequested({ .page = PageId::Dlq, .filter = filter });
}

void EventsPage::applySnapshot(const engine::SnapshotPtr& /*snapshot*/)
{
    // A look-up shows one moment; Find looks again.
}

void EventsPage::clearTransient() { m_input->clear(); }

void EventsPage::saveLayout(QSettings& settings) const { m_columns->save(settings); }
void EventsPage::restoreLayout(QSettings& settings) { m_columns->restore(settings); }
void EventsPage::resetLayout() { m_columns->reset(); }

bool EventsPage::canRun(PageCommand command) const { return command == PageCommand::Filter; }

void EventsPage::run(PageCommand /*command*/) { m_input->setFocus(Qt::ShortcutFocusReason); }

// All lanes are seen, as long as the steps below them keep half of the page.
void EventsPage::fitLanes()
{
    m_lanesScroll->setFixedHeight(std::min(m_lanes->sizeHint().height() + 2, height() / 2));
}

void EventsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    fitLanes();
}

} // namespace ui
