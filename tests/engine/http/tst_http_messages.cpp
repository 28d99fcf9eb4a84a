#include "http/secret.h"
#include "http/wire.h"
#include "support/test_program.h"

#include <engine/time.h>

namespace tst_http_messages {

using namespace engine;
using namespace engine::http;

class TestHttpMessages final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void queryValuesAreDecodedAndKeepThePlusOfAZone();
    void aBrokenPercentIsRefusedByName();
    void datesSpeakEnglishWhateverTheMachineSpeaks();
    void aHeaderWithALineBreakIsLeftOut();
    void headAnswersHaveALengthAndNoBody();
    void errorsHaveOneShape();
    void theBearerTokenIsReadOnlyFromItsForm_data();
    void theBearerTokenIsReadOnlyFromItsForm();
    void keysAreTheSameOnlyWhenEveryByteIs();
};

void TestHttpMessages::queryValuesAreDecodedAndKeepThePlusOfAZone()
{
    ServerRequest request;
    request.target = "/v1/dlq?from=2026-11-27T09:00:00+01:00&q=a%20b%26c&flag&q=second#part";
    QCOMPARE(request.path(), std::string_view("/v1/dlq"));
    QCOMPARE(request.query("from").value_or(""), std::string("2026-11-27T09:00:00+01:00"));
    QCOMPARE(request.query("q").value_or(""), std::string("a b&c"));
    QCOMPARE(request.query("flag").value_or("absent"), std::string());
    QVERIFY(!request.query("none").has_value());
    const auto items = request.queryItems();
    QVERIFY(items.has_value());
    QCOMPARE(items->size(), std::size_t { 4 });
    QCOMPARE(items->back().second, std::string("second"));
}

void TestHttpMessages::aBrokenPercentIsRefusedByName()
{
    for (const char* target : { "/x?a=%4", "/x?a=%zz", "/x?a=%" }) {
        ServerRequest request;
        request.target = target;
        QVERIFY2(!request.query("a").has_value(), target);
        const auto items = request.queryItems();
        QVERIFY2(!items.has_value(), target);
        QCOMPARE(items.error().field, std::string("a"));
    }
}

void TestHttpMessages::datesSpeakEnglishWhateverTheMachineSpeaks()
{
    const auto time = parseIso8601("2026-11-27T09:02:01.999Z");
    QVERIFY(time.has_value());
    QCOMPARE(toHttpDate(*time), std::string("Fri, 27 Nov 2026 09:02:01 GMT"));
}

void TestHttpMessages::aHeaderWithALineBreakIsLeftOut()
{
    ServerResponse response;
    response.headers
        = { { "X-Good", "yes" }, { "X-Bad", "a\r\nSet-Cookie: b" }, { "Content-Length", "99" } };
    response.body = "{}";
    const std::string text = toWire(response, {});
    QVERIFY(text.find("X-Good: yes\r\n") != std::string::npos);
    QVERIFY(text.find("Set-Cookie") == std::string::npos);
    QVERIFY(text.find("Content-Length: 2\r\n") != std::string::npos);
    QVERIFY(text.find("99") == std::string::npos);
}

void TestHttpMessages::headAnswersHaveALengthAndNoBody()
{
    ServerResponse response;
    response.body = "12345";
    const std::string text = toWire(response, { .isHead = true });
    QVERIFY(text.find("Content-Length: 5\r\n") != std::string::npos);
    QVERIFY(text.ends_with("\r\n\r\n"));
}

void TestHttpMessages::errorsHaveOneShape()
{
    const auto response = errorResponse(Error {
        .code = ErrorCode::DiskFull, .message = "The \"disk\" is full.", .detail = "secret" });
    QCOMPARE(response.status, 503);
    const std::string expected
        = R"({"error":{"code":"disk_full","message":"The \"disk\" is full.","field":""}})";
    QCOMPARE(response.body, expected);
    QCOMPARE(response.headers.size(), std::size_t { 1 });
    QCOMPARE(response.headers.front().first, std::string("Retry-After"));
}

void TestHttpMessages::theBearerTokenIsReadOnlyFromItsForm_data()
{
    QTest::addColumn<QStringList>("headers");
    QTest::addColumn<QString>("token");
    const auto one = [](const char* text) { return QStringList { QString::fromUtf8(text) }; };
    QTest::newRow("plain") << one("Bearer abc") << QStringLiteral("abc");
    QTest::newRow("scheme in another case") << one("bEARER  abc") << QStringLiteral("abc");
    QTest::newRow("no token") << one("Bearer ") << QString();
    QTest::newRow("basic") << one("Basic abc") << QString();
    QTest::newRow("no scheme") << one("abc") << QString();
    QTest::newRow("none") << QStringList {} << QString();
    QTest::newRow("twice") << (one("Bearer abc") + one("Bearer abc")) << QString();
}

void TestHttpMessages::theBearerTokenIsReadOnlyFromItsForm()
{
    QFETCH(QStringList, headers);
    QFETCH(QString, token);
    ServerRequest request;
    for (const QString& value : headers)
        request.headers.emplace_back("authorization", value.toStdString());
    const auto found = bearerOf(request);
    QCOMPARE(found.has_value(), !token.isEmpty());
    if (found)
        QCOMPARE(std::string(*found), token.toStdString());
}

void TestHttpMessages::keysAreTheSameOnlyWhenEveryByteIs()
{
    QVERIFY(isSameKey(digestOf("key"), digestOf("key")));
    QVERIFY(!isSameKey(digestOf("key"), digestOf("keY")));
    QVERIFY(!isSameKey(digestOf("key"), digestOf("key ")));
    KeyDigest a = digestOf("key");
    a.bytes.back() = static_cast<std::uint8_t>(a.bytes.back() ^ 1U);
    QVERIFY(!isSameKey(a, digestOf("key")));
}

SPILLWAY_TEST(TestHttpMessages)

} // namespace tst_http_messages

#include "tst_http_messages.moc"
