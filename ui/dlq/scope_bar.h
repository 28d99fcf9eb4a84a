// Which dead letters an action means, and the actions. The number is always on the button. GUI
// thread.
#pragma once

#include "guards/guard_rules.h"

#include <QWidget>

#include <cstdint>
#include <optional>

class QPushButton;
class QRadioButton;
class QLabel;

namespace ui {

class ScopeBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScopeBar)
public:
    enum class Scope { Selected, Group, All };

    struct Counts {
        std::int64_t selected { 0 };
        bool areAllSelectedRead { true }; // false: some selected rows were never read
        std::optional<std::int64_t> group {}; // nothing: no group is chosen
        std::int64_t all { 0 };
        bool isAllExact { true }; // false: at least so many
        bool isArchive { false }; // the list shows archived entries: Restore instead of Archive
    };

    explicit ScopeBar(QWidget* parent = nullptr);

    void setCounts(const Counts& counts);
    void setScope(Scope scope);
    void setGuard(const Guard& guard); // writing is off where the safety level allows none
    void setPending(const QString& text); // empty: nothing is under way
    [[nodiscard]] Scope scope() const;

Q_SIGNALS:
    void replayRequested();
    void archiveRequested();
    void exportRequested();
    void scopeChanged();

private:
    void showButtons();
    [[nodiscard]] QString countText() const;

    Counts m_counts {};
    bool m_isPending { false };
    Guard m_guard {};
    QRadioButton* m_selected;
    QRadioButton* m_group;
    QRadioButton* m_all;
    QLabel* m_problem;
    QPushButton* m_replay;
    QPushButton* m_archive;
    QPushButton* m_export;
};

} // namespace ui
