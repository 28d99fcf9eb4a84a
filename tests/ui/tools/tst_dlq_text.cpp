#include "dlq/curl_text.h"
#include "dlq/dead_letter_export.h"
#include "dlq/dlq_filter.h"
#include "dlq/masking.h"
#include "support/test_program.h"

#include <QDateTime>
#include <QRegularExpression>

namespace tst_dlq_text {

using namespace ui;

namespace {

// 14:00 local on a fixed day, so that clock times in a filter mean the same everywhere.
engine::WallTime noonish()
{
    const QDateTime local(QDate(2026, 11, 27), QTime(14, 0));
    return engine::fromUnixMicros(local.toMSecsSinceEpoch() * 1'000);
}

engine::DeadLetterDetail leakyDetail()
{
    engine::DeadLetterDetail detail;
    detail.requestHead
        = "POST https://graph.example.com/v19.0/1/events?access_token=EAAB-secret&x=1\n"
          "Authorization: Bearer topsecret-123\n"
          "X-Api-Key: key-456\n"
          "X-Customer: jane.doe@example.com\n"
          "Content-Type: application/json\n"
          "Content-Length: 120";
    detail.record
        = "{\"user\":{\"email\":\"jane.doe@example.com\",\"ph\":4915112345678,"
          "\"client_ip_address\":\"10.1.2.3\"},\"note\":\"it's jane.doe@example.com $USD\","
          "\"access_token\":\"EAAB-secret\",\"id\":10223372036854775807}";
    return detail;
}

} // namespace

class TestDlqText : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void aFilterLineMeansWhatItSays();
    void payloadsAttemptsAndHeadroomAreFilters();
    void aFilterSurvivesItsWrittenForm();
    void mistakesAreNamedAndChangeNothing_data();
    void mistakesAreNamedAndChangeNothing();
    void oneTermCanBeTakenOut();
    void personalDataIsMaskedWhereverItStands_data();
    void personalDataIsMaskedWhereverItStands();
    void idsAndTimesAreNotTakenForPersonalData_data();
    void idsAndTimesAreNotTakenForPersonalData();
    void jsonKeepsEveryByteOfItsValues();
    void everyFieldThatNamesAPersonIsMasked_data();
    void everyFieldThatNamesAPersonIsMasked();
    void unmaskingShowsPeopleButNeverSecrets();
    void whatIsNoJsonIsShownAsText();
    void aCurlCommandHoldsNoSecretAndNoAddress();
    void aSpreadsheetRunsNoFormulaFromAnExport();
};

void TestDlqText::aFilterLineMeansWhatItSays()
{
    const auto parsed = parseDlqFilter(
        QStringLiteral("dest:meta-main,x shard:snap/a77 class:invalid http:400 code:100/2804003 "
                       "fp:\"snap · 400 · bad\" type:Purchase first>09:00 last<15m state:archived "
                       "ord-5512"),
        noonish());
    QVERIFY2(parsed.isValid(), qPrintable(parsed.error));
    const auto& filter = parsed.filter;
    QCOMPARE(filter.destinations, (std::vector<std::string> { "meta-main", "x" }));
    QVERIFY((filter.shards == std::vector<engine::ShardId> { { "snap", "a77" } }));
    QVERIFY(filter.classes == std::vector { engine::Outcome::Invalid });
    QCOMPARE(filter.httpStatus, 400);
    QCOMPARE(filter.code, std::string("100/2804003"));
    QCOMPARE(filter.fingerprint, std::string("snap · 400 · bad"));
    QCOMPARE(filter.eventName, std::string("Purchase"));
    QCOMPARE(filter.eventId, std::string("ord-5512"));
    QVERIFY(filter.states == std::vector { engine::DeadLetterState::Archived });
    QVERIFY(filter.firstFrom == noonish() - std::chrono::hours(5));
    QVERIFY(filter.failedTo == noonish() - std::chrono::minutes(15));
    QCOMPARE(parsed.terms.size(), std::size_t { 11 });
}

void TestDlqText::payloadsAttemptsAndHeadroomAreFilters()
{
    const auto parsed = parseDlqFilter(
        QStringLiteral("text:\"not a number\" $.user.email:anna* retries>2 size>=100k expires<24h"),
        noonish());
    QVERIFY2(parsed.isValid(), qPrintable(parsed.error));
    QCOMPARE(parsed.filter.text, std::string("not a number"));
    QCOMPARE(parsed.filter.payloadPath, std::string("$.user.email"));
    QCOMPARE(parsed.filter.payloadValue, std::string("anna*"));
    QCOMPARE(parsed.filter.attemptsMin, 3);
    QVERIFY(parsed.filter.payloadBytesMin == 100'000);
    QVERIFY(parsed.filter.expiresTo == noonish() + std::chrono::hours(24));
    const auto again = parseDlqFilter(toFilterLine(parsed.filter), noonish());
    QVERIFY2(again.isValid(), qPrintable(again.error));
    QVERIFY(again.filter == parsed.filter);
    QVERIFY(parseDlqFilter(QStringLiteral("$.price:*"), noonish()).filter.payloadValue.empty());
}

void TestDlqText::aFilterSurvivesItsWrittenForm()
{
    engine::DeadLetterFilter filter;
    filter.destinations = { "meta-main" };
    filter.classes = { engine::Outcome::Invalid, engine::Outcome::Unknown };
    filter.httpStatus = 400;
    filter.fingerprint = "meta-main · 400 · price is no number";
    filter.firstFrom = noonish();
    filter.eventTo = noonish();
    filter.states = { engine::DeadLetterState::Archived };
    const auto parsed = parseDlqFilter(toFilterLine(filter), noonish());
    QVERIFY2(parsed.isValid(), qPrintable(parsed.error));
    QVERIFY(parsed.filter == filter);
}

void TestDlqText::mistakesAreNamedAndChangeNothing_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown key") << "dest:meta colour:red"
                                 << "colour";
    QTest::newRow("unknown class") << "class:wrong"
                                   << "throttled";
    QTest::newRow("no status") << "http:4000"
                               << "599";
    QTest::newRow("no time") << "first>soon"
                             << "09:00";
    QTest::newRow("no value") << "dest:"
                              << "value";
    QTest::newRow("open quote") << "fp:\"a b"
                                << "quote";
    QTest::newRow("twice") << "code:1 code:2"
                           << "twice";
    QTest::newRow("not comparable") << "dest>meta"
                                    << "compared";
    QTest::newRow("payload path") << "$.:1"
                                  << "field";
    QTest::newRow("two paths") << "$.a:1 $.b:2"
                               << "one field";
    QTest::newRow("no size") << "size>big"
                             << "100k";
    QTest::newRow("retries below") << "retries<3"
                                   << "retries>=3";
    QTest::newRow("expiry above") << "expires>24h"
                                  << "expires<24h";
    QTest::newRow("no shard") << "shard:meta"
                              << "destination/account";
}

void TestDlqText::mistakesAreNamedAndChangeNothing()
{
    QFETCH(QString, line);
    QFETCH(QString, named);
    const auto parsed = parseDlqFilter(line, noonish());
    QVERIFY(!parsed.isValid());
    QVERIFY2(parsed.error.contains(named), qPrintable(parsed.error));
    QVERIFY(parsed.filter == engine::DeadLetterFilter {});
}

void TestDlqText::oneTermCanBeTakenOut()
{
    const QString line = QStringLiteral("dest:meta fp:\"a b\" http:400");
    const auto parsed = parseDlqFilter(line, noonish());
    QCOMPARE(withoutTerm(line, parsed.terms.at(1)), QStringLiteral("dest:meta http:400"));
}

void TestDlqText::personalDataIsMaskedWhereverItStands_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("e-mail") << "to jane.doe+x@mail.example.com now";
    QTest::newRow("encoded e-mail") << "?em=jane%40example.com&x=1";
    QTest::newRow("escaped e-mail") << "jane\\u0040example.com";
    QTest::newRow("umlaut") << QString::fromUtf8("jürgen@müller.example");
    QTest::newRow("phone") << "+49 (151) 123-456-78";
    QTest::newRow("ip") << "from 203.0.113.77:443";
    QTest::newRow("ipv6") << "from 2001:db8::8a2e:370:7334 today";
}

