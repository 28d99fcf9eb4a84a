#include "support/test_program.h"
#include "world.h"

namespace tst_dispatcher_tokens {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

class TestDispatcherTokens : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneExchangeServesEveryShardOfTheCredential();
    void aTokenIsRenewedBeforeItEnds();
    void aRefusedTokenIsRenewedOnceAndNoAttemptIsSpent();
    void aFreshTokenThatIsRefusedHoldsTheCredential();
    void aTokenEndpointThatIsDownIsTriedAgainAndHoldsNothingForLong();
    void secretsThatTheTokenEndpointRefusesHoldTheCredential();
    void aReplacedRefreshTokenIsKeptAndUsed();
    void secretsThatComeLateLetTheirShardsGo();
    void aThrottleOfTheCredentialHoldsItsOtherAccounts();
    void aRecordThatIsTooRecentWaitsAndSpendsNothing();
    void hiddenDailyQuotaHoldsToMidnight();
    void aWarmUpStartsWithATenthAndEndsWithAll();
};

namespace {

const ShardId kFirst { .destination = "ads", .account = "1" };
const ShardId kSecond { .destination = "ads", .account = "2" };

std::string payload(std::int64_t id) { return R"({"id":)" + std::to_string(id) + "}"; }

ServerReply reply(int status, std::string body = {}, HttpHeaders headers = {})
{
    ServerReply made;
    made.answer.status = status;
    made.answer.body = std::move(body);
    made.answer.headers = std::move(headers);
    return made;
}

// A platform that takes only the token that its token endpoint gave last.
class TokenServer {
public:
    ServerReply operator()(const HttpRequest& request)
    {
        if (request.url.ends_with("/token")) {
            ++fetches;
            if (tokenStatus != 200)
                return reply(tokenStatus, R"({"error":"invalid_grant"})");
            if (doesRotate && request.body != refreshToken)
                return reply(400, R"({"error":"invalid_grant"})");
            valid = "t" + std::to_string(fetches);
            std::string next;
            if (doesRotate) {
                refreshToken = "r" + std::to_string(fetches);
                next = R"(,"refresh_token":")" + refreshToken + "\"";
            }
            return reply(200,
                R"({"access_token":")" + valid + R"(","expires_in":)" + std::to_string(lifetime)
                    + next + "}");
        }
        ++calls;
        const bool isValid = !request.headers.empty()
            && request.headers.front().second == "Bearer " + valid && !isEveryTokenRefused;
        return isValid ? reply(200) : reply(401);
    }

    bool doesRotate { false }; // gives another refresh token, and takes the last one only
    std::string refreshToken { "r" };
    int fetches { 0 };
    int calls { 0 };
    int tokenStatus { 200 };
    int lifetime { 3600 };
    bool isEveryTokenRefused { false };
    std::string valid {};
};

struct TokenWorld : World {
    TokenWorld()
    {
        server = [this](const HttpRequest& request) { return tokens(request); };
        secrets = [](const DestinationConfig&, const std::string&, bool) {
            platforms::Secrets known;
            known["refresh_token"] = "r";
            return Result<platforms::Secrets>(std::move(known));
        };
        one = store.addShard(kFirst);
        two = store.addShard(kSecond);
    }
    static DestinationConfig ads()
    {
        DestinationConfig destination = plain("ads");
        destination.credentials["refresh_token"]
            = { .kind = SecretRef::Kind::Env, .name = "REFRESH" };
        return destination;
    }
    TokenServer tokens {};
    ShardKey one {};
    ShardKey two {};
};

} // namespace

void TestDispatcherTokens::oneExchangeServesEveryShardOfTheCredential()
{
    TokenWorld world;
    for (int i = 0; i < 20; ++i) {
        world.store.add(world.one, payload(i));
        world.store.add(world.two, payload(100 + i));
    }
    world.start({ TokenWorld::ads() });
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 40 });
    QCOMPARE(world.tokens.fetches, 1);
    QCOMPARE(world.tokens.calls, 40);
}

void TestDispatcherTokens::aTokenIsRenewedBeforeItEnds()
{
    TokenWorld world;
    world.tokens.lifetime = 100;
    world.start({ TokenWorld::ads() });
    for (int i = 0; i < 250; ++i) {
        world.store.add(world.one, payload(i));
        world.loop.runFor(1s);
    }
    QCOMPARE(world.store.delivered.size(), std::size_t { 250 });
    QCOMPARE(world.tokens.fetches, 3); // at 0, 90 and 180 s
    // In flight with the old one while the new one came: none was refused twice.
    QVERIFY2(world.tokens.calls <= 253, qPrintable(QString::number(world.tokens.calls)));
}

