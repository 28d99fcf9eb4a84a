// "Why is this waiting?": the gates between a delivery and its request. Pure.
#pragma once

#include <engine/pages.h>
#include <engine/snapshot.h>

namespace engine {

// Fills EventDelivery::gates of everything that waits, from the gates that delivery itself reports
// for the shard and from what is known of the delivery: its lane, due time and replay job. The gate
// that opens last comes first; those that only an operator or a platform can open come before it.
void addGates(EventPage& page, const EngineSnapshot& snapshot);

} // namespace engine
