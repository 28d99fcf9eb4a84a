#include "engine/http/raw_client.h"
#include "engine/ingress/ingress_fakes.h"
#include "ingress/ingress.h"
#include "support/test_program.h"

#include <thread>

namespace tst_ingress {

using namespace engine;
using namespace engine::ingress;
using engine::testing::bodyOf;
using engine::testing::FakeClock;
using engine::testing::FakeSink;
using engine::testing::RawClient;
using engine::testing::statusIn;

namespace {

struct Door {
    FakeClock clock {};
    FakeSink sink {};
    Config config { testing::fakeConfig() };
    std::unique_ptr<Ingress> ingress {};

    void open()
    {
        config.ingress.listen.port = 0;
        ingress = std::make_unique<Ingress>(
            testing::fakePorts(sink, clock), std::make_shared<Config>(config));
        QVERIFY(ingress->startNotes().empty());
        QVERIFY(ingress->start().has_value());
    }
};

std::string post(std::string_view body, std::string_view key = "key-shop")
{
    return "POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + std::string(key)
        + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size())
        + "\r\n\r\n" + std::string(body);
}
constexpr std::string_view kLead = R"({"event_id":"e1","event_name":"Lead","user":{"email":"a"}})";

} // namespace

class TestIngress final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEventTravelsFromTheSocketToTheStoreAndBack();
    void aStrangerIsRefusedBeforeItsBodyIsRead();
    void manyClientsShareTheDoor();
    void theDoorSaysWhereItIs();
    void stopWaitsForTheStoreToAnswer();
    void refusalsOfTheHttpLayerAreCountedToo();
    void aReloadMovesTheDoor();
    void anAddressThatCannotBeHadLeavesTheOldOneInForce();
};

void TestIngress::anEventTravelsFromTheSocketToTheStoreAndBack()
{
    Door door;
    door.open();
    RawClient client(door.ingress->port());
    client.send(post(kLead));
    QTRY_COMPARE(door.sink.waiting(), std::size_t { 1 });
    std::thread store([&door] { door.sink.commit(); });
    store.join();
    const std::string answer = client.answer();
    QCOMPARE(statusIn(answer), 202);
    const std::string expected = R"({"accepted":1,"duplicates":0,"ids":["e1"]})";
    QCOMPARE(bodyOf(answer), expected);
}

void TestIngress::aStrangerIsRefusedBeforeItsBodyIsRead()
{
    Door door;
    door.open();
    RawClient client(door.ingress->port());
    client.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer no\r\n"
                "Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(statusIn(client.answer()), 401);
    RawClient large(door.ingress->port());
    large.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-shop\r\n"
               "Content-Length: 50000000\r\n\r\n");
    QCOMPARE(statusIn(large.answer()), 413);
}

// 20 clients, each waits for its answer; one commit answers each batch, in any order of arrival.
void TestIngress::manyClientsShareTheDoor()
{
    Door door;
    door.open();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<RawClient>(door.ingress->port()));
        clients.back()->send(post(R"({"event_id":"id-)" + std::to_string(i)
            + R"(","event_name":"Lead","user":{"email":"a"}})"));
    }
    QTRY_COMPARE(door.sink.waiting(), std::size_t { 20 });
    std::thread store([&door] {
        while (door.sink.waiting() > 0)
            door.sink.commit();
    });
    store.join();
    for (int i = 0; i < 20; ++i) {
        const std::string answer = clients.at(static_cast<std::size_t>(i))->answer();
        QVERIFY(bodyOf(answer).ends_with("[\"id-" + std::to_string(i) + "\"]}"));
    }
}

void TestIngress::theDoorSaysWhereItIs()
{
    Door door;
    door.open();
    QCOMPARE(door.ingress->url(),
        "http://127.0.0.1:" + std::to_string(door.ingress->port()) + "/v1/events");
}

void TestIngress::stopWaitsForTheStoreToAnswer()
{
    Door door;
    door.open();
    RawClient client(door.ingress->port());
    RawClient idle(door.ingress->port());
    client.send(post(kLead));
    QTRY_COMPARE(door.sink.waiting(), std::size_t { 1 });
    std::thread stopping([&door] { door.ingress->stop(Millis { 60'000 }); });
    QCOMPARE(idle.rest(), std::string()); // closed: stop has begun
    door.sink.commit();
    QCOMPARE(statusIn(client.rest()), 202);
    stopping.join();
}

void TestIngress::refusalsOfTheHttpLayerAreCountedToo()
{
    Door door;
    door.open();
    RawClient broken(door.ingress->port());
    broken.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    QCOMPARE(statusIn(broken.answer()), 400);
    RawClient stranger(door.ingress->port());
    stranger.send(post(kLead, "no"));
    QCOMPARE(statusIn(stranger.answer()), 401);
    RawClient wrong(door.ingress->port());
    wrong.send(post("{}"));
    QCOMPARE(statusIn(wrong.answer()), 422);
    const auto all = door.ingress->snapshot();
    using Counts = std::vector<std::pair<int, std::int64_t>>;
    QCOMPARE(all.front().refusedByStatus, (Counts { { 422, 1 } }));
    QCOMPARE(all.back().workspace, std::string());
    QCOMPARE(all.back().refusedByStatus, (Counts { { 401, 1 }, { 400, 1 } }));
}

void TestIngress::aReloadMovesTheDoor()
{
    Door door;
    door.open();
    door.config.ingress.itemsMax = 1;
    QVERIFY(door.ingress->reload(std::make_shared<Config>(door.config)).empty());
    RawClient client(door.ingress->port());
    client.send(post("[" + std::string(kLead) + "," + std::string(kLead) + "]"));
    QCOMPARE(statusIn(client.answer()), 413);
    door.config.ingress.limits.bodyBytesMax = 512;
    QVERIFY(door.ingress->move(door.config.ingress));
    RawClient again(door.ingress->port());
    again.send(post("{\"x\":\"" + std::string(600, 'a') + "\"}"));
    QCOMPARE(statusIn(again.answer()), 413);
    QCOMPARE(door.ingress->snapshot().back().refusedByStatus.size()
            + door.ingress->snapshot().front().refusedByStatus.size(),
        std::size_t { 2 }); // those of the port that was closed are not forgotten
}

// An address that this machine does not have.
void TestIngress::anAddressThatCannotBeHadLeavesTheOldOneInForce()
{
    Door door;
    door.open();
    door.config.ingress.listen.host = "192.0.2.1";
    const Status moved = door.ingress->move(door.config.ingress);
    QVERIFY(!moved);
    QVERIFY2(moved.error().message.find("192.0.2.1") != std::string::npos,
        moved.error().message.c_str());
    RawClient client(door.ingress->port());
    client.send(post("{}"));
    QCOMPARE(statusIn(client.answer()), 422);
}

SPILLWAY_TEST(TestIngress)

} // namespace tst_ingress

#include "tst_ingress.moc"