void TestDlqText::personalDataIsMaskedWhereverItStands()
{
    QFETCH(QString, text);
    const QString masked = maskText(text);
    QVERIFY2(masked.contains(u'['), qPrintable(masked));
    for (const char* leak : { "jane", "example", "151", "113.77", "8a2e", "rgen" })
        QVERIFY2(!masked.contains(QLatin1String(leak)), qPrintable(masked));
}

void TestDlqText::idsAndTimesAreNotTakenForPersonalData_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : { "1029384756", "2026-11-27T09:12:01.123+01:00", "ord-5512-purchase",
             "12.90", "v19.0", "std::string", "a:b", "129.90 EUR" })
        QTest::newRow(text) << text;
}

void TestDlqText::idsAndTimesAreNotTakenForPersonalData()
{
    QFETCH(QString, text);
    QCOMPARE(maskText(text), text);
}

// 10223372036854775807 does not fit 64 bits and 1e400 no double: both must come out as they came.
void TestDlqText::jsonKeepsEveryByteOfItsValues()
{
    const std::string json
        = "{\"a\":10223372036854775807,\"b\":1e400,\"c\":\"A\\n\",\"d\":[],\"e\":{}}";
    const QString pretty = formatJson(json);
    for (const char* part : { "10223372036854775807", "1e400", "\"A\\n\"", "\"d\": []" })
        QVERIFY2(pretty.contains(QLatin1String(part)), qPrintable(pretty));
    QCOMPARE(pretty.count(u'\n'), 6);
    const JsonOptions flat { .isIndented = false };
    QCOMPARE(formatJson(json, flat), QString::fromStdString(json));
}

