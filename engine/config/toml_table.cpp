#include "config/toml_table.h"

#include <cmath>
#include <iomanip>
#include <sstream>

namespace engine::config {
namespace {

std::string describe(const toml::node& node)
{
    std::ostringstream out;
    if (const auto* text = node.as_string())
        out << '"' << text->get() << '"';
    else if (const auto* integer = node.as_integer())
        out << integer->get();
    else if (const auto* number = node.as_floating_point())
        out << number->get();
    else if (const auto* flag = node.as_boolean())
        out << (flag->get() ? "true" : "false");
    else if (node.is_array())
        out << "a list";
    else if (node.is_table())
        out << "a table";
    else
        out << "a date or time";
    return out.str();
}

std::string numberText(double value)
{
    std::ostringstream out;
    out << std::setprecision(15) << value;
    return out.str();
}

// Levenshtein distance, for "did you mean".
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({ above + 1, row[j - 1] + 1, change });
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::optional<WallTime> fromDateTime(const toml::date_time& value)
{
    if (!value.offset)
        return std::nullopt;
    const std::chrono::year_month_day date { std::chrono::year { value.date.year },
        std::chrono::month { value.date.month }, std::chrono::day { value.date.day } };
    const auto time = std::chrono::hours { value.time.hour }
        + std::chrono::minutes { value.time.minute } + std::chrono::seconds { value.time.second };
    return WallTime { std::chrono::sys_days { date } } + time
        + Micros { value.time.nanosecond / 1'000 } - std::chrono::minutes { value.offset->minutes };
}

} // namespace

TomlTable::TomlTable(const toml::table& table, std::string path, Problems& problems)
    : m_table(&table)
    , m_path(std::move(path))
    , m_problems(&problems)
{
}

std::string TomlTable::keyPath(std::string_view key) const
{
    return m_path.empty() ? std::string(key) : m_path + '.' + std::string(key);
}

const toml::node* TomlTable::take(std::string_view key)
{
    m_known.emplace(key);
    return m_table->get(key);
}

void TomlTable::wrongType(std::string_view key, const toml::node& node, std::string_view expected)
{
    const auto& at = node.source().begin;
    m_problems->error(static_cast<int>(at.line), static_cast<int>(at.column), keyPath(key),
        "expected " + std::string(expected) + ", found " + describe(node));
}

// "event_names.quiz_done" is the key of an inner table.
const toml::source_position& TomlTable::placeOf(std::string_view key) const
{
    const toml::node* node = m_table->get(key);
    const auto dot = node == nullptr ? key.find('.') : key.npos;
    if (dot != key.npos) {
        node = m_table->get(key.substr(0, dot));
        const auto* const inner = node != nullptr ? node->as_table() : nullptr;
        if (inner != nullptr && inner->contains(key.substr(dot + 1)))
            node = inner->get(key.substr(dot + 1));
    }
    return node != nullptr ? node->source().begin : m_table->source().begin;
}

void TomlTable::error(std::string_view key, const std::string& message)
{
    const auto& at = placeOf(key);
    m_problems->error(
        static_cast<int>(at.line), static_cast<int>(at.column), keyPath(key), message);
}

void TomlTable::warning(std::string_view key, const std::string& message)
{
    const auto& at = placeOf(key);
    m_problems->warning(
        static_cast<int>(at.line), static_cast<int>(at.column), keyPath(key), message);
}

std::optional<std::string> TomlTable::string(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    if (const auto* text = node->as_string())
        return text->get();
    wrongType(key, *node, "a text in quotes");
    return std::nullopt;
}

std::optional<std::string> TomlTable::oneOf(
    std::string_view key, const std::vector<std::string>& allowed)
{
    auto text = string(key);
    if (!text || std::find(allowed.begin(), allowed.end(), *text) != allowed.end())
        return text;
    std::string list;
    for (const std::string& value : allowed)
        list += (list.empty() ? "\"" : ", \"") + value + '"';
    error(key, "expected one of " + list + ", found \"" + *text + '"');
    return std::nullopt;
}

std::optional<std::int64_t> TomlTable::integer(
    std::string_view key, std::int64_t min, std::int64_t max)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    const auto* integer = node->as_integer();
    if (integer != nullptr && integer->get() >= min && integer->get() <= max)
        return integer->get();
    wrongType(
        key, *node, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
}

std::optional<double> TomlTable::number(std::string_view key, NumberRange range)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    std::optional<double> value;
    if (const auto* number = node->as_floating_point())
        value = number->get();
    else if (const auto* integer = node->as_integer())
        value = static_cast<double>(integer->get());
    const bool isInside = value && std::isfinite(*value) && *value <= range.max
        && (range.isMinAllowed ? *value >= range.min : *value > range.min);
    if (isInside)
        return value;
    std::string expected = std::string("a number ") + (range.isMinAllowed ? "from " : "above ")
        + numberText(range.min);
    if (range.max < std::numeric_limits<double>::max())
        expected += " to " + numberText(range.max);
    wrongType(key, *node, expected);
    return std::nullopt;
}

std::optional<bool> TomlTable::boolean(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    if (const auto* flag = node->as_boolean())
        return flag->get();
    wrongType(key, *node, "true or false");
    return std::nullopt;
}

std::optional<Millis> TomlTable::duration(std::string_view key, Millis min, Millis max)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    const auto* text = node->as_string();
    const auto value = text != nullptr ? parseDuration(text->get()) : std::nullopt;
    if (value && *value >= min && *value <= max)
        return value;
    wrongType(key, *node,
        "a duration from \"" + toDurationText(min) + "\" to \"" + toDurationText(max)
            + "\" such as \"20s\" (units ms, s, m, h, d)");
    return std::nullopt;
}

