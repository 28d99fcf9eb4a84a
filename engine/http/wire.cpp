#include "http/wire.h"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>

namespace engine::http {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A value with a line break in it would be a second header, or a second answer.
bool isSafe(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20U && c != '\t') || byte == 0x7fU;
    });
}

void appendHeader(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(": ").append(value).append("\r\n");
}

void appendTwo(std::string& out, unsigned value)
{
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

} // namespace

bool isSameToken(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
        [](char x, char y) { return lower(x) == lower(y); });
}

std::string toHttpDate(WallTime time)
{
    constexpr std::array kDays { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    constexpr std::array kMonths { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
        "Oct", "Nov", "Dec" };
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date { day };
    const std::chrono::hh_mm_ss clock { std::chrono::floor<Seconds>(time - day) };
    std::string out = kDays.at(std::chrono::weekday { day }.c_encoding());
    out += ", ";
    appendTwo(out, static_cast<unsigned>(date.day()));
    out.append(" ").append(kMonths.at(static_cast<unsigned>(date.month()) - 1)).append(" ");
    out += std::to_string(static_cast<int>(date.year()));
    out += ' ';
    appendTwo(out, static_cast<unsigned>(clock.hours().count()));
    out += ':';
    appendTwo(out, static_cast<unsigned>(clock.minutes().count()));
    out += ':';
    appendTwo(out, static_cast<unsigned>(clock.seconds().count()));
    return out + " GMT";
}

std::string toWire(const ServerResponse& response, const WireOptions& options)
{
    namespace beast = boost::beast::http;
    const beast::status status = beast::int_to_status(static_cast<unsigned>(response.status));
    const bool isKnown = status != beast::status::unknown;
    const bool hasBody = response.status >= 200 && response.status != 204 && response.status != 304;
    std::string out;
    out.reserve(256 + response.body.size());
    out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    const auto reason = beast::obsolete_reason(status);
    out.append(isKnown ? std::string_view(reason.data(), reason.size()) : "Status").append("\r\n");
    bool hasDate = false;
    for (const auto& [name, value] : response.headers) {
        if (!isSafe(name) || !isSafe(value) || isSameToken(name, "Content-Length")
            || isSameToken(name, "Connection") || isSameToken(name, "Transfer-Encoding"))
            continue;
        hasDate = hasDate || isSameToken(name, "Date");
        appendHeader(out, name, value);
    }
    if (!hasDate && !options.date.empty())
        appendHeader(out, "Date", options.date);
    if (hasBody && !response.contentType.empty() && isSafe(response.contentType))
        appendHeader(out, "Content-Type", response.contentType);
    if (hasBody)
        appendHeader(out, "Content-Length", std::to_string(response.body.size()));
    if (!options.isKeptAlive)
        appendHeader(out, "Connection", "close");
    else if (options.isHttp10)
        appendHeader(out, "Connection", "keep-alive");
    out += "\r\n";
    if (hasBody && !options.isHead)
        out += response.body;
    return out;
}

} // namespace engine::http
