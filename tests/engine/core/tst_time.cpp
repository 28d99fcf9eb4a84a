#include "support/test_program.h"

#include <engine/time.h>

namespace tst_time {

using namespace engine;
using namespace std::chrono_literals;

class TestTime final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isoTimesAreReadWithTheirZone_data();
    void isoTimesAreReadWithTheirZone();
    void ambiguousOrBrokenTimesAreRefused_data();
    void ambiguousOrBrokenTimesAreRefused();
    void durationsGoBothWays();
};

void TestTime::isoTimesAreReadWithTheirZone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("micros");
    QTest::newRow("utc") << QByteArray("2026-11-27T09:12:01Z") << qint64 { 1795770721'000'000 };
    QTest::newRow("offset") << QByteArray("2026-11-27T10:12:01+01:00")
                            << qint64 { 1795770721'000'000 };
    QTest::newRow("short offset, space, micros")
        << QByteArray("2026-11-27 04:12:01.123456-05") << qint64 { 1795770721'123'456 };
    QTest::newRow("nine decimals are floored")
        << QByteArray("2026-11-27T09:12:01.123456789Z") << qint64 { 1795770721'123'456 };
    QTest::newRow("leap day") << QByteArray("2024-02-29T00:00Z") << qint64 { 1709164800'000'000 };
    QTest::newRow("before 1970") << QByteArray("1969-12-31T23:59:59.5Z") << qint64 { -500'000 };
}

void TestTime::isoTimesAreReadWithTheirZone()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, micros);
    const auto time = parseIso8601(text.toStdString());
    QVERIFY(time.has_value());
    QCOMPARE(qint64 { toUnixMicros(*time) }, micros);
    QCOMPARE(parseIso8601(toIso8601(*time)), time);
}

void TestTime::ambiguousOrBrokenTimesAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : { "", "2026-11-27", "2026-11-27T09:12:01", "2026-02-30T00:00:00Z",
             "2026-11-27T24:00:00Z", "2026-11-27T09:12:01Zx", "26-11-27T09:12:01Z",
             "2026-11-27T09:12:01.Z", "2026-11-27T09:12:01+15:00", "now" })
        QTest::newRow(text) << QByteArray(text);
}

void TestTime::ambiguousOrBrokenTimesAreRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseIso8601(text.toStdString()).has_value());
}

void TestTime::durationsGoBothWays()
{
    QCOMPARE(parseDuration("250ms"), std::optional<Millis>(250ms));
    QCOMPARE(parseDuration("2h"), std::optional<Millis>(2h));
    QCOMPARE(parseDuration("7d"), std::optional<Millis>(168h));
    for (const char* bad : { "", "5", "s", "-1s", "1.5s", "1w", "9999999999999d", "1 s" })
        QVERIFY2(!parseDuration(bad).has_value(), bad);
    QCOMPARE(toDurationText(90s), std::string("90s"));
    QCOMPARE(toDurationText(120s), std::string("2m"));
    QCOMPARE(toDurationText(0ms), std::string("0s"));
}

SPILLWAY_TEST(TestTime)

} // namespace tst_time

#include "tst_time.moc"
