// The first start without a configuration: every platform at work against its imitation, over real
// HTTP, and each story of the menu where it says. Real time, played fast.
#include "config/config_file.h"
#include "config/contract_file.h"
#include "engine/post_events.h"
#include "support/test_program.h"
#include "synthetic_past.h"

#include <engine/engine.h>
#include <engine/simulate.h>

#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace tst_first_start {

using namespace engine;

namespace {

constexpr const char* kHotPixel = "1048553217731";
constexpr int kSoon = 30'000; // milliseconds; a slow machine needs more than the few seconds here

std::int64_t totalOf(const ShardSnapshot& shard, Outcome outcome)
{
    return shard.recordsTotal[static_cast<std::size_t>(outcome)];
}

// Of all shards of a destination.
struct Seen {
    std::int64_t accepted { 0 };
    std::int64_t throttled { 0 };
    std::int64_t transient { 0 };
    std::int64_t invalid { 0 };
    std::int64_t unknown { 0 };
    bool isRejected { false };
    Millis p95 { 0 };
};
std::map<std::string, Seen> seenIn(const EngineSnapshot& snapshot)
{
    std::map<std::string, Seen> all;
    for (const ShardSnapshot& shard : snapshot.shards) {
        Seen& seen = all[shard.shard.destination];
        seen.accepted += totalOf(shard, Outcome::Accepted);
        seen.throttled += totalOf(shard, Outcome::Throttled);
        seen.transient += totalOf(shard, Outcome::Transient);
        seen.invalid += totalOf(shard, Outcome::Invalid);
        seen.unknown += totalOf(shard, Outcome::Unknown);
        seen.isRejected = seen.isRejected || shard.credential == CredentialState::Rejected;
        seen.p95 = std::max(seen.p95, shard.latencyP95.value_or(Millis { 0 }));
    }
    return all;
}

using Trouble = std::function<bool(const Seen&)>;
bool isThrottled(const Seen& seen) { return seen.throttled > 0; }
bool isRefusing(const Seen& seen) { return seen.invalid > 0; }
bool isSlow(const Seen& seen) { return seen.p95 > Millis { 1'500 }; }
bool isDown(const Seen& seen) { return seen.transient + seen.unknown > 0; }
bool isLockedOut(const Seen& seen) { return seen.isRejected; }
// Events from the future, or signatures from there.
bool isFromTheFuture(const Seen& seen) { return seen.invalid > 0 || seen.isRejected; }

struct Place {
    const char* destination { nullptr };
    Trouble trouble {};
};
struct StoryCase {
    const char* story { nullptr };
    std::vector<Place> places {}; // what the operator sees there, and (of one place) nowhere else
};
const std::vector<StoryCase>& storyCases()
{
    static const std::vector<StoryCase> cases {
        { "meta_613", { { "meta", isThrottled } } },
        { "tiktok_token", { { "tiktok", isLockedOut } } },
        { "snap_schema", { { "snap", isRefusing } } },
        { "google_slow", { { "google", isSlow } } },
        { "outage", { { "meta", isDown } } },
        { "clock_skew",
            { { "meta", isFromTheFuture }, { "google", isFromTheFuture },
                { "tiktok", isFromTheFuture }, { "bing", isFromTheFuture },
                { "x", isFromTheFuture }, { "pinterest", isFromTheFuture },
                { "reddit", isFromTheFuture } } },
        { "everything",
            { { "meta", isThrottled }, { "crm", isRefusing }, { "warehouse", isSlow },
                { "tiktok", isLockedOut }, { "snap", isRefusing }, { "google", isSlow },
                { "reddit", isDown } } },
    };
    return cases;
}

} // namespace

class TestFirstStart final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup();
    void everyPlatformGetsItsShareAndTakesIt();
    void theHotPixelIsThrottledForThreeQuartersOfAMinute();
    void aStoryHappensWhereItSays_data();
    void aStoryHappensWhereItSays();
    void aSaleOfTenTimesTheTrafficThrottlesNobody();
    void theChartsBeginWithAPastThatFitsThePresent();
    void theExampleRunsAgainstTheSimulatorsServer();
    void theSimulatorAsksForTheSecretsThatItWasGiven();

private:
    void start(const SimulationPlay& play);
    [[nodiscard]] bool areAllAccepting() const;
    [[nodiscard]] const ShardSnapshot* shard(const ShardId& id) const;

    std::unique_ptr<QTemporaryDir> m_folder {};
    std::unique_ptr<Engine> m_engine {};
    mutable SnapshotPtr m_snapshot {}; // keeps what shard() found
};

void TestFirstStart::cleanup()
{
    m_engine.reset();
    m_folder.reset();
}

void TestFirstStart::start(const SimulationPlay& play)
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<Engine>(
        EngineOptions { .dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString(),
            .simulation = play });
    const Status started = m_engine->start();
    QVERIFY2(started.has_value(), started ? "" : started.error().message.c_str());
}

