// Three controls that stage, a prediction by the engine's own pacing, and one Apply. GUI thread.
#pragma once

#include "guards/guard_rules.h"
#include "inspector/tuning.h"
#include "settings/console_settings.h"
#include "window/page.h"

#include <engine/snapshot.h>

#include <QTimer>
#include <QWidget>

#include <array>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

class CommandRunner;
class ForecastAsker;
class TrialBar;
class TuningRow;
class UndoBar;

// Moving a control sends nothing; Apply sends exactly one command for all shards shown. What is
// staged survives new samples and is dropped when the selection changes. Where the settings say so,
// a slider that is dragged applies as it goes, unless a reason or a warning stands before that.
class TuningPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TuningPanel)
public:
    TuningPanel(const ConsoleContext& context, CommandRunner& runner, UndoBar& undo,
        QWidget* parent = nullptr);

    void setShards(std::vector<engine::ShardSnapshot> shards); // of the newest sample
    [[nodiscard]] const StagedTuning& staged() const { return m_staged; }
    void focusFirst();
    void setDragging(TuningSettings::Dragging applies);

public Q_SLOTS:
    void apply();
    void revert(); // drops what is staged
    void revertToConfigured(); // drops the live overrides

Q_SIGNALS:
    void stagedChanged();
    void applied(); // the engine took a change

private:
    void makeRow(std::size_t index, Control control, const QString& name);
    QWidget* makePrediction();
    QWidget* makeFooter();
    void connectButtons();
    void stage(Control control, double value);
    void showAll();
    void askForecast();
    void showForecast(const engine::Forecast& forecast);
    void showNoForecast(const QString& why);
    void showGuard();
    void showButtons();
    void dropTyped();
    void showResult(const QString& text, bool isGood);
    [[nodiscard]] std::optional<engine::Seconds> keepFor() const;
    [[nodiscard]] engine::Command makeCommand(const engine::TuneCommand& command) const;
    void endTrial(engine::TrialCommand::Action action);
    [[nodiscard]] bool isDragged() const; // any slider
    [[nodiscard]] bool isDragApplied() const;
    void applyDragged(); // a quarter of a second has passed
    // `before`: what an undo brings back; nothing: there is none.
    void send(engine::Command command, std::optional<std::vector<engine::ShardSnapshot>> before);
    void finish(const engine::CommandResult& result, const StagedTuning& sent);
    void offerUndo(const std::vector<engine::ShardSnapshot>& before, const QString& text);

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    UndoBar& m_undo;
    ForecastAsker* m_asker;
    std::vector<engine::ShardSnapshot> m_shards {};
    StagedTuning m_staged {};
    Guard m_guard {}; // of what is staged
    std::optional<engine::SteadyTime> m_askedAt {};
    TuningSettings::Dragging m_dragging { TuningSettings::Dragging::Never }; // until it is set
    QTimer m_dragTimer {};
    std::vector<engine::ShardSnapshot> m_dragFrom {}; // as they were when the slider was taken
    StagedTuning m_dragSent {};
    bool m_isPending { false };
    bool m_isKeepForChosen { false };
    std::array<TuningRow*, 3> m_rows {};
    TrialBar* m_trial;
    QLabel* m_header { nullptr };
    QLabel* m_predicted { nullptr };
    QLabel* m_drain { nullptr };
    QLabel* m_assumes { nullptr };
    QLabel* m_warning { nullptr };
    QLabel* m_result { nullptr };
    QComboBox* m_keepFor { nullptr };
    QLineEdit* m_reason { nullptr };
    QPushButton* m_apply { nullptr };
    QPushButton* m_revert { nullptr };
    QPushButton* m_revertConfigured { nullptr };
};

} // namespace ui
