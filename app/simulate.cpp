// simulate: the platforms as a server, and a shop that sends.
#include "commands.h"
#include "help.h"
#include "running.h"
#include "signals_to_quit.h"
#include "usage.h"

#include <engine/simulate.h>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

namespace app {
namespace {

constexpr qint64 kRateMax = 100'000;

QString namesOf(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names)
        list.push_back(QString::fromStdString(name));
    return list.join(QStringLiteral(", "));
}

bool isOneOf(const std::vector<std::string>& names, const std::string& wanted)
{
    return std::find(names.begin(), names.end(), wanted) != names.end();
}

bool isLoopback(const QString& host)
{
    return host.startsWith(u"127.") || host == u"localhost" || host == u"[::1]" || host == u"::1";
}

QString readListen(const Arguments& arguments, engine::SimulateOptions& options)
{
    const QString listen
        = arguments.value(QStringLiteral("listen")).value_or(QStringLiteral("127.0.0.1:9100"));
    const qsizetype colon = listen.lastIndexOf(u':');
    bool isPort = false;
    options.port = listen.mid(colon + 1).toUShort(&isPort);
    options.host = listen.left(colon).toStdString();
    if (colon > 0 && isPort && isLoopback(listen.left(colon)))
        return {};
    return QStringLiteral("--listen wants HOST:PORT on loopback, not \"%1\"").arg(listen);
}

QString readImitation(const Arguments& arguments, engine::SimulateOptions& options)
{
    options.platform = arguments.value(QStringLiteral("platform"))
                           .value_or(QStringLiteral("meta"))
                           .toStdString();
    options.scenario = arguments.value(QStringLiteral("scenario"))
                           .value_or(QStringLiteral("calm"))
                           .toStdString();
    const bool isPlatform = options.platform == engine::Simulation::kAllPlatforms
        || isOneOf(engine::Simulation::platforms(), options.platform);
    if (!isPlatform)
        return QStringLiteral("there is no platform \"%1\" to imitate; there are: all, %2")
            .arg(
                QString::fromStdString(options.platform), namesOf(engine::Simulation::platforms()));
    if (!isOneOf(engine::Simulation::scenarios(), options.scenario))
        return QStringLiteral("there is no scenario \"%1\"; there are: %2")
            .arg(
                QString::fromStdString(options.scenario), namesOf(engine::Simulation::scenarios()));
    return {};
}

// The shop sends to this machine only: its customers are invented.
QString readShop(const Arguments& arguments, engine::SimulateOptions& options)
{
    QString problem;
    const qint64 rate
        = wholeNumber(arguments, QStringLiteral("rate"), 30, { 1, kRateMax }, problem);
    options.eventsPerSecond = static_cast<double>(rate);
    const auto given = arguments.value(QStringLiteral("send"));
    if (!given || !problem.isEmpty())
        return problem;
    const QUrl url(*given);
    if (url.scheme() != u"http" || !isLoopback(url.host()) || url.port() <= 0)
        return QStringLiteral("--send wants http://HOST:PORT on loopback, not \"%1\"").arg(*given);
    options.sendTo = QStringLiteral("http://%1").arg(url.authority()).toStdString();
    const QByteArray key = readKey(
        arguments.value(QStringLiteral("key")).value_or(QStringLiteral("env:SPILLWAY_KEY")),
        problem);
    options.writeKey = key.toStdString();
    if (key.isEmpty() && problem.isEmpty())
        problem
            = QStringLiteral("no write key for --send: set SPILLWAY_KEY, or give --key env:NAME "
                             "or --key file:PATH");
    return problem;
}

// --secret NAME=REF. A secret on the command line would stand in every list of processes, so there
// are references only.
QString readSecrets(const Arguments& arguments, engine::SimulateOptions& options)
{
    const auto names = engine::Simulation::secretNames(options.platform);
    for (const QString& given : arguments.values(QStringLiteral("secret"))) {
        const qsizetype equals = given.indexOf(u'=');
        const QString name = given.left(equals);
        const QString reference = equals > 0 ? given.mid(equals + 1) : QString();
        if (!reference.startsWith(u"env:") && !reference.startsWith(u"file:"))
            return QStringLiteral("--secret wants NAME=env:VARIABLE or NAME=file:PATH, not \"%1\"")
                .arg(equals > 0 ? name + QStringLiteral("=…") : given);
        if (!isOneOf(names, name.toStdString()))
            return QStringLiteral("there is no secret \"%1\" to ask for; there are: %2")
                .arg(name, names.empty() ? QStringLiteral("none") : namesOf(names));
        QString problem;
        const QByteArray value = readKey(reference, problem);
        if (!problem.isEmpty() || value.isEmpty())
            return problem.isEmpty()
                ? QStringLiteral("--secret %1: %2 is empty").arg(name, reference)
                : problem;
        options.secrets[name.toStdString()] = value.toStdString();
    }
    // A signature of X needs all four; with fewer none would be right.
    std::vector<std::string> missing;
    bool isSigned = false;
    for (const std::string& name : names) {
        if (!name.starts_with("x."))
            continue;
        isSigned = isSigned || options.secrets.contains(name);
        if (!options.secrets.contains(name))
            missing.push_back(name);
    }
    if (isSigned && !missing.empty())
        return QStringLiteral("--secret: the signatures of x also need %1").arg(namesOf(missing));
    return {};
}

QString readRegions(const Arguments& arguments, engine::SimulateOptions& options)
{
    for (const QString& account : arguments.values(QStringLiteral("european")))
        options.europeans.push_back(account.toStdString());
    if (options.europeans.empty() || engine::Simulation::hasRegions(options.platform))
        return {};
    return QStringLiteral("--european: %1 has no regions")
        .arg(QString::fromStdString(options.platform));
}

void printReady(const engine::SimulateOptions& options, const QString& url, bool isJson)
{
    if (isJson) {
        print(QString::fromUtf8(QJsonDocument(QJsonObject { { QStringLiteral("url"), url } })
                                    .toJson(QJsonDocument::Compact))
            + u'\n');
        return;
    }
    const bool isAll = options.platform == engine::Simulation::kAllPlatforms;
    print(
        QStringLiteral("Imitating %1 at %2, scenario %3. Ctrl+C ends it.\n")
            .arg(isAll ? QStringLiteral("all platforms") : QString::fromStdString(options.platform),
                isAll ? url + QStringLiteral("/NAME") : url,
                QString::fromStdString(options.scenario)));
    if (!options.sendTo.empty())
        print(QStringLiteral("A shop sends %1 events a second to %2.\n")
                  .arg(options.eventsPerSecond)
                  .arg(QString::fromStdString(options.sendTo)));
}

} // namespace

