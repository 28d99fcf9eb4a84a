#include "commands.h"
#include "help.h"
#include "log_lines.h"

#include <QCoreApplication>
#include <QLoggingCategory>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <functional>

namespace {

struct Command {
    const char* name;
    app::ExitCode (*run)(const QStringList&);
};

constexpr std::array<Command, 16> kCommands { {
    { "serve", app::runServe },
    { "simulate", app::runSimulate },
    { "check", app::runCheck },
    { "secret", app::runSecret },
    { "status", app::runStatus },
    { "pause", app::runPause },
    { "resume", app::runResume },
    { "tune", app::runTune },
    { "sale", app::runSale },
    { "reload", app::runReload },
    { "overrides", app::runOverrides },
    { "audit", app::runAudit },
    { "thresholds", app::runThresholds },
    { "dlq", app::runDlq },
    { "events", app::runEvents },
    { "replay", app::runReplay },
} };

bool asksForHelp(const QString& word) { return word == u"--help" || word == u"-h"; }

int runCommand(int argc, char** argv, const Command& command)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments().mid(2);
    if (std::any_of(words.begin(), words.end(), asksForHelp)) {
        app::print(app::helpText(QString::fromLatin1(command.name)));
        return 0;
    }
    const app::ExitCode code = command.run(words);
    // A script that keeps what is printed must not take half of it for all.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return static_cast<int>(code);
    app::printError(QStringLiteral("the output could not be written whole"));
    return static_cast<int>(app::ExitCode::Failed);
}

} // namespace

int main(int argc, char** argv)
{
    app::writeLogInLines(); // never payloads or secrets
    std::signal(
        SIGPIPE, SIG_IGN); // a peer that went away is an error value, not the end of the program
    QCoreApplication::setApplicationName(QStringLiteral("spillway"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SPILLWAY_VERSION));
    const QString first = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    if (asksForHelp(first) || first == u"help") {
        app::print(app::helpText(QStringLiteral("spillway")));
        return 0;
    }
    if (first == u"--version") {
        app::print(QStringLiteral("spillway %1\n").arg(QStringLiteral(SPILLWAY_VERSION)));
        return 0;
    }
    for (const Command& command : kCommands) {
        if (first == QLatin1String(command.name))
            return runCommand(argc, argv, command);
    }
    if (argc > 1 && !first.startsWith(u'-')) {
        app::printError(
            QStringLiteral("there is no command \"%1\". See: spillway --help").arg(first));
        return static_cast<int>(app::ExitCode::Usage);
    }
    return static_cast<int>(app::runConsole(argc, argv));
}
