// One line across a page that says how what is below it must be read: frozen, or old. A shape and
// words, no colour of a status. GUI thread only.
#pragma once

#include <QLabel>

namespace ui {

class Theme;

class Stripe final : public QLabel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Stripe)
public:
    // `icon`: a name of Theme::icon(). Hidden until it is shown.
    Stripe(const Theme& theme, const QString& name, const QString& icon, QWidget* parent);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QString m_icon;
};

} // namespace ui
