#include "platforms/google_payload.h"

#include "platforms/advertising.h"
#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

#include <algorithm>

namespace engine::platforms {
namespace {

bool isDigits(std::string_view text)
{
    return !text.empty()
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "customers/1234567890/conversionActions/987" in its two numbers; nothing for any other text.
struct ActionName {
    std::string customer {};
    std::string action {};
};
std::optional<ActionName> parseActionName(std::string_view text)
{
    constexpr std::string_view kCustomers = "customers/";
    constexpr std::string_view kActions = "/conversionActions/";
    const auto middle = text.find(kActions);
    if (!text.starts_with(kCustomers) || middle == std::string_view::npos)
        return std::nullopt;
    ActionName name { .customer = std::string(text.substr(0, middle).substr(kCustomers.size())),
        .action = std::string(text.substr(middle + kActions.size())) };
    if (!isDigits(name.customer) || !isDigits(name.action))
        return std::nullopt;
    return name;
}

ActionName actionOf(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    const std::string configured = configuredName(event, destination);
    if (isDigits(configured))
        return { .customer = {}, .action = configured };
    const auto name = parseActionName(configured);
    if (!name)
        fields.refuse("event_names",
            "\"" + configured
                + "\" is no conversion action, which is a number or "
                  "customers/…/conversionActions/…");
    return name.value_or(ActionName {});
}

// One of them goes: gbraid and wbraid exclude each other, and gclid is the most exact.
constexpr std::string_view kClickKeys[] { "gclid", "gbraid", "wbraid" };

void addClick(Json& object, Fields& fields)
{
    for (const std::string_view key : kClickKeys) {
        const std::string id(fields.clickToken("click." + std::string(key)));
        if (id.empty())
            continue;
        object.set(std::string(key), Json::string(id));
        return;
    }
}

bool doesMatchPeople(const DestinationConfig& destination)
{
    return optionOf(destination, "match", "all") != "click";
}

// The platform's own hash, with the dots out of its mail addresses; a sender who hashed without
// that knowledge gave one that still matches all other addresses.
std::string hashedEmail(Fields& fields)
{
    std::string hash(fields.hashed("user.email", "user.email_sha256_google", normalizeEmailGoogle));
    if (hash.empty())
        hash = fields.hashed("user.email", "user.email_sha256", normalizeEmailGoogle);
    return hash;
}

std::string hashedPhone(Fields& fields)
{
    return std::string(
        fields.hashed("user.phone_e164", "user.phone_sha256_plus", normalizePhonePlus));
}

// granted → GRANTED; what is not known is not said.
void setConsent(
    Json& consent, std::string_view key, std::string_view given, std::string_view prefix)
{
    if (given == "granted" || given == "denied")
        consent.set(std::string(key),
            Json::string(std::string(prefix) + (given == "granted" ? "GRANTED" : "DENIED")));
}

Json consentOf(Fields& fields, std::string_view prefix)
{
    Json consent = Json::object();
    setConsent(consent, "adUserData", fields.text("consent.ad_user_data"), prefix);
    setConsent(consent, "adPersonalization", fields.text("consent.ad_personalization"), prefix);
    return consent;
}

// A repeat is told by the order id, else by click id and time. Where neither is there the event's
// own id stands in, so that a second send is never a second conversion.
std::string conversionOrderId(const CanonicalEvent& event, Fields& fields)
{
    std::string orderId(fields.text("order_id"));
    if (orderId.empty() && !hasGoogleClick(event))
        orderId = event.stored->eventId;
    return orderId;
}

// Only for a destination that names its Merchant Center: a cart means nothing without a catalogue.
void addCart(const CanonicalEvent& event, const DestinationConfig& destination, Json& conversion,
    Fields& fields)
{
    const std::string merchant = optionOf(destination, "merchant_id");
    if (merchant.empty())
        return;
    Json items = Json::array();
    for (Item& item : itemsOf(event, fields)) {
        Json one = Json::object({ { "productId", Json::string(std::move(item.id)) },
            { "quantity", Json::number(item.quantity) } });
        if (!item.price.empty())
            one.set("unitPrice", Json::number(std::move(item.price)));
        items.push(std::move(one));
    }
    if (items.items().empty())
        return;
    Json cart = Json::object();
    cart.set("merchantId", isDigits(merchant) ? Json::number(merchant) : Json::string(merchant));
    setText(cart, "feedCountryCode", optionOf(destination, "feed_country"));
    setText(cart, "feedLanguageCode", optionOf(destination, "feed_language"));
    cart.set("items", std::move(items));
    conversion.set("cartData", std::move(cart));
}

Json firstParty(std::string_view key, std::string hash)
{
    Json identifier = Json::object();
    identifier.set("userIdentifierSource", Json::string("FIRST_PARTY"));
    identifier.set(std::string(key), Json::string(std::move(hash)));
    return identifier;
}

void addPeople(const DestinationConfig& destination, Json& conversion, Fields& fields)
{
    if (!doesMatchPeople(destination))
        return;
    Json identifiers = Json::array();
    if (std::string email = hashedEmail(fields); !email.empty())
        identifiers.push(firstParty("hashedEmail", std::move(email)));
    if (std::string phone = hashedPhone(fields); !phone.empty())
        identifiers.push(firstParty("hashedPhoneNumber", std::move(phone)));
    if (!identifiers.items().empty())
        conversion.set("userIdentifiers", std::move(identifiers));
}

// "2=properties.coupon, 3=user.country_iso2": what the destination tells of an event, by the number
// of the platform's variable. Not for clicks that stand for several people.
void addVariables(
    const CanonicalEvent& event, const EncodeContext& context, Json& conversion, Fields& fields)
{
    const bool isForMany
        = conversion.find("gbraid") != nullptr || conversion.find("wbraid") != nullptr;
    const auto variables = googleVariables(*context.destination);
    if (!variables || isForMany)
        return;
    Json all = Json::array();
    for (const GoogleVariable& variable : *variables) {
        const Json* const given = event.json.at(variable.path);
        const std::string value(given != nullptr && !given->isBool() ? fields.text(variable.path)
                                                                     : std::string_view {});
        if (value.empty())
            continue;
        all.push(Json::object({ { "conversionCustomVariable",
                                    Json::string("customers/" + context.account
                                        + "/conversionCustomVariables/" + variable.id) },
            { "value", Json::string(value) } }));
    }
    if (!all.items().empty())
        conversion.set("customVariables", std::move(all));
}

struct SourceName {
    std::string_view ours {};
    std::string_view theirs {};
};
constexpr SourceName kEnvironments[] { { "website", "WEB" }, { "app", "APP" } };
constexpr SourceName kEventSources[] {
    { "website", "WEB" },
    { "app", "APP" },
    { "physical_store", "IN_STORE" },
    { "phone_call", "PHONE" },
    { "email", "OTHER" },
    { "chat", "OTHER" },
    { "crm", "OTHER" },
    { "system_generated", "OTHER" },
    { "other", "OTHER" },
};

template <std::size_t N>
std::string_view theirName(const SourceName (&names)[N], std::string_view ours)
{
    const auto* const row = std::find_if(std::begin(names), std::end(names),
        [&](const SourceName& name) { return name.ours == ours; });
    return row == std::end(names) ? std::string_view {} : row->theirs;
}

} // namespace

bool isConversionAction(std::string_view text)
{
    return isDigits(text) || parseActionName(text).has_value();
}

bool hasGoogleClick(const CanonicalEvent& event)
{
    return std::any_of(std::begin(kClickKeys), std::end(kClickKeys),
        [&](std::string_view key) { return isPresent(event.json, "click." + std::string(key)); });
}

bool hasGoogleIdentifier(const CanonicalEvent& event, const DestinationConfig& destination)
{
    if (hasGoogleClick(event))
        return true;
    if (!doesMatchPeople(destination))
        return false;
    for (const std::string_view path : { "user.email", "user.email_sha256_google",
             "user.email_sha256", "user.phone_e164", "user.phone_sha256_plus" }) {
        if (isPresent(event.json, path))
            return true;
    }
    return false;
}

std::optional<std::vector<GoogleVariable>> googleVariables(const DestinationConfig& destination)
{
    const std::string text = optionOf(destination, "custom_variables");
    std::vector<GoogleVariable> variables;
    for (std::string_view rest = text; !trimmed(rest).empty();) {
        const auto comma = rest.find(',');
        const std::string_view part = rest.substr(0, comma);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            return std::nullopt;
        GoogleVariable variable { .id = std::string(trimmed(part.substr(0, equals))),
            .path = std::string(trimmed(part.substr(equals + 1))) };
        if (!isDigits(variable.id) || variable.path.empty())
            return std::nullopt;
        variables.push_back(std::move(variable));
        rest = comma == std::string_view::npos ? std::string_view {} : rest.substr(comma + 1);
    }
    return variables;
}

std::string conversionActionId(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    return actionOf(event, destination, fields).action;
}

Json googleConversion(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const DestinationConfig& destination = *context.destination;
    const ActionName action = actionOf(event, destination, fields);
    Json conversion = Json::object();
    addClick(conversion, fields);
    conversion.set("conversionAction",
        Json::string("customers/" + (action.customer.empty() ? context.account : action.customer)
            + "/conversionActions/" + action.action));
    conversion.set("conversionDateTime", Json::string(toOffsetText(event.stored->eventTime)));
    if (const auto value = fields.decimal("value"))
        conversion.set("conversionValue", *value);
    setText(conversion, "currencyCode", fields.currency());
    setText(conversion, "orderId", conversionOrderId(event, fields));
    addPeople(destination, conversion, fields);
    setText(conversion, "conversionEnvironment",
        theirName(kEnvironments, fields.text("action_source")));
    Json consent = consentOf(fields, "");
    if (!consent.members().empty())
        conversion.set("consent", std::move(consent));
    addCart(event, destination, conversion, fields);
    addVariables(event, context, conversion, fields);
    return conversion;
}

Json dataManagerEvent(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    Json body = Json::object();
    // Here a repeat is told by the transaction id alone.
    const std::string orderId(fields.text("order_id"));
    body.set("transactionId", Json::string(orderId.empty() ? event.stored->eventId : orderId));
    body.set("eventTimestamp", Json::string(toIsoMillis(event.stored->eventTime)));
    const std::string_view source = theirName(kEventSources, fields.text("action_source"));
    setText(body, "eventSource", source.empty() ? "OTHER" : source);
    if (const auto value = fields.decimal("value"))
        body.set("conversionValue", *value);
    setText(body, "currency", fields.currency());
    Json click = Json::object();
    addClick(click, fields);
    if (!click.members().empty())
        body.set("adIdentifiers", std::move(click));
    if (doesMatchPeople(*context.destination)) {
        Json people = Json::array();
        if (std::string email = hashedEmail(fields); !email.empty())
            people.push(Json::object({ { "emailAddress", Json::string(std::move(email)) } }));
        if (std::string phone = hashedPhone(fields); !phone.empty())
            people.push(Json::object({ { "phoneNumber", Json::string(std::move(phone)) } }));
        if (!people.items().empty())
            body.set("userData", Json::object({ { "userIdentifiers", std::move(people) } }));
    }
    Json consent = consentOf(fields, "CONSENT_");
    if (!consent.members().empty())
        body.set("consent", std::move(consent));
    return body;
}

} // namespace engine::platforms
