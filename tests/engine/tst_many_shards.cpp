// Hundreds of shards of one destination, derived from the events: made as they appear, each paced
// by its own contract against a strict imitation, retired when they are empty, bounded. On a fake
// clock.
#include "delivery/world.h"
#include "ingress/router.h"
#include "sale_day.h"
#include "simulator/simulator.h"
#include "support/test_program.h"

namespace tst_many_shards {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kAccounts = 500;
constexpr int kPerAccount = 70; // at once; of which a minute lets 30 through
constexpr std::int64_t kPerMinute = 30;

const std::string kLimit
    = "[[destination.limit]]\nunit = \"events\"\namount = 30\nperiod = \"60s\"\n";

std::string customer(int number) { return std::to_string(2'000'000'000 + number); }

} // namespace

class TestManyShards final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void eachAccountIsPacedByItsOwnContract();
    void oneMoreThanTheMostIsADeadLetterThatSaysSo();
    void whatHasBeenEmptyForADayMakesRoom();

private:
    void begin(const SalePlan& plan);
    // Routed as ingress would, handed to delivery; the reason when it becomes a dead letter.
    std::string send(const std::string& account, std::int64_t number);
    [[nodiscard]] std::map<std::string, int> acceptedByAccount() const;

    std::unique_ptr<World> m_world {};
    std::unique_ptr<simulator::Simulator> m_simulator {};
    std::unique_ptr<ingress::Router> m_router {};
    ingress::KnownAccounts m_accounts {};
    SalePlan m_plan {};
};

void TestManyShards::init()
{
    begin({ "ads", "google", "",
        "account_from = \"properties.customer\"\naccounts_max = 500\nbatch = 5\n"
        "token_endpoint = \"BASE/google/token\"\nevent_names.purchase = \"987\"\n"
        "credential.client_id = \"env:SPILLWAY_SALE_KEY\"\n"
        "credential.client_secret = \"env:SPILLWAY_SALE_KEY\"\n"
        "credential.refresh_token = \"env:SPILLWAY_SALE_KEY\"\n"
            + kLimit });
}

void TestManyShards::begin(const SalePlan& plan)
{
    m_plan = plan;
    m_accounts = {};
    m_accounts.setLiveShards([this] {
        std::vector<ShardId> live;
        for (const delivery::ShardReading& reading : m_world->dispatcher->readings())
            live.push_back(reading.shard);
        return live;
    });
    simulator::SimulatedPlatform google { .platform = "google",
        .windows = { { .unit = LimitUnit::Events, .amount = kPerMinute, .period = 60s } } };
    m_simulator = std::make_unique<simulator::Simulator>(
        simulator::SimulatorOptions { .platforms = { std::move(google) }, .ledgerMax = 1'000 });
    m_world = std::make_unique<World>(testSeed());
    m_world->adapters = [](std::string_view name) { return platforms::adapterFor(name); };
    m_world->secrets = [](const DestinationConfig& destination, const std::string&, bool) {
        platforms::Secrets secrets;
        for (const auto& [name, ref] : destination.credentials)
            secrets[name] = "secret-of-" + name;
        return Result<platforms::Secrets>(std::move(secrets));
    };
    m_world->server = [this](const HttpRequest& request) {
        const auto now = m_world->loop.clock.steadyNow();
        const auto exchanged = simulator::exchange(
            *m_simulator, request, { .steady = now, .wall = m_world->loop.clock.wallNow() });
        ServerReply reply { .thinks = 20ms };
        if (exchanged)
            reply.answer = *exchanged;
        else
            reply.failure = exchanged.error();
        return reply;
    };
    const auto config = saleConfig({ plan }, "http://sim.example");
    m_router = std::make_unique<ingress::Router>(config, ingress::builtInPlatforms());
    m_world->start(config->destinations);
}

std::string TestManyShards::send(const std::string& account, std::int64_t number)
{
    const WallTime now = m_world->loop.clock.wallNow();
    auto json = parseJson(salePayload({ .name = account }, number, toUnixMicros(now - 24h)));
    json->set("properties", Json::object()).set("customer", Json::string(account));
    NewEvent event { .workspace = "shop",
        .eventId = account + '-' + std::to_string(number),
        .name = "purchase",
        .eventTime = now,
        .receivedAt = now,
        .payload = json->dump() };
    m_router->route(event, std::move(*json), m_accounts);
    if (event.deliveries.size() != 1)
        return "not routed";
    const NewDelivery& delivery = event.deliveries.front();
    if (delivery.deadReason.empty())
        m_world->store.add(m_world->store.addShard(delivery.shard), event.payload,
            { .expiresAt = delivery.expiresAt, .name = "purchase" });
    return delivery.deadReason;
}

std::map<std::string, int> TestManyShards::acceptedByAccount() const
{
    std::map<std::string, int> accepted;
    for (const auto& [account, stats] : m_simulator->stats())
        accepted[account] = static_cast<int>(stats.accepted);
    return accepted;
}

// 35,000 conversions come at once. Two minutes later each account has what two minutes allow, no
// more, and at least 99 % of it; nobody was refused.
void TestManyShards::eachAccountIsPacedByItsOwnContract()
{
    for (int account = 0; account < kAccounts; ++account) {
        for (int number = 0; number < kPerAccount; ++number)
            QCOMPARE(send(customer(account), number), std::string {});
    }
    m_world->loop.runFor(1s);
    QCOMPARE(m_world->dispatcher->readings().size(), std::size_t { kAccounts });
    m_world->loop.runFor(120s);
    const auto accepted = acceptedByAccount();
    for (int account = 0; account < kAccounts; ++account) {
        const int count = accepted.at("google/" + customer(account));
        QVERIFY2(count >= 59 && count <= kPerAccount, std::to_string(count).c_str());
    }
    m_world->loop.runFor(60s);
    for (const auto& [account, stats] : m_simulator->stats()) {
        QVERIFY2(stats.throttledByWindow == 0, account.c_str());
        QVERIFY2(stats.violations == 0, account.c_str());
    }
    QCOMPARE(m_world->store.delivered.size(), std::size_t { kAccounts * kPerAccount });
    QVERIFY(m_world->store.dead.empty());
    QVERIFY2(m_world->store.faults.empty(),
        m_world->store.faults.empty() ? "" : m_world->store.faults.front().c_str());
}

void TestManyShards::oneMoreThanTheMostIsADeadLetterThatSaysSo()
{
    for (int account = 0; account < kAccounts; ++account)
        QCOMPARE(send(customer(account), 0), std::string {});
    QCOMPARE(send(customer(kAccounts), 0),
        std::string(
            "more than 500 accounts (accounts_max); properties.customer names another one"));
    QCOMPARE(send(customer(3), 1), std::string {}); // who is known goes on
    QCOMPARE(send("12-34", 0), std::string("properties.customer is not an account of google"));
}

void TestManyShards::whatHasBeenEmptyForADayMakesRoom()
{
    for (int account = 0; account < kAccounts; ++account)
        QCOMPARE(send(customer(account), 0), std::string {});
    m_world->loop.runFor(23h);
    QCOMPARE(m_world->dispatcher->readings().size(), std::size_t { kAccounts });
    QCOMPARE(send(customer(7), 1), std::string {}); // this one works again
    m_world->loop.runFor(2h);
    QCOMPARE(m_world->dispatcher->readings().size(), std::size_t { 1 });
    QCOMPARE(send(customer(kAccounts), 0), std::string {});
    // A retired account comes back with its first event, and its window was kept long enough.
    QCOMPARE(send(customer(8), 1), std::string {});
    m_world->loop.runFor(1min);
    QCOMPARE(m_world->dispatcher->readings().size(), std::size_t { 3 });
    QCOMPARE(m_world->store.delivered.size(), std::size_t { kAccounts + 3 });
}

SPILLWAY_TEST(TestManyShards)

} // namespace tst_many_shards

#include "tst_many_shards.moc"
