// The promise M1: nothing that was acknowledged is lost by kill -9 at any moment, and what is sent
// twice was in flight.
#include "engine_process.h"
#include "support/test_program.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <random>

namespace tst_kill {

using namespace engine::testing;

namespace {

constexpr int kKills = 6;
constexpr int kPostEvents = 40;
const EngineSettings kSettings { .batch = 20, .concurrency = 4 };

quint32 seed()
{
    bool isSet = false;
    const quint32 given = qEnvironmentVariable("SPILLWAY_SEED").toUInt(&isSet);
    return isSet ? given : std::random_device {}();
}

} // namespace

class TestKill final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingAcknowledgedIsLostAndOnlyFlightsAreRepeated();
    void nothingIsLostWhileFilesChangeAndLettersAreMoved();
    void aReplayGoesOnAfterAKillAndItsReportAddsUp();
    void sigtermEndsWithStatusZeroAndLosesNothing();

private:
    // Posts until the engine dies; the ids of every answered array go to `acknowledged`.
    void postUntilKilled(const EngineProcess& engine, std::set<std::string>& acknowledged);
    [[nodiscard]] QByteArray nextBody(std::vector<std::string>& ids);
    // Arrays with wrong items among the right ones, the file written anew, dead letters archived,
    // restored and replayed, one after the other, until the engine dies.
    void operateUntilKilled(const EngineProcess& engine, std::set<std::string>& acknowledged);
    int m_posted { 0 };
};

QByteArray TestKill::nextBody(std::vector<std::string>& ids)
{
    QJsonArray events;
    for (int i = 0; i < kPostEvents; ++i) {
        const int number = m_posted++;
        const QString id
            = QStringLiteral("%1-%2")
                  .arg(number % 97 == 0 ? QStringLiteral("bad") : QStringLiteral("good"))
                  .arg(number);
        ids.push_back(id.toStdString());
        events.append(QJsonObject { { QStringLiteral("event_id"), id },
            { QStringLiteral("event_name"), QStringLiteral("Purchase") },
            { QStringLiteral("value"), 12.5 } });
    }
    return QJsonDocument(events).toJson(QJsonDocument::Compact);
}

void TestKill::postUntilKilled(const EngineProcess& engine, std::set<std::string>& acknowledged)
{
    for (;;) {
        std::vector<std::string> ids;
        const QByteArray body = nextBody(ids);
        if (engine.post(body) != 202)
            return;
        acknowledged.insert(ids.begin(), ids.end());
    }
}

