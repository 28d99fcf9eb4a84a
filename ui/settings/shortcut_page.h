// Every action with its keys; keys can be changed, and those that two actions claim are named.
#pragma once

#include "settings/settings_pages.h"

#include <QAction>
#include <QList>

class QKeySequenceEdit;
class QLabel;
class QPushButton;
class QTableWidget;

namespace ui {

inline constexpr const char* kDefaultKeys
    = "default_keys"; // property of an action: QString, portable

// Keys that several actions claim: neither works then. Object names by key, portable text.
[[nodiscard]] std::map<QString, QStringList> shortcutConflicts(const QList<QAction*>& actions);
// Gives every action its own keys: the changed ones, or else its defaults.
void applyShortcuts(const ShortcutSettings& shortcuts, const QList<QAction*>& actions);

class ShortcutPage final : public SettingsPage {
    Q_OBJECT
public:
    // The actions outlive the page.
    ShortcutPage(const ConsoleSettings& settings, const QList<QAction*>& actions, QWidget* parent);
    void reset() override;

protected:
    void showSettings() override;

private:
    void showSelected();
    void setKeys(const QKeySequence& keys);
    [[nodiscard]] QAction* selected() const;

    QList<QAction*> m_actions;
    QTableWidget* m_table;
    QKeySequenceEdit* m_edit;
    QPushButton* m_default;
    QLabel* m_conflict;
};

} // namespace ui
