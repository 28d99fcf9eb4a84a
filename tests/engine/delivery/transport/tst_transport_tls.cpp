// Conformance of the transports: who is trusted, and the ways through a proxy.
#include "support/test_program.h"
#include "transport_case.h"

namespace tst_transport_tls {

using namespace engine;
using namespace engine::testing;
using engine::delivery::makeTransport;

class TestTransportTls final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPrivateAuthorityIsTrustedWhenConfigured_data();
    void aPrivateAuthorityIsTrustedWhenConfigured();
    void whoCannotBeVerifiedIsRefused_data();
    void whoCannotBeVerifiedIsRefused();
    void clearTextWhereTlsIsSpokenIsATlsFailure_data();
    void clearTextWhereTlsIsSpokenIsATlsFailure();
    void clearTextGoesToTheProxyWhole_data();
    void clearTextGoesToTheProxyWhole();
    void tlsGoesThroughTheProxysTunnel_data();
    void tlsGoesThroughTheProxysTunnel();
    void aProxyThatRefusesIsAFailureToConnect_data();
    void aProxyThatRefusesIsAFailureToConnect();
    void theEnvironmentsProxyIsIgnored_data();
    void theEnvironmentsProxyIsIgnored();

private:
    TestCertificates m_certificates;
};

void TestTransportTls::aPrivateAuthorityIsTrustedWhenConfigured_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<bool>("isHttp2");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const bool isHttp2 : { false, true })
            QTest::addRow("%s, HTTP/%s", nameOf(kind), isHttp2 ? "2" : "1.1") << kind << isHttp2;
}

void TestTransportTls::aPrivateAuthorityIsTrustedWhenConfigured()
{
    QFETCH(TransportKind, kind);
    QFETCH(bool, isHttp2);
    const auto files = m_certificates.issue("IP:127.0.0.1");
    HostileServer server(
        [](const Arrival&) {
            return Reaction {
                .status = 429, .headers = { { "Retry-After", "3" } }, .body = "slow"
            };
        },
        { .certificateFile = files.certificate, .keyFile = files.key, .isHttp2 = isHttp2 });
    const auto transport = makeTransport(kind, { .caFile = m_certificates.authorityFile() });
    for (int i = 0; i < 3; ++i) {
        const auto call = start(*transport, post(server.url()));
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QVERIFY2(!call->hasFailed(), call->hasFailed() ? call->failure().detail.c_str() : "");
        QCOMPARE(call->outcome(), QByteArray("answer 429"));
        QCOMPARE(call->answer().httpVersion, std::string(isHttp2 ? "2" : "1.1"));
        QVERIFY(call->answer().header("Retry-After") == std::string_view("3"));
        QCOMPARE(call->answer().body, std::string("slow"));
    }
    QCOMPARE(server.connectionCount(), 1);
}

void TestTransportTls::whoCannotBeVerifiedIsRefused_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("isSelfSigned");
    QTest::addColumn<QByteArray>("caFile");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt }) {
        const auto row = [kind](const char* name) -> QTestData& {
            return QTest::addRow("%s, %s", nameOf(kind), name) << kind;
        };
        row("self-signed") << QByteArray("IP:127.0.0.1") << true << QByteArray("private");
        row("another host's name")
            << QByteArray("DNS:example.test") << false << QByteArray("private");
        row("another address") << QByteArray("IP:127.0.0.2") << false << QByteArray("private");
        row("an authority nobody configured")
            << QByteArray("IP:127.0.0.1") << false << QByteArray("none");
        row("a CA file that is not there")
            << QByteArray("IP:127.0.0.1") << false << QByteArray("missing");
    }
}

void TestTransportTls::whoCannotBeVerifiedIsRefused()
{
    QFETCH(TransportKind, kind);
    QFETCH(QByteArray, name);
    QFETCH(bool, isSelfSigned);
    QFETCH(QByteArray, caFile);
    const auto files = isSelfSigned ? m_certificates.selfSigned(name.toStdString())
                                    : m_certificates.issue(name.toStdString());
    HostileServer server([](const Arrival&) { return Reaction {}; },
        { .certificateFile = files.certificate, .keyFile = files.key });
    NetworkOptions options;
    if (caFile == "private")
        options.caFile = m_certificates.authorityFile();
    else if (caFile == "missing")
        options.caFile = m_certificates.authorityFile() + ".missing";
    const auto transport = makeTransport(kind, options);
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("tls, not sent"));
    QCOMPARE(server.arrivalCount(), 0);
}

