#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "platforms/criteo.h"
#include "support/test_program.h"

namespace tst_criteo {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

class TestCriteo final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPurchaseBecomesTheGoldenRequest();
    void addressesAreHashedInThreeFormsAndNeverTwice_data();
    void addressesAreHashedInThreeFormsAndNeverTwice();
    void everyEventHasItsNameAndItsItems_data();
    void everyEventHasItsNameAndItsItems();
    void theBrowserTellsTheKindOfSite();
    void whatIsNotForCriteoIsNotRouted_data();
    void whatIsNotForCriteoIsNotRouted();
    void whatIsWrongIsRefused_data();
    void whatIsWrongIsRefused();
    void onlyEventsOfOneUserInOnePlaceShareARequest();
    void onlyWhatItsKeyTellsIsSafeToSendAgain_data();
    void onlyWhatItsKeyTellsIsSafeToSendAgain();
    void everyAnswerHasItsClass_data();
    void everyAnswerHasItsClass();
    void anOldEventIsSentUnlessItsAgeIsEnforced();
};

namespace {

const CriteoAdapter kAdapter;

const DestinationConfig& destination()
{
    static const DestinationConfig made = destinationOf(caseOf("criteo"));
    return made;
}

Encoded encode(const std::string& payload, EventType type = EventType::Track)
{
    return kAdapter.encode(canonical(payload, type), contextOf(destination()));
}

Json bodyOf(const std::string& payload, EventType type = EventType::Track)
{
    return *parseJson(std::get<Record>(encode(payload, type)).body);
}

std::string at(const Json& body, std::string_view path)
{
    const Json* const value = body.at(path);
    return value == nullptr ? "absent" : value->isString() ? value->text() : value->dump();
}

std::string eventOf(const std::string& name, const std::string& rest)
{
    return R"({"event_id":"e-1","event_name":")" + name + R"(","user":{"email":"a@b"})" + rest
        + '}';
}

} // namespace

void TestCriteo::aPurchaseBecomesTheGoldenRequest()
{
    const auto encoded = encode(
        richAfterClick(R"("crto_mapped_user_id":"cookie-7","criteo_page_view_id":"pv-1")"));
    QCOMPARE(encodedText(encoded),
        std::string(
            R"({"version":"s2s_v1.0.0","account":"12345","site_type":"d","country":"DE",)"
            R"("ip":"203.0.113.9","useragent":"Mozilla/5.0",)"
            R"("full_url":"https://shop.example/thanks?o=1001",)"
            R"("retailer_visitor_id":"customer-42","id":{"mapping_key":"67890",)"
            R"("mapped_user_id":"cookie-7","email":{"md5":"0cba00ca3da1b283a57287bcceb17e35",)"
            R"("sha256":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",)"
            R"("sha256_md5":"861a02f31e82e3e351245b890b77cd9dcf6d2a41cae117e1fb55d79a1c9a2b8f"}},)"
            R"("events":[{"event":"trackTransaction","timestamp":"2026-11-26T23:59:58.750Z",)"
            R"("id":"1001","currency":"EUR","item":[{"id":"sku1","price":49.95,"quantity":1},)"
            R"({"id":"sku2","price":12.50,"quantity":2}],"deduplication_page_view_id":"pv-1"}]})"));
    const Record record = std::get<Record>(encoded);
    const auto request = kAdapter.request({ &record, 1 }, contextOf(destination()), {});
    QCOMPARE(request->method, std::string("POST"));
    QCOMPARE(request->url, std::string("http://127.0.0.1:9100/criteo/m/event?version=s2s_v0"));
    QCOMPARE(request->body, record.body);
    QCOMPARE(
        encodedText(encode(R"({"event_name":"login","user":{"email":"jane.doe@example.com"}})")),
        std::string(
            R"({"version":"s2s_v1.0.0","account":"12345","site_type":"d","id":{"email":{)"
            R"("md5":"0cba00ca3da1b283a57287bcceb17e35",)"
            R"("sha256":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d",)"
            R"("sha256_md5":"861a02f31e82e3e351245b890b77cd9dcf6d2a41cae117e1fb55d79a1c9a2b8f"}},)"
            R"("events":[{"event":"login","timestamp":"2026-11-27T00:00:00.000Z"}]})"));
}

