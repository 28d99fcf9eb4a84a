// Dead letters by cause: the table, what is said of a group, and joining and splitting. GUI thread.
#pragma once

#include "guards/guard_rules.h"
#include "window/page.h"

#include <QWidget>

#include <vector>

class QPushButton;
class QTableView;

namespace ui {

class ColumnChooser;
class CommandRunner;
class GroupModel;
class GroupRemark;
class ListNotice;

class GroupList final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(GroupList)
public:
    GroupList(const ConsoleContext& context, CommandRunner& runner, QWidget* parent = nullptr);

    // Asks for the groups of this filter; `isFiltered` says which of two empty lists it is.
    void load(const engine::DeadLetterFilter& filter, bool isFiltered);
    void setGuard(const Guard& guard);
    // The one that is chosen; null for none and for several.
    [[nodiscard]] const engine::DeadLetterGroup* current() const;
    [[nodiscard]] std::int64_t total() const; // entries of all
    [[nodiscard]] ColumnChooser& columns() { return *m_columns; }
    [[nodiscard]] QTableView& table() { return *m_table; }
    [[nodiscard]] GroupModel& model() { return *m_model; }
    void clearChoice();

Q_SIGNALS:
    void loaded();
    void chosen(); // another one is current, or none
    void opened(); // Enter or double click
    void clearFilterRequested();
    void statusSaid();
    void shapeRequested(const engine::GroupShapeCommand& command,
        const engine::GroupShapeCommand& back, const QString& done);

private:
    QWidget* makeTools(CommandRunner& runner);
    void prepareTable();
    [[nodiscard]] std::vector<const engine::DeadLetterGroup*> selected() const;
    void showTools();
    void merge();
    void split();

    ConsoleContext m_context;
    GroupModel* m_model;
    QTableView* m_table;
    ColumnChooser* m_columns { nullptr }; // of the table
    ListNotice* m_notice;
    GroupRemark* m_remark { nullptr };
    QPushButton* m_merge { nullptr };
    QPushButton* m_split { nullptr };
    engine::DeadLetterFilter m_filter {};
    bool m_isFiltered { false };
    bool m_isSettling { false }; // rows are replaced: what is chosen is put back
    Guard m_guard {};
    std::uint64_t m_asked { 0 };
};

} // namespace ui
