// The validated configuration: what engine/config makes of a TOML file and the platforms' contract
// files. Defaults here are the product's defaults. Nothing in these structs is a secret: secrets
// are references.
#pragma once

#include "core/contract.h"

#include <engine/ids.h>
#include <engine/outcome.h>
#include <engine/safety.h>
#include <engine/thresholds.h>
#include <engine/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine {

// "env:NAME", "file:PATH", "keychain:NAME".
struct SecretRef {
    enum class Kind : std::uint8_t { None, Env, File, Keychain };
    Kind kind { Kind::None };
    std::string name {};
    [[nodiscard]] bool isSet() const { return kind != Kind::None; }
    friend bool operator==(const SecretRef&, const SecretRef&) = default;
};
[[nodiscard]] std::string toString(const SecretRef& ref); // as written in the file

// host may be a name, IPv4 or IPv6 without brackets; port 0 = any free one (tests).
struct ListenAddress {
    std::string host { "127.0.0.1" };
    std::uint16_t port { 0 };
    friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

// Limits of one HTTP server (engine/http). Each is reached in a test.
struct HttpLimits {
    std::int64_t bodyBytesMax { 8LL * 1024 * 1024 };
    int headerBytesMax { 16 * 1024 };
    int connectionsMax { 1'024 };
    Millis readTimeout { 15'000 }; // a request must be complete within this
    Millis idleTimeout { 60'000 }; // between requests on a kept-alive connection
    friend bool operator==(const HttpLimits&, const HttpLimits&) = default;
};

struct IngressConfig {
    ListenAddress listen { "127.0.0.1", 8787 };
    HttpLimits limits {};
    int itemsMax { 1'000 }; // events in one array or NDJSON body
    std::string tlsCertificate {}; // PEM files; both or neither
    std::string tlsKey {};
    friend bool operator==(const IngressConfig&, const IngressConfig&) = default;
};
struct ControlConfig {
    ListenAddress listen { "127.0.0.1", 8788 };
    HttpLimits limits {};
    SecretRef key {};
    SecretRef metricsKey {};
    friend bool operator==(const ControlConfig&, const ControlConfig&) = default;
};

enum class OverLimit : std::uint8_t { Defer, Reject };
struct WorkspaceConfig {
    std::string name {};
    std::vector<SecretRef> writeKeys {}; // several, for rotation
    std::string tier { "growth" };
    double rate { 100 }; // accepted events per second
    std::int64_t burst { 1'000 };
    std::int64_t monthlyCap { 10'000'000 }; // 0: none
    OverLimit overLimit { OverLimit::Defer };
    friend bool operator==(const WorkspaceConfig&, const WorkspaceConfig&) = default;
};

enum class TransportKind : std::uint8_t { Curl, Qt };

struct NetworkOptions {
    std::string caFile {}; // PEM of a private CA, added to the system's
    std::string proxy {}; // http://host:port, socks5://host:port; empty: direct
    std::int64_t answerBytesMax { 1'048'576 };
    friend bool operator==(const NetworkOptions&, const NetworkOptions&) = default;
};

// [[destination.account]]: what differs for one account of a destination.
struct AccountConfig {
    std::string account {};
    std::map<std::string, SecretRef> credentials {};
    std::optional<std::vector<Limit>> limits {};
    friend bool operator==(const AccountConfig&, const AccountConfig&) = default;
};

// A routing condition: the value at `path` ("properties.country") is one of `values` (compared as
// text).
struct RouteCondition {
    std::string path {};
    std::vector<std::string> values {};
    friend bool operator==(const RouteCondition&, const RouteCondition&) = default;
};

// [destination.warm_up]: a new destination starts with a tenth of its pace at `from` and has all of
// it `over` later, geometrically.
struct WarmUp {
    WallTime from {};
    Seconds over { 0 };
    friend bool operator==(const WarmUp&, const WarmUp&) = default;
};

struct DestinationConfig {
    std::string name {};
    std::string platform {}; // "meta", "customerio", "webhook"
    std::string account {};
    std::string accountFrom {}; // path into the event; the account is derived when set
    int accountsMax { 1'000 };
    std::string endpoint {}; // base URL without trailing slash; never empty after validation
    std::map<std::string, SecretRef> credentials {};
    std::vector<AccountConfig> accounts {};
    std::vector<std::string> workspaces {}; // empty: all
    std::vector<std::string> events {}; // as given or canonical; empty: all
    std::vector<RouteCondition> where {};
    Priority priority { Priority::Normal };
    Contract contract {}; // platform default with this destination's overrides
    int batch { 1 }; // configured; ≤ largestBatch(contract)
    int concurrency { 4 }; // configured; ≤ contract.concurrency unless the file raises that
    std::optional<double> rate {}; // operator's cap, requests per second
    std::optional<double> importRate {};
    std::optional<WarmUp> warmUp {};
    LaneShares lanes {};
    BreakerPolicy breaker {};
    TransportKind transport { TransportKind::Curl };
    NetworkOptions network {};
    bool isAdaptive { true };
    bool startsPaused { false }; // while the store has never seen a delivery for it
    std::map<std::string, std::string>
        options {}; // the platform's own settings, checked against its contract file
    std::map<std::string, std::string>
        eventNames {}; // canonical or given name → the platform's name
    friend bool operator==(const DestinationConfig&, const DestinationConfig&) = default;
};

struct RetentionConfig {
    Seconds events { std::chrono::hours { 24 * 14 } };
    Seconds archived { std::chrono::hours { 24 * 30 } };
    Seconds audit { std::chrono::hours { 24 * 365 } };
    Seconds dedup { std::chrono::hours { 24 * 7 } };
    std::int64_t maxBytes { 0 }; // 0: none
    friend bool operator==(const RetentionConfig&, const RetentionConfig&) = default;
};

struct SaleWindow {
    WallTime from {};
    WallTime to {};
    friend bool operator==(const SaleWindow&, const SaleWindow&) = default;
};

enum class ProfileKind : std::uint8_t { Live, Practice, Simulator };
struct ProfileConfig {
    std::string name { "default" };
    ProfileKind kind { ProfileKind::Practice };
    SafetyLevel safety { SafetyLevel::Standard };
    bool isAboveCeilingAllowed { true }; // false unless said otherwise where the level is Guarded
    friend bool operator==(const ProfileConfig&, const ProfileConfig&) = default;
};

struct Config {
    std::string path {}; // the file; empty for a configuration made in memory
    ProfileConfig profile {};
    IngressConfig ingress {};
    ControlConfig control {};
    std::vector<WorkspaceConfig> workspaces {};
    std::vector<DestinationConfig> destinations {};
    RetentionConfig retention {};
    Thresholds thresholds {};
    std::vector<SaleWindow> saleWindows {};
    friend bool operator==(const Config&, const Config&) = default;

    [[nodiscard]] const DestinationConfig* destination(const std::string& name) const;
};

} // namespace engine
