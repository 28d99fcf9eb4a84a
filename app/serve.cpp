// serve, simulate: without a window.
#include "commands.h"
#include "engine_table.h"
#include "help.h"
#include "signals_to_quit.h"
#include "usage.h"

#include <engine/engine.h>
#include <engine/simulate.h>

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

// A timer counts milliseconds in 31 bits: 24.8 days.
constexpr qint64 kLongestMs = 20LL * 24 * 3'600'000;

// Prints why the engine did not start; a refused configuration is the caller's fault, not the
// program's.
ExitCode startFault(const engine::Error& error)
{
    for (const QString& line :
        QString::fromStdString(error.detail).split(u'\n', Qt::SkipEmptyParts))
        printError(line);
    printError(QString::fromStdString(error.message));
    return error.code == engine::ErrorCode::BadRequest ? ExitCode::Usage : ExitCode::Failed;
}

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

QStringList storyNames()
{
    QStringList names;
    for (const auto& story : engine::Engine::stories()) {
        if (story.isPlayable)
            names.push_back(QString::fromStdString(story.name));
    }
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

ExitCode runSimulate(const QStringList& words)
{
    const QString name = QStringLiteral("simulate");
    const Arguments arguments(words,
        { { QStringLiteral("listen") }, { QStringLiteral("platform") },
            { QStringLiteral("scenario") }, { QStringLiteral("seed") }, { QStringLiteral("for") },
            { QStringLiteral("json"), false } },
        0);
    if (!arguments.problem().isEmpty())
        return usageFault(name, arguments.problem());
    const QString listen
        = arguments.value(QStringLiteral("listen")).value_or(QStringLiteral("127.0.0.1:9100"));
    const qsizetype colon = listen.lastIndexOf(u':');
    bool isPort = false;
    engine::SimulateOptions options;
    options.port = listen.mid(colon + 1).toUShort(&isPort);
    options.host = listen.left(colon).toStdString();
    const bool isLoopback = options.host.starts_with("127.") || options.host == "localhost"
        || options.host == "[::1]";
    if (colon <= 0 || !isPort || !isLoopback)
        return usageFault(
            name, QStringLiteral("--listen wants HOST:PORT on loopback, not \"%1\"").arg(listen));
    options.platform = arguments.value(QStringLiteral("platform"))
                           .value_or(QStringLiteral("meta"))
                           .toStdString();
    options.scenario = arguments.value(QStringLiteral("scenario"))
                           .value_or(QStringLiteral("calm"))
                           .toStdString();
    const auto isKnown = [](const std::vector<std::string>& names, const std::string& wanted) {
        return std::find(names.begin(), names.end(), wanted) != names.end();
    };
    if (!isKnown(engine::Simulation::platforms(), options.platform))
        return usageFault(name,
            QStringLiteral("there is no platform \"%1\" to imitate")
                .arg(QString::fromStdString(options.platform)));
    if (!isKnown(engine::Simulation::scenarios(), options.scenario))
        return usageFault(name,
            QStringLiteral("there is no scenario \"%1\"")
                .arg(QString::fromStdString(options.scenario)));
    QString problem;
    options.seed
        = static_cast<std::uint64_t>(wholeNumber(arguments, QStringLiteral("seed"), 7, 0, problem));
    quitAfter(arguments, problem);
    if (!problem.isEmpty())
        return usageFault(name, problem);

    const SignalsToQuit signalsToQuit;
    engine::Simulation simulation(options);
    if (const auto started = simulation.start(); !started)
        return startFault(started.error());
    const QString url = QStringLiteral("http://%1:%2")
                            .arg(QString::fromStdString(options.host))
                            .arg(simulation.port());
    if (arguments.has(QStringLiteral("json")))
        print(QString::fromUtf8(QJsonDocument(QJsonObject { { QStringLiteral("url"), url } })
                                    .toJson(QJsonDocument::Compact))
            + u'\n');
    else
        print(QStringLiteral("Imitating %1 at %2, scenario %3. Ctrl+C ends it.\n")
                  .arg(QString::fromStdString(options.platform), url,
                      QString::fromStdString(options.scenario)));
    QCoreApplication::exec();
    if (!arguments.has(QStringLiteral("json")))
        print(QString::fromStdString(simulation.summary()));
    return ExitCode::Done;
}

} // namespace app
