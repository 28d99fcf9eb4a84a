// The joined engine with real HTTP on both sides: events in, a strict platform out, trouble,
// repair.
#include "core/clock.h"
#include "engine/post_events.h"
#include "simulator/simulator_server.h"
#include "support/test_program.h"

#include <engine/engine.h>

#include <QEventLoop>
#include <QFile>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>

#include <future>

namespace tst_engine {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kPixel = "1029384756";

} // namespace

class TestEngine final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void eventsArriveAtThePlatform();
    void whatThePlatformRefusedIsReplayedAndLeavesTheList();
    void aCancelledReplaySendsNothingMoreAndAddsUp();
    void anEventTellsItsLifeAndWhyItWaits();
    void aPausedDestinationHoldsOverARestart();
    void aChangedFileIsAppliedAndABrokenOneLeavesTheOldInForce();
    void aTunedValueOutlivesARestartAndCanBeReverted();
    void aTunedValueAboveANewCeilingIsCutAndAudited();
    void anActionIsTakenBackToExactlyWhatWasBeforeIt();
    void thresholdsAreOverriddenLiveAndOutliveARestart();
    void aTrialRevertsByItself();
    void aTrialThatEndedWhileStoppedRevertsAtStart();
    void saleModeIsSwitchedAuditedAndOutlivesARestart();
    void theControlPortMovesWithAReloadThatItAnswersItself();
    void anAddressThatCannotBeHadRefusesTheFileWhole_data();
    void anAddressThatCannotBeHadRefusesTheFileWhole();
    void anotherPlatformUnderTheSameNameIsRefusedWhileDeliveriesWait();
    void observeRefusesEveryWriteButAReload();
    void aSecondEngineOnTheSameDataIsRefused();

private:
    void start();
    void writeConfig(const QByteArray& extra = {}, const QByteArray& ingress = "127.0.0.1",
        const QByteArray& control = "127.0.0.1");
    [[nodiscard]] int call(const std::string& url, const QByteArray& body = {});
    [[nodiscard]] int post(int first, int count);
    [[nodiscard]] CommandResult submit(decltype(Command::what) what);
    [[nodiscard]] DeadLetterPage deadLetters();
    [[nodiscard]] AuditRow lastAudit();
    [[nodiscard]] std::size_t acceptedByPlatform() const;
    void setScenario(simulator::ScenarioKind kind);
    [[nodiscard]] const ShardSnapshot* shard() const;

    SystemClock m_clock {};
    std::unique_ptr<QTemporaryDir> m_folder {};
    std::unique_ptr<simulator::SimulatorServer> m_platform {};
    std::unique_ptr<Engine> m_engine {};
    mutable SnapshotPtr m_seen {}; // keeps the shard alive that shard() pointed to
};

void TestEngine::init()
{
    qputenv("SPILLWAY_TEST_KEY", "key");
    m_folder = std::make_unique<QTemporaryDir>();
    m_platform = std::make_unique<simulator::SimulatorServer>(
        simulator::SimulatorOptions {}, ListenAddress { "127.0.0.1", 0 }, m_clock);
    QVERIFY(m_platform->start().has_value());
    writeConfig();
    start();
}

void TestEngine::cleanup()
{
    m_engine.reset();
    m_platform.reset();
    m_folder.reset();
}

void TestEngine::start()
{
    m_engine.reset();
    EngineOptions options;
    options.configPath = m_folder->filePath(QStringLiteral("spillway.toml")).toStdString();
    options.dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString();
    m_engine = std::make_unique<Engine>(options);
    const Status started = m_engine->start();
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
}

