#include "platforms/option_checks.h"

#include "platforms/requests.h"

#include <QtCore/QString>
#include <QtCore/QUrl>

#include <algorithm>

namespace engine::platforms {
namespace {

std::string listed(std::initializer_list<std::string_view> values)
{
    std::string text;
    std::size_t number = 0;
    for (const std::string_view value : values) {
        ++number;
        const bool isLast = number == values.size();
        text.append(number == 1 ? "" : isLast ? " or " : ", ").append(value);
    }
    return text;
}

QUrl addressOf(std::string_view text)
{
    return QUrl(
        QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())), QUrl::StrictMode);
}

bool isAddressText(std::string_view text)
{
    const QUrl url = addressOf(text);
    const bool isHttp = url.scheme() == u"https" || url.scheme() == u"http";
    return url.isValid() && isHttp && !url.host().isEmpty() && url.userInfo().isEmpty()
        && !url.hasFragment();
}

bool isReadOnTheWay(std::string_view text)
{
    const QUrl url = addressOf(text);
    const QString host = url.host();
    const bool isHere
        = host == u"localhost" || host == u"::1" || host.startsWith(QLatin1String("127."));
    return url.scheme() == u"http" && !isHere;
}

} // namespace

bool isAllDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

void OptionChecks::wrong(std::string_view key, std::string_view expected, std::string_view found)
{
    m_problems.push_back({ .key = std::string(key),
        .message = "expected " + std::string(expected) + ", found \"" + std::string(found) + '"' });
}

void OptionChecks::need(std::string_view option, std::string_view expected)
{
    if (optionOf(m_destination, option).empty())
        m_problems.push_back({ .key = std::string(option),
            .message = "missing: expected " + std::string(expected) });
}

void OptionChecks::is(std::string_view option, const IsRight& isRight, std::string_view expected)
{
    const std::string value = optionOf(m_destination, option);
    if (!value.empty() && !isRight(value))
        wrong(option, expected, value);
}

void OptionChecks::isOneOf(std::string_view option, std::initializer_list<std::string_view> values)
{
    is(
        option,
        [&](std::string_view value) {
            return std::find(values.begin(), values.end(), value) != values.end();
        },
        listed(values));
}

void OptionChecks::isDuration(std::string_view option)
{
    is(
        option,
        [](std::string_view value) {
            const auto duration = parseDuration(value);
            return duration && *duration > Millis { 0 };
        },
        "a duration such as \"6h\"");
}

void OptionChecks::isWholeNumber(std::string_view option, std::int64_t least, std::int64_t most)
{
    is(
        option,
        [&](std::string_view value) {
            const auto number = Json::string(std::string(value)).asInt();
            return number && *number >= least && *number <= most;
        },
        "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
}

void OptionChecks::isAddress(std::string_view option)
{
    is(option, isAddressText, "an http:// or https:// address without user name or #");
    if (const std::string value = optionOf(m_destination, option);
        isAddressText(value) && isReadOnTheWay(value))
        m_problems.push_back({ .key = std::string(option),
            .message = "is clear text: whoever is on the way reads the credentials; use https://",
            .isWarning = true });
}

void OptionChecks::isLetters(std::string_view option, std::size_t count, std::string_view example)
{
    is(
        option,
        [&](std::string_view value) {
            return value.size() == count && std::all_of(value.begin(), value.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            });
        },
        std::to_string(count) + " letters such as " + std::string(example));
}

void OptionChecks::isActionSource()
{
    isOneOf("action_source",
        { "website", "app", "physical_store", "phone_call", "email", "chat", "crm",
            "system_generated", "business_messaging", "other" });
}

void OptionChecks::areNames(const IsRight& isRight, std::string_view expected)
{
    for (const auto& [name, value] : m_destination.eventNames) {
        if (!isRight(value))
            wrong("event_names." + name, expected, value);
    }
}

void OptionChecks::isTestTraffic(std::string_view code)
{
    isOneOf(kTestTraffic, { "true", "false" });
    if (optionOf(m_destination, kTestTraffic) != "true")
        return;
    need(code, "the code of the platform's test view, because test_traffic is true");
    m_problems.push_back({ .key = std::string(kTestTraffic),
        .message = "every event of this destination is shown in the platform's test view and not "
                   "counted",
        .isWarning = true });
}

} // namespace engine::platforms
