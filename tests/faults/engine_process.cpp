#include "engine_process.h"

#include "core/json.h"

#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcessEnvironment>

namespace engine::testing {
namespace {

QProcessEnvironment environment()
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("TEST_WRITE_KEY"), QStringLiteral("write-key"));
    variables.insert(QStringLiteral("SPILLWAY_CONTROL_KEY"), QStringLiteral("control-key"));
    return variables;
}

QString configText(const QString& receiverUrl, const EngineSettings& settings)
{
    return QStringLiteral(
        "[ingress]\nlisten = \"127.0.0.1:0\"\n"
        "[control]\nlisten = \"127.0.0.1:0\"\nkey = \"env:SPILLWAY_CONTROL_KEY\"\n"
        "[[workspace]]\nname = \"shop\"\nwrite_key = \"env:TEST_WRITE_KEY\"\ntier = "
        "\"enterprise\"\n"
        "rate = 1000000\nburst = 1000000\n"
        "[[destination]]\nname = \"hook\"\nplatform = \"webhook\"\nendpoint = \"%1\"\nbatch = "
        "%2\nconcurrency = %3\n"
        "[destination.retry]\nbase = \"50ms\"\ncap = \"200ms\"\n")
        .arg(receiverUrl)
        .arg(settings.batch)
        .arg(settings.concurrency);
}

} // namespace

Receiver::Receiver()
{
    http::ServerOptions options { .name = "receiver" };
    m_server = std::make_unique<http::Server>(
        std::move(options), [this](http::ServerRequest request, const http::Respond& respond) {
            handle(std::move(request), respond);
        });
    if (const Status started = m_server->start(); !started)
        qFatal("the receiver cannot listen: %s", started.error().message.c_str());
}

QString Receiver::url() const
{
    return QStringLiteral("http://127.0.0.1:%1/hook").arg(m_server->port());
}

void Receiver::handle(http::ServerRequest request, const http::Respond& respond)
{
    const auto json = parseJson(request.body);
    std::vector<std::string> ids;
    bool isBad = !json.has_value();
    if (json) {
        const std::vector<Json> one { *json };
        for (const Json& event : json->isArray() ? json->items() : one) {
            const Json* id = event.find("event_id");
            ids.push_back(id != nullptr ? id->text() : std::string {});
            isBad = isBad || (!m_isForgiving && ids.back().starts_with("bad"));
        }
    }
    if (!isBad) {
        const std::lock_guard lock(m_mutex);
        for (const std::string& id : ids)
            ++m_received[id];
    }
    respond({ .status = isBad ? 400 : 200, .body = isBad ? R"({"error":"no"})" : "{}" });
}

std::map<std::string, int> Receiver::received() const
{
    const std::lock_guard lock(m_mutex);
    return m_received;
}

bool Receiver::hasAll(const std::set<std::string>& ids) const
{
    const std::lock_guard lock(m_mutex);
    return std::all_of(
        ids.begin(), ids.end(), [this](const std::string& id) { return m_received.contains(id); });
}

EngineProcess::EngineProcess(const QString& receiverUrl, EngineSettings settings)
    : m_receiverUrl(receiverUrl)
    , m_data(settings.dataDirectory.isEmpty() ? m_folder.filePath(QStringLiteral("data"))
                                              : settings.dataDirectory)
{
    configure(settings);
    m_process.setProcessEnvironment(environment());
}

void EngineProcess::configure(const EngineSettings& settings) const
{
    QFile file(m_folder.filePath(QStringLiteral("spillway.toml")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("no room for the test's configuration");
    file.write(configText(m_receiverUrl, settings).toUtf8());
}

EngineProcess::~EngineProcess()
{
    if (isRunning())
        kill();
}

bool EngineProcess::start()
{
    m_process.start(QStringLiteral(SPILLWAY_PROGRAM),
        { QStringLiteral("serve"), QStringLiteral("--json"), QStringLiteral("--config"),
            m_folder.filePath(QStringLiteral("spillway.toml")), QStringLiteral("--data"), m_data });
    constexpr int kStartTimeoutMs = 20'000;
    while (!m_process.canReadLine() && m_process.waitForReadyRead(kStartTimeoutMs)) { }
    const QJsonObject ready = QJsonDocument::fromJson(m_process.readLine()).object();
    m_errors += m_process.readAllStandardError();
    m_ingress = ready.value(u"ingress").toString();
    m_control = ready.value(u"control").toString().remove(QStringLiteral("http://"));
    return !m_ingress.isEmpty() && !m_control.isEmpty();
}

void EngineProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

bool EngineProcess::terminate()
{
    m_process.terminate();
    const bool isFinished = m_process.waitForFinished();
    m_errors += m_process.readAllStandardError();
    return isFinished && m_process.exitStatus() == QProcess::NormalExit
        && m_process.exitCode() == 0;
}

int EngineProcess::post(const QByteArray& body, const QString& query) const
{
    QNetworkAccessManager network;
    QUrl url(m_ingress);
    url.setQuery(query);
    QNetworkRequest request { url };
    request.setRawHeader("Authorization", "Bearer write-key");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

QByteArray EngineProcess::run(const QStringList& words, int* exitCode) const
{
    QProcess command;
    QProcessEnvironment variables = environment();
    variables.insert(QStringLiteral("SPILLWAY_CONTROL"), m_control);
    command.setProcessEnvironment(variables);
    QEventLoop loop;
    QObject::connect(&command, &QProcess::finished, &loop, &QEventLoop::quit);
    command.start(
        QStringLiteral(SPILLWAY_PROGRAM), words + QStringList { QStringLiteral("--json") });
    if (command.waitForStarted())
        loop.exec();
    if (exitCode != nullptr)
        *exitCode = command.exitCode();
    return command.readAllStandardOutput();
}

} // namespace engine::testing