void TestEngine::writeConfig(
    const QByteArray& extra, const QByteArray& ingress, const QByteArray& control)
{
    QFile file(m_folder->filePath(QStringLiteral("spillway.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("[ingress]\nlisten = \"" + ingress + ":0\"\n[control]\nlisten = \"" + control
        + ":0\"\n"
          "key = \"env:SPILLWAY_TEST_KEY\"\n[[workspace]]\nname = \"shop\"\n"
          "write_key = \"env:SPILLWAY_TEST_KEY\"\ntier = \"scale\"\n"
          "[[destination]]\nname = \"meta-main\"\nplatform = \"meta\"\nbatch = 10\n"
          "credential.access_token = \"env:SPILLWAY_TEST_KEY\"\naccount = \"");
    file.write(kPixel);
    file.write(
        "\"\nendpoint = \"" + QByteArray::fromStdString(m_platform->endpoint("meta")) + "\"\n");
    file.write(extra);
}

int TestEngine::post(int first, int count)
{
    QByteArray body;
    for (int i = first; i < first + count; ++i) {
        body += body.isEmpty() ? "[" : ",";
        body += "{\"event_id\":\"e" + QByteArray::number(i)
            + "\",\"event_name\":\"Purchase\",\"action_source\":\"website\",\"event_source_url\":"
              "\"https://shop.example\","
              "\"user\":{\"email\":\"jane"
            + QByteArray::number(i)
            + "@example.com\",\"user_agent\":\"UA\"},\"value\":9.5,\"currency\":\"EUR\"}";
    }
    return postEvents(m_engine->snapshot()->ingressUrl, body + ']');
}

// With the control key; a body makes it a POST. 0: nobody answers.
int TestEngine::call(const std::string& url, const QByteArray& body)
{
    QNetworkAccessManager network;
    QNetworkRequest request { QUrl(QString::fromStdString(url)) };
    request.setRawHeader("Authorization", "Bearer key");
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    const std::unique_ptr<QNetworkReply> reply(
        body.isEmpty() ? network.get(request) : network.post(request, body));
    QEventLoop loop;
    connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

CommandResult TestEngine::submit(decltype(Command::what) what)
{
    std::promise<CommandResult> promise;
    m_engine->submit({ .what = std::move(what), .who = "test" },
        [&promise](const CommandResult& result) { promise.set_value(result); });
    return promise.get_future().get();
}

DeadLetterPage TestEngine::deadLetters()
{
    std::promise<Result<DeadLetterPage>> promise;
    m_engine->deadLetters(
        {}, [&promise](Result<DeadLetterPage> page) { promise.set_value(std::move(page)); });
    return promise.get_future().get().value();
}

AuditRow TestEngine::lastAudit()
{
    std::promise<Result<AuditPage>> promise;
    m_engine->audit({ .rowsMax = 1 },
        [&promise](Result<AuditPage> page) { promise.set_value(std::move(page)); });
    const AuditPage page = promise.get_future().get().value();
    return page.rows.empty() ? AuditRow {} : page.rows.front();
}

std::size_t TestEngine::acceptedByPlatform() const
{
    return m_platform->accepted("meta", kPixel).size();
}

void TestEngine::setScenario(simulator::ScenarioKind kind)
{
    m_platform->setScenario({}, { .kind = kind, .startedAt = m_clock.steadyNow() });
}

const ShardSnapshot* TestEngine::shard() const
{
    m_seen = m_engine->snapshot();
    return m_seen->shards.empty() ? nullptr : &m_seen->shards.front();
}

void TestEngine::eventsArriveAtThePlatform()
{
    QCOMPARE(post(0, 20), 202);
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 20 }, 20'000);
    QVERIFY(deadLetters().rows.empty());
}

void TestEngine::whatThePlatformRefusedIsReplayedAndLeavesTheList()
{
    setScenario(simulator::ScenarioKind::SchemaRegression);
    QCOMPARE(post(0, 6), 202);
    QTRY_COMPARE_WITH_TIMEOUT(deadLetters().rows.size(), std::size_t { 6 }, 30'000);
    QVERIFY(deadLetters().rows.front().outcome == Outcome::Invalid);
    QCOMPARE(deadLetters().rows.front().httpStatus, 400);

    const AuditId split
        = submit(GroupShapeCommand { .action = GroupShapeCommand::Action::SplitByAccount,
                     .fingerprint = deadLetters().rows.front().fingerprint })
              .audit;
    const CommandResult joined = submit(RevertCommand { split });
    QVERIFY2(joined.isOk, joined.message.c_str());
    QVERIFY(!submit(RevertCommand { split }).isOk); // it is one group again already
    QVERIFY(submit(RevertCommand { joined.audit }).isOk);
    setScenario(simulator::ScenarioKind::Calm);

    std::promise<Result<ReplayPreview>> promise;
    m_engine->preview({ .filter = { .destinations = { "meta-main" } } },
        [&promise](Result<ReplayPreview> preview) { promise.set_value(std::move(preview)); });
    const ReplayPreview preview = promise.get_future().get().value();
    QCOMPARE(preview.willSend, std::int64_t { 6 });
    const CommandResult job = submit(ReplayCommand { .selection = preview.selection });
    QVERIFY2(job.isOk, job.message.c_str());
    const CommandResult again = submit(ReplayCommand { .selection = preview.selection });
    QVERIFY(!again.isOk);
    QVERIFY(again.error == ErrorCode::Conflict);
    QTRY_VERIFY_WITH_TIMEOUT(deadLetters().rows.empty(), 30'000);
    // A dead letter leaves the list when it is on its way again, not when it has arrived.
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 6 }, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_engine->snapshot()->jobs.front().state, std::string("finished"), 10'000);
    QCOMPARE(m_engine->snapshot()->jobs.front().accepted, std::int64_t { 6 });
}

// Forty records at four a second; cancelled while most of them still lie in the DLQ or the lane.
void TestEngine::aCancelledReplaySendsNothingMoreAndAddsUp()
{
    setScenario(simulator::ScenarioKind::SchemaRegression);
    QCOMPARE(post(0, 40), 202);
    QTRY_COMPARE_WITH_TIMEOUT(deadLetters().rows.size(), std::size_t { 40 }, 30'000);
    setScenario(simulator::ScenarioKind::Calm);
    std::promise<Result<ReplayPreview>> promise;
    m_engine->preview({ .filter = { .destinations = { "meta-main" } } },
        [&promise](Result<ReplayPreview> preview) { promise.set_value(std::move(preview)); });
    const SelectionId selection = promise.get_future().get().value().selection;
    const CommandResult job
        = submit(ReplayCommand { .selection = selection, .rate = 4.0, .isRamped = false });
    QVERIFY2(job.isOk, job.message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(acceptedByPlatform() > 0, 20'000);
    const CommandResult cancelled
        = submit(ReplayControlCommand { *job.job, ReplayControlCommand::Action::Cancel });
    QVERIFY2(cancelled.isOk, cancelled.message.c_str());
    const auto ended = [this] {
        const ReplayJobSnapshot row = m_engine->snapshot()->jobs.front();
        return row.state == "cancelled" && row.left() == 0
            && row.accepted == static_cast<std::int64_t>(acceptedByPlatform())
            && row.total == row.accepted + row.failed + row.skipped + row.cancelled;
    };
    QTRY_VERIFY_WITH_TIMEOUT(ended(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        shard()->laneDepth[static_cast<std::size_t>(Lane::Replay)] == 0 && shard()->inFlight == 0,
        10'000);
    QCOMPARE(deadLetters().rows.size() + acceptedByPlatform(), std::size_t { 40 });
    QVERIFY(acceptedByPlatform() < 40);
}

void TestEngine::anEventTellsItsLifeAndWhyItWaits()
{
    const auto look = [this] {
        std::promise<Result<EventPage>> promise;
        m_engine->events({ .eventIds = { "e0", "nobody" } },
            [&promise](Result<EventPage> page) { promise.set_value(std::move(page)); });
        return promise.get_future().get().value();
    };
    QCOMPARE(post(0, 1), 202);
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 1 }, 20'000);
    const auto isAccepted = [&] {
        const EventPage page = look();
        return page.events.front().deliveries.front().state == DeliveryState::Accepted;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isAccepted(), 10'000);
    QCOMPARE(look().missing, std::vector<std::string> { "nobody" });
    QVERIFY(submit(PauseCommand { .targets = { { "meta-main", {} } } }).isOk);
    QCOMPARE(post(1, 1), 202);
    const auto waits = [this] {
        std::promise<Result<EventPage>> promise;
        m_engine->events({ .eventIds = { "e1" } },
            [&promise](Result<EventPage> page) { promise.set_value(std::move(page)); });
        const EventPage page = promise.get_future().get().value();
        const EventDelivery& delivery = page.events.front().deliveries.front();
        return delivery.state == DeliveryState::Waiting && !delivery.gates.empty()
            && delivery.gates.front().gate == Hold::Gate::Paused;
    };
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 10'000);
}

void TestEngine::aPausedDestinationHoldsOverARestart()
{
    const CommandResult paused = submit(PauseCommand { .targets = { { "meta-main", {} } } });
    QVERIFY2(paused.isOk, paused.message.c_str());
    QCOMPARE(post(0, 3), 202);
    start();
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr && shard()->queueDepth == 3, 10'000);
    QVERIFY(shard()->desired == Desired::Paused);
    QCOMPARE(acceptedByPlatform(), std::size_t { 0 });
    QVERIFY(submit(ResumeCommand { .targets = { { "meta-main", {} } } }).isOk);
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 3 }, 30'000);
}

void TestEngine::aChangedFileIsAppliedAndABrokenOneLeavesTheOldInForce()
{
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr && shard()->batch.configured == 10, 10'000);
    writeConfig("rate = 2.5\n");
    QTRY_VERIFY_WITH_TIMEOUT(shard()->rate.configured == 2.5, 10'000);
    writeConfig("rate = \"fast\"\n");
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->snapshot()->configProblem.empty(), 10'000);
    QVERIFY(m_engine->snapshot()->configProblem.find("rate") != std::string::npos);
    QCOMPARE(shard()->rate.configured, 2.5);
    QCOMPARE(post(1, 1), 202);
}

void TestEngine::aTunedValueOutlivesARestartAndCanBeReverted()
{
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    const CommandResult tuned
        = submit(TuneCommand { .targets = { { "meta-main", {} } }, .concurrency = 2 });
    QVERIFY2(tuned.isOk, tuned.message.c_str());
    start();
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr && shard()->concurrency.overridden == 2.0, 10'000);
    QVERIFY(submit(TuneCommand { .targets = { { "meta-main", {} } }, .reset = true }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(!shard()->concurrency.overridden.has_value(), 10'000);
}

// The file allows 300 requests a second, then 2.
void TestEngine::aTunedValueAboveANewCeilingIsCutAndAudited()
{
    const QByteArray limit
        = "[[destination.limit]]\nunit = \"requests\"\nperiod = \"1s\"\namount = ";
    writeConfig(limit + "300\n");
    start();
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    QVERIFY(submit(TuneCommand { .targets = { { "meta-main", {} } }, .rate = 7.0 }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(shard()->rate.overridden == 7.0, 10'000);
    writeConfig(limit + "2\n");
    const CommandResult reloaded = submit(ReloadCommand {});
    QVERIFY2(reloaded.isOk, reloaded.message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(shard()->rate.overridden == 2.0, 10'000);
    const AuditRow row = [this] {
        AuditRow last;
        return QTest::qWaitFor([&] { return (last = lastAudit()).action == "tune"; }, 10'000)
            ? last
            : AuditRow {};
    }();
    QCOMPARE(row.who, std::string("engine"));
    QCOMPARE(row.before, std::string("rate 7/s"));
    QCOMPARE(row.after, std::string("rate 2/s"));
    QVERIFY(!submit(RevertCommand { row.id }).isOk);
    std::promise<std::string> toml;
    m_engine->exportOverrides([&toml](const Result<std::string>& text) { toml.set_value(*text); });
    const std::string text = toml.get_future().get();
    QVERIFY2(text.find("rate = 2.0") != std::string::npos, text.c_str());
}

// 2, then 3, then undo: 2 again and not as configured. The undo can be undone; what somebody
// changed since cannot.
void TestEngine::anActionIsTakenBackToExactlyWhatWasBeforeIt()
{
    const std::vector<ShardId> target { { "meta-main", {} } };
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    const AuditId first = submit(TuneCommand { .targets = target, .concurrency = 2 }).audit;
    const AuditId second = submit(TuneCommand { .targets = target, .concurrency = 3 }).audit;
    const CommandResult early = submit(RevertCommand { first });
    QVERIFY(!early.isOk && early.error == ErrorCode::Conflict);
    const CommandResult undone = submit(RevertCommand { second });
    QVERIFY2(undone.isOk, undone.message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(shard()->concurrency.overridden == 2.0, 10'000);
    const AuditRow row = lastAudit();
    QCOMPARE(row.action, std::string("undo"));
    QVERIFY(row.undoOf == second);
    QVERIFY(!submit(RevertCommand { second }).isOk);
    QVERIFY(submit(RevertCommand { undone.audit }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(shard()->concurrency.overridden == 3.0, 10'000);

    const AuditId pause = submit(PauseCommand { .targets = target }).audit;
    QTRY_VERIFY_WITH_TIMEOUT(shard()->desired == Desired::Paused, 10'000);
    const CommandResult running = submit(RevertCommand { pause });
    QVERIFY2(running.isOk, running.message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(shard()->desired == Desired::Running, 10'000);
    QVERIFY(submit(RevertCommand { running.audit }).isOk); // paused again, with its cause and note
    QTRY_VERIFY_WITH_TIMEOUT(shard()->desired == Desired::Paused, 10'000);
    QVERIFY(!submit(RevertCommand { submit(ReloadCommand {}).audit }).isOk);

    const AuditId sale = submit(SaleCommand {}).audit;
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->sale.isOn, 10'000);
    const CommandResult ended = submit(RevertCommand { sale });
    QVERIFY2(ended.isOk, ended.message.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->snapshot()->sale.isOn, 10'000);
    QVERIFY(!submit(RevertCommand { sale }).isOk); // it is off already
}

void TestEngine::thresholdsAreOverriddenLiveAndOutliveARestart()
{
    using enum Threshold;
    QVERIFY(submit(ThresholdsCommand { { { BackloggedLag, 30.0 } } }).isOk);
    QTRY_COMPARE_WITH_TIMEOUT(m_engine->snapshot()->thresholds.at(BackloggedLag), 30.0, 10'000);
    QCOMPARE(m_engine->snapshot()->thresholdsConfigured.at(BackloggedLag), 60.0);
    const CommandResult wrong = submit(ThresholdsCommand { { { BackloggedLag, 7'200.0 } } });
    QVERIFY(!wrong.isOk && wrong.error == ErrorCode::BadRequest); // above backlogged_lag_critical
    start();
    QTRY_COMPARE_WITH_TIMEOUT(m_engine->snapshot()->thresholds.at(BackloggedLag), 30.0, 10'000);
    const AuditId again = submit(ThresholdsCommand { { { BackloggedLag, 45.0 } } }).audit;
    QVERIFY(submit(RevertCommand { again }).isOk);
    QTRY_COMPARE_WITH_TIMEOUT(m_engine->snapshot()->thresholds.at(BackloggedLag), 30.0, 10'000);
    QVERIFY(submit(ThresholdsCommand { { { BackloggedLag, std::nullopt } } }).isOk);
    QTRY_COMPARE_WITH_TIMEOUT(m_engine->snapshot()->thresholds.at(BackloggedLag), 60.0, 10'000);
}

// Concurrency 2 for good, 3 for a second: then 2 again, and the audit says who ended it.
void TestEngine::aTrialRevertsByItself()
{
    const std::vector<ShardId> target { { "meta-main", {} } };
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    QVERIFY(submit(TuneCommand { .targets = target, .concurrency = 2 }).isOk);
    const CommandResult tried
        = submit(TuneCommand { .targets = target, .concurrency = 3, .keepFor = 1s });
    QVERIFY2(tried.isOk, tried.message.c_str());
    QVERIFY2(tried.after.find("a trial until") != std::string::npos, tried.after.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(
        shard()->concurrency.overridden == 2.0 && !shard()->trial.has_value(), 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(lastAudit().action == "revert_trial", 10'000);
    QCOMPARE(lastAudit().who, std::string("engine"));

    QVERIFY(submit(TuneCommand { .targets = target, .batch = 5, .keepFor = 600s }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(shard()->trial.has_value(), 10'000);
    QCOMPARE(shard()->trial->concurrency, 2);
    QVERIFY(submit(TrialCommand { target, TrialCommand::Action::Keep }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(!shard()->trial.has_value(), 10'000);
    QCOMPARE(shard()->batch.overridden, 5.0);
    QVERIFY(!submit(TrialCommand { target, TrialCommand::Action::Keep }).isOk);
}

void TestEngine::aTrialThatEndedWhileStoppedRevertsAtStart()
{
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    const WallTime before = m_clock.wallNow();
    QVERIFY(
        submit(TuneCommand { .targets = { { "meta-main", {} } }, .concurrency = 3, .keepFor = 1s })
            .isOk);
    m_engine->stop();
    QTRY_VERIFY_WITH_TIMEOUT(m_clock.wallNow() > before + 2s, 10'000);
    start();
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr && lastAudit().action == "revert_trial", 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        !shard()->concurrency.overridden && !shard()->trial.has_value(), 10'000);
}

void TestEngine::saleModeIsSwitchedAuditedAndOutlivesARestart()
{
    QVERIFY(!m_engine->snapshot()->sale.isOn);
    const CommandResult on = submit(SaleCommand { .mode = SaleCommand::Mode::On });
    QVERIFY2(on.isOk && on.isKept, on.message.c_str());
    QCOMPARE(lastAudit().action, std::string("sale_mode"));
    QCOMPARE(lastAudit().before, std::string("off"));
    start();
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->sale.isOn, 10'000);
    QCOMPARE(m_engine->snapshot()->sale.who, std::string("test"));
    QVERIFY(submit(SaleCommand { .mode = SaleCommand::Mode::Off }).isOk);
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->snapshot()->sale.isOn, 10'000);
    writeConfig("[[sale_window]]\nfrom = 2020-01-01T00:00:00Z\nto = 2100-01-01T00:00:00Z\n");
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->sale.isOn, 10'000);
    QCOMPARE(m_engine->snapshot()->sale.cause, SaleMode::Cause::Window);
}

void TestEngine::theControlPortMovesWithAReloadThatItAnswersItself()
{
    const std::string old = m_engine->snapshot()->controlUrl;
    QCOMPARE(call(old + "/healthz"), 200);
    writeConfig({}, "127.0.0.1", "127.0.0.2");
    const int answered = call(old + "/v1/config/reload", "{}");
    QVERIFY(answered == 200 || answered == 0); // the file's watcher may have been quicker
    QTRY_VERIFY_WITH_TIMEOUT(
        m_engine->snapshot()->controlUrl.starts_with("http://127.0.0.2:"), 10'000);
    QCOMPARE(call(m_engine->snapshot()->controlUrl + "/healthz"), 200);
    QCOMPARE(call(old + "/healthz"), 0);
    QCOMPARE(post(0, 1), 202);
}

void TestEngine::anAddressThatCannotBeHadRefusesTheFileWhole_data()
{
    QTest::addColumn<QByteArray>("ingress");
    QTest::addColumn<QByteArray>("control");
    QTest::addColumn<std::string>("named");
    const QByteArray ours = "127.0.0.1";
    const QByteArray nobodys = "192.0.2.1";
    QTest::newRow("control") << ours << nobodys << std::string("control.listen");
    QTest::newRow("ingress") << nobodys << QByteArray("127.0.0.2") << std::string("ingress");
}

void TestEngine::anAddressThatCannotBeHadRefusesTheFileWhole()
{
    QFETCH(QByteArray, ingress);
    QFETCH(QByteArray, control);
    QFETCH(std::string, named);
    QCOMPARE(post(0, 1), 202);
    QTRY_VERIFY_WITH_TIMEOUT(shard() != nullptr, 10'000);
    writeConfig("rate = 2.5\n", ingress, control);
    QTRY_VERIFY_WITH_TIMEOUT(!m_engine->snapshot()->configProblem.empty(), 10'000);
    const std::string problem = m_engine->snapshot()->configProblem;
    QVERIFY2(problem.find(named) != std::string::npos, problem.c_str());
    QVERIFY2(problem.find("192.0.2.1") != std::string::npos, problem.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(
        m_engine->snapshot()->controlUrl.starts_with("http://127.0.0.1:"), 10'000);
    QCOMPARE(call(m_engine->snapshot()->controlUrl + "/healthz"), 200);
    QCOMPARE(post(1, 1), 202);
    QCOMPARE(shard()->rate.configured, 0.0);
}

// While it runs by the reload, while it is stopped by the next start.
void TestEngine::anotherPlatformUnderTheSameNameIsRefusedWhileDeliveriesWait()
{
    QVERIFY(submit(PauseCommand { .targets = { { "meta-main", {} } } }).isOk);
    QCOMPARE(post(0, 3), 202);
    const QString path = m_folder->filePath(QStringLiteral("spillway.toml"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray meta = file.readAll();
    file.close();
    QByteArray hook = meta;
    hook.replace("platform = \"meta\"", "platform = \"webhook\"");
    hook.replace("credential.access_token = \"env:SPILLWAY_TEST_KEY\"\n", "");
    const auto write = [&](const QByteArray& text) {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text);
        file.close();
    };
    write(hook);
    QTRY_VERIFY_WITH_TIMEOUT(
        m_engine->snapshot()->configProblem.find("platform") != std::string::npos, 10'000);
    m_engine.reset();
    EngineOptions options;
    options.configPath = path.toStdString();
    options.dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString();
    {
        Engine refused(options);
        const Status started = refused.start();
        QVERIFY(!started);
        QVERIFY2(started.error().message.find("from meta to webhook") != std::string::npos,
            started.error().message.c_str());
    }
    write(meta);
    start();
    QVERIFY(submit(ResumeCommand { .targets = { { "meta-main", {} } } }).isOk);
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 3 }, 30'000);
}

void TestEngine::observeRefusesEveryWriteButAReload()
{
    writeConfig("[profile]\nsafety = \"observe\"\n");
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->snapshot()->safety == SafetyLevel::Observe, 10'000);
    const CommandResult refused = submit(PauseCommand { .targets = { { "meta-main", {} } } });
    QVERIFY(!refused.isOk);
    QVERIFY(refused.error == ErrorCode::Conflict);
    QVERIFY2(refused.message.find("Observe") != std::string::npos, refused.message.c_str());
    QVERIFY(refused.audit != AuditId {}); // that somebody tried is written down
    QVERIFY(submit(ReloadCommand {}).isOk);
    QCOMPARE(post(0, 1), 202); // delivery goes on as if nothing were
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 1 }, 20'000);
}

void TestEngine::aSecondEngineOnTheSameDataIsRefused()
{
    EngineOptions options;
    options.configPath = m_folder->filePath(QStringLiteral("spillway.toml")).toStdString();
    options.dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString();
    Engine second(options);
    const Status started = second.start();
    QVERIFY(!started.has_value());
    QVERIFY(started.error().code == ErrorCode::Conflict);
    QCOMPARE(post(0, 1), 202); // the first one goes on
    QTRY_COMPARE_WITH_TIMEOUT(acceptedByPlatform(), std::size_t { 1 }, 20'000);
    // Retry: the one that was refused runs as soon as the other is gone.
    QVERIFY(!second.start().has_value());
    m_engine.reset();
    const Status again = second.start();
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QTRY_COMPARE_WITH_TIMEOUT(second.snapshot()->store.events, 1, 20'000);
}

SPILLWAY_TEST(TestEngine)

} // namespace tst_engine

#include "tst_engine.moc"