void TestKill::nothingAcknowledgedIsLostAndOnlyFlightsAreRepeated()
{
    const quint32 number = seed();
    qInfo("seed %u (set SPILLWAY_SEED to repeat)", number);
    std::mt19937 random(number);
    Receiver receiver;
    EngineProcess engine(receiver.url(), kSettings);
    std::set<std::string> acknowledged;
    for (int kill = 0; kill < kKills; ++kill) {
        QVERIFY2(engine.start(), qPrintable(engine.errors()));
        // The moment is the point of the test, so real time it is: anywhere from the first commit
        // to full traffic.
        QTimer::singleShot(
            std::chrono::milliseconds { 20 + random() % 900 }, this, [&engine] { engine.kill(); });
        postUntilKilled(engine, acknowledged);
        QTRY_VERIFY(!engine.isRunning());
    }
    QVERIFY(!acknowledged.empty());
    QVERIFY2(engine.start(), qPrintable(engine.errors()));

    std::set<std::string> good;
    std::set<std::string> bad;
    for (const std::string& id : acknowledged)
        (id.starts_with("bad") ? bad : good).insert(id);
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(good), 60'000);

    std::set<std::string> dead;
    const auto readDead = [&] {
        dead.clear();
        const QByteArray page = engine.run({ QStringLiteral("dlq"), QStringLiteral("list"),
            QStringLiteral("--max"), QStringLiteral("100000") });
        for (const QJsonValue& entry :
            QJsonDocument::fromJson(page).object().value(u"entries").toArray())
            dead.insert(entry.toObject().value(u"event_id").toString().toStdString());
        return std::includes(dead.begin(), dead.end(), bad.begin(), bad.end());
    };
    QTRY_VERIFY_WITH_TIMEOUT(readDead(), 60'000);

    int repeats = 0;
    for (const auto& [id, count] : receiver.received())
        repeats += count - 1;
    qInfo("%zu acknowledged, %d repeated over %d kills", acknowledged.size(), repeats, kKills);
    QVERIFY(repeats <= kKills * kSettings.batch * kSettings.concurrency);
    for (const std::string& id : dead)
        QVERIFY2(id.starts_with("bad"), id.c_str());
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

void TestKill::operateUntilKilled(const EngineProcess& engine, std::set<std::string>& acknowledged)
{
    const QStringList kHook { QStringLiteral("--destination"), QStringLiteral("hook") };
    const QStringList kActions[] { { QStringLiteral("dlq"), QStringLiteral("archive") },
        { QStringLiteral("dlq"), QStringLiteral("restore") },
        { QStringLiteral("replay"), QStringLiteral("--no-ramp"),
            QStringLiteral("--include-same-error") } };
    for (int round = 0;; ++round) {
        std::vector<std::string> ids;
        QJsonArray events = QJsonDocument::fromJson(nextBody(ids)).array();
        events.insert(
            7, QJsonObject { { QStringLiteral("event_id"), QStringLiteral("nameless") } });
        const int status = engine.post(
            QJsonDocument(events).toJson(QJsonDocument::Compact), QStringLiteral("partial=1"));
        if (status != 202)
            return;
        acknowledged.insert(ids.begin(), ids.end());
        engine.configure({ .batch = round % 2 == 0 ? 5 : kSettings.batch,
            .concurrency = round % 3 == 0 ? 1 : kSettings.concurrency });
        (void)engine.run(kActions[round % std::ssize(kActions)] + kHook);
    }
}

// After each kill some letters are archived, some wait and some are on their way in a replay; in
// the end every good event has arrived, every bad one can be found, and no other.
void TestKill::nothingIsLostWhileFilesChangeAndLettersAreMoved()
{
    const quint32 number = seed();
    qInfo("seed %u (set SPILLWAY_SEED to repeat)", number);
    std::mt19937 random(number);
    Receiver receiver;
    EngineProcess engine(receiver.url(), kSettings);
    std::set<std::string> acknowledged;
    for (int kill = 0; kill < kKills; ++kill) {
        engine.configure(kSettings); // the kill may have come while the file was half written
        QVERIFY2(engine.start(), qPrintable(engine.errors()));
        QTimer::singleShot(std::chrono::milliseconds { 100 + random() % 1'500 }, this,
            [&engine] { engine.kill(); });
        operateUntilKilled(engine, acknowledged);
        QTRY_VERIFY(!engine.isRunning());
    }
    engine.configure(kSettings);
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    std::set<std::string> good;
    std::set<std::string> bad;
    for (const std::string& id : acknowledged)
        (id.starts_with("bad") ? bad : good).insert(id);
    QVERIFY(!good.empty() && !bad.empty());
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(good), 60'000);

    // A replay that its guards stopped holds what it has fed.
    const auto jobs = [&engine] {
        return QJsonDocument::fromJson(engine.run({ QStringLiteral("status") }))
            .object()
            .value(u"jobs")
            .toArray();
    };
    for (const QJsonValue& job : jobs()) {
        const QJsonObject each = job.toObject();
        QCOMPARE(each.value(u"total").toInt(),
            each.value(u"accepted").toInt() + each.value(u"failed").toInt()
                + each.value(u"skipped").toInt() + each.value(u"cancelled").toInt()
                + each.value(u"left").toInt());
        (void)engine.run({ QStringLiteral("replay"), QStringLiteral("cancel"),
            QString::number(each.value(u"id").toInteger()) });
    }
    (void)engine.run({ QStringLiteral("dlq"), QStringLiteral("restore"),
        QStringLiteral("--destination"), QStringLiteral("hook") });
    std::set<std::string> dead;
    const auto readDead = [&] {
        dead.clear();
        const QByteArray page = engine.run({ QStringLiteral("dlq"), QStringLiteral("list"),
            QStringLiteral("--max"), QStringLiteral("100000") });
        for (const QJsonValue& entry :
            QJsonDocument::fromJson(page).object().value(u"entries").toArray())
            dead.insert(entry.toObject().value(u"event_id").toString().toStdString());
        return std::includes(dead.begin(), dead.end(), bad.begin(), bad.end());
    };
    QTRY_VERIFY_WITH_TIMEOUT(readDead(), 60'000);
    for (const std::string& id : dead)
        QVERIFY2(id.starts_with("bad"), id.c_str());
    int repeats = 0;
    for (const auto& [id, count] : receiver.received())
        repeats += count - 1;
    qInfo("%zu acknowledged, %zu dead, %d repeated over %d kills", acknowledged.size(), dead.size(),
        repeats, kKills);
    QVERIFY(repeats <= kKills * kSettings.batch * kSettings.concurrency);
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

// A hundred dead letters go again at forty a second, and the process is killed in the middle of it.
void TestKill::aReplayGoesOnAfterAKillAndItsReportAddsUp()
{
    constexpr int kLetters = 100;
    Receiver receiver;
    EngineProcess engine(receiver.url(), kSettings);
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    QJsonArray events;
    std::set<std::string> all;
    for (int i = 0; i < kLetters; ++i) {
        const QString id = QStringLiteral("bad-%1").arg(i);
        all.insert(id.toStdString());
        events.append(QJsonObject { { QStringLiteral("event_id"), id },
            { QStringLiteral("event_name"), QStringLiteral("Purchase") } });
    }
    QCOMPARE(engine.post(QJsonDocument(events).toJson(QJsonDocument::Compact)), 202);
    const auto deadLetters = [&engine] {
        const QByteArray page = engine.run({ QStringLiteral("dlq"), QStringLiteral("list"),
            QStringLiteral("--max"), QStringLiteral("1000") });
        return QJsonDocument::fromJson(page).object().value(u"entries").toArray().size();
    };
    QTRY_COMPARE_WITH_TIMEOUT(deadLetters(), qsizetype { kLetters }, 60'000);
    receiver.forgive();
    const QByteArray started = engine.run(
        { QStringLiteral("replay"), QStringLiteral("--destination"), QStringLiteral("hook"),
            QStringLiteral("--pace"), QStringLiteral("40"), QStringLiteral("--no-ramp") });
    const qint64 number = QJsonDocument::fromJson(started).object().value(u"job").toInteger();
    QVERIFY2(number > 0, started.constData());
    QTRY_VERIFY_WITH_TIMEOUT(!receiver.received().empty(), 30'000);
    engine.kill();
    QVERIFY(receiver.received().size() < std::size_t { kLetters });

    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(all), 60'000);
    const auto job = [&] {
        return QJsonDocument::fromJson(engine.run({ QStringLiteral("replay"),
                                           QStringLiteral("show"), QString::number(number) }))
            .object();
    };
    QTRY_COMPARE_WITH_TIMEOUT(job().value(u"state").toString(), QStringLiteral("finished"), 60'000);
    const QJsonObject report = job();
    QCOMPARE(report.value(u"accepted").toInt(), kLetters);
    QCOMPARE(report.value(u"total").toInt(),
        report.value(u"accepted").toInt() + report.value(u"failed").toInt()
            + report.value(u"skipped").toInt() + report.value(u"cancelled").toInt());
    QCOMPARE(deadLetters(), qsizetype { 0 });
    int repeats = 0;
    for (const auto& [id, count] : receiver.received())
        repeats += count - 1;
    QVERIFY(repeats <= kSettings.batch * kSettings.concurrency);
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

void TestKill::sigtermEndsWithStatusZeroAndLosesNothing()
{
    Receiver receiver;
    EngineProcess engine(receiver.url(), kSettings);
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    m_posted = 1; // no bad id among the first
    std::vector<std::string> ids;
    QCOMPARE(engine.post(nextBody(ids)), 202);
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    const std::set<std::string> all(ids.begin(), ids.end());
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(all), 30'000);
    // Nothing was in flight unanswered, so nothing was sent twice.
    for (const auto& [id, count] : receiver.received())
        QVERIFY2(count == 1, id.c_str());
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

SPILLWAY_TEST(TestKill)

} // namespace tst_kill

#include "tst_kill.moc"
