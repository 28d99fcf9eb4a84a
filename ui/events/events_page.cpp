#include "events/events_page.h"

#include "dlq/masking.h"
#include "dlq/text_view.h"
#include "events/event_matrix.h"
#include "events/event_steps.h"
#include "events/lane_view.h"
#include "format/format.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
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

QLabel* makeLabel(const QString& name, QWidget* parent)
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
    m_notFound = makeLabel(QStringLiteral("events_notFound"), this);
    m_stack = new QStackedWidget(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpaceLarge, kSpace, kSpaceLarge, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    column->addWidget(m_notFound);
    m_stack->addWidget(new QWidget(m_stack));
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
    m_summary = makeLabel(QStringLiteral("events_summary"), top);
    m_copy = makeButton(QStringLiteral("events_copyTrace"), tr("Copy trace"), top);
    m_copy->setToolTip(tr("As lines of text, times in UTC, personal data masked"));
    m_next = makeButton(QStringLiteral("events_next"), tr("Next of this id"), top);
    m_next->setToolTip(tr("Several workspaces or event names use this id"));
    m_dlq = makeButton(QStringLiteral("events_openDlq"), tr("Open in DLQ"), top);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_input, 1);
    for (auto* button : { m_find, m_next, m_dlq, m_copy })
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
    return top;
}

QWidget* EventsPage::makeTrace()
{
    auto* box = new QWidget(this);
    m_lanes = new LaneView(m_context.theme, box);
    auto* scroll = new QScrollArea(box);
    scroll->setWidget(m_lanes);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setAccessibleName(tr("Lanes"));
    m_why = makeLabel(QStringLiteral("events_why"), box);
    m_why->setFont(m_context.theme.boldFont());
    m_table = new QTableWidget(box);
    m_table->setObjectName(QStringLiteral("events_table"));
    m_table->setAccessibleName(tr("Steps of the event"));
    m_table->setColumnCount(5);
    m_table->setHorizontalHeaderLabels(
        { tr("Time"), tr("Where"), tr("What"), tr("HTTP"), tr("Message") });
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_table->horizontalHeader()->setStretchLastSection(true);
    for (const auto& [number, width] :
        { std::pair { 0, 124 }, std::pair { 1, 180 }, std::pair { 2, 150 }, std::pair { 3, 56 } })
        m_table->setColumnWidth(number, width);
    auto* tabs = new QTabWidget(box);
    tabs->setObjectName(QStringLiteral("events_tabs"));
    tabs->setAccessibleName(tr("Steps and payload"));
    tabs->setDocumentMode(true);
    tabs->addTab(m_table, tr("Steps"));
    m_payload = new TextView(
        m_context.theme, QStringLiteral("events_payload"), tr("Payload as accepted"), tabs);
    tabs->addTab(m_payload, tr("Payload"));
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(scroll, 1);
    column->addWidget(m_why);
    column->addWidget(tabs, 2);
    connect(m_lanes, &LaneView::stepChosen, this, [this, tabs](int step) {
        tabs->setCurrentIndex(0);
        m_table->selectRow(step);
    });
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
    m_matrixTable->setTabKeyNavigation(false);
    m_matrixTable->verticalHeader()->hide();
    m_matrixTable->verticalHeader()->setDefaultSectionSize(m_context.theme.rowHeight());
    m_matrixTable->horizontalHeader()->setDefaultSectionSize(120);
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

void EventsPage::showNothing(const QString& text)
{
    m_page = {};
    m_stack->setCurrentIndex(0);
    m_notFound->setText(text);
    m_notFound->show();
    m_summary->clear();
    for (auto* button : { m_copy, m_next, m_dlq })
        button->setVisible(false);
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
    m_summary->setText(tr("Looking…"));
    using Answer = engine::Result<engine::EventPage>;
    m_context.engine.events(std::move(query),
        m_context.engine.replyTo<Answer>(this, [this, asked = m_asked](const Answer& answer) {
            if (asked == m_asked)
                accept(answer);
        }));
}

void EventsPage::accept(const engine::Result<engine::EventPage>& answer)
{
    if (!answer)
        return showNothing(
            tr("The journal could not be read: %1").arg(toQString(answer.error().message)));
    const bool wasOne = parseEventIds(m_input->text()).size() == 1;
    if (answer->events.empty() && wasOne) {
        const QString since
            = answer->keptSince ? formatDateTime(*answer->keptSince) : tr("it is empty");
        return showNothing(tr("Not found. The journal (kept since %1) and the dead letters were "
                              "searched for exactly this id.")
                               .arg(since));
    }
    m_page = *answer;
    m_shown = 0;
    m_notFound->hide();
    if (wasOne)
        return showTrace();
    m_matrix->setPage(m_page);
    m_matrixTable->setColumnWidth(0, 240);
    m_summary->setText(tr("%1 events, %2 not found")
                           .arg(formatExact(static_cast<qint64>(m_page.events.size())),
                               formatExact(static_cast<qint64>(m_page.missing.size()))));
    for (auto* button : { m_copy, m_next, m_dlq })
        button->setVisible(false);
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
    m_next->setVisible(m_page.events.size() > 1);
    m_dlq->setVisible(std::any_of(trace.deliveries.begin(), trace.deliveries.end(), isDead));
    showSteps(trace);
    const QStringList why = whyWaiting(trace);
    m_why->setText(why.join(u'\n'));
    m_why->setVisible(!why.isEmpty());
    m_payload->setText(formatJson(trace.payload));
    m_stack->setCurrentIndex(1);
}

void EventsPage::showSteps(const engine::EventTrace& trace)
{
    auto steps = stepsOf(trace, m_context.clock.wallNow());
    QStringList lanes { tr("ingest") };
    for (const auto& delivery : trace.deliveries)
        lanes += shardLabel(delivery.shard);
    m_table->setRowCount(static_cast<int>(steps.size()));
    for (int row = 0; row < static_cast<int>(steps.size()); ++row) {
        const EventStep& step = steps[static_cast<std::size_t>(row)];
        const QStringList cells { formatDateTime(step.at), step.where, step.what, step.http,
            step.message };
        for (int column = 0; column < cells.size(); ++column) {
            auto* item = new QTableWidgetItem(cells.at(column));
            item->setToolTip(column == 0 ? formatUtc(step.at) : cells.at(column));
            m_table->setItem(row, column, item);
        }
    }
    m_lanes->setSteps(std::move(steps), lanes);
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

void EventsPage::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Find))
        m_input->setFocus(Qt::ShortcutFocusReason);
    else
        Page::keyPressEvent(event);
}

} // namespace ui
