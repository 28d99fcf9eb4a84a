// Customer.io App from the platform's side: POST /v1/send/{email,push} and
// /v1/campaigns/{id}/triggers. It knows no repeats: what comes twice is sent twice, and its books
// count that as `duplicates`. The account is X-Workspace-Id, or "workspace" for keys that have only
// one. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class CustomerIoAppModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // Under 200 it is taken without a receipt; else the message is the error.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] bool isAuthorized(const Call& call) const;
    [[nodiscard]] std::optional<http::ServerResponse> redirected(const Call& call) const;
};

} // namespace engine::simulator
