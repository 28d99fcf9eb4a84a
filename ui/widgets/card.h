// A surface with round corners that holds a part of a page together. GUI thread only.
#pragma once

#include <QWidget>

class QPainter;

namespace ui {

class Theme;

inline constexpr int kCardRadius = 5;

// The ground of a card, with the ring of the focus where it has it.
void paintCard(QPainter& painter, const Theme& theme, const QRect& rect, bool isFocused = false);

class Card final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Card)
public:
    explicit Card(const Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace ui