void TestCriteo::addressesAreHashedInThreeFormsAndNeverTwice_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("md5");
    QTest::addColumn<QString>("sha256");
    QTest::addColumn<QString>("sha256OfMd5");
    const QString md5 = QStringLiteral("0cba00ca3da1b283a57287bcceb17e35");
    const QString sha
        = QStringLiteral("86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d");
    const QString both
        = QStringLiteral("861a02f31e82e3e351245b890b77cd9dcf6d2a41cae117e1fb55d79a1c9a2b8f");
    const QString none = QStringLiteral("absent");
    QTest::newRow("plain") << R"({"email":" Jane.Doe@Example.com "})" << md5 << sha << both;
    QTest::newRow("md5 of the sender")
        << R"({"email_md5":"0CBA00CA3DA1B283A57287BCCEB17E35"})" << md5 << none << both;
    QTest::newRow("sha256 of the sender")
        << QString(QStringLiteral(R"({"email_sha256":"%1"})").arg(sha)) << none << sha << none;
    QTest::newRow("sha256 of md5 of the sender")
        << QString(QStringLiteral(R"({"email_sha256_md5":"%1"})").arg(both)) << none << none
        << both;
    QTest::newRow("a hash in the place of the address")
        << QString(QStringLiteral(R"({"email":"%1"})").arg(sha)) << none << sha << none;
    QTest::newRow("an MD5 in the place of the address")
        << QString(QStringLiteral(R"({"email":"%1"})").arg(md5)) << md5 << none << both;
}

void TestCriteo::addressesAreHashedInThreeFormsAndNeverTwice()
{
    QFETCH(QString, user);
    QFETCH(QString, md5);
    QFETCH(QString, sha256);
    QFETCH(QString, sha256OfMd5);
    const Json body = bodyOf(R"({"event_name":"login","user":)" + user.toStdString() + '}');
    QCOMPARE(QString::fromStdString(at(body, "id.email.md5")), md5);
    QCOMPARE(QString::fromStdString(at(body, "id.email.sha256")), sha256);
    QCOMPARE(QString::fromStdString(at(body, "id.email.sha256_md5")), sha256OfMd5);
}

void TestCriteo::everyEventHasItsNameAndItsItems_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("rest");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("item");
    const auto row = [](const char* name, const char* rest, const char* theirs,
                         const char* item = "absent") {
        QTest::newRow((std::string(name) + ' ' + theirs).c_str()) << name << rest << theirs << item;
    };
    const char* items = R"(,"items":[{"id":"s1","price":"1.50"},{"name":"wrap"},{"id":2}])";
    row("Page Viewed", R"(,"event_source_url":"https://shop.example/tea")", "viewPage");
    row("Page Viewed", R"(,"event_source_url":"https://shop.example/?from=mail")", "viewHome");
    row("Product Viewed", items, "viewItem", "s1");
    row("Product List Viewed", items, "viewList", R"(["s1","2"])");
    row("Products Searched", items, "viewSearch");
    row("Product Added", items, "addToCart",
        R"([{"id":"s1","price":1.50,"quantity":1},{"id":"2","quantity":1}])");
    row("Cart Viewed", R"(,"items":[{"id":"s1"}])", "viewBasket", R"([{"id":"s1","quantity":1}])");
    row("Checkout Started", R"(,"items":[{"id":"s1"}])", "beginCheckout",
        R"([{"id":"s1","quantity":1}])");
    row("Payment Info Entered", "", "addPaymentInfo");
    row("Signed In", "", "login");
}

void TestCriteo::everyEventHasItsNameAndItsItems()
{
    QFETCH(QString, name);
    QFETCH(QString, rest);
    QFETCH(QString, theirs);
    QFETCH(QString, item);
    const Json body = bodyOf(eventOf(name.toStdString(), rest.toStdString()));
    QCOMPARE(QString::fromStdString(at(body, "events.0.event")), theirs);
    QCOMPARE(QString::fromStdString(at(body, "events.0.item")), item);
}

void TestCriteo::theBrowserTellsTheKindOfSite()
{
    const auto typeOf = [](const std::string& browser) {
        return at(bodyOf(R"({"event_name":"login","user":{"email":"a@b","user_agent":")" + browser
                      + R"("}})"),
            "site_type");
    };
    QCOMPARE(typeOf("Mozilla/5.0 (iPhone; CPU iPhone OS 19_1) Mobile/15E148"), std::string("m"));
    QCOMPARE(
        typeOf("Mozilla/5.0 (Linux; Android 16; Pixel 10) Chrome/142 Mobile"), std::string("m"));
    QCOMPARE(typeOf("Mozilla/5.0 (Linux; Android 16; SM-X910) Chrome/142"), std::string("t"));
    QCOMPARE(typeOf("Mozilla/5.0 (iPad; CPU OS 19_1) Mobile/15E148"), std::string("t"));
    QCOMPARE(typeOf("Mozilla/5.0 (Windows NT 10.0; Win64; x64)"), std::string("d"));
    DestinationConfig set = destination();
    set.options["site_type"] = "m";
    set.options["browser_field"] = "user_agent";
    set.options["language"] = "de";
    const auto body = *parseJson(
        std::get<Record>(kAdapter.encode(canonical(eventOf("login", "")), contextOf(set))).body);
    QCOMPARE(at(body, "site_type"), std::string("m"));
    QCOMPARE(at(body, "language"), std::string("de"));
}

