#include "product.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>

namespace bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* kKey = "bench-key-of-no-value";

// Nothing here is held back by a tier: the engine is measured, not its limits.
constexpr const char* kHead = R"([profile]
name = "bench"

[ingress]
listen = "127.0.0.1:0"

[control]
listen = "127.0.0.1:0"
key = "env:SPILLWAY_CONTROL_KEY"

[[workspace]]
name = "shop"
write_key = "env:SPILLWAY_KEY"
tier = "enterprise"
rate = 1000000
burst = 1000000
)";

QString writeConfig(const Tools& tools, const QString& name, const std::string& destinations)
{
    const QString path = QDir(tools.work).filePath(name + QStringLiteral(".toml"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        qFatal("%s cannot be written", qPrintable(path));
    file.write(kHead);
    file.write(destinations.c_str());
    return path;
}

std::uint16_t portOf(const QJsonObject& ready, const QString& key)
{
    return static_cast<std::uint16_t>(QUrl(ready.value(key).toString()).port(0));
}

} // namespace

Sink::Sink(const Tools& tools)
    : m_child(QDir(tools.directory).filePath(QStringLiteral("sink")), {},
        QDir(tools.work).filePath(QStringLiteral("sink.log")))
{
    m_port = m_child.line().simplified().split(' ').value(1).toUShort();
}

SinkCount Sink::count()
{
    ::kill(static_cast<pid_t>(m_child.pid()), SIGUSR1);
    const auto words = m_child.line().simplified().split(' ');
    return { .requests = words.value(1).toDouble(),
        .bodyBytes = words.value(3).toDouble(),
        .seconds = words.value(5).toDouble() / 1e9 };
}

CpuShares::CpuShares(qint64 pid)
    : m_pid(pid)
    , m_before(threadSecondsOf(pid))
{
}

std::string CpuShares::text(double events) const
{
    const std::chrono::duration<double> took = Steady::now() - m_since;
    std::vector<std::pair<double, QString>> busiest;
    double total = 0;
    for (const auto& [name, seconds] : threadSecondsOf(m_pid)) {
        const auto before = m_before.find(name);
        const double used = seconds - (before == m_before.end() ? 0 : before->second);
        total += used;
        busiest.emplace_back(used / took.count(), name);
    }
    std::sort(busiest.rbegin(), busiest.rend());
    std::array<char, 80> piece {};
    std::snprintf(piece.data(), piece.size(), "engine: %.1f us of processor time an event;",
        total / std::max(events, 1.0) * 1e6);
    std::string text = piece.data();
    for (const auto& [share, name] : busiest) {
        if (share < 0.02)
            break;
        std::snprintf(piece.data(), piece.size(), " %s %.0f %%",
            qUtf8Printable(name.section(QLatin1Char(' '), 0, -2)), share * 100);
        text += piece.data();
    }
    return text;
}

Product::Product(const Tools& tools, const QString& name, const std::string& destinations)
    : m_tools(tools)
{
    const QString config = writeConfig(tools, name, destinations);
    const QDir work(tools.work);
    qputenv("SPILLWAY_KEY", kKey);
    qputenv("SPILLWAY_CONTROL_KEY", kKey);
    qputenv("SPILLWAY_META_TOKEN", "none");
    const auto start = Steady::now();
    m_child = std::make_unique<Child>(tools.spillway,
        QStringList { QStringLiteral("serve"), QStringLiteral("--json"), QStringLiteral("--config"),
            config, QStringLiteral("--data"), work.filePath(name) },
        work.filePath(name + QStringLiteral(".log")));
    const QJsonObject ready = QJsonDocument::fromJson(m_child->line()).object();
    m_startSeconds = std::chrono::duration<double>(Steady::now() - start).count();
    m_ingress = portOf(ready, QStringLiteral("ingress"));
    m_control = portOf(ready, QStringLiteral("control"));
    if (m_ingress == 0 || m_control == 0)
        qFatal("the ready line names no ports");
}

void Product::command(const QString& verb, const QStringList& destinations) const
{
    qputenv("SPILLWAY_CONTROL", "127.0.0.1:" + QByteArray::number(m_control));
    static_cast<void>(outputOf(m_tools.spillway,
        QStringList { verb } + destinations
            + QStringList { QStringLiteral("--reason"), QStringLiteral("benchmark") }));
}

std::int64_t Product::waiting() const
{
    const auto status = QByteArray::fromStdString(httpGet(m_control, "/v1/status", kKey));
    const QJsonObject store
        = QJsonDocument::fromJson(status).object().value(QStringLiteral("store")).toObject();
    if (!store.contains(QStringLiteral("waiting")))
        qFatal("the status tells nothing of what waits: %s", status.left(200).constData());
    return store.value(QStringLiteral("waiting")).toInteger();
}

LoadPlan Product::plan() const { return { .port = m_ingress, .key = kKey }; }

void Product::fill(std::int64_t events) const
{
    LoadPlan filling = plan();
    filling.connections = 4;
    filling.eventsPerPost = 500;
    filling.eventsMax = events;
    filling.length = std::chrono::minutes { 10 };
    const LoadFigures figures = runLoad(filling);
    if (figures.failed > 0)
        qFatal("%s", figures.firstFailure.c_str());
}

} // namespace bench
