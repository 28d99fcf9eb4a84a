// X Conversion API (platforms.md 6). A batch is one JSON body for one pixel; it is taken or refused
// whole, and the error names no record, though it may quote the value that is wrong. There is no
// vocabulary: an event is sent only where the destination's event_names give the id of an event of
// the X Events Manager.
//
// The account is the pixel id. Credentials of api "oauth": consumer_key, consumer_secret,
// access_token, access_token_secret, with which each request is signed; of api "pixel_token":
// pixel_token. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

namespace engine::platforms {

class XAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "x"; }
    [[nodiscard]] std::string_view version() const override { return "x-1"; }
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
    // Without the signature, with which the request could be sent again for some minutes.
    [[nodiscard]] std::string redactedHead(
        const HttpRequest& request, const Secrets& secrets) const override;
};

// A row of the platform's table of error codes.
struct XCode {
    std::string_view code {};
    Outcome outcome { Outcome::Transient };
    std::string_view meaning {};
};
[[nodiscard]] std::span<const XCode> xCodes();
// nullptr for a code that nobody has listed yet.
[[nodiscard]] const XCode* xCode(std::string_view code);

} // namespace engine::platforms