void TestCriteo::whatIsNotForCriteoIsNotRouted_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char* name, const std::string& payload, const char* reason) {
        QTest::newRow(name) << QString::fromStdString(payload) << reason;
    };
    row("no such event there", eventOf("Lead", ""), "no_mapping");
    row("a product page without a product", eventOf("Product Viewed", ""), "no_mapping");
    row("nobody", R"({"event_name":"login","user":{"ip":"1.2.3.4"}})", "no_identifier");
    row("denied", eventOf("login", R"(,"consent":{"ad_user_data":"denied"})"), "consent_denied");
    row("limited", eventOf("login", R"(,"consent":{"limited_data_use":true})"), "consent_denied");
    row("not personal", eventOf("login", R"(,"consent":{"ad_personalization":"denied"})"),
        "consent_denied");
    row("a device", R"({"event_name":"login","device":{"gaid":"38400000"}})", "");
    row("a cookie", R"({"event_name":"login","click":{"crto_mapped_user_id":"c"}})", "");
}

void TestCriteo::whatIsNotForCriteoIsNotRouted()
{
    QFETCH(QString, payload);
    QFETCH(QString, reason);
    const auto found = kAdapter.unroutable(canonical(payload.toStdString()), destination());
    QCOMPARE(QString::fromStdString(found ? found->reason : std::string()), reason);
}

void TestCriteo::whatIsWrongIsRefused_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const std::string& payload, const char* field) {
        QTest::newRow(name) << QString::fromStdString(payload) << field;
    };
    row("order without items", eventOf("Purchase", ""), "items");
    row("order without a price", eventOf("Purchase", R"(,"items":[{"id":"s"}])"), "items.0.price");
    row("no piece", eventOf("Purchase", R"(,"items":[{"id":"s","price":1,"quantity":0}])"),
        "items.0.quantity");
    row("half an address", R"({"event_name":"login","user":{"email":"jane"}})", "user.email");
    row("half a hash", R"({"event_name":"login","user":{"email_md5":"0cba"}})", "user.email_md5");
    row("no country", R"({"event_name":"login","user":{"email":"a@b","country_iso2":"Germany"}})",
        "user.country_iso2");
    row("tomorrow", eventOf("login", R"(,"event_time":"2026-11-27T20:00:00Z")"), "event_time");
}

void TestCriteo::whatIsWrongIsRefused()
{
    QFETCH(QString, payload);
    QFETCH(QString, field);
    const auto result = encode(payload.toStdString());
    QVERIFY(std::holds_alternative<Refusal>(result));
    QCOMPARE(QString::fromStdString(std::get<Refusal>(result).field), field);
}

