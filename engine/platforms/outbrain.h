// Outbrain conversions by click id (platforms.md 11): one conversion in a query, no credential, and
// an answer that says little. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/answers.h"

namespace engine::platforms {

class OutbrainAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "outbrain"; }
    [[nodiscard]] std::string_view version() const override { return "outbrain-1"; }
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

// The platform's table of statuses. It asks for no credential, so a door that is closed is a matter
// of the configuration.
inline constexpr StatusMeaning kOutbrainStatuses[] {
    { 200, 299, Outcome::Accepted, {} },
    { 400, 400, Outcome::Invalid, "the click id or the name is missing" },
    { 401, 403, Outcome::Config, "Outbrain refuses this sender" },
    { 404, 404, Outcome::Config, "Outbrain does not know this address" },
    { 429, 429, Outcome::Throttled, "too many requests" },
    { 500, 599, Outcome::Transient, "Outbrain has trouble" },
};

} // namespace engine::platforms
