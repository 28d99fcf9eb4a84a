// The inspector over the real engine and a strict platform on loopback: what an operator does, end
// to end.
#include "charts/chart_strip.h"
#include "core/clock.h"
#include "inspector/inspector.h"
#include "inspector/tuning_panel.h"
#include "overview/overview_page.h"
#include "simulator/simulator_server.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "widgets/undo_bar.h"
#include "window/main_window.h"
#include "window/ui_clock.h"

#include <engine/engine.h>

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

namespace tst_live_console {

using namespace std::chrono_literals;
using namespace ui;

namespace {

constexpr const char* kPixel = "1029384756";
constexpr int kPatience = 20'000;

// Who this process talks to by TCP, as the kernel writes it: "0100007F:1F90" is a port of
// 127.0.0.1.
QStringList remoteAddresses()
{
    QSet<QString> own;
    const QDir files(QStringLiteral("/proc/self/fd"));
    for (const QString& name : files.entryList(QDir::System | QDir::Files | QDir::NoDotAndDotDot)) {
        const QString target = QFile::symLinkTarget(files.filePath(name));
        const auto inode = target.lastIndexOf(QStringLiteral("socket:["));
        if (inode >= 0)
            own << target.mid(inode + 8).chopped(1);
    }
    QStringList addresses;
    for (const char* table : { "/proc/self/net/tcp", "/proc/self/net/tcp6" }) {
        QFile file(QString::fromLatin1(table));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& line : file.readAll().split('\n').mid(1)) {
            const auto words = QString::fromLatin1(line).simplified().split(u' ');
            constexpr int kRemote = 2;
            constexpr int kState = 3;
            constexpr int kInode = 9;
            if (words.size() > kInode && own.contains(words[kInode])
                && words[kState] != QStringLiteral("0A")) // listens
                addresses << words[kRemote];
        }
    }
    return addresses;
}

bool isLoopback(const QString& address)
{
    return address.startsWith(QStringLiteral("0100007F:"))
        || address.startsWith(QStringLiteral("0000000000000000FFFF00000100007F:"))
        || address.startsWith(QStringLiteral("00000000000000000000000001000000:"));
}

} // namespace

class TestLiveConsole final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aTrialIsTunedSeenAndRevertsByItself();
    void aPredictionComesFromTheRunningPacer();
    void theFirstStartShowsItsTroubleAndTalksToNobodyElse();

private:
    void post(int count);
    [[nodiscard]] const engine::ShardSnapshot* shard();
    template <class Widget>
    [[nodiscard]] Widget* find(const char* name) const
    {
        return m_inspector->findChild<Widget*>(QLatin1String(name));
    }

    engine::SystemClock m_clock {};
    SystemUiClock m_uiClock {};
    Theme m_theme { ThemeMode::Light };
    std::unique_ptr<QTemporaryDir> m_folder {};
    std::unique_ptr<engine::simulator::SimulatorServer> m_platform {};
    std::unique_ptr<engine::Engine> m_engine {};
    std::unique_ptr<Inspector> m_inspector {};
    engine::SnapshotPtr m_seen {};
};

void TestLiveConsole::init()
{
    qputenv("SPILLWAY_TEST_KEY", "key");
    m_folder = std::make_unique<QTemporaryDir>();
    m_platform = std::make_unique<engine::simulator::SimulatorServer>(
        engine::simulator::SimulatorOptions {}, engine::ListenAddress { "127.0.0.1", 0 }, m_clock);
    QVERIFY(m_platform->start().has_value());
    QFile file(m_folder->filePath(QStringLiteral("spillway.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[ingress]\nlisten = \"127.0.0.1:0\"\n[control]\nlisten = \"127.0.0.1:0\"\n"
               "key = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
               "write_key = \"env:SPILLWAY_TEST_KEY\"\ntier = \"scale\"\n"
               "[[destination]]\nname = \"meta-main\"\nplatform = \"meta\"\nbatch = 1\n"
               "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\naccount = \"");
    file.write(kPixel);
    file.write(
        "\"\nendpoint = \"" + QByteArray::fromStdString(m_platform->endpoint("meta")) + "\"\n");
    file.close();
    m_engine = std::make_unique<engine::Engine>(
        engine::EngineOptions { .configPath = file.fileName().toStdString(),
            .dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString() });
    const auto started = m_engine->start();
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
    m_inspector
        = std::make_unique<Inspector>(ConsoleContext { *m_engine, m_theme, m_uiClock, false });
    connect(m_engine.get(), &engine::EnginePort::snapshotPublished, m_inspector.get(),
        [this](const engine::SnapshotPtr& snapshot) { m_inspector->applySnapshot(snapshot); });
    m_inspector->resize(360, 900);
    m_inspector->show();
}

void TestLiveConsole::cleanup()
{
    m_inspector.reset();
    m_engine.reset();
    m_platform.reset();
    m_folder.reset();
}

void TestLiveConsole::post(int count)
{
    QByteArray body;
    for (int i = 0; i < count; ++i) {
        body += body.isEmpty() ? "[" : ",";
        body += "{\"event_id\":\"e" + QByteArray::number(i)
            + "\",\"event_name\":\"Purchase\",\"action_source\":\"website\",\"event_source_url\":"
              "\"https://shop.example\",\"user\":{\"email\":\"jane@example.com\",\"user_agent\":"
              "\"UA\"},\"value\":9.5,\"currency\":\"EUR\"}";
    }
    QNetworkAccessManager network;
    QNetworkRequest request { QUrl(QString::fromStdString(m_engine->snapshot()->ingressUrl)) };
    request.setRawHeader("Authorization", "Bearer key");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body + ']'));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    QVERIFY(finished.wait(kPatience));
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 202);
}

