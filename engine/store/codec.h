// Numbers and bytes on disk that SQL does not name: the hash of an event id and the keys of a
// request in flight. Never change either: files hold them.
#pragma once

#include "core/delivery.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::store {

// FNV-1a over the bytes with a final mix, because FNV's high bits alone are weak in short keys.
[[nodiscard]] std::int64_t hashOfId(std::string_view eventId);

// A batch of 100 keys takes about 600 bytes: lane, then rank and seq as signed differences from the
// key before, seven bits a byte.
[[nodiscard]] std::string encodeKeys(std::span<const DeliveryKey> keys);
[[nodiscard]] std::optional<std::vector<DeliveryKey>> decodeKeys(std::string_view bytes);

} // namespace engine::store
