// Microsoft Advertising (platforms.md 5), in two ways:
//   offline  OfflineConversions/Apply of the campaign management service: conversions of a goal,
//            found by click id or hashed address; what fails is listed by its place in the request
//   uet      the UET Conversions API: events of a UET tag
//
// Credentials: offline: client_id, client_secret (none for a public client) and refresh_token, or
// access_token; developer_token. uet: access_token.
// Options: offline: customer_id (needed), goal_age (default "2h"), tenant,
// token_endpoint. uet: data_provider.
// The destination's event_names give each event its goal (offline). Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class MicrosoftAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "microsoft"; }
    [[nodiscard]] std::string_view version() const override { return "microsoft-1"; }
    [[nodiscard]] std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const override;
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
    [[nodiscard]] std::optional<Result<HttpRequest>> tokenRequest(
        const DestinationConfig& destination, const Secrets& secrets) const override;
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

} // namespace engine::platforms
