// Every [[limit]] of every contract file: the simulator keeps it where the contract says, refuses
// the first request beyond it, and takes it again when the period has passed.
#include "config/contract_file.h"
#include "engine/simulator/adapter_calls.h"
#include "support/test_program.h"

#include <set>

namespace tst_limits_kept {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

// By what the simulator counts a way in apart from the platform's others; empty: it does not.
std::string wayOf(const PlatformCase& platformCase, const Limit& limit)
{
    if (!limit.pool.empty())
        return limit.pool;
    const std::string api = apiOf(platformCase);
    if (std::string_view(platformCase.platform) == "google")
        return api.empty() ? "offline" : api;
    return api == "uet" ? api : std::string {};
}

// What a header names starts anew at its reset, as a day does at midnight.
WindowRule ruleOf(const PlatformCase& platformCase, const Limit& limit)
{
    return { .unit = limit.unit,
        .amount = limit.amount,
        .period = limit.period,
        .isAligned = limit.kind == LimitKind::Fixed || limit.kind == LimitKind::Header,
        .way = wayOf(platformCase, limit),
        .scope = limit.scope };
}

std::string textOf(const WindowRule& rule)
{
    return std::to_string(rule.amount)
        + (rule.unit == LimitUnit::Events ? " events in " : " requests in ")
        + toDurationText(rule.period) + (rule.isAligned ? ", aligned, " : ", sliding, ")
        + toString(rule.scope) + ' ' + rule.way;
}

struct LimitCase {
    const PlatformCase* way { nullptr };
    Limit limit {};
};
const std::vector<LimitCase>& limitCases()
{
    static const std::vector<LimitCase> all = [] {
        std::vector<LimitCase> cases;
        for (const PlatformCase& each : kPlatformCases) {
            for (const Limit& limit : destinationOf(each).contract.limits)
                cases.push_back({ &each, limit });
        }
        return cases;
    }();
    return all;
}

// A sender of one account under one credential. Each call comes a microsecond after the one before,
// because X takes no signature twice.
class Sender {
public:
    Sender(Simulator& simulator, const PlatformCase& way)
        : m_simulator(simulator)
        , m_to(destinationOf(way))
        , m_secrets(secretsOf(m_to))
    {
    }
    void useOtherAccount()
    {
        const std::string platform = m_to.platform;
        if (platform == "customerio")
            m_secrets["site_id"] = "site456"; // the workspace
        else if (platform == "customerio-app")
            m_to.options["workspace_id"] = "8";
        m_to.account.back() = m_to.account.back() == '1' ? '2' : '1';
    }
    void useOtherCredential()
    {
        for (auto& [name, value] : m_secrets) {
            if (name != "site_id" && name != "signing_secret")
                value += "-other";
        }
    }
    [[nodiscard]] Outcome send(std::int64_t events, std::chrono::nanoseconds since)
    {
        since += std::chrono::microseconds { ++m_number };
        EncodeContext context = contextOf(m_to);
        context.now += std::chrono::floor<Micros>(since);
        const Adapter* const adapter = adapterFor(m_to.platform);
        const auto encoded = adapter->encode(event(), context);
        const std::vector<Record> records(
            static_cast<std::size_t>(events), std::get<Record>(encoded));
        const auto request = adapter->request(records, context, m_secrets);
        const Moment now { .steady = kSteady + since, .wall = context.now };
        const auto answer = exchange(m_simulator, *request, now);
        return adapter->decode(*answer, records, context).request;
    }
    // Takes so much of the limit in requests as large as the platform lets them be.
    [[nodiscard]] bool fill(const Limit& limit, std::int64_t amount)
    {
        const std::int64_t largest
            = limit.unit == LimitUnit::Events ? m_to.contract.batchRecords : 1;
        while (amount > 0) {
            const std::int64_t events = std::min(amount, largest);
            if (send(events, 0s) != Outcome::Accepted)
                return false;
            amount -= events;
        }
        return true;
    }

private:
    [[nodiscard]] CanonicalEvent event() const
    {
        EventType type = EventType::Track;
        if (m_to.platform == "customerio-app")
            type = m_to.options.contains("api") && m_to.options.at("api") == "broadcasts"
                ? EventType::Broadcast
                : EventType::Message;
        std::string text
            = richAfterClick("\"tblci\":\"GiC1\",\"obclid\":\"ob-1\",\"msclkid\":\"m-1\"");
        text.insert(1, "\"audience\":{\"ids\":[\"42\"]},"); // of a broadcast
        return canonical(text, type);
    }
    Simulator& m_simulator;
    DestinationConfig m_to;
    Secrets m_secrets;
    int m_number { 0 };
};

// A postback names no account, so all of them are one over there.
bool isAccountInRequest(std::string_view way)
{
    return way != "outbrain" && way != "taboola, single";
}

} // namespace

class TestLimitsKept final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSimulatorsWindowsAreTheContracts();
    void theFirstBeyondIsRefusedUntilThePeriodHasPassed_data();
    void theFirstBeyondIsRefusedUntilThePeriodHasPassed();
};

// Written down twice, on purpose: once for the engine, once for those who check it.
void TestLimitsKept::theSimulatorsWindowsAreTheContracts()
{
    std::map<std::string, std::set<std::string>> contracts;
    for (const LimitCase& each : limitCases()) {
        if (each.limit.isEnabled)
            contracts[each.way->platform].insert(textOf(ruleOf(*each.way, each.limit)));
    }
    for (const SimulatedPlatform& platform : defaultPlatforms()) {
        std::set<std::string> kept;
        for (const WindowRule& rule : platform.windows)
            kept.insert(textOf(rule));
        QVERIFY2(kept == contracts[platform.platform], platform.platform.c_str());
    }
}

void TestLimitsKept::theFirstBeyondIsRefusedUntilThePeriodHasPassed_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const LimitCase& each : limitCases())
        QTest::addRow("%s: %s", each.way->name, textOf(ruleOf(*each.way, each.limit)).c_str())
            << number++;
}

void TestLimitsKept::theFirstBeyondIsRefusedUntilThePeriodHasPassed()
{
    QFETCH(int, number);
    const LimitCase& tried = limitCases()[static_cast<std::size_t>(number)];
    WindowRule rule = ruleOf(*tried.way, tried.limit);
    // The amounts themselves are compared above; millions of requests would show nothing more.
    constexpr std::int64_t kAmountMost = 1'000;
    rule.amount = std::min(rule.amount, kAmountMost);
    Simulator simulator(
        { .platforms = { { .platform = tried.way->platform, .windows = { rule } } } });
    Sender sender(simulator, *tried.way);
    QVERIFY(sender.fill(tried.limit, rule.amount));
    QCOMPARE(toString(sender.send(1, 1ms)), "throttled");

    Sender otherAccount(simulator, *tried.way);
    otherAccount.useOtherAccount();
    Sender otherCredential(simulator, *tried.way);
    otherCredential.useOtherCredential();
    const bool isOfCredential = rule.scope == LimitScope::Credential;
    if (isAccountInRequest(tried.way->name))
        QCOMPARE(toString(otherAccount.send(1, 2ms)), isOfCredential ? "throttled" : "accepted");
    QCOMPARE(toString(otherCredential.send(1, 3ms)), isOfCredential ? "accepted" : "throttled");

    QCOMPARE(toString(sender.send(1, rule.period - 10ms)), "throttled");
    QCOMPARE(toString(sender.send(1, rule.period + 10ms)), "accepted");
}

SPILLWAY_TEST(TestLimitsKept)

} // namespace tst_limits_kept

#include "tst_limits_kept.moc"
