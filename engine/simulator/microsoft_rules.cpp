#include "simulator/microsoft_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace engine::simulator {
namespace {

using Violation = std::optional<MicrosoftViolation>;

constexpr std::chrono::hours kOfflineAge { 24 * 90 };
constexpr std::chrono::hours kUetAge { 24 * 7 };

Violation broken(std::int64_t code, std::string_view name, std::string_view field)
{
    return MicrosoftViolation {
        .code = code, .name = std::string(name), .field = std::string(field)
    };
}

bool isClickId(const Json& value)
{
    const std::string& text = value.text();
    return value.isString() && text.size() >= 2 && text.size() <= 512
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '_' || c == '.' || c == '~';
           });
}

bool isKnownKey(std::string_view key, std::initializer_list<std::string_view> known)
{
    return std::find(known.begin(), known.end(), key) != known.end();
}

// Neither null nor empty, at any depth.
bool isWhole(const Json& value)
{
    if (value.isNull() || (value.isString() && value.text().empty()))
        return false;
    const auto& members = value.members();
    const auto& items = value.items();
    return std::all_of(members.begin(), members.end(), [](const Json::Member& member) {
        return isWhole(member.second);
    }) && std::all_of(items.begin(), items.end(), isWhole);
}

// Written in UTC, with the Z.
std::optional<WallTime> parseUtc(const Json* value)
{
    if (!isText(value) || !value->text().ends_with('Z'))
        return std::nullopt;
    return parseIso8601(value->text());
}

Violation checkUser(const Json& user)
{
    for (const auto& [key, value] : user.members()) {
        const bool isHashed = key == "em" || key == "ph";
        if (!isKnownKey(key,
                { "em", "ph", "msclkid", "anonymousId", "externalId", "clientIpAddress",
                    "clientUserAgent", "gaid", "idfa" }))
            return broken(0, "UnknownProperty", "userData." + key);
        if (isHashed ? !isHash(value) : !isText(&value))
            return broken(0, "InvalidProperty", "userData." + key);
        if (key == "msclkid" && !isClickId(value))
            return broken(0, "InvalidProperty", "userData." + key);
    }
    const bool isFound
        = std::any_of(user.members().begin(), user.members().end(), [](const Json::Member& member) {
              return member.first != "clientIpAddress" && member.first != "clientUserAgent";
          });
    const bool hasBrowser
        = user.find("clientIpAddress") != nullptr && user.find("clientUserAgent") != nullptr;
    if (!isFound && !hasBrowser)
        return broken(0, "MissingProperty", "userData");
    return std::nullopt;
}

} // namespace

Violation checkOfflineConversion(const Json& conversion, WallTime now)
{
    if (!conversion.isObject())
        return broken(5'602, "OfflineConversionNull", "");
    for (const auto& [key, value] : conversion.members()) {
        const bool isKnown = isKnownKey(key,
            { "MicrosoftClickId", "ConversionName", "ConversionTime", "ConversionValue",
                "ConversionCurrencyCode", "HashedEmailAddress", "HashedPhoneNumber",
                "ExternalAttributionCredit", "ExternalAttributionModel" });
        if (!isKnown || !isWhole(value))
            return broken(100, "NullRequest", key);
    }
    const Json* const click = conversion.find("MicrosoftClickId");
    const Json* const email = conversion.find("HashedEmailAddress");
    const Json* const phone = conversion.find("HashedPhoneNumber");
    if (click == nullptr && email == nullptr && phone == nullptr)
        return broken(5'603, "OfflineConversionMicrosoftClickIdNullOrEmpty", "MicrosoftClickId");
    const bool areHashes
        = (email == nullptr || isHash(*email)) && (phone == nullptr || isHash(*phone));
    if ((click != nullptr && !isClickId(*click)) || !areHashes)
        return broken(5'604, "OfflineConversionMicrosoftClickIdInvalid", "MicrosoftClickId");
    if (!isText(conversion.find("ConversionName")))
        return broken(5'605, "OfflineConversionNameNullOrEmpty", "ConversionName");
    const Json* const time = conversion.find("ConversionTime");
    if (time == nullptr)
        return broken(5'608, "OfflineConversionTimeNullOrEmpty", "ConversionTime");
    const auto at = parseUtc(time);
    if (!at)
        return broken(5'607, "OfflineConversionTimeInvalid", "ConversionTime");
    if (*at > now)
        return broken(5'614, "FutureConversionTimeCannotBeSet", "ConversionTime");
    if (now - *at > kOfflineAge)
        return broken(5'609, "OfflineConversionTimeOutOfWindow", "ConversionTime");
    const Json* const value = conversion.find("ConversionValue");
    if (value != nullptr && !value->isNumber())
        return broken(5'610, "OfflineConversionValueInvalid", "ConversionValue");
    const Json* const currency = conversion.find("ConversionCurrencyCode");
    if (currency != nullptr && !isCurrencyCode(currency))
        return broken(5'611, "OfflineConversionCurrencyCodeInvalid", "ConversionCurrencyCode");
    return std::nullopt;
}

Violation checkUetEvent(const Json& event, WallTime now)
{
    if (!event.isObject() || !isWhole(event))
        return broken(0, "InvalidEvent", "");
    for (const auto& [key, value] : event.members()) {
        if (!isKnownKey(key,
                { "eventType", "eventName", "eventTime", "eventId", "eventSourceUrl",
                    "adStorageConsent", "userData", "customData" }))
            return broken(0, "UnknownProperty", key);
    }
    const Json* const type = event.find("eventType");
    if (type == nullptr || (type->text() != "pageLoad" && type->text() != "custom"))
        return broken(0, "InvalidProperty", "eventType");
    if (!isText(event.find("eventName")) || !isText(event.find("eventId")))
        return broken(0, "MissingProperty", "eventName");
    const Json* const time = event.find("eventTime");
    const auto seconds = time != nullptr && time->isNumber() ? time->asInt() : std::nullopt;
    constexpr std::int64_t kSecondsMax = 99'999'999'999; // beyond that it is not seconds
    if (!seconds || *seconds < 0 || *seconds > kSecondsMax)
        return broken(0, "InvalidProperty", "eventTime");
    const WallTime at = fromUnixMicros(0) + Seconds { *seconds };
    if (now - at > kUetAge + Seconds { 1 } || at - now > std::chrono::minutes { 1 })
        return broken(0, "OutOfRange", "eventTime");
    const Json* const consent = event.find("adStorageConsent");
    if (consent != nullptr && consent->text() != "G" && consent->text() != "D")
        return broken(0, "InvalidProperty", "adStorageConsent");
    const Json* const user = event.find("userData");
    if (user == nullptr || !user->isObject())
        return broken(0, "MissingProperty", "userData");
    const Json* const value = event.at("customData.value");
    if (value != nullptr && !value->isNumber())
        return broken(0, "InvalidProperty", "customData.value");
    const Json* const currency = event.at("customData.currency");
    if (currency != nullptr && !isCurrencyCode(currency))
        return broken(0, "InvalidProperty", "customData.currency");
    return checkUser(*user);
}

} // namespace engine::simulator
