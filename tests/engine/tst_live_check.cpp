// One invented event against a strict imitation of the platform over real HTTP.
#include "core/clock.h"
#include "simulator/simulator_server.h"

#include <engine/check.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace engine;

namespace {

constexpr const char* kPixel = "1029384756";
const WallTime kNow = std::chrono::floor<Micros>(std::chrono::system_clock::now());

} // namespace

class TestLiveCheck final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void anAcceptedTestEventSaysSo();
    void withoutATestCodeNothingIsSent();
    void aRefusedCredentialIsNamedInPlainWords();
    void aMissingSecretIsNamedBeforeAnythingIsSent();
    void noAnswerSaysWhatToLookAt();
    void aStrangeDestinationOrAccountIsRefused();
    void aReplacedRefreshTokenIsKeptWhereItCanBe();
    void oneThatCanNotBeKeptIsToldWithWhatToDo();

private:
    [[nodiscard]] std::string checkGoogle(const QByteArray& refreshToken) const; // all lines
    void writeConfig(const QByteArray& extra);
    [[nodiscard]] Result<LiveCheckReport> check(const std::string& account = {}) const;
    [[nodiscard]] std::int64_t requests() const;

    SystemClock m_clock {};
    std::unique_ptr<QTemporaryDir> m_folder {};
    std::unique_ptr<simulator::SimulatorServer> m_platform {};
};

void TestLiveCheck::init()
{
    qputenv("SPILLWAY_TEST_KEY", "a-token-of-meta");
    m_folder = std::make_unique<QTemporaryDir>();
    simulator::SimulatorOptions options;
    for (simulator::SimulatedPlatform& platform : options.platforms)
        platform.areRefreshTokensUsedUp = true;
    m_platform = std::make_unique<simulator::SimulatorServer>(
        options, ListenAddress { "127.0.0.1", 0 }, m_clock);
    QVERIFY(m_platform->start().has_value());
    writeConfig("test_event_code = \"TEST1\"\n");
}

void TestLiveCheck::writeConfig(const QByteArray& extra)
{
    QFile file(m_folder->filePath(QStringLiteral("spillway.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("[control]\nkey = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
               "write_key = \"env:SPILLWAY_TEST_KEY\"\n[[destination]]\nname = \"meta-main\"\n"
               "platform = \"meta\"\naccount = \""
        + QByteArray(kPixel) + "\"\nendpoint = \""
        + QByteArray::fromStdString(m_platform->endpoint("meta"))
        + "\"\ncredential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" + extra);
}

Result<LiveCheckReport> TestLiveCheck::check(const std::string& account) const
{
    return checkLive(m_folder->filePath(QStringLiteral("spillway.toml")).toStdString(), "meta-main",
        account, kNow);
}

std::int64_t TestLiveCheck::requests() const
{
    std::int64_t sum = 0;
    for (const auto& [account, stats] : m_platform->stats())
        sum += stats.requests;
    return sum;
}

void TestLiveCheck::anAcceptedTestEventSaysSo()
{
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY2(report->verdict == LiveCheckReport::Verdict::Accepted, report->lines.back().c_str());
    QCOMPARE(requests(), std::int64_t { 1 });
    for (const std::string& line : report->lines)
        QVERIFY2(line.find("a-token-of-meta") == std::string::npos, line.c_str());
}

void TestLiveCheck::withoutATestCodeNothingIsSent()
{
    writeConfig({});
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY(report->verdict == LiveCheckReport::Verdict::NotPossible);
    QVERIFY(report->lines.front().find("test_event_code") != std::string::npos);
    QCOMPARE(requests(), std::int64_t { 0 });
}

void TestLiveCheck::aRefusedCredentialIsNamedInPlainWords()
{
    m_platform->setScenario(
        { .platform = "meta" }, { .kind = simulator::ScenarioKind::TokenExpiry });
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY(report->verdict == LiveCheckReport::Verdict::Refused);
    QVERIFY2(
        report->lines.back().find("credential") != std::string::npos, report->lines.back().c_str());
}

void TestLiveCheck::aMissingSecretIsNamedBeforeAnythingIsSent()
{
    qunsetenv("SPILLWAY_TEST_KEY");
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY(report->verdict == LiveCheckReport::Verdict::NotPossible);
    QVERIFY2(report->lines.back().find("SPILLWAY_TEST_KEY") != std::string::npos,
        report->lines.back().c_str());
    QCOMPARE(requests(), std::int64_t { 0 });
}

void TestLiveCheck::noAnswerSaysWhatToLookAt()
{
    m_platform->stop();
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY(report->verdict == LiveCheckReport::Verdict::NoAnswer);
    QVERIFY(report->lines.back().find("endpoint") != std::string::npos);
}

void TestLiveCheck::aStrangeDestinationOrAccountIsRefused()
{
    QVERIFY(!checkLive(
        m_folder->filePath(QStringLiteral("spillway.toml")).toStdString(), "nope", {}, kNow));
    QVERIFY(!check("../../etc"));
}

std::string TestLiveCheck::checkGoogle(const QByteArray& refreshToken) const
{
    const auto endpoint = QByteArray::fromStdString(m_platform->endpoint("google"));
    const QString path = m_folder->filePath(QStringLiteral("google.toml"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return {};
    file.write("[control]\nkey = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
               "write_key = \"env:SPILLWAY_TEST_KEY\"\n[[destination]]\nname = \"ads\"\n"
               "platform = \"google\"\naccount = \"1234567890\"\nendpoint = \""
        + endpoint + "\"\ntoken_endpoint = \"" + endpoint
        + "/token\"\nevent_names.purchase = \"7\"\ncredential.client_id = "
          "\"env:SPILLWAY_TEST_KEY\"\ncredential.client_secret = \"env:SPILLWAY_TEST_KEY\"\n"
          "credential.refresh_token = \""
        + refreshToken + "\"\n");
    file.close();
    const auto report = checkLive(path.toStdString(), "ads", {}, kNow);
    std::string lines;
    for (const std::string& line : report ? report->lines : std::vector<std::string> {})
        lines += line + '\n';
    return lines;
}

void TestLiveCheck::aReplacedRefreshTokenIsKeptWhereItCanBe()
{
    const QString path = m_folder->filePath(QStringLiteral("refresh"));
    QFile secret(path);
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    secret.write("a-refresh-token");
    secret.close();
    for (int i = 0; i < 2; ++i) { // the second one with what the first one kept
        const std::string lines = checkGoogle("file:" + path.toUtf8());
        QVERIFY2(lines.find("kept in place of the old one") != std::string::npos, lines.c_str());
        QVERIFY2(lines.find("The platform took it") != std::string::npos, lines.c_str());
    }
}

void TestLiveCheck::oneThatCanNotBeKeptIsToldWithWhatToDo()
{
    const std::string lines = checkGoogle("env:SPILLWAY_TEST_KEY");
    for (const char* part : { "not kept", "env:SPILLWAY_TEST_KEY is used up", "sign in again",
             "keychain:NAME", "file:PATH", "The platform took it" })
        QVERIFY2(lines.find(part) != std::string::npos, lines.c_str());
    QVERIFY2(lines.find("renewed-") == std::string::npos, lines.c_str());
}

QTEST_GUILESS_MAIN(TestLiveCheck)
#include "tst_live_check.moc"
