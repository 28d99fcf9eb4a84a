// Meta Conversions API from the platform's side: POST [/v25.0]/{dataset}/events. One thread.
#pragma once

#include "simulator/platform_model.h"

namespace engine::simulator {

class MetaModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // "100/2804003" is code and subcode; "100/transient" says that a repeat may pass. Under 200 how
    // many events were received.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    [[nodiscard]] bool isAuthorized(Call& call, const Json& body) const;
    // Nothing when every event keeps the rules; otherwise the refusal of the whole request.
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(Call& call, const Json& data) const;
};

// Does this path belong to the platform? For requests without a prefix that names it.
[[nodiscard]] bool isMetaPath(std::string_view path);

} // namespace engine::simulator
