#include "dlq/filter_bar.h"

#include "dlq/filter_chip.h"
#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QSignalBlocker>
#include <QToolButton>

namespace ui {
namespace {

constexpr int kTypingPauseMs = 250;
const QString kHistoryKey = QStringLiteral("dlq/filterHistory");

} // namespace

FilterBar::FilterBar(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_history(new QComboBox(this))
    , m_line(new QLineEdit(m_history))
    , m_error(new QLabel(this))
    , m_count(new QLabel(this))
    , m_chips(new QWidget(this))
{
    m_history->setEditable(true);
    m_history->setLineEdit(m_line);
    m_history->setCompleter(nullptr); // it would write what was not typed
    m_history->setInsertPolicy(QComboBox::NoInsert);
    m_history->setMaxCount(kHistoryMax);
    m_history->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_history->setObjectName(QStringLiteral("dlq_filterHistory"));
    m_history->setAccessibleName(tr("Filter dead letters, with the filters used before"));
    m_line->setObjectName(QStringLiteral("dlq_filter"));
    m_line->setAccessibleName(tr("Filter dead letters"));
    m_line->setPlaceholderText(
        tr("Filter  Ctrl+F   dest:meta-main code:100 class:invalid first>09:00, or an event id"));
    m_line->setToolTip(tr("dest: shard: type: class: http: code: fp: id: state: text: $.field:\n"
                          "retries>=3  size>100k  expires<24h  job:R-17\n"
                          "first> first< last> last< event> event<  with 09:00, 15m (ago), "
                          "2026-11-27 or 2026-11-27T09:00:00Z"));
    m_line->setClearButtonEnabled(true);
    // The clear button appears with the first key; it needs its name from the start.
    for (auto* button : m_line->findChildren<QToolButton*>())
        button->setAccessibleName(tr("Clear filter"));
    m_error->setObjectName(QStringLiteral("dlq_filterError"));
    m_error->setTextFormat(Qt::PlainText);
    m_error->setFont(context.theme.boldFont());
    m_error->hide();
    m_count->setObjectName(QStringLiteral("dlq_count"));
    m_count->setTextFormat(Qt::PlainText);
    m_chips->hide();
    auto* chips = new QHBoxLayout(m_chips);
    chips->setContentsMargins(0, 0, 0, 0);
    chips->setSpacing(kSpaceSmall);

    auto* first = new QHBoxLayout;
    first->setSpacing(kSpaceLarge);
    first->addWidget(m_history, 1);
    first->addWidget(m_count);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addLayout(first);
    column->addWidget(m_error);
    column->addWidget(m_chips);

    m_delay.setSingleShot(true);
    m_delay.setInterval(kTypingPauseMs);
    connect(&m_delay, &QTimer::timeout, this, &FilterBar::read);
    connect(m_line, &QLineEdit::textChanged, this, [this] { m_delay.start(); });
    connect(m_line, &QLineEdit::returnPressed, this, [this] {
        read();
        remember();
    });
    connect(m_history, &QComboBox::activated, this, &FilterBar::read);
}

void FilterBar::setLine(const QString& line)
{
    m_line->setText(line);
    read();
    remember();
}

// A line that names a person is a line like any other here: it stays on this machine, in the
// operator's own settings, as what was typed into a search always does.
void FilterBar::remember()
{
    const QString line = m_line->text().trimmed();
    if (line.isEmpty() || m_error->isVisibleTo(this))
        return;
    const QSignalBlocker blocker(m_line); // the combo rewrites its text as its list changes
    const int before = m_history->findText(line);
    if (before >= 0)
        m_history->removeItem(before);
    m_history->insertItem(0, line);
    while (m_history->count() > kHistoryMax)
        m_history->removeItem(m_history->count() - 1);
    m_history->setCurrentIndex(0);
}

void FilterBar::saveHistory(QSettings& settings) const
{
    QStringList lines;
    for (int i = 0; i < m_history->count(); ++i)
        lines += m_history->itemText(i);
    settings.setValue(kHistoryKey, lines);
}

void FilterBar::restoreHistory(QSettings& settings)
{
    const QSignalBlocker blocker(m_line);
    const QString line = m_line->text();
    m_history->clear();
    m_history->addItems(settings.value(kHistoryKey).toStringList().mid(0, kHistoryMax));
    m_history->setCurrentIndex(-1);
    m_line->setText(line);
}

QString FilterBar::line() const { return m_line->text(); }

void FilterBar::setCount(const QString& text, const QString& toolTip)
{
    m_count->setText(text);
    m_count->setToolTip(toolTip);
}

void FilterBar::focusLine()
{
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

void FilterBar::read()
{
    m_delay.stop();
    const ParsedFilter parsed = parseDlqFilter(m_line->text(), m_context.clock.wallNow());
    m_error->setText(parsed.error);
    m_error->setVisible(!parsed.isValid());
    if (!parsed.isValid())
        return;
    showChips(parsed.terms);
    if (parsed.filter == m_filter)
        return;
    m_filter = parsed.filter;
    Q_EMIT filterChanged(m_filter);
}

void FilterBar::showChips(const std::vector<FilterTerm>& terms)
{
    auto* row = static_cast<QHBoxLayout*>(m_chips->layout());
    while (QLayoutItem* item = row->takeAt(0)) {
        if (auto* widget = item->widget()) {
            widget->hide();
            widget->deleteLater(); // one of them may be the sender
        }
        delete item;
    }
    for (const FilterTerm& term : terms) {
        auto* chip = new FilterChip(m_context.theme, term.text(), m_chips);
        connect(chip, &FilterChip::removeRequested, this,
            [this, term] { setLine(withoutTerm(m_line->text(), term)); });
        connect(chip, &FilterChip::editRequested, this, [this, term] {
            m_line->setFocus(Qt::OtherFocusReason);
            m_line->setSelection(term.from, term.length);
        });
        row->addWidget(chip);
    }
    row->addStretch(1);
    m_chips->setVisible(!terms.empty());
}

} // namespace ui
