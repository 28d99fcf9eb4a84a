#include "ingress/event_reader.h"
#include "ingress/event_time.h"
#include "support/fake_clock.h"
#include "support/test_program.h"

namespace tst_event_reader {

using namespace engine;
using namespace engine::ingress;

namespace {

constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
    + std::chrono::hours { 9 } };

ReadOptions options()
{
    return { .workspace = "shop", .now = kNow, .random = [bits = std::uint64_t { 0 }]() mutable {
                return ++bits;
            } };
}

std::variant<NewEvent, std::vector<FieldProblem>> readText(
    const std::string& text, const ReadOptions& given = options())
{
    const auto body = readBody(text, BodyForm::Json, 10);
    if (!body)
        return std::vector { FieldProblem { "body", body.error().message } };
    return readEvent(body->items.front(), 0, given);
}

std::string problemsOf(const std::string& text)
{
    const auto read = readText(text);
    const auto* const problems = std::get_if<std::vector<FieldProblem>>(&read);
    std::string all;
    for (const FieldProblem& problem :
        problems == nullptr ? std::vector<FieldProblem> {} : *problems)
        all += problem.field + ": " + problem.reason + '\n';
    return all;
}

} // namespace

class TestEventReader final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePayloadKeepsEveryByte();
    void defaultsFillWhatIsAbsent();
    void wrongFieldsAreNamed_data();
    void wrongFieldsAreNamed();
    void rightFieldsPass_data();
    void rightFieldsPass();
    void allProblemsOfAnEventAreToldUpToABound();
    void eventTimesAreReadExactly_data();
    void eventTimesAreReadExactly();
    void unreadableEventTimesAreRefused_data();
    void unreadableEventTimesAreRefused();
    void bodiesSplitIntoTheBytesOfTheirItems();
    void brokenBodiesAreRefused_data();
    void brokenBodiesAreRefused();
    void aBrokenLineIsAProblemOfThatLine();
    void mediaTypesDecideTheForm_data();
    void mediaTypesDecideTheForm();
    void derivedIdsDependOnKeyIndexAndWorkspaceOnly();
    void generatedIdsAreVersion7AndSortByTime();
};

// 20 digits, more decimals than a double holds, an exponent out of its range, odd spacing, escapes
// and an unknown member: all as they came.
void TestEventReader::thePayloadKeepsEveryByte()
{
    const std::string text
        = "{ \"event_name\":\"Purchase\",\"order_id\": 12345678901234567890,\"value\":1.10,"
          "\"properties\":{\"big\":1e400,\"n\":0.1000000000000000055511151231257827,\"u\":"
          "\"\\u00e9\"},\n\t\"zzz\" : [ 1 ] }";
    const auto read = readText("[" + text + "]");
    const auto* const event = std::get_if<NewEvent>(&read);
    QVERIFY(event != nullptr);
    QCOMPARE(event->payload, text);
    QCOMPARE(event->contentHash, contentHashOf(text));
    QVERIFY(contentHashOf(text) != contentHashOf(text + ' '));
}

void TestEventReader::defaultsFillWhatIsAbsent()
{
    const auto read = readText(R"({"event_name":"Lead","event_id":null,"event_time":null})");
    const auto* const event = std::get_if<NewEvent>(&read);
    QVERIFY(event != nullptr);
    QCOMPARE(event->type, EventType::Track);
    QVERIFY(event->isEventIdGenerated && event->eventId.size() == 36);
    QVERIFY(event->isEventTimeAssigned);
    QCOMPARE(event->eventTime, kNow);
    QCOMPARE(event->receivedAt, kNow);
    QCOMPARE(event->workspace, std::string("shop"));

    const auto identify = readText(R"({"type":"identify"})");
    QVERIFY(std::holds_alternative<NewEvent>(identify));
    QCOMPARE(std::get<NewEvent>(identify).name, std::string("identify"));
}

