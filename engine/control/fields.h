// A JSON object or a query read strictly: every read notes its name as known, and what nobody read
// is refused. A caller reads all it wants and asks for the first problem at the end.
#pragma once

#include "core/json.h"
#include "http/server.h"

#include <engine/result.h>
#include <engine/time.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace engine::control {

class Fields {
public:
    // `prefix` stands before every name in messages: "filter.".
    explicit Fields(const Json& object, std::string prefix = {});

    [[nodiscard]] bool isEmpty() const { return m_object.members().empty(); }
    [[nodiscard]] bool has(std::string_view name) const { return m_object.find(name) != nullptr; }
    [[nodiscard]] std::optional<std::string> text(std::string_view name);
    [[nodiscard]] std::optional<bool> flag(std::string_view name); // true, false, "1", "0"
    [[nodiscard]] std::optional<std::int64_t> integer(
        std::string_view name, std::int64_t min, std::int64_t max);
    [[nodiscard]] std::optional<double> number(std::string_view name, double above); // > above
    [[nodiscard]] std::optional<WallTime> time(std::string_view name); // ISO 8601 with zone
    [[nodiscard]] std::optional<Seconds> duration(std::string_view name); // "15m", whole seconds
    // An array of texts or numbers, or one of them alone; commas part a single text.
    [[nodiscard]] std::vector<std::string> list(std::string_view name);
    [[nodiscard]] std::optional<Json> object(std::string_view name);

    void complain(std::string_view name, std::string message);
    void adopt(const Status& inner); // the problem of an inner object, already named
    // Bad input, or a name that nobody read.
    [[nodiscard]] Status done() const;

private:
    [[nodiscard]] const Json* find(std::string_view name);

    const Json& m_object;
    std::string m_prefix;
    std::set<std::string, std::less<>> m_known {};
    std::optional<Error> m_problem {};
};

// An empty body is an empty object.
[[nodiscard]] Result<Json> bodyObject(const http::ServerRequest& request);
// Names that stand more than once become an array.
[[nodiscard]] Result<Json> queryObject(const http::ServerRequest& request);

} // namespace engine::control
