// Tokens of platforms with OAuth 2, with everything real: they end, one exchange serves all that
// wait, the refresh token that comes with it takes the place of the old one, also over a restart.
#include "core/clock.h"
#include "engine/post_events.h"
#include "simulator/simulator_server.h"
#include "support/test_program.h"

#include <engine/engine.h>

#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>

#include <atomic>

namespace tst_token_rotation {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

// The platform's: tokens end when the test says so.
class ShiftedClock final : public Clock {
public:
    [[nodiscard]] SteadyTime steadyNow() const override
    {
        return m_clock.steadyNow() + m_shift.load();
    }
    [[nodiscard]] WallTime wallNow() const override { return m_clock.wallNow(); }
    [[nodiscard]] WallTime dueAt(SteadyTime at) const override { return m_clock.dueAt(at); }
    void shift(Seconds by) { m_shift = m_shift.load() + by; }

private:
    SystemClock m_clock {};
    std::atomic<Seconds> m_shift { Seconds { 0 } };
};

namespace {

constexpr int kSoon = 30'000; // milliseconds

QByteArray readAll(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestTokenRotation final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void replacedTokensServeAllAndOutliveARestart_data();
    void replacedTokensServeAllAndOutliveARestart();

private:
    void start();
    void writeConfig(const QByteArray& platform, const QByteArray& refreshToken);
    void post(int first, int count);
    [[nodiscard]] std::int64_t accepted() const;
    [[nodiscard]] std::int64_t exchanges() const;
    [[nodiscard]] QString path(const char* name) const
    {
        return m_folder->filePath(QLatin1String(name));
    }

    ShiftedClock m_clock {};
    std::unique_ptr<QTemporaryDir> m_folder {};
    std::unique_ptr<simulator::SimulatorServer> m_platform {};
    std::unique_ptr<Engine> m_engine {};
};

void TestTokenRotation::cleanup()
{
    m_engine.reset();
    m_platform.reset();
    m_folder.reset();
}

void TestTokenRotation::start()
{
    m_engine.reset();
    m_engine = std::make_unique<Engine>(
        EngineOptions { .configPath = path("spillway.toml").toStdString(),
            .dataDirectory = path("data").toStdString() });
    const Status started = m_engine->start();
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
}

void TestTokenRotation::writeConfig(const QByteArray& platform, const QByteArray& refreshToken)
{
    QFile file(path("spillway.toml"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto endpoint = QByteArray::fromStdString(m_platform->endpoint(platform.toStdString()));
    file.write("[ingress]\nlisten = \"127.0.0.1:0\"\n[control]\nlisten = \"127.0.0.1:0\"\n"
               "key = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
               "write_key = \"env:SPILLWAY_TEST_KEY\"\n[[destination]]\nname = \"ads\"\n"
               "platform = \""
        + platform + "\"\naccount = \"1234567890\"\nbatch = 1\nendpoint = \"" + endpoint
        + "\"\ntoken_endpoint = \"" + endpoint + "/token\"\nevent_names.Purchase = \"7\"\n"
        + "credential.client_id = \"env:SPILLWAY_TEST_KEY\"\n"
          "credential.client_secret = \"env:SPILLWAY_TEST_KEY\"\ncredential.refresh_token = \""
        + refreshToken + "\"\n");
    if (platform == "microsoft")
        file.write("customer_id = \"42\"\ncredential.developer_token = \"env:SPILLWAY_TEST_KEY\"");
}

void TestTokenRotation::post(int first, int count)
{
    QByteArray body;
    for (int i = first; i < first + count; ++i) {
        const QByteArray number = QByteArray::number(i);
        body += (body.isEmpty() ? "[{" : ",{") + ("\"event_id\":\"e" + number)
            + "\",\"event_name\":\"Purchase\",\"action_source\":\"website\",\"order_id\":\""
            + number + "\",\"user\":{\"email\":\"jane" + number
            + "@example.com\"},\"click\":{\"msclkid\":\"m" + number
            + "\"},\"value\":9.5,\"currency\":\"EUR\"}";
    }
    QCOMPARE(postEvents(m_engine->snapshot()->ingressUrl, body + ']'), 202);
}

std::int64_t TestTokenRotation::accepted() const
{
    std::int64_t sum = 0;
    for (const auto& [account, stats] : m_platform->stats())
        sum += stats.accepted;
    return sum;
}

std::int64_t TestTokenRotation::exchanges() const
{
    std::int64_t sum = 0;
    for (const auto& [account, stats] : m_platform->stats())
        sum += account.ends_with("/token") ? stats.requests : 0;
    return sum;
}

void TestTokenRotation::replacedTokensServeAllAndOutliveARestart_data()
{
    QTest::addColumn<QByteArray>("platform");
    QTest::addColumn<bool>("isFile");
    for (const char* platform : { "google", "linkedin", "microsoft" }) {
        QTest::addRow("%s, env", platform) << QByteArray(platform) << false;
        QTest::addRow("%s, file", platform) << QByteArray(platform) << true;
    }
}

void TestTokenRotation::replacedTokensServeAllAndOutliveARestart()
{
    QFETCH(QByteArray, platform);
    QFETCH(bool, isFile);
    qputenv("SPILLWAY_TEST_KEY", "key");
    qputenv("SPILLWAY_TEST_REFRESH", "refresh-0");
    m_folder = std::make_unique<QTemporaryDir>();
    m_platform = std::make_unique<simulator::SimulatorServer>(
        simulator::SimulatorOptions { .platforms = { { .platform = platform.toStdString(),
                                          .secret = "refresh-0",
                                          .areRefreshTokensUsedUp = true } } },
        ListenAddress { "127.0.0.1", 0 }, m_clock);
    QVERIFY(m_platform->start().has_value());
    {
        QFile secret(path("refresh"));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        secret.write("refresh-0");
    }
    writeConfig(platform,
        isFile ? "file:" + path("refresh").toUtf8() : QByteArray("env:SPILLWAY_TEST_REFRESH"));
    start();
    post(0, 10);
    QTRY_COMPARE_WITH_TIMEOUT(accepted(), std::int64_t { 10 }, kSoon);
    QCOMPARE(exchanges(), std::int64_t { 1 });

    m_clock.shift(2h);
    post(10, 30);
    QTRY_COMPARE_WITH_TIMEOUT(accepted(), std::int64_t { 40 }, kSoon);
    QCOMPARE(exchanges(), std::int64_t { 2 });

    start();
    post(40, 10);
    QTRY_COMPARE_WITH_TIMEOUT(accepted(), std::int64_t { 50 }, kSoon);
    QCOMPARE(exchanges(), std::int64_t { 3 });
    // A snapshot is of a moment ago: one comes that knows of the shard.
    QTRY_COMPARE_WITH_TIMEOUT(m_engine->snapshot()->shards.size(), std::size_t { 1 }, kSoon);
    const SnapshotPtr snapshot = m_engine->snapshot();
    QVERIFY(snapshot->shards.front().credential == CredentialState::Ok);
    QCOMPARE(snapshot->shards.front().dlqCount, std::int64_t { 0 });

    m_engine.reset(); // what is to be written is
    const QByteArray kept = readAll(isFile ? path("refresh") : path("data/secrets.json"));
    QVERIFY2(kept.contains("renewed-3"), kept.constData());
    QVERIFY(!readAll(path("data/secrets.json")).contains("refresh-0"));
}

SPILLWAY_TEST(TestTokenRotation)

} // namespace tst_token_rotation

#include "tst_token_rotation.moc"
