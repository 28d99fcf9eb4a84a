#include "running.h"

#include "help.h"
#include "usage.h"

#include <QCoreApplication>
#include <QTimer>

namespace app {

ExitCode startFault(const engine::Error& error)
{
    for (const QString& line :
        QString::fromStdString(error.detail).split(u'\n', Qt::SkipEmptyParts))
        printError(line);
    printError(QString::fromStdString(error.message));
    return error.code == engine::ErrorCode::BadRequest ? ExitCode::Usage : ExitCode::Failed;
}

void quitAfter(const Arguments& arguments, QString& problem)
{
    const auto text = arguments.value(QStringLiteral("for"));
    if (!text)
        return;
    const auto duration = toMillis(*text);
    if (duration && *duration <= kLongestMs)
        QTimer::singleShot(std::chrono::milliseconds { *duration }, qApp, &QCoreApplication::quit);
    else
        problem = QStringLiteral("--for wants a duration such as 60s, 20 days at most, not \"%1\"")
                      .arg(*text);
}

} // namespace app