void TestEventReader::wrongFieldsAreNamed_data()
{
    QTest::addColumn<QByteArray>("members"); // beside event_name
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* name, const QByteArray& members, const char* field) {
        QTest::newRow(name) << members << QByteArray(field);
    };
    row("type of another name", R"("type":"purchase")", "type");
    row("type as a number", R"("type":1)", "type");
    row("id as a number", R"("event_id":7)", "event_id");
    row("empty id", R"("event_id":"")", "event_id");
    row("id of 129 bytes", "\"event_id\":\"" + QByteArray(129, 'a') + '"', "event_id");
    row("id with a zero byte", R"("event_id":"a\u0000b")", "event_id");
    row("id with a line break", R"("event_id":"a\nb")", "event_id");
    row("time as an object", R"("event_time":{})", "event_time");
    row("user as text", R"("user":"x")", "user");
    row("email as a number", R"("user":{"email":1})", "user.email");
    row("email where its hash belongs", R"("user":{"email_sha256":"a@b.c"})", "user.email_sha256");
    row("md5 too short", R"("user":{"email_md5":"abc"})", "user.email_md5");
    row("click id as an object", R"("click":{"gclid":{}})", "click.gclid");
    row("click time as text", R"("click":{"time_us":"now"})", "click.time_us");
    row("device as an array", R"("device":[])", "device");
    row("value as a word", R"("value":"ten")", "value");
    row("value with an exponent in text", R"("value":"1e3")", "value");
    row("value with a comma", R"("value":"1,50")", "value");
    row("value as a flag", R"("value":true)", "value");
    row("currency in small letters", R"("currency":"eur")", "currency");
    row("order id as a flag", R"("order_id":false)", "order_id");
    row("item count with a fraction", R"("num_items":1.5)", "num_items");
    row("item count below 0", R"("num_items":-1)", "num_items");
    row("items as an object", R"("items":{})", "items");
    row("an item as text", R"("items":[{"id":"a"},"b"])", "items[1]");
    row("a price in an item", R"("items":[{},{},{"price":"x"}])", "items[2].price");
    row("a quantity in an item", R"("items":[{"quantity":"2"}])", "items[0].quantity");
    row("consent of another word", R"("consent":{"ad_user_data":"yes"})", "consent.ad_user_data");
    row("limited use as text", R"("consent":{"limited_data_use":"no"})",
        "consent.limited_data_use");
    row("opt out as a number", R"("opt_out":1)", "opt_out");
    row("action source unknown", R"("action_source":"web")", "action_source");
    row("properties as an array", R"("properties":[])", "properties");
    row("routing as text", R"("routing":"x")", "routing");
}

void TestEventReader::wrongFieldsAreNamed()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, field);
    const std::string problems
        = problemsOf("{\"event_name\":\"Lead\"," + members.toStdString() + '}');
    QCOMPARE(problems.substr(0, problems.find(':')), field.toStdString());
    QCOMPARE(std::count(problems.begin(), problems.end(), '\n'), 1);
}

void TestEventReader::rightFieldsPass_data()
{
    QTest::addColumn<QByteArray>("members");
    const auto row
        = [](const char* name, const QByteArray& members) { QTest::newRow(name) << members; };
    row("id of 128 bytes", "\"event_id\":\"" + QByteArray(128, 'a') + '"');
    row("numbers for ids", R"("order_id":12345678901234567890,"user":{"external_id":7})");
    row("value as text", R"("value":"-12.50")");
    row("value as a number", R"("value":1e3)");
    row("nulls", R"("user":null,"items":null,"value":null,"currency":null,"click":{"gclid":null})");
    row("hashes in capitals", "\"user\":{\"email_sha256\":\"" + QByteArray(64, 'A') + "\"}");
    row("unknown fields of any shape", R"("properties":{"a":[{}]},"more":[1,{"x":null}])");
    row("names in other scripts", R"("event_id":"注文-1")");
}

void TestEventReader::rightFieldsPass()
{
    QFETCH(QByteArray, members);
    QCOMPARE(problemsOf("{\"event_name\":\"Lead\"," + members.toStdString() + '}'), std::string());
}

void TestEventReader::allProblemsOfAnEventAreToldUpToABound()
{
    const std::string three = R"({"type":"x","event_id":1,"value":[]})";
    QCOMPARE(problemsOf(three),
        std::string("type: must be track, page, screen, identify, suppress, unsuppress, delete, "
                    "message or broadcast\nevent_name: is missing\nevent_id: must be a "
                    "string\nvalue: must be a number, or a string with a decimal number\n"));
    std::string items;
    for (int i = 0; i < 100; ++i)
        items += i == 0 ? "1" : ",1";
    const std::string many = problemsOf(R"({"event_name":"a","items":[)" + items + "]}");
    QCOMPARE(std::count(many.begin(), many.end(), '\n'), static_cast<std::ptrdiff_t>(kProblemsMax));
}

