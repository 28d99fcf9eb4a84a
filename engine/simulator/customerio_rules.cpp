#include "simulator/customerio_rules.h"

#include "simulator/event_rules.h"

#include <algorithm>
#include <array>

namespace engine::simulator {
namespace {

constexpr std::size_t kIdBytesMax = 150;
constexpr std::size_t kNameBytesMax = 100;
constexpr std::size_t kOperationBytesMax = 32'000;
constexpr std::size_t kEventDataBytesMax = 100'000;

constexpr std::array<std::string_view, 4> kIdentifiers { "id", "email", "phone", "cio_id" };

constexpr MemberRule kHead[] {
    { "type", isTextValue },
    { "action", isTextValue },
    { "identifiers", isObjectValue },
};
// What stands beside the head, by action.
constexpr MemberRule kEventMembers[] {
    { "name", isTextValue },
    { "id", isTextValue },
    { "timestamp", isWholeValue },
    { "attributes", isObjectValue },
};
constexpr MemberRule kIdentifyMembers[] { { "attributes", isObjectValue } };
constexpr MemberRule kDeviceMembers[] { { "device", isObjectValue } };
constexpr MemberRule kV1Event[] {
    { "anonymous_id", isTextValue },
    { "name", isTextValue },
    { "id", isTextValue },
    { "type", isTextValue },
    { "timestamp", isWholeValue },
    { "data", isObjectValue },
};
constexpr MemberRule kDevice[] {
    { "platform", isTextValue },
    { "last_used", isWholeValue },
    { "attributes", isObjectValue },
};

CustomerIoViolation broken(std::string_view reason, std::string_view field, std::string_view text)
{
    return {
        .reason = std::string(reason), .field = std::string(field), .message = std::string(text)
    };
}

CustomerIoCheck checkMembers(const Json& object, std::span<const MemberRule> rules)
{
    const auto fault = memberFault(object, rules);
    if (!fault)
        return std::nullopt;
    return broken("invalid", fault->name, fault->rule);
}

// The members of `operation` that stand beside its head.
Json withoutHead(const Json& operation)
{
    std::vector<Json::Member> rest;
    for (const Json::Member& member : operation.members()) {
        const bool isHead = std::any_of(std::begin(kHead), std::end(kHead),
            [&](const MemberRule& rule) { return rule.name == member.first; });
        if (!isHead)
            rest.push_back(member);
    }
    return Json::object(std::move(rest));
}

bool isUlidText(const std::string& text)
{
    constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyzABCDEFGHJKMNPQRSTVWXYZ";
    return text.size() == 26 && text.front() >= '0' && text.front() <= '7'
        && text.find_first_not_of(kDigits) == std::string::npos;
}

CustomerIoCheck checkIdentifiers(const Json& operation)
{
    const Json* const identifiers = operation.find("identifiers");
    if (identifiers == nullptr || !identifiers->isObject() || identifiers->members().size() != 1)
        return broken("required", "identifiers", "exactly one identifier is required");
    const auto& [kind, value] = identifiers->members().front();
    if (std::find(kIdentifiers.begin(), kIdentifiers.end(), kind) == kIdentifiers.end())
        return broken("invalid", "identifiers", "unknown identifier " + kind);
    if (!isText(&value) || value.text().size() > kIdBytesMax)
        return broken("invalid", "identifiers." + kind, "must be 1 to 150 bytes of text");
    if (kind == "email" && value.text().find('@') == std::string::npos)
        return broken("invalid", "identifiers.email", "is not an e-mail address");
    return std::nullopt;
}

CustomerIoCheck checkEvent(const Json& event, WallTime now)
{
    const Json* const name = event.find("name");
    if (!isText(name) || name->text().size() > kNameBytesMax)
        return broken("required", "name", "must be 1 to 100 bytes of text");
    const Json* const id = event.find("id");
    if (id != nullptr && (!isText(id) || !isUlidText(id->text())))
        return broken("invalid", "id", "must be a ULID");
    const Json* const timestamp = event.find("timestamp");
    if (timestamp == nullptr)
        return std::nullopt;
    constexpr std::int64_t kYear2000 = 946'684'800;
    const std::int64_t latest
        = std::chrono::floor<Seconds>(now).time_since_epoch().count() + 86'400;
    const auto seconds = timestamp->isNumber() ? timestamp->asInt() : std::nullopt;
    if (!seconds || *seconds < kYear2000 || *seconds > latest)
        return broken("invalid", "timestamp", "must be Unix seconds");
    return std::nullopt;
}

CustomerIoCheck checkAction(const std::string& action, const Json& operation, WallTime now)
{
    const Json* const attributes = operation.find("attributes");
    const Json rest = withoutHead(operation);
    if (action == "event" || action == "page" || action == "screen") {
        if (attributes != nullptr && !attributes->isObject())
            return broken("invalid", "attributes", "must be an object");
        auto found = checkEvent(operation, now);
        return found ? found : checkMembers(rest, kEventMembers);
    }
    if (action == "identify") {
        auto found = attributes == nullptr ? std::nullopt : checkAttributes(*attributes);
        return found ? found : checkMembers(rest, kIdentifyMembers);
    }
    if (action == "add_device" || action == "delete_device") {
        auto found = checkDevice(operation.find("device"), "token");
        return found ? found : checkMembers(rest, kDeviceMembers);
    }
    if (action == "suppress" || action == "unsuppress" || action == "delete")
        return checkMembers(rest, {});
    return broken("invalid", "action", "unknown action " + action);
}

} // namespace

CustomerIoCheck checkOperation(const Json& operation, WallTime now)
{
    if (!operation.isObject())
        return broken("invalid", "", "must be an object");
    const Json* const type = operation.find("type");
    if (type == nullptr || type->text() != "person")
        return broken("required", "type", "must be person");
    const Json* const action = operation.find("action");
    if (!isText(action))
        return broken("required", "action", "is required");
    if (operation.dump().size() > kOperationBytesMax)
        return broken("invalid", "", "is larger than 32 kB");
    if (auto found = checkIdentifiers(operation))
        return found;
    return checkAction(action->text(), operation, now);
}

CustomerIoCheck checkV1Event(const Json& body, bool isAnonymous, WallTime now)
{
    if (!body.isObject())
        return broken("invalid", "", "must be an object");
    const Json* const anonymousId = body.find("anonymous_id");
    if (isAnonymous && (!isText(anonymousId) || anonymousId->text().size() > kIdBytesMax))
        return broken("required", "anonymous_id", "must be 1 to 150 bytes of text");
    const Json* const type = body.find("type");
    const bool isKnownType = type == nullptr || type->text() == "event" || type->text() == "page"
        || type->text() == "screen";
    if (!isKnownType)
        return broken("invalid", "type", "must be event, page or screen");
    const Json* const data = body.find("data");
    if (data != nullptr && (!data->isObject() || data->dump().size() > kEventDataBytesMax))
        return broken("invalid", "data", "must be an object of at most 100 kB");
    auto found = checkEvent(body, now);
    return found ? found : checkMembers(body, kV1Event);
}

CustomerIoCheck checkAttributes(const Json& attributes)
{
    if (!attributes.isObject())
        return broken("invalid", "attributes", "must be an object");
    if (attributes.members().size() > 300)
        return broken("invalid", "attributes", "more than 300 attributes");
    for (const auto& [name, value] : attributes.members()) {
        if (name.size() > 150)
            return broken("invalid", "attributes", "a name is longer than 150 bytes");
        if (value.isString() && value.text().size() > 1'000)
            return broken("invalid", "attributes." + name, "is longer than 1,000 bytes");
    }
    return std::nullopt;
}

CustomerIoCheck checkDevice(const Json* device, std::string_view idKey)
{
    if (device == nullptr || !device->isObject() || !isText(device->find(idKey)))
        return broken("required", "device", "needs " + std::string(idKey));
    const Json* const platform = device->find("platform");
    if (platform != nullptr && platform->text() != "ios" && platform->text() != "android")
        return broken("invalid", "device.platform", "must be ios or android");
    const MemberRule rules[] { { idKey, isTextValue }, kDevice[0], kDevice[1], kDevice[2] };
    return checkMembers(*device, rules);
}

} // namespace engine::simulator
