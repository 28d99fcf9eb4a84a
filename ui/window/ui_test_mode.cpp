#include "window/ui_test_mode.h"

#include "format/format.h"
#include "overview/overview_page.h"
#include "window/main_window.h"

#include <QApplication>
#include <QLocale>
#include <QPixmap>
#include <QTimer>

#include <algorithm>
#include <array>
#include <memory>

namespace ui {

namespace {

using engine::ErrorCode;

constexpr std::array kPages { std::pair { "overview", PageId::Overview },
    std::pair { "shard", PageId::Shard }, std::pair { "dlq", PageId::Dlq },
    std::pair { "replay", PageId::Replay }, std::pair { "import", PageId::Import },
    std::pair { "events", PageId::Events }, std::pair { "readiness", PageId::Readiness },
    std::pair { "drill", PageId::Drill }, std::pair { "audit", PageId::Audit } };

std::optional<QSize> sizeOf(const QString& text)
{
    const auto parts = text.split(u'x');
    bool isWidth = false;
    bool isHeight = false;
    if (parts.size() != 2)
        return std::nullopt;
    const QSize size(parts[0].toInt(&isWidth), parts[1].toInt(&isHeight));
    const bool isSane = isWidth && isHeight && size.width() >= 640 && size.height() >= 480
        && size.width() <= 8'192 && size.height() <= 8'192;
    return isSane ? std::optional(size) : std::nullopt;
}

// Puts one value where it belongs; false when it is not understood.
bool take(UiTestMode& mode, const QString& name, const QString& value)
{
    bool isNumber = false;
    const qlonglong number = value.toLongLong(&isNumber);
    if (name == u"--scenario")
        mode.scenario = value.toStdString();
    else if (name == u"--filter")
        mode.filter = value;
    else if (name == u"--select")
        mode.select = value;
    else if (name == u"--screenshot")
        mode.screenshot = value;
    else if (name == u"--language")
        mode.language = value;
    else if (name == u"--profile")
        mode.profileKind = value.toStdString();
    else if (name == u"--theme" && (value == u"light" || value == u"dark"))
        mode.theme = value == u"dark" ? ThemeMode::Dark : ThemeMode::Light;
    else if (name == u"--size" && sizeOf(value))
        mode.size = *sizeOf(value);
    else if (name == u"--at" && isNumber && number >= 0)
        mode.at = engine::Seconds { number };
    else if (name == u"--seed" && isNumber && number >= 0)
        mode.seed = static_cast<std::uint32_t>(number);
    else if (name == u"--shards" && isNumber && number >= 0 && number <= 1'000)
        mode.shards = static_cast<int>(number);
    else if (name == u"--dead-letters" && isNumber && number >= 0 && number <= 1'000'000)
        mode.deadLetters = number;
    else if (name == u"--page") {
        const auto found = std::find_if(kPages.begin(), kPages.end(),
            [&](const auto& known) { return value == QLatin1String(known.first); });
        if (found == kPages.end())
            return false;
        mode.page = found->second;
    } else {
        return false;
    }
    return true;
}

} // namespace

engine::Result<UiTestMode> UiTestMode::parse(const QStringList& arguments)
{
    UiTestMode mode;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& name = arguments.at(i);
        if (name == u"--ui-test") {
            mode.isOn = true;
            continue;
        }
        if (i + 1 == arguments.size() || !name.startsWith(u"--"))
            return engine::fail(ErrorCode::BadRequest, "unknown argument " + name.toStdString());
        const QString& value = arguments.at(++i);
        if (!take(mode, name, value))
            return engine::fail(ErrorCode::BadRequest,
                "cannot use " + name.toStdString() + " " + value.toStdString());
    }
    return mode;
}

void UiTestMode::prepare() const
{
    QFont font(QStringLiteral("DejaVu Sans"));
    font.setPointSizeF(9);
    QApplication::setFont(font);
    QLocale::setDefault(
        language == u"en" ? QLocale(QLocale::English, QLocale::UnitedStates) : QLocale(language));
}

void UiTestMode::apply(MainWindow& window) const
{
    window.resize(size);
    window.showPage(page);
    if (!filter.isEmpty())
        window.overview().setFilterText(filter);
    if (!select.isEmpty())
        window.setSelection({ engine::parseShardId(select.toStdString()) });
    if (screenshot.isEmpty())
        return;
    // Replies of the engine come through the event loop: three empty turns bring the history, the
    // layout that follows from it, and the drawing.
    auto* turns = new QTimer(&window);
    auto left = std::make_shared<int>(3);
    QObject::connect(turns, &QTimer::timeout, &window, [&window, left, turns, this] {
        if (--*left > 0)
            return;
        turns->stop();
        window.flush();
        const bool isSaved = window.grab().save(screenshot);
        if (!isSaved)
            qCritical("The picture cannot be written to %s.", qPrintable(screenshot));
        QCoreApplication::exit(isSaved ? 0 : 1);
    });
    turns->start(0);
}

} // namespace ui
