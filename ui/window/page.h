// What the main window asks of everything it shows: the pages of the stack and the content of the
// inspector dock. GUI thread only.
#pragma once

#include "charts/flags.h"

#include <engine/engine_port.h>

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QSettings;

namespace ui {

class Privacy;
class Theme;
class UiClock;
struct ChartSettings;
struct TuningSettings;

// What every page is built from; everything outlives the pages. No page keeps engine objects, only
// the port and the values that it hands over.
struct ConsoleContext {
    engine::EnginePort& engine;
    Theme& theme;
    const UiClock& clock;
    bool isAnimated = true; // false in test mode and with reduced motion
    Privacy* privacy = nullptr; // null: personal data is always masked
};

inline constexpr engine::Millis kStaleAfter { 5'000 }; // a sample this old is not live

enum class PageId { Overview, Shard, Dlq, Replay, Import, Events, Readiness, Drill, Audit };

// What the window's actions do to the charts of the page that is shown.
enum class ChartCommand { ShorterWindow, LongerWindow, ZoomBack, LogAxis, Table, Mark };

// What the window's actions ask of the page that is shown, so that every command is one action with
// one key, wherever the focus is.
enum class PageCommand {
    Filter, // to the line that narrows the page
    Find, // in the document that the page shows
    Group, // groups or rows
    Replay, // what the page's scope says
    Archive, // that scope; an archive's is restored
    Purge,
    CopyAsCurl,
    Revert, // the selected entry
    NewReplay,
    NextStep,
    PreviousStep
};

// Where an operator wants to go, with what the page should show there. Every field is optional in
// meaning: an empty one leaves the page as it is.
struct PageTarget {
    PageId page { PageId::Overview };
    std::vector<engine::ShardId> shards {}; // empty account: the whole destination
    std::optional<engine::DeadLetterFilter> filter {}; // for Dlq and Replay: the scope or window
    std::optional<engine::ReplayJobId> job {};
    QString filterLine {}; // for Audit: as if typed
};

// One page of the stack, or the inspector. The window calls applySnapshot() at most four times a
// second and only while the page is visible; a page that was hidden gets the newest one when it is
// shown. Selection is shared: whatever page changes it, all pages and the inspector hear of it.
class Page : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Page)
public:
    explicit Page(QWidget* parent = nullptr)
        : QWidget(parent)
    {
    }

    [[nodiscard]] virtual QString title() const = 0;
    virtual void applySnapshot(const engine::SnapshotPtr& snapshot) = 0;
    // No new sample for kStaleAfter: live numbers must not look live. The window says how old they
    // are, above the page. 0 s means fresh again.
    virtual void setSampleAge(engine::Millis /*age*/) { }
    virtual void setSelection(const std::vector<engine::ShardId>& /*shards*/) { }
    virtual void open(const PageTarget& /*target*/) { }
    virtual void setFrozen(bool /*isFrozen*/) { }
    virtual void clearTransient() { } // Esc: filters, pins and popups of the page
    [[nodiscard]] virtual bool hasCharts() const { return false; } // freezing is seen here
    virtual void runChart(ChartCommand /*command*/) { }
    // False: not a command of this page, now. Asked with every sample and before run().
    [[nodiscard]] virtual bool canRun(PageCommand /*command*/) const { return false; }
    virtual void run(PageCommand /*command*/) { }
    virtual void setMarks(const std::vector<ChartMark>& /*marks*/) { }
    virtual void exportShown() { } // what the page's scope says, to a file that is asked for
    virtual void setChartDefaults(const ChartSettings& /*settings*/) { }
    virtual void flush() { } // draws at once what is spread over time: tests and screenshots
    // Widths, columns and splitters; nothing that belongs to the engine.
    virtual void saveLayout(QSettings& /*settings*/) const { }
    virtual void restoreLayout(QSettings& /*settings*/) { }
    virtual void resetLayout() { }

Q_SIGNALS:
    void selectionChanged(const std::vector<engine::ShardId>& shards);
    void navigationRequested(const ui::PageTarget& target);
    // The window asks the inspector to show the sheet; nothing is paused yet.
    void pauseSheetRequested(const std::vector<engine::ShardId>& shards);
    void tuningFocusRequested();
    void freezeToggled(bool isFrozen);
    void markMade(const ui::ChartMark& mark); // shown by every page then
    void markRemoved(const ui::ChartMark& mark);
    // What saveLayout() writes must outlive a crash too: the window keeps it now.
    void keepRequested();
    void messageShown(const QString& text); // one line in the status bar, 10 s
};

// The inspector is a page without a place in the rail.
class InspectorPage : public Page {
    Q_OBJECT
public:
    using Page::Page;
    virtual void showPauseSheet(const std::vector<engine::ShardId>& shards) = 0;
    virtual void focusTuning() = 0;
    virtual void setTuningSettings(const TuningSettings& /*settings*/) { }
    // Says first what it means where the safety level or the queue asks for it.
    virtual void askResume(const std::vector<engine::ShardId>& /*shards*/) { }
    virtual void resumeAll() { } // what was paused with everything
};

} // namespace ui
