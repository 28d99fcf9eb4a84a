// Settings of the console, pages at the left; every change applies at once. What belongs to the
// engine is sent to it as a command, or shown with where it is changed. GUI thread only.
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

struct ConsoleContext;
class SettingsPage;

class SettingsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SettingsDialog)
public:
    SettingsDialog(const ConsoleContext& context, const ConsoleSettings& settings,
        const QList<QAction*>& actions, QWidget* parent);

    // Titles in the order of the pages, for the command palette.
    [[nodiscard]] static QStringList pageTitles();
    void openPage(int number);

Q_SIGNALS:
    void settingsChanged(const ui::ConsoleSettings& settings);
    void exportWanted(const QString& path);

private:
    void addPage(SettingsPage* page);
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
