// Icons are one-coloured SVG files drawn in black; the theme's colours are put in when they are
// read, so that light and dark need one file.
#include "theme/theme.h"

#include <QFile>
#include <QLoggingCategory>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace ui {

namespace {

Q_LOGGING_CATEGORY(logTheme, "ui.theme")

QPixmap drawn(const QByteArray& svg, const QColor& color, int size, double ratio)
{
    QByteArray colored = svg;
    colored.replace("#000", color.name().toLatin1());
    QSvgRenderer renderer(colored);
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, size, size));
    return pixmap;
}

} // namespace

QIcon Theme::icon(const QString& name) const
{
    QFile file(QStringLiteral(":/spillway/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(logTheme) << "no icon named" << name;
        return {};
    }
    const QByteArray svg = file.readAll();
    QIcon icon;
    for (const int size : { 16, 20, 24 }) {
        for (const double ratio : { 1.0, 2.0 }) {
            icon.addPixmap(drawn(svg, color(Token::Text), size, ratio), QIcon::Normal);
            icon.addPixmap(drawn(svg, color(Token::TextDisabled), size, ratio), QIcon::Disabled);
        }
    }
    return icon;
}

} // namespace ui
