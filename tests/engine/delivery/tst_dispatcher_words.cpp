// What platforms and token endpoints say in words, and where it goes from here.
#include "replies.h"
#include "support/test_program.h"

namespace tst_dispatcher_words {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { .destination = "hook", .account = "1" };

constexpr std::string_view kToken = "EAAB-only-we-may-know-this";

platforms::Secrets withToken()
{
    platforms::Secrets secrets;
    secrets["access_token"] = kToken;
    return secrets;
}

// Everything that outlives the answer in the store and in the readings.
std::string allTextOf(World& world)
{
    std::string text;
    for (const RequestResult& result : world.store.results) {
        text += result.requestHead + result.response;
        for (const ItemResult& item : result.items)
            text += item.code + '\n' + item.message + '\n' + item.fingerprint + '\n';
    }
    for (const ShardReading& reading : world.dispatcher->readings()) {
        for (const Hold& hold : reading.holds)
            text += hold.reason + '\n';
    }
    for (const std::string& told : world.toldLater)
        text += told + '\n';
    return text;
}

} // namespace

class TestDispatcherWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEchoOfTheCredentialGoesNowhere_data();
    void anEchoOfTheCredentialGoesNowhere();
    void anEchoThatWasCutTellsNothingEither();
    void anEchoOfTheTokenEndpointGoesNowhere();
    void anEchoInALateAnswerGoesNowhere();
    void anOptionThatFitsNoRequestIsTheShardsOwnMatter();
    void aSecretThatIsMissingIsTheMatterOfAllWhoShareIt();
    void onlyRefusalsOfTheSameKindHoldTheShard();
    void aProxyThatWantsAPasswordLosesNothing();
    void threeFailuresThatCannotBeReadAreTold_data();
    void threeFailuresThatCannotBeReadAreTold();
};

void TestDispatcherWords::anEchoOfTheCredentialGoesNowhere_data()
{
    QTest::addColumn<int>("status");
    for (const int status : { 302, 400, 401, 403, 413, 429, 503 })
        QTest::addRow("%d", status) << status;
}
void TestDispatcherWords::anEchoOfTheCredentialGoesNowhere()
{
    QFETCH(const int, status);
    World world;
    world.secrets = [](const DestinationConfig&, const std::string&, bool) {
        return Result<platforms::Secrets>(withToken());
    };
    world.server = [status](const HttpRequest& request) {
        return reply(status, "Malformed " + request.headers.front().second);
    };
    const ShardKey shard = world.store.addShard(kShard);
    for (int i = 0; i < 4; ++i)
        world.store.add(shard, payload(i));
    world.start({ World::plain("hook") });
    world.loop.runFor(600s);
    QVERIFY(world.transport->sent > 0);
    const std::string text = allTextOf(world);
    QVERIFY2(text.find("Malformed Bearer $access_token") != std::string::npos, text.c_str());
    QVERIFY2(text.find(kToken) == std::string::npos, text.c_str());
}

// The platform's text is cut to 500 bytes, in the middle of the token.
void TestDispatcherWords::anEchoThatWasCutTellsNothingEither()
{
    World world;
    world.secrets = [](const DestinationConfig&, const std::string&, bool) {
        return Result<platforms::Secrets>(withToken());
    };
    world.server = [](const HttpRequest&) {
        return reply(400, std::string(480, '-') + std::string(kToken));
    };
    const ShardKey shard = world.store.addShard(kShard);
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(5s);
    QCOMPARE(world.store.dead.size(), std::size_t { 1 });
    const std::string text = allTextOf(world);
    QVERIFY2(text.find("--$access_token") != std::string::npos, text.c_str());
    QVERIFY2(text.find(kToken.substr(0, 6)) == std::string::npos, text.c_str());
}

void TestDispatcherWords::anEchoOfTheTokenEndpointGoesNowhere()
{
    for (const int status : { 400, 503 }) {
        World world;
        world.secrets = [](const DestinationConfig&, const std::string&, bool) {
            platforms::Secrets secrets;
            secrets["refresh_token"] = kToken;
            return Result<platforms::Secrets>(std::move(secrets));
        };
        world.server = [status](const HttpRequest& request) {
            return reply(status,
                R"({"error":"invalid_grant","error_description":"no such )" + request.body + "\"}");
        };
        const ShardKey shard = world.store.addShard(kShard);
        world.store.add(shard, payload(1));
        world.start({ World::plain("hook") });
        world.loop.runFor(5s);
        const std::string reason = reasonOf(world.reading(kShard), Hold::Gate::Credential);
        QVERIFY2(reason.find("no such $refresh_token") != std::string::npos, reason.c_str());
        const std::string text = allTextOf(world);
        QVERIFY2(text.find(kToken) == std::string::npos, text.c_str());
    }
}

void TestDispatcherWords::anEchoInALateAnswerGoesNowhere()
{
    World world;
    world.secrets = [](const DestinationConfig&, const std::string&, bool) {
        return Result<platforms::Secrets>(withToken());
    };
    world.server = [](const HttpRequest& request) {
        if (request.url.ends_with("/receipt"))
            return reply(200, "bad record, sent with " + std::string(kToken));
        return reply(200, {}, { { "X-Receipt", "r1" } });
    };
    const ShardKey shard = world.store.addShard(kShard);
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(3600s);
    QCOMPARE(world.toldLater.size(), std::size_t { 1 });
    QVERIFY(world.toldLater.front().find("sent with $access_token") != std::string::npos);
}

