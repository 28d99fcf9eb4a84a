// The frame: incident bar, rail, pages, inspector dock, status bar, menus. It creates, connects and
// remembers geometry; what a page shows is the page's business. GUI thread only.
#pragma once

#include "settings/console_settings.h"
#include "window/page.h"

#include <QByteArray>
#include <QMainWindow>

#include <functional>
#include <map>
#include <optional>
#include <vector>

class QAction;
class QDockWidget;
class QElapsedTimer;
class QMenu;
class QSettings;
class QStackedWidget;
class QTimer;
class QVBoxLayout;

namespace ui {

class CommandRunner;
class ConsoleActions;
class IncidentBar;
class NavRail;
class OverviewPage;
class StatusLine;
class Stripe;
class UndoBar;
struct PaletteEntry;

class MainWindow final : public QMainWindow {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MainWindow)
public:
    // `settings` may be null (tests): nothing is remembered then. Both outlive the window.
    MainWindow(const ConsoleContext& context, QSettings* settings, QWidget* parent = nullptr);
    ~MainWindow() override;

    // Pages are owned by the window and appear in the rail in the order of their ids. The overview
    // is there from the start.
    void addPage(PageId id, Page* page, const QString& icon);
    void setInspector(InspectorPage* inspector);
    void addMenu(QMenu* menu); // before Help; the window owns it
    void addBar(QWidget* bar); // a line between the pages and the status bar: coach, undo
    void showPage(PageId id);
    void navigate(const PageTarget& target);
    void setSelection(const std::vector<engine::ShardId>& shards);
    void setFrozen(bool isFrozen);
    void resetLayout();
    // Call after the pages are added: puts back what the last run left; a broken state changes
    // nothing.
    void restoreLayout();
    // Draws at once what is spread over time otherwise: tests and screenshots.
    void flush();

    [[nodiscard]] Page* page(PageId id) const; // null when there is none
    [[nodiscard]] OverviewPage& overview() const { return *m_overview; }
    [[nodiscard]] InspectorPage* inspector() const { return m_inspector; }
    [[nodiscard]] ConsoleActions& actions() const { return *m_actions; }
    [[nodiscard]] StatusLine& statusLine() const { return *m_status; }
    [[nodiscard]] const std::vector<engine::ShardId>& selection() const { return m_selection; }

Q_SIGNALS:
    void helpRequested(ui::PageId page);

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildFrame();
    void buildMenus();
    void connectActions();
    void connectCommands();
    void adopt(Page* page);
    void connectCharts();
    void connectPageCommands();
    [[nodiscard]] bool runOnPage(PageCommand command); // false: it is none of the shown page's
    void replaySelection();
    void showPlace();
    void showMarks();
    void readMarks();
    void keepMarks(); // shows them, and writes them where the next run finds them
    void applySettings(const ConsoleSettings& settings);
    void takeSettings(const ConsoleSettings& settings);
    void openSettings(int page = -1); // -1: the one that it opens with
    void openPalette();
    void askAttention();
    void runEntry(const PaletteEntry& entry);
    void confirm(const QString& what, const std::function<void()>& action);
    void confirmAction(QAction& action);
    void revertAll();
    void switchSale(bool isOn);
    [[nodiscard]] QList<QAction*> namedActions() const;
    [[nodiscard]] QString selectionName() const;
    void applySnapshot(const engine::SnapshotPtr& snapshot);
    void tick();
    void noteDefaultState();
    void fitInspector();
    void showThemeMode();
    void showWriteGuard();
    [[nodiscard]] bool isCloseAgreed();
    void cycleAreas(bool isForward);
    void showAbout();
    void pauseAll();
    void submit(engine::Command command, const QString& doing);
    void copySummary();
    [[nodiscard]] PageId currentPage() const;

    ConsoleContext m_context;
    QSettings* m_settings;
    ConsoleActions* m_actions;
    IncidentBar* m_incidentBar;
    NavRail* m_rail;
    QStackedWidget* m_stack;
    QVBoxLayout* m_bars { nullptr };
    QDockWidget* m_inspectorDock;
    StatusLine* m_status;
    Stripe* m_stale; // above every page: how old what it shows is
    OverviewPage* m_overview;
    InspectorPage* m_inspector { nullptr };
    QMenu* m_pagesMenu { nullptr };
    std::map<PageId, Page*> m_pages;
    std::vector<engine::ShardId> m_selection;
    std::vector<ChartMark> m_marks;
    ConsoleSettings m_look;
    CommandRunner* m_runner;
    UndoBar* m_undo; // of what the window's own commands did
    engine::SnapshotPtr m_snapshot;
    std::optional<engine::SteadyTime> m_receivedAt;
    QTimer* m_tick;
    QByteArray m_defaultState;
    bool m_isFrozen { false };
    bool m_isCloseConfirmed { false };
    bool m_isFirstFit { true };
    bool m_isFirstShow { true };
};

} // namespace ui
