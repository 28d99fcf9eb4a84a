// A sale day of three hours for sixteen shards at once, against strict
// imitations of their platforms: calm, a rush of one and a half times what each
// contract allows, faults, an outage of some. On a fake clock; the same again
// for each shard alone.
#include "delivery/world.h"
#include "sale_day.h"
#include "simulator/simulator.h"
#include "support/test_program.h"

#include <cmath>

namespace tst_sixteen_shards {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

// Round trips vary by some milliseconds only: in a window of one second there is no room for more,
// because the platform's stamp may lie anywhere between a request and its answer. With the 45 ms of
// the simulator's own delays a window of a second is used by 92 %.
constexpr int kLatencyShare = 15;

constexpr auto kCalm = 60min; // before the rush
constexpr auto kRush = 2min;
constexpr auto kMeasureFrom = 30s; // into the rush: everything waits by then
constexpr auto kDay = 3h;
constexpr auto kOutageAt = 2h; // into the day
constexpr auto kOutage = 5min;
constexpr double kCalmShare = 0.01; // of what the contract allows
constexpr double kRushShare = 1.5;

struct ShardResult {
    double meanLagSeconds { 0 };
    double usedShare { 0 };
    std::int64_t events { 0 };
    std::int64_t throttledByUs { 0 };
    std::int64_t violations { 0 };
    std::string sample {};
};

// One run of the day with some of the shards.
class SaleDay {
public:
    SaleDay(std::vector<SalePlan> plans, std::uint64_t seed)
        : m_plans(std::move(plans))
        , m_seed(seed)
        , m_world(seed)
    {
    }

    void run()
    {
        m_config = saleConfig(m_plans, "http://sim.example");
        m_world.adapters = [](std::string_view name) { return platforms::adapterFor(name); };
        m_world.secrets = [](const DestinationConfig& destination, const std::string&, bool) {
            platforms::Secrets secrets;
            for (const auto& [name, ref] : destination.credentials)
                secrets[name] = "secret-of-" + name;
            return Result<platforms::Secrets>(std::move(secrets));
        };
        m_world.server = [this](const HttpRequest& request) { return answer(request); };
        m_begin = m_world.loop.clock.steadyNow();
        for (const SalePlan& plan : m_plans)
            m_shards.push_back(m_world.store.addShard({ plan.name, plan.account }));
        m_world.start(m_config->destinations);
        for (std::size_t i = 0; i < m_plans.size(); ++i)
            planNext(i, 0);
        planTrouble();
        m_world.loop.runFor(kCalm + kMeasureFrom);
        const auto before = m_simulator.stats();
        m_world.loop.runFor(kRush - kMeasureFrom);
        const auto after = m_simulator.stats();
        m_world.loop.runFor(kDay - kCalm - kRush);
        m_world.loop.runFor(2h); // what is left of retries
        judge(before, after);
    }

    std::map<std::string, ShardResult> results {};
    std::vector<std::string> unfinished {};
    [[nodiscard]] const FakeStore& store() const { return m_world.store; }

private:
    struct Arrived {
        std::size_t plan { 0 };
        WallTime at {};
    };

    ServerReply answer(const HttpRequest& request)
    {
        const auto exchanged = simulator::exchange(m_simulator, request,
            { .steady = m_world.loop.clock.steadyNow(), .wall = m_world.loop.clock.wallNow() });
        ServerReply reply;
        if (!exchanged) {
            reply.failure = exchanged.error();
            reply.thinks = std::chrono::ceil<Millis>(exchanged.error().latency);
            return reply;
        }
        reply.answer = *exchanged;
        reply.thinks = 20ms + std::chrono::ceil<Millis>(exchanged->latency) / kLatencyShare;
        return reply;
    }

    // Even arrivals at the rate of the moment.
    void planNext(std::size_t plan, std::int64_t number)
    {
        const auto into = m_world.loop.clock.steadyNow() - m_begin;
        if (into >= kDay)
            return;
        const bool isRush = into >= kCalm && into < kCalm + kRush;
        const double perSecond
            = paceOf(m_config->destinations[plan]).records * (isRush ? kRushShare : kCalmShare);
        auto wait = std::chrono::nanoseconds { std::llround(1e9 / perSecond) };
        if (!isRush && into < kCalm)
            wait = std::min<std::chrono::nanoseconds>(wait, kCalm - into);
        m_world.loop.after(wait, [this, plan, number] {
            const SalePlan& what = m_plans[plan];
            const WallTime now = m_world.loop.clock.wallNow();
            const EventSeq seq = m_world.store.add(m_shards[plan],
                salePayload(what, number, toUnixMicros(now - 24h)),
                { .type = what.type, .name = "purchase" });
            m_arrived[seq] = { plan, now };
            ++results[what.name].events;
            planNext(plan, number + 1);
        });
    }