// Two destinations behind one credential, one of them with an option that fits no request.
void TestDispatcherWords::anOptionThatFitsNoRequestIsTheShardsOwnMatter()
{
    World world;
    const ShardKey unfit = world.store.addShard({ .destination = "unfit", .account = "1" });
    const ShardKey fit = world.store.addShard({ .destination = "fit", .account = "1" });
    DestinationConfig one = World::plain("unfit");
    one.options["unfit"] = "yes";
    for (int i = 0; i < 3; ++i) {
        world.store.add(unfit, payload(i));
        world.store.add(fit, payload(10 + i));
    }
    world.start({ one, World::plain("fit") });
    world.loop.runFor(30s);
    QCOMPARE(world.store.waiting(fit), 0);
    QCOMPARE(world.store.waiting(unfit), 3);
    const ShardReading held = world.reading({ .destination = "unfit", .account = "1" });
    QVERIFY(held.credential == CredentialState::ConfigRefused);
    const std::string reason = reasonOf(held, Hold::Gate::Configuration);
    QVERIFY2(reason.find("options.unfit: is of no use") != std::string::npos, reason.c_str());
    QVERIFY(
        world.reading({ .destination = "fit", .account = "1" }).credential == CredentialState::Ok);
}

void TestDispatcherWords::aSecretThatIsMissingIsTheMatterOfAllWhoShareIt()
{
    World world;
    world.secrets = [](const DestinationConfig&, const std::string&, bool) {
        platforms::Secrets secrets;
        secrets["key"] = "";
        return Result<platforms::Secrets>(std::move(secrets));
    };
    const ShardKey shard = world.store.addShard(kShard);
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    // Its own probes never reach the platform, so they show nothing.
    world.loop.runFor(1h);
    const ShardReading held = world.reading(kShard);
    QVERIFY(held.credential == CredentialState::Rejected);
    const std::string reason = reasonOf(held, Hold::Gate::Credential);
    QVERIFY2(reason.find("key: the credential is missing") != std::string::npos, reason.c_str());
    QCOMPARE(world.store.waiting(shard), 1);
}

// Each batch is refused for a reason of its own: that says nothing about the ones to come. The
// second of the first kind does.
void TestDispatcherWords::onlyRefusalsOfTheSameKindHoldTheShard()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    const std::array<const char*, 3> kinds { "no such rule", "no such goal", "no such rule" };
    std::size_t seen = 0;
    world.server = [&](const HttpRequest&) { return reply(403, kinds.at(seen++ % kinds.size())); };
    DestinationConfig hook = World::plain("hook");
    hook.concurrency = 1;
    world.start({ hook });
    for (int i = 0; i < 3; ++i) {
        world.store.add(shard, payload(i));
        world.loop.runFor(1s);
        QCOMPARE(world.reading(kShard).credential == CredentialState::ConfigRefused, i == 2);
    }
    QCOMPARE(world.store.waiting(shard), 3);
}

// 407 is what a proxy says, never the platform: it is about the way, not about the records.
void TestDispatcherWords::aProxyThatWantsAPasswordLosesNothing()
{
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    world.server = [](const HttpRequest&) { return reply(407); };
    for (int i = 0; i < 5; ++i)
        world.store.add(shard, payload(i));
    world.start({ World::plain("hook") });
    world.loop.runFor(60s);
    QVERIFY(world.reading(kShard).credential == CredentialState::ConfigRefused);
    QCOMPARE(world.store.waiting(shard), 5);
    QVERIFY(world.store.dead.empty());
}

// An outage in the platform's own language is one; three pages of something else are told.
void TestDispatcherWords::threeFailuresThatCannotBeReadAreTold_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isTold");
    QTest::newRow("the platform's") << QByteArray(R"({"error":"down"})") << false;
    QTest::newRow("of a proxy") << QByteArray("<html>Bad Gateway</html>") << true;
    QTest::newRow("nothing") << QByteArray() << true;
}
void TestDispatcherWords::threeFailuresThatCannotBeReadAreTold()
{
    QFETCH(const QByteArray, body);
    QFETCH(const bool, isTold);
    World world;
    const ShardKey shard = world.store.addShard(kShard);
    bool isDown = true;
    world.server
        = [&](const HttpRequest&) { return isDown ? reply(502, body.toStdString()) : reply(200); };
    world.store.add(shard, payload(1));
    world.start({ World::plain("hook") });
    world.loop.runFor(2500ms); // two answers, a second and more apart
    QVERIFY(!world.reading(kShard).areAnswersUnreadable);
    world.loop.runFor(4s);
    QCOMPARE(world.reading(kShard).areAnswersUnreadable, isTold);
    QCOMPARE(world.toldLater.size(), static_cast<std::size_t>(isTold ? 1 : 0));
    isDown = false;
    world.loop.runFor(60s);
    QVERIFY(!world.reading(kShard).areAnswersUnreadable);
}

SPILLWAY_TEST(TestDispatcherWords)

} // namespace tst_dispatcher_words

#include "tst_dispatcher_words.moc"
