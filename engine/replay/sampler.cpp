#include "replay/sampler.h"

#include "platforms/adapter.h"

namespace engine::replay {

ReplaySample sampleOf(
    const Config& config, const store::SampleRow& row, const std::string& encoderNow, WallTime now)
{
    ReplaySample sample { .shard = row.shard,
        .eventId = row.event->eventId,
        .eventTime = row.event->eventTime,
        .before = row.record,
        .encoderBefore = row.encoder,
        .encoderNow = encoderNow };
    const DestinationConfig* destination = config.destination(row.shard.destination);
    const platforms::Adapter* adapter
        = destination ? platforms::adapterFor(destination->platform) : nullptr;
    if (adapter == nullptr) {
        sample.problem = "the destination is not in the configuration";
        return sample;
    }
    const auto canonical = platforms::toCanonical(row.event);
    if (!canonical) {
        sample.problem = canonical.error().message;
        return sample;
    }
    const auto encoded = adapter->encode(
        *canonical, { .destination = destination, .account = row.shard.account, .now = now });
    if (const auto* record = std::get_if<platforms::Record>(&encoded))
        sample.after = record->body;
    else if (const auto* refusal = std::get_if<platforms::Refusal>(&encoded))
        sample.problem = refusal->text();
    else
        sample.problem = std::get<platforms::TooRecent>(encoded).reason;
    return sample;
}

} // namespace engine::replay
