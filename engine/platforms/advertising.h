// What a canonical event looks like to an advertising platform of the common kind: where it
// happened, who it was, what was bought. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string>
#include <vector>

namespace engine::platforms {

// website, app, physical_store, …: what the event says, else the destination's option
// action_source, else what can be told from the event. Empty where nothing tells.
[[nodiscard]] std::string actionSourceOf(
    const CanonicalEvent& event, const DestinationConfig& destination);

// The match keys that travel hashed, each as an array of one: em, ph, fn, ln, ct, st, zp, country,
// db, ge, external_id. The names that Meta gave them are those of Pinterest and Snapchat too.
void addHashedKeys(Json& user, Fields& fields);

// The advertising id of the device: Apple's, else Google's.
[[nodiscard]] std::string_view advertisingIdOf(Fields& fields);

enum class DeviceSystem : std::uint8_t { Unknown, Apple, Android };
[[nodiscard]] DeviceSystem deviceSystemOf(Fields& fields);
[[nodiscard]] bool isTrackingAuthorized(Fields& fields);
// "extinfo": sixteen positional texts, for a known system; what we do not know stays empty because
// the position counts.
[[nodiscard]] Json extendedDeviceInfo(Fields& fields);

// The person limits what their data is used for, or does not want ads made for them.
[[nodiscard]] bool isUseLimited(Fields& fields);

// data_processing_options: ["LDU"] with the codes of country and state.
void addLimitedDataUse(Json& data, Fields& fields);

// A purchase needs what it was worth.
void requireValue(const Json& custom, Fields& fields);

// Decimals keep the digits that were given; empty: none.
struct Item {
    std::string id {};
    std::string name {};
    std::string brand {};
    std::string category {};
    std::string price {};
    std::int64_t quantity { 1 };
};
// Items without an id can not be matched with a catalogue, so they stay out.
[[nodiscard]] std::vector<Item> itemsOf(const CanonicalEvent& event, Fields& fields);

} // namespace engine::platforms
