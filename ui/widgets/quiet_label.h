// A line of text that changes every second. Unlike a QLabel it keeps the size it was given room
// for: a QLabel tells its layout about every new text, and that goes up to the window and back down
// through everything in it. GUI thread only.
#pragma once

#include <QWidget>

namespace ui {

class QuietLabel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QuietLabel)
public:
    explicit QuietLabel(QWidget* parent = nullptr);

    void setText(const QString& text); // plain, one line; cut off at its end where room is short
    [[nodiscard]] const QString& text() const { return m_text; }
    void setAlignment(Qt::Alignment alignment) { m_alignment = alignment; }
    // As wide as this text in the present font: the widest that is to be expected.
    void setRoomFor(const QString& text);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return { 1, sizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    QString m_sample;
    Qt::Alignment m_alignment { Qt::AlignLeft | Qt::AlignVCenter };
};

} // namespace ui
