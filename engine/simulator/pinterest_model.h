// Pinterest Conversions API from the platform's side: POST [/v5]/ad_accounts/{account}/events. One
// thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class PinterestModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A number, or "failed": the first event is, with the message, under 422 or 200.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 24 }; }

    // The results in the order of the request; what keeps the rules is taken.
    [[nodiscard]] http::ServerResponse take(Call& call, const Json& data) const;
    [[nodiscard]] std::optional<std::string> refusalOf(Call& call, const Json& event) const;
};

// Does this path belong to the platform? For requests without a prefix that names it.
[[nodiscard]] bool isPinterestPath(std::string_view path);

} // namespace engine::simulator