// The fields of a shop's events and what the platforms make of them. What belongs to nobody stays.
void TestDlqText::everyFieldThatNamesAPersonIsMasked_data()
{
    QTest::addColumn<QString>("json");
    for (const char* field :
        { "first_name", "lastName", "full_name", "fn", "ln", "street", "city", "zip", "postal_code",
            "ct", "st", "zp", "date_of_birth", "birthday", "db", "gender", "ge", "external_id",
            "externalIds", "idfa", "madid", "hashed_email", "phone_number" }) {
        QTest::newRow(field) << QStringLiteral("{\"%1\":\"leak\"}").arg(QLatin1String(field));
        QTest::addRow("%s in a list", field)
            << QStringLiteral("{\"%1\":[\"leak\",\"leak\"]}").arg(QLatin1String(field));
    }
    QTest::newRow("a place in parts")
        << QStringLiteral("{\"address\":{\"line\":\"leak\",\"parts\":[{\"a\":\"leak\"}]}}");
}

void TestDlqText::everyFieldThatNamesAPersonIsMasked()
{
    QFETCH(QString, json);
    const QString masked = formatJson(json.toStdString());
    QVERIFY2(!masked.contains(QStringLiteral("leak")), qPrintable(masked));
    QVERIFY(isMasked(masked));
    const QString shown = formatJson(json.toStdString(), { .personalData = PersonalData::Shown });
    QCOMPARE(shown.count(QStringLiteral("leak")), json.count(QStringLiteral("leak")));
    const QString plain = QStringLiteral("{\"content_name\":\"Boots\",\"order_id\":\"A-1\","
                                         "\"event_id\":\"e\",\"country\":\"de\",\"value\":1}");
    QCOMPARE(formatJson(plain.toStdString(), { .isIndented = false }), plain);
}

void TestDlqText::unmaskingShowsPeopleButNeverSecrets()
{
    const std::string json
        = "{\"em\":[\"not an address\",7],\"phone\":4915,\"access_token\":\"EAAB\",\"ip\":null}";
    const QString masked = formatJson(json);
    QVERIFY(!masked.contains(QStringLiteral("not an address")));
    QVERIFY(!masked.contains(QStringLiteral("4915")));
    QVERIFY(masked.contains(QStringLiteral("null")));
    const QString shown = formatJson(
        json, { .personalData = PersonalData::Shown, .secretPrefix = QStringLiteral("META") });
    QVERIFY(shown.contains(QStringLiteral("not an address")));
    QVERIFY(!shown.contains(QStringLiteral("EAAB")));
    QVERIFY(shown.contains(QStringLiteral("$META_ACCESS_TOKEN")));
}

void TestDlqText::whatIsNoJsonIsShownAsText()
{
    QCOMPARE(formatJson("<html>jane@example.com</html>"), QStringLiteral("<html>[e-mail]</html>"));
    QCOMPARE(formatJson("{\"a\":nope}"), QStringLiteral("{\"a\":nope}"));
    QCOMPARE(formatJson(""), QString());
}

void TestDlqText::aCurlCommandHoldsNoSecretAndNoAddress()
{
    const QString curl = toCurl(leakyDetail(), QStringLiteral("META"));
    for (const char* leak :
        { "EAAB", "topsecret", "key-456", "jane", "10.1.2.3", "4915112345678", "Content-Length" })
        QVERIFY2(!curl.contains(QLatin1String(leak)), qPrintable(curl));
    // Variables stand outside of the single quotes, where the shell replaces them; data does not.
    QVERIFY2(curl.contains(QStringLiteral("'\"$META_ACCESS_TOKEN\"'")), qPrintable(curl));
    QVERIFY2(curl.contains(QStringLiteral("Bearer '\"$META_AUTHORIZATION\"'")), qPrintable(curl));
    QVERIFY2(curl.contains(QStringLiteral("it'\\''s")), qPrintable(curl));
    QVERIFY2(curl.contains(QStringLiteral(" $USD")), qPrintable(curl));
    QVERIFY2(curl.contains(QStringLiteral("10223372036854775807")), qPrintable(curl));
}

void TestDlqText::aSpreadsheetRunsNoFormulaFromAnExport()
{
    engine::DeadLetterRow row;
    row.eventId = "=cmd|' /C calc'!A1";
    row.message = "from jane@example.com, \"quoted\"";
    const QByteArray line = toCsvLine(row);
    QVERIFY(line.contains("\"'=cmd"));
    QVERIFY(line.contains("\"from [e-mail], \"\"quoted\"\"\""));
    QCOMPARE(line.count("\r\n"), 1);
    QVERIFY(!toJsonLine(row).contains("jane"));
}

SPILLWAY_TEST(TestDlqText)

} // namespace tst_dlq_text

#include "tst_dlq_text.moc"
