// X Conversion API from the platform's side: POST [/12]/measurement/conversions/{pixel}. One
// thread.
#pragma once

#include "simulator/platform_model.h"
#include "simulator/x_signature.h"

namespace engine::simulator {

class XModel final : public PlatformModel {
public:
    XModel(const SimulatedPlatform& options, std::size_t ledgerMax)
        : PlatformModel(options, ledgerMax)
        , m_signature(options.signing)
    {
    }
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // The name of an error. Under 200 how many conversions were processed.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    // What is wrong with pixel, method or credential.
    [[nodiscard]] std::optional<http::ServerResponse> refusalAtTheDoor(Call& call);
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(
        Call& call, const Json* conversions) const;

    [[nodiscard]] http::ServerResponse withRateHeaders(
        http::ServerResponse reply, Call& call) const;

    XSignatureCheck m_signature;
};

} // namespace engine::simulator
