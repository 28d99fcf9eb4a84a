#include "delivery/transport/qt_transport.h"

#include "delivery/transport/request_check.h"

#include <QFile>
#include <QLoggingCategory>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimer>
#include <QUrl>

namespace engine::delivery {
namespace {

Q_LOGGING_CATEGORY(logTransport, "engine.transport")

QNetworkProxy proxyFrom(const std::string& text)
{
    if (text.empty())
        return QNetworkProxy::NoProxy;
    const QUrl url { QString::fromStdString(text) };
    const bool isSocks = url.scheme().startsWith(u"socks5");
    return { isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(),
        static_cast<quint16>(url.port(isSocks ? 1080 : 8080)), url.userName(), url.password() };
}

QSslConfiguration tlsFrom(const std::string& caFile)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    if (caFile.empty())
        return configuration;
    // Setting a list switches off Qt's looking up of system certificates on demand, so they are
    // named too: the private CA is added, not put in their place.
    auto authorities = QSslConfiguration::systemCaCertificates();
    const auto added = QSslCertificate::fromPath(QString::fromStdString(caFile), QSsl::Pem);
    if (added.isEmpty())
        qCWarning(logTransport) << "no certificate could be read from the configured CA file";
    authorities.append(added);
    configuration.setCaCertificates(authorities);
    return configuration;
}

// Two hosts of the same name on different ports are two to Qt's connection limit as well.
std::string hostKey(const QUrl& url)
{
    return url.scheme().toStdString() + "://" + url.authority(QUrl::FullyEncoded).toStdString();
}

TransportFailure::Kind kindOf(QNetworkReply::NetworkError error, bool wasSent)
{
    using Kind = TransportFailure::Kind;
    // Not one of our enums, and it has some forty values.
    switch (static_cast<int>(error)) {
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::ProxyNotFoundError:
        return Kind::Dns;
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::NetworkSessionFailedError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
    case QNetworkReply::UnknownProxyError:
        return Kind::Connect;
    case QNetworkReply::SslHandshakeFailedError:
        return Kind::Tls;
    case QNetworkReply::TimeoutError:
    case QNetworkReply::ProxyTimeoutError:
        return Kind::Timeout;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::TemporaryNetworkFailureError:
    case QNetworkReply::UnknownNetworkError:
    case QNetworkReply::InternalServerError:
        return wasSent ? Kind::Closed : Kind::Connect;
    default:
        return Kind::Protocol;
    }
}

// Qt calls a 404 an error too. Those that stand for a status are 201…299 and 401…499, and two that
// stand elsewhere; an answer that broke off has one of the others, although its status is known.
bool isAnswer(QNetworkReply::NetworkError error, int status)
{
    const int number = static_cast<int>(error);
    return status >= 200
        && (number == 0 || (number > 200 && number < 300) || (number > 400 && number < 500)
            || error == QNetworkReply::ProtocolInvalidOperationError // 400, 418
            || (error == QNetworkReply::ProxyAuthenticationRequiredError && status == 407));
}

QNetworkRequest requestFrom(const HttpRequest& request, const QSslConfiguration& tls)
{
    QNetworkRequest result { QUrl::fromEncoded(QByteArray::fromStdString(request.url)) };
    result.setSslConfiguration(tls);
    result.setAttribute(
        QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    // Clear-text HTTP/2 stalls at 40 ms a round (measured, Qt 6.4.2).
    result.setAttribute(QNetworkRequest::Http2AllowedAttribute, result.url().scheme() == u"https");
    result.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    result.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    result.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    // These three stop Qt's own: asking for gzip, a browser's name, the machine's language.
    result.setRawHeader("Accept-Encoding", "identity");
    result.setRawHeader("User-Agent", QByteArray::fromStdString(defaultUserAgent()));
    result.setRawHeader("Accept-Language", "*");
    for (const auto& [name, value] : request.headers)
        if (!isSameName(name, "Content-Length"))
            result.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    // Without one Qt guesses, and warns.
    if (!request.body.empty() && !hasHeader(request.headers, "Content-Type"))
        result.setRawHeader("Content-Type", "application/octet-stream");
    return result;
}

} // namespace

struct QtTransport::Manager {
    QNetworkAccessManager network {};
    std::unordered_map<std::string, int> busy {}; // by host; no entry: none
};

struct QtTransport::Transfer {
    std::int64_t id { 0 };
    HttpRequest request {};
    OnDone onDone {};
    SteadyTime start {};
    std::string host {};
    Manager* manager { nullptr };
    QNetworkReply* reply { nullptr }; // owned here; ended with deleteLater()
    bool wasSent { false };
    bool isEnding { false }; // its callback is on the way
    std::string body {};
    std::int64_t bodyBytes { 0 };
    QTimer timer {}; // the earlier of the two timeouts that still count

