// A platform as its customers see it: strict about schema, identifiers, credentials and limits, and
// answering in the platform's own shapes. Pure but for its own books: request and time in, answer
// out; no clock, socket or thread. One thread.
#pragma once

#include "core/json.h"
#include "http/server.h"
#include "simulator/ledger.h"
#include "simulator/scenario.h"
#include "simulator/window.h"

#include <engine/time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::simulator {

// The simulator's own clock: windows run on `steady`, the age of events on `wall`.
struct Moment {
    SteadyTime steady {};
    WallTime wall {};
    // Sliding windows run on one clock, those aligned to full periods on the other.
    [[nodiscard]] SteadyTime clockOf(const WindowRule& rule) const
    {
        return rule.isAligned ? SteadyTime { wall.time_since_epoch() } : steady;
    }
};

struct SimulatedPlatform {
    std::string platform {}; // as the adapters call it: "meta", "customerio", …
    std::vector<WindowRule> windows {}; // empty: no limit
    std::vector<std::string> accounts {}; // those that exist; empty: any of the right form
    // What the credential must be: meta: the token; customerio: the API key; webhook: the signing
    // secret. Empty: any, but not none (webhook: unsigned).
    std::string secret {};
    // x: the four credentials of a signature, by their names in the configuration. Empty: any
    // signature of the right form.
    std::map<std::string, std::string> signing {};
    int concurrency { 0 }; // microsoft: requests of an account at once; 0: any number
    Seconds tokenLifetime { 3'600 }; // of what the token endpoint gives
    // The token endpoint takes each refresh token once and gives the next one with the answer.
    bool areRefreshTokensUsedUp { false };
    // Accounts that live in another region: asked at "/customerio", they are sent to
    // "/customerio-eu".
    std::vector<std::string> europeans {};
};
// What a platform's credentials may be set to: its own name for `secret`, "x.consumer_key" for an
// entry of `signing`. Empty: the platform asks for none.
[[nodiscard]] std::vector<std::string> knownSecrets(std::string_view platform);
[[nodiscard]] bool hasRegions(std::string_view platform); // `europeans` mean something to it

// Every platform under the contracts that the product starts from.
[[nodiscard]] std::vector<SimulatedPlatform> defaultPlatforms();

struct AccountStats {
    std::int64_t requests { 0 };
    std::int64_t records { 0 }; // in requests that could be read
    std::int64_t accepted { 0 }; // records, first copies
    std::int64_t duplicates { 0 }; // records whose dedup key was known
    std::int64_t throttledByWindow { 0 }; // requests above the limit: the sender's fault
    std::int64_t throttledByScenario { 0 }; // requests within it
    std::int64_t violations { 0 }; // requests or records that break the platform's rules
    std::int64_t refusedByScenario { 0 }; // records that were right and are refused all the same
    std::int64_t lost { 0 }; // records that were dropped without a word
    std::int64_t unauthorized { 0 };
    std::int64_t unavailable { 0 };
    std::int64_t scripted { 0 }; // requests that got an ordered answer
    std::int64_t faults { 0 }; // requests whose answer never arrived whole
    std::vector<std::string> samples {}; // the first violations, in words
};

class PlatformModel {
public:
    PlatformModel(SimulatedPlatform options, std::size_t ledgerMax);
    PlatformModel(const PlatformModel&) = delete;
    PlatformModel& operator=(const PlatformModel&) = delete;
    virtual ~PlatformModel() = default;

    [[nodiscard]] const std::string& platform() const { return m_options.platform; }
    // `path` is the target's path without the prefix by which the simulator found this platform.
    [[nodiscard]] http::ServerResponse answer(const http::ServerRequest& request,
        std::string_view path, const Scenario& scenario, Moment now);
    // Whose request this is; "?" when it does not say.
    [[nodiscard]] virtual std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const = 0;

    [[nodiscard]] std::map<std::string, AccountStats> stats() const;
    [[nodiscard]] const Ledger* ledger(const std::string& account) const;

protected:
    struct Account {
        std::string name {};
        AccountStats stats {};
        std::vector<StrictWindow> windows {}; // those of scope account
        Ledger ledger { Millis { 0 }, 0 };
        Scenario scenario {}; // the last one seen
        std::int64_t requestsInScenario { 0 };
    };
    struct Call { // one request on its way through a model
        const http::ServerRequest& request;
        std::string_view path {};
        Mishap mishap {};
        Moment now {};
        Account& account;
        // The account's and its credential's, in the order of the rules.
        std::vector<StrictWindow*> windows {};
        LimitScope refusedBy { LimitScope::Account }; // of the window that had no room
    };

    [[nodiscard]] virtual http::ServerResponse process(Call& call) = 0;
    [[nodiscard]] virtual http::ServerResponse unavailable(Call& call) const = 0;
    [[nodiscard]] virtual http::ServerResponse unauthorized(Call& call) const = 0;
    [[nodiscard]] virtual http::ServerResponse throttled(Call& call, Millis untilFree) const = 0;
    // The failure that somebody ordered, in the platform's shape.
    [[nodiscard]] virtual http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const = 0;
    [[nodiscard]] virtual Millis dedupWindow() const { return Millis { 0 }; }
    // What stands for the credential of this request; every token that the platform's own token
    // endpoint gave is of one.
    [[nodiscard]] virtual std::string credentialOf(const http::ServerRequest& request) const;

    // Takes the request and its records from every window, or says how long until they fit.
    // `way`: of a platform with several ways in, the one that this request takes.
    [[nodiscard]] std::optional<Millis> takeFromWindows(
        Call& call, std::int64_t records, std::string_view way = {});
    // The refusal for a request that does not fit, counted.
    [[nodiscard]] http::ServerResponse refuseThrottled(Call& call, Millis untilFree) const;
    void violation(Call& call, std::string_view what) const;
    Ledger::Taken accept(Call& call, const LedgerEntry& entry) const;
    // Is this record refused by the scenario, although it is right? Counted when it is.
    [[nodiscard]] bool isRefusedByScenario(
        Call& call, std::string_view id, std::string_view name, int perMille) const;

    [[nodiscard]] const SimulatedPlatform& options() const { return m_options; }
    [[nodiscard]] bool isKnownAccount(std::string_view account) const;

private:
    Account& accountFor(const std::string& name);
    [[nodiscard]] std::vector<StrictWindow*> windowsFor(
        Account& account, const http::ServerRequest& request);
    [[nodiscard]] http::ServerResponse scriptedReply(
        Call& call, const ScriptedAnswer& answer) const;
    [[nodiscard]] Mishap mishapOf(Account& account, const Scenario& scenario, Moment now) const;

    SimulatedPlatform m_options;
    std::size_t m_ledgerMax;
    std::map<std::string, Account> m_accounts {};
    std::map<std::string, std::vector<StrictWindow>> m_credentialWindows {}; // by credentialOf()
};

// nullptr for a platform that nobody imitates yet.
[[nodiscard]] std::unique_ptr<PlatformModel> makeModel(
    const SimulatedPlatform& options, std::size_t ledgerMax);

[[nodiscard]] http::ServerResponse jsonReply(int status, const Json& body);
// What stands for a token in the books: the same for the same token, and never the token itself.
[[nodiscard]] std::string credentialLabel(std::string_view credential);
[[nodiscard]] std::string memberText(const Json& object, std::string_view key);
// The number that an ordered code begins with; 0 where it is none.
[[nodiscard]] std::int64_t numberIn(std::string_view code);

} // namespace engine::simulator
