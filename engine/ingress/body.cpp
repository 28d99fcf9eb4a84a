#include "ingress/body.h"

#include "http/wire.h"

namespace engine::ingress {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr JsonLimits kArrayLimits { .depthMax = 33 }; // the array itself is one level
constexpr JsonLimits kLineLimits { .valuesMax = 10'000 };

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

tl::unexpected<Error> tooMany(std::size_t itemsMax)
{
    return fail(ErrorCode::TooLarge,
        "More than " + std::to_string(itemsMax) + " events in one request; send several.");
}

Result<Body> readArray(std::string_view body, std::size_t itemsMax)
{
    auto json = parseJson(body, kArrayLimits);
    if (!json)
        return tl::unexpected(json.error());
    const auto slices = splitArray(body);
    if (slices.size() > itemsMax)
        return tooMany(itemsMax);
    Body out { .isList = true };
    out.items.reserve(slices.size());
    auto values = json->takeItems();
    for (std::size_t i = 0; i < slices.size(); ++i)
        out.items.push_back({ .text = slices[i], .json = std::move(values.at(i)) });
    return out;
}

Result<Body> readOne(std::string_view body)
{
    auto json = parseJson(body);
    if (!json)
        return tl::unexpected(json.error());
    Body out;
    out.items.push_back({ .text = body, .json = std::move(*json) });
    return out;
}

Result<Body> readLines(std::string_view body, std::size_t itemsMax)
{
    Body out { .isList = true };
    while (!body.empty()) {
        const auto end = body.find('\n');
        const std::string_view line = trimmed(body.substr(0, end));
        body = end == std::string_view::npos ? std::string_view {} : body.substr(end + 1);
        if (line.empty())
            continue;
        if (out.items.size() == itemsMax)
            return tooMany(itemsMax);
        BodyItem item { .text = line };
        if (auto json = parseJson(line, kLineLimits))
            item.json = std::move(*json);
        else
            item.problem = json.error().message;
        out.items.push_back(std::move(item));
    }
    return out;
}

} // namespace

Result<BodyForm> bodyFormOf(std::string_view contentType)
{
    const auto refusal = [] {
        return fail(ErrorCode::Unsupported,
            "Events come as application/json or, one object a line, as application/x-ndjson, both "
            "in "
            "UTF-8.",
            "Content-Type");
    };
    const auto semicolon = contentType.find(';');
    const std::string_view type = trimmed(contentType.substr(0, semicolon));
    std::string_view rest = semicolon == std::string_view::npos ? std::string_view {}
                                                                : contentType.substr(semicolon + 1);
    while (!rest.empty()) {
        const auto next = rest.find(';');
        const std::string_view parameter = trimmed(rest.substr(0, next));
        rest = next == std::string_view::npos ? std::string_view {} : rest.substr(next + 1);
        const auto equals = parameter.find('=');
        if (!http::isSameToken(parameter.substr(0, equals), "charset"))
            continue;
        const std::string_view charset
            = equals == std::string_view::npos ? std::string_view {} : parameter.substr(equals + 1);
        if (!http::isSameToken(charset, "utf-8") && !http::isSameToken(charset, "\"utf-8\""))
            return refusal();
    }
    if (type.empty() || http::isSameToken(type, "application/json"))
        return BodyForm::Json;
    for (const std::string_view lines :
        { "application/x-ndjson", "application/ndjson", "application/jsonl" }) {
        if (http::isSameToken(type, lines))
            return BodyForm::Lines;
    }
    return refusal();
}

Result<Body> readBody(std::string_view body, BodyForm form, std::size_t itemsMax)
{
    const std::string_view content = trimmed(body);
    if (content.empty())
        return fail(ErrorCode::BadRequest, "The body is empty; send one event or several.");
    Result<Body> read = form == BodyForm::Lines ? readLines(content, itemsMax)
        : content.front() == '['                ? readArray(content, itemsMax)
                                                : readOne(content);
    if (read && read->items.empty())
        return fail(ErrorCode::BadRequest, "There is no event in the body.");
    return read;
}

} // namespace engine::ingress