    [[nodiscard]] TransportFailure failure(TransportFailure::Kind kind, std::string detail) const
    {
        return { .kind = kind,
            .wasSent = wasSent,
            .detail = std::move(detail),
            .latency = elapsedSince(start) };
    }
    [[nodiscard]] HttpAnswer takeAnswer();
};

HttpAnswer QtTransport::Transfer::takeAnswer()
{
    HttpAnswer answer;
    answer.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool isHttp2 = reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool();
    answer.httpVersion = isHttp2 ? "2" : "1.1"; // Qt does not tell 1.0 apart
    for (const auto& [name, value] : reply->rawHeaderPairs()) {
        // Qt joins headers of the same name; Set-Cookie by line breaks, the others by commas.
        answer.headers.emplace_back(name.toStdString(), value.toStdString());
    }
    bool isNumber = false;
    const qint64 announced = reply->rawHeader("Content-Length").toLongLong(&isNumber);
    const bool isCut = bodyBytes > static_cast<std::int64_t>(body.size());
    answer.bodyBytes = isCut && isNumber ? std::max<std::int64_t>(bodyBytes, announced) : bodyBytes;
    answer.body = std::move(body);
    answer.latency = elapsedSince(start);
    return answer;
}

QtTransport::QtTransport(NetworkOptions options)
    : m_options(std::move(options))
    , m_tls(std::make_unique<QSslConfiguration>(tlsFrom(m_options.caFile)))
{
}

QtTransport::~QtTransport()
{
    for (const auto& [id, transfer] : m_running) {
        if (!transfer->reply)
            continue;
        transfer->reply->disconnect(this);
        delete transfer->reply; // aborts; before its manager goes
    }
}

TransferId QtTransport::send(HttpRequest request, OnDone onDone)
{
    auto owned = std::make_unique<Transfer>();
    Transfer& transfer = *owned;
    transfer.id = ++m_lastId;
    transfer.start = std::chrono::steady_clock::now();
    transfer.request = std::move(request);
    transfer.request.answerBytesMax
        = std::min(transfer.request.answerBytesMax, m_options.answerBytesMax);
    transfer.onDone = std::move(onDone);
    m_running.emplace(transfer.id, std::move(owned));
    // In the next turn: nothing happens inside send(), and what is cancelled before was certainly
    // not sent.
    later(transfer.id, [this](Transfer& t) {
        if (auto why = whyUnsendable(t.request))
            end(t.id, tl::unexpected(refusal(std::move(*why))));
        else
            start(t);
    });
    return TransferId { transfer.id };
}

// From the event loop, unless the transfer has ended until then.
void QtTransport::later(std::int64_t id, std::function<void(Transfer&)> step)
{
    QMetaObject::invokeMethod(
        this,
        [this, id, step = std::move(step)] {
            if (const auto it = m_running.find(id); it != m_running.end())
                step(*it->second);
        },
        Qt::QueuedConnection);
}

void QtTransport::start(Transfer& transfer)
{
    if (transfer.isEnding)
        return;
    const QNetworkRequest request = requestFrom(transfer.request, *m_tls);
    transfer.host = hostKey(request.url());
    transfer.manager = &managerFor(transfer.host);
    ++transfer.manager->busy[transfer.host];
    auto& network = transfer.manager->network;
    const std::string& method = transfer.request.method;
    const auto body = QByteArray::fromStdString(transfer.request.body);
    if (method == "GET" && body.isEmpty())
        transfer.reply = network.get(request);
    else if (method == "HEAD")
        transfer.reply = network.head(request);
    else if (method == "POST")
        transfer.reply = network.post(request, body);
    else if (method == "PUT")
        transfer.reply = network.put(request, body);
    else
        transfer.reply
            = network.sendCustomRequest(request, QByteArray::fromStdString(method), body);

    Transfer* const t = &transfer;
    connect(t->reply, &QNetworkReply::requestSent, this, [t] { t->wasSent = true; });
    connect(t->reply, &QNetworkReply::readyRead, this, [this, t] { readBody(*t); });
    // Later, because a reply that fails at once would call back from inside the caller.
    connect(t->reply, &QNetworkReply::finished, this,
        [this, id = t->id] { later(id, [this](Transfer& ended) { finish(ended); }); });
    watchTimes(transfer);
}

// One timer for two limits: it first runs to the earlier one. Qt's own transfer timeout is not
// used, because it starts again whenever a byte moves.
void QtTransport::watchTimes(Transfer& transfer)
{
    const Millis whole = atLeastOneMilli(transfer.request.timeout);
    const Millis first = std::min(whole, atLeastOneMilli(transfer.request.connectTimeout));
    transfer.timer.setSingleShot(true);
    transfer.timer.setTimerType(Qt::PreciseTimer);
    connect(&transfer.timer, &QTimer::timeout, this, [this, t = &transfer, whole, first] {
        const auto left = std::chrono::ceil<Millis>(whole - elapsedSince(t->start));
        if (t->wasSent && left > Millis { 0 } && first < whole) {
            t->timer.start(left);
            return;
        }
        giveUp(*t, [](Transfer& ended) -> TransferResult {
            return tl::unexpected(ended.failure(TransportFailure::Kind::Timeout,
                ended.wasSent ? "no whole answer in time" : "no connection in time"));
        });
    });
    transfer.timer.start(first);
}

void QtTransport::readBody(Transfer& transfer)
{
    if (transfer.isEnding)
        return;
    const QByteArray bytes = transfer.reply->readAll();
    transfer.bodyBytes += bytes.size();
    const auto room = std::max<std::int64_t>(
        0, transfer.request.answerBytesMax - static_cast<std::int64_t>(transfer.body.size()));
    const auto kept = std::min<std::int64_t>(room, bytes.size());
    transfer.body.append(bytes.constData(), static_cast<std::size_t>(kept));
    if (bytes.size() > room)
        giveUp(transfer, [](Transfer& cut) -> TransferResult { return cut.takeAnswer(); });
}

void QtTransport::finish(Transfer& transfer)
{
    if (transfer.isEnding)
        return;
    const int status = transfer.reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto error = transfer.reply->error();
    if (isAnswer(error, status)) {
        readBody(transfer); // what came with the end; ends the transfer when that is too much
        if (!transfer.isEnding)
            end(transfer.id, transfer.takeAnswer());
        return;
    }
    end(transfer.id,
        tl::unexpected(transfer.failure(
            kindOf(error, transfer.wasSent), transfer.reply->errorString().toStdString())));
}

void QtTransport::cancel(TransferId id)
{
    const auto it = m_running.find(static_cast<std::int64_t>(id));
    if (it == m_running.end() || it->second->isEnding)
        return;
    giveUp(*it->second, [](Transfer& ended) -> TransferResult {
        return tl::unexpected(ended.failure(TransportFailure::Kind::Cancelled, "cancelled"));
    });
}

// The rest runs in the next turn of the event loop: a reply must not be aborted from inside its own
// signals, and word that the request has left may still be waiting there.
void QtTransport::giveUp(Transfer& transfer, TransferResult (*resultOf)(Transfer&))
{
    transfer.isEnding = true;
    transfer.timer.stop();
    later(transfer.id, [this, resultOf](Transfer& ended) {
        TransferResult result = resultOf(ended);
        if (ended.reply) {
            ended.reply->disconnect(this);
            ended.reply->abort();
        }
        end(ended.id, std::move(result));
    });
}

// Last: the callback may destroy the transport.
void QtTransport::end(std::int64_t id, TransferResult result)
{
    auto node = m_running.extract(id);
    if (node.empty())
        return;
    Transfer& transfer = *node.mapped();
    if (transfer.reply) {
        transfer.reply->disconnect(this);
        transfer.reply->deleteLater();
        auto& busy = transfer.manager->busy;
        if (const auto it = busy.find(transfer.host); --it->second == 0)
            busy.erase(it); // hosts come and go with accounts
    }
    const OnDone onDone = std::move(transfer.onDone);
    node = {};
    if (onDone)
        onDone(std::move(result));
}

int QtTransport::inFlight() const { return static_cast<int>(m_running.size()); }

QtTransport::Manager& QtTransport::managerFor(const std::string& host)
{
    const auto busyAt = [&host](const std::unique_ptr<Manager>& manager) {
        const auto it = manager->busy.find(host);
        return it == manager->busy.end() ? 0 : it->second;
    };
    const auto free = std::ranges::find_if(
        m_managers, [&](const auto& manager) { return busyAt(manager) < kConnectionsPerHost; });
    if (free != m_managers.end())
        return **free;
    if (m_managers.size() < kManagersMax) {
        auto& added = m_managers.emplace_back(std::make_unique<Manager>());
        added->network.setProxy(proxyFrom(m_options.proxy));
        added->network.setAutoDeleteReplies(false);
        return *added;
    }
    return **std::ranges::min_element(m_managers, {}, busyAt);
}

std::vector<BrokenPromise> QtTransport::brokenPromises()
{
    return {
        { "one send per request",
            "When a connection closes before the answer, Qt Network sends the same request again "
            "by itself, without telling: the platform may get it more than once, and the pacer "
            "counts it once." },
        { "all in flight at once",
            "At most 192 requests are in flight to one host; further ones wait inside Qt Network "
            "and look like slow answers." },
        { "interim answers are skipped",
            "An interim answer other than 100 (such as 103, Early Hints) before the real one is "
            "not understood, and the outcome of the request is lost." },
        { "endless headers are refused",
            "An answer whose headers do not end holds its request until the timeout instead of "
            "being refused at 64 KiB." },
        { "endless bodies are not read on",
            "Of an answer longer than the limit Qt Network reads on in a thread of its own until "
            "the connection is closed: tens of megabytes from a fast server (a read buffer size "
            "did not change that, Qt 6.4.2)." },
    };
}

} // namespace engine::delivery
