// Criteo server-to-server events (platforms.md 12). A request is about one user and holds one
// event, or a few related ones of that user; the answer is 200 whatever happens, and says in its
// body what was wrong.
//
// No credential: the account (partner id) and mapping_key stand in the body. Options: mapping_key,
// country, language, site_type, body_version, browser_field. Redirects to a regional host are
// followed where the contract allows. Immutable; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/answers.h"

namespace engine::platforms {

class CriteoAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "criteo"; }
    [[nodiscard]] std::string_view version() const override { return "criteo-1"; }
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

// The platform's table of statuses. A 200 is read: see kCriteoErrors.
inline constexpr StatusMeaning kCriteoStatuses[] {
    { 204, 204, Outcome::Accepted, {} },
    { 400, 400, Outcome::Invalid, "Criteo can not read the request" },
    { 404, 404, Outcome::Config, "Criteo does not know this address" },
    { 413, 413, Outcome::Oversize, "too much in one request" },
    { 429, 429, Outcome::Throttled, "too many requests" },
    { 500, 599, Outcome::Transient, "Criteo has trouble" },
};

// What an entry of "errors" is about, told by a word in it; all else is about the user or the
// event.
struct CriteoErrorWord {
    std::string_view word {}; // in lower case
    Outcome outcome { Outcome::Invalid };
};
inline constexpr CriteoErrorWord kCriteoErrors[] {
    { "account", Outcome::Config },
    { "partner", Outcome::Config },
};

} // namespace engine::platforms
