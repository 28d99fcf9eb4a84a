#include "format/format.h"
#include "support/test_program.h"

namespace tst_format {

using namespace ui;
using namespace std::chrono_literals;
using engine::Millis;

class TestFormat final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void countsKeepThreeOrFourFigures_data();
    void countsKeepThreeOrFourFigures();
    void durationsChangeTheirUnitWhereTheySay_data();
    void durationsChangeTheirUnitWhereTheySay();
    void ratiosAndRatesSayAbsentRatherThanZero();
    void longAccountsAreCutInTheMiddle();
    void aPausedShardSaysUntilWhenOrByWhom();
};

void TestFormat::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestFormat::countsKeepThreeOrFourFigures_data()
{
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, qint64 value, const char* text) {
        QTest::newRow(name) << value << QString::fromUtf8(text);
    };
    row("zero", 0, "0");
    row("last in full", 999, "999");
    row("first thousand", 1'000, "1.0k");
    row("rounds", 9'849, "9.8k");
    row("hundreds of thousands", 184'231, "184.2k");
    row("never a thousand thousands", 999'960, "1.00M");
    row("millions", 1'240'000, "1.24M");
    row("thousands of millions", 3'100'000'000, "3.10G");
    row("negative", -12'400, "−12.4k");
}

void TestFormat::countsKeepThreeOrFourFigures()
{
    QFETCH(qint64, value);
    QFETCH(QString, text);
    QCOMPARE(formatCount(value), text);
}

void TestFormat::durationsChangeTheirUnitWhereTheySay_data()
{
    QTest::addColumn<qint64>("millis");
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << qint64 { 0 } << "0 s";
    QTest::newRow("tenths below ten seconds") << qint64 { 640 } << "0.6 s";
    QTest::newRow("no tenths that would read 10.0") << qint64 { 9'960 } << "10 s";
    QTest::newRow("99 s is the last in seconds") << qint64 { 99'400 } << "99 s";
    QTest::newRow("then minutes") << qint64 { 99'600 } << "1m 40s";
    QTest::newRow("padded seconds") << qint64 { 372'000 } << "6m 12s";
    QTest::newRow("an hour") << qint64 { 3'600'000 } << "1h 00m";
    QTest::newRow("hours") << qint64 { 7'500'000 } << "2h 05m";
    QTest::newRow("two days") << qint64 { 48 * 3'600'000LL } << "2d 0h";
}

void TestFormat::durationsChangeTheirUnitWhereTheySay()
{
    QFETCH(qint64, millis);
    QFETCH(QString, text);
    QCOMPARE(formatDuration(Millis { millis }), text);
}

void TestFormat::ratiosAndRatesSayAbsentRatherThanZero()
{
    QCOMPARE(formatPercent(0.382), QStringLiteral("38.2 %"));
    QCOMPARE(formatPercent(1.0), QStringLiteral("100 %"));
    QCOMPARE(formatPercent(std::numeric_limits<double>::quiet_NaN()), QString(kDash));
    QCOMPARE(formatRate(1'337.2), QStringLiteral("1,337"));
    QCOMPARE(formatRate(9.96), QStringLiteral("10"));
    QCOMPARE(formatRequestRate(0.1666667), QStringLiteral("0.167"));
    QCOMPARE(formatRequestRate(8.0), QStringLiteral("8"));
    QCOMPARE(formatLatency(999ms), QStringLiteral("999 ms"));
    QCOMPARE(formatLatency(1'900ms), QStringLiteral("1.9 s"));
}

void TestFormat::longAccountsAreCutInTheMiddle()
{
    QCOMPARE(shardLabel({ "meta", "104839275777731" }), QStringLiteral("meta · 1048…7731"));
    QCOMPARE(shardLabel({ "google", "221-908-4410" }), QStringLiteral("google · 221-908-4410"));
    QCOMPARE(shardLabel({ "meta", "" }), QStringLiteral("meta"));
    QCOMPARE(shardName({ "meta", "104839275777731" }), QStringLiteral("meta · 104839275777731"));
    QCOMPARE(shardLabelsByLength({ "crm", "shop-eu" }),
        QStringList({ QStringLiteral("crm · shop-eu"), QStringLiteral("crm shop-eu"),
            QStringLiteral("crm…p-eu") }));
    QCOMPARE(shardLabelsByLength({ "warehouse", "warehouse" }),
        QStringList({ QStringLiteral("warehouse") }));
}

void TestFormat::aPausedShardSaysUntilWhenOrByWhom()
{
    engine::ShardSnapshot shard;
    shard.state = engine::ShardState::Paused;
    QCOMPARE(stateSentence(shard), QStringLiteral("Paused"));
    shard.pauseCause = engine::PauseCause::Engine;
    QCOMPARE(stateSentence(shard), QStringLiteral("Paused by engine"));
    shard.pauseUntil = engine::parseIso8601("2026-11-27T14:30:00Z");
    QVERIFY(stateSentence(shard).startsWith(QStringLiteral("Paused until ")));
    shard.state = engine::ShardState::AuthFailed;
    shard.credential = engine::CredentialState::ConfigRefused;
    QCOMPARE(stateSentence(shard), QStringLiteral("Config refused"));
}

SPILLWAY_TEST(TestFormat)

} // namespace tst_format

#include "tst_format.moc"
