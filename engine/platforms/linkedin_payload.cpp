#include "platforms/linkedin_payload.h"

#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

constexpr std::string_view kRule = "urn:lla:llaPartnerConversion:";
constexpr std::string_view kLead = "urn:li:leadGenFormResponse:";

// The rule as its id or as the whole name by which the platform knows it.
std::string ruleOf(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const std::string id = linkedinRuleId(configuredName(event, destination));
    if (id.empty())
        fields.refuse("event_names",
            "names no conversion rule, such as 123456 or urn:lla:llaPartnerConversion:123456");
    return std::string(kRule) + id;
}

void pushId(Json& ids, std::string_view type, std::string_view value)
{
    if (value.empty())
        return;
    Json id = Json::object();
    setText(id, "idType", type);
    setText(id, "idValue", value);
    ids.push(std::move(id));
}

// A name that a sender hashed is no use here: the platform wants it as people write it.
std::string_view plainText(Fields& fields, std::string_view path)
{
    const std::string_view value = fields.text(path);
    return isSha256Hex(value) ? std::string_view {} : value;
}

// First and last name find a person together; title, company and country only refine that.
Json userInfoOf(Fields& fields)
{
    Json info = Json::object();
    const std::string_view first = plainText(fields, "user.first_name");
    const std::string_view last = plainText(fields, "user.last_name");
    if (first.empty() || last.empty())
        return info;
    setText(info, "firstName", first);
    setText(info, "lastName", last);
    setText(info, "title", fields.text("user.title"));
    setText(info, "companyName", fields.text("user.company"));
    const std::string_view country = fields.text("user.country_iso2");
    if (country.empty())
        return info;
    auto code = normalizeCountry(country);
    if (!code)
        fields.refuse("user.country_iso2", "is not a country code such as DE");
    else
        setText(info, "countryCode", toUpperAscii(*code));
    return info;
}

Json userOf(Fields& fields)
{
    Json ids = Json::array();
    pushId(ids, "SHA256_EMAIL", fields.hashed("user.email", "user.email_sha256", normalizeEmail));
    pushId(ids, "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", fields.text("click.li_fat_id"));
    pushId(ids, "PLAINTEXT_IP_ADDRESS", fields.text("user.ip"));
    pushId(ids, "GOOGLE_AID", fields.text("device.gaid"));
    Json user = Json::object();
    user.set("userIds", std::move(ids)); // the key has to be there, also for nobody
    Json info = userInfoOf(fields);
    if (!info.members().empty())
        user.set("userInfo", std::move(info));
    const std::string externalId(fields.text("user.external_id"));
    if (!externalId.empty())
        user.set("externalIds", Json::array({ Json::string(externalId) }));
    const std::string_view lead = fields.text("user.lead_id");
    if (lead.starts_with(kLead)) // a number there is another platform's
        setText(user, "lead", lead);
    return user;
}

} // namespace

std::string linkedinRuleId(std::string_view name)
{
    if (name.starts_with(kRule))
        name.remove_prefix(kRule.size());
    return name.find_first_not_of("0123456789") == name.npos ? std::string(name) : std::string {};
}

bool hasLinkedinIdentifier(const CanonicalEvent& event)
{
    for (const std::string_view path :
        { "user.email", "user.email_sha256", "click.li_fat_id", "user.external_id" }) {
        if (isPresent(event.json, path))
            return true;
    }
    const auto isPlain = [&](std::string_view path) {
        return isPresent(event.json, path) && !isSha256Hex(trimmed(event.json.at(path)->text()));
    };
    if (isPlain("user.first_name") && isPlain("user.last_name"))
        return true;
    return isPresent(event.json, "user.lead_id")
        && trimmed(event.json.at("user.lead_id")->text()).starts_with(kLead);
}

Json linkedinPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    Json data = Json::object();
    setText(data, "conversion", ruleOf(event, destination, fields));
    data.set("conversionHappenedAt", Json::number(toUnixMillis(event.stored->eventTime)));
    const std::string amount(fields.decimalText("value"));
    const std::string currency = fields.currency();
    if (!amount.empty()) {
        Json value = Json::object();
        setText(value, "currencyCode", currency);
        setText(value, "amount", amount);
        data.set("conversionValue", std::move(value));
        if (currency.empty())
            fields.refuse("currency", "is required beside a value");
    }
    data.set("eventId", Json::string(event.stored->eventId));
    data.set("user", userOf(fields));
    return data;
}

} // namespace engine::platforms
