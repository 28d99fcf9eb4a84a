// The dead-letter browser: filter, groups and rows, details, and what can be done with them. GUI
// thread.
#pragma once

#include "dlq/scope_bar.h"
#include "window/page.h"

#include <memory>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace ui {

class CommandRunner;
class DeadLetterExport;
class DeadLetterModel;
class DeadLetterView;
class DetailPane;
class FilterBar;
class GroupModel;
class GroupRemark;
class ListNotice;
class OrphanBar;
class PurgeBar;
class SavedFilters;
class UndoBar;

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
    void saveLayout(QSettings& settings) const override;
    void restoreLayout(QSettings& settings) override;

    [[nodiscard]] DeadLetterModel& model() { return *m_model; }
    // What an action would work on now.
    [[nodiscard]] engine::DeadLetterFilter scopeFilter() const;
    // Writes the rows of the filter; the page shows progress and offers Cancel.
    void exportTo(const QString& file);

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeTop();
    QWidget* makeLists();
    QWidget* makeBanner();
    QWidget* makeExportBar();
    bool runKey(const QKeyEvent& key);
    [[nodiscard]] static bool isOwnKey(const QKeyEvent& key);
    void load();
    void loadGroups();
    void setGroupsMode(bool isGroups);
    void showStatus();
    void showCounts();
    void showCountText();
    void showBanner();
    void showSelection();
    void showGroup(const QString& fingerprint);
    [[nodiscard]] std::optional<std::int64_t> expectedCount() const;
    [[nodiscard]] std::int64_t addedTotal() const;
    [[nodiscard]] bool isArchiveShown() const;
    void replayScope();
    void archiveScope();
    void runArchive(const engine::ReplayPreview& frozen, bool isRestore);
    void offerUndo(const engine::ReplayPreview& frozen, bool wasRestore, const QString& text);
    void chooseExport();
    void askPurge();
    void purge(engine::SelectionId selection, const QString& reason);

    ConsoleContext m_context;
    CommandRunner* m_runner;
    DeadLetterModel* m_model;
    GroupModel* m_groups;
    engine::SnapshotPtr m_snapshot;
    bool m_isLoaded { false }; // the first list is asked for when the page is first shown
    std::int64_t m_addedAtLoad { 0 };
    engine::WallTime m_loadedAt {};
    std::uint64_t m_groupsAsked { 0 };
    bool m_areGroupsCurrent { false };
    std::unique_ptr<DeadLetterExport> m_export {};

    FilterBar* m_filter { nullptr };
    QPushButton* m_modeGroups { nullptr };
    QPushButton* m_modeRows { nullptr };
    QPushButton* m_order { nullptr };
    QSplitter* m_splitter { nullptr };
    QStackedWidget* m_stack { nullptr };
    DeadLetterView* m_rows { nullptr };
    QTableView* m_groupTable { nullptr };
    ListNotice* m_notice { nullptr };
    ListNotice* m_groupNotice { nullptr };
    QWidget* m_banner { nullptr };
    QLabel* m_bannerText { nullptr };
    QWidget* m_exportBar { nullptr };
    QLabel* m_exportText { nullptr };
    QProgressBar* m_exportProgress { nullptr };
    QPushButton* m_exportCancel { nullptr };
    DetailPane* m_detail { nullptr };
    ScopeBar* m_scope { nullptr };
    SavedFilters* m_saved { nullptr };
    GroupRemark* m_remark { nullptr };
    OrphanBar* m_orphans { nullptr };
    PurgeBar* m_purge { nullptr };
    QPushButton* m_askPurge { nullptr };
    UndoBar* m_undo { nullptr };
};

} // namespace ui
