// What Google answers: each row of the table of codes, errors of single conversions and of whole
// requests, delays, the Data Manager.
#include "engine/platforms/answer_rows.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/google.h"
#include "platforms/google_errors.h"
#include "support/test_program.h"

namespace tst_google_answers {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

DestinationConfig destination(const std::string& more = {})
{
    const std::string settings = "account = \"1234567890\"\nbatch = 100\n"
                                 "credential.access_token = \"env:T\"\n"
                                 "event_names = { purchase = \"987\" }\n"
        + more;
    return destinationOf({ .name = "google", .platform = "google", .settings = settings.c_str() });
}

// The error of one conversion; index −1: of the whole request, −2: of the first, without a number.
std::string failure(const std::string& code, int index)
{
    const auto dot = code.find('.');
    std::string text = "{\"errorCode\":{\"" + code.substr(0, dot) + "\":\"" + code.substr(dot + 1)
        + "\"},\"message\":\"said why\"";
    if (index >= 0)
        text += ",\"location\":{\"fieldPathElements\":[{\"fieldName\":\"conversions\",\"index\":"
            + std::to_string(index) + "},{\"fieldName\":\"gclid\"}]}";
    if (index == -2)
        text += ",\"location\":{\"fieldPathElements\":[{\"fieldName\":\"conversions\"}]}";
    return text + '}';
}

std::string details(const std::string& errors)
{
    return "\"details\":[{\"@type\":\"x.v99.GoogleAdsFailure\",\"errors\":[" + errors
        + "],\"requestId\":\"r\"}]";
}

std::string partly(const std::string& results, const std::string& errors)
{
    return "{\"results\":[" + results + "],\"partialFailureError\":{\"code\":3,\"message\":\"m\","
        + details(errors) + "},\"jobId\":\"1\"}";
}

std::string refusal(const std::string& status, const std::string& errors = {})
{
    return "{\"error\":{\"code\":400,\"message\":\"m\",\"status\":\"" + status + "\""
        + (errors.empty() ? std::string() : "," + details(errors)) + "}}";
}

constexpr const char* kTaken = "{\"gclid\":\"g\",\"conversionAction\":\"a\"}";

} // namespace

class TestGoogleAnswers final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyRowOfTheTableDecidesItsConversion_data();
    void everyRowOfTheTableDecidesItsConversion();
    void partialFailuresFindTheirConversions_data();
    void partialFailuresFindTheirConversions();
    void wholeRefusalsAreJudgedByTheirErrorsThenTheirStatus_data();
    void wholeRefusalsAreJudgedByTheirErrorsThenTheirStatus();
    void everyStatusNameHasItsClass();
    void delaysAreReadInEveryForm_data();
    void delaysAreReadInEveryForm();
    void howLongAYoungClickWaitsIsAnOption();
    void theDataManagersAnswerIsForAll();
    void aLiveCheckIsAcceptedWithoutResults();
};

void TestGoogleAnswers::everyRowOfTheTableDecidesItsConversion_data()
{
    QTest::addColumn<int>("row");
    int number = 0;
    for (const GoogleCode& code : googleCodes())
        QTest::addRow("%s.%s", std::string(code.group).c_str(), std::string(code.value).c_str())
            << number++;
}

void TestGoogleAnswers::everyRowOfTheTableDecidesItsConversion()
{
    QFETCH(int, row);
    const GoogleCode& code = googleCodes()[static_cast<std::size_t>(row)];
    const std::string value = code.value.empty() ? "SOME_NEW_VALUE" : std::string(code.value);
    const std::string body
        = partly(std::string("{},") + kTaken, failure(std::string(code.group) + '.' + value, 0));
    const Decoded decoded = decodedAnswer(destination(), answerOf(200, body), 2);
    QCOMPARE(outcomesWithFaults(decoded), toString(code.outcome) + std::string(" accepted"));
    QCOMPARE(decoded.records[0].code, value);
    QCOMPARE(decoded.records[0].retryAfter, code.wait);
    QCOMPARE(decoded.records[0].refusalsMax, code.refusalsMax);
    QCOMPARE(toString(decoded.request), "accepted");
    QCOMPARE(decoded.isPartial, code.outcome != Outcome::Accepted);
    QVERIFY(!code.meaning.empty());
}

