// A careful receiver of webhooks: /{account} takes one event or an array of them, checks signatures
// when it has a secret, and removes repeats by event_id. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class WebhookModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A status with the message.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] bool isSigned(const Call& call) const;
};

} // namespace engine::simulator
