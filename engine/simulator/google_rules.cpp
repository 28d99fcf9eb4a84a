#include "simulator/google_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace engine::simulator {
namespace {

using Violation = std::optional<GoogleViolation>;

constexpr std::string_view kUpload = "conversionUploadError";
constexpr std::chrono::hours kClickMinAge { 6 };
constexpr std::chrono::hours kClickMaxAge { 24 * 90 };

Violation unreadable(std::string_view field, std::string_view why)
{
    return GoogleViolation { .field = std::string(field), .message = std::string(why) };
}

Violation broken(
    std::string_view group, std::string_view value, std::string_view field, std::string_view why)
{
    return GoogleViolation { .group = std::string(group),
        .value = std::string(value),
        .field = std::string(field),
        .message = std::string(why) };
}

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isClickId(std::string_view text)
{
    return text.size() >= 2 && text.size() <= 512
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '_' || c == '.' || c == '~';
           });
}

std::optional<int> numberAt(std::string_view text, std::size_t from, std::size_t count)
{
    int value = 0;
    const std::string_view digits = text.substr(from, count);
    if (!isDigits(digits))
        return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// "2026-10-09 12:34:56+02:00", and nothing else.
std::optional<WallTime> parseDateTime(std::string_view text)
{
    constexpr std::string_view kForm = "0000-00-00 00:00:00+00:00";
    if (text.size() != kForm.size())
        return std::nullopt;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const bool isSign = i == 19 && (text[i] == '+' || text[i] == '-');
        const bool isDigit = kForm[i] == '0' && text[i] >= '0' && text[i] <= '9';
        if (!isSign && !isDigit && text[i] != kForm[i])
            return std::nullopt;
    }
    const std::chrono::year_month_day date { std::chrono::year { *numberAt(text, 0, 4) },
        std::chrono::month { static_cast<unsigned>(*numberAt(text, 5, 2)) },
        std::chrono::day { static_cast<unsigned>(*numberAt(text, 8, 2)) } };
    const int hour = *numberAt(text, 11, 2);
    const int minute = *numberAt(text, 14, 2);
    const int second = *numberAt(text, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    const auto offset = std::chrono::hours { *numberAt(text, 20, 2) }
        + std::chrono::minutes { *numberAt(text, 23, 2) };
    const WallTime local = WallTime { std::chrono::sys_days { date } } + std::chrono::hours { hour }
        + std::chrono::minutes { minute } + Seconds { second };
    return text[19] == '+' ? local - offset : local + offset;
}

Violation checkTime(WallTime at, WallTime now, std::string_view field)
{
    if (at > now)
        return broken("dateError", "LATER_THAN_MAXIMUM_DATE", field, "lies in the future");
    if (now - at > kClickMaxAge)
        return broken(kUpload, "EXPIRED_EVENT", field, "the click-through window is over");
    return std::nullopt;
}

Violation checkClickTime(std::string_view clickId, WallTime conversion, WallTime now)
{
    const auto dot = clickId.rfind('.');
    constexpr std::size_t kDigitsMax = 11; // whatever is longer is no time
    if (dot == std::string_view::npos || !isDigits(clickId.substr(dot + 1))
        || clickId.size() - dot - 1 > kDigitsMax)
        return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(clickId.data() + dot + 1, clickId.data() + clickId.size(), seconds);
    const WallTime clicked = fromUnixMicros(0) + Seconds { seconds };
    if (now - clicked < kClickMinAge)
        return broken(kUpload, "TOO_RECENT_EVENT", "gclid", "the click is too recent");
    if (conversion < clicked)
        return broken(kUpload, "CONVERSION_PRECEDES_EVENT", "gclid", "lies before the click");
    return std::nullopt;
}

struct ClickRule {
    std::string_view key {};
    std::string_view unparseable {};
};
constexpr std::array<ClickRule, 3> kClicks { { { "gclid", "UNPARSEABLE_GCLID" },
    { "gbraid", "UNPARSEABLE_GBRAID" }, { "wbraid", "UNPARSEABLE_WBRAID" } } };

Violation checkClicks(const Json& holder)
{
    for (const ClickRule& rule : kClicks) {
        const Json* const id = holder.find(rule.key);
        if (id == nullptr)
            continue;
        if (!id->isString())
            return unreadable(rule.key, "must be text");
        if (!isClickId(id->text()))
            return broken(kUpload, rule.unparseable, rule.key, "can not be read");
    }
    if (holder.find("gbraid") != nullptr && holder.find("wbraid") != nullptr)
        return broken(kUpload, "GBRAID_WBRAID_BOTH_SET", "gbraid", "stands beside wbraid");
    return std::nullopt;
}

bool hasClick(const Json& holder)
{
    return std::any_of(kClicks.begin(), kClicks.end(),
        [&](const ClickRule& rule) { return holder.find(rule.key) != nullptr; });
}

Violation checkMoney(const Json& holder, std::string_view valueKey, std::string_view currencyKey)
{
    const Json* const value = holder.find(valueKey);
    if (value != nullptr && !value->isNumber())
        return unreadable(valueKey, "must be a number");
    const Json* const currency = holder.find(currencyKey);
    if (currency == nullptr)
        return std::nullopt;
    if (!isCurrencyCode(currency))
        return broken("currencyCodeError", "UNSUPPORTED_CURRENCY_CODE", currencyKey, "is unknown");
    return std::nullopt;
}

Violation checkConsent(const Json* consent, std::string_view prefix)
{
    if (consent == nullptr)
        return std::nullopt;
    for (const auto& [key, value] : consent->members()) {
        const bool isKnownKey = key == "adUserData" || key == "adPersonalization";
        const std::string granted = std::string(prefix) + "GRANTED";
        const std::string denied = std::string(prefix) + "DENIED";
        if (!isKnownKey || (value.text() != granted && value.text() != denied))
            return unreadable("consent." + key, "is unknown");
    }
    return std::nullopt;
}

Violation checkKeys(const Json& object, std::initializer_list<std::string_view> known)
{
    for (const auto& [key, value] : object.members()) {
        if (std::find(known.begin(), known.end(), key) == known.end())
            return unreadable(key, "Cannot find field");
    }
    return std::nullopt;
}

Violation checkPeople(const Json* identifiers)
{
    if (identifiers == nullptr)
        return std::nullopt;
    if (!identifiers->isArray() || identifiers->items().size() > 5)
        return broken(kUpload, "INVALID_USER_IDENTIFIER", "userIdentifiers", "are more than five");
    for (const Json& identifier : identifiers->items()) {
        const Json* const email = identifier.find("hashedEmail");
        const Json* const phone = identifier.find("hashedPhoneNumber");
        const Json* const source = identifier.find("userIdentifierSource");
        const bool isOne = (email != nullptr) != (phone != nullptr);
        const bool isRight = isOne && isHash(email != nullptr ? *email : *phone)
            && source != nullptr && source->text() == "FIRST_PARTY"
            && identifier.members().size() == 2;
        if (!isRight)
            return broken(kUpload, "INVALID_USER_IDENTIFIER", "userIdentifiers",
                "must be one SHA-256 in lower case hex each");
    }
    return std::nullopt;
}

bool isActionName(std::string_view text)
{
    constexpr std::string_view kHead = "customers/";
    constexpr std::string_view kMiddle = "/conversionActions/";
    const auto middle = text.find(kMiddle);
    return text.starts_with(kHead) && middle != std::string_view::npos
        && isDigits(text.substr(0, middle).substr(kHead.size()))
        && isDigits(text.substr(middle + kMiddle.size()));
}

Violation checkShape(const Json& conversion)
{
    if (!conversion.isObject())
        return unreadable("", "must be an object");
    if (auto violation = checkKeys(conversion,
            { "gclid", "gbraid", "wbraid", "conversionAction", "conversionDateTime",
                "conversionValue", "currencyCode", "orderId", "userIdentifiers",
                "conversionEnvironment", "consent", "cartData", "customVariables" }))
        return violation;
    if (const auto empty = emptyValueIn(conversion))
        return unreadable(*empty, "is empty");
    const Json* const environment = conversion.find("conversionEnvironment");
    if (environment != nullptr && environment->text() != "WEB" && environment->text() != "APP")
        return unreadable("conversionEnvironment", "is unknown");
    const Json* const orderId = conversion.find("orderId");
    if (orderId != nullptr && !orderId->isString())
        return unreadable("orderId", "must be text");
    return checkConsent(conversion.find("consent"), "");
}

} // namespace

