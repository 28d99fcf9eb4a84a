#include "engine/http/raw_client.h"
#include "http/server.h"
#include "support/test_program.h"

#include <QElapsedTimer>

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

namespace tst_http_server {

using namespace engine;
using namespace engine::http;
using engine::testing::bodyOf;
using engine::testing::RawClient;
using engine::testing::statusIn;

namespace {

// Small enough to reach, large enough not to stand in the way.
ServerOptions smallServer()
{
    ServerOptions options;
    options.name = "test";
    options.limits.bodyBytesMax = 1'000;
    options.limits.headerBytesMax = 2'048;
    options.limits.connectionsMax = 8;
    return options;
}

// Says what it was asked: "POST /path body".
struct Echo {
    std::atomic<int> calls { 0 };
    Handler handler()
    {
        return [this](ServerRequest request, Respond respond) {
            ++calls;
            ServerResponse response;
            response.body = request.method + ' ' + request.target + ' ' + request.body;
            respond(std::move(response));
        };
    }
};

// Keeps the answers until the test gives them, from the test's thread.
struct Held {
    std::mutex mutex {};
    std::deque<std::pair<ServerRequest, Respond>> waiting {};
    Handler handler()
    {
        return [this](ServerRequest request, Respond respond) {
            const std::scoped_lock lock(mutex);
            waiting.emplace_back(std::move(request), std::move(respond));
        };
    }
    std::size_t size()
    {
        const std::scoped_lock lock(mutex);
        return waiting.size();
    }
    std::pair<ServerRequest, Respond> take()
    {
        const std::scoped_lock lock(mutex);
        auto first = std::move(waiting.front());
        waiting.pop_front();
        return first;
    }
};

ServerResponse text(std::string body)
{
    ServerResponse response;
    response.body = std::move(body);
    return response;
}

std::string post(std::string_view body, std::string_view more = {})
{
    return "POST /x HTTP/1.1\r\nHost: a\r\n" + std::string(more)
        + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}
const std::string kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

class TestHttpServer final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aConnectionServesOneRequestAfterAnother();
    void pipelinedRequestsAreAnsweredInOrderOneAtATime();
    void chunksAreJoinedAlsoByteByByte();
    void hostileRequestsAreRefusedClosedAndNeverHandled_data();
    void hostileRequestsAreRefusedClosedAndNeverHandled();
    void aBodyOverItsLimitIsRefusedBeforeItIsRead();
    void chunksOverTheLimitAreRefusedOnTheWay();
    void allBodiesTogetherHaveALimit();
    void aPrecheckRefusesWithoutReadingTheBody();
    void continueIsSaidOnlyAfterThePrecheck();
    void headHasNoBodyAndUnknownMethodsReachTheHandler();
    void oldClientsAreClosedUnlessTheyAskToStay();
    void answersComeFromAnyThreadAndOnlyOnce();
    void aForgottenAnswerIs500();
    void anAnswerAfterTheServerIsGoneDoesNothing();
    void faultsGoWrongOnTheWireAsTold();
    void aDelayedAnswerComesLater();
    void aSlowRequestAndAnIdleConnectionAreClosed();
    void tooManyConnectionsAreRefused();
    void stopLetsAnAnswerFinishAndClosesIdleConnections();
    void stopEndsAtItsGraceWhenAHandlerHangs();
    void aTakenPortIsAnErrorThatNamesIt();
};

void TestHttpServer::aConnectionServesOneRequestAfterAnother()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    for (const std::string body : { "one", "", "three" }) {
        client.send(post(body));
        QCOMPARE(bodyOf(client.answer()), "POST /x " + body);
    }
    client.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string last = client.rest();
    QCOMPARE(bodyOf(last), std::string("GET /last "));
    QVERIFY(last.find("Connection: close\r\n") != std::string::npos);
    QVERIFY(client.wasClosed());
    QCOMPARE(server.counters().requests, 4);
    QCOMPARE(server.counters().connections, 1);
}

void TestHttpServer::pipelinedRequestsAreAnsweredInOrderOneAtATime()
{
    Held held;
    Server server(smallServer(), held.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send(post("1") + post("2") + post("3"));
    for (const std::string body : { "1", "2", "3" }) {
        QTRY_COMPARE(held.size(), std::size_t { 1 });
        auto [request, respond] = held.take();
        QCOMPARE(request.body, body);
        respond(text("answer " + body));
        QCOMPARE(bodyOf(client.answer()), "answer " + body);
    }
}

void TestHttpServer::chunksAreJoinedAlsoByteByByte()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    const std::string request = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n";
    RawClient client(server.port());
    client.send(request);
    QCOMPARE(bodyOf(client.answer()), std::string("POST /x abc0123456789"));
    for (const char byte : request)
        client.send(std::string_view(&byte, 1));
    QCOMPARE(bodyOf(client.answer()), std::string("POST /x abc0123456789"));
}

