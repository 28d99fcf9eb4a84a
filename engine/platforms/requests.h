// What requests to platforms have in common. Pure; any thread.
#pragma once

#include "platforms/adapter.h"

#include <span>
#include <string>
#include <string_view>

namespace engine::platforms {

// RFC 3986: everything but unreserved characters is encoded, so the text is one path segment or
// one query value.
[[nodiscard]] std::string percentEncoded(std::string_view text);

// The value of a secret, or BadRequest naming it when it is missing, empty, or holds a line break
// (which would let it write headers).
[[nodiscard]] Result<std::string> secretValue(const Secrets& secrets, std::string_view name);

[[nodiscard]] std::string basicAuthorization(std::string_view user, std::string_view password);

// JSON headers, user agent and the contract's timeouts.
[[nodiscard]] HttpRequest jsonRequest(
    const EncodeContext& context, std::string method, std::string url);

// "[a,b]", "{…}" around the bodies of records.
[[nodiscard]] std::string joinedBodies(
    std::span<const Record> records, std::string_view before, std::string_view after);

[[nodiscard]] std::string optionOf(
    const DestinationConfig& destination, std::string_view name, std::string_view fallback = {});

// The value of a record's route entry; empty when it has none.
[[nodiscard]] std::string_view routeOf(const Record& record, std::string_view name);

// The record, or a refusal when it alone is larger than the contract allows.
[[nodiscard]] Encoded withinRecordBytes(
    Record record, const Contract& contract);

} // namespace engine::platforms
