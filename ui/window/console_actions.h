// Every command of the window as one QAction, shared by menu, toolbar and context menus: text,
// icon, shortcut and enabled state live here and nowhere else. The window connects them.
#pragma once

#include "window/page.h"

#include <QObject>

#include <functional>
#include <utility>
#include <vector>

class QAction;
class QWidget;

namespace ui {

class Theme;
struct Guard;

class ConsoleActions final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleActions)
public:
    // The actions are added to `host`, so that their shortcuts work anywhere in it.
    ConsoleActions(Theme& theme, QWidget* host);

    QAction* open { nullptr };
    QAction* pause { nullptr };
    QAction* resume { nullptr };
    QAction* pauseRetries { nullptr };
    QAction* pauseAll { nullptr };
    QAction* resumeAll { nullptr };
    QAction* probe { nullptr };
    QAction* tune { nullptr };
    QAction* dlq { nullptr };
    QAction* replay { nullptr };
    QAction* copySummary { nullptr };
    QAction* pin { nullptr };
    QAction* reload { nullptr };
    QAction* revertAll { nullptr };
    QAction* saleMode { nullptr }; // checkable; shows what the engine says
    QAction* exportShown { nullptr };
    QAction* connectDestination { nullptr };

    // Of the page that is shown, see PageCommand.
    QAction* find { nullptr };
    QAction* archive { nullptr };
    QAction* purge { nullptr };
    QAction* copyAsCurl { nullptr };
    QAction* revert { nullptr };
    QAction* newReplay { nullptr };
    QAction* nextStep { nullptr };
    QAction* previousStep { nullptr };

    QAction* freeze { nullptr };
    QAction* filter { nullptr };
    QAction* clear { nullptr };
    QAction* nextTrouble { nullptr };
    QAction* previousTrouble { nullptr };
    QAction* resort { nullptr };
    QAction* group { nullptr };
    QAction* shorterWindow { nullptr };
    QAction* longerWindow { nullptr };
    QAction* zoomBack { nullptr };
    QAction* logAxis { nullptr };
    QAction* chartTable { nullptr };
    QAction* mark { nullptr };
    QAction* palette { nullptr };
    QAction* preferences { nullptr };
    QAction* nextArea { nullptr };
    QAction* previousArea { nullptr };
    QAction* toggleInspector { nullptr };
    QAction* fullScreen { nullptr };
    QAction* resetLayout { nullptr };
    QAction* themeSystem { nullptr };
    QAction* themeLight { nullptr };
    QAction* themeDark { nullptr };
    QAction* help { nullptr };
    QAction* about { nullptr };
    QAction* quit { nullptr };

    // Ctrl+1 … Ctrl+9 by the page's number; created as pages are added.
    QAction* addPage(int number, const QString& title);
    using PageActions = std::vector<std::pair<PageCommand, QAction*>>;
    // Those that only pages have. The others are the window's where a page does not know them.
    [[nodiscard]] const PageActions& pageActions() const { return m_pageActions; }
    struct Place { // what the shown page allows
        std::function<bool(PageCommand)> canRun {};
        bool hasCharts { false };
        bool isOverview { false };
    };
    void setPlace(const Place& place);
    // Those that need a selected shard.
    void setSelectionSize(int shards);
    // Those that change something in the engine: off, with the reason as tooltip, where the safety
    // level allows none.
    void setWriteGuard(const Guard& guard, bool hasShards);

private:
    void addCommands();
    void addPageCommands();
    void addViewActions();
    void addThemes();
    void addProgramActions();
    QAction* add(const QString& name, const QString& text, const QString& icon = {},
        const QList<QKeySequence>& keys = {});
    void refreshIcons();
    void showEnabled();

    int m_selectionSize { 0 };
    bool m_areWritesAllowed { true };
    bool m_hasShards { false };
    bool m_canReplayScope { false };
    PageActions m_pageActions {};
    Theme& m_theme;
    QWidget* m_host;
};

} // namespace ui
