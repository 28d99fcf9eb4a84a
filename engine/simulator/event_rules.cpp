#include "simulator/event_rules.h"

#include <algorithm>

namespace engine::simulator {
namespace {

std::optional<std::string> emptyValueAt(
    const Json& value, std::span<const std::string_view> positional, const std::string& path)
{
    if (isOneOf(positional, path))
        return std::nullopt;
    const bool isEmpty = value.isNull() || (value.isString() && value.text().empty())
        || (value.isArray() && value.items().empty())
        || (value.isObject() && value.members().empty());
    if (isEmpty)
        return path;
    for (const auto& [key, member] : value.members()) {
        std::string inner = path;
        inner += (path.empty() ? "" : ".") + key;
        if (auto found = emptyValueAt(member, positional, inner))
            return found;
    }
    for (const Json& item : value.items()) {
        if (auto found = emptyValueAt(item, positional, path + "[]"))
            return found;
    }
    return std::nullopt;
}

} // namespace

bool isText(const Json* value)
{
    return value != nullptr && value->isString() && !value->text().empty();
}

bool isHashText(std::string_view text)
{
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool isHash(const Json& value) { return value.isString() && isHashText(value.text()); }

bool isHashList(const Json& value)
{
    const auto& items = value.items();
    return value.isArray() && !items.empty() && std::all_of(items.begin(), items.end(), isHash);
}

bool isWholeNumber(const Json* value)
{
    return value != nullptr && value->isNumber() && value->asInt().has_value();
}

bool isDecimalText(const Json* value)
{
    if (!isText(value))
        return false;
    const auto parsed = parseJson(value->text());
    return parsed && parsed->isNumber();
}

bool isCurrencyCode(const Json* value)
{
    return isText(value) && value->text().size() == 3
        && value->text().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
}

bool isTextValue(const Json& value) { return isText(&value); }
bool isTextOrNumber(const Json& value) { return isText(&value) || value.isNumber(); }
bool isNumberValue(const Json& value) { return value.isNumber(); }
bool isWholeValue(const Json& value) { return isWholeNumber(&value); }
bool isDecimalValue(const Json& value) { return isDecimalText(&value); }
bool isFlagValue(const Json& value) { return value.isBool(); }
bool isObjectValue(const Json& value) { return value.isObject(); }
bool isListValue(const Json& value) { return value.isArray(); }
bool isCurrencyValue(const Json& value) { return isCurrencyCode(&value); }

bool isTextList(const Json& value)
{
    const auto& items = value.items();
    return value.isArray() && std::all_of(items.begin(), items.end(), isTextValue);
}

bool isObjectList(const Json& value)
{
    const auto& items = value.items();
    return value.isArray() && std::all_of(items.begin(), items.end(), isObjectValue);
}

std::optional<MemberFault> memberFault(const Json& object, std::span<const MemberRule> rules)
{
    for (const Json::Member& member : object.members()) {
        const auto rule = std::find_if(rules.begin(), rules.end(),
            [&](const MemberRule& candidate) { return candidate.name == member.first; });
        if (rule == rules.end())
            return MemberFault { .name = member.first, .rule = "is unknown" };
        if (!rule->isRight(member.second))
            return MemberFault { .name = member.first, .rule = "has the wrong form" };
    }
    return std::nullopt;
}

std::optional<std::string> strangerIn(
    const Json& object, std::initializer_list<std::string_view> names)
{
    for (const Json::Member& member : object.members()) {
        if (std::find(names.begin(), names.end(), member.first) == names.end())
            return member.first;
    }
    return std::nullopt;
}

bool isOneOf(std::span<const std::string_view> names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::string> emptyValueIn(
    const Json& value, std::span<const std::string_view> positional)
{
    return emptyValueAt(value, positional, {});
}

std::string bearerOf(std::optional<std::string_view> authorization)
{
    constexpr std::string_view kBearer = "Bearer ";
    if (!authorization || !authorization->starts_with(kBearer))
        return {};
    return std::string(authorization->substr(kBearer.size()));
}

} // namespace engine::simulator