void TestEventReader::eventTimesAreReadExactly_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("time");
    const auto row = [](const char* given, const char* time) {
        QTest::newRow(given) << QByteArray(given) << QByteArray(time);
    };
    row("1764234721", "2025-11-27T09:12:01.000Z");
    row("\"1764234721\"", "2025-11-27T09:12:01.000Z");
    row("1764234721.123456", "2025-11-27T09:12:01.123456Z");
    row("1764234721.1234569", "2025-11-27T09:12:01.123456Z");
    row("1764234721123", "2025-11-27T09:12:01.123Z");
    row("\"1764234721123\"", "2025-11-27T09:12:01.123Z");
    row("1764234721123.5", "2025-11-27T09:12:01.123500Z");
    row("1.764234721123E9", "2025-11-27T09:12:01.123Z");
    row("1.764234721123e+12", "2025-11-27T09:12:01.123Z");
    row("946684800", "2000-01-01T00:00:00.000Z");
    row("\"2026-11-27T10:12:01.5+01:00\"", "2026-11-27T09:12:01.500Z");
    row("\"2026-11-28T09:00:00Z\"", "2026-11-28T09:00:00.000Z"); // one day ahead is the edge
}

void TestEventReader::eventTimesAreReadExactly()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, time);
    const auto json = parseJson(given.toStdString());
    QVERIFY(json.has_value());
    const auto read = readEventTime(*json, kNow);
    QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
    QCOMPARE(toIso8601(*read), time.toStdString());
}

void TestEventReader::unreadableEventTimesAreRefused_data()
{
    QTest::addColumn<QByteArray>("given");
    for (const char* given : { "\"yesterday\"", "\"\"", "\"2026-11-27\"", "\"2026-11-27T09:00:00\"",
             "true", "[]", "-1", "0", "946684799", "\"2026-11-28T09:00:00.000001Z\"",
             "1764234721123456", "1e400", "\"1e\"", "\"1.2.3\"", "\" 1764234721\"",
             "99999999999999999999999999", "\".\"", "17642347210000" })
        QTest::newRow(given) << QByteArray(given);
}

void TestEventReader::unreadableEventTimesAreRefused()
{
    QFETCH(QByteArray, given);
    const auto json = parseJson(given.toStdString());
    QVERIFY(json.has_value());
    QVERIFY(!readEventTime(*json, kNow).has_value());
}

void TestEventReader::bodiesSplitIntoTheBytesOfTheirItems()
{
    const auto array = readBody(" [ {\"a\":\"],[\"} , {\"b\": 1.0}]\n", BodyForm::Json, 2);
    QVERIFY(array.has_value() && array->isList);
    QCOMPARE(array->items.size(), std::size_t { 2 });
    QCOMPARE(array->items[0].text, std::string_view("{\"a\":\"],[\"}"));
    QCOMPARE(array->items[1].text, std::string_view("{\"b\": 1.0}"));
    QCOMPARE(array->items[1].json.find("b")->text(), std::string("1.0"));
    const auto lines = readBody("{\"a\":1}\r\n\n  {\"b\":2}\n", BodyForm::Lines, 2);
    QVERIFY(lines.has_value() && lines->isList);
    QCOMPARE(lines->items.size(), std::size_t { 2 });
    QCOMPARE(lines->items[1].text, std::string_view("{\"b\":2}"));
    const auto one = readBody("\t{\"a\":1}\n", BodyForm::Json, 1);
    QVERIFY(one.has_value() && !one->isList);
    QCOMPARE(one->items[0].text, std::string_view("{\"a\":1}"));
}