void TestGoogleAnswers::partialFailuresFindTheirConversions_data()
{
    addAnswerColumns();
    const std::string taken = kTaken;
    const std::string expired = "conversionUploadError.EXPIRED_EVENT";
    addAnswerRow("all taken", 200, "{\"results\":[" + taken + "," + taken + "," + taken + "]}",
        "accepted accepted accepted");
    addAnswerRow("the second", 200, partly(taken + ",{}," + taken, failure(expired, 1)),
        "accepted invalid accepted");
    addAnswerRow("no number is the first", 200,
        partly("{}," + taken + "," + taken, failure(expired, -2)), "invalid accepted accepted");
    addAnswerRow("two, in two orders", 200,
        partly("{}," + taken + ",{}",
            failure(expired, 2) + "," + failure("conversionUploadError.TOO_RECENT_EVENT", 0)),
        "transient accepted invalid");
    addAnswerRow("the graver of two", 200,
        partly("{}," + taken + "," + taken,
            failure("conversionUploadError.EVENT_NOT_FOUND", 0) + "," + failure(expired, 0)),
        "invalid accepted accepted");
    addAnswerRow("an error of a field", 200,
        partly(taken + "," + taken + ",{}", failure("dateError.INVALID_STRING_DATE_TIME", 2)),
        "accepted accepted invalid");
    addAnswerRow("what is said of the request", 200,
        partly("{}," + taken + ",{}", failure("internalError.INTERNAL_ERROR", -1)),
        "transient accepted transient");
    addAnswerRow("an index that was not sent", 200,
        partly(taken + "," + taken + "," + taken, failure(expired, 9)),
        "accepted accepted accepted");
    addAnswerRow("a row without result or error", 200, "{\"results\":[" + taken + ",{}]}",
        "accepted unknown unknown");
    addAnswerRow("nothing", 200, "{}", "unknown unknown unknown");
}

void TestGoogleAnswers::partialFailuresFindTheirConversions()
{
    (void)checkAnswerRow(destination());
}

void TestGoogleAnswers::wholeRefusalsAreJudgedByTheirErrorsThenTheirStatus_data()
{
    addAnswerColumns();
    addAnswerRow("quota", 429,
        refusal("RESOURCE_EXHAUSTED", failure("quotaError.RESOURCE_EXHAUSTED", -1)),
        "throttled throttled");
    addAnswerRow("a lock that comes as 400", 400,
        refusal("INVALID_ARGUMENT", failure("databaseError.CONCURRENT_MODIFICATION", -1)),
        "transient transient");
    addAnswerRow("closed to the project", 403,
        refusal("PERMISSION_DENIED",
            failure("notAllowlistedError.CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE", -1)),
        "config config");
    addAnswerRow("no such customer comes as 401", 401,
        refusal("UNAUTHENTICATED", failure("authenticationError.CUSTOMER_NOT_FOUND", -1)),
        "config config");
    addAnswerRow("expired token", 401,
        refusal("UNAUTHENTICATED", failure("authenticationError.OAUTH_TOKEN_EXPIRED", -1)),
        "auth auth");
    addAnswerRow("too many", 400,
        refusal("INVALID_ARGUMENT",
            failure("conversionUploadError.TOO_MANY_CONVERSIONS_IN_REQUEST", -1)),
        "oversize oversize");
    addAnswerRow("one is named", 400,
        refusal("INVALID_ARGUMENT", failure("dateError.INVALID_STRING_DATE_TIME", 1)),
        "transient* invalid");
    addAnswerRow("a body that can not be read", 400,
        "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\",\"message\":\"m\",\"details\":"
        "[{\"fieldViolations\":[{\"field\":\"conversions[1].conversion_value\","
        "\"description\":\"not a number\"}]}]}}",
        "transient* invalid");
    addAnswerRow("named in the text only", 400,
        "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\",\"message\":\"m\",\"details\":"
        "[{\"fieldViolations\":[{\"description\":\"Invalid value at 'conversions[0].gclid'\"}]}]}}",
        "invalid transient*");
    addAnswerRow("nobody is named", 400, refusal("INVALID_ARGUMENT"), "invalid invalid", true);
    addAnswerRow("status name alone", 401, refusal("UNAUTHENTICATED"), "auth auth");
    addAnswerRow("unknown name", 403, refusal("SOMETHING_NEW"), "config config");
    addAnswerRow("no JSON, 502", 502, "<html>", "transient transient");
    addAnswerRow("no JSON, 409", 409, "", "transient transient");
    addAnswerRow("no JSON, 429", 429, "", "throttled throttled");
    addAnswerRow("no JSON, 200", 200, "<html>", "unknown unknown");
    addAnswerRow("no object", 200, "[]", "unknown unknown");
}

void TestGoogleAnswers::wholeRefusalsAreJudgedByTheirErrorsThenTheirStatus()
{
    (void)checkAnswerRow(destination());
}

void TestGoogleAnswers::everyStatusNameHasItsClass()
{
    for (const GoogleStatus& status : googleStatuses()) {
        const Decoded decoded
            = decodedAnswer(destination(), answerOf(400, refusal(std::string(status.name))), 1);
        QCOMPARE(toString(decoded.request), toString(status.outcome));
        QCOMPARE(decoded.records[0].code, std::string(status.name));
    }
}

