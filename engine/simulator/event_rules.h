// What platforms ask of the values in a request, whichever they are. Written from the platforms'
// side, apart from the adapters: the two check each other. Pure; any thread.
#pragma once

#include "core/json.h"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace engine::simulator {

[[nodiscard]] bool isText(const Json* value); // a string that says something
[[nodiscard]] bool isHashText(std::string_view text); // SHA-256 in lower case hex
[[nodiscard]] bool isHash(const Json& value);
[[nodiscard]] bool isHashList(const Json& value); // an array of such, not empty
[[nodiscard]] bool isWholeNumber(const Json* value);
[[nodiscard]] bool isDecimalText(const Json* value); // "99.90"
[[nodiscard]] bool isCurrencyCode(const Json* value); // "EUR"
[[nodiscard]] bool isOneOf(std::span<const std::string_view> names, std::string_view name);

// What a member of an object may be: its name and its kind.
using ValueRule = bool (*)(const Json& value);
struct MemberRule {
    std::string_view name {};
    ValueRule isRight { nullptr };
};
[[nodiscard]] bool isTextValue(const Json& value);
[[nodiscard]] bool isTextOrNumber(const Json& value);
[[nodiscard]] bool isNumberValue(const Json& value);
[[nodiscard]] bool isWholeValue(const Json& value);
[[nodiscard]] bool isDecimalValue(const Json& value); // in a text
[[nodiscard]] bool isFlagValue(const Json& value);
[[nodiscard]] bool isObjectValue(const Json& value);
[[nodiscard]] bool isListValue(const Json& value);
[[nodiscard]] bool isTextList(const Json& value); // of texts that say something
[[nodiscard]] bool isObjectList(const Json& value);
[[nodiscard]] bool isCurrencyValue(const Json& value);

// The first member that has no rule or breaks it; absent: each has its rule and keeps it.
struct MemberFault {
    std::string name {};
    std::string rule {}; // "is unknown", "has the wrong form"
};
[[nodiscard]] std::optional<MemberFault> memberFault(
    const Json& object, std::span<const MemberRule> rules);
// The first member that has another name; absent: there is none.
[[nodiscard]] std::optional<std::string> strangerIn(
    const Json& object, std::initializer_list<std::string_view> names);

// The path of the first value that is null or empty (text, list, object); absent: there is none.
// Below the paths in `positional` empty texts hold a place.
[[nodiscard]] std::optional<std::string> emptyValueIn(
    const Json& value, std::span<const std::string_view> positional = {});

// "Bearer x" → "x"; empty where there is no such header.
[[nodiscard]] std::string bearerOf(std::optional<std::string_view> authorization);

} // namespace engine::simulator