void TestDispatcherTokens::aRefusedTokenIsRenewedOnceAndNoAttemptIsSpent()
{
    TokenWorld world;
    world.start({ TokenWorld::ads() });
    world.store.add(world.one, payload(1));
    world.loop.runFor(2s);
    world.tokens.valid = "somebody else's";
    for (int i = 2; i < 12; ++i) {
        world.store.add(world.one, payload(i));
        world.store.add(world.two, payload(100 + i));
    }
    world.loop.runFor(5s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 21 });
    QCOMPARE(world.tokens.fetches, 2);
    QVERIFY(world.reading(kFirst).credential == CredentialState::Ok);
}

void TestDispatcherTokens::aFreshTokenThatIsRefusedHoldsTheCredential()
{
    TokenWorld world;
    world.tokens.isEveryTokenRefused = true;
    world.store.add(world.one, payload(1));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(30s);
    QVERIFY(world.reading(kFirst).credential == CredentialState::Rejected);
    QVERIFY(world.reading(kSecond).credential == CredentialState::Rejected);
    QCOMPARE(world.tokens.fetches, 2);
    QCOMPARE(world.tokens.calls, 2);
    QCOMPARE(world.store.find(world.one, EventSeq { 1 })->attempts, 0);
    world.tokens.isEveryTokenRefused = false;
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

void TestDispatcherTokens::aTokenEndpointThatIsDownIsTriedAgainAndHoldsNothingForLong()
{
    TokenWorld world;
    world.tokens.tokenStatus = 503;
    world.store.add(world.one, payload(1));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(10s);
    QCOMPARE(world.tokens.calls, 0);
    QVERIFY2(world.tokens.fetches >= 3 && world.tokens.fetches <= 5,
        qPrintable(QString::number(world.tokens.fetches)));
    QVERIFY(world.reading(kFirst).credential == CredentialState::Ok);
    QVERIFY(!world.reading(kFirst).holds.empty());
    world.tokens.tokenStatus = 200;
    world.loop.runFor(61s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

void TestDispatcherTokens::secretsThatTheTokenEndpointRefusesHoldTheCredential()
{
    TokenWorld world;
    world.tokens.tokenStatus = 400;
    world.store.add(world.one, payload(1));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(30s);
    QVERIFY(world.reading(kFirst).credential == CredentialState::Rejected);
    QCOMPARE(world.tokens.fetches, 1); // the next probe comes after a minute
    world.tokens.tokenStatus = 200;
    world.loop.runFor(60s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

// One token of 100 s after another, each for the refresh token before it. A reload reads what was
// kept.
void TestDispatcherTokens::aReplacedRefreshTokenIsKeptAndUsed()
{
    TokenWorld world;
    world.tokens.doesRotate = true;
    world.tokens.lifetime = 100;
    std::map<std::string, std::string> kept; // by account
    world.refreshTokenReplaced = [&](const DestinationConfig&, const std::string& account,
                                     const std::string& token) { kept[account] = token; };
    world.secrets = [&](const DestinationConfig&, const std::string& account, bool) {
        const auto found = kept.find(account);
        platforms::Secrets known;
        known["refresh_token"] = found == kept.end() ? std::string("r") : found->second;
        return Result<platforms::Secrets>(std::move(known));
    };
    world.start({ TokenWorld::ads() });
    for (int i = 0; i < 250; ++i) {
        world.store.add(i % 2 == 0 ? world.one : world.two, payload(i));
        world.loop.runFor(1s);
        if (i == 120)
            world.reload({ TokenWorld::ads() });
    }
    QCOMPARE(world.store.delivered.size(), std::size_t { 250 });
    QCOMPARE(world.tokens.fetches, 3);
    QCOMPARE(kept["1"], std::string("r3"));
    QCOMPARE(kept["2"], std::string("r3"));
    world.restart();
    world.store.add(world.one, payload(1000));
    world.loop.runFor(10s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 251 });
    QVERIFY(world.reading(kFirst).credential == CredentialState::Ok);
}

// A keychain that its owner unlocks later: nothing is spent, and nothing waits for the next probe.
void TestDispatcherTokens::secretsThatComeLateLetTheirShardsGo()
{
    TokenWorld world;
    bool isLocked = true;
    world.secrets = [&](const DestinationConfig&, const std::string&, bool) {
        platforms::Secrets known;
        known["refresh_token"] = "r";
        return isLocked ? Result<platforms::Secrets>(fail(ErrorCode::Unavailable, "it is locked"))
                        : Result<platforms::Secrets>(std::move(known));
    };
    world.store.add(world.one, payload(1));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(5s);
    QVERIFY(world.reading(kFirst).credential == CredentialState::Rejected);
    isLocked = false;
    world.dispatcher->secretsChanged();
    world.loop.runFor(5s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QVERIFY(world.reading(kFirst).credential == CredentialState::Ok);
}

void TestDispatcherTokens::aThrottleOfTheCredentialHoldsItsOtherAccounts()
{
    TokenWorld world;
    bool isThrottled = true;
    world.server = [&](const HttpRequest& request) {
        if (request.url.ends_with("/token"))
            return world.tokens(request);
        return isThrottled ? reply(429, {}, { { "Retry-After", "60" }, { "X-Wide", "1" } })
                           : reply(200);
    };
    world.store.add(world.one, payload(1));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(2s);
    isThrottled = false;
    world.store.add(world.two, payload(2));
    world.loop.runFor(30s);
    QCOMPARE(world.store.waiting(world.two), 1);
    world.loop.runFor(60s);
    QCOMPARE(world.store.waiting(world.two), 0);
}

void TestDispatcherTokens::aRecordThatIsTooRecentWaitsAndSpendsNothing()
{
    TokenWorld world;
    const auto soon = std::chrono::floor<Seconds>(world.loop.clock.wallNow()) + 600s;
    world.store.add(
        world.one, R"({"early":)" + std::to_string(soon.time_since_epoch() / Seconds { 1 }) + "}");
    world.store.add(world.one, payload(2));
    world.start({ TokenWorld::ads() });
    world.loop.runFor(590s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
    QCOMPARE(world.store.find(world.one, EventSeq { 1 })->attempts, 0);
    world.loop.runFor(20s);
    QCOMPARE(world.store.delivered.size(), std::size_t { 2 });
}

void TestDispatcherTokens::hiddenDailyQuotaHoldsToMidnight()
{
    World world;
    const ShardKey shard = world.store.addShard(kFirst);
    const auto midnight = std::chrono::ceil<std::chrono::days>(world.loop.clock.wallNow() + 3600s);
    int calls = 0;
    world.server = [&](const HttpRequest&) {
        ++calls;
        return reply(world.loop.clock.wallNow() < midnight ? 429 : 200);
    };
    DestinationConfig ads = World::plain("ads");
    ads.contract.cooldownMin = 60s;
    ads.contract.cooldownMax = 10min;
    ads.contract.cooldownDayAfter = 15min;
    world.store.add(shard, payload(1));
    world.start({ ads });
    world.loop.runFor(std::chrono::floor<Seconds>(midnight - world.loop.clock.wallNow()) - 60s);
    const int before = calls;
    QVERIFY2(before >= 4 && before <= 8, qPrintable(QString::number(before)));
    QCOMPARE(world.store.delivered.size(), std::size_t { 0 });
    world.loop.runFor(30min);
    QCOMPARE(calls, before + 1);
    QCOMPARE(world.store.delivered.size(), std::size_t { 1 });
}

void TestDispatcherTokens::aWarmUpStartsWithATenthAndEndsWithAll()
{
    World world;
    const ShardKey shard = world.store.addShard(kFirst);
    DestinationConfig ads = World::plain("ads");
    ads.rate = 10;
    ads.warmUp = WarmUp { .from = world.loop.clock.wallNow(), .over = 1h };
    for (int i = 0; i < 60'000; ++i)
        world.store.add(shard, payload(i));
    world.start({ ads });
    world.loop.runFor(1min);
    const std::size_t first = world.store.delivered.size();
    QVERIFY2(first > 50 && first < 80, qPrintable(QString::number(first)));
    world.loop.runFor(59min);
    const std::size_t later = world.store.delivered.size();
    world.loop.runFor(1min);
    const std::size_t full = world.store.delivered.size() - later;
    QVERIFY2(full > 580 && full <= 602, qPrintable(QString::number(full)));
}

SPILLWAY_TEST(TestDispatcherTokens)

} // namespace tst_dispatcher_tokens

#include "tst_dispatcher_tokens.moc"
