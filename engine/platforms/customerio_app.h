// Customer.io App (platforms.md 13.3 to 13.5): messages that an event asks for. Two ways in:
// `messages` sends one transactional e-mail or push to one person, `broadcasts` triggers a
// broadcast to many, and asks later what was wrong with its audience. Neither knows repeats: what
// may have arrived is never sent again by itself.
//
// Which template or broadcast: the destination's event_names. Credential: app_key. Options: api =
// "messages" | "broadcasts", region = "us" | "eu", workspace_id (account-level keys need it),
// channel = "email" | "push" (for messages that do not say). Immutable; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/answers.h"

namespace engine::platforms {

class CustomerIoAppAdapter final : public Adapter {
public:
    [[nodiscard]] std::string_view platform() const override { return "customerio-app"; }
    [[nodiscard]] std::string_view version() const override { return "customerio-app-1"; }
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
    [[nodiscard]] std::optional<Result<HttpRequest>> receiptRequest(std::string_view receipt,
        const EncodeContext& context, const Secrets& secrets) const override;
    [[nodiscard]] ReceiptAnswer decodeReceipt(const HttpAnswer& answer) const override;
    [[nodiscard]] LiveCheck liveCheck(const DestinationConfig& destination) const override;
};

// The platform's table of statuses. A gateway that got no usable answer has passed the message on,
// so it may be under way: `unknown`, which without a dedup key goes to an operator.
inline constexpr StatusMeaning kCustomerIoAppStatuses[] {
    { 400, 400, Outcome::Invalid, "Customer.io refuses the message" },
    { 401, 401, Outcome::Auth, "Customer.io refuses the key; is the region right?" },
    { 403, 403, Outcome::Config, "the key or the plan does not allow this" },
    { 404, 404, Outcome::Config, "Customer.io does not know the broadcast or address" },
    { 408, 408, Outcome::Transient, "the request did not arrive whole" },
    { 413, 413, Outcome::Oversize, "the message is too large" },
    { 422, 422, Outcome::Invalid, "Customer.io refuses the message" },
    { 429, 429, Outcome::Throttled, "too many requests" },
    { 502, 502, Outcome::Unknown, "a gateway got no usable answer; the message may be under way" },
    { 504, 504, Outcome::Unknown, "a gateway waited in vain; the message may be under way" },
    { 520, 520, Outcome::Unknown, "a gateway got no usable answer; the message may be under way" },
    { 524, 524, Outcome::Unknown, "a gateway waited in vain; the message may be under way" },
    { 500, 599, Outcome::Transient, "Customer.io has trouble" }, // 522: it was never reached
};

// Words in the error of a 400 or 422 that say that not the message is wrong but what we ask it to
// be.
inline constexpr std::string_view kCustomerIoAppConfigWords[] { "transactional_message_id",
    "transactional message", "broadcast not found", "campaign not found" };

} // namespace engine::platforms