void TestTransportTls::clearTextWhereTlsIsSpokenIsATlsFailure_data() { addKinds(); }

void TestTransportTls::clearTextWhereTlsIsSpokenIsATlsFailure()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) { return Reaction {}; });
    const auto transport = makeTransport(kind, {});
    auto request = post("https" + server.url().substr(4));
    request.connectTimeout = std::chrono::milliseconds { 300 }; // the server waits for a request
    const auto call = start(*transport, request);
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QVERIFY(call->hasFailed());
    QVERIFY(call->failure().kind == Kind::Tls || call->failure().kind == Kind::Timeout);
    QVERIFY(!call->failure().wasSent);
    QCOMPARE(server.arrivalCount(), 0);
}

void TestTransportTls::clearTextGoesToTheProxyWhole_data() { addKinds(); }

void TestTransportTls::clearTextGoesToTheProxyWhole()
{
    QFETCH(TransportKind, kind);
    HostileServer proxy([](const Arrival&) { return Reaction { .status = 201 }; });
    const auto transport = makeTransport(kind, { .proxy = proxy.url("") });
    const auto call = start(*transport, post("http://platform.invalid/v1/events"));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("answer 201"));
    QCOMPARE(proxy.arrivals().front().target, std::string("http://platform.invalid/v1/events"));
    QCOMPARE(proxy.arrivals().front().method, std::string("POST"));
}

void TestTransportTls::tlsGoesThroughTheProxysTunnel_data() { addKinds(); }

// The proxy plays the platform behind its tunnel, too.
void TestTransportTls::tlsGoesThroughTheProxysTunnel()
{
    QFETCH(TransportKind, kind);
    const auto files = m_certificates.issue("DNS:platform.invalid");
    HostileServer proxy(
        [](const Arrival& arrival) {
            Reaction reaction { .status = 202 };
            if (arrival.method != "CONNECT")
                return reaction;
            reaction.raw = "HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n";
            reaction.then = Then::StartTls;
            return reaction;
        },
        { .certificateFile = files.certificate, .keyFile = files.key, .isTlsTunnel = true });
    const auto transport
        = makeTransport(kind, { .caFile = m_certificates.authorityFile(), .proxy = proxy.url("") });
    const auto call = start(*transport, post("https://platform.invalid/v1/events"));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QVERIFY2(!call->hasFailed(), call->hasFailed() ? call->failure().detail.c_str() : "");
    QCOMPARE(call->outcome(), QByteArray("answer 202"));
    QVERIFY(!call->answer().header("X-Proxy").has_value());
    const auto arrivals = proxy.arrivals();
    QCOMPARE(arrivals.size(), std::size_t { 2 });
    QCOMPARE(arrivals.at(0).target, std::string("platform.invalid:443"));
    QCOMPARE(arrivals.at(1).target, std::string("/v1/events"));
}

void TestTransportTls::aProxyThatRefusesIsAFailureToConnect_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<int>("status"); // 0: closes; -1: nobody listens
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const int status : { 403, 407, 502, 0, -1 })
            QTest::addRow("%s, %d", nameOf(kind), status) << kind << status;
}

void TestTransportTls::aProxyThatRefusesIsAFailureToConnect()
{
    QFETCH(TransportKind, kind);
    QFETCH(int, status);
    HostileServer proxy([=](const Arrival&) {
        Reaction reaction { .status = status, .then = Then::Close };
        if (status == 407)
            reaction.headers = { { "Proxy-Authenticate", "Basic realm=\"x\"" } };
        if (status == 0)
            reaction.raw = "";
        return reaction;
    });
    const ClosedPort nobody;
    const auto transport
        = makeTransport(kind, { .proxy = status < 0 ? nobody.url() : proxy.url("") });
    const auto call = start(*transport, post("https://platform.invalid/v1/events"));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("connect, not sent"));
}

void TestTransportTls::theEnvironmentsProxyIsIgnored_data() { addKinds(); }

void TestTransportTls::theEnvironmentsProxyIsIgnored()
{
    QFETCH(TransportKind, kind);
    const ClosedPort nobody;
    qputenv("http_proxy", QByteArray::fromStdString(nobody.url()));
    qputenv("all_proxy", QByteArray::fromStdString(nobody.url()));
    HostileServer server([](const Arrival&) { return Reaction {}; });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    qunsetenv("http_proxy");
    qunsetenv("all_proxy");
    QCOMPARE(call->outcome(), QByteArray("answer 200"));
}

SPILLWAY_TEST(TestTransportTls)

} // namespace tst_transport_tls

#include "tst_transport_tls.moc"
