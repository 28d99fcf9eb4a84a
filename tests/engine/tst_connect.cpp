#include <engine/connect.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace engine;

class TestConnect final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyPlatformSaysWhatItNeeds();
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
    QVERIFY(meta->credentials == std::vector<std::string> { "access_token" });
    QVERIFY(!meta->needsEndpoint);
    const auto webhook = std::find_if(
        all.begin(), all.end(), [](const PlatformInfo& one) { return one.name == "webhook"; });
    QVERIFY(webhook != all.end() && webhook->needsEndpoint);
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

QTEST_GUILESS_MAIN(TestConnect)
#include "tst_connect.moc"
