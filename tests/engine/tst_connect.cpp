#include "support/test_program.h"

#include <engine/connect.h>

#include <QFile>
#include <QTemporaryDir>

namespace tst_connect {

using namespace engine;

class TestConnect final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyPlatformSaysWhatItNeeds();
    void everyWayInIsOfferedWithItsSetsOfCredentials();
    void whatAPlatformNeedsBeyondItsAccountIsWritten();
    void aNewFileIsALiveProfileAtGuarded();
    void anExistingFileKeepsEveryByteOfIt();
    void whatWouldBeRefusedIsNeverWritten();
    void aFileThatChangedMeanwhileIsLeftAlone();
    void aQuoteInANameBreaksNothing();

private:
    [[nodiscard]] QByteArray read() const;
    void write(const QByteArray& text) const;
    [[nodiscard]] static ConnectDraft draft();

    std::unique_ptr<QTemporaryDir> m_folder {};
    std::string m_path {};
};

void TestConnect::init()
{
    qputenv("SPILLWAY_TEST_KEY", "key");
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(QStringLiteral("spillway.toml")).toStdString();
}

QByteArray TestConnect::read() const
{
    QFile file(QString::fromStdString(m_path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray {};
}

void TestConnect::write(const QByteArray& text) const
{
    QFile file(QString::fromStdString(m_path));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(text);
}

ConnectDraft TestConnect::draft()
{
    return { .platform = "meta",
        .name = "meta-main",
        .account = "1029384756",
        .credentials = { { "access_token", "env:SPILLWAY_TEST_KEY" } },
        .controlKey = "env:SPILLWAY_TEST_KEY",
        .writeKey = "env:SPILLWAY_TEST_KEY" };
}

void TestConnect::everyPlatformSaysWhatItNeeds()
{
    const auto all = knownPlatforms();
    const auto meta = std::find_if(
        all.begin(), all.end(), [](const PlatformInfo& one) { return one.name == "meta"; });
    QVERIFY(meta != all.end());
    QCOMPARE(meta->title, std::string("Meta Conversions API"));
    QVERIFY(meta->credentialSets == (std::vector<std::vector<std::string>> { { "access_token" } }));
    QVERIFY(!meta->needsEndpoint && !meta->needsEventNames);
    const auto webhook = std::find_if(
        all.begin(), all.end(), [](const PlatformInfo& one) { return one.name == "webhook"; });
    QVERIFY(webhook != all.end() && webhook->needsEndpoint);
    QVERIFY(webhook->credentialSets == (std::vector<std::vector<std::string>> { {} }));
}

// Google Ads takes no new senders since 2026: the other way in has to be offered too.
void TestConnect::everyWayInIsOfferedWithItsSetsOfCredentials()
{
    const auto all = knownPlatforms();
    const auto found = [&](const char* title) {
        const auto at = std::find_if(
            all.begin(), all.end(), [&](const PlatformInfo& one) { return one.title == title; });
        return at == all.end() ? PlatformInfo {} : *at;
    };
    const PlatformInfo google = found("Google Ads offline conversions");
    QVERIFY(google.api.empty() && google.needsEventNames);
    QCOMPARE(google.credentialSets.size(), std::size_t { 2 });
    QCOMPARE(google.credentialSets.front().front(), std::string("client_id"));
    QCOMPARE(found("Google Data Manager").api, std::string("data_manager"));
    const PlatformInfo microsoft = found("Microsoft Advertising");
    QVERIFY(std::find(microsoft.options.begin(), microsoft.options.end(), "customer_id")
        != microsoft.options.end());
    QVERIFY(found("Customer.io App").needsEventNames);
    QVERIFY(!found("TikTok Events API").needsEventNames);
}

void TestConnect::whatAPlatformNeedsBeyondItsAccountIsWritten()
{
    ConnectDraft google = draft();
    google.platform = "google";
    google.name = "google-ads";
    google.api = "data_manager";
    google.account = "1234567890";
    google.eventNames = { { "purchase", "987" }, { "Order Completed", "987" } };
    google.more = "login_customer_id = \"9998887777\"\n[destination.warm_up]\n"
                  "from = 2026-11-20T08:00:00Z\nover = \"48h\"";
    const auto plan = planConnection(m_path, google);
    QVERIFY2(plan->report.isValid,
        plan->report.findings.empty() ? "" : plan->report.findings.front().text.c_str());
    QVERIFY(plan->added.find("event_names.\"Order Completed\" = \"987\"") != std::string::npos);
    google.more = "login_customer = \"9998887777\"";
    const auto refused = planConnection(m_path, google);
    QVERIFY(!refused->report.isValid);
    QVERIFY(refused->report.findings.front().key.find("login_customer") != std::string::npos);
}

void TestConnect::aNewFileIsALiveProfileAtGuarded()
{
    const auto plan = planConnection(m_path, draft());
    QVERIFY(plan && plan->isNewFile);
    QVERIFY2(plan->report.isValid,
        plan->report.findings.empty() ? "" : plan->report.findings.front().text.c_str());
    QVERIFY(read().isEmpty()); // a plan writes nothing
    QVERIFY(writeConnection(*plan).has_value());
    const QByteArray text = read();
    QVERIFY(text.contains("kind = \"live\""));
    QVERIFY(text.contains("safety = \"guarded\""));
    QVERIFY(text.contains("start = \"paused\""));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(QString::fromStdString(m_path)) & others));
}

