#include "platforms/customerio_payload.h"

#include "platforms/requests.h"
#include "platforms/times.h"
#include "platforms/ulid.h"

namespace engine::platforms {
namespace {

struct Identifier {
    std::string_view kind {};
    std::string_view path {};
};
// Strongest first. People that the sender hashed are nobody here: the platform keeps plain values.
constexpr Identifier kIdentifiers[] {
    { "cio_id", "user.cio_id" },
    { "id", "user.external_id" },
    { "email", "user.email" },
    { "phone", "user.phone_e164" },
};

// Fields of an event that travel as its data; `properties` come first and win.
struct DataField {
    std::string_view key {};
    std::string_view path {};
};
constexpr DataField kDataFields[] {
    { "value", "value" },
    { "currency", "currency" },
    { "order_id", "order_id" },
    { "num_items", "num_items" },
    { "items", "items" },
    { "query", "search_string" },
    { "description", "description" },
    { "content_type", "content_type" },
    { "url", "event_source_url" },
    { "referrer", "referrer_url" },
};

// Fields of a person that travel as attributes.
constexpr DataField kPersonFields[] {
    { "email", "user.email" },
    { "phone", "user.phone_e164" },
    { "first_name", "user.first_name" },
    { "last_name", "user.last_name" },
    { "company", "user.company" },
    { "title", "user.title" },
    { "city", "user.city" },
    { "state", "user.state" },
    { "zip", "user.zip" },
    { "country", "user.country_iso2" },
    { "locale", "user.locale" },
};

bool isEmpty(const Json& value)
{
    return value.isNull() || (value.isString() && value.text().empty())
        || (value.isArray() && value.items().empty());
}

Json attributesOf(const CanonicalEvent& event, std::span<const DataField> extra, Fields& fields)
{
    Json data = Json::object();
    if (const Json* const properties = event.json.find("properties")) {
        if (properties->isObject())
            data = *properties;
        else if (!properties->isNull())
            fields.refuse("properties", "must be an object");
    }
    for (const DataField& field : extra) {
        const Json* const value = event.json.at(field.path);
        if (value == nullptr || isEmpty(*value) || data.find(field.key) != nullptr)
            continue;
        // Money is kept as decimal text; the platform can only calculate with numbers.
        const bool isMoney = field.key == "value" && value->isString();
        if (!isMoney)
            data.set(std::string(field.key), *value);
        else if (const auto number = fields.decimal(field.path))
            data.set(std::string(field.key), *number);
    }
    return data;
}

// A time-like value here is Unix seconds everywhere.
Json secondsOf(const CanonicalEvent& event)
{
    return Json::number(toUnixSeconds(event.stored->eventTime));
}

std::string ulidOf(const CanonicalEvent& event)
{
    const StoredEvent& stored = *event.stored;
    return isUlid(stored.eventId)
        ? stored.eventId
        : deriveUlid(
            { .eventId = stored.eventId, .eventName = stored.name, .eventTime = stored.eventTime });
}

std::string longerThan(std::size_t bytes)
{
    return "is longer than the " + std::to_string(bytes) + " bytes that the platform takes";
}

// A page is called by its address, everything else as the sender calls it.
std::string nameOf(const CanonicalEvent& event, const CustomerIoSizes& sizes, Fields& fields)
{
    std::string name;
    if (event.stored->type == EventType::Page)
        name = fields.text("event_source_url");
    if (name.empty())
        name = event.stored->name;
    if (name.empty())
        fields.refuse("event_name", "is required");
    // An address may be longer than a name may be: its path says which page it was.
    if (name.size() > sizes.eventName && event.stored->type == EventType::Page)
        name = event.stored->name.empty() ? std::string("page") : event.stored->name;
    if (name.size() > sizes.eventName)
        fields.refuse("event_name", longerThan(sizes.eventName));
    return name;
}

void checkAttributes(const Json& attributes, const CustomerIoSizes& sizes, Fields& fields)
{
    if (attributes.members().size() > sizes.attributes)
        fields.refuse("properties",
            "has more than the " + std::to_string(sizes.attributes)
                + " attributes that the platform takes");
    for (const auto& [name, value] : attributes.members()) {
        if (name.size() > sizes.attributeName)
            fields.refuse("properties", "an attribute's name " + longerThan(sizes.attributeName));
        if (value.isString() && value.text().size() > sizes.attribute)
            fields.refuse("properties." + name, longerThan(sizes.attribute));
    }
}

Json identifyAttributes(const CanonicalEvent& event, const CustomerIoPerson& person,
    const CustomerIoSizes& sizes, Fields& fields)
{
    Json attributes = attributesOf(event, kPersonFields, fields);
    checkAttributes(attributes, sizes, fields);
    // The identifier itself is no attribute: repeating it would be read as an attempt to change it.
    if (person.kind != "email" && person.kind != "phone")
        return attributes;
    std::vector<Json::Member> kept;
    for (const Json::Member& member : attributes.members()) {
        if (member.first != person.kind)
            kept.push_back(member);
    }
    return Json::object(std::move(kept));
}

Json deviceOf(const CanonicalEvent& event, std::string_view idKey, Fields& fields)
{
    Json device = Json::object();
    setText(device, idKey, fields.text("device.token"));
    const std::string os = toLowerAscii(fields.text("device.os"));
    const bool isApple = os.starts_with("ios") || os.starts_with("ipad");
    if (!isApple && !os.starts_with("android"))
        fields.refuse("device.os", "must be ios or android for a device");
    device.set("platform", Json::string(isApple ? "ios" : "android"));
    device.set("last_used", secondsOf(event));
    return device;
}

bool isEventAction(std::string_view action)
{
    return action == "event" || action == "page" || action == "screen";
}

void checkPerson(const CustomerIoPerson& person, const CustomerIoSizes& sizes, Fields& fields)
{
    if (person.value.size() > sizes.id)
        fields.refuse("user", "the person's identifier " + longerThan(sizes.id));
    if (person.kind == "email" && !normalizeEmail(person.value))
        fields.refuse("user.email", "does not have the form that this field must have");
}

} // namespace

CustomerIoPerson customerIoPerson(const CanonicalEvent& event, CustomerIoApi api)
{
    for (const Identifier& identifier : kIdentifiers) {
        if (api == CustomerIoApi::V1 && identifier.kind == "phone")
            continue;
        std::string value = textAt(event, identifier.path);
        if (value.empty() || (identifier.kind == "email" && isSha256Hex(value)))
            continue;
        return { .kind = identifier.kind, .value = std::move(value) };
    }
    std::string anonymous = textAt(event, "user.anonymous_id");
    if (!anonymous.empty())
        return { .kind = "anonymous_id", .value = std::move(anonymous) };
    return {};
}

CustomerIoOperation customerIoOperation(const CanonicalEvent& event)
{
    switch (event.stored->type) {
    case EventType::Identify:
        return { .action = "identify", .isOverwrite = true };
    case EventType::Suppress:
        return { .action = "suppress", .isOverwrite = true };
    case EventType::Unsuppress:
        return { .action = "unsuppress", .isOverwrite = true };
    case EventType::Delete:
        return { .action = "delete", .isOverwrite = true };
    case EventType::Page:
        return { .action = "page" };
    case EventType::Screen:
        return { .action = "screen" };
    case EventType::Track:
        break;
    case EventType::Message:
    case EventType::Broadcast:
        return {};
    }
    // The two names under which mobile libraries report push tokens; without one they are events.
    const bool hasToken = !textAt(event, "device.token").empty();
    if (hasToken && event.stored->name == "Device Created or Updated")
        return { .action = "add_device", .isOverwrite = true };
    if (hasToken && event.stored->name == "Device Deleted")
        return { .action = "delete_device", .isOverwrite = true };
    return { .action = "event" };
}

CustomerIoSizes customerIoSizes(const DestinationConfig& destination)
{
    CustomerIoSizes sizes;
    const std::pair<std::string_view, std::size_t*> options[] { { "id_bytes", &sizes.id },
        { "event_name_bytes", &sizes.eventName }, { "attribute_name_bytes", &sizes.attributeName },
        { "attribute_bytes", &sizes.attribute }, { "attributes_max", &sizes.attributes },
        { "event_bytes", &sizes.event } };
    for (const auto& [name, size] : options) {
        const auto number = Json::string(optionOf(destination, name)).asInt();
        if (number && *number > 0)
            *size = static_cast<std::size_t>(*number);
    }
    return sizes;
}

Json customerIoV2(const CanonicalEvent& event, const CustomerIoPerson& person,
    const CustomerIoOperation& operation, const CustomerIoSizes& sizes, Fields& fields)
{
    checkPerson(person, sizes, fields);
    Json json = Json::object();
    json.set("type", Json::string("person"));
    json.set("action", Json::string(std::string(operation.action)));
    json.set("identifiers", Json::object())
        .set(std::string(person.kind), Json::string(person.value));
    if (isEventAction(operation.action)) {
        json.set("name", Json::string(nameOf(event, sizes, fields)));
        json.set("id", Json::string(ulidOf(event)));
        json.set("timestamp", secondsOf(event));
        json.set("attributes", attributesOf(event, kDataFields, fields));
    } else if (operation.action == "identify") {
        json.set("attributes", identifyAttributes(event, person, sizes, fields));
    } else if (operation.action == "add_device") {
        json.set("device", deviceOf(event, "token", fields));
    } else if (operation.action == "delete_device") {
        json.set("device", Json::object())
            .set("token", Json::string(std::string(fields.text("device.token"))));
    }
    return json;
}

CustomerIoV1Call customerIoV1(const CanonicalEvent& event, const CustomerIoPerson& person,
    const CustomerIoOperation& operation, const CustomerIoSizes& sizes, Fields& fields)
{
    checkPerson(person, sizes, fields);
    const std::string prefix = person.kind == "cio_id" ? "cio_" : "";
    const std::string customer = "/api/v1/customers/" + percentEncoded(prefix + person.value);
    if (isEventAction(operation.action)) {
        Json json = Json::object();
        if (person.isAnonymous())
            json.set("anonymous_id", Json::string(person.value));
        json.set("name", Json::string(nameOf(event, sizes, fields)));
        json.set("id", Json::string(ulidOf(event)));
        json.set("type", Json::string(std::string(operation.action)));
        json.set("timestamp", secondsOf(event));
        json.set("data", attributesOf(event, kDataFields, fields));
        return { .method = "POST",
            .path = person.isAnonymous() ? std::string("/api/v1/events") : customer + "/events",
            .body = json.dump() };
    }
    if (operation.action == "identify")
        return { .method = "PUT",
            .path = customer,
            .body = identifyAttributes(event, person, sizes, fields).dump() };
    if (operation.action == "add_device") {
        Json json = Json::object();
        json.set("device", deviceOf(event, "id", fields));
        return { .method = "PUT", .path = customer + "/devices", .body = json.dump() };
    }
    if (operation.action == "delete_device")
        return { .method = "DELETE",
            .path = customer + "/devices/" + percentEncoded(fields.text("device.token")) };
    if (operation.action == "delete")
        return { .method = "DELETE", .path = customer };
    return {
        .method = "POST", .path = customer + '/' + std::string(operation.action), .body = "{}"
    };
}

} // namespace engine::platforms
