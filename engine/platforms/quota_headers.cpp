#include "platforms/quota_headers.h"

#include "platforms/hashing.h"

#include <charconv>

namespace engine::platforms {
namespace {

constexpr std::size_t kWindowsMax = 16;
constexpr std::int64_t kSecondsMax = 24L * 3'600;

// "60", "60.0" and "60;w=1" start with 60. Negative numbers count as none left.
std::optional<std::int64_t> leadingNumber(std::string_view text)
{
    text = trimmed(text);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end == text.data())
        return std::nullopt;
    return std::max<std::int64_t>(value, 0);
}

// The number behind ";w=" of one item.
std::optional<Seconds> windowOf(std::string_view item)
{
    while (!item.empty()) {
        const auto semicolon = item.find(';');
        const std::string_view part = trimmed(item.substr(0, semicolon));
        if (part.starts_with("w=")) {
            const auto seconds = leadingNumber(part.substr(2));
            if (seconds && *seconds > 0 && *seconds <= kSecondsMax)
                return Seconds { *seconds };
        }
        if (semicolon == std::string_view::npos)
            break;
        item.remove_prefix(semicolon + 1);
    }
    return std::nullopt;
}

std::optional<std::int64_t> headerNumber(const HttpAnswer& answer, std::string_view name)
{
    const auto text = answer.header(name);
    return text ? leadingNumber(*text) : std::nullopt;
}

// How long until the quota is whole again.
std::optional<Seconds> untilReset(const HttpAnswer& answer, const std::optional<QuotaLimit>& limit)
{
    if (const auto seconds = headerNumber(answer, "x-ratelimit-reset"))
        return Seconds { std::min(*seconds, kSecondsMax) };
    if (!limit)
        return std::nullopt;
    for (const QuotaLimit::Window& window : limit->windows) {
        if (window.amount == limit->amount)
            return window.length;
    }
    return std::nullopt;
}

} // namespace

std::optional<QuotaLimit> parseQuotaLimit(std::string_view text)
{
    const auto first = leadingNumber(text);
    if (!first)
        return std::nullopt;
    QuotaLimit limit { .amount = *first };
    while (!text.empty() && limit.windows.size() < kWindowsMax) {
        const auto comma = text.find(',');
        const std::string_view item = text.substr(0, comma);
        const auto amount = leadingNumber(item);
        const auto length = windowOf(item);
        if (amount && length)
            limit.windows.push_back({ .amount = *amount, .length = *length });
        if (comma == std::string_view::npos)
            break;
        text.remove_prefix(comma + 1);
    }
    return limit;
}

void addQuota(const HttpAnswer& answer, bool isThrottled, ThrottleHint& hint)
{
    const auto header = answer.header("x-ratelimit-limit");
    const auto limit = header ? parseQuotaLimit(*header) : std::nullopt;
    const auto reset = untilReset(answer, limit);
    if (!reset)
        return;
    if (isThrottled && !hint.retryAfter) {
        hint.retryAfter = *reset;
        hint.source = "x-ratelimit-reset";
    }
    const auto remaining = headerNumber(answer, "x-ratelimit-remaining");
    if (!remaining)
        return;
    hint.quota = ThrottleHint::Quota { .remaining = *remaining, .untilReset = *reset };
    const auto used = headerNumber(answer, "x-ratelimit-used");
    if (limit)
        hint.quota->amount = limit->amount;
    else if (used && *used <= INT64_MAX - *remaining)
        hint.quota->amount = *used + *remaining;
    if (hint.source.empty())
        hint.source = "x-ratelimit-remaining";
}

} // namespace engine::platforms
