#include "simulator/platform_model.h"

#include "platforms/adapter.h"
#include "platforms/hashing.h"
#include "simulator/criteo_model.h"
#include "simulator/customerio_app_model.h"
#include "simulator/customerio_model.h"
#include "simulator/event_rules.h"
#include "simulator/google_model.h"
#include "simulator/linkedin_model.h"
#include "simulator/meta_model.h"
#include "simulator/microsoft_model.h"
#include "simulator/outbrain_model.h"
#include "simulator/pinterest_model.h"
#include "simulator/reddit_model.h"
#include "simulator/snapchat_model.h"
#include "simulator/taboola_model.h"
#include "simulator/tiktok_model.h"
#include "simulator/token_booth.h"
#include "simulator/webhook_model.h"
#include "simulator/x_model.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace engine::simulator {
namespace {

// Names by which strangers' accounts are told apart are bounded: a flood of invented ones ends in
// one common account.
constexpr std::size_t kAccountsMax = 10'000;
constexpr std::size_t kSamplesMax = 5;
constexpr std::string_view kOverflowAccount = "…";

// The windows of one scope; what counts per destination counts per account over here.
std::vector<StrictWindow> windowsOf(const std::vector<WindowRule>& rules, bool isOfCredential)
{
    std::vector<StrictWindow> windows;
    for (const WindowRule& rule : rules) {
        if ((rule.scope == LimitScope::Credential) == isOfCredential)
            windows.emplace_back(rule);
    }
    return windows;
}

template <class T>
std::unique_ptr<PlatformModel> make(const SimulatedPlatform& options, std::size_t ledgerMax)
{
    return std::make_unique<T>(options, ledgerMax);
}
struct ModelRow {
    std::string_view platform {};
    std::unique_ptr<PlatformModel> (*make)(const SimulatedPlatform&, std::size_t) { nullptr };
};
constexpr ModelRow kModels[] {
    { "criteo", make<CriteoModel> },
    { "customerio", make<CustomerIoModel> },
    { "customerio-app", make<CustomerIoAppModel> },
    { "google", make<GoogleModel> },
    { "linkedin", make<LinkedinModel> },
    { "meta", make<MetaModel> },
    { "microsoft", make<MicrosoftModel> },
    { "outbrain", make<OutbrainModel> },
    { "pinterest", make<PinterestModel> },
    { "reddit", make<RedditModel> },
    { "snapchat", make<SnapchatModel> },
    { "taboola", make<TaboolaModel> },
    { "tiktok", make<TiktokModel> },
    { "webhook", make<WebhookModel> },
    { "x", make<XModel> },
};

} // namespace

std::vector<std::string> knownSecrets(std::string_view platform)
{
    constexpr std::array<std::string_view, 3> kOpen { "criteo", "outbrain", "taboola" };
    if (std::find(kOpen.begin(), kOpen.end(), platform) != kOpen.end())
        return {};
    std::vector<std::string> names { std::string(platform) };
    if (platform == "x") {
        for (const char* part :
            { "consumer_key", "consumer_secret", "access_token", "access_token_secret" })
            names.push_back("x." + std::string(part));
    }
    return names;
}

bool hasRegions(std::string_view platform)
{
    return platform == "customerio" || platform == "customerio-app" || platform == "criteo";
}

