// Three controls that stage, a prediction, and one Apply. GUI thread.
#pragma once

#include "inspector/tuning.h"
#include "window/page.h"

#include <engine/snapshot.h>

#include <QAbstractSpinBox>
#include <QWidget>

#include <array>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace ui {

class CommandRunner;
class MarkerSlider;
class UndoBar;

// Moving a control sends nothing; Apply sends exactly one command for all shards shown. What is
// staged survives new samples and is dropped when the selection changes.
class TuningPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TuningPanel)
public:
    TuningPanel(const ConsoleContext& context, CommandRunner& runner, UndoBar& undo,
        QWidget* parent = nullptr);

    void setShards(std::vector<engine::ShardSnapshot> shards); // of the newest sample
    [[nodiscard]] const StagedTuning& staged() const { return m_staged; }
    void focusFirst();

public Q_SLOTS:
    void apply();
    void revert(); // drops what is staged
    void revertToConfigured(); // drops the live overrides

Q_SIGNALS:
    void stagedChanged();
    void applied(); // the engine took a change

private:
    struct Row {
        Control control { Control::Concurrency };
        QLabel* label { nullptr };
        QDoubleSpinBox* spin { nullptr };
        MarkerSlider* slider { nullptr };
        QLabel* info { nullptr };
        int scale { 1 };
    };
    Row makeRow(Control control, const QString& name);
    QWidget* makeFooter();
    void stage(const Row& row, double value);
    void showRow(const Row& row);
    void showRange(const Row& row) const;
    [[nodiscard]] QString rowInfo(const Row& row, double shown) const;
    [[nodiscard]] std::optional<double> stagedOf(Control control) const;
    void showEffect();
    void showButtons();
    void showResult(const QString& text, bool isGood);
    [[nodiscard]] std::optional<engine::Seconds> keepFor() const;
    void send(const engine::TuneCommand& command, const QString& reason, bool isUndoable);
    void finish(const engine::CommandResult& result, const StagedTuning& sent);
    void offerUndo(const std::vector<engine::ShardSnapshot>& before, const QString& text);

    const ConsoleContext& m_context;
    CommandRunner& m_runner;
    UndoBar& m_undo;
    std::vector<engine::ShardSnapshot> m_shards {};
    StagedTuning m_staged {};
    bool m_isPending { false };
    bool m_isKeepForChosen { false };
    std::array<Row, 3> m_rows {};
    QLabel* m_header { nullptr };
    QLabel* m_predicted { nullptr };
    QLabel* m_drain { nullptr };
    QLabel* m_warning { nullptr };
    QLabel* m_result { nullptr };
    QComboBox* m_keepFor { nullptr };
    QPushButton* m_apply { nullptr };
    QPushButton* m_revert { nullptr };
    QPushButton* m_revertConfigured { nullptr };
};

} // namespace ui
