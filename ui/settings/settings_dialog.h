// Settings of the console, pages at the left; every change applies at once. What belongs to the
// engine is shown and says where it is changed. GUI thread only.
#pragma once

#include "settings/console_settings.h"

#include <QDialog>

#include <vector>

class QAction;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace ui {

class SettingsPage;

class SettingsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsDialog)
public:
    // `snapshot` may be null: the engine has said nothing yet.
    SettingsDialog(const Theme& theme, const ConsoleSettings& settings,
        const QList<QAction*>& actions, const engine::SnapshotPtr& snapshot, QWidget* parent);

Q_SIGNALS:
    void settingsChanged(const ui::ConsoleSettings& settings);
    void exportWanted(const QString& path);

private:
    void addPage(const QString& title, SettingsPage* page);
    void take(const SettingsPage& page);
    void search(const QString& text);
    void askExport();

    QLineEdit* m_search;
    QListWidget* m_list;
    QLabel* m_title;
    QPushButton* m_reset;
    QStackedWidget* m_stack;
    std::vector<SettingsPage*> m_pages;
};

} // namespace ui
