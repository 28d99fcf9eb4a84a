// What a mistyped command, a wrong key or a closed output gets: what is wrong, what to do, and an
// exit code that a script can rely on.
#include "http/server.h"
#include "support/test_program.h"

#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <mutex>

namespace tst_command_line {

using namespace engine;

namespace {

struct Ended {
    int code { -1 };
    QString out {};
    QString errors {};
};

// Without a display, as on a server; nobody listens at the control address unless given.
Ended run(const QStringList& words, const QString& control = QStringLiteral("127.0.0.1:1"),
    const QString& output = {})
{
    QProcess process;
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    for (const char* name : { "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM" })
        variables.remove(QString::fromLatin1(name));
    variables.insert(QStringLiteral("SPILLWAY_CONTROL"), control);
    variables.insert(QStringLiteral("SPILLWAY_CONTROL_KEY"), QStringLiteral("key"));
    process.setProcessEnvironment(variables);
    process.setStandardInputFile(QProcess::nullDevice());
    if (!output.isEmpty())
        process.setStandardOutputFile(output);
    process.start(QStringLiteral(SPILLWAY_PROGRAM), words);
    Ended ended;
    if (process.waitForFinished(20'000) && process.exitStatus() == QProcess::NormalExit)
        ended.code = process.exitCode();
    ended.out = QString::fromUtf8(process.readAllStandardOutput());
    ended.errors = QString::fromUtf8(process.readAllStandardError());
    return ended;
}

// In place of an engine: answers everything alike and keeps what it was asked.
class Answering {
public:
    Answering(int status, std::string body)
        : m_server({ .name = "control" },
            [this, status, body = std::move(body)](
                http::ServerRequest request, const http::Respond& respond) {
                {
                    const std::lock_guard lock(m_mutex);
                    m_asked = std::move(request.body);
                    m_target = std::move(request.target);
                }
                respond({ .status = status, .body = body });
            })
    {
        if (!m_server.start())
            qFatal("no port to listen on");
    }
    [[nodiscard]] QString address() const
    {
        return QStringLiteral("127.0.0.1:%1").arg(m_server.port());
    }
    [[nodiscard]] QString asked() const
    {
        const std::lock_guard lock(m_mutex);
        return QString::fromStdString(m_asked);
    }

    [[nodiscard]] QString target() const
    {
        const std::lock_guard lock(m_mutex);
        return QString::fromStdString(m_target);
    }

private:
    mutable std::mutex m_mutex;
    std::string m_asked {};
    std::string m_target {};
    http::Server m_server;
};

} // namespace

class TestCommandLine : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsMistypedIsNamedAndNothingHappens_data();
    void whatIsMistypedIsNamedAndNothingHappens();
    void helpIsForEveryCommandAndSpelling();
    void withoutADisplayTheConsoleSaysHowToGoOn();
    void noEngineThereIsItsOwnExitCode();
    void aWrongKeySaysWhichKeyIsMeant();
    void groupsAreMergedByName();
    void aDeadLetterIsShownWithAllItsDigits();
    void anExportHasPayloadsAndAnswersMasked();
    void outputThatCannotBeWrittenIsAFailure();
    void aDataDirectoryThatIsAFileIsToldSo();
};

void TestCommandLine::whatIsMistypedIsNamedAndNothingHappens_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("fault");
    const auto row = [](const char* line, const char* fault) {
        // '' is an empty word.
        QStringList words = QString::fromLatin1(line).split(u' ');
        words.replaceInStrings(QStringLiteral("''"), QString());
        QTest::newRow(line) << words << QString::fromLatin1(fault);
    };
    row("nonsense", "there is no command \"nonsense\"");
    row("''", "there is no command \"\"");
    row("--nonsense", "See: spillway --help");
    row("status --nope", "unknown option --nope");
    row("status ''", "an empty word names nothing");
    row("status a b", "\"b\" is not expected here");
    row("status --control", "--control needs a value");
    row("status --control nowhere", "is not HOST:PORT");
    row("status --control 127.0.0.1:99999", "is not HOST:PORT");
    row("status --json=yes", "--json takes no value");
    row("pause", "name a destination");
    row("pause ''", "an empty word names nothing");
    row("tune hook --rate nan", "--rate wants a number");
    row("tune hook --rate 1e400", "--rate wants a number");
    row("audit undo -5", "undo wants the number of one entry");
    row("audit --max 99999999999999999999", "--max wants a whole number");
    row("audit --max 1001", "--max wants a whole number from 1 to 1000");
    row("simulate --rate 100001", "--rate wants a whole number from 1 to 100000");
    row("dlq", "say list, show");
    row("dlq nonsense", "say list, show");
    row("dlq list more", "\"more\" is not expected after list");
    row("dlq show -5", "show needs the id of an entry");
    row("dlq archive", "archive needs a filter");
    row("dlq merge a", "merge needs the group that stays");
    row("replay nonsense", "say list, show");
    row("replay list more", "\"more\" is not expected after list");
    row("replay show -5", "show needs the number of a job");
    row("check", "name one configuration file");
    row("check ''", "an empty word names nothing");
    row("check /nowhere", "/nowhere: cannot be read");
    row("serve", "give --config FILE, or --simulator");
    row("serve --config '' --data d", "--config names nothing");
    row("serve --config c --data ''", "--data names nothing");
    row("serve --config c", "--data DIR is missing");
    row("serve --simulator --for 0", "--for wants a duration");
    row("serve --simulator --scenario nope", "there is no scenario \"nope\"");
    row("simulate more", "\"more\" is not expected here");
    row("simulate --listen 0.0.0.0:1", "on loopback");
    row("simulate --secret meta=right", "--secret wants NAME=env:VARIABLE or NAME=file:PATH");
    row("simulate --secret google=env:PATH",
        "there is no secret \"google\" to ask for; there are: meta");
    row("simulate --platform taboola --secret taboola=env:PATH", "there are: none");
    row("simulate --secret meta=env:SPILLWAY_NOT_SET", "env:SPILLWAY_NOT_SET is empty");
    row("simulate --platform x --secret x.consumer_key=env:PATH",
        "also need x.consumer_secret, x.access_token, x.access_token_secret");
    row("simulate --european 42", "--european: meta has no regions");
    row("simulate --platform nope", "there is no platform \"nope\"");
}

void TestCommandLine::whatIsMistypedIsNamedAndNothingHappens()
{
    QFETCH(QStringList, words);
    QFETCH(QString, fault);
    const Ended ended = run(words);
    QVERIFY2(ended.errors.contains(fault), qPrintable(ended.errors));
    QCOMPARE(ended.code, 2);
}

void TestCommandLine::helpIsForEveryCommandAndSpelling()
{
    for (const QString& word : { QStringLiteral("--help"), QStringLiteral("-h") }) {
        QVERIFY(run({ word }).out.startsWith(QStringLiteral("spillway")));
        const Ended status = run({ QStringLiteral("status"), word });
        QVERIFY(status.out.startsWith(QStringLiteral("spillway status")));
        QCOMPARE(status.code, 0);
    }
}

void TestCommandLine::withoutADisplayTheConsoleSaysHowToGoOn()
{
    const Ended ended = run({});
    QVERIFY2(ended.errors.contains(QStringLiteral("spillway serve --config FILE --data DIR")),
        qPrintable(ended.errors));
    QVERIFY(ended.code == 1 || ended.code == 2); // 2 where no console was built
}

void TestCommandLine::noEngineThereIsItsOwnExitCode()
{
    const Ended ended = run({ QStringLiteral("status") });
    QCOMPARE(ended.code, 3);
    QVERIFY(ended.errors.contains(QStringLiteral("no engine answers at 127.0.0.1:1")));
}

void TestCommandLine::aWrongKeySaysWhichKeyIsMeant()
{
    const Answering engine(401, R"({"error":{"code":"unauthorized","message":"no"}})");
    const Ended ended = run({ QStringLiteral("status") }, engine.address());
    QCOMPARE(ended.code, 1);
    QVERIFY2(
        ended.errors.contains(QStringLiteral("SPILLWAY_CONTROL_KEY")), qPrintable(ended.errors));
    QVERIFY(ended.errors.contains(engine.address()));
}

void TestCommandLine::groupsAreMergedByName()
{
    const Answering engine(200, R"({"message":"merged"})");
    const Ended ended
        = run({ QStringLiteral("dlq"), QStringLiteral("merge"), QStringLiteral("stays"),
                  QStringLiteral("one"), QStringLiteral("two") },
            engine.address());
    QVERIFY2(ended.code == 0, qPrintable(ended.errors));
    QVERIFY2(engine.asked().contains(QStringLiteral(R"("others":["one","two"])")),
        qPrintable(engine.asked()));
}

void TestCommandLine::aDeadLetterIsShownWithAllItsDigits()
{
    const Answering engine(
        200, R"({"id":7,"payload":{"user_id":12345678901234567890,"value":1.10}})");
    const Ended ended = run(
        { QStringLiteral("dlq"), QStringLiteral("show"), QStringLiteral("7") }, engine.address());
    QVERIFY2(ended.code == 0, qPrintable(ended.errors));
    QVERIFY2(ended.out.contains(u"\"user_id\": 12345678901234567890"), qPrintable(ended.out));
    QVERIFY2(ended.out.contains(u"\"value\": 1.10\n"), qPrintable(ended.out));
}

// The control API gives payloads as texts; the file has them as they were accepted, but for what
// names a person.
void TestCommandLine::anExportHasPayloadsAndAnswersMasked()
{
    const Answering engine(200,
        R"({"entries":[{"id":7,"message":"bad ann@shop.example","response":"{\"error\":1.10}",)"
        R"("payload_text":"{\"order\":12345678901234567890,\"email\":\"ann@shop.example\"}"},)"
        R"({"id":8,"response":"no JSON","message":""}],"next":null})");
    const QTemporaryDir folder;
    const QString name = folder.filePath(QStringLiteral("failed.jsonl"));
    const Ended ended
        = run({ QStringLiteral("dlq"), QStringLiteral("export"), name }, engine.address());
    QVERIFY2(ended.code == 0, qPrintable(ended.errors));
    QVERIFY2(engine.target().contains(u"payloads=1"), qPrintable(engine.target()));
    QFile file(name);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY2(text.contains("\"payload\":{\"order\":12345678901234567890,"), text.constData());
    QVERIFY2(text.contains("\"response\":{\"error\":1.10}}\n"), text.constData());
    QVERIFY2(text.contains("\"response\":\"no JSON\"}\n"), text.constData());
    QVERIFY2(!text.contains("ann@"), text.constData());
    QFile meta(name + QStringLiteral(".meta.json"));
    QVERIFY(meta.open(QIODevice::ReadOnly));
    QVERIFY(meta.readAll().contains("\"with_payloads\": true"));
}

void TestCommandLine::outputThatCannotBeWrittenIsAFailure()
{
    const QString full = QStringLiteral("/dev/full");
    if (!QFile::exists(full))
        QSKIP("this system has no /dev/full");
    const Answering engine(200, R"({"entries":[],"next":null})");
    const QStringList words { QStringLiteral("dlq"), QStringLiteral("list"),
        QStringLiteral("--json") };
    QCOMPARE(run(words, engine.address()).code, 0);
    const Ended ended = run(words, engine.address(), full);
    QCOMPARE(ended.code, 1);
    QVERIFY(ended.errors.contains(QStringLiteral("could not be written")));
}

void TestCommandLine::aDataDirectoryThatIsAFileIsToldSo()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const Ended ended = run({ QStringLiteral("serve"), QStringLiteral("--simulator"),
        QStringLiteral("--data"), file.fileName() });
    QCOMPARE(ended.code, 2);
    QVERIFY2(ended.errors.contains(QStringLiteral("is a file")), qPrintable(ended.errors));
    QVERIFY2(!ended.errors.contains(QStringLiteral("stopped")), qPrintable(ended.errors));
}

SPILLWAY_TEST(TestCommandLine)

} // namespace tst_command_line

#include "tst_command_line.moc"
