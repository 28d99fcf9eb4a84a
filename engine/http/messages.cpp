#include "core/json.h"
#include "http/server.h"
#include "http/wire.h"

#include <charconv>

namespace engine::http {
namespace {

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        if (i + 2 >= text.size())
            return std::nullopt;
        const char* const end = text.data() + i + 3;
        if (std::from_chars(text.data() + i + 1, end, byte, 16).ptr != end)
            return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

// Takes the next "name=value" off the front of a query.
std::pair<std::string_view, std::string_view> takeParameter(std::string_view& rest)
{
    const auto end = rest.find('&');
    const std::string_view item = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view {} : rest.substr(end + 1);
    const auto equals = item.find('=');
    if (equals == std::string_view::npos)
        return { item, {} };
    return { item.substr(0, equals), item.substr(equals + 1) };
}

std::string_view queryOf(std::string_view target)
{
    const auto mark = target.find('?');
    if (mark == std::string_view::npos)
        return {};
    target.remove_prefix(mark + 1);
    return target.substr(0, target.find('#'));
}

} // namespace

std::string_view ServerRequest::path() const
{
    return std::string_view(target).substr(0, target.find_first_of("?#"));
}

std::optional<std::string> ServerRequest::query(std::string_view name) const
{
    std::string_view rest = queryOf(target);
    while (!rest.empty()) {
        const auto [key, value] = takeParameter(rest);
        if (percentDecoded(key) == name)
            return percentDecoded(value);
    }
    return std::nullopt;
}

Result<HttpHeaders> ServerRequest::queryItems() const
{
    HttpHeaders items;
    std::string_view rest = queryOf(target);
    while (!rest.empty()) {
        const auto [key, value] = takeParameter(rest);
        if (key.empty() && value.empty())
            continue;
        auto name = percentDecoded(key);
        auto text = percentDecoded(value);
        if (!name || !text)
            return fail(ErrorCode::BadRequest,
                "a % in the query is not followed by two hexadecimal digits", std::string(key));
        items.emplace_back(std::move(*name), std::move(*text));
    }
    return items;
}

std::optional<std::string_view> ServerRequest::header(std::string_view name) const
{
    for (const auto& [key, value] : headers) {
        if (isSameToken(key, name))
            return value;
    }
    return std::nullopt;
}

ServerResponse errorResponse(
    int status, std::string_view code, std::string_view message, std::string_view field)
{
    Json error = Json::object();
    error.set("code", Json::string(std::string(code)));
    error.set("message", Json::string(std::string(message)));
    error.set("field", Json::string(std::string(field)));
    Json body = Json::object();
    body.set("error", std::move(error));
    ServerResponse response;
    response.status = status;
    response.body = body.dump();
    return response;
}

ServerResponse errorResponse(const Error& error)
{
    ServerResponse response
        = errorResponse(statusOf(error.code), toString(error.code), error.message, error.field);
    if (response.status == 503)
        response.headers.emplace_back("Retry-After", "1");
    return response;
}

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BadRequest:
        return 400;
    case ErrorCode::Unauthorized:
        return 401;
    case ErrorCode::NotFound:
        return 404;
    case ErrorCode::Conflict:
        return 409;
    case ErrorCode::TooLarge:
        return 413;
    case ErrorCode::Unsupported:
        return 415;
    case ErrorCode::Throttled:
        return 429;
    case ErrorCode::Unavailable:
    case ErrorCode::DiskFull:
    case ErrorCode::Storage: // nothing is acknowledged, trying again is right
    case ErrorCode::Cancelled:
        return 503;
    case ErrorCode::Network:
    case ErrorCode::Tls:
        return 502;
    case ErrorCode::Timeout:
        return 504;
    case ErrorCode::Io:
    case ErrorCode::Internal:
        return 500;
    }
    return 500;
}

} // namespace engine::http
