// A TOML table read strictly: every read checks type and range and notes the key as known; what
// nobody read is reported as unknown. Private to engine/config, because it shows toml++.
#pragma once

#include "config/problem.h"

#include <engine/time.h>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace engine::config {

struct NumberRange {
    double min { 0 };
    double max { std::numeric_limits<double>::max() };
    bool isMinAllowed { true };
};

class TomlTable {
public:
    TomlTable(const toml::table& table, std::string path, Problems& problems);

    [[nodiscard]] bool has(std::string_view key) const { return m_table->contains(key); }
    [[nodiscard]] bool hasTables(std::string_view key) const { return (*m_table)[key].is_array(); }
    [[nodiscard]] std::optional<std::string> string(std::string_view key);
    [[nodiscard]] std::optional<std::string> oneOf(
        std::string_view key, const std::vector<std::string>& allowed);
    [[nodiscard]] std::optional<std::int64_t> integer(
        std::string_view key, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::optional<double> number(std::string_view key, NumberRange range);
    [[nodiscard]] std::optional<bool> boolean(std::string_view key);
    [[nodiscard]] std::optional<Millis> duration(std::string_view key, Millis min, Millis max);
    [[nodiscard]] std::optional<WallTime> time(
        std::string_view key); // ISO 8601 text or a TOML date-time with zone
    // A list of texts; a single text counts as a list of one.
    [[nodiscard]] std::optional<std::vector<std::string>> strings(std::string_view key);
    // A text, a whole number or a boolean, as text.
    [[nodiscard]] std::optional<std::string> scalarText(std::string_view key);
    // A table of texts.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> stringTable(
        std::string_view key);
    [[nodiscard]] std::optional<TomlTable> table(std::string_view key);
    [[nodiscard]] std::vector<TomlTable> tables(std::string_view key); // [[key]]

    void error(std::string_view key, const std::string& message);
    void warning(std::string_view key, const std::string& message);
    // Reports every key that was never read, with the nearest known name.
    void refuseUnknown();
    void setPath(std::string path) { m_path = std::move(path); }
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    const toml::node* take(std::string_view key);
    void wrongType(std::string_view key, const toml::node& node, std::string_view expected);
    [[nodiscard]] std::string keyPath(std::string_view key) const;
    [[nodiscard]] const toml::source_position& placeOf(std::string_view key) const;

    const toml::table* m_table;
    std::string m_path;
    Problems* m_problems;
    std::set<std::string, std::less<>> m_known {};
};

} // namespace engine::config