void TestConnect::anExistingFileKeepsEveryByteOfIt()
{
    QVERIFY(writeConnection(planConnection(m_path, draft()).value()).has_value());
    write(read() + "# a comment without a line end");
    const QByteArray before = read();
    ConnectDraft second = draft();
    second.name = "meta-leads";
    const auto plan = planConnection(m_path, second);
    QVERIFY(plan && !plan->isNewFile && plan->report.isValid);
    QVERIFY(plan->added.find("[profile]") == std::string::npos);
    QVERIFY(writeConnection(*plan).has_value());
    QVERIFY(read().startsWith(before));
    QVERIFY(read().contains("meta-leads"));
    const auto again = planConnection(m_path, second); // the name is taken now
    QVERIFY(again && !again->report.isValid);
}

void TestConnect::whatWouldBeRefusedIsNeverWritten()
{
    ConnectDraft bad = draft();
    bad.account = "not a pixel";
    const auto plan = planConnection(m_path, bad);
    QVERIFY(plan && !plan->report.isValid);
    QVERIFY(!plan->report.findings.empty());
    QCOMPARE(plan->report.findings.front().file, m_path);
    const Status written = writeConnection(*plan);
    QVERIFY(!written && written.error().code == ErrorCode::BadRequest);
    QVERIFY(!QFile::exists(QString::fromStdString(m_path)));
}

void TestConnect::aFileThatChangedMeanwhileIsLeftAlone()
{
    const auto plan = planConnection(m_path, draft()).value();
    write("# somebody else was here\n");
    const Status written = writeConnection(plan);
    QVERIFY(!written && written.error().code == ErrorCode::Conflict);
    QCOMPARE(read(), QByteArray("# somebody else was here\n"));
}

void TestConnect::aQuoteInANameBreaksNothing()
{
    ConnectDraft odd { .platform = "webhook",
        .name = "ware\"house\\\n[profile]",
        .endpoint = "https://warehouse.example.com/\"events",
        .controlKey = "env:SPILLWAY_TEST_KEY",
        .writeKey = "env:SPILLWAY_TEST_KEY" };
    const auto plan = planConnection(m_path, odd);
    QVERIFY(plan.has_value());
    for (const CheckFinding& finding : plan->report.findings)
        QVERIFY2(finding.key.find("profile") == std::string::npos, finding.text.c_str());
}

SPILLWAY_TEST(TestConnect)

} // namespace tst_connect

#include "tst_connect.moc"
