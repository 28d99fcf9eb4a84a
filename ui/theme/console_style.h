// Fusion with flat controls, a 2 px focus ring in the accent colour and quiet table headers. A
// style rather than a style sheet: sheets cost on every repaint and take the focus ring away.
#pragma once

#include <QProxyStyle>

class QPainter;
class QStyleOptionComboBox;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;

namespace ui {

class Theme;

// Set on a button to true: what the form around it is for. At most one in sight.
inline constexpr const char* kPrimaryButton = "isPrimaryButton";

class ConsoleStyle final : public QProxyStyle {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConsoleStyle)
public:
    explicit ConsoleStyle(const Theme& theme); // the theme outlives the application's style

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
        const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
        QPainter* painter, const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
        const QWidget* widget) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
        const QWidget* widget) const override;
    QIcon standardIcon(
        StandardPixmap standard, const QStyleOption* option, const QWidget* widget) const override;
    int pixelMetric(
        PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
        QStyleHintReturn* returnData) const override;

private:
    struct ButtonLook {
        bool isAutoRaised { false };
        bool isPrimary { false };
    };
    void drawButton(const QStyleOption* option, QPainter* painter, const ButtonLook& look) const;
    bool drawFieldFrame(const QStyleOption* option, QPainter* painter, const QWidget* widget) const;
    void drawInput(const QStyleOption* option, QPainter* painter) const;
    // The box of a check box (`isRound` false) or of a radio button.
    void drawIndicator(const QStyleOption* option, QPainter* painter, bool isRound) const;
    void drawEditableCombo(
        const QStyleOptionComboBox& combo, QPainter* painter, const QWidget* widget) const;
    void drawSpinBox(
        const QStyleOptionSpinBox& box, QPainter* painter, const QWidget* widget) const;
    void drawScrollBar(const QStyleOptionSlider& bar, QPainter* painter) const;
    void drawTab(const QStyleOptionTab& tab, QPainter* painter) const;
    void drawDockTitle(const QStyleOption* option, QPainter* painter) const;
    void drawHeaderSection(const QStyleOption* option, QPainter* painter) const;

    const Theme& m_theme;
};

} // namespace ui
