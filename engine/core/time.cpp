#include <engine/time.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <limits>

namespace engine {
namespace {

// Reads exactly `digits` decimal digits; moves `text` past them.
std::optional<int> takeNumber(std::string_view& text, std::size_t digits)
{
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char expected)
{
    if (text.empty() || text.front() != expected)
        return false;
    text.remove_prefix(1);
    return true;
}

// ".5" → 500,000 µs; digits past the sixth are dropped (floor).
std::optional<Micros> takeFraction(std::string_view& text)
{
    if (text.empty() || (text.front() != '.' && text.front() != ','))
        return Micros { 0 };
    text.remove_prefix(1);
    std::size_t digits = 0;
    std::int64_t micros = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 6)
            micros = micros * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0 || digits > 9)
        return std::nullopt;
    for (std::size_t i = digits; i < 6; ++i)
        micros *= 10;
    return Micros { micros };
}

std::optional<std::chrono::minutes> takeZone(std::string_view& text)
{
    if (take(text, 'Z') || take(text, 'z'))
        return std::chrono::minutes { 0 };
    const bool isWest = !text.empty() && text.front() == '-';
    if (!take(text, '+') && !take(text, '-'))
        return std::nullopt;
    const auto hours = takeNumber(text, 2);
    if (!hours || *hours > 14)
        return std::nullopt;
    int minutes = 0;
    if (!text.empty()) {
        take(text, ':');
        const auto parsed = takeNumber(text, 2);
        if (!parsed || *parsed > 59)
            return std::nullopt;
        minutes = *parsed;
    }
    const std::chrono::minutes offset { *hours * 60 + minutes };
    return isWest ? -offset : offset;
}

struct DurationUnit {
    std::string_view suffix {};
    std::int64_t millis { 0 };
};
constexpr std::array<DurationUnit, 5> kUnits { { { "ms", 1 }, { "s", 1'000 }, { "m", 60'000 },
    { "h", 3'600'000 }, { "d", 86'400'000 } } };

} // namespace

std::string toIso8601(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date { day };
    const std::int64_t micros = (time - day).count();
    const auto seconds = static_cast<int>(micros / 1'000'000);
    const auto fraction = static_cast<int>(micros % 1'000'000);
    std::array<char, 64> text {};
    const bool isWholeMillis = fraction % 1'000 == 0;
    const int size = std::snprintf(text.data(), text.size(),
        isWholeMillis ? "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ"
                      : "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), seconds / 3'600, seconds / 60 % 60, seconds % 60,
        isWholeMillis ? fraction / 1'000 : fraction);
    return { text.data(), static_cast<std::size_t>(size) };
}

std::optional<WallTime> parseIso8601(std::string_view text)
{
    using namespace std::chrono;
    const auto year = takeNumber(text, 4);
    if (!year || !take(text, '-'))
        return std::nullopt;
    const auto month = takeNumber(text, 2);
    if (!month || !take(text, '-'))
        return std::nullopt;
    const auto day = takeNumber(text, 2);
    if (!day || !(take(text, 'T') || take(text, 't') || take(text, ' ')))
        return std::nullopt;
    const auto hour = takeNumber(text, 2);
    if (!hour || *hour > 23 || !take(text, ':'))
        return std::nullopt;
    const auto minute = takeNumber(text, 2);
    if (!minute || *minute > 59)
        return std::nullopt;
    int second = 0;
    Micros fraction { 0 };
    if (take(text, ':')) {
        const auto parsed = takeNumber(text, 2);
        if (!parsed || *parsed > 60) // 60: a leap second, read as the next second's start
            return std::nullopt;
        second = *parsed;
        const auto parsedFraction = takeFraction(text);
        if (!parsedFraction)
            return std::nullopt;
        fraction = *parsedFraction;
    }
    const auto zone = takeZone(text);
    const year_month_day date { std::chrono::year { *year },
        std::chrono::month { static_cast<unsigned>(*month) },
        std::chrono::day { static_cast<unsigned>(*day) } };
    if (!zone || !text.empty() || !date.ok())
        return std::nullopt;
    return WallTime { sys_days { date } } + hours { *hour } + minutes { *minute }
    + seconds { second } + fraction - *zone;
}

std::optional<Millis> parseDuration(std::string_view text)
{
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc {} || count < 0)
        return std::nullopt;
    const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
    for (const DurationUnit& unit : kUnits) {
        if (suffix != unit.suffix)
            continue;
        // A hundred years is more than any setting needs and far from overflowing 64 bits of
        // nanoseconds … 292 years.
        constexpr std::int64_t kMillisMax = 100LL * 365 * 86'400'000;
        if (count > kMillisMax / unit.millis)
            return std::nullopt;
        return Millis { count * unit.millis };
    }
    return std::nullopt;
}

std::string toDurationText(Millis duration)
{
    for (auto unit = kUnits.rbegin(); unit != kUnits.rend(); ++unit) {
        if (duration.count() != 0 && duration.count() % unit->millis == 0)
            return std::to_string(duration.count() / unit->millis) + std::string(unit->suffix);
    }
    return "0s";
}

} // namespace engine