std::vector<SimulatedPlatform> defaultPlatforms()
{
    using namespace std::chrono_literals;
    return {
        { .platform = "meta",
            .windows = { { .unit = LimitUnit::Events, .amount = 1'000, .period = 60s } } },
        { .platform = "pinterest",
            // What is counted until a named reset starts anew there.
            .windows = { { .amount = 5'000,
                             .period = 60s,
                             .isAligned = true,
                             .scope = LimitScope::Credential },
                { .amount = 5'000, .period = 60s } } },
        { .platform = "snapchat",
            .windows = { { .amount = 100, .period = 1s, .scope = LimitScope::Credential } } },
        { .platform = "reddit",
            .windows = { { .amount = 1'000, .period = 60s, .scope = LimitScope::Credential },
                { .unit = LimitUnit::Events, .amount = 250'000, .period = 60s } } },
        { .platform = "customerio",
            .windows = { { .unit = LimitUnit::Requests, .amount = 100, .period = 1s } } },
        { .platform = "linkedin",
            .windows = { { .amount = 600, .period = 60s, .scope = LimitScope::Credential },
                { .amount = 300'000,
                    .period = 24h,
                    .isAligned = true,
                    .scope = LimitScope::Credential } } },
        { .platform = "tiktok",
            .windows = { { .amount = 600, .period = 60s, .scope = LimitScope::Credential } } },
        { .platform = "taboola",
            .windows = { { .amount = 2, .period = 1s, .way = "bulk" },
                { .amount = 10, .period = 1s, .way = "single" } } },
        { .platform = "outbrain", .windows = { { .amount = 10, .period = 1s } } },
        { .platform = "criteo", .windows = { { .amount = 50, .period = 1s } } },
        { .platform = "customerio-app",
            .windows = { { .amount = 100, .period = 1s, .way = "messages" },
                { .amount = 10, .period = 1s, .way = "broadcasts" } } },
        { .platform = "google",
            .windows
            = { { .unit = LimitUnit::Events, .amount = 100, .period = 1s, .way = "offline" },
                { .amount = 300,
                    .period = 60s,
                    .way = "data_manager",
                    .scope = LimitScope::Credential },
                { .amount = 100'000,
                    .period = 24h,
                    .isAligned = true,
                    .way = "data_manager",
                    .scope = LimitScope::Credential } } },
        { .platform = "microsoft",
            .windows = { { .amount = 10, .period = 1s, .way = "uet" } },
            .concurrency = 2 },
        { .platform = "webhook" },
        { .platform = "x",
            .windows = { { .amount = 100'000, .period = 15min, .isAligned = true } } },
    };
}

PlatformModel::PlatformModel(SimulatedPlatform options, std::size_t ledgerMax)
    : m_options(std::move(options))
    , m_ledgerMax(ledgerMax)
{
}

PlatformModel::Account& PlatformModel::accountFor(const std::string& name)
{
    const auto found = m_accounts.find(name);
    if (found != m_accounts.end())
        return found->second;
    const std::string key = m_accounts.size() < kAccountsMax ? name : std::string(kOverflowAccount);
    Account account { .name = key,
        .windows = windowsOf(m_options.windows, false),
        .ledger = Ledger(dedupWindow(), m_ledgerMax) };
    return m_accounts.try_emplace(key, std::move(account)).first->second;
}

std::vector<StrictWindow*> PlatformModel::windowsFor(
    Account& account, const http::ServerRequest& request)
{
    std::vector<StrictWindow*> windows;
    for (StrictWindow& window : account.windows)
        windows.push_back(&window);
    if (windows.size() == m_options.windows.size())
        return windows;
    std::string credential = credentialOf(request);
    if (m_credentialWindows.size() >= kAccountsMax && !m_credentialWindows.contains(credential))
        credential = kOverflowAccount;
    const auto [place, isNew] = m_credentialWindows.try_emplace(credential);
    if (isNew)
        place->second = windowsOf(m_options.windows, true);
    auto next = windows.begin();
    auto shared = place->second.begin();
    std::vector<StrictWindow*> all;
    for (const WindowRule& rule : m_options.windows)
        all.push_back(rule.scope == LimitScope::Credential ? &*shared++ : *next++);
    return all;
}

std::string PlatformModel::credentialOf(const http::ServerRequest& request) const
{
    std::string token = request.query("access_token").value_or("");
    if (token.empty())
        token = bearerOf(request.header("Authorization"));
    return credentialLabel(TokenBooth::isGiven(token) ? m_options.secret + "member" : token);
}

Mishap PlatformModel::mishapOf(Account& account, const Scenario& scenario, Moment now) const
{
    ++account.stats.requests;
    if (!(account.scenario == scenario)) {
        account.scenario = scenario;
        account.requestsInScenario = 0;
    }
    return mishapFor(scenario,
        { .platform = m_options.platform,
            .account = account.name,
            .number = account.stats.requests,
            .numberInScenario = ++account.requestsInScenario },
        now.steady);
}

http::ServerResponse PlatformModel::answer(
    const http::ServerRequest& request, std::string_view path, const Scenario& scenario, Moment now)
{
    using Fault = http::ServerResponse::Fault;
    Account& account = accountFor(accountOf(request, path));
    const Mishap mishap = mishapOf(account, scenario, now);
    Call call { .request = request,
        .path = path,
        .mishap = mishap,
        .now = now,
        .account = account,
        .windows = windowsFor(account, request) };
    http::ServerResponse reply;
    if (mishap.answer) {
        ++account.stats.scripted;
        reply = scriptedReply(call, *mishap.answer);
    } else if (mishap.isUnavailable) {
        ++account.stats.unavailable;
        reply = unavailable(call);
    } else if (mishap.isTokenRefused) {
        ++account.stats.unauthorized;
        reply = unauthorized(call);
    } else if (mishap.isThrottled) {
        ++account.stats.throttledByScenario;
        reply = throttled(call, std::chrono::seconds { 2 });
    } else if (mishap.fault == Fault::None || !mishap.isFaultBeforeWork) {
        reply = process(call);
    }
    if (mishap.fault != Fault::None)
        ++account.stats.faults;
    reply.fault = mishap.fault;
    reply.delay = mishap.delay;
    return reply;
}

http::ServerResponse PlatformModel::scriptedReply(Call& call, const ScriptedAnswer& answer) const
{
    http::ServerResponse reply = scripted(call, answer);
    if (!answer.retryAfter.empty())
        reply.headers.emplace_back("Retry-After", answer.retryAfter);
    reply.headers.insert(reply.headers.end(), answer.headers.begin(), answer.headers.end());
    if (!answer.body.empty()) {
        reply.body = answer.body;
        reply.contentType = answer.body.starts_with('<') ? "text/html" : "application/json";
    }
    return reply;
}

std::optional<Millis> PlatformModel::takeFromWindows(
    Call& call, std::int64_t records, std::string_view way)
{
    const auto isCounting = [&](const StrictWindow& window) {
        return window.rule().way.empty() || window.rule().way == way;
    };
    const auto countFor = [&](const StrictWindow& window) {
        return window.rule().unit == LimitUnit::Events ? records : 1;
    };
    const auto amountOf = [&](const StrictWindow& window) {
        const double amount = static_cast<double>(window.rule().amount) * call.mishap.limitShare;
        return std::max<std::int64_t>(std::llround(amount), 1);
    };
    for (StrictWindow* const window : call.windows) {
        const SteadyTime now = call.now.clockOf(window->rule());
        if (!isCounting(*window) || window->fits(countFor(*window), amountOf(*window), now))
            continue;
        call.refusedBy = window->rule().scope;
        return window->untilFits(countFor(*window), amountOf(*window), now);
    }
    for (StrictWindow* const window : call.windows) {
        if (isCounting(*window))
            window->take(countFor(*window), call.now.clockOf(window->rule()));
    }
    return std::nullopt;
}

http::ServerResponse PlatformModel::refuseThrottled(Call& call, Millis untilFree) const
{
    if (call.mishap.limitShare < 1)
        ++call.account.stats.throttledByScenario;
    else
        ++call.account.stats.throttledByWindow;
    return throttled(call, untilFree);
}

void PlatformModel::violation(Call& call, std::string_view what) const
{
    AccountStats& stats = call.account.stats;
    ++stats.violations;
    if (stats.samples.size() < kSamplesMax)
        stats.samples.emplace_back(what);
}

Ledger::Taken PlatformModel::accept(Call& call, const LedgerEntry& entry) const
{
    const auto taken = call.account.ledger.take(entry, call.now.steady);
    ++(taken == Ledger::Taken::New ? call.account.stats.accepted : call.account.stats.duplicates);
    return taken;
}

bool PlatformModel::isRefusedByScenario(
    Call& call, std::string_view id, std::string_view name, int perMille) const
{
    const bool isPurchase
        = call.mishap.arePurchasesRefused && platforms::canonicalName(name) == "purchase";
    if (!isPurchase && !isBadRecord(call.mishap.seed, id, perMille))
        return false;
    ++call.account.stats.refusedByScenario;
    return true;
}

bool PlatformModel::isKnownAccount(std::string_view account) const
{
    return m_options.accounts.empty()
        || std::find(m_options.accounts.begin(), m_options.accounts.end(), account)
        != m_options.accounts.end();
}

std::map<std::string, AccountStats> PlatformModel::stats() const
{
    std::map<std::string, AccountStats> all;
    for (const auto& [name, account] : m_accounts)
        all.emplace(name, account.stats);
    return all;
}

const Ledger* PlatformModel::ledger(const std::string& account) const
{
    const auto found = m_accounts.find(account);
    return found == m_accounts.end() ? nullptr : &found->second.ledger;
}

std::unique_ptr<PlatformModel> makeModel(const SimulatedPlatform& options, std::size_t ledgerMax)
{
    const auto* const found = std::find_if(std::begin(kModels), std::end(kModels),
        [&](const ModelRow& row) { return row.platform == options.platform; });
    return found == std::end(kModels) ? nullptr : found->make(options, ledgerMax);
}

http::ServerResponse jsonReply(int status, const Json& body)
{
    http::ServerResponse reply;
    reply.status = status;
    reply.body = body.dump();
    return reply;
}

std::string credentialLabel(std::string_view credential)
{
    constexpr std::size_t kDigits = 8; // enough to tell a handful of tokens apart
    return credential.empty() ? "?"
                              : "token-" + platforms::sha256Hex(credential).substr(0, kDigits);
}

std::int64_t numberIn(std::string_view code)
{
    std::int64_t number = 0;
    std::from_chars(code.data(), code.data() + code.size(), number);
    return number;
}

std::string memberText(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr ? value->text() : std::string {};
}

} // namespace engine::simulator
