// One event in the form of the Meta Conversions API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

namespace engine::platforms {

// Does the event hold a key, or a set of keys, by which Meta can find a person?
[[nodiscard]] bool hasMetaIdentifier(const CanonicalEvent& event);

// The element of "data". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json metaPayload(
    const CanonicalEvent& event, const EncodeContext& context, Fields& fields);

} // namespace engine::platforms
