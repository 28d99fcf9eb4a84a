// What every sheet inside a page has in common: Esc closes it although the window has a use for
// that key too, and the focus goes back to where it was when the sheet opened. GUI thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>

#include <functional>

namespace ui {

class SheetKeys final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SheetKeys)
public:
    // Becomes a child of the sheet; `close` hides it.
    SheetKeys(QWidget* sheet, std::function<void()> close);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* m_sheet;
    std::function<void()> m_close;
    QPointer<QWidget> m_before; // had the focus when the sheet opened
};

} // namespace ui
