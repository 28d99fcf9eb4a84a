#include "widgets/sheet_keys.h"

#include <QApplication>
#include <QKeyEvent>

#include <utility>

namespace ui {

SheetKeys::SheetKeys(QWidget* sheet, std::function<void()> close)
    : QObject(sheet)
    , m_sheet(sheet)
    , m_close(std::move(close))
{
    sheet->installEventFilter(this);
}

bool SheetKeys::eventFilter(QObject* watched, QEvent* event)
{
    const auto type = event->type();
    const bool isKey = type == QEvent::ShortcutOverride || type == QEvent::KeyPress;
    if (isKey && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept(); // of an override: or the window's own Esc would take it
        if (type == QEvent::KeyPress)
            m_close();
        return true;
    }
    if (type == QEvent::Show)
        m_before = QApplication::focusWidget();
    // Before Qt looks for the next control in the chain, which is one that changes something.
    const auto* focus = QApplication::focusWidget();
    if (type == QEvent::Hide && m_before != nullptr && focus != nullptr
        && m_sheet->isAncestorOf(focus))
        m_before->setFocus(Qt::OtherFocusReason);
    return QObject::eventFilter(watched, event);
}

} // namespace ui