bool TestFirstStart::areAllAccepting() const
{
    const SnapshotPtr snapshot = m_engine->snapshot();
    return snapshot->shards.size() >= 20
        && std::all_of(snapshot->shards.begin(), snapshot->shards.end(),
            [](const ShardSnapshot& shard) { return totalOf(shard, Outcome::Accepted) > 0; });
}

const ShardSnapshot* TestFirstStart::shard(const ShardId& id) const
{
    m_snapshot = m_engine->snapshot();
    const auto found = std::find_if(m_snapshot->shards.begin(), m_snapshot->shards.end(),
        [&](const ShardSnapshot& each) { return each.shard == id; });
    return found == m_snapshot->shards.end() ? nullptr : &*found;
}

// Twelve advertising platforms, Customer.io Track and App twice, a webhook; four pixels and three
// customers: 20 shards and more, and none of them ever asks for too much.
void TestFirstStart::everyPlatformGetsItsShareAndTakesIt()
{
    start({ .story = "calm", .speed = 10 });
    QTRY_VERIFY_WITH_TIMEOUT(areAllAccepting(), kSoon);
    const SnapshotPtr snapshot = m_engine->snapshot();
    std::set<std::string> platforms;
    for (const ShardSnapshot& shard : snapshot->shards) {
        platforms.insert(shard.platform);
        const std::string name = toString(shard.shard);
        QVERIFY2(totalOf(shard, Outcome::Throttled) == 0, name.c_str());
        QVERIFY2(shard.dlqCount == 0, name.c_str());
    }
    QCOMPARE(platforms.size(), std::size_t { 15 });
    QCOMPARE(snapshot->destinations.size(), std::size_t { 16 });
}

