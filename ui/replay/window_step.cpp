#include "replay/window_step.h"

#include "dlq/dlq_filter.h"
#include "format/format.h"
#include "theme/console_style.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <utility>

namespace ui {
namespace {

enum TimeKind { AnyTime, Failed, Happened };

QDateTime toDateTime(engine::WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
}

engine::WallTime toWallTime(const QDateTime& time)
{
    return engine::fromUnixMicros(time.toMSecsSinceEpoch() * 1'000);
}

QDateTimeEdit* makeTime(const QString& name, const QString& title, QWidget* parent)
{
    auto* edit = new QDateTimeEdit(parent);
    edit->setObjectName(name);
    edit->setAccessibleName(title);
    edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    edit->setCalendarPopup(true);
    return edit;
}

} // namespace

WindowStep::WindowStep(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_ideas(new QLabel(this))
    , m_problem(new QLabel(this))
{
    m_ideas->setObjectName(QStringLiteral("replay_scopeText"));
    m_ideas->setTextFormat(Qt::PlainText);
    m_ideas->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("replay_problem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setFont(context.theme.boldFont());
    m_problem->hide();

    auto* columns = new QHBoxLayout;
    columns->setSpacing(kSpaceLarge);
    columns->addWidget(makeScope(), 2);
    columns->addWidget(makeTimes(), 3);
    m_preview = new QPushButton(tr("Preview"), this); // last, for Tab to go as one reads
    m_preview->setObjectName(QStringLiteral("replay_preview"));
    m_preview->setProperty(kPrimaryButton, true);
    m_preview->setAccessibleName(tr("Preview the replay"));
    m_preview->setToolTip(tr("Counts what would be sent; sends nothing (Ctrl+Enter)"));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_problem, 1);
    buttons->addStretch(); // keeps the button at its size while there is no problem to tell
    buttons->addWidget(m_preview);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace);
    column->addWidget(m_ideas);
    column->addLayout(columns, 1);
    column->addLayout(buttons);
    connect(m_preview, &QPushButton::clicked, this, &WindowStep::previewRequested);
    setFilter({});
    watchFields();
}

void WindowStep::watchFields()
{
    connect(m_shards, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem*, int column) {
        if (column == 0) // the other one counts by itself
            Q_EMIT changed();
    });
    for (auto* box : { m_timeKind, m_fingerprint })
        connect(box, &QComboBox::currentIndexChanged, this, &WindowStep::changed);
    for (auto* time : { m_from, m_to })
        connect(time, &QDateTimeEdit::dateTimeChanged, this, &WindowStep::changed);
    for (auto* line : { m_type, m_more })
        connect(line, &QLineEdit::textChanged, this, &WindowStep::changed);
    connect(m_delivered, &QCheckBox::toggled, this, &WindowStep::changed);
}

QWidget* WindowStep::makeScope()
{
    auto* box = new QWidget(this);
    m_shards = new QTreeWidget(box);
    m_shards->setObjectName(QStringLiteral("replay_shards"));
    m_shards->setAccessibleName(tr("Destinations and shards"));
    m_shards->setHeaderLabels({ tr("Destination, shard"), tr("Dead letters") });
    m_shards->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_shards->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_shards->header()->setStretchLastSection(false);
    m_shards->setUniformRowHeights(true); // the first row's hint is the hint of all
    auto* label = new QLabel(tr("&Where (none ticked: everywhere)"), box);
    label->setBuddy(m_shards);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(label);
    column->addWidget(m_shards, 1);
    return box;
}

QWidget* WindowStep::makeTimes()
{
    auto* box = new QWidget(this);
    m_timeKind = new QComboBox(box);
    m_timeKind->setObjectName(QStringLiteral("replay_timeKind"));
    m_timeKind->setAccessibleName(tr("Which time"));
    m_timeKind->addItems({ tr("at any time"), tr("last failed between"), tr("happened between") });
    m_from = makeTime(QStringLiteral("replay_from"), tr("From"), box);
    m_to = makeTime(QStringLiteral("replay_to"), tr("To, exclusive"), box);
    m_times = new QWidget(box);
    auto* times = new QHBoxLayout(m_times);
    times->setContentsMargins(0, 0, 0, 0);
    times->addWidget(m_from);
    times->addWidget(new QLabel(tr("to", "between two times"), m_times));
    times->addWidget(m_to);
    for (const auto& [text, seconds] : { std::pair { tr("15 min"), 900 },
             std::pair { tr("1 h"), 3'600 }, std::pair { tr("24 h"), 86'400 } }) {
        auto* quick = new QPushButton(text, m_times);
        quick->setAccessibleName(tr("The last %1").arg(text));
        connect(quick, &QPushButton::clicked, this, [this, length = seconds] { setRange(length); });
        times->addWidget(quick);
    }
    times->addStretch(1);
    m_fingerprint = new QComboBox(box);
    m_fingerprint->setObjectName(QStringLiteral("replay_fingerprints"));
    m_fingerprint->setAccessibleName(tr("Cause"));
    m_fingerprint->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_fingerprint->setMinimumContentsLength(40);
    m_type = new QLineEdit(box);
    m_type->setObjectName(QStringLiteral("replay_type"));
    m_type->setAccessibleName(tr("Event name"));
    m_type->setPlaceholderText(tr("any, for example Purchase"));
    m_more = new QLineEdit(box);
    m_more->setObjectName(QStringLiteral("replay_filter"));
    m_more->setAccessibleName(tr("More conditions"));
    m_more->setPlaceholderText(tr("for example class:invalid http:400 code:100"));
    m_delivered = new QCheckBox(tr("Send delivered events of this window again as well"), box);
    m_delivered->setObjectName(QStringLiteral("replay_includeDelivered"));
    m_delivered->setAccessibleName(m_delivered->text());
    m_delivered->setToolTip(tr("Only when a platform lost what it had accepted. Platforms that do "
                               "not know duplicates count them twice."));
    auto* form = new QFormLayout(box);
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(kSpace);
    form->setHorizontalSpacing(kSpaceLarge);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("W&hen"), m_timeKind);
    form->addRow(QString(), m_times);
    form->addRow(tr("&Cause"), m_fingerprint);
    form->addRow(tr("&Event name"), m_type);
    form->addRow(tr("&More"), m_more);
    form->addRow(QString(), m_delivered);
    connect(m_timeKind, &QComboBox::currentIndexChanged, this, &WindowStep::showTimes);
    return box;
}

