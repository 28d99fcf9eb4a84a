// One control of the tuning panel: an exact field, a slider with its marks, and what the marks
// mean. GUI thread.
#pragma once

#include "inspector/tuning.h"

#include <QWidget>

#include <vector>

class QDoubleSpinBox;
class QLabel;

namespace ui {

class MarkerSlider;
class Theme;

// Shows what it is given; a hand on it tells by staged(), and nothing else happens.
class TuningRow final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TuningRow)
public:
    TuningRow(Theme& theme, Control control, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] Control control() const { return m_control; }
    void show(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged);
    void setAllowed(bool isAllowed, const QString& whyNot);
    void focusField();
    // Digits that stand in the field and are not staged yet: samples leave them alone.
    [[nodiscard]] bool isTyped() const { return m_isTyped; }
    void takeTyped(); // stages them
    void dropTyped(); // the next show() writes over them

    [[nodiscard]] bool isDragged() const; // the slider is held

Q_SIGNALS:
    void staged(double value);
    void dragStarted();
    void dragEnded();
    void typed(); // isTyped() has changed

private:
    void build(Theme& theme, const QString& name);
    void setTyped(bool isTyped);
    void showRange(
        const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged) const;
    void showMarks(const std::vector<engine::ShardSnapshot>& shards, const StagedTuning& staged);
    [[nodiscard]] QString info(const std::vector<engine::ShardSnapshot>& shards,
        const StagedTuning& staged, double shown) const;

    Control m_control;
    int m_scale; // slider steps per unit
    QLabel* m_label;
    QDoubleSpinBox* m_spin;
    MarkerSlider* m_slider;
    QLabel* m_info;
    bool m_isTyped { false };
};

} // namespace ui