void TestFirstStart::theHotPixelIsThrottledForThreeQuartersOfAMinute()
{
    start({ .story = "first_start", .speed = 5 });
    const ShardId hot { "meta", kHotPixel };
    QTRY_VERIFY_WITH_TIMEOUT(
        shard(hot) != nullptr && shard(hot)->retryAfterLeft > Millis { 40'000 }, kSoon);
    QVERIFY(*shard(hot)->retryAfterLeft <= Millis { 57'000 }); // 45 s and the spread on top
    QVERIFY(shard(hot)->state == ShardState::Throttled);
    const SnapshotPtr snapshot = m_engine->snapshot();
    for (const ShardSnapshot& other : snapshot->shards)
        QVERIFY(other.shard == hot || other.state != ShardState::Throttled);
}

void TestFirstStart::aStoryHappensWhereItSays_data()
{
    QTest::addColumn<int>("number");
    for (std::size_t i = 0; i < storyCases().size(); ++i)
        QTest::newRow(storyCases()[i].story) << static_cast<int>(i);
}

void TestFirstStart::aStoryHappensWhereItSays()
{
    QFETCH(int, number);
    const StoryCase& told = storyCases()[static_cast<std::size_t>(number)];
    start({ .story = told.story, .speed = 5 });
    const auto isAllSeen = [&] {
        auto seen = seenIn(*m_engine->snapshot());
        return std::all_of(told.places.begin(), told.places.end(),
            [&](const Place& place) { return place.trouble(seen[place.destination]); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isAllSeen(), kSoon);
    const Place& only = told.places.front();
    if (told.places.size() > 1)
        return;
    for (const auto& [destination, seen] : seenIn(*m_engine->snapshot()))
        QVERIFY2(destination == only.destination || !only.trouble(seen), destination.c_str());
}

// Ten times the traffic, which here is there after twelve seconds. Nobody is asked for more than he
// allows: what is too much waits.
void TestFirstStart::aSaleOfTenTimesTheTrafficThrottlesNobody()
{
    start({ .story = "black_friday", .speed = 10 });
    constexpr double kCalm = 30; // events a second; the warehouse gets every one
    const auto isSale = [&] {
        const SnapshotPtr snapshot = m_engine->snapshot();
        return std::any_of(snapshot->destinations.begin(), snapshot->destinations.end(),
            [&](const DestinationSnapshot& each) {
                return each.name == "warehouse" && each.total.inPerSecond > 3 * kCalm;
            });
    };
    QTRY_VERIFY_WITH_TIMEOUT(isSale(), 2 * kSoon);
    const SnapshotPtr snapshot = m_engine->snapshot();
    for (const ShardSnapshot& each : snapshot->shards) {
        const std::string name = toString(each.shard);
        QVERIFY2(totalOf(each, Outcome::Accepted) > 0, name.c_str());
        QVERIFY2(totalOf(each, Outcome::Throttled) == 0, name.c_str());
        QVERIFY2(each.dlqCount == 0, name.c_str());
    }
}

// Each shard has fifteen minutes of what the shop sends it when calm; a destination has the sum.
void TestFirstStart::theChartsBeginWithAPastThatFitsThePresent()
{
    config::Problems problems("built-in contracts");
    const auto loaded
        = config::loadConfig(SPILLWAY_EXAMPLES "/simulator.toml", config::builtInSpecs(problems));
    QVERIFY(loaded.config != nullptr);
    const SyntheticPast past(7, loaded.config, 30);
    for (const DestinationConfig& destination : loaded.config->destinations)
        QVERIFY2(past.eventsPerSecond({ destination.name, {} }) > 0.02, destination.name.c_str());
    const double hot = past.eventsPerSecond({ "meta", kHotPixel });
    QVERIFY(hot > 1 && hot < past.eventsPerSecond({ "meta", {} }));
    QVERIFY(past.eventsPerSecond({ "warehouse", {} }) > 29.9); // it gets every event

    const auto values = past.of({ "meta", kHotPixel });
    QCOMPARE(values.size(), std::size_t { 900 });
    const auto in = static_cast<std::size_t>(Metric::InRate);
    const double mean = std::accumulate(values.begin(), values.end(), 0.0,
                            [in](double sum, const auto& second) { return sum + second[in]; })
        / 900;
    QVERIFY2(mean > 0.9 * hot && mean < 1.2 * hot, std::to_string(mean).c_str());
}

// As the README has it: `simulate --platform all`, `serve --config simulator.toml`, and the shop.
void TestFirstStart::theExampleRunsAgainstTheSimulatorsServer()
{
    qputenv("SPILLWAY_KEY", "try");
    qputenv("SPILLWAY_CONTROL_KEY", "operate");
    Simulation platforms({ .port = 0, .platform = Simulation::kAllPlatforms });
    QVERIFY(platforms.start().has_value());
    m_folder = std::make_unique<QTemporaryDir>();
    QFile example(QStringLiteral(SPILLWAY_EXAMPLES "/simulator.toml"));
    QFile file(m_folder->filePath(QStringLiteral("spillway.toml")));
    QVERIFY(example.open(QIODevice::ReadOnly) && file.open(QIODevice::WriteOnly));
    QByteArray text = example.readAll();
    text.replace("127.0.0.1:9100", "127.0.0.1:" + QByteArray::number(platforms.port()));
    text.replace("127.0.0.1:8787", "127.0.0.1:0").replace("127.0.0.1:8788", "127.0.0.1:0");
    file.write(text);
    file.close();
    m_engine = std::make_unique<Engine>(EngineOptions { .configPath = file.fileName().toStdString(),
        .dataDirectory = m_folder->filePath(QStringLiteral("data")).toStdString() });
    QVERIFY(m_engine->start().has_value());
    std::string ingress = m_engine->snapshot()->ingressUrl;
    ingress.resize(ingress.find("/v1/"));
    Simulation shop({ .port = 0, .sendTo = ingress, .writeKey = "try", .eventsPerSecond = 300 });
    QVERIFY(shop.start().has_value());
    QTRY_VERIFY_WITH_TIMEOUT(areAllAccepting(), kSoon);
    QVERIFY(shop.summary().find(" events accepted, 0 not") != std::string::npos);
    QVERIFY(platforms.summary().find("google/2219080011: ") != std::string::npos);
}

// The sender's token is "key".
void TestFirstStart::theSimulatorAsksForTheSecretsThatItWasGiven()
{
    const auto statusWith = [](std::map<std::string, std::string> secrets) {
        Simulation platform({ .port = 0, .platform = "pinterest", .secrets = std::move(secrets) });
        if (!platform.start())
            return 0;
        return testing::postEvents("http://127.0.0.1:" + std::to_string(platform.port())
                + "/ad_accounts/549755885175/events",
            R"({"data":[{}]})");
    };
    QCOMPARE(statusWith({}), 422); // looked at
    QCOMPARE(statusWith({ { "pinterest", "key" } }), 422);
    QCOMPARE(statusWith({ { "pinterest", "another" } }), 401);
    QCOMPARE(statusWith({ { "meta", "another" } }), 422);
    using Names = std::vector<std::string>;
    QCOMPARE(Simulation::secretNames("pinterest"), Names { "pinterest" });
    QCOMPARE(Simulation::secretNames("taboola"), Names {});
    QCOMPARE(Simulation::secretNames("x"),
        (Names { "x", "x.consumer_key", "x.consumer_secret", "x.access_token",
            "x.access_token_secret" }));
    QVERIFY(Simulation::hasRegions("criteo") && Simulation::hasRegions(Simulation::kAllPlatforms));
    QVERIFY(!Simulation::hasRegions("meta"));
}

SPILLWAY_TEST(TestFirstStart)

} // namespace tst_first_start

#include "tst_first_start.moc"
