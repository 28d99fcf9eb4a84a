// serve: without a window.
#include "commands.h"
#include "engine_table.h"
#include "help.h"
#include "running.h"
#include "signals_to_quit.h"
#include "usage.h"

#include <engine/engine.h>

#include <QCoreApplication>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <memory>

namespace app {
namespace {

void printReady(const engine::EngineSnapshot& snapshot, bool isJson)
{
    const QString ingress = QString::fromStdString(snapshot.ingressUrl);
    const QString control = QString::fromStdString(snapshot.controlUrl);
    if (isJson) {
        const QJsonObject ready { { QStringLiteral("ingress"), ingress },
            { QStringLiteral("control"), control },
            { QStringLiteral("pid"), QCoreApplication::applicationPid() } };
        print(QString::fromUtf8(QJsonDocument(ready).toJson(QJsonDocument::Compact)) + u'\n');
        return;
    }
    print(
        QStringLiteral("Spillway is ready.\n  events   %1\n  control  %2\n").arg(ingress, control));
}

// Where the simulator keeps its events when nobody said: a folder that goes when the program ends.
std::unique_ptr<QTemporaryDir> temporaryFolder()
{
    return std::make_unique<QTemporaryDir>(
        QDir::tempPath() + QStringLiteral("/spillway-simulator-XXXXXX"));
}

QStringList storyNames()
{
    QStringList names;
    for (const std::string& story : engine::Engine::stories())
        names.push_back(QString::fromStdString(story));
    return names;
}

bool isStory(const std::string& name)
{
    return storyNames().contains(QString::fromStdString(name));
}

} // namespace

ExitCode runServe(const QStringList& words)
{
    const QString name = QStringLiteral("serve");
    const Arguments arguments(words,
        { { QStringLiteral("config") }, { QStringLiteral("data") },
            { QStringLiteral("simulator"), false }, { QStringLiteral("scenario") },
            { QStringLiteral("for") }, { QStringLiteral("table"), false },
            { QStringLiteral("drain") }, { QStringLiteral("json"), false } },
        0);
    if (!arguments.problem().isEmpty())
        return usageFault(name, arguments.problem());
    const bool isSimulator = arguments.has(QStringLiteral("simulator"));
    const auto config = arguments.value(QStringLiteral("config"));
    const auto data = arguments.value(QStringLiteral("data"));
    for (const QString& option : { QStringLiteral("config"), QStringLiteral("data") }) {
        if (arguments.value(option).value_or(option).isEmpty())
            return usageFault(name, QStringLiteral("--%1 names nothing").arg(option));
    }
    if (isSimulator == config.has_value())
        return usageFault(name, QStringLiteral("give --config FILE, or --simulator"));
    if (!isSimulator && !data)
        return usageFault(name, QStringLiteral("--data DIR is missing: where events are kept"));
    engine::EngineOptions options;
    options.configPath = config.value_or(QString()).toStdString();
    const std::unique_ptr<QTemporaryDir> temporary = data ? nullptr : temporaryFolder();
    options.dataDirectory = (data ? *data : temporary->path()).toStdString();
    if (const auto story = arguments.value(QStringLiteral("scenario"))) {
        options.simulation.story = story->toStdString();
        if (!isStory(options.simulation.story))
            return usageFault(name,
                QStringLiteral("there is no scenario \"%1\"; there are: %2")
                    .arg(*story, storyNames().join(QStringLiteral(", "))));
    }
    if (const auto drain = arguments.value(QStringLiteral("drain"))) {
        const auto duration = toMillis(*drain);
        if (!duration || *duration > kLongestMs)
            return usageFault(name,
                QStringLiteral("--drain wants a duration such as 10s, 20 days at most, not \"%1\"")
                    .arg(*drain));
        options.drain = engine::Millis { *duration };
    }
    QString problem;
    quitAfter(arguments, problem);
    if (!problem.isEmpty())
        return usageFault(name, problem);

    const SignalsToQuit signalsToQuit;
    engine::Engine engine(options);
    if (const auto started = engine.start(); !started)
        return startFault(started.error());
    printReady(*engine.snapshot(), arguments.has(QStringLiteral("json")));
    QTimer table;
    if (arguments.has(QStringLiteral("table"))
        || (isSimulator && !arguments.has(QStringLiteral("json")))) {
        QObject::connect(&table, &QTimer::timeout, &engine,
            [&engine] { print(engineTable(*engine.snapshot())); });
        table.start(std::chrono::seconds { 2 });
    }
    QCoreApplication::exec();
    engine.stop();
    return ExitCode::Done;
}

} // namespace app
