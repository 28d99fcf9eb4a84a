// One invented event against a strict imitation of the platform over real HTTP.
#include "core/clock.h"
#include "engine/platforms/platform_cases.h"
#include "simulator/simulator_server.h"
#include "support/test_program.h"

#include <engine/check.h>

#include <QFile>
#include <QTemporaryDir>

namespace tst_live_check {

using namespace engine;

namespace {

constexpr const char* kPixel = "1029384756";
const WallTime kNow = std::chrono::floor<Micros>(std::chrono::system_clock::now());

// Every way in that has a test form, and what its destination says beside name, platform, endpoint
// and key.
struct TestForm {
    const char* platform { nullptr };
    const char* api { nullptr };
    const char* settings { nullptr };
};
constexpr TestForm kTestForms[] {
    { "google", "offline",
        "account = \"1234567890\"\nevent_names.purchase = \"7\"\n"
        "credential.client_id = \"env:SPILLWAY_TEST_ID\"\n"
        "credential.client_secret = \"env:SPILLWAY_TEST_ID\"\n"
        "credential.refresh_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "google", "data_manager",
        "account = \"1234567890\"\nevent_names.purchase = \"7\"\n"
        "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "meta", "",
        "account = \"1029384756\"\ntest_event_code = \"TEST1\"\n"
        "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "pinterest", "",
        "account = \"549755885175\"\ncredential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "reddit", "v3",
        "account = \"t2_abc123\"\ntest_id = \"T1\"\n"
        "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "reddit", "v2",
        "account = \"t2_abc123\"\ncredential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "snapchat", "",
        "account = \"0f6d5a3e-1111-4c2b-9c5d-7b1f5c1a2b3c\"\n"
        "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
    { "tiktok", "",
        "account = \"C4PIXELCODE\"\ntest_event_code = \"TEST1\"\n"
        "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n" },
};

std::string linesOf(const Result<LiveCheckReport>& report)
{
    std::string lines;
    for (const std::string& line : report ? report->lines : std::vector<std::string> {})
        lines += line + '\n';
    return lines;
}

} // namespace

class TestLiveCheck final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void anAcceptedTestEventSaysSo();
    void withoutATestCodeNothingIsSent();
    void aRefusedCredentialIsNamedInPlainWords();
    void aMissingSecretIsNamedBeforeAnythingIsSent();
    void everyTestFormHasARow();
    void everyTestFormIsTakenUnderTheRightCredentialAlone_data();
    void everyTestFormIsTakenUnderTheRightCredentialAlone();
    void anEchoOfTheCredentialIsNotShown();
    void noAnswerSaysWhatToLookAt();
    void anAnswerThatFailsToComeSaysWhy_data();
    void anAnswerThatFailsToComeSaysWhy();
    void aWrongEndpointIsNamed();
    void aStrangeDestinationOrAccountIsRefused();
    void aReplacedRefreshTokenIsKeptWhereItCanBe();
    void oneThatCanNotBeKeptIsToldWithWhatToDo();

private:
    [[nodiscard]] std::string checkGoogle(const QByteArray& refreshToken) const; // all lines
    void writeConfig(const QByteArray& extra);
    void writeMeta(const QByteArray& endpoint, const QByteArray& extra);
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
    writeMeta(QByteArray::fromStdString(m_platform->endpoint("meta")), extra);
}

void TestLiveCheck::writeMeta(const QByteArray& endpoint, const QByteArray& extra)
{
    QFile file(m_folder->filePath(QStringLiteral("spillway.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("[control]\nkey = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
               "write_key = \"env:SPILLWAY_TEST_KEY\"\n[[destination]]\nname = \"meta-main\"\n"
               "platform = \"meta\"\naccount = \""
        + QByteArray(kPixel) + "\"\nendpoint = \"" + endpoint
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

// A way in that gets a test form gets a row above, or this fails.
void TestLiveCheck::everyTestFormHasARow()
{
    for (const testing::PlatformCase& way : testing::kPlatformCases) {
        DestinationConfig to = testing::destinationOf(way);
        to.options["test_event_code"] = "TEST1";
        to.options["test_id"] = "T1";
        const auto form = platforms::adapterFor(to.platform)->liveCheck(to);
        const std::string api = to.options.contains("api") ? to.options["api"] : std::string();
        const bool isThere = std::any_of(std::begin(kTestForms), std::end(kTestForms),
            [&](const TestForm& row) { return row.platform == to.platform && row.api == api; });
        QVERIFY2(isThere == (form.kind != platforms::LiveCheck::Kind::None), way.name);
        QVERIFY2(!form.note.empty(), way.name);
    }
}

void TestLiveCheck::everyTestFormIsTakenUnderTheRightCredentialAlone_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const TestForm& row : kTestForms)
        QTest::addRow("%s %s", row.platform, row.api) << number++;
}

void TestLiveCheck::everyTestFormIsTakenUnderTheRightCredentialAlone()
{
    QFETCH(int, number);
    const TestForm& row = kTestForms[number];
    simulator::SimulatorOptions options;
    for (simulator::SimulatedPlatform& platform : options.platforms)
        platform.secret = "the-right-key";
    m_platform = std::make_unique<simulator::SimulatorServer>(
        options, ListenAddress { "127.0.0.1", 0 }, m_clock);
    QVERIFY(m_platform->start().has_value());
    const QByteArray endpoint = QByteArray::fromStdString(m_platform->endpoint(row.platform));
    QByteArray text = "[control]\nkey = \"env:SPILLWAY_TEST_ID\"\n[[workspace]]\nname = \"shop\"\n"
                      "write_key = \"env:SPILLWAY_TEST_ID\"\n[[destination]]\nname = \"tried\"\n"
                      "platform = \""
        + QByteArray(row.platform) + "\"\nendpoint = \"" + endpoint + "\"\n" + row.settings;
    if (*row.api != '\0')
        text += "api = \"" + QByteArray(row.api) + "\"\n";
    if (text.contains("client_id"))
        text += "token_endpoint = \"" + endpoint + "/token\"\n";
    const QString path = m_folder->filePath(QStringLiteral("tried.toml"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
    file.close();
    qputenv("SPILLWAY_TEST_ID", "an-id");
    for (const char* key : { "the-right-key", "a-wrong-key" }) {
        qputenv("SPILLWAY_TEST_KEY", key);
        const auto report = checkLive(path.toStdString(), "tried", {}, kNow);
        const std::string lines = linesOf(report);
        const bool isRight = std::string_view(key) == "the-right-key";
        QVERIFY2(report.has_value()
                && report->verdict
                    == (isRight ? LiveCheckReport::Verdict::Accepted
                                : LiveCheckReport::Verdict::Refused),
            lines.c_str());
        const char* const words = isRight ? "address, credential and payload are right"
                                          : "The credential was refused. Take a new one";
        QVERIFY2(report->lines.back().find(words) != std::string::npos, lines.c_str());
        QVERIFY2(lines.find(key) == std::string::npos, lines.c_str());
    }
}

void TestLiveCheck::anEchoOfTheCredentialIsNotShown()
{
    m_platform->setScenario({ .platform = "meta" },
        { .answer = simulator::ScriptedAnswer { .status = 400,
              .code = "190",
              .message = "Malformed access token a-token-of-meta" } });
    const std::string lines = linesOf(check());
    QVERIFY2(
        lines.find("Malformed access token $access_token") != std::string::npos, lines.c_str());
    QVERIFY2(lines.find("a-token-of-meta") == std::string::npos, lines.c_str());
}

void TestLiveCheck::noAnswerSaysWhatToLookAt()
{
    m_platform->stop();
    const auto report = check();
    QVERIFY(report.has_value());
    QVERIFY(report->verdict == LiveCheckReport::Verdict::NoAnswer);
    QVERIFY(report->lines.back().find("Nobody answers at this address. Check the endpoint")
        != std::string::npos);
}

void TestLiveCheck::anAnswerThatFailsToComeSaysWhy_data()
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<QByteArray>("words");
    using Fault = http::ServerResponse::Fault;
    QTest::newRow("silence") << static_cast<int>(Fault::NeverAnswer)
                             << QByteArray("No answer in time. Check the endpoint");
    QTest::newRow("closed") << static_cast<int>(Fault::CloseBeforeAnswer)
                            << QByteArray("closed without an answer. Check the endpoint");
    QTest::newRow("speaks no TLS") << -1 << QByteArray("speaks no TLS. Check the endpoint");
}

void TestLiveCheck::anAnswerThatFailsToComeSaysWhy()
{
    QFETCH(int, fault);
    QFETCH(QByteArray, words);
    QByteArray endpoint = QByteArray::fromStdString(m_platform->endpoint("meta"));
    if (fault < 0)
        endpoint.replace("http://", "https://");
    else
        m_platform->setScenario({ .platform = "meta" },
            { .answer = simulator::ScriptedAnswer {
                  .fault = static_cast<http::ServerResponse::Fault>(fault) } });
    writeMeta(endpoint, "test_event_code = \"TEST1\"\ntimeout = \"200ms\"\n");
    const auto report = check();
    const std::string lines = linesOf(report);
    QVERIFY2(report && report->verdict == LiveCheckReport::Verdict::NoAnswer, lines.c_str());
    QVERIFY2(report->lines.back().find(words.toStdString()) != std::string::npos, lines.c_str());
}

void TestLiveCheck::aWrongEndpointIsNamed()
{
    writeMeta(QByteArray::fromStdString(m_platform->endpoint("pinterest")),
        "test_event_code = \"TEST1\"\n");
    const auto report = check();
    const std::string lines = linesOf(report);
    QVERIFY2(report && report->verdict == LiveCheckReport::Verdict::Refused, lines.c_str());
    QVERIFY2(report->lines.back().find("endpoint") != std::string::npos, lines.c_str());
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
    return linesOf(checkLive(path.toStdString(), "ads", {}, kNow));
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

SPILLWAY_TEST(TestLiveCheck)

} // namespace tst_live_check

#include "tst_live_check.moc"
