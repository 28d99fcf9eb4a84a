// Customer.io Track (platforms.md 13). Version 2 by default: many operations in one request, a 207
// names the rows that failed. Version 1, one record in a request, for what v2 can not say (events
// of anonymous people) or where the destination asks for it.
//
// Credentials: site_id, api_key. Options: api = "v2" | "v1", region = "us" | "eu", and the sizes
// that the platform takes: see CustomerIoSizes.
// The account is the workspace: a name of the operator's, it stands in no URL. Immutable; any
// thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class CustomerIoAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "customerio"; }
    [[nodiscard]] std::string_view version() const override { return "customerio-1"; }
    [[nodiscard]] std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const override;
    [[nodiscard]] std::optional<NotForPlatform> unroutable(
        const CanonicalEvent& event, const DestinationConfig& destination) const override;
    [[nodiscard]] std::string personKey(
        const CanonicalEvent& event, const DestinationConfig& destination) const override;
    [[nodiscard]] bool isAccountValid(std::string_view account) const override;
    [[nodiscard]] Encoded encode(
        const CanonicalEvent& event, const EncodeContext& context) const override;
    [[nodiscard]] Result<HttpRequest> request(std::span<const Record> records,
        const EncodeContext& context, const Secrets& secrets) const override;
    [[nodiscard]] Decoded decode(const HttpAnswer& answer, std::span<const Record> records,
        const EncodeContext& context) const override;
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

} // namespace engine::platforms
