// JSON that survives: the whole grammar is checked once (Boost.JSON's parser, UTF-8 and depth
// included), numbers stay the text they were, members keep their order and repeats are refused.
// Used for everything that comes in.
#pragma once

#include <engine/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine {

class Json {
public:
    enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object };
    using Member = std::pair<std::string, Json>;

    Json() = default;
    static Json boolean(bool value);
    static Json number(std::string text); // must be a JSON number; not checked again
    static Json number(std::int64_t value);
    static Json number(double value); // shortest text that reads back the same; not finite: null
    static Json string(std::string value);
    static Json array(std::vector<Json> items = {});
    static Json object(std::vector<Member> members = {});

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool isNull() const { return m_kind == Kind::Null; }
    [[nodiscard]] bool isObject() const { return m_kind == Kind::Object; }
    [[nodiscard]] bool isArray() const { return m_kind == Kind::Array; }
    [[nodiscard]] bool isString() const { return m_kind == Kind::String; }
    [[nodiscard]] bool isNumber() const { return m_kind == Kind::Number; }
    [[nodiscard]] bool isBool() const { return m_kind == Kind::Bool; }

    [[nodiscard]] bool asBool() const { return m_kind == Kind::Bool && m_text == "true"; }
    [[nodiscard]] const std::string& text() const
    {
        return m_text;
    } // of a string or a number; empty otherwise
    [[nodiscard]] std::optional<std::int64_t>
    asInt() const; // a number, or a string that holds one, without fraction
    [[nodiscard]] std::optional<double> asDouble() const;
    [[nodiscard]] const std::vector<Json>& items() const { return m_items; } // of an array
    [[nodiscard]] const std::vector<Member>& members() const { return m_members; } // of an object
    [[nodiscard]] std::vector<Json> takeItems()
    {
        return std::move(m_items);
    } // leaves an empty array

    [[nodiscard]] const Json* find(std::string_view key) const; // direct member, or nullptr
    [[nodiscard]] const Json* at(
        std::string_view path) const; // "properties.customer_id", "items.0.id"

    // Building. set() replaces or appends; on a value that is not an object it first becomes one.
    Json& set(std::string key, Json value);
    Json& push(Json value);

    [[nodiscard]] std::string dump() const; // compact; non-ASCII kept as UTF-8
    void dumpTo(std::string& out) const;

    friend bool operator==(const Json&, const Json&) = default;

private:
    Kind m_kind { Kind::Null };
    std::string m_text {};
    std::vector<Json> m_items {};
    std::vector<Member> m_members {};
};

struct JsonLimits {
    std::size_t depthMax { 32 };
    std::size_t valuesMax { 200'000 }; // values in one document, against bombs of "[[],[],…"
};

// The error's message says what and at which byte: "invalid JSON at byte 17: expected ':'".
[[nodiscard]] Result<Json> parseJson(std::string_view text, const JsonLimits& limits = {});

// The items of a top-level array as slices of `text`, which must have passed parseJson().
[[nodiscard]] std::vector<std::string_view> splitArray(std::string_view text);

} // namespace engine
