// The slider of the tuning panel: one axis that shows what is configured, what the platform allows,
// what is in force now and what is staged. GUI thread.
#pragma once

#include <QAbstractSlider>

#include <optional>

namespace ui {

class Theme;

// Values are whole numbers; `scale` says how many make one unit on the axis labels (1 for
// concurrency and batch, 1,000 for a rate in thousandths of a request per second). The axis is
// logarithmic when its maximum lies above 64 units: 1 to 10,000 on a linear one would leave no room
// for the values that people use.
//
// Marks: filled triangle under the axis = configured; bar across it = ceiling; dot = now; thumb =
// staged or set value. Moving it stages only: whoever owns it listens to valueChanged().
// Keys: arrows ±1 step, Page Up/Down ±10 % (at least one step), Home, End.
class MarkerSlider final : public QAbstractSlider {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MarkerSlider)
public:
    struct Marks {
        std::optional<int> configured {};
        std::optional<int> ceiling {};
        std::optional<int> now {};
        QString ceilingSource {}; // for the tooltip
        bool isStaged { false }; // the thumb is drawn solid instead of hollow
        bool isMixed { false }; // several shards that differ: no thumb until something is staged
        friend bool operator==(const Marks&, const Marks&) = default;
    };

    explicit MarkerSlider(const Theme& theme, QWidget* parent = nullptr);

    void setMarks(const Marks& marks);
    [[nodiscard]] const Marks& marks() const { return m_marks; }
    void setScale(int scale);
    // "24" or "0.167": how a value reads on the axis and in the tooltip.
    [[nodiscard]] QString valueText(int value) const;

    [[nodiscard]] bool isLogarithmic() const;
    [[nodiscard]] double positionOf(int value) const; // x in pixels
    [[nodiscard]] int valueAt(double x) const; // clamped to the range
    // Above this many units the axis is logarithmic.
    static constexpr int kLinearMax = 64;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int axisY() const;
    void paintAxis(QPainter& painter) const;
    void paintTicks(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintThumb(QPainter& painter) const;
    void moveTo(int value);
    [[nodiscard]] QString toolTipAt(const QPoint& position) const;

    const Theme& m_theme;
    Marks m_marks {};
    int m_scale { 1 };
};

} // namespace ui
