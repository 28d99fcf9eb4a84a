// Reads a canonical event for an adapter and remembers the first thing that is wrong with it, so
// that a payload builder reads top to bottom and asks once at its end. One per encode(); not
// shared.
#pragma once

#include "core/json.h"
#include "platforms/adapter.h"
#include "platforms/hashing.h"

#include <optional>
#include <string>
#include <string_view>

namespace engine::platforms {

// -12, 0.5, 1e3: a number as JSON writes it, so that decimal text may stand in a request unchanged.
[[nodiscard]] bool isJsonNumber(std::string_view text);

// Does the event say anything there?
[[nodiscard]] bool isPresent(const Json& event, std::string_view path);

// The text or number at `path`, trimmed; empty when there is none or it is of another kind.
[[nodiscard]] std::string textAt(const CanonicalEvent& event, std::string_view path);

class Fields {
public:
    explicit Fields(const Json& event)
        : m_event(event)
    {
    }

    // Absent, null and empty are the same: nothing. A number gives its text. Any other kind is
    // refused.
    [[nodiscard]] std::string_view text(std::string_view path);
    // A decimal as a JSON number with the digits that were given.
    [[nodiscard]] std::optional<Json> decimal(std::string_view path);
    // The same for platforms that want it as text: digits and a point only, no exponent.
    [[nodiscard]] std::string_view decimalText(std::string_view path);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view path);
    // ISO 4217 in upper case; empty where the event names none.
    [[nodiscard]] std::string currency();
    // The id that a landing page got with a click, exactly as it came: such ids tell case apart.
    [[nodiscard]] std::string_view clickId(std::string_view path);
    // The same of a platform whose ids need no encoding in an address: a text with other characters
    // was cut out wrongly.
    [[nodiscard]] std::string_view clickToken(std::string_view path);
    [[nodiscard]] bool flag(std::string_view path); // true only for true
    // `hashedPath` as the sender hashed it, else `plainPath` normalised and hashed; a value of the
    // wrong form is refused.
    [[nodiscard]] std::string_view hashed(
        std::string_view plainPath, std::string_view hashedPath, Normalizer normalize);

    void refuse(std::string_view field, std::string_view reason);
    [[nodiscard]] const std::optional<Refusal>& refusal() const { return m_refusal; }

private:
    const Json& m_event;
    std::optional<Refusal> m_refusal {};
    std::string m_hash {}; // what hashed() returned last
};

// For platforms that know repeats by the order: the event's id stands in for an order's, because
// without one a repeat could not be told from a second conversion.
[[nodiscard]] std::string orderIdOf(const CanonicalEvent& event, Fields& fields);

// Appends the member only when there is something to say: an empty string is an error for most
// platforms.
void setText(Json& object, std::string_view key, std::string_view value);

} // namespace engine::platforms
