// Taboola server-to-server conversions (platforms.md 10). Two ways in: `bulk`, up to 1,000 actions
// in a JSON body, each at its own time, of which nobody ever hears which were dropped; `single`,
// one action in a query, counted at its arrival, whose faults are answered.
//
// No credential. Option: api = "bulk" | "single". Because a bulk request hides its losses, whatever
// can be wrong with an action is found here. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/answers.h"

namespace engine::platforms {

class TaboolaAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "taboola"; }
    [[nodiscard]] std::string_view version() const override { return "taboola-1"; }
    [[nodiscard]] NameRule nameRule(const DestinationConfig& destination) const override;
    [[nodiscard]] std::optional<NotForPlatform> unroutable(
        const CanonicalEvent& event, const DestinationConfig& destination) const override;
    [[nodiscard]] bool isAccountValid(std::string_view account) const override;
    [[nodiscard]] Encoded encode(
        const CanonicalEvent& event, const EncodeContext& context) const override;
    [[nodiscard]] Result<HttpRequest> request(std::span<const Record> records,
        const EncodeContext& context, const Secrets& secrets) const override;
    [[nodiscard]] Decoded decode(const HttpAnswer& answer, std::span<const Record> records,
        const EncodeContext& context) const override;
    [[nodiscard]] bool answersInJson() const override { return false; }
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

// The platform's table of statuses.
inline constexpr StatusMeaning kTaboolaStatuses[] {
    { 200, 299, Outcome::Accepted, {} },
    { 400, 400, Outcome::Invalid, "the click id or the name is missing or not readable" },
    { 404, 404, Outcome::Config, "Taboola does not know this address; is the account right?" },
    { 413, 413, Outcome::Oversize, "too much in one request" },
    { 429, 429, Outcome::Throttled, "too many requests" },
    { 500, 599, Outcome::Transient, "Taboola has trouble" },
};

} // namespace engine::platforms
