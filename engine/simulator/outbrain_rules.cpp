#include "simulator/outbrain_rules.h"

#include "platforms/fields.h"

#include <algorithm>
#include <string_view>

namespace engine::simulator {
namespace {

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(' ') == std::string_view::npos;
}

// "2026-10-09 12:34:56"
bool isTime(std::string_view text)
{
    constexpr std::string_view kShape = "0000-00-00 00:00:00";
    return text.size() == kShape.size()
        && std::equal(text.begin(), text.end(), kShape.begin(),
            [](char c, char shape) { return shape == '0' ? c >= '0' && c <= '9' : c == shape; });
}

bool isCurrency(std::string_view text)
{
    return text.size() == 3
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

std::string faultOf(std::string_view name, std::string_view value)
{
    if (name == "ob_click_id" || name == "name" || name == "orderId")
        return isBlank(value) ? std::string(name) + " is empty" : std::string {};
    if (name == "orderValue")
        return platforms::isJsonNumber(value) ? "" : "orderValue must be a number";
    if (name == "currency")
        return isCurrency(value) ? "" : "currency must be three capital letters";
    if (name == "timestamp")
        return isTime(value) ? "" : "timestamp must be yyyy-MM-dd HH:mm:ss";
    return std::string(name) + " is unknown";
}

} // namespace

OutbrainCheck checkOutbrain(const HttpHeaders& parameters)
{
    OutbrainCheck check;
    const auto has = [&](std::string_view name) {
        return std::any_of(parameters.begin(), parameters.end(), [&](const auto& parameter) {
            return parameter.first == name && !isBlank(parameter.second);
        });
    };
    for (const auto& [name, value] : parameters) {
        if (check.fault.empty())
            check.fault = faultOf(name, value);
    }
    check.isReadable = has("ob_click_id") && has("name");
    if (!check.isReadable)
        check.fault = "ob_click_id and name are required";
    return check;
}

} // namespace engine::simulator
