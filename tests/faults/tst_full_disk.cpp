// A disk of 24 MiB that something else fills up: killed there, the engine starts again, says what
// is wrong, and goes on by itself when there is room.
#include "engine_process.h"
#include "support/test_program.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <unistd.h>

namespace tst_full_disk {

using namespace engine::testing;

namespace {

// A file system of its own, as long as it lives. Needs root.
class SmallDisk {
public:
    explicit SmallDisk(const QString& at)
        : m_at(at)
    {
        m_isThere = QDir().mkpath(at)
            && QProcess::execute(QStringLiteral("mount"),
                   { QStringLiteral("-t"), QStringLiteral("tmpfs"), QStringLiteral("-o"),
                       QStringLiteral("size=24m"), QStringLiteral("tmpfs"), at })
                == 0;
    }
    ~SmallDisk()
    {
        if (m_isThere)
            QProcess::execute(QStringLiteral("umount"), { QStringLiteral("-l"), m_at });
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    [[nodiscard]] bool isThere() const { return m_isThere; }
    void fill() const
    {
        QFile file(m_at + QStringLiteral("/filler"));
        if (!file.open(QIODevice::Append | QIODevice::Unbuffered))
            return;
        for (qint64 size = 1'048'576; size >= 512; size /= 2) {
            const QByteArray block(size, 'f');
            while (file.write(block) == size) { }
        }
    }
    void makeRoom() const { QFile::remove(m_at + QStringLiteral("/filler")); }

private:
    QString m_at {};
    bool m_isThere { false };
};

QByteArray eventOf(const std::string& id)
{
    return "{\"event_id\":\"" + QByteArray::fromStdString(id)
        + "\",\"event_name\":\"Purchase\",\"note\":\"" + QByteArray(2'000, 'x') + "\"}";
}

// An engine whose data lie on such a disk.
struct Place {
    QTemporaryDir base {};
    SmallDisk disk { base.filePath(QStringLiteral("disk")) };
    Receiver receiver {};
    EngineProcess engine { receiver.url(),
        { .batch = 20,
            .concurrency = 4,
            .dataDirectory = base.filePath(QStringLiteral("disk/data")) } };
};

} // namespace

class TestFullDisk final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void killedOnAFullDiskItStartsTellsAndGoesOnWhenThereIsRoom();
    void endedCleanlyItSaysHowMuchRoomAStartTakes();
};

void TestFullDisk::initTestCase()
{
    if (::geteuid() != 0)
        QSKIP("mounting a small disk needs root");
}

void TestFullDisk::killedOnAFullDiskItStartsTellsAndGoesOnWhenThereIsRoom()
{
    Place place;
    auto& [base, disk, receiver, engine] = place;
    if (!disk.isThere())
        QSKIP("this machine mounts no tmpfs");
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    std::set<std::string> acknowledged;
    const auto post = [&](const std::string& id) {
        const int status = engine.post(eventOf(id));
        if (status == 202)
            acknowledged.insert(id);
        return status;
    };
    for (int i = 0; i < 200; ++i)
        QCOMPARE(post("a" + std::to_string(i)), 202);
    int exitCode = 0;
    static_cast<void>(engine.run({ QStringLiteral("pause"), QStringLiteral("hook") }, &exitCode));
    QCOMPARE(exitCode, 0);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(post("b" + std::to_string(i)), 202);
    disk.fill();
    QCOMPARE(post("c"), 503);
    engine.kill();
    disk.fill(); // what the kill has freed

    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    QCOMPARE(post("d"), 503);
    const QJsonObject status
        = QJsonDocument::fromJson(engine.run({ QStringLiteral("status") }, &exitCode)).object();
    QCOMPARE(exitCode, 0);
    const QJsonObject store = status.value(u"store").toObject();
    QVERIFY2(!store.value(u"problem").toString().isEmpty(), qPrintable(engine.errors()));
    QCOMPARE(store.value(u"events").toInt(), 250);

    disk.makeRoom();
    QTRY_COMPARE_WITH_TIMEOUT(post("e"), 202, 30'000);
    const auto resumed = [&] {
        static_cast<void>(
            engine.run({ QStringLiteral("resume"), QStringLiteral("hook") }, &exitCode));
        return exitCode == 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(resumed(), 30'000); // delivery starts within seconds
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll(acknowledged), 60'000);
    QVERIFY(!receiver.received().contains("c"));
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

// The log and its index went with the clean end, and somebody else took their room.
void TestFullDisk::endedCleanlyItSaysHowMuchRoomAStartTakes()
{
    Place place;
    auto& [base, disk, receiver, engine] = place;
    if (!disk.isThere())
        QSKIP("this machine mounts no tmpfs");
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    QCOMPARE(engine.post(eventOf("a")), 202);
    QTRY_VERIFY_WITH_TIMEOUT(receiver.hasAll({ "a" }), 30'000);
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
    disk.fill();

    QVERIFY(!engine.start());
    QVERIFY2(
        engine.errors().contains(QStringLiteral("That takes about 64 KiB, and 0 KiB are free")),
        qPrintable(engine.errors()));
    disk.makeRoom();
    QVERIFY2(engine.start(), qPrintable(engine.errors()));
    QCOMPARE(engine.post(eventOf("b")), 202);
    QVERIFY2(engine.terminate(), qPrintable(engine.errors()));
}

SPILLWAY_TEST(TestFullDisk)

} // namespace tst_full_disk

#include "tst_full_disk.moc"