Violation checkGoogleConversion(const Json& conversion, WallTime now)
{
    if (auto violation = checkShape(conversion))
        return violation;
    const Json* const action = conversion.find("conversionAction");
    if (action == nullptr || !isActionName(action->text()))
        return broken(kUpload, "INVALID_CONVERSION_ACTION", "conversionAction", "does not exist");
    const Json* const time = conversion.find("conversionDateTime");
    const auto at = time != nullptr ? parseDateTime(time->text()) : std::nullopt;
    if (!at)
        return broken("dateError", "INVALID_STRING_DATE_TIME", "conversionDateTime",
            "must be yyyy-mm-dd hh:mm:ss+hh:mm");
    if (auto violation = checkTime(*at, now, "conversionDateTime"))
        return violation;
    if (auto violation = checkClicks(conversion))
        return violation;
    if (const Json* const gclid = conversion.find("gclid")) {
        if (auto violation = checkClickTime(gclid->text(), *at, now))
            return violation;
    }
    if (!hasClick(conversion) && conversion.find("userIdentifiers") == nullptr)
        return broken("fieldError", "REQUIRED", "gclid", "or userIdentifiers is required");
    if (auto violation = checkMoney(conversion, "conversionValue", "currencyCode"))
        return violation;
    return checkPeople(conversion.find("userIdentifiers"));
}

