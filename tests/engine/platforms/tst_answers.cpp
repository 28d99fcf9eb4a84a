#include "engine/platforms/event_samples.h"
#include "platforms/answers.h"
#include "platforms/event_names.h"
#include "platforms/oauth.h"
#include "platforms/requests.h"
#include "platforms/times.h"
#include "support/test_program.h"

namespace tst_answers {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

class TestAnswers final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSecretIsFoundInEveryForm_data();
    void aSecretIsFoundInEveryForm();
    void aProxyThatAsksForAPasswordIsNamed();
    void everyStatusHasItsClass_data();
    void everyStatusHasItsClass();
    void retryAfterIsReadInBothForms_data();
    void retryAfterIsReadInBothForms();
    void retryAfterOfASuccessHoldsNothing();
    void aFailureIsTransientOnlyWhenNothingWasSent_data();
    void aFailureIsTransientOnlyWhenNothingWasSent();
    void namedRecordsAreAtFaultAndTheOthersAreNot();
    void timesRoundDownInEveryUnit();
    void theSameInstantIsTheSameInEveryZone();
    void knownSpellingsHaveOneName_data();
    void knownSpellingsHaveOneName();
    void aDestinationsOwnNamesWin();
    void ofTwoSignalsTheGraverCounts();
    void rowsOfTheirOwnAreAPartialFailureOrTheGravest();
    void whatIsALittleAheadWaitsAndWhatIsFarAheadIsRefused();
    void aRefreshTokenIsExchangedUnlessAnAccessTokenIsConfigured();
    void eachPlatformHasItsOwnWordForAnEvent();
};

void TestAnswers::aSecretIsFoundInEveryForm_data()
{
    QTest::addColumn<QByteArray>("said");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("token 1//0g+a is bad")
                           << QByteArray("token $token is bad");
    QTest::newRow("in a URL") << QByteArray("?t=1%2F%2F0g%2Ba&x") << QByteArray("?t=$token&x");
    QTest::newRow("in small letters") << QByteArray("?t=1%2f%2f0g%2ba") << QByteArray("?t=$token");
    QTest::newRow("in JSON") << QByteArray(R"({"t":"1\/\/0g+a"})")
                             << QByteArray(R"({"t":"$token"})");
    QTest::newRow("in Basic") << QByteArray("Basic dXNlcjEyMzoxLy8wZyth")
                              << QByteArray("Basic $id:$token");
    QTest::newRow("cut") << QByteArray("you are user12") << QByteArray("you are $id");
    QTest::newRow("too short to tell") << QByteArray("you are use") << QByteArray("you are use");
}
void TestAnswers::aSecretIsFoundInEveryForm()
{
    QFETCH(const QByteArray, said);
    QFETCH(const QByteArray, shown);
    Secrets secrets;
    secrets["token"] = "1//0g+a";
    secrets["id"] = "user123";
    secrets["empty"] = "";
    QCOMPARE(QByteArray::fromStdString(redacted(said.toStdString(), secrets)), shown);
    Decoded decoded;
    decoded.records = { { .code = said.toStdString(), .message = said.toStdString() }, {} };
    redact(decoded, secrets);
    QCOMPARE(QByteArray::fromStdString(decoded.records.front().code), shown);
    QCOMPARE(QByteArray::fromStdString(decoded.records.front().message), shown);
}

void TestAnswers::aProxyThatAsksForAPasswordIsNamed()
{
    HttpAnswer answer { .status = 407 };
    answer.body = "<html>Proxy Authentication Required</html>";
    const Verdict verdict = verdictOfStatus(answer);
    QVERIFY(verdict.outcome == Outcome::Config);
    QVERIFY(verdict.message.find("proxy on the way asks") != std::string::npos);
}

