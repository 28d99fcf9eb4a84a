#include "simulator/x_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

constexpr std::array<std::string_view, 10> kMembers { "conversion_time", "event_id", "identifiers",
    "conversion_id", "value", "price_currency", "number_items", "description", "search_string",
    "contents" };
constexpr std::array<std::string_view, 5> kIdentifiers { "twclid", "hashed_email",
    "hashed_phone_number", "ip_address", "user_agent" };
constexpr std::array<std::string_view, 6> kContent { "content_id", "content_name", "content_type",
    "content_price", "num_items", "content_group_id" };

using Violation = std::optional<XViolation>;

XViolation invalid(std::string message) { return { "INVALID_PARAMETER", std::move(message) }; }
XViolation missing(std::string message) { return { "MISSING_PARAMETER", std::move(message) }; }

bool isDecimal(const Json& value)
{
    return value.isNumber()
        || (value.isString() && !value.text().empty()
            && value.text().find_first_not_of("-.0123456789") == std::string::npos
            && value.asDouble().has_value());
}

// yyyy-MM-ddTHH:mm:ss.SSSZ, and nothing else.
Violation checkTime(const Json& conversion, WallTime now)
{
    const Json* const time = conversion.find("conversion_time");
    if (!isText(time))
        return missing("conversion_time is required");
    const std::string& text = time->text();
    const auto parsed = parseIso8601(text);
    const bool isForm = text.size() == 24 && text[10] == 'T' && text[19] == '.' && text[23] == 'Z';
    if (!parsed || !isForm)
        return invalid("conversion_time (" + text + ") is not in the expected format");
    // Ahead of all clocks: nothing is published, so only what can be no conversion is refused.
    if (*parsed > now + std::chrono::hours { 24 })
        return invalid("conversion_time (" + text + ") lies in the future");
    return std::nullopt;
}

Violation checkIdentifiers(const Json* identifiers)
{
    if (identifiers == nullptr || !identifiers->isArray())
        return missing("At least one user identifier must be provided");
    bool isFindable = false;
    for (const Json& one : identifiers->items()) {
        if (!one.isObject() || one.members().empty())
            return invalid("identifiers must hold objects");
        for (const auto& [key, value] : one.members()) {
            if (!isOneOf(kIdentifiers, key))
                return invalid(key + " is not a known identifier");
            if (!isText(&value))
                return invalid(key + " must be text");
            const bool isHashed = key.starts_with("hashed_");
            if (isHashed && !isHashText(value.text()))
                return invalid(key + " (" + value.text() + ") is not a valid SHA-256 hash");
            isFindable = isFindable || isHashed || key == "twclid";
        }
    }
    if (!isFindable)
        return invalid("At least one user identifier must be provided");
    return std::nullopt;
}

Violation checkContents(const Json* contents)
{
    if (contents == nullptr)
        return std::nullopt;
    if (!contents->isArray() || contents->items().empty())
        return invalid("contents must be a list");
    for (const Json& content : contents->items()) {
        for (const auto& [key, value] : content.members()) {
            if (!isOneOf(kContent, key))
                return invalid("contents." + key + " is not known");
            if (key == "num_items"           ? !isWholeNumber(&value)
                    : key == "content_price" ? !isDecimal(value)
                                             : !isText(&value))
                return invalid("contents." + key + " is not valid");
        }
    }
    return std::nullopt;
}

Violation checkValue(const Json& conversion)
{
    const Json* const value = conversion.find("value");
    if (value != nullptr && !isDecimal(*value))
        return invalid("value (" + value->text() + ") is not a number");
    if (const Json* const currency = conversion.find("price_currency")) {
        const std::string& code = currency->text();
        if (code.size() != 3 || code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != code.npos)
            return invalid("price_currency (" + code + ") is not a currency");
    }
    const Json* const count = conversion.find("number_items");
    if (count != nullptr && !isWholeNumber(count))
        return invalid("number_items is not a whole number");
    return std::nullopt;
}

} // namespace

std::optional<XViolation> checkXConversion(const Json& conversion, WallTime now)
{
    if (!conversion.isObject())
        return invalid("conversions must hold objects");
    for (const auto& [key, value] : conversion.members()) {
        if (!isOneOf(kMembers, key))
            return invalid(key + " is not known");
    }
    if (!isText(conversion.find("event_id")))
        return missing("event_id is required");
    for (const std::string_view key : { "conversion_id", "description", "search_string" }) {
        if (conversion.find(key) != nullptr && !isText(conversion.find(key)))
            return invalid(std::string(key) + " must be text");
    }
    if (auto violation = checkTime(conversion, now))
        return violation;
    if (auto violation = checkIdentifiers(conversion.find("identifiers")))
        return violation;
    if (auto violation = checkValue(conversion))
        return violation;
    return checkContents(conversion.find("contents"));
}

} // namespace engine::simulator
