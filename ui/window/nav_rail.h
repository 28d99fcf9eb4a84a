// The list of pages at the left: icons alone when the window is narrow, then text below them, then
// beside them. GUI thread only.
#pragma once

#include "window/page.h"

#include <QListWidget>

#include <vector>

namespace ui {

class Theme;

class NavRail final : public QListWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NavRail)
public:
    explicit NavRail(Theme& theme, QWidget* parent = nullptr);

    void addPage(PageId id, const QString& title, const QString& icon);
    void setCurrentPage(PageId id);
    void fitTo(int windowWidth);
    [[nodiscard]] std::vector<PageId> pages() const;

    [[nodiscard]] bool isKeyboardUsed() const { return m_isKeyboardUsed; }

Q_SIGNALS:
    void pageChosen(ui::PageId id);

protected:
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    enum class Form { Icons, TextBelow, TextBeside };
    void apply();
    [[nodiscard]] int widthBelow() const;

    Theme& m_theme;
    Form m_form { Form::TextBelow };
    bool m_isKeyboardUsed { false };
};

} // namespace ui
