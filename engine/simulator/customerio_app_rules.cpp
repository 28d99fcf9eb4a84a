#include "simulator/customerio_app_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

enum class Form : std::uint8_t { Text, Flag, Number, Object };
struct Member {
    std::string_view name {};
    Form form { Form::Text };
};
constexpr Member kOfBoth[] {
    { "transactional_message_id" },
    { "to" },
    { "identifiers", Form::Object },
    { "message_data", Form::Object },
    { "language" },
    { "send_at", Form::Number },
    { "disable_message_retention", Form::Flag },
    { "queue_draft", Form::Flag },
    { "send_to_unsubscribed", Form::Flag },
};
constexpr Member kOfEmail[] {
    { "from" },
    { "subject" },
    { "body" },
    { "reply_to" },
    { "bcc" },
    { "tracked", Form::Flag },
};
constexpr Member kOfPush[] { { "title" }, { "message" }, { "image_url" }, { "link" } };
constexpr std::array<std::string_view, 5> kAudiences { "recipients", "ids", "emails",
    "per_user_data", "data_file_url" };
constexpr std::array<std::string_view, 3> kFlags { "id_ignore_missing", "email_ignore_missing",
    "email_add_duplicates" };

bool isOf(const Json& value, Form form)
{
    switch (form) {
    case Form::Text:
        return value.isString() && !value.text().empty();
    case Form::Flag:
        return value.isBool();
    case Form::Number:
        return value.isNumber() && value.asInt().has_value();
    case Form::Object:
        return value.isObject();
    }
    return false;
}

template <std::size_t N>
const Member* find(const Member (&members)[N], std::string_view name)
{
    const auto* const found = std::find_if(std::begin(members), std::end(members),
        [&](const Member& member) { return member.name == name; });
    return found == std::end(members) ? nullptr : found;
}

CustomerIoAppCheck checkIdentifiers(const Json* identifiers)
{
    constexpr std::array<std::string_view, 3> kKinds { "id", "email", "cio_id" };
    if (identifiers == nullptr || identifiers->members().size() != 1)
        return CustomerIoAppFault { "identifiers", "exactly one identifier is required" };
    const auto& [kind, value] = identifiers->members().front();
    const bool isKnown = std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
    if (!isKnown || !isOf(value, Form::Text))
        return CustomerIoAppFault { "identifiers." + kind, "is unknown or empty" };
    return std::nullopt;
}

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

CustomerIoAppCheck checkMessage(const Json& body, bool isPush)
{
    for (const auto& [name, value] : body.members()) {
        const Member* const own = isPush ? find(kOfPush, name) : find(kOfEmail, name);
        const Member* const member = own != nullptr ? own : find(kOfBoth, name);
        if (member == nullptr || !isOf(value, member->form))
            return CustomerIoAppFault { name, "is unknown or of another kind" };
    }
    if (body.find("transactional_message_id") == nullptr)
        return CustomerIoAppFault { "transactional_message_id", "is required" };
    if (auto fault = checkIdentifiers(body.find("identifiers")))
        return fault;
    const Json* const to = body.find("to");
    const bool isAddress = to != nullptr && to->text().find('@') != std::string::npos;
    if (!isPush && !isAddress)
        return CustomerIoAppFault { "to", "must be an e-mail address" };
    return std::nullopt;
}

CustomerIoAppCheck checkTrigger(const Json& body)
{
    int audiences = 0;
    for (const auto& [name, value] : body.members()) {
        const bool isAudience = contains(kAudiences, name);
        audiences += isAudience ? 1 : 0;
        const bool isRight = name == "data" ? value.isObject()
            : contains(kFlags, name)        ? value.isBool()
                                            : isAudience;
        const bool isEmpty = isAudience && value.items().empty() && value.members().empty()
            && value.text().empty();
        if (!isRight || isEmpty)
            return CustomerIoAppFault { name, "is unknown, empty or of another kind" };
    }
    if (audiences != 1)
        return CustomerIoAppFault { "recipients", "exactly one audience is required" };
    return std::nullopt;
}

} // namespace engine::simulator