void TestHttpServer::hostileRequestsAreRefusedClosedAndNeverHandled_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const std::string& bytes, int status) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << status;
    };
    const std::string start = "POST /x HTTP/1.1\r\nHost: a\r\n";
    const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
    row("two lengths that differ", start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400);
    row("two equal lengths", start + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400);
    row("a list of lengths", start + "Content-Length: 1, 1\r\n\r\na", 400);
    row("length and chunks",
        start + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("chunks and length",
        start + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400);
    row("chunks twice",
        start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("another coding", start + "Transfer-Encoding: gzip\r\n\r\n", 501);
    row("chunked not last", start + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501);
    row("chunked with a trick", start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501);
    row("chunks in HTTP/1.0", "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400);
    row("negative length", start + "Content-Length: -1\r\n\r\n", 400);
    row("length with a sign", start + "Content-Length: +1\r\n\r\na", 400);
    row("length over 64 bits", start + "Content-Length: 99999999999999999999\r\n\r\n", 400);
    row("bare carriage return", start + "X-A: a\rb\r\n\r\n", 400);
    row("bare line feeds", "GET /x HTTP/1.1\nHost: a\n\n", 400);
    row("zero byte in a header", start + std::string("X-A: a\0b\r\n\r\n", 12), 400);
    row("space before the colon", start + "Content-Length : 1\r\n\r\na", 400);
    row("header without a colon", start + "nonsense\r\n\r\n", 400);
    row("no host", "GET /x HTTP/1.1\r\n\r\n", 400);
    row("two hosts", "GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
    row("one long header", start + "X-A: " + std::string(9'000, 'a') + "\r\n\r\n", 431);
    std::string many = start;
    for (int i = 0; i < 1'000; ++i)
        many += "A:b\r\n";
    row("many short headers", many + "\r\n", 431);
    row("long target", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 431);
    row("endless header", start + "X-A: " + std::string(200'000, 'a'), 431);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
    row("unknown version", "GET /x HTTP/3.7\r\nHost: a\r\n\r\n", 400);
    row("TLS on the clear port", std::string("\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\r\n\r\n", 13),
        400);
    row("space in the target", "GET /x y HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    row("another expectation", start + "Expect: coffee\r\nContent-Length: 1\r\n\r\na", 417);
    row("chunk size not a number", chunked + "zz\r\nab\r\n0\r\n\r\n", 400);
    row("chunk size over 64 bits", chunked + "FFFFFFFFFFFFFFFFF\r\n", 400);
    row("chunk longer than it says", chunked + "1\r\nab\r\n0\r\n\r\n", 400);
    row("long chunk extension", chunked + "1;" + std::string(200'000, 'a'), 431);
    row("endless trailer", chunked + "0\r\nX-A: " + std::string(200'000, 'a'), 431);
}

void TestHttpServer::hostileRequestsAreRefusedClosedAndNeverHandled()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send(bytes.toStdString());
    const std::string answer = client.answer();
    QCOMPARE(statusIn(answer), status);
    QVERIFY(bodyOf(answer).starts_with("{\"error\":{\"code\":\""));
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    client.finishSending();
    QCOMPARE(client.rest(), std::string());
    QVERIFY(client.wasClosed());
    QCOMPARE(echo.calls.load(), 0);
}

void TestHttpServer::aBodyOverItsLimitIsRefusedBeforeItIsRead()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient fits(server.port());
    fits.send(post(std::string(1'000, 'a')));
    QCOMPARE(statusIn(fits.answer()), 200);
    RawClient client(server.port());
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    QCOMPARE(statusIn(client.answer()), 413);
    QCOMPARE(echo.calls.load(), 1);
}

void TestHttpServer::chunksOverTheLimitAreRefusedOnTheWay()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 11; ++i)
        client.send("64\r\n" + std::string(100, 'a') + "\r\n");
    QCOMPARE(statusIn(client.answer()), 413);
    QCOMPARE(echo.calls.load(), 0);
}

// Room for 1,500 bytes of bodies: the second of two of 1,000 that are under way is refused, and has
// room again when the first is answered.
void TestHttpServer::allBodiesTogetherHaveALimit()
{
    Held held;
    auto options = smallServer();
    options.bodiesBytesMax = 1'500;
    Server server(std::move(options), held.handler());
    QVERIFY(server.start().has_value());
    RawClient first(server.port());
    first.send(post(std::string(1'000, 'a')));
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    RawClient second(server.port());
    second.send(post(std::string(1'000, 'b')));
    const std::string refused = second.answer();
    QCOMPARE(statusIn(refused), 503);
    QVERIFY(refused.find("Retry-After: ") != std::string::npos);
    held.take().second(text("done"));
    QCOMPARE(statusIn(first.answer()), 200);
    RawClient third(server.port());
    third.send(post(std::string(1'000, 'c')));
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    held.take().second(text("done"));
    QCOMPARE(statusIn(third.answer()), 200);
}

void TestHttpServer::aPrecheckRefusesWithoutReadingTheBody()
{
    Echo echo;
    auto options = smallServer();
    options.precheck = [](const ServerRequest& request) -> std::optional<ServerResponse> {
        if (request.header("x-key").value_or("") == "good")
            return std::nullopt;
        return errorResponse(401, "unauthorized", "No.");
    };
    Server server(std::move(options), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient bad(server.port());
    bad.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n"); // and never the body
    QCOMPARE(statusIn(bad.answer()), 401);
    QCOMPARE(echo.calls.load(), 0);
    RawClient good(server.port());
    good.send(post("b", "X-Key: good\r\n"));
    QCOMPARE(statusIn(good.answer()), 200);
}

void TestHttpServer::continueIsSaidOnlyAfterThePrecheck()
{
    Echo echo;
    auto options = smallServer();
    options.precheck = [](const ServerRequest& request) -> std::optional<ServerResponse> {
        if (request.path() == "/x")
            return std::nullopt;
        return errorResponse(401, "unauthorized", "No.");
    };
    Server server(std::move(options), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n");
    QCOMPARE(statusIn(client.answer()), 100);
    client.send("abc");
    QCOMPARE(bodyOf(client.answer()), std::string("POST /x abc"));
    client.send("POST /y HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    QCOMPARE(statusIn(client.answer()), 401);
}

void TestHttpServer::headHasNoBodyAndUnknownMethodsReachTheHandler()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string head = client.answer(true);
    QVERIFY(head.find("Content-Length: 8\r\n") != std::string::npos); // "HEAD /x "
    client.send("BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(bodyOf(client.answer()), std::string("BREW /pot "));
}

void TestHttpServer::oldClientsAreClosedUnlessTheyAskToStay()
{
    Echo echo;
    Server server(smallServer(), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient stays(server.port());
    stays.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    QVERIFY(stays.answer().find("Connection: keep-alive\r\n") != std::string::npos);
    stays.send("GET /y HTTP/1.0\r\n\r\n");
    QCOMPARE(bodyOf(stays.rest()), std::string("GET /y "));
    QVERIFY(stays.wasClosed());
}

void TestHttpServer::answersComeFromAnyThreadAndOnlyOnce()
{
    Held held;
    Server server(smallServer(), held.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send(kGet);
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    auto [request, respond] = held.take();
    std::thread other([&respond = respond] {
        respond(text("first"));
        respond(text("second"));
    });
    other.join();
    QCOMPARE(bodyOf(client.answer()), std::string("first"));
    client.send(kGet);
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    respond(text("third")); // of the old request: must not answer the new one
    held.take().second(text("right"));
    QCOMPARE(bodyOf(client.answer()), std::string("right"));
}

void TestHttpServer::aForgottenAnswerIs500()
{
    Server server(smallServer(), [](ServerRequest, const Respond&) {});
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send(kGet);
    QCOMPARE(statusIn(client.answer()), 500);
}

void TestHttpServer::anAnswerAfterTheServerIsGoneDoesNothing()
{
    Held held;
    Respond respond;
    {
        Server server(smallServer(), held.handler());
        QVERIFY(server.start().has_value());
        RawClient client(server.port());
        client.send(kGet);
        QTRY_COMPARE(held.size(), std::size_t { 1 });
        respond = held.take().second;
        server.stop(Millis { 1 });
        QCOMPARE(client.rest(), std::string());
    }
    respond(text("late"));
}

void TestHttpServer::faultsGoWrongOnTheWireAsTold()
{
    using Fault = ServerResponse::Fault;
    Fault fault = Fault::None; // only changed while nothing is asked
    Server server(smallServer(), [&fault](ServerRequest, const Respond& respond) {
        ServerResponse response = text(std::string(600, 'a'));
        response.fault = fault;
        respond(std::move(response));
    });
    QVERIFY(server.start().has_value());

    fault = Fault::CloseBeforeAnswer;
    RawClient closed(server.port());
    closed.send(kGet);
    QCOMPARE(closed.rest(), std::string());
    QVERIFY(closed.wasClosed() && !closed.wasReset());

    fault = Fault::ResetInTheMiddle;
    RawClient cut(server.port());
    cut.send(kGet);
    const std::string half = cut.rest();
    QCOMPARE(bodyOf(half).size(), std::size_t { 300 });
    QVERIFY(half.find("Content-Length: 600\r\n") != std::string::npos);
    QVERIFY(cut.wasReset());

    fault = Fault::NeverAnswer;
    RawClient hung(server.port());
    hung.send(kGet);
    hung.finishSending(); // it hangs until the client gives up
    QCOMPARE(hung.rest(), std::string());
    QVERIFY(hung.wasClosed());
}

void TestHttpServer::aDelayedAnswerComesLater()
{
    Server server(smallServer(), [](ServerRequest, const Respond& respond) {
        ServerResponse response = text("late");
        response.delay = Millis { 60 };
        respond(std::move(response));
    });
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    QElapsedTimer timer;
    timer.start();
    client.send(kGet);
    QCOMPARE(bodyOf(client.answer()), std::string("late"));
    QVERIFY(timer.elapsed() >= 60);
}

void TestHttpServer::aSlowRequestAndAnIdleConnectionAreClosed()
{
    Echo echo;
    auto options = smallServer();
    options.limits.readTimeout = Millis { 50 };
    options.limits.idleTimeout = Millis { 50 };
    Server server(std::move(options), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient slow(server.port());
    slow.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    QCOMPARE(slow.rest(), std::string());
    QVERIFY(slow.wasClosed());
    RawClient idle(server.port());
    QCOMPARE(idle.rest(), std::string());
    QVERIFY(idle.wasClosed());
    QCOMPARE(echo.calls.load(), 0);
}

void TestHttpServer::tooManyConnectionsAreRefused()
{
    Echo echo;
    auto options = smallServer();
    options.limits.connectionsMax = 2;
    Server server(std::move(options), echo.handler());
    QVERIFY(server.start().has_value());
    RawClient first(server.port());
    RawClient second(server.port());
    first.send(kGet);
    second.send(kGet);
    QCOMPARE(statusIn(first.answer()), 200);
    QCOMPARE(statusIn(second.answer()), 200);
    RawClient third(server.port());
    QCOMPARE(statusIn(third.rest()), 503);
    QCOMPARE(server.counters().connectionsRefused, 1);
    first.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    QCOMPARE(statusIn(first.rest()), 200);
    // The place is free as soon as the server has seen the close. Asked until it was once: the
    // client of one try may still be in the way of the next.
    bool wasFree = false;
    const auto isFree = [&] {
        RawClient again(server.port());
        again.send(kGet);
        wasFree = wasFree || statusIn(again.answer()) == 200;
        return wasFree;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isFree(), 20'000);
}

void TestHttpServer::stopLetsAnAnswerFinishAndClosesIdleConnections()
{
    Held held;
    Server server(smallServer(), held.handler());
    QVERIFY(server.start().has_value());
    RawClient idle(server.port());
    RawClient client(server.port());
    client.send(kGet);
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    std::thread stopping([&server] { server.stop(Millis { 60'000 }); });
    QCOMPARE(idle.rest(), std::string()); // closed: stop has begun
    held.take().second(text("finished"));
    const std::string answer = client.rest();
    QCOMPARE(bodyOf(answer), std::string("finished"));
    QVERIFY(answer.find("Connection: close\r\n") != std::string::npos);
    stopping.join(); // long before its grace, because nothing is open any more
    QVERIFY(!RawClient(server.port()).isConnected());
}

void TestHttpServer::stopEndsAtItsGraceWhenAHandlerHangs()
{
    Held held;
    Server server(smallServer(), held.handler());
    QVERIFY(server.start().has_value());
    RawClient client(server.port());
    client.send(kGet);
    QTRY_COMPARE(held.size(), std::size_t { 1 });
    server.stop(Millis { 20 });
    QCOMPARE(client.rest(), std::string());
    QVERIFY(client.wasClosed());
}

void TestHttpServer::aTakenPortIsAnErrorThatNamesIt()
{
    Echo echo;
    Server first(smallServer(), echo.handler());
    QVERIFY(first.start().has_value());
    auto options = smallServer();
    options.listen.port = first.port();
    Server second(std::move(options), echo.handler());
    const auto status = second.start();
    QVERIFY(!status.has_value());
    QCOMPARE(status.error().code, ErrorCode::Io);
    QCOMPARE(status.error().field, "127.0.0.1:" + std::to_string(first.port()));
}

SPILLWAY_TEST(TestHttpServer)

} // namespace tst_http_server

#include "tst_http_server.moc"
