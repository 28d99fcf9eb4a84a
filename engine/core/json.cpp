#include "core/json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace engine {
namespace {

namespace bj = boost::json;

// Builds the tree bottom-up: finished values lie on one stack, an array or object takes its last n.
class TreeHandler {
public:
    // The names up to "private" are those that Boost's parser calls.
    // NOLINTBEGIN(readability-identifier-naming)
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = 65'536;
    static constexpr std::size_t max_string_size = std::size_t(-1);

    explicit TreeHandler(const JsonLimits& limits)
        : m_limits(limits)
    {
    }

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_array_begin(bj::error_code&) { return true; }
    bool on_array_end(std::size_t count, bj::error_code& error)
    {
        const auto first = m_values.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<Json> items(
            std::make_move_iterator(first), std::make_move_iterator(m_values.end()));
        m_values.erase(first, m_values.end());
        return push(Json::array(std::move(items)), error);
    }
    bool on_object_begin(bj::error_code&) { return true; }
    bool on_object_end(std::size_t count, bj::error_code& error)
    {
        const auto firstValue = m_values.size() - count;
        const auto firstKey = m_keys.size() - count;
        std::vector<Json::Member> members;
        members.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            members.emplace_back(
                std::move(m_keys[firstKey + i]), std::move(m_values[firstValue + i]));
        m_values.resize(firstValue);
        m_keys.resize(firstKey);
        if (hasRepeatedKey(members)) {
            error = bj::make_error_code(bj::error::extra_data);
            return false;
        }
        return push(Json::object(std::move(members)), error);
    }
    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
    bool on_string(bj::string_view part, std::size_t, bj::error_code& error)
    {
        append(part);
        return push(Json::string(std::exchange(m_text, {})), error);
    }
    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return append(part); }
    bool on_key(bj::string_view part, std::size_t, bj::error_code&)
    {
        append(part);
        m_keys.push_back(std::exchange(m_text, {}));
        return true;
    }
    // Parts of one number arrive in order; the last one through on_int64/uint64/double.
    bool on_number_part(bj::string_view part, bj::error_code&) { return append(part); }
    bool on_int64(std::int64_t, bj::string_view part, bj::error_code& error)
    {
        return pushNumber(part, error);
    }
    bool on_uint64(std::uint64_t, bj::string_view part, bj::error_code& error)
    {
        return pushNumber(part, error);
    }
    bool on_double(double, bj::string_view part, bj::error_code& error)
    {
        return pushNumber(part, error);
    }
    bool on_bool(bool value, bj::error_code& error) { return push(Json::boolean(value), error); }
    bool on_null(bj::error_code& error) { return push(Json {}, error); }
    bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
    bool on_comment(bj::string_view, bj::error_code&) { return true; }

    Json takeRoot() { return std::move(m_values.front()); }
    [[nodiscard]] std::string_view problem() const { return m_problem; }

    // NOLINTEND(readability-identifier-naming)

private:
    bool append(bj::string_view part)
    {
        m_text.append(part.data(), part.size());
        return true;
    }
    bool pushNumber(bj::string_view part, bj::error_code& error)
    {
        append(part);
        return push(Json::number(std::exchange(m_text, {})), error);
    }
    bool push(Json value, bj::error_code& error)
    {
        if (++m_count > m_limits.valuesMax) {
            m_problem = "too many values in one document";
            error = bj::make_error_code(bj::error::array_too_large);
            return false;
        }
        m_values.push_back(std::move(value));
        return true;
    }
    bool hasRepeatedKey(const std::vector<Json::Member>& members)
    {
        std::vector<std::string_view> keys;
        keys.reserve(members.size());
        for (const auto& [key, value] : members)
            keys.push_back(key);
        std::sort(keys.begin(), keys.end());
        if (std::adjacent_find(keys.begin(), keys.end()) == keys.end())
            return false;
        m_problem = "a member name stands twice in one object";
        return true;
    }

    JsonLimits m_limits;
    std::vector<Json> m_values {};
    std::vector<std::string> m_keys {};
    std::string m_text {};
    std::string_view m_problem {};
    std::size_t m_count { 0 };
};

void dumpString(std::string_view text, std::string& out)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20U) {
                out += "\\u00";
                out += kHex[static_cast<unsigned char>(c) >> 4U];
                out += kHex[static_cast<unsigned char>(c) & 0xFU];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

} // namespace

Json Json::boolean(bool value)
{
    Json json;
    json.m_kind = Kind::Bool;
    json.m_text = value ? "true" : "false";
    return json;
}

Json Json::number(std::string text)
{
    Json json;
    json.m_kind = Kind::Number;
    json.m_text = std::move(text);
    return json;
}

Json Json::number(std::int64_t value) { return number(std::to_string(value)); }

