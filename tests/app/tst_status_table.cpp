#include "engine_table.h"
#include "status_table.h"
#include "support/test_program.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tst_status_table {

namespace {

QJsonObject shardOf(const QString& destination, const QJsonValue& ceiling, const QString& source)
{
    return { { QStringLiteral("state"), QStringLiteral("accepting") },
        { QStringLiteral("destination"), destination },
        { QStringLiteral("account"), QStringLiteral("1029384756") },
        { QStringLiteral("queue_depth"), 18'420 },
        { QStringLiteral("consumer_lag_seconds"), 372.0 },
        { QStringLiteral("platform_latency_p95_ms"), 310 },
        { QStringLiteral("platform_error_ratio"), 0.031 },
        { QStringLiteral("throttle_ratio"), 0.0 }, { QStringLiteral("dlq_entries"), 17 },
        { QStringLiteral("in_per_second"), 120.0 }, { QStringLiteral("out_per_second"), 9.5 },
        { QStringLiteral("drain_eta_seconds"), QJsonValue() },
        { QStringLiteral("rate"),
            QJsonObject { { QStringLiteral("ceiling"), ceiling },
                { QStringLiteral("ceiling_source"), source } } } };
}

QStringList linesFor(const QJsonArray& shards)
{
    return app::statusText({ { QStringLiteral("shards"), shards } }).split(u'\n');
}

} // namespace

class TestStatusTable final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theCeilingsSourceStandsInOneLetter_data();
    void theCeilingsSourceStandsInOneLetter();
    void theTableFitsATerminal();
    void aLearnedCeilingSaysSinceWhenAndFromWhat();
    void theTableOfAServedEngineHasTheSameMarks_data();
    void theTableOfAServedEngineHasTheSameMarks();
    void aDestinationThatIsGoneIsNoHealthyOne();
};

void TestStatusTable::theCeilingsSourceStandsInOneLetter_data()
{
    QTest::addColumn<QJsonValue>("ceiling");
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("mark");
    QTest::addColumn<QString>("meaning");
    const auto row = [](const char* source, const char* mark, const char* meaning) {
        QTest::newRow(source) << QJsonValue(16.7) << QString::fromLatin1(source)
                              << QString::fromUtf8(mark) << QString::fromLatin1(meaning);
    };
    row("documented", "d", "d documented");
    for (const char* source : { "integrations", "operator", "advice", "unverified" })
        row(source, "v", "v default to verify");
    row("configured", "c", "c configured");
    row("learned", "l", "l learned");
    row("header", "l", "l learned");
    row("unknown", "?", "? unknown");
    QTest::newRow("no ceiling") << QJsonValue() << QStringLiteral("unknown") << QStringLiteral("–")
                                << QString();
}

void TestStatusTable::theCeilingsSourceStandsInOneLetter()
{
    QFETCH(QJsonValue, ceiling);
    QFETCH(QString, source);
    QFETCH(QString, mark);
    QFETCH(QString, meaning);
    const QStringList lines = linesFor({ shardOf(QStringLiteral("meta"), ceiling, source) });
    const QStringList header = lines[0].split(u' ', Qt::SkipEmptyParts);
    const QString cells = lines[1].simplified();
    QCOMPARE(header.indexOf(QStringLiteral("c")), header.size() - 2);
    QCOMPARE(cells.section(u' ', -2, -2), mark);
    if (meaning.isEmpty())
        QVERIFY2(!lines[2].contains(u"ceiling"), qPrintable(lines[2]));
    else
        QVERIFY2(lines[2].contains(meaning), qPrintable(lines[2]));
}

void TestStatusTable::theTableFitsATerminal()
{
    QJsonArray shards;
    for (const char* source : { "documented", "operator", "configured", "learned", "unknown" })
        shards.append(shardOf(QStringLiteral("tiktok"), 16.7, QLatin1String(source)));
    const QStringList lines = linesFor(shards);
    QVERIFY2(lines[6].startsWith(u"ceiling: d documented, v "), qPrintable(lines[6]));
    for (const QString& line : lines)
        QVERIFY2(line.size() <= 80, qPrintable(line));
}

