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
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

// What the platform means by a status. All others are judged by the generic table.
struct RedditStatus {
    int status { 0 };
    Outcome outcome { Outcome::Transient };
};
inline constexpr RedditStatus kRedditStatuses[] {
    { 400, Outcome::Invalid }, // none were processed; the ones at fault are echoed
    { 401, Outcome::Auth }, // "Authorization Required", or success false and UNAUTHORIZED
    { 403, Outcome::Config }, // the token is not for this pixel
    { 404, Outcome::Config }, // no such pixel
    { 413, Outcome::Oversize },
    { 429, Outcome::Throttled },
    { 500, Outcome::Transient },
    { 503, Outcome::Transient },
};

} // namespace engine::platforms
