// Step 3: how fast, with which ramp, and what stops or holds it. GUI thread.
#pragma once

#include "replay/replay_draft.h"
#include "window/page.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QCheckBox;
class QDoubleSpinBox;
class QGridLayout;
class QGroupBox;
class QLabel;
class QRadioButton;
class QSpinBox;

namespace ui {

class PaceStep final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaceStep)
public:
    explicit PaceStep(const ConsoleContext& context, QWidget* parent = nullptr);

    void setDraft(const ReplayDraft& draft);
    void writeTo(ReplayDraft& draft) const;
    // What the guards look at, as it is now.
    void applySnapshot(const engine::EngineSnapshot& snapshot);

Q_SIGNALS:
    void changed();

private:
    QWidget* makePace();
    QWidget* makeGuards();
    QRadioButton* addRadio(QButtonGroup& group, const QString& text);
    void addGuard(QGridLayout& grid, const QString& text, QWidget* spin, QLabel* now);
    void setPace(const ReplayDraft& draft);
    void showEstimate(const engine::EngineSnapshot& snapshot);

    const ConsoleContext& m_context;
    ReplayDraft m_draft {};
    bool m_isFilling { false };
    std::vector<QRadioButton*> m_presets {};
    QRadioButton* m_custom { nullptr };
    QRadioButton* m_fixed { nullptr };
    QDoubleSpinBox* m_percent { nullptr };
    QDoubleSpinBox* m_rate { nullptr };
    QCheckBox* m_ramp { nullptr };
    QDoubleSpinBox* m_errorStop { nullptr };
    QDoubleSpinBox* m_throttleHold { nullptr };
    QSpinBox* m_lagHold { nullptr };
    QLabel* m_errorNow { nullptr };
    QLabel* m_throttleNow { nullptr };
    QLabel* m_lagNow { nullptr };
    QLabel* m_estimate { nullptr };
};

} // namespace ui
