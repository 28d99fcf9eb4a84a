// What goes wrong at a simulated platform, and when. Pure: the same seed, account and request
// number give the same mishap, so a failing run can be repeated. Any thread.
#pragma once

#include "core/http_types.h"
#include "http/server.h"

#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::simulator {

enum class ScenarioKind : std::uint8_t {
    Calm,
    Sale, // ten times the traffic, and a platform that feels it
    Throttling, // the platform allows a third of what it says
    Outage, // errors, closed connections, silence
    Slow, // answers take seconds
    PartialFailures, // some records of a batch are refused
    SchemaRegression, // every purchase is refused, as after a bad release
    TokenExpiry, // the credential is refused
    ClockSkew, // the platform's clock is ten minutes behind
};
[[nodiscard]] const char* toString(ScenarioKind kind); // "calm", "sale", "throttling", …
[[nodiscard]] std::optional<ScenarioKind> parseScenario(std::string_view text);
[[nodiscard]] std::vector<std::string> scenarioNames();

// One of a platform's own failures, ordered by the name that the platform gives it. The model puts
// it into the platform's shape; what is left out is what the platform usually says.
struct ScriptedAnswer {
    int status { 0 };
    std::string code {};
    std::string message {};
    std::string retryAfter {}; // the header as it is to be sent
    HttpHeaders headers {}; // further ones: quotas, usage, where to turn to
    std::string body {}; // instead of the platform's own shape: what a proxy says
    // No answer at all: the request is not processed, which its sender can not know.
    http::ServerResponse::Fault fault { http::ServerResponse::Fault::None };
    std::int64_t times { 0 }; // requests of each account that get it; 0: all
    friend bool operator==(const ScriptedAnswer&, const ScriptedAnswer&) = default;
};

struct Scenario {
    ScenarioKind kind { ScenarioKind::Calm };
    std::uint64_t seed { 1 };
    SteadyTime startedAt {};
    Millis duration { 0 }; // calm afterwards; 0: until changed
    std::optional<ScriptedAnswer> answer {}; // comes first, then what `kind` says
    friend bool operator==(const Scenario&, const Scenario&) = default;
    [[nodiscard]] bool isOver(SteadyTime now) const
    {
        return duration > Millis { 0 } && now - startedAt >= duration;
    }
};

struct RequestFacts {
    std::string_view platform {};
    std::string_view account {};
    std::int64_t number { 0 }; // of the account's requests, from 1
    std::int64_t numberInScenario { 0 }; // the same, since this scenario is in force
};

// What happens to one request.
struct Mishap {
    Millis delay { 0 };
    bool isUnavailable { false }; // refused unprocessed with a 5xx
    bool isThrottled { false }; // refused as too much, although it is within the limit
    bool isTokenRefused { false };
    http::ServerResponse::Fault fault { http::ServerResponse::Fault::None };
    bool isFaultBeforeWork { false }; // the connection breaks before anything was processed
    double limitShare { 1.0 }; // of every window that is in force just now
    int badPerMille { 0 }; // records that are refused, told by their ids
    bool arePurchasesRefused { false };
    std::optional<ScriptedAnswer> answer {};
    std::uint64_t seed { 1 };
};
[[nodiscard]] Mishap mishapFor(const Scenario& scenario, const RequestFacts& facts, SteadyTime now);

// By how much the platform's clock runs behind: fresh events seem to come from the future.
[[nodiscard]] Millis clockBehind(const Scenario& scenario, SteadyTime now);

// Does this record belong to the bad ones? The same answer at every retry and in every batch, so
// that bisection can find it.
[[nodiscard]] bool isBadRecord(std::uint64_t seed, std::string_view id, int perMille);

// How many times the calm traffic producers send: 10 in a sale, which builds up and fades over two
// minutes each.
[[nodiscard]] double trafficFactor(const Scenario& scenario, SteadyTime now);

// A number without order that depends on nothing but its arguments.
[[nodiscard]] std::uint64_t scramble(std::uint64_t seed, std::uint64_t number);
[[nodiscard]] std::uint64_t scramble(std::uint64_t seed, std::string_view text);

} // namespace engine::simulator
