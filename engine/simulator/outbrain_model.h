// Outbrain from the platform's side: GET /unifiedPixel. It answers 200 to whatever names a click
// and a conversion, and says nothing about the rest (counted as `lost`). One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class OutbrainModel final : public PlatformModel {
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
};

} // namespace engine::simulator
