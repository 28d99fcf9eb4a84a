// Conformance of the transports: what is made of an answer.
#include "support/test_program.h"
#include "transport_case.h"

namespace tst_transport_answers {

using namespace engine;
using namespace engine::testing;
using engine::delivery::makeTransport;

class TestTransportAnswers final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyStatusIsAnAnswer_data();
    void everyStatusIsAnAnswer();
    void redirectsAreNotFollowed_data();
    void redirectsAreNotFollowed();
    void aNewConnectionPerRequestIsFine_data();
    void aNewConnectionPerRequestIsFine();
    void theBodyIsReadHoweverItIsFramed_data();
    void theBodyIsReadHoweverItIsFramed();
    void interimAnswersAreSkipped_data();
    void interimAnswersAreSkipped();
    void headersAreFoundWhateverTheirCase_data();
    void headersAreFoundWhateverTheirCase();
    void theBodyIsCutAtTheLimitAndTheStatusKept_data();
    void theBodyIsCutAtTheLimitAndTheStatusKept();
    void anEndlessBodyIsNotReadOn_data();
    void anEndlessBodyIsNotReadOn();
    void endlessHeadersAreRefused_data();
    void endlessHeadersAreRefused();
    void whatIsNoHttpIsNoAnswer_data();
    void whatIsNoHttpIsNoAnswer();
    void theRequestArrivesAsItWasGiven_data();
    void theRequestArrivesAsItWasGiven();
};

void TestTransportAnswers::everyStatusIsAnAnswer_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<int>("status");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const int status : { 200, 201, 400, 401, 403, 404, 407, 409, 413, 429, 500, 502, 503 })
            QTest::addRow("%s, %d", nameOf(kind), status) << kind << status;
}

// A 401 with a challenge asks nobody and is not tried again.
void TestTransportAnswers::everyStatusIsAnAnswer()
{
    QFETCH(TransportKind, kind);
    QFETCH(int, status);
    HostileServer server([=](const Arrival&) {
        return Reaction { .status = status,
            .headers = { { "Retry-After", "7" }, { "WWW-Authenticate", "Basic realm=\"x\"" } },
            .body = "why" };
    });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), "answer " + QByteArray::number(status));
    QCOMPARE(call->answer().body, std::string("why"));
    QCOMPARE(call->answer().bodyBytes, std::int64_t { 3 });
    QCOMPARE(call->answer().httpVersion, std::string("1.1"));
    QVERIFY(call->answer().header("retry-after") == std::string_view("7"));
    QVERIFY(call->answer().latency.count() > 0);
    QCOMPARE(server.arrivalCount(), 1);
}

void TestTransportAnswers::redirectsAreNotFollowed_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<int>("status");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const int status : { 301, 302, 303, 307, 308 })
            QTest::addRow("%s, %d", nameOf(kind), status) << kind << status;
}

void TestTransportAnswers::redirectsAreNotFollowed()
{
    QFETCH(TransportKind, kind);
    QFETCH(int, status);
    HostileServer server([=](const Arrival&) {
        return Reaction { .status = status, .headers = { { "Location", "/elsewhere" } } };
    });
    const auto transport = makeTransport(kind, {});
    for (const char* method : { "POST", "GET" }) {
        const auto call = start(*transport, requestOf(method, server.url()));
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), "answer " + QByteArray::number(status));
        QVERIFY(call->answer().header("location") == std::string_view("/elsewhere"));
    }
    QCOMPARE(server.arrivalCount(), 2);
}

void TestTransportAnswers::aNewConnectionPerRequestIsFine_data() { addKinds(); }

// "Connection: close" after each answer, and one that closes without saying so.
void TestTransportAnswers::aNewConnectionPerRequestIsFine()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival& arrival) {
        Reaction reaction { .then = Then::Close };
        if (arrival.number % 2 == 1)
            reaction.headers = { { "Connection", "close" } };
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    for (int i = 1; i <= 10; ++i) {
        const auto call = start(*transport, post(server.url()));
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 200"));
        // The end must have reached us, or this would be the race that no client can win.
        QTRY_COMPARE_WITH_TIMEOUT(server.closedByScriptCount(), i, kWaitMs);
    }
    QCOMPARE(server.arrivalCount(), 10);
    QCOMPARE(server.connectionCount(), 10);
}

