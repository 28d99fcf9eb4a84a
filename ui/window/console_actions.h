// Every command of the window as one QAction, shared by menu, toolbar and context menus: text,
// icon, shortcut and enabled state live here and nowhere else. The window connects them.
#pragma once

#include <QObject>

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
    // Those that need a selected shard.
    void setSelectionSize(int shards);
    // Those that change something in the engine: off, with the reason as tooltip, where the safety
    // level allows none.
    void setWriteGuard(const Guard& guard, bool hasShards);

private:
    QAction* add(const QString& name, const QString& text, const QString& icon = {},
        const QList<QKeySequence>& keys = {});
    void refreshIcons();
    void showEnabled();

    int m_selectionSize { 0 };
    bool m_areWritesAllowed { true };
    bool m_hasShards { false };
    Theme& m_theme;
    QWidget* m_host;
};

} // namespace ui