void TestStatusTable::aLearnedCeilingSaysSinceWhenAndFromWhat()
{
    const QString said
        = QStringLiteral("learned: meta/10293847 0.117/s, 2026-11-30T14:02:11.000Z, from 613");
    QJsonObject shard = shardOf(QStringLiteral("meta"), 0.1167, QStringLiteral("learned"));
    shard.insert(u"account", QStringLiteral("10293847"));
    QJsonObject rate = shard.value(u"rate").toObject();
    rate.insert(u"ceiling_learned_at", QStringLiteral("2026-11-30T14:02:11.000Z"));
    rate.insert(u"ceiling_learned_from", QStringLiteral("613"));
    shard.insert(u"rate", rate);
    const QStringList ofStatus = linesFor({ shard });
    QVERIFY2(ofStatus.contains(said), qPrintable(ofStatus.join(u'\n')));

    engine::ShardSnapshot served;
    served.shard = { "meta", "10293847" };
    served.rate.ceiling = 0.1167;
    served.rate.ceilingSource = engine::CeilingSource::Learned;
    served.rate.ceilingLearnedAt = engine::fromUnixMicros(1'796'047'331'000'000);
    served.rate.ceilingLearnedFrom = "613";
    engine::EngineSnapshot snapshot;
    snapshot.shards.push_back(served);
    const QStringList ofServe = app::engineTable(snapshot).split(u'\n');
    const bool isThere = std::any_of(ofServe.begin(), ofServe.end(), [](const QString& line) {
        return line.startsWith(u"learned: meta/10293847 0.117/s, 2026-11-30T14:02:11")
            && line.endsWith(u", from 613");
    });
    QVERIFY2(isThere, qPrintable(ofServe.join(u'\n')));
}

void TestStatusTable::theTableOfAServedEngineHasTheSameMarks_data()
{
    theCeilingsSourceStandsInOneLetter_data();
}

// `serve --table` prints a snapshot, `status` the control API's JSON: one legend for both.
void TestStatusTable::theTableOfAServedEngineHasTheSameMarks()
{
    QFETCH(QJsonValue, ceiling);
    QFETCH(QString, source);
    QFETCH(QString, mark);
    QFETCH(QString, meaning);
    engine::ShardSnapshot shard;
    shard.shard = { "meta", "1029384756" };
    if (!ceiling.isNull())
        shard.rate.ceiling = ceiling.toDouble();
    for (int i = 0; i <= static_cast<int>(engine::CeilingSource::Header); ++i) {
        const auto candidate = static_cast<engine::CeilingSource>(i);
        if (source == QLatin1String(engine::toString(candidate)))
            shard.rate.ceilingSource = candidate;
    }
    engine::EngineSnapshot snapshot;
    snapshot.shards.push_back(shard);
    const QStringList lines = app::engineTable(snapshot).split(u'\n');
    QVERIFY2(lines[0].endsWith(u" c"), qPrintable(lines[0]));
    QCOMPARE(lines[1].simplified().section(u' ', -1), mark);
    if (meaning.isEmpty())
        QVERIFY2(!lines[2].contains(u"ceiling"), qPrintable(lines[2]));
    else
        QVERIFY2(
            lines[2].startsWith(u"ceiling: ") && lines[2].contains(meaning), qPrintable(lines[2]));
}

void TestStatusTable::aDestinationThatIsGoneIsNoHealthyOne()
{
    QJsonObject gone = shardOf(QStringLiteral("gone"), QJsonValue(), QStringLiteral("unknown"));
    gone.insert(QStringLiteral("state"), QStringLiteral("healthy"));
    gone.insert(QStringLiteral("orphaned"), true);
    QJsonObject second = gone;
    second.insert(QStringLiteral("account"), QStringLiteral("2"));
    engine::ShardSnapshot shard;
    shard.shard = { "gone", "1" };
    shard.isOrphaned = true;
    engine::EngineSnapshot snapshot;
    snapshot.shards = { shard, shard };
    for (const QString& text :
        { linesFor({ gone, second }).join(u'\n'), app::engineTable(snapshot) }) {
        QVERIFY2(!text.contains(u"healthy"), qPrintable(text));
        QCOMPARE(text.count(QStringLiteral("not configured")), 2);
        QCOMPARE(text.count(QStringLiteral("! gone is not in the configuration")), 1);
        QVERIFY2(text.contains(u"move-orphans gone\n"), qPrintable(text));
    }
    const QString fine = linesFor({ shardOf(QStringLiteral("meta"), {}, {}) }).join(u'\n');
    QVERIFY2(!fine.contains(u"configur"), qPrintable(fine));
}

SPILLWAY_TEST(TestStatusTable)

} // namespace tst_status_table

#include "tst_status_table.moc"
