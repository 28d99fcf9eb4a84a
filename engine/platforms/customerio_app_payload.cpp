#include "platforms/customerio_app_payload.h"

#include "platforms/event_names.h"
#include "platforms/requests.h"

#include <algorithm>
#include <array>

namespace engine::platforms {
namespace {

struct MessageField {
    std::string_view key {}; // there, and under "message" of the event
    enum class Kind : std::uint8_t { Text, Flag, Seconds } kind { Kind::Text };
    bool isForEmail { true };
    bool isForPush { true };
};
using Kind = MessageField::Kind;
// What an event may say of its message; all else the template knows.
constexpr MessageField kMessageFields[] {
    { "from", Kind::Text, true, false },
    { "subject", Kind::Text, true, false },
    { "body", Kind::Text, true, false },
    { "reply_to", Kind::Text, true, false },
    { "bcc", Kind::Text, true, false },
    { "tracked", Kind::Flag, true, false },
    { "title", Kind::Text, false, true },
    { "message", Kind::Text, false, true },
    { "image_url", Kind::Text, false, true },
    { "link", Kind::Text, false, true },
    { "language" },
    { "send_at", Kind::Seconds },
    { "disable_message_retention", Kind::Flag },
    { "queue_draft", Kind::Flag },
    { "send_to_unsubscribed", Kind::Flag },
};

// Strongest first.
struct Identifier {
    std::string_view kind {};
    std::string_view path {};
};
constexpr Identifier kIdentifiers[] {
    { "cio_id", "user.cio_id" },
    { "id", "user.external_id" },
    { "email", "user.email" },
};

enum class AudienceForm : std::uint8_t { Object, Ids, Emails, People, Url };
struct Audience {
    std::string_view key {};
    AudienceForm form { AudienceForm::Object };
};
constexpr Audience kAudiences[] {
    { "recipients", AudienceForm::Object },
    { "ids", AudienceForm::Ids },
    { "emails", AudienceForm::Emails },
    { "per_user_data", AudienceForm::People },
    { "data_file_url", AudienceForm::Url },
};
constexpr std::array<std::string_view, 3> kAudienceFlags { "id_ignore_missing",
    "email_ignore_missing", "email_add_duplicates" };

// A hash is nobody's address.
std::string addressOf(const CanonicalEvent& event)
{
    const std::string given = textAt(event, "message.to");
    std::string email = given.empty() ? textAt(event, "user.email") : given;
    return isSha256Hex(email) || isMd5Hex(email) ? std::string {} : email;
}

Json identifiersOf(const CanonicalEvent& event)
{
    for (const Identifier& identifier : kIdentifiers) {
        std::string value = textAt(event, identifier.path);
        if (value.empty()
            || (identifier.kind == "email" && (isSha256Hex(value) || isMd5Hex(value))))
            continue;
        return Json::object({ { std::string(identifier.kind), Json::string(std::move(value)) } });
    }
    return Json::object();
}

Json propertiesOf(const CanonicalEvent& event, Fields& fields)
{
    const Json* const properties = event.json.find("properties");
    if (properties == nullptr || properties->isNull())
        return Json::object();
    if (!properties->isObject())
        fields.refuse("properties", "must be an object");
    return *properties;
}

void addMessageFields(Json& json, const CanonicalEvent& event, bool isPush, Fields& fields)
{
    for (const MessageField& field : kMessageFields) {
        if (!(isPush ? field.isForPush : field.isForEmail))
            continue;
        const std::string path = "message." + std::string(field.key);
        const Json* const value = event.json.at(path);
        if (value == nullptr || value->isNull())
            continue;
        if (field.kind == Kind::Text) {
            setText(json, field.key, fields.text(path));
        } else if (field.kind == Kind::Seconds) {
            if (const auto seconds = fields.integer(path))
                json.set(std::string(field.key), Json::number(*seconds));
        } else if (value->isBool()) {
            json.set(std::string(field.key), *value);
        } else {
            fields.refuse(path, "must be true or false");
        }
    }
}

bool isListOf(const Json& list, bool (*isRight)(const Json&))
{
    return list.isArray() && !list.items().empty()
        && std::all_of(list.items().begin(), list.items().end(), isRight);
}

bool isText(const Json& value) { return value.isString() && !trimmed(value.text()).empty(); }

bool isAudience(const Json& value, AudienceForm form)
{
    const auto isId = [](const Json& one) { return isText(one) || one.isNumber(); };
    const auto isEmail
        = [](const Json& one) { return one.isString() && normalizeEmail(one.text()).has_value(); };
    const auto isPerson = [](const Json& one) { return !one.members().empty(); };
    switch (form) {
    case AudienceForm::Object:
        return !value.members().empty();
    case AudienceForm::Ids:
        return isListOf(value, isId);
    case AudienceForm::Emails:
        return isListOf(value, isEmail);
    case AudienceForm::People:
        return isListOf(value, isPerson);
    case AudienceForm::Url:
        return isText(value) && trimmed(value.text()).starts_with("https://");
    }
    return false;
}

} // namespace

CustomerIoAppApi customerIoAppApi(const DestinationConfig& destination)
{
    return optionOf(destination, "api") == "broadcasts" ? CustomerIoAppApi::Broadcasts
                                                        : CustomerIoAppApi::Messages;
}

std::string customerIoChannel(const CanonicalEvent& event, const DestinationConfig& destination)
{
    std::string channel = textAt(event, "message.channel");
    return channel.empty() ? optionOf(destination, "channel", "email") : channel;
}

bool hasCustomerIoRecipient(const CanonicalEvent& event, const DestinationConfig& destination)
{
    if (customerIoAppApi(destination) == CustomerIoAppApi::Broadcasts)
        return true;
    const bool isKnown = !identifiersOf(event).members().empty();
    if (customerIoChannel(event, destination) == "push")
        return isKnown;
    return isKnown && !addressOf(event).empty();
}

Json customerIoMessage(const CanonicalEvent& event, const EncodeContext& context, Fields& fields)
{
    const std::string channel = customerIoChannel(event, *context.destination);
    const bool isPush = channel == "push";
    if (!isPush && channel != "email")
        fields.refuse("message.channel", "must be email or push");
    Json json = Json::object();
    setText(json, "transactional_message_id", configuredName(event, *context.destination));
    const std::string to = isPush ? textAt(event, "message.to") : addressOf(event);
    if (!isPush && !normalizeEmail(to))
        fields.refuse("user.email", "does not have the form that this field must have");
    setText(json, "to", to);
    json.set("identifiers", identifiersOf(event));
    json.set("message_data", propertiesOf(event, fields));
    addMessageFields(json, event, isPush, fields);
    return json;
}

Json customerIoTrigger(const CanonicalEvent& event, Fields& fields)
{
    constexpr std::string_view kOne = "must hold exactly one of recipients, ids, emails, "
                                      "per_user_data and data_file_url";
    Json json = Json::object();
    json.set("data", propertiesOf(event, fields));
    int forms = 0;
    for (const Audience& audience : kAudiences) {
        const std::string path = "audience." + std::string(audience.key);
        const Json* const value = event.json.at(path);
        if (value == nullptr || value->isNull())
            continue;
        if (++forms > 1 || !isAudience(*value, audience.form))
            fields.refuse(path, forms > 1 ? kOne : "is empty or not of the right form");
        json.set(std::string(audience.key), *value);
    }
    if (forms == 0)
        fields.refuse("audience", kOne);
    for (const std::string_view flag : kAudienceFlags) {
        if (fields.flag("audience." + std::string(flag)))
            json.set(std::string(flag), Json::boolean(true));
    }
    return json;
}

} // namespace engine::platforms
