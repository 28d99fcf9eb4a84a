#include "delivery/transport/request_check.h"

namespace engine::delivery {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// RFC 9110 token: the characters that a method or a header name may have.
bool isToken(std::string_view text)
{
    static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z')
            || kMarks.find(c) != std::string_view::npos;
    });
}

bool isFieldValue(std::string_view text)
{
    return std::ranges::none_of(
        text, [](char c) { return c == '\r' || c == '\n' || c == '\0' || c == '\x7f'; });
}

bool isUrl(std::string_view url)
{
    const auto isControl
        = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    const auto scheme = url.substr(0, url.find("://"));
    return (isSameName(scheme, "http") || isSameName(scheme, "https"))
        && std::ranges::none_of(url, isControl);
}

} // namespace

bool isSameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool hasHeader(const HttpHeaders& headers, std::string_view name)
{
    return std::ranges::any_of(
        headers, [name](const auto& header) { return isSameName(header.first, name); });
}

std::optional<std::string> whyUnsendable(const HttpRequest& request)
{
    if (!isUrl(request.url))
        return "the URL is not http or https, or has blanks or control characters in it";
    if (!isToken(request.method))
        return "the method is not an HTTP token";
    for (const auto& [name, value] : request.headers) {
        if (!isToken(name))
            return "a header name is not an HTTP token";
        if (!isFieldValue(value))
            return "the value of header " + name + " has a line break or control character in it";
    }
    return std::nullopt;
}

std::string defaultUserAgent() { return "Spillway/" SPILLWAY_VERSION; }

Millis atLeastOneMilli(Millis timeout) { return std::max(timeout, Millis { 1 }); }

Micros elapsedSince(SteadyTime start)
{
    return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now() - start);
}

TransportFailure refusal(std::string why)
{
    return { .kind = TransportFailure::Kind::Protocol, .wasSent = false, .detail = std::move(why) };
}

} // namespace engine::delivery