const engine::ShardSnapshot* TestLiveConsole::shard()
{
    m_seen = m_engine->snapshot();
    return m_seen->shards.empty() ? nullptr : &m_seen->shards.front();
}

// Concurrency 4 by configuration; 2 for two seconds; then 4 again, without a hand.
void TestLiveConsole::aTrialIsTunedSeenAndRevertsByItself()
{
    post(1);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, kPatience);
    m_inspector->setSelection({ shard()->shard });
    auto* spin = find<QDoubleSpinBox>("tuning_concurrencySpin");
    QTRY_COMPARE_WITH_TIMEOUT(spin->value(), 4.0, kPatience);
    spin->setValue(2);
    auto* keepFor = find<QComboBox>("tuning_keepFor");
    keepFor->addItem(QStringLiteral("2 s"), 2); // what the window offers is too long for a test
    keepFor->setCurrentIndex(keepFor->count() - 1);
    QVERIFY(!shard()->concurrency.overridden); // staged is not sent
    find<QPushButton>("tuning_apply")->click();
    QTRY_VERIFY_WITH_TIMEOUT(find<QFrame>("tuning_trialBar")->isVisible(), kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(
        find<QLabel>("tuning_trial")->text().contains(QStringLiteral("concurrency as configured")),
        kPatience);
    QTRY_VERIFY_WITH_TIMEOUT(!find<QFrame>("tuning_trialBar")->isVisible(), kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(spin->value(), 4.0, kPatience);
    QVERIFY(!shard()->concurrency.overridden);
}

// 60 events one by one: enough requests for the engine to know how long one takes.
void TestLiveConsole::aPredictionComesFromTheRunningPacer()
{
    post(60);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr && shard()->latencyP50.has_value(), kPatience);
    m_inspector->setSelection({ shard()->shard });
    find<QDoubleSpinBox>("tuning_rateSpin")->setValue(3);
    auto* predicted = find<QLabel>("tuning_predicted");
    QTRY_VERIFY_WITH_TIMEOUT(
        predicted->text().startsWith(QStringLiteral("Predicted: Out")), kPatience);
    QVERIFY(find<QLabel>("tuning_assumes")->text().contains(QStringLiteral("no further errors")));
    QVERIFY(!shard()->rate.overridden);
}

// Console design §13.1, with an empty home: charts with a past at once, numbers that move, the hot
// pixel throttled after six seconds and said so, and every connection ends on this machine.
void TestLiveConsole::theFirstStartShowsItsTroubleAndTalksToNobodyElse()
{
    cleanup(); // no configuration and no platform
    m_folder = std::make_unique<QTemporaryDir>();
    QElapsedTimer since;
    since.start();
    m_engine = std::make_unique<engine::Engine>(engine::EngineOptions {
        .dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString(),
        .simulation = { .story = "first_start" } });
    QVERIFY(m_engine->start().has_value());
    const ConsoleContext context { *m_engine, m_theme, m_uiClock, false };
    MainWindow window(context, nullptr);
    window.setInspector(new Inspector(context));
    window.show();
    const auto& panel = *window.overview().charts().deck().panels().front();
    const auto pastSeconds = [&panel] {
        const auto& lines = panel.panelData().lines;
        return lines.empty() || lines.front().segments.empty()
            ? 0.0
            : -lines.front().segments.front().first().x();
    };
    QTRY_VERIFY_WITH_TIMEOUT(pastSeconds() > 600, kPatience);
    qInfo("charts with a past after %lld ms", since.elapsed());
    const auto& totals = *window.findChild<QWidget*>(QStringLiteral("incident_totals"));
    const QString first = totals.accessibleName();
    QTRY_VERIFY_WITH_TIMEOUT(totals.accessibleName() != first, kPatience);
    qInfo("numbers move after %lld ms", since.elapsed());
    auto& chip = *window.findChild<QToolButton*>(QStringLiteral("incident_chip_throttled"));
    QTRY_VERIFY_WITH_TIMEOUT(chip.isVisible(), kPatience);
    qInfo("throttled after %lld ms", since.elapsed());
    const auto& headline = *window.findChild<QLabel*>(QStringLiteral("incident_headline"));
    QVERIFY2(headline.text().contains(QStringLiteral("attention")), qPrintable(headline.text()));
    chip.click();
    window.overview().selectNextInTrouble(true);
    const auto& holds = *window.findChild<QLabel*>(QStringLiteral("inspector_holds"));
    QTRY_VERIFY_WITH_TIMEOUT(holds.text().contains(QStringLiteral("platform")), kPatience);

    const QStringList others = remoteAddresses();
    QVERIFY(!others.isEmpty()); // or it looked in the wrong place
    for (const QString& address : others)
        QVERIFY2(isLoopback(address), qPrintable(address));
}

SPILLWAY_TEST(TestLiveConsole)

} // namespace tst_live_console

#include "tst_live_console.moc"