std::optional<WallTime> TomlTable::time(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    std::optional<WallTime> value;
    if (const auto* text = node->as_string())
        value = parseIso8601(text->get());
    else if (const auto* dateTime = node->as_date_time())
        value = fromDateTime(dateTime->get());
    if (!value)
        wrongType(key, *node, "a date and time with zone such as 2026-11-27T00:00:00+01:00");
    return value;
}

std::optional<std::vector<std::string>> TomlTable::strings(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    if (const auto* text = node->as_string())
        return std::vector<std::string> { text->get() };
    std::vector<std::string> texts;
    const auto* array = node->as_array();
    bool isList = array != nullptr;
    for (std::size_t i = 0; isList && i < array->size(); ++i) {
        const auto* text = (*array)[i].as_string();
        isList = text != nullptr;
        if (isList)
            texts.push_back(text->get());
    }
    if (isList)
        return texts;
    wrongType(key, *node, "a list of texts such as [\"a\", \"b\"]");
    return std::nullopt;
}

std::optional<std::string> TomlTable::scalarText(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    if (const auto* text = node->as_string())
        return text->get();
    if (const auto* integer = node->as_integer())
        return std::to_string(integer->get());
    if (const auto* flag = node->as_boolean())
        return std::string(flag->get() ? "true" : "false");
    wrongType(key, *node, "a text, a whole number, true or false");
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> TomlTable::stringTable(std::string_view key)
{
    std::vector<std::pair<std::string, std::string>> texts;
    auto inner = table(key);
    if (!inner)
        return texts;
    for (const auto& [name, node] : *inner->m_table) {
        if (auto text = inner->string(name.str()))
            texts.emplace_back(std::string(name.str()), std::move(*text));
    }
    return texts;
}

std::optional<TomlTable> TomlTable::table(std::string_view key)
{
    const toml::node* node = take(key);
    if (node == nullptr)
        return std::nullopt;
    if (const auto* inner = node->as_table())
        return TomlTable(*inner, keyPath(key), *m_problems);
    wrongType(key, *node, "a table [" + keyPath(key) + "]");
    return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key)
{
    std::vector<TomlTable> found;
    const toml::node* node = take(key);
    if (node == nullptr)
        return found;
    const auto* array = node->as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
        if (array == nullptr || !array->empty())
            wrongType(key, *node, "tables [[" + keyPath(key) + "]]");
        return found;
    }
    for (const toml::node& item : *array)
        found.emplace_back(*item.as_table(),
            keyPath(key) + '[' + std::to_string(found.size() + 1) + ']', *m_problems);
    return found;
}

void TomlTable::refuseUnknown()
{
    for (const auto& [key, node] : *m_table) {
        const std::string_view name = key.str();
        if (m_known.contains(name))
            continue;
        std::string message = "unknown key";
        // Further away it is no misspelling; long names have room for more of them.
        std::size_t nearest = std::max<std::size_t>(3, name.size() / 3 + 1);
        for (const std::string& known : m_known) {
            const std::size_t d = distance(name, known);
            if (d < nearest) {
                nearest = d;
                message = "unknown key; did you mean \"" + known + "\"?";
            }
        }
        const auto& at = key.source().begin;
        m_problems->error(
            static_cast<int>(at.line), static_cast<int>(at.column), keyPath(name), message);
    }
}

} // namespace engine::config
