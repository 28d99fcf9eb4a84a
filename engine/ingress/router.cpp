#include "ingress/router.h"

#include "core/unknown_account.h"
#include "platforms/accounts.h"

#include <algorithm>
#include <unordered_set>

namespace engine::ingress {
namespace {

// By then its first event has made a shard that everybody knows of.
constexpr std::chrono::minutes kFreshFor { 1 };

bool isIn(const std::vector<std::string>& list, std::string_view text)
{
    return list.empty() || std::find(list.begin(), list.end(), text) != list.end();
}

bool isMet(const RouteCondition& condition, const Json& json)
{
    const Json* const value = json.at(condition.path);
    if (value == nullptr || value->isNull() || value->isObject() || value->isArray())
        return false;
    const std::string text = value->isBool() ? value->dump() : value->text();
    return std::find(condition.values.begin(), condition.values.end(), text)
        != condition.values.end();
}

} // namespace

PlatformPort builtInPlatforms()
{
    return { .adapterFor = platforms::adapterFor, .canonicalName = platforms::canonicalName };
}

bool KnownAccounts::admit(const std::string& destination, const std::string& account,
    std::size_t accountsMax, WallTime now)
{
    auto& accounts = m_accounts[destination];
    if (accounts.contains(account))
        return true;
    if (accounts.size() >= accountsMax && m_refusals++ % kRefusalsPerLook == 0)
        forgetRetired(destination, now);
    if (accounts.size() >= accountsMax)
        return false;
    accounts[account] = { .since = now };
    return true;
}

void KnownAccounts::forgetRetired(const std::string& destination, WallTime now)
{
    if (!m_live)
        return;
    std::unordered_set<std::string> live;
    for (const ShardId& shard : m_live()) {
        if (shard.destination == destination)
            live.insert(shard.account);
    }
    auto& accounts = m_accounts[destination];
    std::erase_if(accounts, [&](const auto& entry) {
        const Known& known = entry.second;
        const bool isFresh = !known.wasLive && now - known.since < kFreshFor;
        return !live.contains(entry.first) && !isFresh;
    });
    for (auto& [account, known] : accounts)
        known.wasLive = known.wasLive || live.contains(account);
}

Router::Router(std::shared_ptr<const Config> config, const PlatformPort& platforms)
    : m_config(std::move(config))
    , m_canonicalName(platforms.canonicalName)
{
    for (const DestinationConfig& destination : m_config->destinations) {
        Target target { .destination = &destination,
            .adapter = platforms.adapterFor(destination.platform) };
        for (const std::string& name : destination.events) {
            target.names.insert(name);
            target.names.insert(m_canonicalName(name));
        }
        m_targets.push_back(std::move(target));
    }
}

void Router::route(NewEvent& event, Json json, KnownAccounts& accounts) const
{
    // What adapters look at. The payload is lent and taken back: copying it would cost as much as
    // all the rest of routing.
    const auto stored = std::make_shared<StoredEvent>();
    stored->workspace = event.workspace;
    stored->eventId = event.eventId;
    stored->name = event.name;
    stored->type = event.type;
    stored->eventTime = event.eventTime;
    stored->isEventTimeAssigned = event.isEventTimeAssigned;
    stored->isEventIdGenerated = event.isEventIdGenerated;
    stored->receivedAt = event.receivedAt;
    stored->payload = std::move(event.payload);
    const platforms::CanonicalEvent canonical { .stored = stored,
        .json = std::move(json),
        .canonicalName
        = event.type == EventType::Page ? std::string("page_view") : m_canonicalName(event.name) };

    bool isAnybodyAsking = false;
    for (const Target& target : m_targets) {
        if (!isAsked(target, event, canonical))
            continue;
        isAnybodyAsking = true;
        const std::string& name = target.destination->name;
        if (target.adapter == nullptr) {
            event.unrouted.emplace_back(name, "unknown_platform");
        } else if (auto refusal = target.adapter->unroutable(canonical, *target.destination)) {
            event.unrouted.emplace_back(name, std::move(refusal->reason));
        } else {
            event.deliveries.push_back(deliveryFor(target, event, canonical, accounts));
        }
    }
    if (!isAnybodyAsking)
        event.unrouted.emplace_back("", "no_destination");
    event.payload = std::move(stored->payload);
}

bool Router::isAsked(
    const Target& target, const NewEvent& event, const platforms::CanonicalEvent& canonical)
{
    if (!isIn(target.destination->workspaces, event.workspace))
        return false;
    if (!target.names.empty() && !target.names.contains(event.name)
        && !target.names.contains(canonical.canonicalName))
        return false;
    const auto& where = target.destination->where;
    return std::all_of(where.begin(), where.end(),
        [&](const RouteCondition& condition) { return isMet(condition, canonical.json); });
}

NewDelivery Router::deliveryFor(const Target& target, const NewEvent& event,
    const platforms::CanonicalEvent& canonical, KnownAccounts& accounts)
{
    const DestinationConfig& destination = *target.destination;
    NewDelivery delivery;
    delivery.shard = { destination.name, destination.account };
    delivery.dueAt = event.receivedAt;
    if (const auto age = target.adapter->acceptedAge(canonical, destination))
        delivery.expiresAt = event.eventTime + *age;
    delivery.personKey = target.adapter->personKey(canonical, destination);
    if (destination.accountFrom.empty())
        return delivery;

    auto account = platforms::accountIn(canonical.json, destination, *target.adapter);
    if (account
        && !accounts.admit(destination.name, *account,
            static_cast<std::size_t>(destination.accountsMax), event.receivedAt))
        account = tl::unexpected(platforms::tooManyAccounts(destination));
    if (!account)
        delivery.deadReason = account.error().message;
    delivery.shard.account = account ? std::move(*account) : std::string(kUnknownAccount);
    return delivery;
}

} // namespace engine::ingress
