#include "core/json.h"
#include "simulator/token_booth.h"
#include "support/test_program.h"

namespace tst_token_booth {

using namespace engine;
using namespace engine::simulator;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kStart { 1h };

http::ServerRequest form(const std::string& body)
{
    return { .method = "POST",
        .headers = { { "Content-Type", "application/x-www-form-urlencoded" } },
        .body = body };
}

http::ServerRequest bearer(const std::string& token)
{
    return { .headers = { { "Authorization", "Bearer " + token } } };
}

std::string memberOf(const http::ServerResponse& reply, std::string_view key)
{
    const auto json = parseJson(reply.body);
    const Json* const value = json ? json->find(key) : nullptr;
    return value != nullptr ? value->text() : std::string("absent");
}

constexpr const char* kExchange
    = "grant_type=refresh_token&client_id=c&refresh_token=refresh-1&scope=x%20ads";

} // namespace

class TestTokenBooth final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTokenHoldsForItsLifetime();
    void aConfiguredTokenHoldsAndAStrangersDoesNot();
    void theExchangeIsRefusedInTheWordsOfOAuth();
    void aUsedUpRefreshTokenIsRefused();
};

void TestTokenBooth::aTokenHoldsForItsLifetime()
{
    TokenBooth booth("refresh-1", 60s);
    const auto given = booth.exchange(form(kExchange), "ads", kStart);
    QCOMPARE(given.status, 200);
    QCOMPARE(memberOf(given, "expires_in"), std::string("60"));
    const auto request = bearer(memberOf(given, "access_token"));
    QVERIFY(booth.isValid(request, kStart + 59s));
    QVERIFY(!booth.isValid(request, kStart + 60s));
    const auto next
        = bearer(memberOf(booth.exchange(form(kExchange), "ads", kStart + 2h), "access_token"));
    QVERIFY(booth.isValid(next, kStart + 2h));
    QVERIFY(!booth.isValid(request, kStart + 2h)); // forgotten, and no stranger's all the same
}

void TestTokenBooth::aConfiguredTokenHoldsAndAStrangersDoesNot()
{
    const TokenBooth booth("access-1");
    QVERIFY(booth.isValid(bearer("access-1"), kStart));
    QVERIFY(!booth.isValid(bearer("other"), kStart));
    QVERIFY(!booth.isValid({}, kStart));
    QVERIFY(TokenBooth("").isValid(bearer("any"), kStart));
}

void TestTokenBooth::theExchangeIsRefusedInTheWordsOfOAuth()
{
    TokenBooth booth("refresh-1");
    const auto error = [&](const std::string& body, std::string_view scope = {}) {
        return memberOf(booth.exchange(form(body), scope, kStart), "error");
    };
    QCOMPARE(error(kExchange, "mail"), std::string("invalid_scope"));
    QCOMPARE(error("grant_type=refresh_token&client_id=c&refresh_token=other"),
        std::string("invalid_grant"));
    QCOMPARE(
        error("grant_type=refresh_token&refresh_token=refresh-1"), std::string("invalid_client"));
    QCOMPARE(error("grant_type=password"), std::string("unsupported_grant_type"));
    QCOMPARE(error(""), std::string("unsupported_grant_type"));
}

// The next one is good, the one before is not, and neither is the configured one.
void TestTokenBooth::aUsedUpRefreshTokenIsRefused()
{
    TokenBooth booth("refresh-1", 60s, TokenBooth::Refresh::UsedUp);
    const auto exchanged = [&](const std::string& token) {
        return booth.exchange(
            form("grant_type=refresh_token&client_id=c&scope=ads&refresh_token=" + token), "ads",
            kStart);
    };
    const std::string first = memberOf(exchanged("refresh-1"), "refresh_token");
    QCOMPARE(memberOf(exchanged("refresh-1"), "error"), std::string("invalid_grant"));
    const std::string second = memberOf(exchanged(first), "refresh_token");
    QVERIFY(first != second);
    QCOMPARE(memberOf(exchanged(first), "error"), std::string("invalid_grant"));
    QCOMPARE(exchanged(second).status, 200);
}

SPILLWAY_TEST(TestTokenBooth)

} // namespace tst_token_booth

#include "tst_token_booth.moc"
