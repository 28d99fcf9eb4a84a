// Criteo from the platform's side: POST /m/event?version=s2s_v0. Nearly everything is answered with
// 200, and the body says what was wrong. Accounts of the other region are redirected with 307. One
// thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class CriteoModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A code is an entry of "errors" in a 200; a status 3xx leads to the address in the message.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
};

} // namespace engine::simulator