void TestGoogleAnswers::delaysAreReadInEveryForm_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("header");
    QTest::addColumn<qint64>("seconds"); // −1: none
    QTest::addColumn<bool>("isCredentialWide");
    const auto error = [](const char* message, const char* quota) {
        return QStringLiteral("{\"errorCode\":{\"quotaError\":\"RESOURCE_EXHAUSTED\"},"
                              "\"message\":\"%1\",\"details\":{\"quotaErrorDetails\":{%2}}}")
            .arg(QString::fromUtf8(message), QString::fromUtf8(quota));
    };
    QTest::newRow("retryDelay of the account")
        << error("m", "\"rateScope\":\"ACCOUNT\",\"retryDelay\":\"30s\"") << "" << qint64 { 30 }
        << false;
    QTest::newRow("retryDelay of the project")
        << error("m", "\"rateScope\":\"DEVELOPER\",\"retryDelay\":\"40591s\"") << ""
        << qint64 { 40'591 } << true;
    QTest::newRow("in the text") << error("Too many requests. Retry in 45 seconds.", "") << ""
                                 << qint64 { 45 } << false;
    QTest::newRow("Retry-After wins")
        << error("m", "\"retryDelay\":\"30s\"") << "7" << qint64 { 7 } << false;
    QTest::newRow("none") << error("m", "") << "" << qint64 { -1 } << false;
    QTest::newRow("nonsense") << error("Retry in a while", "\"retryDelay\":\"soon\"") << ""
                              << qint64 { -1 } << false;
}

void TestGoogleAnswers::delaysAreReadInEveryForm()
{
    QFETCH(QString, error);
    QFETCH(QString, header);
    QFETCH(qint64, seconds);
    QFETCH(bool, isCredentialWide);
    HttpHeaders headers;
    if (!header.isEmpty())
        headers.emplace_back("Retry-After", header.toStdString());
    const Decoded decoded = decodedAnswer(destination(),
        answerOf(429, refusal("RESOURCE_EXHAUSTED", error.toStdString()), headers), 1);
    QCOMPARE(decoded.hint.retryAfter,
        seconds < 0 ? std::nullopt : std::optional<Millis>(Seconds { seconds }));
    QCOMPARE(decoded.hint.source.empty(), seconds < 0);
    QCOMPARE(decoded.hint.isCredentialWide, isCredentialWide);
}

void TestGoogleAnswers::howLongAYoungClickWaitsIsAnOption()
{
    const auto waits = [](const char* more) {
        const std::string errors = failure("conversionUploadError.TOO_RECENT_EVENT", 0) + ","
            + failure("conversionUploadError.EXPIRED_EVENT", 1);
        const Decoded decoded
            = decodedAnswer(destination(more), answerOf(200, partly("{},{}", errors)), 2);
        return std::pair { decoded.records[0].retryAfter, decoded.records[1].retryAfter };
    };
    using Waits = std::pair<std::optional<Millis>, std::optional<Millis>>;
    QVERIFY(waits("") == Waits(6h, std::nullopt));
    QVERIFY(waits("min_click_age = \"12h\"\n") == Waits(12h, std::nullopt));
}

void TestGoogleAnswers::theDataManagersAnswerIsForAll()
{
    const DestinationConfig to = destination("api = \"data_manager\"\n");
    QCOMPARE(outcomesWithFaults(decodedAnswer(to, answerOf(200, "{\"requestId\":\"r\"}"), 2)),
        std::string("accepted accepted"));
    QCOMPARE(outcomesWithFaults(decodedAnswer(to, answerOf(200, "{}"), 2)),
        std::string("unknown unknown"));
    const std::string named
        = "{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
          "\"details\":[{\"fieldViolations\":[{\"field\":\"events[1].currency\"}]},"
          "{\"retryDelay\":\"3s\"}]}}";
    const Decoded decoded = decodedAnswer(to, answerOf(400, named), 2);
    QCOMPARE(outcomesWithFaults(decoded), std::string("transient* invalid"));
    QCOMPARE(decoded.hint.retryAfter, std::optional<Millis>(3s));
    QCOMPARE(outcomesWithFaults(decodedAnswer(to, answerOf(429, refusal("RESOURCE_EXHAUSTED")), 1)),
        std::string("throttled"));
}

void TestGoogleAnswers::aLiveCheckIsAcceptedWithoutResults()
{
    const DestinationConfig to = destination();
    EncodeContext live = contextOf(to);
    live.isLiveCheck = true;
    const std::vector<Record> sent(1);
    const auto judged = [&](const std::string& body) {
        return outcomesWithFaults(GoogleAdapter().decode(answerOf(200, body), sent, live));
    };
    QCOMPARE(judged("{}"), std::string("accepted"));
    QCOMPARE(judged(partly("", failure("conversionUploadError.EXPIRED_EVENT", 0))),
        std::string("invalid"));
}

SPILLWAY_TEST(TestGoogleAnswers)

} // namespace tst_google_answers

#include "tst_google_answers.moc"
