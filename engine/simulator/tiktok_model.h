// TikTok Events API from the platform's side: POST [/open_api/v1.3]/event/track/. What it counts,
// it counts per access token, so an account here is a token. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class TiktokModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] std::string credentialOf(const http::ServerRequest& request) const override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // The code in the body; a message that begins with "data.0." names the first record.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    // What is wrong with the request but for its records.
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(Call& call, const Json& body) const;
    // The answer to a request with records that are refused; nothing when all may be taken.
    [[nodiscard]] std::optional<http::ServerResponse> refusalOfRecords(
        Call& call, const Json& body) const;
};

} // namespace engine::simulator
