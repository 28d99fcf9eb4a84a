// LinkedIn Conversions API (platforms.md 4). A batch is one JSON body; it is taken with a status
// for each record, or refused whole with a text that names the records at fault by their index.
// There is no vocabulary: an event is sent only where the destination's event_names give a
// conversion rule. Records of one rule share a request, so that a rule that is set up wrongly
// costs only its own.
//
// The account is a name for the ad account: it stands in no request. Credentials: client_id,
// client_secret and refresh_token, or access_token. Options: version (of the API, "202608" unless
// set), token_endpoint. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

#include <vector>

namespace engine::platforms {

class LinkedinAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "linkedin"; }
    [[nodiscard]] std::string_view version() const override { return "linkedin-1"; }
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

// A record that a refusal names, and what it says of it.
struct LinkedinFault {
    std::size_t index { 0 };
    std::string message {};
};
// "Index: 0, ERROR :: /a :: missing\nERROR :: …\nIndex: 4, …" and "… indices [0, 4] (0-indexed)".
[[nodiscard]] std::vector<LinkedinFault> linkedinFaults(std::string_view message);

// What the platform says with 401, by number or, without one, by name: all of them refuse the
// token.
struct LinkedinCode {
    std::string_view code {};
    std::string_view meaning {}; // for the operator, behind the platform's own words
};
[[nodiscard]] std::span<const LinkedinCode> linkedinTokenCodes();

} // namespace engine::platforms
