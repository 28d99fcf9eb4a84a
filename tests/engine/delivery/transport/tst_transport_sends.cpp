// Conformance of the transports: what leaves, how often, and how many at once.
#include "support/test_program.h"
#include "transport_case.h"

namespace tst_transport_sends {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;
using engine::delivery::makeTransport;

class TestTransportSends final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRequestArrivesOnceWhenItsAnswerNeverComes_data();
    void aRequestArrivesOnceWhenItsAnswerNeverComes();
    void allRequestsAreInFlightAtOnce_data();
    void allRequestsAreInFlightAtOnce();
    void connectionsAreUsedAgain_data();
    void connectionsAreUsedAgain();
    void aCancelledRequestStillCallsBackOnce_data();
    void aCancelledRequestStillCallsBackOnce();
    void aRequestCancelledAtOnceNeverArrives_data();
    void aRequestCancelledAtOnceNeverArrives();
    void nobodyIsCalledBackAfterDestruction_data();
    void nobodyIsCalledBackAfterDestruction();
    void aCallbackMayDestroyTheTransport_data();
    void aCallbackMayDestroyTheTransport();
    void aCallbackMaySendAndCancel_data();
    void aCallbackMaySendAndCancel();
    void whatCannotBeSentFailsWithoutASend_data();
    void whatCannotBeSentFailsWithoutASend();
    void aPortNobodyListensOnIsAFailureToConnect_data();
    void aPortNobodyListensOnIsAFailureToConnect();
    void connectingEndsInItsOwnTime_data();
    void connectingEndsInItsOwnTime();
    void waitingForAnAnswerEndsInTime_data();
    void waitingForAnAnswerEndsInTime();

private:
    TestCertificates m_certificates;
    CertificateFiles m_files { m_certificates.issue("IP:127.0.0.1") };

    [[nodiscard]] HostileServerOptions serverOptions(const QString& protocol) const
    {
        if (protocol == u"http/1.1")
            return {};
        return { .certificateFile = m_files.certificate,
            .keyFile = m_files.key,
            .isHttp2 = protocol == u"https/2" };
    }
    [[nodiscard]] NetworkOptions options() const
    {
        return { .caFile = m_certificates.authorityFile() };
    }
};

void TestTransportSends::aRequestArrivesOnceWhenItsAnswerNeverComes_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("isReused");
    QTest::addColumn<Then>("then");
    QTest::addColumn<bool>("isMidAnswer");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const char* protocol : { "http/1.1", "https/1.1", "https/2" })
            for (const char* method : { "POST", "GET" })
                for (const bool isReused : { false, true })
                    for (const auto then : { Then::Close, Then::Reset })
                        for (const bool isMidAnswer : { false, true })
                            QTest::addRow("%s, %s %s, %s connection %s %s", nameOf(kind), protocol,
                                method, isReused ? "reused" : "fresh",
                                then == Then::Close ? "closes" : "resets",
                                isMidAnswer ? "in the answer" : "before the answer")
                                << kind << QString::fromLatin1(protocol)
                                << QString::fromLatin1(method) << isReused << then << isMidAnswer;
}

// The server takes the request whole and then ends the connection. To the client that is the same
// as a kept connection that goes stale just as the request is written; the request may have been
// processed, so whoever repeats it must know that he does.
void TestTransportSends::aRequestArrivesOnceWhenItsAnswerNeverComes()
{
    QFETCH(TransportKind, kind);
    QFETCH(QString, protocol);
    QFETCH(QString, method);
    QFETCH(bool, isReused);
    QFETCH(Then, then);
    QFETCH(bool, isMidAnswer);
    HostileServer server(
        [=](const Arrival& arrival) {
            if (isReused && arrival.number == 1)
                return Reaction {};
            Reaction reaction { .body = std::string(100, 'x'), .then = then };
            if (isMidAnswer)
                reaction.bodyBytesSent = 50;
            else
                reaction.raw = "";
            return reaction;
        },
        serverOptions(protocol));
    const auto transport = makeTransport(kind, options());
    if (isReused) {
        const auto first = start(*transport, requestOf("POST", server.url()));
        QTRY_COMPARE_WITH_TIMEOUT(first->status(), 200, kWaitMs);
    }

    const auto call = start(*transport, requestOf(method.toStdString(), server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);

    if (!isMidAnswer && protocol != u"https/2" && isBroken(kind, "one send per request"))
        QEXPECT_FAIL("", "one send per request", Continue);
    QCOMPARE(server.arrivalCount(), isReused ? 2 : 1);
    QCOMPARE(call->outcome(), QByteArray("closed, sent"));
}

void TestTransportSends::allRequestsAreInFlightAtOnce_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<int>("count");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const char* protocol : { "http/1.1", "https/2" })
            for (const int count : { 1, 6, 7, 50, 250 })
                QTest::addRow("%s, %s, %d", nameOf(kind), protocol, count)
                    << kind << QString::fromLatin1(protocol) << count;
}