void TestEventReader::brokenBodiesAreRefused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isLines");
    QTest::addColumn<int>("code");
    const auto row
        = [](const char* name, const QByteArray& body, ErrorCode code, bool isLines = false) {
              QTest::newRow(name) << body << isLines << static_cast<int>(code);
          };
    const auto bad = ErrorCode::BadRequest;
    row("nothing", "", bad);
    row("white space", " \r\n\t", bad);
    row("no line", "\n\n", bad, true);
    row("empty array", "[ ]", bad);
    row("cut off", R"({"event_name":"a")", bad);
    row("two documents", "{}\n{}", bad);
    row("invalid UTF-8", "{\"event_name\":\"\xff\xfe\"}", bad);
    row("overlong UTF-8", "{\"event_name\":\"\xc0\xaf\"}", bad);
    row("half a surrogate", R"({"event_name":"\ud800"})", bad);
    row("zero byte", QByteArray("{\"event_name\":\"a\0b\"}", 20), bad);
    row("byte order mark", "\xef\xbb\xbf{}", bad);
    row("member twice", R"({"event_name":"a","event_name":"b"})", bad);
    row("member twice inside", R"([{"user":{"email":"a","email":"b"}}])", bad);
    row("deep array", QByteArray(100'000, '['), bad);
    row("deep object", QByteArray(R"({"a":)").repeated(50'000), bad);
    row("many values", '[' + QByteArray("0,").repeated(200'001) + "0]", bad);
    row("comment", "{/*x*/}", bad);
    row("not a number", R"({"value":NaN})", bad);
    row("1,001 in an array", '[' + QByteArray("{},").repeated(1'000) + "{}]", ErrorCode::TooLarge);
    row("1,001 lines", QByteArray("{}\n").repeated(1'001), ErrorCode::TooLarge, true);
}

void TestEventReader::brokenBodiesAreRefused()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, isLines);
    QFETCH(int, code);
    const auto read
        = readBody(body.toStdString(), isLines ? BodyForm::Lines : BodyForm::Json, 1'000);
    QVERIFY(!read.has_value());
    QCOMPARE(static_cast<int>(read.error().code), code);
}

void TestEventReader::aBrokenLineIsAProblemOfThatLine()
{
    const auto body = readBody("{\"event_name\":\"a\"}\n{oops}\n[]\n", BodyForm::Lines, 10);
    QVERIFY(body.has_value());
    QCOMPARE(body->items.size(), std::size_t { 3 });
    QVERIFY(std::holds_alternative<NewEvent>(readEvent(body->items[0], 0, options())));
    const auto broken = readEvent(body->items[1], 1, options());
    QVERIFY(std::get<1>(broken).front().reason.starts_with("invalid JSON at byte "));
    const auto array = readEvent(body->items[2], 2, options());
    QCOMPARE(std::get<1>(array).front().reason, std::string("must be a JSON object"));
}

void TestEventReader::mediaTypesDecideTheForm_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("form"); // -1: refused
    const auto row
        = [](const char* type, int form) { QTest::newRow(type) << QByteArray(type) << form; };
    row("", 0);
    row("application/json", 0);
    row("Application/JSON; charset=UTF-8", 0);
    row("application/json; charset=\"utf-8\"; profile=x", 0);
    row("application/x-ndjson", 1);
    row("application/jsonl;charset=utf-8", 1);
    row("application/json; charset=latin1", -1);
    row("text/plain", -1);
    row("application/x-www-form-urlencoded", -1);
    row("application/jsonp", -1);
}

void TestEventReader::mediaTypesDecideTheForm()
{
    QFETCH(QByteArray, type);
    QFETCH(int, form);
    const auto read = bodyFormOf(type.toStdString());
    QCOMPARE(read ? static_cast<int>(*read) : -1, form);
}

void TestEventReader::derivedIdsDependOnKeyIndexAndWorkspaceOnly()
{
    const std::string id = deriveUuid({ "shop", "k1", 0 });
    QCOMPARE(id.size(), std::size_t { 36 });
    QCOMPARE(id.at(14), '8');
    QCOMPARE(deriveUuid({ "shop", "k1", 0 }), id);
    QVERIFY(deriveUuid({ "shop", "k1", 1 }) != id);
    QVERIFY(deriveUuid({ "shop", "k2", 0 }) != id);
    QVERIFY(deriveUuid({ "blog", "k1", 0 }) != id);
    QVERIFY(deriveUuid({ "shopk", "1", 0 }) != id);
}

void TestEventReader::generatedIdsAreVersion7AndSortByTime()
{
    const RandomBits random = [] { return ~std::uint64_t { 0 }; };
    const std::string early = makeUuid7(kNow, random);
    QCOMPARE(early, std::string("01a21c3b-a280-7fff-bfff-ffffffffffff"));
    QVERIFY(early < makeUuid7(
                kNow + Millis { 1 }, [] { return std::uint64_t { 0 }; }));
    QVERIFY(makeUuid7(kNow, systemRandom()) != makeUuid7(kNow, systemRandom()));
}

SPILLWAY_TEST(TestEventReader)

} // namespace tst_event_reader

#include "tst_event_reader.moc"