void WindowStep::showTimes() { m_times->setVisible(m_timeKind->currentIndex() != AnyTime); }

void WindowStep::setRange(int seconds)
{
    const QDateTime now = toDateTime(m_context.clock.wallNow());
    m_to->setDateTime(now.addSecs(1));
    m_from->setDateTime(now.addSecs(-seconds));
}

void WindowStep::fillShards()
{
    m_shards->clear();
    const auto snapshot = m_context.engine.snapshot();
    for (const auto& destination : snapshot->destinations) {
        auto* parent = new QTreeWidgetItem(
            m_shards, { toQString(destination.name), formatExact(destination.total.dlqCount) });
        parent->setSizeHint(0, QSize(0, m_context.theme.rowHeight()));
        parent->setFlags(parent->flags() | Qt::ItemIsUserCheckable);
        parent->setCheckState(0, Qt::Unchecked);
        parent->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        parent->setData(0, Qt::UserRole, toQString(destination.name));
        for (const auto& shard : snapshot->shards) {
            if (shard.shard.destination != destination.name)
                continue;
            auto* child = new QTreeWidgetItem(
                parent, { toQString(shard.shard.account), formatExact(shard.dlqCount) });
            child->setFlags(child->flags() | Qt::ItemIsUserCheckable);
            child->setCheckState(0, Qt::Unchecked);
            child->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
            child->setData(0, Qt::UserRole, toQString(shard.shard.account));
        }
    }
}

