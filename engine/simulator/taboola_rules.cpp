#include "simulator/taboola_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace engine::simulator {
namespace {

constexpr std::array<std::string_view, 7> kMembers { "click-id", "timestamp", "name", "revenue",
    "currency", "quantity", "orderid" };

bool saysSomething(const Json* value)
{
    return value != nullptr && value->isString()
        && value->text().find_first_not_of(' ') != std::string::npos;
}

bool isClickId(const std::string& text)
{
    return text.size() <= 512 && std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 127 && c != '&' && c != '#' && c != '"';
    });
}

bool isTime(const Json* value, WallTime now)
{
    constexpr std::int64_t kYear2000 = 946'684'800'000;
    const auto millis
        = value != nullptr && value->isNumber() ? value->asInt() : std::optional<std::int64_t> {};
    return millis && *millis >= kYear2000
        && *millis <= std::chrono::floor<Millis>(now).time_since_epoch().count();
}

bool isCurrency(const Json& value)
{
    return value.text().size() == 3
        && value.text().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
}

} // namespace

std::optional<std::string> checkTaboolaAction(const Json& action, bool isBulk, WallTime now)
{
    if (!action.isObject())
        return "an action must be an object";
    for (const auto& [name, value] : action.members()) {
        if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end())
            return name + " is unknown";
    }
    const Json* const clickId = action.find("click-id");
    if (!saysSomething(clickId) || !isClickId(clickId->text()))
        return "click-id is missing or not readable";
    if (!saysSomething(action.find("name")))
        return "name is missing";
    if (isBulk && !isTime(action.find("timestamp"), now))
        return "timestamp must be milliseconds, not in the future";
    if (!isBulk && action.find("timestamp") != nullptr)
        return "timestamp is unknown here";
    const Json* const revenue = action.find("revenue");
    if (revenue != nullptr && !revenue->isNumber())
        return "revenue must be a number";
    const Json* const currency = action.find("currency");
    if (currency != nullptr && !isCurrency(*currency))
        return "currency must be three capital letters";
    const Json* const quantity = action.find("quantity");
    if (quantity != nullptr && (!quantity->isNumber() || !quantity->asInt()))
        return "quantity must be a whole number";
    const Json* const order = action.find("orderid");
    if (order != nullptr && !saysSomething(order))
        return "orderid is empty";
    return std::nullopt;
}

} // namespace engine::simulator