void TestTransportAnswers::theBodyIsReadHoweverItIsFramed_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QList<QByteArray>>("pieces");
    QTest::addColumn<Then>("then");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt }) {
        const auto row = [kind](const char* name) -> QTestData& {
            return QTest::addRow("%s, %s", nameOf(kind), name) << kind;
        };
        row("chunked") << QList<QByteArray> {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n",
            "7;x=y\r\n, world\r\n", "0\r\n\r\n"
        } << Then::Keep;
        row("chunked, in awkward pieces") << QList<QByteArray> { "HT", "TP/1.1 200 OK\r",
            "\nTransfer-Encod", "ing: chunked\r\n\r", "\n", "5", "\r", "\nhel", "lo\r\n7\r\n, wor",
            "ld\r\n0\r\nX-Tail", "er: 1\r\n\r\n" }
                                          << Then::Keep;
        row("up to the end of the connection")
            << QList<QByteArray> { "HTTP/1.1 200 OK\r\n\r\nhello", ", world" } << Then::Close;
        row("HTTP/1.0") << QList<QByteArray> {
            "HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nhello, world"
        } << Then::Close;
    }
}

void TestTransportAnswers::theBodyIsReadHoweverItIsFramed()
{
    QFETCH(TransportKind, kind);
    QFETCH(QList<QByteArray>, pieces);
    QFETCH(Then, then);
    HostileServer server([=](const Arrival&) {
        Reaction reaction { .then = then };
        for (const auto& piece : pieces)
            reaction.pieces.push_back(piece.toStdString());
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    for (int i = 0; i < 2; ++i) { // the second shows that the first left nothing behind
        const auto call = start(*transport, post(server.url()));
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 200"));
        QCOMPARE(call->answer().body, std::string("hello, world"));
        QCOMPARE(call->answer().bodyBytes, std::int64_t { 12 });
    }
}

void TestTransportAnswers::interimAnswersAreSkipped_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QByteArray>("interim");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt }) {
        QTest::addRow("%s, 100", nameOf(kind))
            << kind << QByteArray("HTTP/1.1 100 Continue\r\n\r\n");
        QTest::addRow("%s, two of 100", nameOf(kind))
            << kind
            << QByteArray("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n");
        QTest::addRow("%s, 103", nameOf(kind))
            << kind << QByteArray("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-Id: early\r\n\r\n");
    }
}

void TestTransportAnswers::interimAnswersAreSkipped()
{
    QFETCH(TransportKind, kind);
    QFETCH(QByteArray, interim);
    HostileServer server([=](const Arrival&) {
        Reaction reaction;
        reaction.pieces = { interim.toStdString(),
            "HTTP/1.1 202 Ok\r\nX-Id: final\r\nContent-Length: 2\r\n\r\n{}" };
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    if (interim.contains("103") && isBroken(kind, "interim answers are skipped")) {
        QEXPECT_FAIL("", "interim answers are skipped", Abort);
    }
    QCOMPARE(call->outcome(), QByteArray("answer 202"));
    QCOMPARE(call->answer().body, std::string("{}"));
    QVERIFY(call->answer().header("x-id") == std::string_view("final"));
    const auto arrival = server.arrivals().front();
    for (const auto& [name, value] : arrival.headers)
        QVERIFY(QByteArray::fromStdString(name).toLower() != "expect");
}

void TestTransportAnswers::headersAreFoundWhateverTheirCase_data() { addKinds(); }

void TestTransportAnswers::headersAreFoundWhateverTheirCase()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) {
        Reaction reaction;
        reaction.raw = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 2\r\nReTrY-aFtEr:   12  \r\n"
                       "X-Colons: a:b: c\r\n\r\n{}";
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("answer 200"));
    QVERIFY(call->answer().header("Retry-After") == std::string_view("12"));
    QVERIFY(call->answer().header("x-colons") == std::string_view("a:b: c"));
    QVERIFY(!call->answer().header("X-Missing").has_value());
}