void TestCriteo::onlyEventsOfOneUserInOnePlaceShareARequest()
{
    const auto recordOf
        = [](const std::string& payload) { return std::get<Record>(encode(payload)); };
    const std::vector<Record> together { recordOf(eventOf("login", "")),
        recordOf(eventOf("Payment Info Entered", "")) };
    QCOMPARE(together[0].batchKey, together[1].batchKey);
    const std::string another = R"({"event_name":"login","user":{"email":"c@d"}})";
    const std::string elsewhere
        = eventOf("login", R"(,"event_source_url":"https://shop.example/a")");
    QVERIFY(together[0].batchKey != recordOf(another).batchKey);
    QVERIFY(together[0].batchKey != recordOf(elsewhere).batchKey);
    const auto request = kAdapter.request(together, contextOf(destination()), {});
    const Json body = *parseJson(request->body);
    QCOMPARE(at(body, "events.0.event"), std::string("login"));
    QCOMPARE(at(body, "events.1.event"), std::string("addPaymentInfo"));
    QVERIFY(body.at("events.2") == nullptr);
}

void TestCriteo::onlyWhatItsKeyTellsIsSafeToSendAgain_data()
{
    QTest::addColumn<QString>("payload");
    QTest::addColumn<bool>("isSafe");
    QTest::newRow("a purchase has its id")
        << QString::fromStdString(eventOf("Purchase", R"(,"items":[{"id":"s","price":1}])"))
        << true;
    QTest::newRow("a page that the tag saw too")
        << QString::fromStdString(eventOf("login", R"(,"click":{"criteo_page_view_id":"pv"})"))
        << true;
    QTest::newRow("anything else") << QString::fromStdString(eventOf("login", "")) << false;
}

void TestCriteo::onlyWhatItsKeyTellsIsSafeToSendAgain()
{
    QFETCH(QString, payload);
    QFETCH(bool, isSafe);
    QCOMPARE(std::get<Record>(encode(payload.toStdString())).hasDedupKey, isSafe);
}

void TestCriteo::everyAnswerHasItsClass_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("outcome"); // of two records
    QTest::addColumn<bool>("isSuspect");
    const auto row = [](int status, const char* body, const char* outcome, bool isSuspect = false) {
        QTest::addRow("%d %s", status, body) << status << body << outcome << isSuspect;
    };
    row(200, R"({"errors":[],"warnings":[]})", "accepted");
    row(200, R"({"errors":[],"warnings":["slow"]})", "accepted");
    row(200, "{}", "accepted");
    row(204, "", "accepted");
    row(200, "", "unknown");
    row(200, "<html>", "unknown");
    row(200, R"({"errors":["UserIdentifierMissing"]})", "invalid", true);
    row(200, R"({"errors":[{"code":"EventInvalid"}]})", "invalid", true);
    row(200, R"({"errors":"EventInvalid"})", "invalid", true);
    row(200, R"({"errors":["AccountNotFound"]})", "config");
    row(200, R"({"errors":["EventInvalid",{"text":"partner id is wrong"}]})", "config");
    row(307, "", "config"); // where it is not followed
    row(400, "", "invalid", true);
    row(404, "", "config");
    row(413, "", "oversize");
    row(429, "", "throttled");
    row(503, "", "transient");
}

void TestCriteo::everyAnswerHasItsClass()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, outcome);
    QFETCH(bool, isSuspect);
    const std::vector<Record> sent(2);
    const Decoded decoded = kAdapter.decode(
        answerOf(status, body.toStdString(), { { "Location", "https://widget.eu.criteo.com" } }),
        sent, contextOf(destination()));
    QCOMPARE(toString(decoded.request), outcome.toUtf8().constData());
    QCOMPARE(toString(decoded.records[1].outcome), outcome.toUtf8().constData());
    QCOMPARE(decoded.isBatchSuspect, isSuspect);
    if (status == 307)
        QVERIFY(decoded.records[0].message.find("widget.eu.criteo.com") != std::string::npos);
}

// Fifteen minutes are advice: they order and warn, and refuse only where the operator says so.
void TestCriteo::anOldEventIsSentUnlessItsAgeIsEnforced()
{
    DestinationConfig strict = destination();
    QVERIFY(strict.contract.acceptedAge == Seconds { 900 });
    QVERIFY(!strict.contract.isAgeEnforced);
    const auto old = canonical(eventOf("login", R"(,"event_time":"2026-11-26T23:44:59Z")"));
    QVERIFY(std::holds_alternative<Record>(kAdapter.encode(old, contextOf(strict))));
    strict.contract.isAgeEnforced = true;
    QVERIFY(std::holds_alternative<Refusal>(kAdapter.encode(old, contextOf(strict))));
    QVERIFY(strict.contract.redirectDomains == std::vector<std::string> { "criteo.com" });
}

SPILLWAY_TEST(TestCriteo)

} // namespace tst_criteo

#include "tst_criteo.moc"
