#include "control_client.h"

#include <engine/secrets.h>

#include <QEventLoop>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <chrono>
#include <memory>

namespace app {
namespace {

constexpr std::chrono::milliseconds kAnswerTimeout { 60'000 };
constexpr int kUnauthorized = 401;

} // namespace

QByteArray readKey(const QString& given, QString& problem)
{
    if (given.startsWith(u"env:"))
        return qgetenv(given.mid(4).toUtf8().constData());
    if (given.startsWith(u"keychain:")) {
        const auto value = engine::readFromKeychain(given.mid(9).toStdString());
        if (!value)
            problem = QString::fromStdString(value.error().message);
        return value ? QByteArray::fromStdString(*value) : QByteArray();
    }
    if (!given.startsWith(u"file:"))
        return given.toUtf8();
    QFile file(given.mid(5));
    if (!file.open(QIODevice::ReadOnly)) {
        problem = QStringLiteral("the key's file %1 cannot be read: %2")
                      .arg(file.fileName(), file.errorString());
        return {};
    }
    return file.read(qint64 { 64 } * 1024).trimmed();
}

std::vector<OptionSpec> withControlOptions(std::vector<OptionSpec> specs)
{
    specs.insert(specs.end(),
        { { QStringLiteral("control") }, { QStringLiteral("key") },
            { QStringLiteral("json"), false } });
    return specs;
}

ControlClient::ControlClient(const Arguments& arguments)
{
    QString address = arguments.value(QStringLiteral("control"))
                          .value_or(qEnvironmentVariable("SPILLWAY_CONTROL"));
    if (address.isEmpty())
        address = QStringLiteral("127.0.0.1:8788");
    const qsizetype colon = address.lastIndexOf(u':');
    bool isNumber = false;
    m_port = address.mid(colon + 1).toUShort(&isNumber);
    m_host = address.left(colon);
    if (colon <= 0 || !isNumber)
        m_problem = QStringLiteral("the control address \"%1\" is not HOST:PORT").arg(address);
    m_key = readKey(
        arguments.value(QStringLiteral("key")).value_or(QStringLiteral("env:SPILLWAY_CONTROL_KEY")),
        m_problem);
    if (m_key.isEmpty() && m_problem.isEmpty())
        m_problem
            = QStringLiteral("no control key: set SPILLWAY_CONTROL_KEY, or give --key env:NAME, "
                             "--key file:PATH or --key keychain:NAME");
}

ControlAnswer ControlClient::get(const QString& path, const QUrlQuery& query) const
{
    return send("GET", path, query, {});
}

ControlAnswer ControlClient::post(const QString& path, const QJsonObject& body) const
{
    return send("POST", path, {}, QJsonDocument(body).toJson(QJsonDocument::Compact));
}

ControlAnswer ControlClient::send(const QByteArray& method, const QString& path,
    const QUrlQuery& query, const QByteArray& body) const
{
    QUrl url;
    url.setScheme(QStringLiteral("http"));
    url.setHost(m_host.startsWith(u'[') ? m_host.mid(1, m_host.size() - 2) : m_host);
    url.setPort(m_port);
    url.setPath(path);
    if (!query.isEmpty())
        url.setQuery(query.toString(QUrl::FullyEncoded)
                         .replace(u'+', QStringLiteral("%2B"))); // +01:00 is no blank

    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy::NoProxy); // the engine is on this machine, or named on purpose
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + m_key);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setTransferTimeout(static_cast<int>(kAnswerTimeout.count()));
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, method, body));
    QEventLoop loop;
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();

    ControlAnswer answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    answer.isReachable = answer.status > 0;
    answer.body = reply->readAll();
    answer.json = QJsonDocument::fromJson(answer.body).object();
    if (!answer.isReachable)
        answer.problem = QStringLiteral("no engine answers at %1:%2 (%3). Is it running? Start it "
                                        "with: spillway serve --config FILE --data DIR")
                             .arg(m_host)
                             .arg(m_port)
                             .arg(reply->errorString());
    else if (answer.status == kUnauthorized)
        answer.problem
            = QStringLiteral("the engine at %1:%2 does not know this control key: it has to be the "
                             "one that [control] key names there. Set SPILLWAY_CONTROL_KEY, or "
                             "give --key")
                  .arg(m_host)
                  .arg(m_port);
    else if (!answer.isOk())
        answer.problem = answer.json.value(u"error")
                             .toObject()
                             .value(u"message")
                             .toString(QStringLiteral("the engine answered %1").arg(answer.status));
    return answer;
}

} // namespace app
