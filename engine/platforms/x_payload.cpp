#include "platforms/x_payload.h"

#include "platforms/event_names.h"
#include "platforms/requests.h"
#include "platforms/times.h"

namespace engine::platforms {
namespace {

void pushIdentifier(Json& identifiers, std::string_view key, std::string_view value)
{
    if (!value.empty())
        identifiers.push(Json::object({ { std::string(key), Json::string(std::string(value)) } }));
}

Json identifiersOf(Fields& fields)
{
    Json all = Json::array();
    pushIdentifier(all, "twclid", fields.text("click.twclid"));
    pushIdentifier(
        all, "hashed_email", fields.hashed("user.email", "user.email_sha256", normalizeEmail));
    pushIdentifier(all, "hashed_phone_number",
        fields.hashed("user.phone_e164", "user.phone_sha256_plus", normalizePhonePlus));
    // These two find nobody alone, so they stand beside one of those above.
    Json browser = Json::object();
    setText(browser, "ip_address", fields.text("user.ip"));
    setText(browser, "user_agent", fields.text("user.user_agent"));
    if (!browser.members().empty())
        all.push(std::move(browser));
    return all;
}

Json contentsOf(const CanonicalEvent& event, Fields& fields)
{
    Json contents = Json::array();
    const Json* const items = event.json.find("items");
    const std::size_t count = items != nullptr && items->isArray() ? items->items().size() : 0;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string path = "items." + std::to_string(i);
        Json content = Json::object();
        setText(content, "content_id", fields.text(path + ".id"));
        setText(content, "content_name", fields.text(path + ".name"));
        if (content.members().empty())
            continue;
        setText(content, "content_price", fields.decimalText(path + ".price"));
        content.set("num_items", Json::number(fields.integer(path + ".quantity").value_or(1)));
        contents.push(std::move(content));
    }
    return contents;
}

} // namespace

bool isXEvent(std::string_view id)
{
    constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789";
    if (id.starts_with("tw-")) {
        const std::string_view rest = id.substr(3);
        const auto dash = rest.find('-');
        return dash != rest.npos && dash > 0
            && rest.substr(0, dash).find_first_not_of(kWord) == rest.npos
            && isXEvent(rest.substr(dash + 1));
    }
    return !id.empty() && id.find_first_not_of(kWord) == id.npos;
}

bool hasXIdentifier(const CanonicalEvent& event)
{
    for (const std::string_view path : { "click.twclid", "user.email", "user.email_sha256",
             "user.phone_e164", "user.phone_sha256_plus" }) {
        if (isPresent(event.json, path))
            return true;
    }
    return false;
}

Json xPayload(const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields)
{
    Json data = Json::object();
    data.set("conversion_time", Json::string(toIsoMillis(event.stored->eventTime)));
    data.set("event_id", Json::string(configuredName(event, destination)));
    data.set("identifiers", identifiersOf(fields));
    data.set("conversion_id", Json::string(event.stored->eventId));
    setText(data, "value", fields.decimalText("value"));
    setText(data, "price_currency", fields.currency());
    if (const auto count = fields.integer("num_items"))
        data.set("number_items", Json::number(*count));
    setText(data, "description", fields.text("description"));
    setText(data, "search_string", fields.text("search_string"));
    Json contents = contentsOf(event, fields);
    if (!contents.items().empty())
        data.set("contents", std::move(contents));
    return data;
}

} // namespace engine::platforms
