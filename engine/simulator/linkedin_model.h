// LinkedIn Conversions API from the platform's side: POST [/rest]/conversionEvents, batches. What
// it counts, it counts per member token, so an account here is a token; `accounts` are the
// conversion rules that exist. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class LinkedinModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    // What is wrong with path, headers or the size of the batch.
    [[nodiscard]] std::optional<http::ServerResponse> refusalAtTheDoor(Call& call) const;
    // All records at fault in one refusal; nothing when there is none.
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(
        Call& call, const std::vector<Json>& elements) const;
};

} // namespace engine::simulator