Violation checkIngestEvent(const Json& event, WallTime now)
{
    constexpr std::array<std::string_view, 6> kSources { "WEB", "APP", "IN_STORE", "PHONE",
        "MESSAGE", "OTHER" };
    if (!event.isObject())
        return unreadable("", "must be an object");
    if (auto violation = checkKeys(event,
            { "transactionId", "eventTimestamp", "eventSource", "conversionValue", "currency",
                "adIdentifiers", "userData", "consent" }))
        return violation;
    if (const auto empty = emptyValueIn(event))
        return unreadable(*empty, "is empty");
    const Json* const time = event.find("eventTimestamp");
    const auto at = time != nullptr ? parseIso8601(time->text()) : std::nullopt;
    if (!at)
        return unreadable("eventTimestamp", "must be RFC 3339");
    if (checkTime(*at, now, "eventTimestamp"))
        return unreadable("eventTimestamp", "is outside what is taken");
    if (event.find("transactionId") == nullptr)
        return unreadable("transactionId", "is required");
    const Json* const source = event.find("eventSource");
    if (source == nullptr || !isOneOf(kSources, source->text()))
        return unreadable("eventSource", "is unknown");
    const Json* const click = event.find("adIdentifiers");
    if (click != nullptr && checkClicks(*click))
        return unreadable("adIdentifiers", "can not be read");
    const Json* const people = event.at("userData.userIdentifiers");
    if ((click == nullptr || !hasClick(*click)) && people == nullptr)
        return unreadable("userData", "or adIdentifiers is required");
    if (people != nullptr) {
        for (const Json& one : people->items()) {
            const Json* const email = one.find("emailAddress");
            const Json* const hash = email != nullptr ? email : one.find("phoneNumber");
            if (one.members().size() != 1 || hash == nullptr || !isHash(*hash))
                return unreadable("userData.userIdentifiers", "must be SHA-256 in hex");
        }
    }
    if (checkMoney(event, "conversionValue", "currency"))
        return unreadable("conversionValue", "or currency is wrong");
    return checkConsent(event.find("consent"), "CONSENT_");
}

} // namespace engine::simulator
