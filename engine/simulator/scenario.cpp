#include "simulator/scenario.h"

namespace engine::simulator {
namespace {

constexpr ScenarioKind kAllKinds[] { ScenarioKind::Calm, ScenarioKind::Sale,
    ScenarioKind::Throttling, ScenarioKind::Outage, ScenarioKind::Slow,
    ScenarioKind::PartialFailures, ScenarioKind::SchemaRegression, ScenarioKind::TokenExpiry,
    ScenarioKind::ClockSkew };

constexpr Millis kSaleRamp { 120'000 };
constexpr Millis kSaleHold { 600'000 };
constexpr double kSalePeak = 10;
constexpr Millis kThrottlingStart { 5'000 };
constexpr Millis kClockSkew { 600'000 };

// A fixed draw from 0 … count−1 for one purpose of one request.
class Draw {
public:
    Draw(const Scenario& scenario, const RequestFacts& facts)
        : m_state(scramble(scramble(scramble(scenario.seed, facts.platform), facts.account),
            static_cast<std::uint64_t>(facts.number)))
    {
    }
    [[nodiscard]] int below(int count)
    {
        m_state = scramble(m_state, std::uint64_t { 1 });
        return static_cast<int>(m_state % static_cast<std::uint64_t>(count));
    }
    [[nodiscard]] Millis between(int first, int last)
    {
        return Millis { first + below(last - first + 1) };
    }

private:
    std::uint64_t m_state;
};

// Of a hundred requests: 60 errors, 20 closed, 10 cut in the middle, 10 never answered.
void addOutage(Mishap& mishap, Draw& draw)
{
    using Fault = http::ServerResponse::Fault;
    const int share = draw.below(100);
    mishap.isUnavailable = share < 60;
    if (share >= 90)
        mishap.fault = Fault::NeverAnswer;
    else if (share >= 80)
        mishap.fault = Fault::ResetInTheMiddle;
    else if (share >= 60)
        mishap.fault = Fault::CloseBeforeAnswer;
    // Half of what got no answer was processed all the same: why such a record is `unknown`.
    mishap.isFaultBeforeWork = draw.below(2) == 0;
}

} // namespace

const char* toString(ScenarioKind kind)
{
    switch (kind) {
    case ScenarioKind::Calm:
        return "calm";
    case ScenarioKind::Sale:
        return "sale";
    case ScenarioKind::Throttling:
        return "throttling";
    case ScenarioKind::Outage:
        return "outage";
    case ScenarioKind::Slow:
        return "slow";
    case ScenarioKind::PartialFailures:
        return "partial_failures";
    case ScenarioKind::SchemaRegression:
        return "schema_regression";
    case ScenarioKind::TokenExpiry:
        return "token_expiry";
    case ScenarioKind::ClockSkew:
        return "clock_skew";
    }
    return "";
}

std::optional<ScenarioKind> parseScenario(std::string_view text)
{
    for (const ScenarioKind kind : kAllKinds) {
        if (text == toString(kind))
            return kind;
    }
    return std::nullopt;
}

std::vector<std::string> scenarioNames()
{
    std::vector<std::string> names;
    for (const ScenarioKind kind : kAllKinds)
        names.emplace_back(toString(kind));
    return names;
}

Mishap mishapFor(const Scenario& scenario, const RequestFacts& facts, SteadyTime now)
{
    Draw draw(scenario, facts);
    Mishap mishap;
    mishap.seed = scenario.seed;
    mishap.delay = draw.between(15, 60);
    const bool isScripted = scenario.answer && !scenario.isOver(now)
        && (scenario.answer->times == 0 || facts.numberInScenario <= scenario.answer->times);
    if (isScripted) {
        mishap.answer = scenario.answer;
        mishap.fault = scenario.answer->fault;
        return mishap;
    }
    const ScenarioKind kind = scenario.isOver(now) ? ScenarioKind::Calm : scenario.kind;
    switch (kind) {
    case ScenarioKind::Calm:
    case ScenarioKind::ClockSkew: // of its clock, not of what it does
        break;
    case ScenarioKind::Sale:
        mishap.delay = draw.between(40, 250);
        mishap.isUnavailable = draw.below(200) == 0;
        break;
    case ScenarioKind::Throttling:
        mishap.limitShare = 0.33;
        // It begins with a closed door, so that whoever watches sees it at once.
        mishap.isThrottled = now - scenario.startedAt < kThrottlingStart || draw.below(50) == 0;
        break;
    case ScenarioKind::Outage:
        addOutage(mishap, draw);
        break;
    case ScenarioKind::Slow:
        mishap.delay = draw.between(2'000, 8'000);
        break;
    case ScenarioKind::PartialFailures:
        mishap.badPerMille = 50;
        break;
    case ScenarioKind::SchemaRegression:
        mishap.arePurchasesRefused = true;
        break;
    case ScenarioKind::TokenExpiry:
        mishap.isTokenRefused = true;
        break;
    }
    return mishap;
}

Millis clockBehind(const Scenario& scenario, SteadyTime now)
{
    const bool isBehind = scenario.kind == ScenarioKind::ClockSkew && !scenario.isOver(now);
    return isBehind ? kClockSkew : Millis { 0 };
}

bool isBadRecord(std::uint64_t seed, std::string_view id, int perMille)
{
    return static_cast<int>(scramble(seed, id) % 1'000) < perMille;
}

double trafficFactor(const Scenario& scenario, SteadyTime now)
{
    if (scenario.kind != ScenarioKind::Sale || scenario.isOver(now))
        return 1;
    const auto since = std::chrono::duration<double>(now - scenario.startedAt);
    const std::chrono::duration<double> ramp(kSaleRamp);
    const std::chrono::duration<double> fading(since - kSaleRamp - kSaleHold);
    const double up = std::clamp(since / ramp, 0.0, 1.0);
    const double down = std::clamp(fading / ramp, 0.0, 1.0);
    return 1 + (kSalePeak - 1) * (up - down);
}

// The finaliser of SplitMix64: every bit of the argument moves every bit of the result.
std::uint64_t scramble(std::uint64_t seed, std::uint64_t number)
{
    std::uint64_t value = seed * 0x9e3779b97f4a7c15ULL + number + 0x9e3779b97f4a7c15ULL;
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

std::uint64_t scramble(std::uint64_t seed, std::string_view text)
{
    std::uint64_t hash = scramble(seed, std::uint64_t { text.size() });
    for (const char c : text)
        hash = scramble(hash, std::uint64_t { static_cast<unsigned char>(c) });
    return hash;
}

} // namespace engine::simulator
