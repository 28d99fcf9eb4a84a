#include "usage.h"

#include "help.h"

#include <engine/time.h>

#include <QLocale>

#include <cmath>

namespace app {

ExitCode usageFault(const QString& command, const QString& problem)
{
    printError(QStringLiteral("%1: %2. See: spillway %1 --help").arg(command, problem));
    return ExitCode::Usage;
}

ExitCode finish(const Arguments& arguments, const ControlAnswer& answer, const QString& text)
{
    if (arguments.has(QStringLiteral("json")) && answer.isReachable)
        print(QString::fromUtf8(answer.body).trimmed() + u'\n');
    else if (answer.isOk())
        print(text);
    if (answer.isOk())
        return ExitCode::Done;
    printError(answer.problem);
    if (!answer.isReachable)
        return ExitCode::Unreachable;
    // 400: what the command line asked for is ill-formed, which only it can mend.
    return answer.status == 400 ? ExitCode::Usage : ExitCode::Failed;
}

std::optional<qint64> toMillis(const QString& duration)
{
    const auto parsed = engine::parseDuration(duration.toStdString());
    return parsed ? std::optional<qint64>(parsed->count()) : std::nullopt;
}

QString durationText(double seconds)
{
    if (seconds < 10 && seconds > 0)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 1);
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole <= 99)
        return QStringLiteral("%1 s").arg(whole);
    if (whole < 3'600)
        return QStringLiteral("%1m %2s").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1h %2m")
        .arg(whole / 3'600)
        .arg(whole / 60 % 60, 2, 10, QLatin1Char('0'));
}

QString countText(qint64 count) { return QLocale(QLocale::English).toString(count); }

qint64 wholeNumber(const Arguments& arguments, const QString& name, qint64 fallback,
    const WholeRange& range, QString& problem)
{
    const auto text = arguments.value(name);
    if (!text)
        return fallback;
    bool isNumber = false;
    const qint64 number = text->toLongLong(&isNumber);
    if (isNumber && number >= range.min && number <= range.max)
        return number;
    const QString upTo = range.max == WholeRange {}.max ? QStringLiteral("on")
                                                        : QStringLiteral("to %1").arg(range.max);
    problem = QStringLiteral("--%1 wants a whole number from %2 %3, not \"%4\"")
                  .arg(name)
                  .arg(range.min)
                  .arg(upTo, *text);
    return fallback;
}

} // namespace app
