// Pause, with its consequence in front. A sheet inside the inspector: not modal, so everything
// else stays usable while somebody thinks. GUI thread.
#pragma once

#include "window/page.h"

#include <engine/snapshot.h>

#include <QFrame>

#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QRadioButton;
class QTimeEdit;

namespace ui {

class CommandRunner;
class ForecastAsker;

class PauseSheet final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PauseSheet)
public:
    PauseSheet(const ConsoleContext& context, CommandRunner& runner, QWidget* parent = nullptr);

    // Opens for these targets; an empty account stands for the whole destination.
    void open(const std::vector<engine::ShardId>& targets);
    void applySnapshot(const engine::EngineSnapshot& snapshot);
    [[nodiscard]] engine::PauseCommand command() const; // as it would be sent now

Q_SIGNALS:
    // The shards that it stopped, as they were before: what a resume brings back.
    void paused(const QString& message, const std::vector<engine::ShardSnapshot>& before);
    void closed();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeMode();
    void makeEnd(class QGridLayout& grid);
    [[nodiscard]] std::optional<engine::WallTime> until() const;
    void showNames();
    void showConsequence();
    void askForecast();
    void showButtons();
    void fitConfirm();
    [[nodiscard]] std::vector<engine::ShardSnapshot> affected() const;
    void confirm();
    void closeSheet();

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    std::vector<engine::ShardId> m_targets {};
    std::vector<engine::ShardSnapshot> m_shards {};
    ForecastAsker* m_asker;
    QString m_afterwards {}; // what the engine predicts for the time after the pause
    bool m_isEverything { false };
    bool m_isPending { false };
    QLabel* m_title;
    QLabel* m_names; // of several
    QRadioButton* m_all { nullptr };
    QRadioButton* m_retriesOnly { nullptr };
    QComboBox* m_until { nullptr };
    QTimeEdit* m_time { nullptr };
    QLineEdit* m_note { nullptr };
    QLabel* m_consequence;
    QLabel* m_problem;
    QPushButton* m_cancel { nullptr };
    QPushButton* m_confirm { nullptr };
};

// What pausing everything means: destinations as a whole, so that shards that appear later are
// paused too; where some shards are paused already, only the others, so that their end and note
// stay.
[[nodiscard]] std::vector<engine::ShardId> pauseAllTargets(const engine::EngineSnapshot& snapshot);
// Would nothing run any more?
[[nodiscard]] bool coversEverything(
    const engine::EngineSnapshot& snapshot, const std::vector<engine::ShardId>& targets);

// The snapshots of these ids; a whole destination gives its merged one. Ids that are gone are left
// out.
[[nodiscard]] std::vector<engine::ShardSnapshot> snapshotsOf(
    const engine::EngineSnapshot& snapshot, const std::vector<engine::ShardId>& ids);

} // namespace ui
