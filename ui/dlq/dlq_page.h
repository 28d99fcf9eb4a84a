// The dead-letter browser: filter, groups and rows, details, and what can be done with them. GUI
// thread.
#pragma once

#include "dlq/scope_bar.h"
#include "window/page.h"

#include <optional>

class QPushButton;
class QSplitter;

namespace ui {

class CommandRunner;
class DeadLetterModel;
class DeadLetterView;
class DetailPane;
class ExportBar;
class FilterBar;
class GroupList;
class NewBanner;
class OrphanBar;
class PurgeBar;
class RowList;
class SavedFilters;
class ScopeActions;
class UndoBar;

// Groups above, their entries below: a group that is chosen narrows the entries to its own. In the
// mode Rows there are only the entries.
class DlqPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DlqPage)
public:
    explicit DlqPage(const ConsoleContext& context, QWidget* parent = nullptr);
    ~DlqPage() override;

    [[nodiscard]] QString title() const override;
    void applySnapshot(const engine::SnapshotPtr& snapshot) override;
    void open(const PageTarget& target) override;
    void clearTransient() override;
    void exportShown() override;
    [[nodiscard]] bool canRun(PageCommand command) const override;
    void run(PageCommand command) override;
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;
    void resetLayout() override;

    [[nodiscard]] DeadLetterModel& model() { return *m_model; }
    // What an action would work on now.
    [[nodiscard]] engine::DeadLetterFilter scopeFilter() const;
    // Writes the rows of the scope; the page shows progress and offers Cancel.
    void exportTo(const QString& file);

protected:
    void showEvent(QShowEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    QWidget* makeTop();
    void makeLists();
    void wire();
    [[nodiscard]] engine::DeadLetterFilter asLoaded(engine::DeadLetterFilter filter) const;
    void load();
    void loadRows();
    void setGroupsMode(bool isGroups);
    void showCounts();
    void showCountText();
    void showBanner();
    void showGuards();
    void showSelection();
    void openGroup();
    [[nodiscard]] const engine::DeadLetterGroup* group() const; // that narrows the rows
    [[nodiscard]] engine::DeadLetterFilter rowsFilter() const;
    [[nodiscard]] std::optional<std::int64_t> expectedCount() const;
    [[nodiscard]] std::int64_t addedTotal() const;
    [[nodiscard]] bool isArchiveShown() const;
    void replayScope();
    void archiveScope();
    void archiveByKey();
    void chooseExport();
    void showRowMenu(const QPoint& position);
    void showGroupMenu(const QPoint& position);

    ConsoleContext m_context;
    CommandRunner* m_runner;
    engine::SnapshotPtr m_snapshot;
    bool m_isLoaded { false }; // the first list is asked for when the page is first shown
    bool m_isGroups { false };
    bool m_areGroupsCurrent { false };
    std::int64_t m_addedAtLoad { 0 };
    engine::WallTime m_loadedAt {};

    FilterBar* m_filter { nullptr };
    QPushButton* m_modeGroups { nullptr };
    QPushButton* m_modeRows { nullptr };
    QPushButton* m_order { nullptr };
    QSplitter* m_splitter { nullptr };
    QSplitter* m_lists { nullptr };
    GroupList* m_groups { nullptr };
    RowList* m_list { nullptr };
    DeadLetterView* m_rows { nullptr }; // of the list
    DeadLetterModel* m_model { nullptr }; // of the list
    NewBanner* m_banner { nullptr };
    ExportBar* m_export { nullptr };
    DetailPane* m_detail { nullptr };
    ScopeBar* m_scope { nullptr };
    SavedFilters* m_saved { nullptr };
    OrphanBar* m_orphans { nullptr };
    PurgeBar* m_purge { nullptr };
    QPushButton* m_askPurge { nullptr };
    UndoBar* m_undo { nullptr };
    ScopeActions* m_actions { nullptr };
};

} // namespace ui
