#include "control/fields.h"

namespace engine::control {

Fields::Fields(const Json& object, std::string prefix)
    : m_object(object)
    , m_prefix(std::move(prefix))
{
}

const Json* Fields::find(std::string_view name)
{
    m_known.emplace(name);
    const Json* const value = m_object.find(name);
    return value == nullptr || value->isNull() ? nullptr : value;
}

void Fields::complain(std::string_view name, std::string message)
{
    if (m_problem)
        return;
    const std::string field = m_prefix + std::string(name);
    m_problem = Error { .code = ErrorCode::BadRequest,
        .message = field + ' ' + std::move(message) + '.',
        .field = field };
}

void Fields::adopt(const Status& inner)
{
    if (!inner && !m_problem)
        m_problem = inner.error();
}

std::optional<std::string> Fields::text(std::string_view name)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->isString()) {
        complain(name, "must be a text");
        return std::nullopt;
    }
    return value->text();
}

std::optional<bool> Fields::flag(std::string_view name)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (value->isBool())
        return value->asBool();
    if (value->isString() && (value->text() == "1" || value->text() == "true"))
        return true;
    if (value->isString() && (value->text() == "0" || value->text() == "false"))
        return false;
    complain(name, "must be true or false");
    return std::nullopt;
}

std::optional<std::int64_t> Fields::integer(
    std::string_view name, std::int64_t min, std::int64_t max)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return std::nullopt;
    const auto number = value->asInt();
    if (number && *number >= min && *number <= max)
        return number;
    complain(
        name, "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<double> Fields::number(std::string_view name, double above)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return std::nullopt;
    const auto number = value->asDouble();
    if (number && *number > above)
        return number;
    complain(name, "must be a number above " + Json::number(above).text());
    return std::nullopt;
}

std::optional<WallTime> Fields::time(std::string_view name)
{
    const auto given = text(name);
    if (!given)
        return std::nullopt;
    const auto time = parseIso8601(*given);
    if (!time)
        complain(name, "must be an ISO 8601 time with a zone, as 2026-11-27T09:00:00Z");
    return time;
}

std::optional<Seconds> Fields::duration(std::string_view name)
{
    const auto given = text(name);
    if (!given)
        return std::nullopt;
    const auto duration = parseDuration(*given);
    if (duration && *duration >= Seconds { 1 })
        return std::chrono::floor<Seconds>(*duration);
    complain(name, "must be a duration of a second or more, as 90s, 15m or 2h");
    return std::nullopt;
}

std::vector<std::string> Fields::list(std::string_view name)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return {};
    if (value->isString()) {
        std::vector<std::string> parts;
        std::string_view rest = value->text();
        while (!rest.empty()) {
            const auto comma = rest.find(',');
            parts.emplace_back(rest.substr(0, comma));
            rest = comma == std::string_view::npos ? std::string_view {} : rest.substr(comma + 1);
        }
        if (parts.empty())
            complain(name, "must not be empty");
        return parts;
    }
    std::vector<std::string> parts;
    const std::vector<Json> alone { *value };
    for (const Json& item : value->isArray() ? value->items() : alone) {
        if (!item.isString() && !item.isNumber()) {
            complain(name, "must be a list of texts");
            return {};
        }
        parts.push_back(item.text());
    }
    if (parts.empty())
        complain(name, "must not be empty");
    return parts;
}

std::optional<Json> Fields::object(std::string_view name)
{
    const Json* const value = find(name);
    if (value == nullptr)
        return std::nullopt;
    if (!value->isObject()) {
        complain(name, "must be an object");
        return std::nullopt;
    }
    return *value;
}

Status Fields::done() const
{
    if (m_problem)
        return tl::unexpected(*m_problem);
    for (const auto& [name, value] : m_object.members()) {
        if (!m_known.contains(name))
            return fail(
                ErrorCode::BadRequest, m_prefix + name + " is not known here.", m_prefix + name);
    }
    return {};
}

Result<Json> bodyObject(const http::ServerRequest& request)
{
    if (request.body.find_first_not_of(" \t\r\n") == std::string::npos)
        return Json::object();
    auto json = parseJson(request.body);
    if (json && !json->isObject())
        return fail(ErrorCode::BadRequest, "The body must be a JSON object.");
    return json;
}

Result<Json> queryObject(const http::ServerRequest& request)
{
    const auto items = request.queryItems();
    if (!items)
        return tl::unexpected(items.error());
    Json object = Json::object();
    for (const auto& [name, value] : *items) {
        const Json* const earlier = object.find(name);
        if (earlier == nullptr) {
            object.set(name, Json::string(value));
            continue;
        }
        Json list = earlier->isArray() ? *earlier : Json::array({ *earlier });
        list.push(Json::string(value));
        object.set(name, std::move(list));
    }
    return object;
}

} // namespace engine::control
