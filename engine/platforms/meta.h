// Meta Conversions API (platforms.md 1). A batch is one JSON body for one dataset; it is taken or
// refused whole, and the error does not say which event is at fault.
//
// Credential: access_token. Options: test_event_code, action_source (for events that name none),
// auth = "query" (documented, default) | "bearer", physical_store_age (default "62d").
// Immutable; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/answers.h"

#include <cstdint>

namespace engine::platforms {

class MetaAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "meta"; }
    [[nodiscard]] std::string_view version() const override { return "meta-1"; }
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

// The error object of an answer: {"error":{"code","error_subcode","is_transient",…}}.
struct MetaError {
    std::int64_t code { 0 };
    std::int64_t subcode { 0 };
    bool isTransient { false };
    std::string message {};
};
struct MetaVerdict {
    Outcome outcome { Outcome::Transient };
    bool isIndexUnknown { false };
    bool isLongBlock { false }; // an account blocked for a time: wait the longest cool-down
};
// A row of the platform's table of codes.
struct MetaCode {
    std::int64_t first { 0 };
    std::int64_t last { 0 };
    std::optional<std::int64_t> subcode {}; // absent: any
    MetaVerdict verdict {};
    // `is_transient` outweighs it: the platform's own word that a repeat may pass says more than an
    // unspecific 100, and less than a throttle or a refused token.
    bool isUnspecific { false };
};
[[nodiscard]] std::span<const MetaCode> metaCodes(); // in the order in which they are asked

// The platform's table of codes, whatever the HTTP status: throttles come as 400 and 403 too.
[[nodiscard]] MetaVerdict classifyMetaError(const MetaError& error, int status);

// Usage headers: the share used and, where the platform says so, how long until access is back.
[[nodiscard]] ThrottleHint metaUsageHint(const HttpAnswer& answer, bool isThrottled);

} // namespace engine::platforms