ExitCode runSimulate(const QStringList& words)
{
    const QString name = QStringLiteral("simulate");
    const Arguments arguments(words,
        { { QStringLiteral("listen") }, { QStringLiteral("platform") },
            { QStringLiteral("scenario") }, { QStringLiteral("seed") }, { QStringLiteral("for") },
            { QStringLiteral("send") }, { QStringLiteral("key") }, { QStringLiteral("rate") },
            { QStringLiteral("secret") }, { QStringLiteral("european") },
            { QStringLiteral("json"), false } },
        0);
    engine::SimulateOptions options;
    QString problem = arguments.problem();
    for (const auto read : { readListen, readImitation, readSecrets, readRegions, readShop }) {
        if (problem.isEmpty())
            problem = read(arguments, options);
    }
    if (problem.isEmpty())
        options.seed = static_cast<std::uint64_t>(
            wholeNumber(arguments, QStringLiteral("seed"), 7, {}, problem));
    if (problem.isEmpty())
        quitAfter(arguments, problem);
    if (!problem.isEmpty())
        return usageFault(name, problem);

    const SignalsToQuit signalsToQuit;
    engine::Simulation simulation(options);
    if (const auto started = simulation.start(); !started)
        return startFault(started.error());
    const bool isJson = arguments.has(QStringLiteral("json"));
    printReady(options,
        QStringLiteral("http://%1:%2")
            .arg(QString::fromStdString(options.host))
            .arg(simulation.port()),
        isJson);
    QCoreApplication::exec();
    if (!isJson)
        print(QString::fromStdString(simulation.summary()));
    return ExitCode::Done;
}

} // namespace app
