// Pinterest Conversions API (platforms.md 7). A batch is one JSON body for one ad account; the
// answer holds a list of results in the order of the request, so each record has an outcome of its
// own. The quota headers are the contract of record.
//
// Credential: access_token. Options: action_source (for events that name none), partner_name.
// Immutable; any thread.
#pragma once

#include "platforms/adapter.h"

#include <cstdint>

namespace engine::platforms {

class PinterestAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "pinterest"; }
    [[nodiscard]] std::string_view version() const override { return "pinterest-1"; }
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

// What one of the platform's codes means. A code that is not here is judged by its status alone.
struct PinterestCode {
    int status { 0 };
    std::int64_t code { 0 };
    Outcome outcome { Outcome::Transient };
    bool isLongBlock { false }; // the platform says itself that a short wait will not do
};
[[nodiscard]] std::span<const PinterestCode> pinterestCodes();

} // namespace engine::platforms
