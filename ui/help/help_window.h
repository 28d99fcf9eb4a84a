// The in-program help: pages in Markdown, compiled in. A window of its own, so that it can stand
// beside the console. GUI thread.
#pragma once

#include "window/page.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QTextBrowser;

namespace ui {

class Theme;

class HelpWindow final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HelpWindow)
public:
    explicit HelpWindow(const Theme& theme, QWidget* parent = nullptr);

    // Names as in resources/help: "start", "configuration", "platform-meta", … An unknown one opens
    // the first page.
    void openPage(const QString& name);
    [[nodiscard]] static QStringList pageNames();
    // What F1 opens on a page of the console.
    [[nodiscard]] static QString nameFor(PageId page);

private:
    QWidget* makeTop();
    void showRow(int row);
    void layOutTables();
    // Hides the pages that do not have every word, and marks the words in the one shown.
    void search();
    void markWords();
    void back();

    QLineEdit* m_search { nullptr };
    QLabel* m_found { nullptr };
    QPushButton* m_back { nullptr };
    QStringList m_visited {}; // names; the last one is the page before this one
    QString m_shown {};
    bool m_isGoingBack { false };
    QListWidget* m_list;
    QTextBrowser* m_text;
};

} // namespace ui
