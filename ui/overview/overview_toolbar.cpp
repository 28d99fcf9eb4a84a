#include "overview/overview_toolbar.h"

#include "theme/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui {

using Scope = ShardTableModel::Scope;

OverviewToolbar::OverviewToolbar(Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_filter(new QLineEdit(this))
    , m_error(new QLabel(this))
    , m_row(new QHBoxLayout)
{
    m_filter->setObjectName(QStringLiteral("overview_filter"));
    m_filter->setAccessibleName(tr("Filter shards"));
    m_filter->setPlaceholderText(tr("Filter shards: meta state:throttled lag>60s"));
    m_filter->setToolTip(tr("Words match the shard. Also state:, dest:, flag:, and lag>60s, "
                            "depth>1k, err>=2, p95>800, dlq>0 (Ctrl+F)"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setTextMargins(kSpaceSmall, 0, kSpaceSmall, 0);
    m_filter->setMinimumHeight(kHitTargetMin + 2);
    m_filter->setMinimumWidth(220);
    m_error->setObjectName(QStringLiteral("overview_filterError"));
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->setVisible(false);

    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(kSpaceSmall);
    m_row->addWidget(m_filter, 1);
    m_row->addSpacing(kSpaceSmall);
    m_all = addChip(QStringLiteral("overview_all"), tr("Show all shards"));
    m_attention
        = addChip(QStringLiteral("overview_attention"), tr("Show shards that need attention"));
    m_paused = addChip(QStringLiteral("overview_paused"), tr("Show paused shards"));
    auto* scopes = new QButtonGroup(this);
    for (auto* chip : { m_all, m_attention, m_paused }) {
        chip->setCheckable(true);
        scopes->addButton(chip);
    }
    m_all->setChecked(true);
    m_row->addSpacing(kSpaceSmall);
    m_group = addChip(QStringLiteral("overview_group"), tr("Group shards by destination (G)"));
    m_group->setText(tr("Group"));
    m_group->setCheckable(true);
    m_resort
        = addChip(QStringLiteral("overview_resort"), tr("The order has changed: sort now (R)"));
    m_resort->setText(tr("Order changed · R"));
    m_resort->setVisible(false);
    setCounts({});

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(m_row);
    layout->addWidget(m_error);

    connect(m_filter, &QLineEdit::textChanged, this, &OverviewToolbar::applyText);
    connect(m_filter, &QLineEdit::editingFinished, this, &OverviewToolbar::keepFilter);
    connect(m_all, &QToolButton::clicked, this, [this] { Q_EMIT scopeChanged(Scope::All); });
    connect(m_attention, &QToolButton::clicked, this,
        [this] { Q_EMIT scopeChanged(Scope::Attention); });
    connect(m_paused, &QToolButton::clicked, this, [this] { Q_EMIT scopeChanged(Scope::Paused); });
    connect(m_group, &QToolButton::clicked, this, &OverviewToolbar::groupToggled);
    connect(m_resort, &QToolButton::clicked, this, &OverviewToolbar::resortWanted);
    connect(&theme, &Theme::changed, this, &OverviewToolbar::refreshIcons);
    refreshIcons();
}

QToolButton* OverviewToolbar::addChip(const QString& name, const QString& accessibleName)
{
    auto* chip = new QToolButton(this);
    chip->setObjectName(name);
    chip->setAccessibleName(accessibleName);
    chip->setToolTip(accessibleName);
    chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    chip->setFocusPolicy(Qt::StrongFocus);
    chip->setMinimumHeight(kHitTargetMin + 2);
    m_row->addWidget(chip);
    return chip;
}

void OverviewToolbar::refreshIcons()
{
    m_attention->setIcon(m_theme.statusIcon(Status::High));
    m_paused->setIcon(m_theme.statusIcon(Status::Operator));
    m_group->setIcon(m_theme.icon(QStringLiteral("group")));
    m_resort->setIcon(m_theme.icon(QStringLiteral("resort")));
}

void OverviewToolbar::applyText(const QString& text)
{
    const auto parsed = parseShardFilter(text);
    m_error->setVisible(!parsed.error.isEmpty());
    m_error->setText(parsed.error);
    m_filter->setAccessibleDescription(parsed.error);
    // While a word is half typed the table keeps what it had: it never blinks to all or nothing.
    if (parsed.error.isEmpty())
        Q_EMIT filterChanged(parsed.filter);
}

void OverviewToolbar::keepFilter()
{
    constexpr qsizetype kRecentMax = 10;
    const QString text = m_filter->text().simplified();
    if (text.isEmpty() || !parseShardFilter(text).error.isEmpty())
        return;
    m_recent.removeAll(text);
    m_recent.prepend(text);
    m_recent = m_recent.mid(0, kRecentMax);
}

void OverviewToolbar::setCounts(const ShardTableModel::Counts& counts)
{
    m_all->setText(tr("All %1").arg(counts.all));
    m_attention->setText(tr("Attention %1").arg(counts.attention));
    m_paused->setText(tr("Paused %1").arg(counts.paused));
}

void OverviewToolbar::setOrderStale(bool isStale) { m_resort->setVisible(isStale); }

void OverviewToolbar::setScope(Scope scope)
{
    m_all->setChecked(scope == Scope::All);
    m_attention->setChecked(scope == Scope::Attention);
    m_paused->setChecked(scope == Scope::Paused);
}

void OverviewToolbar::setFilterText(const QString& text) { m_filter->setText(text); }

void OverviewToolbar::setGrouped(bool isGrouped) { m_group->setChecked(isGrouped); }

QString OverviewToolbar::filterText() const { return m_filter->text(); }

void OverviewToolbar::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

} // namespace ui
