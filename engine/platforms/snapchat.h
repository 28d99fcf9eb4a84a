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
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

// What the platform means by a status. All others are judged by the generic table.
struct SnapchatStatus {
    int status { 0 };
    Outcome outcome { Outcome::Transient };
};
inline constexpr SnapchatStatus kSnapchatStatuses[] {
    { 400, Outcome::Invalid }, // INVALID, with or without the places of those at fault
    { 401, Outcome::Auth }, // the token is refused
    { 403, Outcome::Config }, // the token is not for this pixel
    { 404, Outcome::Config }, // no such pixel
    { 413, Outcome::Oversize },
    { 429, Outcome::Throttled }, // names no time
    { 500, Outcome::Transient },
    { 503, Outcome::Transient },
};

} // namespace engine::platforms
