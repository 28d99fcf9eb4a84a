#include "simulator/linkedin_rules.h"

#include "simulator/event_rules.h"

#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

constexpr std::array<std::string_view, 5> kMembers { "conversion", "conversionHappenedAt",
    "conversionValue", "eventId", "user" };
constexpr std::array<std::string_view, 4> kUserMembers { "userIds", "userInfo", "externalIds",
    "lead" };
constexpr std::array<std::string_view, 5> kInfoMembers { "firstName", "lastName", "title",
    "companyName", "countryCode" };
constexpr std::array<std::string_view, 6> kIdTypes { "SHA256_EMAIL",
    "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "ACXIOM_ID", "ORACLE_MOAT_ID", "PLAINTEXT_IP_ADDRESS",
    "GOOGLE_AID" };

// The errors of one record, in the platform's words.
class Errors {
public:
    void add(std::string_view path, std::string_view what)
    {
        m_all.push_back(std::string(path) + " :: " + std::string(what));
    }
    void missing(std::string_view path)
    {
        add(path, "field is required but not found and has no default value");
    }
    std::vector<std::string> take() { return std::move(m_all); }

private:
    std::vector<std::string> m_all {};
};

template <std::size_t N>
void checkMembers(const Json& object, const std::array<std::string_view, N>& known,
    const char* path, Errors& errors)
{
    for (const auto& [key, value] : object.members()) {
        if (!isOneOf(known, key))
            errors.add(path + ('/' + key), "unrecognized field found but not allowed");
    }
}

bool isRule(const Json* value)
{
    constexpr std::string_view kRule = "urn:lla:llaPartnerConversion:";
    return isText(value) && value->text().starts_with(kRule) && value->text().size() > kRule.size()
        && value->text().find_first_not_of("0123456789", kRule.size()) == std::string::npos;
}

void checkTime(const Json& conversion, WallTime now, Errors& errors)
{
    constexpr std::string_view kPath = "/conversionHappenedAt";
    constexpr std::int64_t kDay = 86'400'000;
    const Json* const time = conversion.find("conversionHappenedAt");
    if (time == nullptr)
        return errors.missing(kPath);
    if (!time->isNumber() || !time->asInt())
        return errors.add(kPath, "cannot be coerced to Long");
    const std::int64_t millis = std::chrono::floor<Millis>(now).time_since_epoch().count();
    if (millis - *time->asInt() > 90 * kDay)
        errors.add(kPath, "must be within the last 90 days");
    // Nothing is published about the future; a day ahead is no clock that is off.
    if (*time->asInt() - millis > kDay)
        errors.add(kPath, "must not be in the future");
}

void checkValue(const Json* value, Errors& errors)
{
    if (value == nullptr)
        return;
    const Json* const currency = value->find("currencyCode");
    const Json* const amount = value->find("amount");
    if (!isText(currency))
        errors.missing("/conversionValue/currencyCode");
    else if (currency->text().size() != 3
        || currency->text().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        errors.add("/conversionValue/currencyCode", "is not a currency");
    if (amount == nullptr)
        errors.missing("/conversionValue/amount");
    else if (!isText(amount)
        || amount->text().find_first_not_of("-.0123456789") != std::string::npos
        || !amount->asDouble())
        errors.add("/conversionValue/amount", "cannot be coerced to BigDecimal");
}

void checkIds(const Json* ids, Errors& errors)
{
    if (ids == nullptr || !ids->isArray())
        return errors.missing("/user/userIds");
    for (const Json& id : ids->items()) {
        const Json* const type = id.find("idType");
        const Json* const value = id.find("idValue");
        if (!isText(type) || !isOneOf(kIdTypes, type->text()))
            errors.add("/user/userIds/idType", "is not an enum symbol");
        if (!isText(value)) {
            errors.missing("/user/userIds/idValue");
            continue;
        }
        const bool isEmail = isText(type) && type->text() == "SHA256_EMAIL";
        const std::string& text = value->text();
        if (isEmail
            && (text.size() != 64
                || text.find_first_not_of("0123456789abcdef") != std::string::npos))
            errors.add("/user/userIds/idValue", "is not a SHA256 hash");
    }
}

bool isFindable(const Json& user)
{
    const Json* const ids = user.find("userIds");
    const bool hasId = ids != nullptr && !ids->items().empty();
    return hasId || user.find("userInfo") != nullptr || user.find("externalIds") != nullptr
        || user.find("lead") != nullptr;
}

void checkUser(const Json* user, Errors& errors)
{
    if (user == nullptr || !user->isObject())
        return errors.missing("/user");
    checkMembers(*user, kUserMembers, "/user", errors);
    checkIds(user->find("userIds"), errors);
    if (const Json* const info = user->find("userInfo")) {
        checkMembers(*info, kInfoMembers, "/user/userInfo", errors);
        for (const char* key : { "firstName", "lastName" }) {
            if (!isText(info->find(key)))
                errors.missing(std::string("/user/userInfo/") + key);
        }
        for (const auto& [key, value] : info->members()) {
            if (!isText(&value))
                errors.add("/user/userInfo/" + key, "must be text");
        }
    }
    if (const Json* const external = user->find("externalIds")) {
        if (external->items().size() != 1 || !isText(&external->items().front()))
            errors.add("/user/externalIds", "must hold one text");
    }
    if (const Json* const lead = user->find("lead"); lead != nullptr && !isText(lead))
        errors.add("/user/lead", "must be text");
    if (!isFindable(*user))
        errors.add("/user", "at least one user identifier is required");
}

} // namespace

std::vector<std::string> checkLinkedinConversion(const Json& conversion, WallTime now)
{
    Errors errors;
    if (!conversion.isObject()) {
        errors.add("", "must be an object");
        return errors.take();
    }
    checkMembers(conversion, kMembers, "", errors);
    if (!isRule(conversion.find("conversion")))
        errors.add("/conversion", "is not a conversion rule");
    const Json* const id = conversion.find("eventId");
    if (id != nullptr && !isText(id))
        errors.add("/eventId", "must be text");
    checkTime(conversion, now, errors);
    checkValue(conversion.find("conversionValue"), errors);
    checkUser(conversion.find("user"), errors);
    return errors.take();
}

} // namespace engine::simulator
