// Snapchat Conversions API v3 from the platform's side: POST [/v3]/{pixel or
// app}/events[/validate]. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class SnapchatModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // "error_records" names the first event with the message, else the code is the status of the
    // answer and the message its reason.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    [[nodiscard]] bool isAuthorized(const Call& call) const;
    [[nodiscard]] http::ServerResponse take(Call& call, const Json& data) const;
};

// Does this path belong to the platform? For requests without a prefix that names it.
[[nodiscard]] bool isSnapchatPath(std::string_view path);

} // namespace engine::simulator
