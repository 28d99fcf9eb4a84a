#include "config/config_file.h"
#include "platforms/adapter.h"
#include "platforms/event_names.h"

#include <sstream>

namespace engine::config {
namespace {

const char* wordsFor(CeilingSource source)
{
    switch (source) {
    case CeilingSource::Documented:
        return "documented by the platform";
    case CeilingSource::Integrations:
        return "seen in public integrations";
    case CeilingSource::Operator:
        return "operations view, not a promise of the platform";
    case CeilingSource::Advice:
        return "advice, the platform publishes no number";
    case CeilingSource::Unverified:
        return "unverified, try it on a live account";
    case CeilingSource::Configured:
        return "configured";
    case CeilingSource::Learned:
    case CeilingSource::Header:
    case CeilingSource::Unknown:
        break;
    }
    return "source unknown";
}

void describeLimit(std::ostream& out, const Limit& limit)
{
    out << "    limit      ";
    if (limit.amount > 0)
        out << limit.amount << ' ' << toString(limit.unit) << " per "
            << toDurationText(limit.period);
    else
        out << toString(limit.unit) << " as the answer's headers say";
    out << ", " << toString(limit.kind) << ", per " << toString(limit.scope);
    if (!limit.pool.empty())
        out << ", counted apart for " << limit.pool;
    out << " (" << wordsFor(limit.source) << ')';
    out << (limit.isEnabled ? "\n" : ", switched off\n");
}

// What the destination takes and leaves lying, because nothing leads it to a name or id of the
// platform's.
void describeNames(std::ostream& out, const DestinationConfig& destination)
{
    const platforms::Adapter* const adapter = platforms::adapterFor(destination.platform);
    const auto rule
        = adapter != nullptr ? adapter->nameRule(destination) : platforms::NameRule::Any;
    if (rule == platforms::NameRule::Any)
        return;
    std::string names;
    for (const std::string& name : platforms::unmappedNames(destination, rule))
        names += (names.empty() ? "" : ", ") + name;
    // Where the events are listed these are all; else a sender may have names of his own.
    if (destination.events.empty())
        names += std::string(names.empty() ? "" : ", ") + "names of your own without event_names";
    if (!names.empty())
        out << "    not routed " << names << '\n';
}

const char* keptWhere(const SecretRef& ref)
{
    switch (ref.kind) {
    case SecretRef::Kind::Env:
        return "the data directory, because an environment variable cannot be written";
    case SecretRef::Kind::File:
        return "that file";
    case SecretRef::Kind::Keychain:
        return "that entry of the keychain";
    case SecretRef::Kind::None:
        break;
    }
    return "nothing";
}

void describeDestination(std::ostream& out, const DestinationConfig& destination)
{
    const Contract& contract = destination.contract;
    out << "destination " << destination.name << "\n    platform   " << destination.platform
        << "\n    account    "
        << (destination.accountFrom.empty() ? destination.account
                                            : "from " + destination.accountFrom)
        << "\n    endpoint   " << destination.endpoint << "\n    priority   "
        << toString(destination.priority) << "\n    batch      " << destination.batch
        << " (contract " << contract.batchRecords << ", " << wordsFor(contract.batchSource)
        << ")\n    in flight  " << destination.concurrency << " (contract " << contract.concurrency
        << ", " << wordsFor(contract.concurrencySource)
        << (contract.concurrencyScope
                   ? std::string(", shared by all of the ") + toString(*contract.concurrencyScope)
                   : std::string())
        << ")\n";
    describeNames(out, destination);
    if (destination.rate)
        out << "    rate       " << *destination.rate << " requests/s\n";
    for (const Limit& limit : contract.limits)
        describeLimit(out, limit);
    out << "    retry      " << contract.retry.attempts << " attempts, "
        << toDurationText(contract.retry.base) << " doubling to "
        << toDurationText(contract.retry.cap) << ", jitter " << contract.retry.jitter << '\n';
    const BreakerPolicy& breaker = destination.breaker;
    if (breaker.isEnabled)
        out << "    breaker    opens after " << toDurationText(breaker.silence)
            << " without an accepted record and " << breaker.failures << " failed requests\n";
    else
        out << "    breaker    none\n";
    if (contract.acceptedAge)
        out << "    age        " << toDurationText(*contract.acceptedAge)
            << (contract.isAgeEnforced ? ", enforced\n" : ", advisory\n");
    out << "    dedup      "
        << (contract.dedupField.empty() ? "none: an unanswered request is not sent again"
                                        : contract.dedupField);
    if (contract.dedupWindow)
        out << ", " << toDurationText(*contract.dedupWindow);
    out << '\n';
    for (const auto& [name, ref] : destination.credentials)
        out << "    credential " << name << " = " << toString(ref)
            << (ref.kind == SecretRef::Kind::Env ? " (read at start only)\n" : "\n");
    const auto refresh = destination.credentials.find("refresh_token");
    if (refresh != destination.credentials.end())
        out << "    if the platform replaces the refresh token, the new one is kept in "
            << keptWhere(refresh->second) << '\n';
}

} // namespace

std::string describe(const Config& config)
{
    std::ostringstream out;
    out << "ingress  " << config.ingress.listen.host << ':' << config.ingress.listen.port
        << "\ncontrol  " << config.control.listen.host << ':' << config.control.listen.port << '\n';
    for (const WorkspaceConfig& workspace : config.workspaces) {
        out << "workspace " << workspace.name << "  tier " << workspace.tier << ": "
            << workspace.rate << " events/s, burst " << workspace.burst << ", "
            << (workspace.monthlyCap > 0 ? std::to_string(workspace.monthlyCap) + " a month"
                                         : std::string("no monthly cap"))
            << ", over it " << (workspace.overLimit == OverLimit::Defer ? "defer" : "reject")
            << '\n';
    }
    for (const DestinationConfig& destination : config.destinations)
        describeDestination(out, destination);
    return out.str();
}

std::vector<NamedSecret> namedSecrets(const Config& config)
{
    std::vector<NamedSecret> named;
    const auto add = [&](std::string where, const SecretRef& ref) {
        if (ref.isSet())
            named.push_back({ .where = std::move(where), .ref = ref });
    };
    add("control.key", config.control.key);
    add("control.metrics_key", config.control.metricsKey);
    for (const WorkspaceConfig& workspace : config.workspaces) {
        for (const SecretRef& key : workspace.writeKeys)
            add("workspace[" + workspace.name + "].write_key", key);
    }
    for (const DestinationConfig& destination : config.destinations) {
        for (const auto& [name, ref] : destination.credentials)
            add("destination[" + destination.name + "].credential." + name, ref);
        for (const AccountConfig& account : destination.accounts) {
            for (const auto& [name, ref] : account.credentials)
                add("destination[" + destination.name + "]." + account.account + ".credential."
                        + name,
                    ref);
        }
    }
    return named;
}

} // namespace engine::config
