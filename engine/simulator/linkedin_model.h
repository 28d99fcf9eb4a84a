// LinkedIn Conversions API from the platform's side: POST [/rest]/conversionEvents, batches, and
// POST /token, which gives access tokens. What it counts, it counts per member token, so an
// account here is a token, and all tokens that it gave are one member's; `accounts` are the
// conversion rules that exist. One thread.
#pragma once

#include "simulator/platform_model.h"
#include "simulator/token_booth.h"

namespace engine::simulator {

class LinkedinModel final : public PlatformModel {
public:
    LinkedinModel(SimulatedPlatform platform, std::size_t ledgerMax);
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A number as code is the serviceErrorCode, else the code. Under 200 it is the status of the
    // first element, all others are taken; without one there are no elements. 201 is taken without
    // a word. Of the token endpoint a name ("invalid_grant").
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    // What is wrong with path, headers or the size of the batch.
    [[nodiscard]] std::optional<http::ServerResponse> refusalAtTheDoor(Call& call) const;
    // All records at fault in one refusal; nothing when there is none.
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(
        Call& call, const std::vector<Json>& elements) const;

    TokenBooth m_booth;
};

} // namespace engine::simulator
