// TikTok Events API 2.0 (platforms.md 3). A batch is one JSON body for one event source; it is
// taken or refused whole, nearly always with HTTP 200, and the code in the body tells which. A
// message that begins with "data.3." names the record at fault.
//
// The account is the event source id: a pixel code, an app id or an event set. Credential:
// access_token. Options: event_source (what kind of id the account is; by action_source unless
// set), test_event_code, partner_name, offline_age (default "28d"). Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

#include <cstdint>

namespace engine::platforms {

class TiktokAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "tiktok"; }
    [[nodiscard]] std::string_view version() const override { return "tiktok-1"; }
    [[nodiscard]] std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const override;
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
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

// A row of the platform's table of codes.
struct TiktokCode {
    std::int64_t first { 0 };
    std::int64_t last { 0 };
    Outcome outcome { Outcome::Transient };
    std::string_view meaning {};
    std::optional<int> configAfter {}; // so many in a row are a matter of the configuration
};
[[nodiscard]] std::span<const TiktokCode> tiktokCodes();
// nullptr for a code that nobody has listed yet.
[[nodiscard]] const TiktokCode* tiktokCode(std::int64_t code);

// "data.3.user.email: …" and "Batch.3.properties…" → 3.
[[nodiscard]] std::optional<std::size_t> tiktokIndex(std::string_view message);

} // namespace engine::platforms
