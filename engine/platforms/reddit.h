// Reddit Conversions API (platforms.md 9), v3 and, as api = "v2", its older form. A batch is one
// JSON body for one pixel (v2: account); it is taken or refused whole, and a refusal echoes the
// events at fault without their places.
//
// Credential: access_token. Options: action_source (for events that name none), test_id (v3: shows
// events in the platform's test view), email_form = "canonical" (default: no dots and no "+…"
// before the @) | "plain". Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class RedditAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "reddit"; }
    [[nodiscard]] std::string_view version() const override { return "reddit-1"; }
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