void TestAnswers::everyStatusHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Outcome>("outcome");
    const auto rows = [](Outcome outcome, std::initializer_list<int> statuses) {
        for (const int status : statuses)
            QTest::addRow("%d", status) << status << outcome;
    };
    rows(Outcome::Accepted, { 200, 201, 202, 204, 207 });
    rows(Outcome::Config, { 301, 302, 307, 308, 403, 404, 405, 410, 426 });
    rows(Outcome::Auth, { 401 });
    rows(Outcome::Transient,
        { 100, 303, 304, 408, 409, 423, 425, 500, 502, 503, 504, 520, 524, 599 });
    rows(Outcome::Oversize, { 413 });
    rows(Outcome::Throttled, { 429 });
    rows(Outcome::Invalid, { 400, 402, 406, 418, 422, 451 });
    rows(Outcome::Unknown, { 0, 600, 999 });
}

void TestAnswers::everyStatusHasItsClass()
{
    QFETCH(int, status);
    QFETCH(Outcome, outcome);
    QCOMPARE(toString(outcomeOfStatus(status)), toString(outcome));
}

void TestAnswers::retryAfterIsReadInBothForms_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("date"); // of the answer, empty: none
    QTest::addColumn<qint64>("millis"); // -1: nothing
    QTest::newRow("seconds") << "120"
                             << "" << qint64 { 120'000 };
    QTest::newRow("spaces") << " 7 "
                            << "" << qint64 { 7'000 };
    QTest::newRow("a part of a second rounds up") << "0.0005"
                                                  << "" << qint64 { 1 };
    QTest::newRow("negative") << "-5"
                              << "" << qint64 { 0 };
    QTest::newRow("absurd") << "99999999999999999999"
                            << "" << qint64 { 86'400'000 };
    QTest::newRow("beyond any number") << "1e999"
                                       << "" << qint64 { 86'400'000 };
    QTest::newRow("not a number") << "nan"
                                  << "" << qint64 { -1 };
    QTest::newRow("date, our clock") << "Fri, 27 Nov 2026 00:01:30 GMT"
                                     << "" << qint64 { 90'000 };
    // The server's clock is an hour ahead of ours: only its own Date tells that it means 30 s.
    QTest::newRow("date, the server's clock")
        << "Fri, 27 Nov 2026 01:00:30 GMT"
        << "Fri, 27 Nov 2026 01:00:00 GMT" << qint64 { 30'000 };
    QTest::newRow("date in the past") << "Thu, 26 Nov 2026 00:00:00 GMT"
                                      << "" << qint64 { 0 };
    QTest::newRow("date in two days") << "Sun, 29 Nov 2026 00:00:00 GMT"
                                      << "" << qint64 { 86'400'000 };
    QTest::newRow("31st of February") << "Fri, 31 Feb 2026 00:01:30 GMT"
                                      << "" << qint64 { -1 };
    QTest::newRow("another zone") << "Fri, 27 Nov 2026 00:01:30 CET"
                                  << "" << qint64 { -1 };
    QTest::newRow("words") << "soon"
                           << "" << qint64 { -1 };
    QTest::newRow("empty") << ""
                           << "" << qint64 { -1 };
}

void TestAnswers::retryAfterIsReadInBothForms()
{
    QFETCH(QString, value);
    QFETCH(QString, date);
    QFETCH(qint64, millis);
    HttpHeaders headers { { "retry-after", value.toStdString() } };
    if (!date.isEmpty())
        headers.emplace_back("Date", date.toStdString());
    const auto delay = retryAfterOf(answerOf(429, {}, headers), kNow);
    QCOMPARE(delay ? delay->count() : -1, millis);
}

void TestAnswers::retryAfterOfASuccessHoldsNothing()
{
    const HttpHeaders headers { { "Retry-After", "30" } };
    QVERIFY(!hintOf(answerOf(200, {}, headers), kNow).retryAfter);
    QCOMPARE(hintOf(answerOf(503, {}, headers), kNow).retryAfter, std::optional<Millis>(30s));
}

void TestAnswers::aFailureIsTransientOnlyWhenNothingWasSent_data()
{
    using Kind = TransportFailure::Kind;
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("wasSent");
    QTest::addColumn<Outcome>("outcome");
    const auto row = [](Kind kind, bool wasSent, Outcome outcome) {
        QTest::addRow("%s, %s", toString(kind), wasSent ? "sent" : "not sent")
            << static_cast<int>(kind) << wasSent << outcome;
    };
    row(Kind::Dns, false, Outcome::Transient);
    row(Kind::Connect, false, Outcome::Transient);
    row(Kind::Timeout, false, Outcome::Transient);
    row(Kind::Cancelled, false, Outcome::Transient);
    row(Kind::Tls, false, Outcome::Config);
    row(Kind::Tls, true, Outcome::Unknown);
    row(Kind::Timeout, true, Outcome::Unknown);
    row(Kind::Closed, true, Outcome::Unknown);
    row(Kind::TooLarge, true, Outcome::Unknown);
    row(Kind::Protocol, true, Outcome::Unknown);
}

void TestAnswers::aFailureIsTransientOnlyWhenNothingWasSent()
{
    QFETCH(int, kind);
    QFETCH(bool, wasSent);
    QFETCH(Outcome, outcome);
    const Decoded decoded = decodeFailure(
        { .kind = static_cast<TransportFailure::Kind>(kind), .wasSent = wasSent }, 3);
    QCOMPARE(decoded.records.size(), std::size_t { 3 });
    for (const RecordOutcome& record : decoded.records) {
        QCOMPARE(toString(record.outcome), toString(outcome));
        QCOMPARE(record.form, ErrorForm::NoAnswer);
    }
    QVERIFY(!decoded.isBatchSuspect);
}

// Three records, the second is named: it is invalid, the others were not processed.
void TestAnswers::namedRecordsAreAtFaultAndTheOthersAreNot()
{
    const std::vector<NamedFault> faults { { .index = 1,
        .outcome = { .outcome = Outcome::Invalid, .message = "value: missing" } } };
    const Decoded decoded = decodedNamed(
        { .outcome = Outcome::Invalid, .code = "422", .form = ErrorForm::Http4xx }, faults, 3);
    QCOMPARE(toString(decoded.request), "invalid");
    QVERIFY(!decoded.isBatchSuspect);
    QCOMPARE(toString(decoded.records[1].outcome), "invalid");
    QVERIFY(!decoded.records[1].isNotAtFault);
    for (const std::size_t other : { 0, 2 }) {
        QCOMPARE(toString(decoded.records[other].outcome), "transient");
        QVERIFY(decoded.records[other].isNotAtFault);
        QCOMPARE(decoded.records[other].code, std::string("422"));
    }
}

void TestAnswers::timesRoundDownInEveryUnit()
{
    const WallTime time = kNow - 1us; // 23:59:59.999999 of the day before
    QCOMPARE(toUnixSeconds(time), 1'795'737'599);
    QCOMPARE(toUnixMillis(time), 1'795'737'599'999);
    QCOMPARE(toIsoMillis(time), std::string("2026-11-26T23:59:59.999Z"));
    QCOMPARE(toIsoSevenDigits(time), std::string("2026-11-26T23:59:59.9999990Z"));
    QCOMPARE(toOffsetText(time), std::string("2026-11-26 23:59:59+00:00"));
    QCOMPARE(toPlainUtc(time), std::string("2026-11-26 23:59:59"));
    QCOMPARE(toUnixSeconds(fromUnixMicros(-1)), -1);
    QCOMPARE(toUnixMillis(fromUnixMicros(-1)), -1);
    QVERIFY(isPlausibleEventTime(kNow + 24h, kNow));
    QVERIFY(!isPlausibleEventTime(kNow + 24h + 1us, kNow));
    QVERIFY(!isPlausibleEventTime(fromUnixMicros(1'795'737'599'999), kNow)); // ms read as µs
}

// The hour that Berlin has twice on 2026-10-25, and a zone that is not a whole hour: what counts is
// the offset that the sender wrote.
void TestAnswers::theSameInstantIsTheSameInEveryZone()
{
    for (const char* text : { "2026-10-25T02:30:00.120+02:00", "2026-10-25T00:30:00.120Z",
             "2026-10-25T06:00:00.120+05:30", "2026-10-24T20:30:00.120-04:00" }) {
        const auto time = parseIso8601(text);
        QVERIFY(time.has_value());
        QCOMPARE(toUnixMillis(*time), 1'792'888'200'120);
    }
    const auto second = parseIso8601("2026-10-25T02:30:00.120+01:00");
    QCOMPARE(toUnixMillis(*second), 1'792'888'200'120 + 3'600'000);
}

void TestAnswers::knownSpellingsHaveOneName_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("canonical");
    const auto row = [](const char* given, const char* canonical) {
        QTest::newRow(given) << QString::fromUtf8(given) << QString::fromUtf8(canonical);
    };
    row("Purchase", "purchase");
    row("purchase", "purchase");
    row("Order Completed", "purchase");
    row("CompletePayment", "purchase");
    row("Product Added", "add_to_cart");
    row("ADD_TO_CART", "add_to_cart");
    row("add-to-cart", "add_to_cart");
    row("Checkout Started", "begin_checkout");
    row("generate_lead", "lead");
    row("Signed Up", "sign_up");
    row("Products Searched", "search");
    row("PageView", "page_view");
    // Two meanings, or none: as given, with its case.
    row("checkout", "checkout");
    row("Quiz Finished", "Quiz Finished");
    row("", "");
}

void TestAnswers::knownSpellingsHaveOneName()
{
    QFETCH(QString, given);
    QFETCH(QString, canonical);
    QCOMPARE(QString::fromStdString(canonicalName(given.toStdString())), canonical);
}

void TestAnswers::aDestinationsOwnNamesWin()
{
    DestinationConfig destination = metaDestination();
    const CanonicalEvent event = canonical(kRichPurchase);
    QCOMPARE(eventNameFor(event, destination), std::string("Purchase"));
    destination.eventNames["purchase"] = "ShopPurchase";
    QCOMPARE(eventNameFor(event, destination), std::string("ShopPurchase"));
    destination.eventNames["Order Completed"] = "WebPurchase";
    QCOMPARE(eventNameFor(event, destination), std::string("WebPurchase"));
    QCOMPARE(eventNameFor(canonical(kMinimal), destination), std::string("quiz_done"));
}

void TestAnswers::ofTwoSignalsTheGraverCounts()
{
    QCOMPARE(toString(graver(Outcome::Transient, Outcome::Invalid)), "invalid");
    QCOMPARE(toString(graver(Outcome::Invalid, Outcome::Throttled)), "throttled");
    QCOMPARE(toString(graver(Outcome::Config, Outcome::Auth)), "auth");
    QCOMPARE(toString(graver(Outcome::Accepted, Outcome::Accepted)), "accepted");
}

void TestAnswers::rowsOfTheirOwnAreAPartialFailureOrTheGravest()
{
    const Decoded mixed
        = decodedRows({ { .outcome = Outcome::Invalid }, { .outcome = Outcome::Accepted } });
    QVERIFY(mixed.isPartial);
    QCOMPARE(toString(mixed.request), "accepted");
    const Decoded none
        = decodedRows({ { .outcome = Outcome::Transient }, { .outcome = Outcome::Config } });
    QVERIFY(!none.isPartial);
    QCOMPARE(toString(none.request), "config");
    QVERIFY(!decodedRows({ {}, {} }).isPartial);
}

// Five minutes beyond the platform's own allowance; a day old at most.
void TestAnswers::whatIsALittleAheadWaitsAndWhatIsFarAheadIsRefused()
{
    DestinationConfig destination = metaDestination();
    destination.contract.futureSkew = 60s;
    const auto judged = [&](Micros ahead) {
        auto event = canonical(kMinimal);
        auto moved = std::make_shared<StoredEvent>(*event.stored);
        moved->eventTime = kNow + ahead;
        event.stored = moved;
        const auto outside = outsideAcceptedTime(event, Seconds { 24h }, contextOf(destination));
        return outside ? encodedText(*outside).substr(0, 35) : std::string("taken");
    };
    QCOMPARE(judged(60s), std::string("taken"));
    QCOMPARE(judged(60s + 1us), std::string("waits until 2026-11-27T00:00:00.000"));
    QCOMPARE(judged(360s), std::string("waits until 2026-11-27T00:05:00.000"));
    QCOMPARE(judged(360s + 1us), std::string("refused event_time: lies more than "));
    QCOMPARE(judged(-24h), std::string("taken"));
    QCOMPARE(judged(-24h - 1us), std::string("refused event_time: expired: older "));
}

void TestAnswers::aRefreshTokenIsExchangedUnlessAnAccessTokenIsConfigured()
{
    DestinationConfig destination = metaDestination();
    const RefreshExchange exchange { .endpoint = "https://login.example/token", .scope = "a b" };
    const Secrets secrets { { "client_id", "id" }, { "client_secret", "s/+" },
        { "refresh_token", "1//r" } };
    const auto request = refreshTokenRequest(exchange, destination, secrets);
    QVERIFY(request && request->has_value());
    QCOMPARE((*request)->url, std::string("https://login.example/token"));
    QCOMPARE((*request)->body,
        std::string("grant_type=refresh_token&client_id=id&client_secret=s%2F%2B"
                    "&refresh_token=1%2F%2Fr&scope=a%20b"));
    QCOMPARE(headerOf(**request, "Content-Type"), std::string("application/x-www-form-urlencoded"));
    destination.options["token_endpoint"] = "http://127.0.0.1:9100/token";
    QCOMPARE((*refreshTokenRequest(exchange, destination, secrets))->url,
        std::string("http://127.0.0.1:9100/token"));

    QVERIFY(!refreshTokenRequest(exchange, destination, { { "access_token", "t" } }));
    const Secrets half { { "client_id", "id" }, { "refresh_token", "r" } };
    QCOMPARE(refreshTokenRequest(exchange, destination, half)->error().field,
        std::string("client_secret"));
    const RefreshExchange forAll { .endpoint = "https://l.example", .isSecretOptional = true };
    QVERIFY(refreshTokenRequest(forAll, destination, half)->has_value());
    QCOMPARE(
        refreshTokenRequest(exchange, destination, {})->error().field, std::string("client_id"));
    QCOMPARE(*bearerAuthorization({ { "access_token", "t" } }), std::string("Bearer t"));
}

void TestAnswers::eachPlatformHasItsOwnWordForAnEvent()
{
    const auto isName = [](const char* platform, const char* name, std::string_view expected) {
        return standardName(platform, name) == expected;
    };
    QVERIFY(isName("meta", "purchase", "Purchase"));
    QVERIFY(isName("tiktok", "purchase", "Purchase"));
    QVERIFY(isName("pinterest", "purchase", "checkout"));
    QVERIFY(isName("snapchat", "purchase", "PURCHASE"));
    QVERIFY(isName("reddit", "view_list", "VIEW_CONTENT"));
    QVERIFY(isName("criteo", "view_cart", "viewBasket"));
    QVERIFY(isName("reddit", "subscribe", ""));
    QVERIFY(isName("google", "purchase", ""));
    QVERIFY(isName("meta", "quiz_done", ""));
}

SPILLWAY_TEST(TestAnswers)

} // namespace tst_answers

#include "tst_answers.moc"