// The server answers nobody before all are there. 250 is beyond what Qt promises over HTTP/1.1.
void TestTransportSends::allRequestsAreInFlightAtOnce()
{
    QFETCH(TransportKind, kind);
    QFETCH(QString, protocol);
    QFETCH(int, count);
    HostileServer server(
        [](const Arrival&) { return Reaction { .isHeld = true }; }, serverOptions(protocol));
    const auto transport = makeTransport(kind, options());
    std::vector<CallPtr> calls;
    for (int i = 0; i < count; ++i)
        calls.push_back(start(*transport, post(server.url())));
    QCOMPARE(transport->inFlight(), count);

    const bool isTooMany = count > 192 && protocol == u"http/1.1";
    const bool isPromised = !isTooMany || !isBroken(kind, "all in flight at once");
    QTRY_COMPARE_WITH_TIMEOUT(server.arrivalCount(), isPromised ? count : 192, kWaitMs);
    server.release();

    for (const auto& call : calls) {
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 200"));
    }
    QCOMPARE(server.arrivalCount(), count);
    QCOMPARE(transport->inFlight(), 0);
}

void TestTransportSends::connectionsAreUsedAgain_data() { addKinds(); }

void TestTransportSends::connectionsAreUsedAgain()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) { return Reaction {}; });
    const auto transport = makeTransport(kind, {});
    for (int i = 0; i < 20; ++i) {
        const auto call = start(*transport, post(server.url()));
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 200"));
    }
    QCOMPARE(server.arrivalCount(), 20);
    QCOMPARE(server.connectionCount(), 1);
}

void TestTransportSends::aCancelledRequestStillCallsBackOnce_data() { addKinds(); }

void TestTransportSends::aCancelledRequestStillCallsBackOnce()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) { return Reaction { .isHeld = true }; });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_COMPARE_WITH_TIMEOUT(server.arrivalCount(), 1, kWaitMs);

    transport->cancel(call->id);
    transport->cancel(call->id);
    QCOMPARE(call->callbacks, 0); // from the event loop only
    QCOMPARE(transport->inFlight(), 1);

    QTRY_VERIFY_WITH_TIMEOUT(call->hasFailed(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("cancelled, sent"));
    QCOMPARE(transport->inFlight(), 0);
    server.release();
    QTRY_COMPARE_WITH_TIMEOUT(server.closedByClientCount(), 1, kWaitMs);
    transport->cancel(call->id); // known no more: ignored
    QCOMPARE(call->callbacks, 1);
}

void TestTransportSends::aRequestCancelledAtOnceNeverArrives_data() { addKinds(); }

void TestTransportSends::aRequestCancelledAtOnceNeverArrives()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) { return Reaction {}; });
    const auto transport = makeTransport(kind, {});
    const auto cancelled = start(*transport, post(server.url("/cancelled")));
    transport->cancel(cancelled->id);
    const auto other = start(*transport, post(server.url("/other")));

    QTRY_COMPARE_WITH_TIMEOUT(other->status(), 200, kWaitMs);
    QTRY_VERIFY_WITH_TIMEOUT(cancelled->hasFailed(), kWaitMs);
    QCOMPARE(cancelled->outcome(), QByteArray("cancelled, not sent"));
    QCOMPARE(server.arrivalCount(), 1);
    QCOMPARE(server.arrivals().front().target, std::string("/other"));
}

void TestTransportSends::nobodyIsCalledBackAfterDestruction_data() { addKinds(); }

void TestTransportSends::nobodyIsCalledBackAfterDestruction()
{
    QFETCH(TransportKind, kind);
    HostileServer server(
        [](const Arrival& arrival) { return Reaction { .isHeld = arrival.target == "/held" }; });
    auto transport = makeTransport(kind, {});
    std::vector<CallPtr> calls;
    for (int i = 0; i < 8; ++i)
        calls.push_back(start(*transport, post(server.url("/held"))));
    QTRY_COMPARE_WITH_TIMEOUT(server.arrivalCount(), 8, kWaitMs);
    calls.push_back(start(*transport, post(server.url("/not-yet-sent"))));
    transport->cancel(calls.front()->id); // its callback is on the way

    transport.reset();
    server.release();

    QTRY_COMPARE_WITH_TIMEOUT(server.closedByClientCount(), 8, kWaitMs);
    QCoreApplication::processEvents();
    for (const auto& call : calls)
        QCOMPARE(call->callbacks, 0);
    // Held by the test alone: the transport kept no copy of a callback.
    for (const auto& call : calls)
        QCOMPARE(call.use_count(), 1L);
}

void TestTransportSends::aCallbackMayDestroyTheTransport_data() { addKinds(); }

void TestTransportSends::aCallbackMayDestroyTheTransport()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) { return Reaction {}; });
    auto transport = makeTransport(kind, {});
    int callbacks = 0;
    for (int i = 0; i < 4; ++i)
        transport->send(post(server.url()), [&](const TransferResult&) {
            ++callbacks;
            transport.reset();
        });
    QTRY_VERIFY_WITH_TIMEOUT(!transport, kWaitMs);
    QCoreApplication::processEvents();
    QCOMPARE(callbacks, 1);
}

