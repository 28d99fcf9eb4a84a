// Snapchat Conversions API v3 (platforms.md 8). A batch is one JSON body for one pixel or app. The
// answer names the places of the events at fault: beside a 200 the others were taken, beside a 400
// nothing was.
//
// Credential: access_token. Options: action_source (for events that name none), auth = "query"
// (documented, default) | "bearer". Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class SnapchatAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "snapchat"; }
    [[nodiscard]] std::string_view version() const override { return "snapchat-1"; }
    [[nodiscard]] std::optional<NotForPlatform> unroutable(
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