void TestTransportAnswers::theBodyIsCutAtTheLimitAndTheStatusKept_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<int>("bodyBytes");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const bool isChunked : { false, true })
            for (const int bytes : { 9'999, 10'000, 10'001, 3'000'000 })
                QTest::addRow(
                    "%s, %s, %d bytes", nameOf(kind), isChunked ? "chunked" : "announced", bytes)
                    << kind << isChunked << bytes;
}

void TestTransportAnswers::theBodyIsCutAtTheLimitAndTheStatusKept()
{
    QFETCH(TransportKind, kind);
    QFETCH(bool, isChunked);
    QFETCH(int, bodyBytes);
    constexpr int kLimit = 10'000;
    HostileServer server([=](const Arrival&) {
        Reaction reaction { .status = 503, .body = std::string(std::size_t(bodyBytes), 'b') };
        if (isChunked)
            reaction.pieces = { "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n",
                QByteArray::number(bodyBytes, 16).toStdString() + "\r\n", reaction.body,
                "\r\n0\r\n\r\n" };
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    for (int i = 0; i < 2; ++i) { // and the next request is none the worse for it
        auto request = post(server.url());
        request.answerBytesMax = kLimit;
        const auto call = start(*transport, request);
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 503"));
        QCOMPARE(call->answer().body.size(), std::size_t(std::min(bodyBytes, kLimit)));
        if (!isChunked || bodyBytes <= kLimit)
            QCOMPARE(call->answer().bodyBytes, std::int64_t { bodyBytes });
        else
            QVERIFY(call->answer().bodyBytes > kLimit);
    }
}

void TestTransportAnswers::anEndlessBodyIsNotReadOn_data() { addKinds(); }

// The transport's own limit counts too, when it is the smaller one.
void TestTransportAnswers::anEndlessBodyIsNotReadOn()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) {
        Reaction reaction { .then = Then::FloodBody };
        reaction.raw = "HTTP/1.1 400 Bad\r\n\r\n";
        return reaction;
    });
    const auto transport = makeTransport(kind, { .answerBytesMax = 20'000 });
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QCOMPARE(call->outcome(), QByteArray("answer 400"));
    QCOMPARE(call->answer().body.size(), std::size_t { 20'000 });
    QTRY_COMPARE_WITH_TIMEOUT(server.closedByClientCount(), 1, kWaitMs);
    // 4 MB were measured with curl: what the kernel's buffers between the two took.
    const auto written = server.bodyBytesWritten();
    if (!isBroken(kind, "endless bodies are not read on"))
        QVERIFY2(written < 50'000'000, QByteArray::number(qint64 { written }).constData());
}

void TestTransportAnswers::endlessHeadersAreRefused_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<bool>("isOneHeader");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const bool isOneHeader : { false, true })
            QTest::addRow("%s, %s", nameOf(kind), isOneHeader ? "one" : "many")
                << kind << isOneHeader;
}

// 90 KB of headers where 64 KiB are allowed.
void TestTransportAnswers::endlessHeadersAreRefused()
{
    QFETCH(TransportKind, kind);
    QFETCH(bool, isOneHeader);
    HostileServer server([=](const Arrival&) {
        std::string text = "HTTP/1.1 200 OK\r\n";
        if (isOneHeader)
            text += "X-Long: " + std::string(90'000, 'h') + "\r\n";
        else
            for (int i = 0; i < 9'000; ++i)
                text += "X-A: 45\r\n";
        Reaction reaction;
        reaction.raw = text + "Content-Length: 2\r\n\r\n{}";
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    auto request = post(server.url());
    request.timeout = std::chrono::seconds { 2 }; // Qt finds no end of them
    const auto call = start(*transport, request);
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    if (isBroken(kind, "endless headers are refused"))
        QEXPECT_FAIL("", "endless headers are refused", Continue);
    QCOMPARE(call->outcome(), QByteArray("too_large, sent"));
    QCOMPARE(server.arrivalCount(), 1);
}

void TestTransportAnswers::whatIsNoHttpIsNoAnswer_data() { addKinds(); }

void TestTransportAnswers::whatIsNoHttpIsNoAnswer()
{
    QFETCH(TransportKind, kind);
    HostileServer server([](const Arrival&) {
        Reaction reaction { .then = Then::Close };
        reaction.raw = "220 mail.example ESMTP\r\n250 and so on, for more than a line\r\n";
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    const auto call = start(*transport, post(server.url()));
    QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
    QVERIFY(call->hasFailed());
    QVERIFY(call->failure().kind == Kind::Protocol || call->failure().kind == Kind::Closed);
    QVERIFY(call->failure().wasSent);
    if (isBroken(kind, "one send per request"))
        QEXPECT_FAIL("", "one send per request", Continue);
    QCOMPARE(server.arrivalCount(), 1);
}

void TestTransportAnswers::theRequestArrivesAsItWasGiven_data()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::addColumn<QString>("method");
    for (const auto kind : { TransportKind::Curl, TransportKind::Qt })
        for (const char* method : { "POST", "PUT", "DELETE", "PATCH", "GET", "HEAD" })
            QTest::addRow("%s, %s", nameOf(kind), method) << kind << QString::fromLatin1(method);
}

// Twice over one transport with another method between, so that nothing sticks to a reused handle.
void TestTransportAnswers::theRequestArrivesAsItWasGiven()
{
    QFETCH(TransportKind, kind);
    QFETCH(QString, method);
    HostileServer server([](const Arrival& arrival) {
        Reaction reaction;
        if (arrival.method == "HEAD")
            reaction.raw = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        return reaction;
    });
    const auto transport = makeTransport(kind, {});
    const bool hasBody = method != u"GET" && method != u"HEAD";
    std::string body = hasBody ? std::string("{\"a\":\"\0\xc3\xa4\"}", 11) : std::string();
    for (int i = 0; i < 3; ++i) {
        const bool isMiddle = i == 1;
        HttpRequest request { .method = isMiddle ? "POST" : method.toStdString(),
            .url = server.url("/v1/a%20b?x=1&y=%2F"),
            .headers = { { "Authorization", "Bearer t0ken" }, { "X-Empty", "" },
                { "Content-Type", "application/json" } },
            .body = isMiddle ? "other" : body };
        const auto call = start(*transport, request);
        QTRY_VERIFY_WITH_TIMEOUT(call->result.has_value(), kWaitMs);
        QCOMPARE(call->outcome(), QByteArray("answer 200"));
    }
    for (const std::size_t i : { std::size_t { 0 }, std::size_t { 2 } }) {
        const auto arrival = server.arrivals().at(i);
        QCOMPARE(arrival.method, method.toStdString());
        QCOMPARE(arrival.target, std::string("/v1/a%20b?x=1&y=%2F"));
        QCOMPARE(arrival.body, body);
        std::map<std::string, std::string> headers;
        for (const auto& [name, value] : arrival.headers)
            QVERIFY2(headers.emplace(QByteArray::fromStdString(name).toLower().toStdString(), value)
                         .second,
                name.c_str());
        QCOMPARE(headers["authorization"], std::string("Bearer t0ken"));
        QCOMPARE(headers["content-type"], std::string("application/json"));
        QVERIFY(headers["user-agent"].starts_with("Spillway/"));
        QCOMPARE(headers.contains("cookie"), false);
    }
}

SPILLWAY_TEST(TestTransportAnswers)

} // namespace tst_transport_answers

#include "tst_transport_answers.moc"
