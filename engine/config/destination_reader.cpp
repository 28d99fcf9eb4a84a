#include "config/destination_reader.h"

#include "config/contract_parts.h"
#include "config/secrets.h"
#include "platforms/adapter.h"

#include <QRegularExpression>
#include <QUrl>

#include <algorithm>
#include <cmath>
#include <functional>

namespace engine::config {
namespace {

using namespace std::chrono_literals;

bool contains(const std::vector<std::string>& list, const std::string& value)
{
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::string join(const std::vector<std::string>& list)
{
    std::string text;
    for (const std::string& value : list)
        text += (text.empty() ? "" : ", ") + value;
    return text;
}

bool isFullMatch(const std::string& pattern, const std::string& text)
{
    const QRegularExpression expression(
        QRegularExpression::anchoredPattern(QString::fromStdString(pattern)));
    return expression.match(QString::fromStdString(text)).hasMatch();
}

void checkAccount(TomlTable& table, const PlatformSpec& spec, const std::string& account)
{
    if (!spec.accountPattern.empty() && !isFullMatch(spec.accountPattern, account))
        table.error("account",
            "\"" + account + "\" is no account of " + spec.title + ", which look like "
                + spec.accountPattern);
    if (account.size() > 256)
        table.error("account", "is longer than 256 bytes");
}

void readAccount(TomlTable& table, const PlatformSpec& spec, DestinationConfig& destination)
{
    // `account` is one account, or, beside account_from, the [[destination.account]] tables of
    // readAccounts().
    const bool isTables = table.hasTables("account");
    destination.account = isTables ? std::string {} : table.string("account").value_or("");
    destination.accountFrom = table.string("account_from").value_or("");
    destination.accountsMax = static_cast<int>(
        table.integer("accounts_max", 1, 100'000).value_or(destination.accountsMax));
    if (!destination.account.empty())
        checkAccount(table, spec, destination.account);
    if (!destination.account.empty() && !destination.accountFrom.empty())
        table.error("account_from", "stands beside account; give one of them");
    if (isTables && destination.accountFrom.empty())
        table.error("account",
            "[[destination.account]] needs account_from: which event belongs to which account");
    if (isTables || !destination.account.empty() || !destination.accountFrom.empty())
        return;
    if (spec.accountPattern.empty())
        destination.account = "default";
    else
        table.error("account",
            "missing: the account at " + spec.title + ", or account_from, a path into the event");
}

bool isLoopback(const QUrl& url)
{
    const QString host = url.host();
    return host == u"localhost" || host == u"::1" || host.startsWith(u"127.");
}

void readEndpoint(TomlTable& table, const PlatformSpec& spec, DestinationConfig& destination)
{
    destination.endpoint = table.string("endpoint").value_or(spec.endpoint);
    while (destination.endpoint.ends_with('/'))
        destination.endpoint.pop_back();
    if (destination.endpoint.empty()) {
        table.error("endpoint", "missing: " + spec.title + " has no address of its own");
        return;
    }
    const QUrl url(QString::fromStdString(destination.endpoint), QUrl::StrictMode);
    const bool isHttp = url.scheme() == u"http" || url.scheme() == u"https";
    if (!url.isValid() || !isHttp || url.host().isEmpty() || !url.userInfo().isEmpty()
        || url.hasFragment())
        table.error("endpoint",
            "expected an http:// or https:// address without user name or #, found \""
                + destination.endpoint + '"');
    else if (url.scheme() == u"http" && !isLoopback(url))
        table.warning("endpoint",
            "is clear text: whoever is on the way reads events and credentials; use https://");
}

void readContractOverrides(TomlTable& table, DestinationConfig& destination)
{
    Contract& contract = destination.contract;
    contract.timeout = table.duration("timeout", 100ms, 10min).value_or(contract.timeout);
    contract.connectTimeout
        = table.duration("connect_timeout", 10ms, 10min).value_or(contract.connectTimeout);
    contract.isAgeEnforced = table.boolean("enforce_age").value_or(contract.isAgeEnforced);
    if (const auto age = table.duration("accepted_age", 1s, 24h * 366))
        contract.acceptedAge = std::chrono::floor<Seconds>(*age);
    readRetry(table, contract.retry);
    if (auto limits = readLimits(table))
        contract.limits = std::move(*limits);
}

// The most records or requests, as `theirs` counts them, that pass in one of its periods under a
// limit of the file. A request carries one record at least and a batch at most.
double allowedBy(const Limit& limit, const Limit& theirs, double batch)
{
    const auto periods = std::ceil(static_cast<double>(theirs.period.count())
        / static_cast<double>(std::max<std::int64_t>(limit.period.count(), 1)));
    const bool isPerRequest = limit.unit == LimitUnit::Requests && theirs.unit == LimitUnit::Events;
    return static_cast<double>(limit.amount) * std::max(periods, 1.0) * (isPerRequest ? batch : 1);
}

// A limit of the file takes the place of the platform's list whole; whoever leaves one out, or
// writes a larger one, should know.
void warnWhereLooser(TomlTable& table, const PlatformSpec& spec, const std::vector<Limit>& theirs,
    const DestinationConfig& destination)
{
    const auto batch = static_cast<double>(destination.batch);
    for (const Limit& limit : theirs) {
        if (!limit.isEnabled || limit.amount == 0)
            continue;
        const auto isKept = [&](const Limit& own) {
            return own.isEnabled && own.amount > 0
                && allowedBy(own, limit, batch) <= static_cast<double>(limit.amount);
        };
        const std::vector<Limit>& own = destination.contract.limits;
        if (std::any_of(own.begin(), own.end(), isKept))
            continue;
        const double seconds = std::chrono::duration<double>(limit.period).count();
        if (destination.rate
            && *destination.rate * seconds * (limit.unit == LimitUnit::Events ? batch : 1)
                <= static_cast<double>(limit.amount))
            continue;
        table.warning("limit",
            "is looser than the contract of " + spec.title + ": " + std::to_string(limit.amount)
                + ' ' + toString(limit.unit) + " per " + toDurationText(limit.period));
    }
}

void readPace(TomlTable& table, const PlatformSpec& spec, DestinationConfig& destination)
{
    const auto most = largestBatch(destination.contract, destination.contract.batchRecords);
    const auto wanted
        = table.integer("batch", 1, destination.contract.batchRecords).value_or(spec.batchDefault);
    destination.batch = static_cast<int>(std::min(wanted, most));
    if (table.has("batch") && wanted > most)
        table.warning("batch",
            "a batch of " + std::to_string(wanted)
                + " could never pass the smallest limit on events; " + std::to_string(most)
                + " is used");
    const int documented = destination.contract.concurrency;
    destination.concurrency
        = static_cast<int>(table.integer("concurrency", 1, 10'000).value_or(documented));
    if (destination.concurrency > documented) {
        table.warning("concurrency",
            "is above the " + std::to_string(documented) + " that the contract of " + spec.title
                + " suggests");
        destination.contract.concurrencySource = CeilingSource::Configured;
    }
    destination.contract.concurrency = std::max(documented, destination.concurrency);
    const NumberRange rates { .min = 0, .max = 1'000'000, .isMinAllowed = false };
    destination.rate = table.has("rate") ? table.number("rate", rates) : spec.rate;
    destination.importRate
        = table.has("import_rate") ? table.number("import_rate", rates) : spec.importRate;
    destination.isAdaptive = table.boolean("adaptive").value_or(true);
    destination.startsPaused = table.oneOf("start", { "running", "paused" }) == "paused";
}

void readLanes(TomlTable& table, LaneShares& lanes)
{
    auto inner = table.table("lanes");
    if (!inner)
        return;
    lanes.live = static_cast<int>(inner->integer("live", 1, 100).value_or(lanes.live));
    lanes.retry = static_cast<int>(inner->integer("retry", 1, 100).value_or(lanes.retry));
    lanes.replay = static_cast<int>(inner->integer("replay", 1, 100).value_or(lanes.replay));
    inner->refuseUnknown();
}

// All waits of a record until its last failure.
Millis lifeOf(const RetryPolicy& retry)
{
    Millis sum { 0 };
    Millis wait = retry.base;
    for (int failure = 1; failure < retry.attempts; ++failure, wait = std::min(wait * 2, retry.cap))
        sum += std::min(wait, retry.cap);
    return sum;
}

// A breaker that opened later than records live in retry would march a backlog into the dead
// letters first: five attempts within 15 s are over before a minute is. With eight attempts it is a
// minute.
Millis silenceFor(const RetryPolicy& retry, const BreakerPolicy& usual)
{
    constexpr Millis kLeast = 5s;
    return std::clamp(lifeOf(retry) / 2, kLeast, std::max(usual.silence, kLeast));
}

void readBreaker(TomlTable& table, const RetryPolicy& retry, BreakerPolicy& breaker)
{
    breaker.silence = silenceFor(retry, breaker);
    auto inner = table.table("breaker");
    if (!inner)
        return;
    breaker.isEnabled = inner->boolean("enabled").value_or(breaker.isEnabled);
    breaker.silence = inner->duration("silence", 1s, 24h).value_or(breaker.silence);
    breaker.failures
        = static_cast<int>(inner->integer("failures", 1, 1'000'000).value_or(breaker.failures));
    breaker.probeFirst = inner->duration("probe_first", 100ms, 24h).value_or(breaker.probeFirst);
    breaker.probeMax = inner->duration("probe_max", 100ms, 24h).value_or(breaker.probeMax);
    inner->refuseUnknown();
}

void readNetwork(TomlTable& table, DestinationConfig& destination)
{
    if (const auto kind = table.oneOf("transport", { "curl", "qt" }))
        destination.transport = *kind == "qt" ? TransportKind::Qt : TransportKind::Curl;
    destination.network.caFile = table.string("ca_file").value_or("");
    destination.network.proxy = table.string("proxy").value_or("");
    destination.network.answerBytesMax
        = table.integer("answer_bytes_max", 1'024, 64LL * 1024 * 1024)
              .value_or(destination.network.answerBytesMax);
}

void readRouting(TomlTable& table, DestinationConfig& destination)
{
    destination.workspaces = table.strings("workspaces").value_or(std::vector<std::string> {});
    destination.events = table.strings("events").value_or(std::vector<std::string> {});
    for (auto& [name, value] : table.stringTable("event_names")) {
        if (value.empty())
            table.error("event_names." + name, "is empty: leave it out where no name is meant");
        else
            destination.eventNames.emplace(std::move(name), std::move(value));
    }
    for (TomlTable& inner : table.tables("where")) {
        RouteCondition condition { inner.string("path").value_or(""),
            inner.strings("values").value_or(std::vector<std::string> {}) };
        if (condition.path.empty() || condition.values.empty())
            inner.error("path",
                "a condition needs path, such as \"properties.country\", and values, a list of "
                "texts");
        inner.refuseUnknown();
        destination.where.push_back(std::move(condition));
    }
    if (const auto priority = table.oneOf("priority", { "high", "normal", "low" }))
        destination.priority = *priority == "high" ? Priority::High
            : *priority == "low"                   ? Priority::Low
                                                   : Priority::Normal;
}

void readAccounts(TomlTable& table, const PlatformSpec& spec, DestinationConfig& destination)
{
    if (!table.hasTables("account"))
        return;
    for (TomlTable& inner : table.tables("account")) {
        AccountConfig account;
        account.account = inner.string("account").value_or("");
        if (account.account.empty())
            inner.error("account", "missing: which account these settings are for");
        else
            checkAccount(inner, spec, account.account);
        account.credentials = readCredentials(inner, spec);
        account.limits = readLimits(inner);
        inner.refuseUnknown();
        destination.accounts.push_back(std::move(account));
    }
}

using Names = std::vector<std::string>;
using IsGiven = std::function<bool(const std::string&)>;

// The set of which something is given is the one that was meant; nothing given: the first.
void checkCredentialSets(TomlTable& table, const PlatformSpec& spec, const IsGiven& isGiven)
{
    const Names* meant = nullptr;
    for (const Names& set : spec.credentialSets) {
        if (std::all_of(set.begin(), set.end(), isGiven))
            return;
        if (meant == nullptr && std::any_of(set.begin(), set.end(), isGiven))
            meant = &set;
    }
    if (spec.credentialSets.empty())
        return;
    std::string choices;
    for (const Names& set : spec.credentialSets)
        choices += (choices.empty() ? "" : "; or ") + join(set);
    if (meant == nullptr)
        meant = &spec.credentialSets.front();
    const auto missing = std::find_if_not(meant->begin(), meant->end(), isGiven);
    table.error("credential." + *missing, "missing: " + spec.title + " needs " + choices);
}

void checkCredentials(
    TomlTable& table, const PlatformSpec& spec, const DestinationConfig& destination)
{
    // Accounts may bring their own; then only events of other accounts would lack them, and those
    // are told so.
    const auto isInEveryAccount = [&](const std::string& name) {
        return !destination.accounts.empty()
            && std::all_of(destination.accounts.begin(), destination.accounts.end(),
                [&](const AccountConfig& account) { return account.credentials.contains(name); });
    };
    const IsGiven isGiven = [&](const std::string& name) {
        return destination.credentials.contains(name) || isInEveryAccount(name);
    };
    for (const std::string& name : spec.credentials) {
        if (!isGiven(name))
            table.error("credential." + name,
                "missing: " + spec.title + " needs it, for example credential." + name
                    + " = \"env:NAME\"");
    }
    checkCredentialSets(table, spec, isGiven);
}

} // namespace

std::optional<SecretRef> readSecretRef(TomlTable& table, std::string_view key)
{
    const auto text = table.string(key);
    if (!text)
        return std::nullopt;
    auto ref = parseSecretRef(*text);
    if (ref)
        return *ref;
    table.error(key, ref.error().message);
    return std::nullopt;
}

std::map<std::string, SecretRef> readCredentials(TomlTable& table, const PlatformSpec& spec)
{
    std::map<std::string, SecretRef> credentials;
    auto inner = table.table("credential");
    if (!inner)
        return credentials;
    std::vector<std::string> names = spec.credentials;
    names.insert(names.end(), spec.optionalCredentials.begin(), spec.optionalCredentials.end());
    for (const std::vector<std::string>& set : spec.credentialSets)
        names.insert(names.end(), set.begin(), set.end());
    for (const std::string& name : names) {
        if (auto ref = readSecretRef(*inner, name))
            credentials.emplace(name, std::move(*ref));
    }
    inner->refuseUnknown();
    return credentials;
}

namespace {

std::optional<WarmUp> readWarmUp(TomlTable& table)
{
    auto inner = table.table("warm_up");
    if (!inner)
        return std::nullopt;
    WarmUp warmUp;
    if (const auto from = inner->time("from"))
        warmUp.from = *from;
    else if (!inner->has("from"))
        inner->error("from", "missing: when it starts, for example 2026-11-20T08:00:00Z");
    if (const auto over = inner->duration("over", Millis { 1'000 }, std::chrono::hours { 24 * 90 }))
        warmUp.over = std::chrono::floor<Seconds>(*over);
    else if (!inner->has("over"))
        inner->error("over", "missing: how long it takes, for example \"48h\"");
    inner->refuseUnknown();
    return warmUp;
}

// The chosen way into the platform stands among the options, where its adapter finds it.
const PlatformSpec& readApi(
    TomlTable& table, const PlatformSpec& platform, DestinationConfig& destination)
{
    if (platform.apis.empty())
        return platform;
    std::vector<std::string> names;
    for (const PlatformSpec& api : platform.apis)
        names.push_back(api.api);
    const std::string chosen = table.oneOf("api", names).value_or(names.front());
    destination.options.emplace("api", chosen);
    return *specFor(platform, chosen);
}

void readOptions(TomlTable& table, const PlatformSpec& spec, DestinationConfig& destination)
{
    for (const std::string& option : spec.options) {
        if (auto value = table.scalarText(option))
            destination.options.emplace(option, std::move(*value));
    }
    const platforms::Adapter* const adapter = platforms::adapterFor(destination.platform);
    if (adapter == nullptr) // a contract file for a platform that this version cannot speak to
        return;
    for (const platforms::OptionProblem& problem : adapter->checkOptions(destination)) {
        if (problem.isWarning)
            table.warning(problem.key, problem.message);
        else
            table.error(problem.key, problem.message);
    }
    const bool isUnmapped = adapter->nameRule(destination) == platforms::NameRule::Mapped
        && destination.eventNames.empty();
    if (isUnmapped)
        table.warning("event_names",
            "missing: " + spec.title
                + " has no names of its own, so only events come here whose routing names an id");
}

} // namespace

DestinationConfig readDestination(TomlTable& table, const PlatformSpecs& specs)
{
    DestinationConfig destination;
    destination.name = table.string("name").value_or("");
    if (!isFullMatch("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", destination.name))
        table.error("name",
            "expected 1 to 64 letters, digits, dots, dashes or underscores, found \""
                + destination.name + '"');
    else
        table.setPath("destination[" + destination.name + ']');
    std::vector<std::string> platforms;
    for (const auto& [name, spec] : specs)
        platforms.push_back(name);
    destination.platform = table.string("platform").value_or("");
    const auto found = specs.find(destination.platform);
    if (found == specs.end()) {
        table.error("platform",
            "expected one of " + join(platforms) + ", found \"" + destination.platform + '"');
        return destination;
    }
    const PlatformSpec& spec = readApi(table, found->second, destination);
    destination.contract = spec.contract;
    destination.priority = spec.priority;
    readAccount(table, spec, destination);
    readEndpoint(table, spec, destination);
    destination.credentials = readCredentials(table, spec);
    readAccounts(table, spec, destination);
    checkCredentials(table, spec, destination);
    readRouting(table, destination);
    const std::vector<Limit> theirs = destination.contract.limits;
    readContractOverrides(table, destination);
    readPace(table, spec, destination);
    if (table.has("limit"))
        warnWhereLooser(table, spec, theirs, destination);
    readLanes(table, destination.lanes);
    readBreaker(table, destination.contract.retry, destination.breaker);
    destination.warmUp = readWarmUp(table);
    readNetwork(table, destination);
    readOptions(table, spec, destination);
    if (contains(destination.events, ""))
        table.error("events", "an event name is empty");
    table.refuseUnknown();
    return destination;
}

} // namespace engine::config
