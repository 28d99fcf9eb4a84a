// Taboola from the platform's side: POST /{account}/log/3/bulk-s2s-action, which takes everything
// that is JSON and drops bad rows without a word (counted as `lost`), and GET
// /actions-handler/log/3/s2s-action, which says 400. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class TaboolaModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A status; the message is the body.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] http::ServerResponse processBulk(Call& call);
    [[nodiscard]] http::ServerResponse processSingle(Call& call);
    // Right and not refused by the scenario: counted as accepted.
    [[nodiscard]] bool take(Call& call, const Json& action, bool isBulk) const;
};

} // namespace engine::simulator