void WindowStep::applySnapshot(const engine::EngineSnapshot& snapshot)
{
    std::size_t shown = 0;
    bool isTicked = false;
    for (int i = 0; i < m_shards->topLevelItemCount(); ++i) {
        const auto* parent = m_shards->topLevelItem(i);
        isTicked = isTicked || parent->checkState(0) != Qt::Unchecked;
        shown += static_cast<std::size_t>(parent->childCount());
        for (int k = 0; k < parent->childCount(); ++k)
            isTicked = isTicked || parent->child(k)->checkState(0) != Qt::Unchecked;
    }
    const bool isNew = shown != snapshot.shards.size()
        || static_cast<std::size_t>(m_shards->topLevelItemCount()) != snapshot.destinations.size();
    if (isNew && !isTicked) {
        fillShards();
        return;
    }
    for (int i = 0; i < m_shards->topLevelItemCount(); ++i) {
        auto* parent = m_shards->topLevelItem(i);
        const std::string name = parent->data(0, Qt::UserRole).toString().toStdString();
        for (const auto& destination : snapshot.destinations) {
            if (destination.name == name)
                parent->setText(1, formatExact(destination.total.dlqCount));
        }
        for (int k = 0; k < parent->childCount(); ++k) {
            auto* child = parent->child(k);
            const std::string account = child->data(0, Qt::UserRole).toString().toStdString();
            for (const auto& shard : snapshot.shards) {
                if (shard.shard.destination == name && shard.shard.account == account)
                    child->setText(1, formatExact(shard.dlqCount));
            }
        }
    }
}

void WindowStep::checkShards(const engine::DeadLetterFilter& filter)
{
    for (int i = 0; i < m_shards->topLevelItemCount(); ++i) {
        auto* parent = m_shards->topLevelItem(i);
        const std::string name = parent->data(0, Qt::UserRole).toString().toStdString();
        for (const auto& destination : filter.destinations) {
            if (destination == name)
                parent->setCheckState(0, Qt::Checked);
        }
        for (int k = 0; k < parent->childCount(); ++k) {
            auto* child = parent->child(k);
            const std::string account = child->data(0, Qt::UserRole).toString().toStdString();
            for (const auto& shard : filter.shards) {
                if (shard.destination == name && shard.account == account) {
                    child->setCheckState(0, Qt::Checked);
                    parent->setExpanded(true);
                }
            }
        }
    }
}

void WindowStep::readGroups()
{
    m_fingerprint->clear();
    m_fingerprint->addItem(tr("any cause"), QString());
    using Answer = engine::Result<std::vector<engine::DeadLetterGroup>>;
    m_context.engine.deadLetterGroups(
        {}, m_context.engine.replyTo<Answer>(this, [this](const Answer& answer) {
            if (!answer)
                return; // the field stays at what was chosen; the preview tells of the trouble
            const QString chosen = m_fingerprint->currentData().toString();
            for (const auto& group : *answer) {
                const QString name = toQString(group.fingerprint);
                if (m_fingerprint->findData(name) < 0)
                    m_fingerprint->addItem(
                        QStringLiteral("%1 (%2)").arg(name, formatExact(group.count)), name);
            }
            m_fingerprint->setCurrentIndex(std::max(0, m_fingerprint->findData(chosen)));
        }));
}