Json Json::number(double value)
{
    if (!std::isfinite(value))
        return {};
    std::array<char, 32> text {};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    return number(std::string(text.data(), end));
}

Json Json::string(std::string value)
{
    Json json;
    json.m_kind = Kind::String;
    json.m_text = std::move(value);
    return json;
}

Json Json::array(std::vector<Json> items)
{
    Json json;
    json.m_kind = Kind::Array;
    json.m_items = std::move(items);
    return json;
}

Json Json::object(std::vector<Member> members)
{
    Json json;
    json.m_kind = Kind::Object;
    json.m_members = std::move(members);
    return json;
}

std::optional<std::int64_t> Json::asInt() const
{
    if (m_kind != Kind::Number && m_kind != Kind::String)
        return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
    if (error != std::errc {} || end != m_text.data() + m_text.size())
        return std::nullopt;
    return value;
}

std::optional<double> Json::asDouble() const
{
    if (m_kind != Kind::Number && m_kind != Kind::String)
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(m_text.data(), m_text.data() + m_text.size(), value);
    if (error != std::errc {} || end != m_text.data() + m_text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

const Json* Json::find(std::string_view key) const
{
    for (const auto& [name, value] : m_members) {
        if (name == key)
            return &value;
    }
    return nullptr;
}

const Json* Json::at(std::string_view path) const
{
    const Json* json = this;
    while (json != nullptr && !path.empty()) {
        const auto dot = path.find('.');
        const std::string_view step = path.substr(0, dot);
        path = dot == std::string_view::npos ? std::string_view {} : path.substr(dot + 1);
        if (json->isArray()) {
            std::size_t index = 0;
            const auto [end, error]
                = std::from_chars(step.data(), step.data() + step.size(), index);
            const bool isIndex = error == std::errc {} && end == step.data() + step.size()
                && index < json->m_items.size();
            json = isIndex ? &json->m_items[index] : nullptr;
        } else {
            json = json->find(step);
        }
    }
    return json;
}

Json& Json::set(std::string key, Json value)
{
    if (m_kind != Kind::Object)
        *this = object();
    for (auto& [name, present] : m_members) {
        if (name == key) {
            present = std::move(value);
            return present;
        }
    }
    return m_members.emplace_back(std::move(key), std::move(value)).second;
}

Json& Json::push(Json value)
{
    if (m_kind != Kind::Array)
        *this = array();
    return m_items.emplace_back(std::move(value));
}

std::string Json::dump() const
{
    std::string out;
    dumpTo(out);
    return out;
}

void Json::dumpTo(std::string& out) const
{
    switch (m_kind) {
    case Kind::Null:
        out += "null";
        return;
    case Kind::Bool:
    case Kind::Number:
        out += m_text;
        return;
    case Kind::String:
        dumpString(m_text, out);
        return;
    case Kind::Array:
        out += '[';
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            if (i > 0)
                out += ',';
            m_items[i].dumpTo(out);
        }
        out += ']';
        return;
    case Kind::Object:
        out += '{';
        for (std::size_t i = 0; i < m_members.size(); ++i) {
            if (i > 0)
                out += ',';
            dumpString(m_members[i].first, out);
            out += ':';
            m_members[i].second.dumpTo(out);
        }
        out += '}';
        return;
    }
}

Result<Json> parseJson(std::string_view text, const JsonLimits& limits)
{
    bj::parse_options options;
    options.max_depth = limits.depthMax;
    bj::basic_parser<TreeHandler> parser(options, limits);
    bj::error_code error;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
    if (!error && read < text.size())
        error = bj::make_error_code(bj::error::extra_data);
    if (error) {
        const std::string_view problem = parser.handler().problem();
        const std::string reason = problem.empty() ? error.message() : std::string(problem);
        return fail(
            ErrorCode::BadRequest, "invalid JSON at byte " + std::to_string(read) + ": " + reason);
    }
    return parser.handler().takeRoot();
}

std::vector<std::string_view> splitArray(std::string_view text)
{
    std::vector<std::string_view> items;
    std::size_t i = text.find('[') + 1;
    std::size_t start = std::string_view::npos; // of the item, npos between items
    std::size_t end = i; // behind its last byte that is not white space
    int depth = 0;
    bool isInString = false;
    const auto finish = [&] {
        if (start != std::string_view::npos)
            items.push_back(text.substr(start, end - start));
        start = std::string_view::npos;
    };
    for (; i < text.size(); ++i) {
        const char c = text[i];
        if (!isInString && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        if (!isInString && depth == 0 && (c == ',' || c == ']')) {
            finish();
            if (c == ']')
                break;
            continue;
        }
        if (start == std::string_view::npos)
            start = i;
        if (isInString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                isInString = false;
        } else if (c == '"') {
            isInString = true;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (c == ']' || c == '}') {
            --depth;
        }
        end = i + 1;
    }
    return items;
}

} // namespace engine
