#include "platforms/times.h"

#include <array>
#include <cstdio>

namespace engine::platforms {
namespace {

struct CivilTime {
    int year { 0 };
    unsigned month { 0 };
    unsigned day { 0 };
    int hour { 0 };
    int minute { 0 };
    int second { 0 };
    int micros { 0 };
};

CivilTime civil(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date { day };
    const std::int64_t micros = (time - day).count();
    const auto seconds = static_cast<int>(micros / 1'000'000);
    return { .year = static_cast<int>(date.year()),
        .month = static_cast<unsigned>(date.month()),
        .day = static_cast<unsigned>(date.day()),
        .hour = seconds / 3'600,
        .minute = seconds / 60 % 60,
        .second = seconds % 60,
        .micros = static_cast<int>(micros % 1'000'000) };
}

std::string dateAndTime(const CivilTime& at, char separator)
{
    std::array<char, 64> text {};
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u%c%02d:%02d:%02d",
        at.year, at.month, at.day, separator, at.hour, at.minute, at.second);
    return { text.data(), static_cast<std::size_t>(size) };
}

std::string fraction(int value, int digits)
{
    std::array<char, 16> text {};
    const int size = std::snprintf(text.data(), text.size(), ".%0*d", digits, value);
    return { text.data(), static_cast<std::size_t>(size) };
}

} // namespace

std::int64_t toUnixSeconds(WallTime time)
{
    return std::chrono::floor<Seconds>(time).time_since_epoch().count();
}

std::int64_t toUnixMillis(WallTime time)
{
    return std::chrono::floor<Millis>(time).time_since_epoch().count();
}

std::string toIsoMillis(WallTime time)
{
    const CivilTime at = civil(time);
    return dateAndTime(at, 'T') + fraction(at.micros / 1'000, 3) + 'Z';
}

std::string toIsoSevenDigits(WallTime time)
{
    const CivilTime at = civil(time);
    return dateAndTime(at, 'T') + fraction(at.micros, 6) + "0Z";
}

std::string toOffsetText(WallTime time) { return dateAndTime(civil(time), ' ') + "+00:00"; }

std::string toPlainUtc(WallTime time) { return dateAndTime(civil(time), ' '); }

bool isPlausibleEventTime(WallTime time, WallTime now)
{
    constexpr WallTime kFirst { std::chrono::sys_days { std::chrono::year { 2000 } / 1 / 1 } };
    return time >= kFirst && time <= now + std::chrono::hours { 24 };
}

} // namespace engine::platforms
