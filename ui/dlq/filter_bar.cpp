#include "dlq/filter_bar.h"

#include "theme/theme.h"
#include "window/ui_clock.h"

#include <QBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>

namespace ui {
namespace {

constexpr int kTypingPauseMs = 250;

} // namespace

FilterBar::FilterBar(const ConsoleContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_line(new QLineEdit(this))
    , m_error(new QLabel(this))
    , m_count(new QLabel(this))
    , m_chips(new QWidget(this))
{
    m_line->setObjectName(QStringLiteral("dlq_filter"));
    m_line->setAccessibleName(tr("Filter dead letters"));
    m_line->setPlaceholderText(
        tr("Filter  Ctrl+F   dest:meta-main code:100 class:invalid first>09:00, or an event id"));
    m_line->setToolTip(tr("dest: shard: type: class: http: code: fp: id: state: text: $.field:\n"
                          "retries>=3  size>100k  expires<24h\n"
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
    first->addWidget(m_line, 1);
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
    connect(m_line, &QLineEdit::returnPressed, this, &FilterBar::read);
}

void FilterBar::setLine(const QString& line)
{
    m_line->setText(line);
    read();
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
        auto* chip = new QToolButton(m_chips);
        const QString text = term.text();
        chip->setText(chip->fontMetrics().elidedText(text, Qt::ElideRight, 320));
        chip->setIcon(m_context.theme.icon(QStringLiteral("close")));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setToolTip(tr("Take “%1” out of the filter").arg(text));
        chip->setAccessibleName(tr("Remove filter %1").arg(text));
        connect(chip, &QToolButton::clicked, this,
            [this, term] { setLine(withoutTerm(m_line->text(), term)); });
        row->addWidget(chip);
    }
    row->addStretch(1);
    m_chips->setVisible(!terms.empty());
}

} // namespace ui
