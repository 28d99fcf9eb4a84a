#include "replay/delivery_facts.h"

#include "platforms/adapter.h"

namespace engine::replay {

store::DeliveryFacts factsOf(
    const Config& config, const ShardId& shard, const StoredEventPtr& event, WallTime now)
{
    const DestinationConfig* destination = config.destination(shard.destination);
    const platforms::Adapter* adapter
        = destination ? platforms::adapterFor(destination->platform) : nullptr;
    const auto canonical = platforms::toCanonical(event);
    if (!adapter || !canonical)
        return {};
    store::DeliveryFacts facts;
    if (const auto age = adapter->acceptedAge(*canonical, *destination))
        facts.expiresAt = event->eventTime + *age;
    const auto encoded = adapter->encode(
        *canonical, { .destination = destination, .account = shard.account, .now = now });
    if (const auto* record = std::get_if<platforms::Record>(&encoded))
        facts.personKey = record->personKey;
    return facts;
}

} // namespace engine::replay