void TestTransportSends::aCallbackMaySendAndCancel_data() { addKinds(); }

void TestTransportSends::aCallbackMaySendAndCancel()
{
    QFETCH(TransportKind, kind);
    HostileServer server(
        [](const Arrival& arrival) { return Reaction { .isHeld = arrival.target == "/held" }; });
    const auto transport = makeTransport(kind, {});
    const auto held = start(*transport, post(server.url("/held")));
    QTRY_COMPARE_WITH_TIMEOUT(server.arrivalCount(), 1, kWaitMs);
    CallPtr second;
    transport->send(post(server.url()), [&](const TransferResult&) {
        transport->cancel(held->id);
        second = start(*transport, post(server.url()));
    });
    QTRY_VERIFY_WITH_TIMEOUT(second && second->status() == 200, kWaitMs);
    QTRY_VERIFY_WITH_TIMEOUT(held->hasFailed(), kWaitMs);
    QCOMPARE(held->outcome(), QByteArray("cancelled, sent"));
}

void TestTransportSends::whatCannotBeSentFailsWithoutASend_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QByteArray>("url");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt }) {
        const auto row = [kind](const char* name) -> QTestData& {
            return QTest::addRow("%s, %s", nameOf(kind), name) << kind;
        };
        row("a file") << QByteArray("file:///etc/hostname") << QByteArray() << QByteArray();
        row("ftp") << QByteArray("ftp://127.0.0.1/") << QByteArray() << QByteArray();
        row("a line break in the URL")
            << QByteArray("SERVER/\r\nX: y") << QByteArray() << QByteArray();
        row("a line break in a header")
            << QByteArray("SERVER/") << QByteArray("X-A") << QByteArray("a\r\nX-B: b");
        row("a header name with a blank")
            << QByteArray("SERVER/") << QByteArray("X A") << QByteArray("a");
    }
}

void TestTransportSends::whatCannotBeSentFailsWithoutASend()
{
    QFETCH(TransportKind, kind);
    QFETCH(QByteArray, url);
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, value);
    HostileServer server([](const Arrival&) { return Reaction {}; });
    const auto transport = makeTransport(kind, {});
    auto request
        = post(url.replace("SERVER", QByteArray::fromStdString(server.url(""))).toStdString());
    if (!header.isEmpty())
        request.headers.emplace_back(header.toStdString(), value.toStdString());

    const auto call = start(*transport, request);
    QCOMPARE(call->callbacks, 0);
    QTRY_VERIFY_WITH_TIMEOUT(call->hasFailed(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("protocol, not sent"));
    QCOMPARE(server.connectionCount(), 0);
}

void TestTransportSends::aPortNobodyListensOnIsAFailureToConnect_data() { addKinds(); }

void TestTransportSends::aPortNobodyListensOnIsAFailureToConnect()
{
    QFETCH(TransportKind, kind);
    const ClosedPort port;
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(port.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->hasFailed(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("connect, not sent"));
    QVERIFY(!call->failure().detail.empty());
}

void TestTransportSends::connectingEndsInItsOwnTime_data() { addKinds(); }

// 100 ms to connect, far below the whole.
void TestTransportSends::connectingEndsInItsOwnTime()
{
    QFETCH(TransportKind, kind);
    const DeafPort port;
    const auto transport = makeTransport(kind, {});
    auto request = post(port.url());
    request.connectTimeout = 100ms;
    request.timeout = 60s;
    const auto call = start(*transport, request);
    QTRY_VERIFY_WITH_TIMEOUT(call->hasFailed(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("timeout, not sent"));
    QVERIFY(call->failure().latency >= 99ms);
    QVERIFY(call->failure().latency < 30s);
}

void TestTransportSends::waitingForAnAnswerEndsInTime_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<bool>("isStarted");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt }) {
        QTest::addRow("%s, no answer", nameOf(kind)) << kind << false;
        QTest::addRow("%s, an answer that stops", nameOf(kind)) << kind << true;
    }
}

// The connect timeout, shorter still, has done its work when the request is out.
void TestTransportSends::waitingForAnAnswerEndsInTime()
{
    QFETCH(TransportKind, kind);
    QFETCH(bool, isStarted);
    HostileServer server([=](const Arrival&) {
        Reaction reaction { .then = Then::Hang };
        reaction.raw = isStarted ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc" : "";
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    auto request = post(server.url());
    request.timeout = 400ms;
    request.connectTimeout = 200ms;
    const auto call = start(*transport, request);
    QTRY_VERIFY_WITH_TIMEOUT(call->hasFailed(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("timeout, sent"));
    QVERIFY(call->failure().latency >= 399ms);
    QCOMPARE(server.arrivalCount(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(server.closedByClientCount(), 1, kWaitMs);
}

SPILLWAY_TEST(TestTransportSends)

} // namespace tst_transport_sends

#include "tst_transport_sends.moc"
