#include "settings/shortcut_page.h"

#include "palette/palette_entries.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <algorithm>

namespace ui {

namespace {

QList<QKeySequence> defaultsOf(const QAction& action)
{
    return keysFromText(action.property(kDefaultKeys).toString());
}

QString nativeText(const QAction& action)
{
    return QKeySequence::listToString(action.shortcuts(), QKeySequence::NativeText);
}

} // namespace

std::map<QString, QStringList> shortcutConflicts(const QList<QAction*>& actions)
{
    std::map<QString, QStringList> users;
    for (const auto* action : actions) {
        for (const auto& keys : action->shortcuts())
            users[keys.toString(QKeySequence::PortableText)] << action->objectName();
    }
    std::erase_if(users, [](const auto& use) { return use.second.size() < 2; });
    return users;
}

void applyShortcuts(const ShortcutSettings& shortcuts, const QList<QAction*>& actions)
{
    for (auto* action : actions) {
        const auto own = shortcuts.changed.find(action->objectName());
        action->setShortcuts(own == shortcuts.changed.end() ? defaultsOf(*action) : own->second);
    }
}

ShortcutPage::ShortcutPage(
    const ConsoleSettings& settings, const QList<QAction*>& actions, QWidget* parent)
    : SettingsPage(settings, parent)
    , m_actions(actions)
    , m_table(new QTableWidget(static_cast<int>(actions.size()), 2, this))
    , m_edit(new QKeySequenceEdit(this))
    , m_default(new QPushButton(tr("Use &default"), this))
    , m_conflict(new QLabel(this))
{
    std::sort(m_actions.begin(), m_actions.end(), [](const QAction* a, const QAction* b) {
        return titleOf(*a).localeAwareCompare(titleOf(*b)) < 0;
    });
    m_table->setObjectName(QStringLiteral("settings_shortcuts"));
    m_table->setAccessibleName(tr("Actions and their keys"));
    m_table->setHorizontalHeaderLabels({ tr("Action"), tr("Keys") });
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(kHitTargetMin);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setMinimumHeight(10 * kHitTargetMin);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        m_table->setItem(row, 0, new QTableWidgetItem(titleOf(*m_actions.at(row))));
        m_table->setItem(row, 1, new QTableWidgetItem);
    }
    m_edit->setObjectName(QStringLiteral("settings_keys"));
    m_edit->setAccessibleName(tr("New keys of the selected action"));
    m_default->setObjectName(QStringLiteral("settings_defaultKeys"));
    m_default->setAccessibleName(tr("Use the default keys of the selected action"));
    m_conflict->setObjectName(QStringLiteral("settings_conflict"));
    m_conflict->setTextFormat(Qt::PlainText);
    m_conflict->setWordWrap(true);
    auto* editor = new QHBoxLayout;
    editor->addWidget(m_edit, 1);
    editor->addWidget(m_default);
    auto* form = static_cast<QFormLayout*>(layout());
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(m_table);
    auto* label = new QLabel(tr("New &keys"), this);
    label->setBuddy(m_edit);
    form->addRow(label, editor);
    form->addRow(m_conflict);
    connect(m_table, &QTableWidget::currentCellChanged, this, &ShortcutPage::showSelected);
    connect(m_edit, &QKeySequenceEdit::editingFinished, this,
        [this] { setKeys(m_edit->keySequence()); });
    connect(m_default, &QPushButton::clicked, this, [this] {
        if (const auto* action = selected())
            edit([action](auto& s) { s.shortcuts.changed.erase(action->objectName()); });
    });
    ShortcutPage::showSettings();
    m_table->setCurrentCell(0, 0);
}

QAction* ShortcutPage::selected() const
{
    const int row = m_table->currentRow();
    return row < 0 ? nullptr : m_actions.at(row);
}

void ShortcutPage::setKeys(const QKeySequence& keys)
{
    const auto* action = selected();
    if (action == nullptr || action->shortcuts() == QList { keys })
        return;
    edit([action, keys](auto& s) {
        s.shortcuts.changed[action->objectName()]
            = keys.isEmpty() ? QList<QKeySequence> {} : QList { keys };
    });
}

void ShortcutPage::showSettings()
{
    applyShortcuts(settings().shortcuts, m_actions);
    const auto conflicts = shortcutConflicts(m_actions);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto* action = m_actions.at(row);
        const bool isDisputed = std::any_of(conflicts.begin(), conflicts.end(),
            [&](const auto& use) { return use.second.contains(action->objectName()); });
        const QString keys = nativeText(*action);
        m_table->item(row, 1)->setText(isDisputed ? tr("%1 (conflict)").arg(keys) : keys);
    }
    QStringList sentences;
    for (const auto& [keys, names] : conflicts) {
        QStringList titles;
        for (const auto* action : m_actions) {
            if (names.contains(action->objectName()))
                titles << QStringLiteral("“%1”").arg(titleOf(*action));
        }
        sentences << tr("%1 stands for %2: none of them works until one has other keys.")
                         .arg(QKeySequence(keys).toString(QKeySequence::NativeText),
                             titles.join(QStringLiteral(", ")));
    }
    m_conflict->setText(sentences.join(u'\n'));
    m_conflict->setVisible(!sentences.isEmpty());
    showSelected();
}

void ShortcutPage::showSelected()
{
    const auto* action = selected();
    m_edit->setEnabled(action != nullptr);
    m_default->setEnabled(
        action != nullptr && settings().shortcuts.changed.count(action->objectName()) > 0);
    const QSignalBlocker block(m_edit);
    if (action != nullptr)
        m_edit->setKeySequence(action->shortcut());
}

void ShortcutPage::reset()
{
    edit([](auto& s) { s.shortcuts = {}; });
}

} // namespace ui