    // Bad records for a while in the calm, and five minutes of outage for every
    // third shard.
    void planTrouble()
    {
        m_world.loop.after(
            10min, [this] { setScenario(simulator::ScenarioKind::PartialFailures, 1); });
        m_world.loop.after(40min, [this] { setScenario(simulator::ScenarioKind::Calm, 1); });
        m_world.loop.after(kOutageAt, [this] { setScenario(simulator::ScenarioKind::Outage, 3); });
        m_world.loop.after(
            kOutageAt + kOutage, [this] { setScenario(simulator::ScenarioKind::Calm, 3); });
    }

    // Told by the position in the whole list, so that a shard alone meets the
    // same trouble.
    void setScenario(simulator::ScenarioKind kind, std::size_t every)
    {
        const auto all = salePlans();
        for (std::size_t i = 0; i < all.size(); i += every) {
            m_simulator.setScenario({ .platform = all[i].platform, .account = {} },
                { .kind = kind, .seed = m_seed },
                { .steady = m_world.loop.clock.steadyNow(), .wall = m_world.loop.clock.wallNow() });
        }
    }

    void judge(const std::map<std::string, simulator::AccountStats>& before,
        const std::map<std::string, simulator::AccountStats>& after)
    {
        for (std::size_t i = 0; i < m_plans.size(); ++i) {
            const SalePlan& plan = m_plans[i];
            ShardResult& result = results[plan.name];
            for (const auto& [account, stats] : m_simulator.stats()) {
                if (!account.starts_with(plan.platform + '/'))
                    continue;
                result.throttledByUs += stats.throttledByWindow;
                result.violations += stats.violations;
                for (const std::string& sample : stats.samples)
                    result.sample = sample;
            }
            const Pace pace = paceOf(m_config->destinations[i]);
            const double span = std::chrono::duration<double>(kRush - kMeasureFrom).count();
            result.usedShare
                = static_cast<double>(requestsOf(plan, after) - requestsOf(plan, before))
                / (pace.requests * span);
            if (m_world.store.waiting(m_shards[i]) > 0)
                unfinished.push_back(plan.name);
        }
        std::map<std::string, std::int64_t> counts;
        for (const auto& [key, times] : m_world.store.delivered) {
            const auto arrived = m_arrived.find(key.second);
            const auto at = m_world.store.deliveredAt.find(key);
            ShardResult& result = results[m_plans[arrived->second.plan].name];
            ++counts[m_plans[arrived->second.plan].name];
            result.meanLagSeconds
                += std::chrono::duration<double>(at->second - arrived->second.at).count();
        }
        for (auto& [name, result] : results)
            result.meanLagSeconds /= static_cast<double>(std::max<std::int64_t>(counts[name], 1));
    }

    std::vector<SalePlan> m_plans;
    std::uint64_t m_seed;
    World m_world;
    simulator::Simulator m_simulator { simulator::SimulatorOptions { .ledgerMax = 1'000 } };
    std::shared_ptr<const Config> m_config {};
    std::vector<ShardKey> m_shards {};
    std::map<EventSeq, Arrived> m_arrived {};
    SteadyTime m_begin {};
};

} // namespace

class TestSixteenShards : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aSaleDayEndsWithEveryEventDeliveredOrDeadAndNobodyDelaysAnother();
};

void TestSixteenShards::aSaleDayEndsWithEveryEventDeliveredOrDeadAndNobodyDelaysAnother()
{
    const std::uint64_t seed = testSeed();
    const std::vector<SalePlan> plans = salePlans();
    QCOMPARE(plans.size(), std::size_t { 16 });
    SaleDay together(plans, seed);
    together.run();
    QVERIFY2(together.unfinished.empty(),
        together.unfinished.empty() ? "" : together.unfinished.front().c_str());
    QVERIFY2(together.store().faults.empty(),
        together.store().faults.empty() ? "" : together.store().faults.front().c_str());
    for (const FakeDead& dead : together.store().dead)
        QVERIFY(!dead.item.code.empty() || !dead.item.message.empty());
    for (const SalePlan& plan : plans) {
        SaleDay alone({ plan }, seed);
        alone.run();
        const ShardResult& one = alone.results[plan.name];
        const ShardResult& many = together.results[plan.name];
        qInfo("%-22s %6lld events, used %.4f, lag %.2f s (alone %.2f s)", plan.name.c_str(),
            static_cast<long long>(many.events), many.usedShare, many.meanLagSeconds,
            one.meanLagSeconds);
        const std::string what = plan.name + ": " + many.sample;
        QVERIFY2(many.throttledByUs == 0, what.c_str());
        QVERIFY2(many.violations == 0, what.c_str());
        QVERIFY2(many.usedShare >= 0.99, what.c_str());
        const double most = std::max(one.meanLagSeconds * 1.05, one.meanLagSeconds + 0.1);
        QVERIFY2(many.meanLagSeconds <= most, what.c_str());
    }
}

SPILLWAY_TEST(TestSixteenShards)

} // namespace tst_sixteen_shards

#include "tst_sixteen_shards.moc"
