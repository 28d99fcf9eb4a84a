// Events to any HTTP endpoint, each in the bytes in which it was accepted. Any 2xx takes the whole
// request; a 400 or 422 refuses it whole.
//
// Credentials, all optional: signing_secret (Standard Webhooks signature), bearer (Authorization:
// Bearer …), basic ("user:password"), header (value of the header that option `header` names).
// Options: format = "array" | "single" (default: array where batch > 1), header.
// The account is a name of the operator's. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class WebhookAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "webhook"; }
    [[nodiscard]] std::string_view version() const override { return "webhook-1"; }
    [[nodiscard]] std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const override;
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

} // namespace engine::platforms
