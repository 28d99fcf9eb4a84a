#include "core/json.h"
#include "support/test_program.h"

namespace tst_json {

using namespace engine;

class TestJson final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void numbersKeepTheirText_data();
    void numbersKeepTheirText();
    void brokenTextIsRefusedWithTheByte_data();
    void brokenTextIsRefusedWithTheByte();
    void aRepeatedMemberIsRefused();
    void depthAndCountAreBounded();
    void pathsReachIntoObjectsAndArrays();
    void arraysSplitIntoTheBytesOfTheirItems();
    void dumpEscapesWhatMustBeEscaped();
};

void TestJson::numbersKeepTheirText_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text :
        { "0", "-0", "12345678901234567890123", "1e400", "1.10", "0.1e-7", "9007199254740993" })
        QTest::newRow(text) << QByteArray(text);
}

void TestJson::numbersKeepTheirText()
{
    QFETCH(QByteArray, text);
    const std::string document = "{\"n\":" + text.toStdString() + "}";
    const auto json = parseJson(document);
    QVERIFY(json.has_value());
    QCOMPARE(json->find("n")->text(), text.toStdString());
    QCOMPARE(json->dump(), document);
}

void TestJson::brokenTextIsRefusedWithTheByte_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : { "", "{", "{\"x\": nope}", "[1,]", "{\"a\":1}x", "\"\xff\"", "01",
             "+1", ".5", "[1 2]", "nul" })
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("a zero byte") << QByteArray("\"a\0b\"", 5);
}

void TestJson::brokenTextIsRefusedWithTheByte()
{
    QFETCH(QByteArray, text);
    const auto json = parseJson({ text.constData(), static_cast<std::size_t>(text.size()) });
    QVERIFY(!json.has_value());
    QCOMPARE(json.error().code, ErrorCode::BadRequest);
    QVERIFY(json.error().message.starts_with("invalid JSON at byte "));
}

void TestJson::aRepeatedMemberIsRefused()
{
    const auto json = parseJson(R"({"id":1,"id":2})");
    QVERIFY(!json.has_value());
    QVERIFY(json.error().message.find("twice") != std::string::npos);
}

void TestJson::depthAndCountAreBounded()
{
    QVERIFY(parseJson(std::string(32, '[') + std::string(32, ']')).has_value());
    QVERIFY(!parseJson(std::string(33, '[') + std::string(33, ']')).has_value());
    QVERIFY(!parseJson("[1,2,3]", { .depthMax = 4, .valuesMax = 3 }).has_value());
}

void TestJson::pathsReachIntoObjectsAndArrays()
{
    const auto json = parseJson(R"({"a":{"b":[{"c":"x"},5]}})");
    QVERIFY(json.has_value());
    QCOMPARE(json->at("a.b.0.c")->text(), std::string("x"));
    QCOMPARE(json->at("a.b.1")->asInt(), std::optional<std::int64_t>(5));
    QVERIFY(json->at("a.b.2") == nullptr);
    QVERIFY(json->at("a.x.y") == nullptr);
}

void TestJson::arraysSplitIntoTheBytesOfTheirItems()
{
    const std::string text = " [ {\"a\": \"],[\\\"\"} ,[1, [2]], 3 ]";
    QVERIFY(parseJson(text).has_value());
    const auto items = splitArray(text);
    QCOMPARE(items.size(), std::size_t { 3 });
    QCOMPARE(std::string(items[0]), std::string("{\"a\": \"],[\\\"\"}"));
    QCOMPARE(std::string(items[1]), std::string("[1, [2]]"));
    QCOMPARE(std::string(items[2]), std::string("3"));
    QVERIFY(splitArray("[ ]").empty());
}

void TestJson::dumpEscapesWhatMustBeEscaped()
{
    const auto json = parseJson("\"a\\u0001\\\"\\\\\\n\\u00e9\"");
    QVERIFY(json.has_value());
    QCOMPARE(json->dump(), std::string("\"a\\u0001\\\"\\\\\\n\xc3\xa9\""));
}

SPILLWAY_TEST(TestJson)

} // namespace tst_json

#include "tst_json.moc"
