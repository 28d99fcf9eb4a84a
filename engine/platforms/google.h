// Google Ads, conversions uploaded from outside (platforms.md 2), in two ways:
//   offline       uploadClickConversions of the Google Ads API: each conversion gets its own answer
//   data_manager  events:ingest of the Data Manager API, for projects to which the first is closed:
//                 a request is taken or refused whole, and what became of its events is shown in
//                 the platform's own diagnostics only
//
// Credentials: client_id, client_secret and refresh_token, or access_token; developer_token.
// Options: login_customer_id, match = "all" (default) | "click", min_click_age (default "6h"),
// leads_age (default "63d"), merchant_id, feed_country, feed_language, custom_variables, job_id,
// token_endpoint.
// The destination's event_names give each event its conversion action. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class GoogleAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "google"; }
    [[nodiscard]] std::string_view version() const override { return "google-1"; }
    [[nodiscard]] std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const override;
    [[nodiscard]] NameRule nameRule(const DestinationConfig& destination) const override;
    [[nodiscard]] std::optional<NotForPlatform> unroutable(
        const CanonicalEvent& event, const DestinationConfig& destination) const override;
    [[nodiscard]] std::optional<Seconds> acceptedAge(
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
    [[nodiscard]] std::optional<Result<HttpRequest>> receiptRequest(std::string_view receipt,
        const EncodeContext& context, const Secrets& secrets) const override;
    [[nodiscard]] ReceiptAnswer decodeReceipt(const HttpAnswer& answer) const override;
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

} // namespace engine::platforms