void WindowStep::setFilter(const engine::DeadLetterFilter& filter)
{
    m_ids = filter.ids;
    m_ideas->setText(m_ids.empty()
            ? tr("Choose the failures to send again. Nothing is sent before you have seen what it "
                 "would be.")
            : tr("Chosen in the list: %1. The fields below narrow them down.")
                  .arg(formatExact(static_cast<std::int64_t>(m_ids.size()))));
    fillShards();
    checkShards(filter);
    readGroups();
    const QString fingerprint = toQString(filter.fingerprint);
    if (!fingerprint.isEmpty()) {
        m_fingerprint->addItem(fingerprint, fingerprint);
        m_fingerprint->setCurrentIndex(m_fingerprint->count() - 1);
    }
    m_type->setText(toQString(filter.eventName));
    setRange(3'600);
    const bool isByEvent = filter.eventFrom || filter.eventTo;
    const auto from = isByEvent ? filter.eventFrom : filter.failedFrom;
    const auto to = isByEvent ? filter.eventTo : filter.failedTo;
    // An end alone is no window that somebody chose, and has no beginning to show.
    const bool isWindow = from.has_value();
    m_timeKind->setCurrentIndex(!isWindow ? AnyTime : isByEvent ? Happened : Failed);
    if (isWindow)
        m_from->setDateTime(toDateTime(*from));
    if (isWindow && to)
        m_to->setDateTime(toDateTime(*to));
    // What has no field of its own keeps its written form.
    engine::DeadLetterFilter rest = filter;
    rest.ids.clear();
    rest.destinations.clear();
    rest.shards.clear();
    rest.fingerprint.clear();
    rest.eventName.clear();
    if (isWindow && isByEvent)
        rest.eventFrom = rest.eventTo = std::nullopt;
    else if (isWindow)
        rest.failedFrom = rest.failedTo = std::nullopt;
    m_more->setText(toFilterLine(rest));
    m_delivered->setChecked(false);
    m_problem->hide();
    showTimes();
}

std::optional<engine::DeadLetterFilter> WindowStep::filter()
{
    auto [filter, problem] = read();
    setProblem(problem);
    return problem.isEmpty() ? std::optional(std::move(filter)) : std::nullopt;
}

std::optional<engine::DeadLetterFilter> WindowStep::draftFilter() const
{
    auto [filter, problem] = read();
    return problem.isEmpty() ? std::optional(std::move(filter)) : std::nullopt;
}

void WindowStep::tickedShards(engine::DeadLetterFilter& filter) const
{
    for (int i = 0; i < m_shards->topLevelItemCount(); ++i) {
        const auto* parent = m_shards->topLevelItem(i);
        const std::string name = parent->data(0, Qt::UserRole).toString().toStdString();
        if (parent->checkState(0) == Qt::Checked) {
            filter.destinations.push_back(name);
            continue;
        }
        for (int k = 0; k < parent->childCount(); ++k) {
            const auto* child = parent->child(k);
            if (child->checkState(0) == Qt::Checked)
                filter.shards.push_back(
                    { name, child->data(0, Qt::UserRole).toString().toStdString() });
        }
    }
}

std::pair<engine::DeadLetterFilter, QString> WindowStep::read() const
{
    const ParsedFilter more = parseDlqFilter(m_more->text(), m_context.clock.wallNow());
    if (!more.isValid())
        return { {}, more.error };
    engine::DeadLetterFilter filter = more.filter;
    filter.ids = m_ids;
    tickedShards(filter);
    if (!filter.destinations.empty() && !filter.shards.empty())
        return { {}, tr("Tick whole destinations or single shards, not both.") };
    filter.fingerprint = m_fingerprint->currentData().toString().toStdString();
    if (!m_type->text().trimmed().isEmpty())
        filter.eventName = m_type->text().trimmed().toStdString();
    const int kind = m_timeKind->currentIndex();
    if (kind != AnyTime && m_from->dateTime() >= m_to->dateTime())
        return { {}, tr("“From” must lie before “to”.") };
    if (kind == Failed) {
        filter.failedFrom = toWallTime(m_from->dateTime());
        filter.failedTo = toWallTime(m_to->dateTime());
    } else if (kind == Happened) {
        filter.eventFrom = toWallTime(m_from->dateTime());
        filter.eventTo = toWallTime(m_to->dateTime());
    }
    if (includeDelivered() && kind == AnyTime)
        return { {},
            tr("Delivered events can only be sent again for a window: choose from and to.") };
    return { std::move(filter), {} };
}

void WindowStep::setIncludeDelivered(bool isOn) { m_delivered->setChecked(isOn); }

bool WindowStep::includeDelivered() const { return m_delivered->isChecked(); }

void WindowStep::setProblem(const QString& text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void WindowStep::setPending(bool isPending)
{
    m_preview->setEnabled(!isPending);
    m_preview->setText(isPending ? tr("Counting…") : tr("Preview"));
}

} // namespace ui
