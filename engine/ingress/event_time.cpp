#include "ingress/event_time.h"

#include <charconv>

namespace engine::ingress {
namespace {

constexpr std::int64_t kSecondsEnd = 100'000'000'000;
constexpr WallTime kEarliest { std::chrono::sys_days {
    std::chrono::year { 2000 } / std::chrono::January / 1 } };
// 18 digits always fit into 64 bits; a time in microseconds has 16.
constexpr int kDigitsMax = 18;

// A decimal number as digits and the place of its point: "1.5e9" is 15 with the point behind 10
// digits. Not a double: 1764234721.123456 has more digits than one holds for sure.
struct Decimal {
    std::string digits {};
    int point { 0 };
};

std::optional<Decimal> readDecimal(std::string_view text)
{
    Decimal decimal;
    bool hasPoint = false;
    std::size_t i = 0;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.' && !hasPoint) {
            hasPoint = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        decimal.digits += text[i];
        decimal.point += hasPoint ? 0 : 1;
    }
    if (decimal.digits.empty() || decimal.digits.size() > 64)
        return std::nullopt;
    if (i == text.size())
        return decimal;
    ++i;
    if (i < text.size() && text[i] == '+')
        ++i;
    int exponent = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + i, end, exponent);
    if (read.ec != std::errc {} || read.ptr != end || exponent < -64 || exponent > 64)
        return std::nullopt;
    decimal.point += exponent;
    return decimal;
}

// The whole number that the digits give with the point moved right by `shift`; nothing when it has
// over 18 digits.
std::optional<std::int64_t> scaled(const Decimal& decimal, int shift)
{
    const int wanted = decimal.point + shift;
    std::int64_t value = 0;
    int used = 0;
    for (int i = 0; i < wanted; ++i) {
        const auto at = static_cast<std::size_t>(i);
        const int digit = at < decimal.digits.size() ? decimal.digits[at] - '0' : 0;
        if (value == 0 && digit == 0)
            continue; // leading zeros
        if (++used > kDigitsMax)
            return std::nullopt;
        value = value * 10 + digit;
    }
    return value;
}

std::optional<WallTime> readEpoch(std::string_view text)
{
    const auto decimal = readDecimal(text);
    if (!decimal)
        return std::nullopt;
    const auto whole = scaled(*decimal, 0);
    if (!whole)
        return std::nullopt;
    const auto micros = scaled(*decimal, *whole < kSecondsEnd ? 6 : 3);
    if (!micros)
        return std::nullopt;
    return fromUnixMicros(*micros);
}

} // namespace

Result<WallTime> readEventTime(const Json& given, WallTime now)
{
    std::optional<WallTime> time;
    if (given.isNumber() || given.isString())
        time = readEpoch(given.text());
    if (!time && given.isString())
        time = parseIso8601(given.text());
    if (!time)
        return fail(ErrorCode::BadRequest,
            "must be an ISO 8601 time with a zone, or Unix seconds or milliseconds");
    if (*time < kEarliest || *time > now + std::chrono::days { 1 })
        return fail(ErrorCode::BadRequest,
            "is " + toIso8601(*time) + ", outside 2000-01-01 to one day from now");
    return *time;
}

} // namespace engine::ingress
