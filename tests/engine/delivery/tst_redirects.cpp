#include "delivery/redirects.h"
#include "support/test_program.h"
#include "world.h"

namespace tst_redirects {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

HttpAnswer leadingTo(const std::string& location)
{
    return { .status = 307, .headers = { { "Location", location } } };
}

Contract regional()
{
    Contract contract;
    contract.redirectDomains = { "criteo.com" };
    return contract;
}

ServerReply redirect(const std::string& location)
{
    ServerReply reply;
    reply.answer = leadingTo(location);
    return reply;
}

DestinationConfig regionalHook()
{
    DestinationConfig hook = World::plain("hook");
    hook.contract.redirectDomains = { "hook.example" };
    return hook;
}

} // namespace

class TestRedirects : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theHostOfTheRegionIsRemembered();
    void onlyWhatDiffersIsReplaced();
    void aPathIsReadAgainstTheHostThatWasAsked();
    void strangersAndClearTextAreRefused_data();
    void strangersAndClearTextAreRefused();
    void aRedirectedRecordArrivesOnceAndSpendsOneAttempt();
    void aLoopEndsAfterFiveHopsAndIsRetried();
    void withoutPermissionARedirectIsAConfigurationFault();
};

void TestRedirects::theHostOfTheRegionIsRemembered()
{
    const auto found = redirectOf("https://widget.criteo.com/m/event?version=s2s_v0",
        leadingTo("https://widget.eu.criteo.com/m/event?version=s2s_v0"), regional());
    QVERIFY(found);
    QCOMPARE(found->applied("https://widget.criteo.com/m/event?version=s2s_v0"),
        std::string("https://widget.eu.criteo.com/m/event?version=s2s_v0"));
    QCOMPARE(found->applied("https://other.example/m/event"),
        std::string("https://other.example/m/event"));
}

void TestRedirects::onlyWhatDiffersIsReplaced()
{
    const auto found = redirectOf("http://127.0.0.1:9100/criteo/m/event",
        leadingTo("http://127.0.0.1:9100/criteo-eu/m/event"), regional());
    QVERIFY(found);
    QCOMPARE(found->applied("http://127.0.0.1:9100/criteo/m/event?id=2"),
        std::string("http://127.0.0.1:9100/criteo-eu/m/event?id=2"));
}

void TestRedirects::aPathIsReadAgainstTheHostThatWasAsked()
{
    const auto found
        = redirectOf("https://widget.criteo.com/m/event", leadingTo("/eu/m/event"), regional());
    QVERIFY(found);
    QCOMPARE(found->applied("https://widget.criteo.com/m/event"),
        std::string("https://widget.criteo.com/eu/m/event"));
}

void TestRedirects::strangersAndClearTextAreRefused_data()
{
    QTest::addColumn<QString>("location");
    QTest::newRow("another domain") << "https://evil.example/m/event";
    QTest::newRow("a domain that ends alike") << "https://notcriteo.com/m/event";
    QTest::newRow("the domain as a user name") << "https://criteo.com@evil.example/m/event";
    QTest::newRow("the domain as a user name with a password")
        << "https://widget.criteo.com:x@evil.example/m/event";
    QTest::newRow("the domain as a user name of an address with a port")
        << "https://widget.criteo.com:443@evil.example:8443/m/event";
    QTest::newRow("a user name before the domain") << "https://x@widget.eu.criteo.com/m/event";
    QTest::newRow("a backslash before the domain") << "https://evil.example\\.criteo.com/m/event";
    QTest::newRow("an escape in the host") << "https://evil.example%2f.criteo.com/m/event";
    QTest::newRow("a port that is none") << "https://widget.eu.criteo.com:44x/m/event";
    QTest::newRow("an address without its end") << "https://[::1/m/event";
    QTest::newRow("a stranger's address") << "https://[2001:db8::1]:443/m/event";
    QTest::newRow("without a host") << "https:///m/event";
    QTest::newRow("without TLS") << "http://widget.eu.criteo.com/m/event";
    QTest::newRow("no place") << "";
}

void TestRedirects::strangersAndClearTextAreRefused()
{
    QFETCH(const QString, location);
    QVERIFY(!redirectOf(
        "https://widget.criteo.com/m/event", leadingTo(location.toStdString()), regional()));
}

void TestRedirects::aRedirectedRecordArrivesOnceAndSpendsOneAttempt()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    std::vector<std::string> asked;
    world.server = [&](const HttpRequest& request) {
        asked.push_back(request.url);
        return request.url.starts_with("http://eu.") ? ServerReply {}
                                                     : redirect("http://eu.hook.example/1");
    };
    world.store.add(shard, R"({"id":1})");
    world.store.add(shard, R"({"id":2})");
    DestinationConfig hook = regionalHook();
    hook.concurrency = 1;
    world.start({ hook });
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 2 });
    QCOMPARE(asked.size(), std::size_t { 3 }); // the second record knows the way
    QCOMPARE(asked[0], std::string("http://hook.example/1"));
    QCOMPARE(asked[2], std::string("http://eu.hook.example/1"));
}

void TestRedirects::aLoopEndsAfterFiveHopsAndIsRetried()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int asked = 0;
    world.server = [&](const HttpRequest&) {
        return redirect("http://r" + std::to_string(++asked) + ".hook.example/1");
    };
    world.store.add(shard, R"({"id":1})");
    world.start({ regionalHook() });
    world.loop.runFor(900ms);
    QCOMPARE(asked, 6);
    QCOMPARE(world.store.find(shard, EventSeq { 1 })->attempts, 1);
    world.loop.runFor(1'200ms); // after a second it is tried again, from the beginning
    QCOMPARE(asked, 12);
    QCOMPARE(world.store.find(shard, EventSeq { 1 })->attempts, 2);
    QCOMPARE(world.reading(kShard).credential, CredentialState::Ok);
}

void TestRedirects::withoutPermissionARedirectIsAConfigurationFault()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    int asked = 0;
    world.server = [&](const HttpRequest&) {
        ++asked;
        return redirect("http://eu.hook.example/1");
    };
    world.store.add(shard, R"({"id":1})");
    world.start({ World::plain("hook") });
    world.loop.runFor(10s);
    QCOMPARE(asked, 1);
    QCOMPARE(world.store.find(shard, EventSeq { 1 })->attempts, 0);
}

SPILLWAY_TEST(TestRedirects)

} // namespace tst_redirects

#include "tst_redirects.moc"
