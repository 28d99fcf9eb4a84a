// Google from the platform's side: POST [/v25]/customers/{id}:uploadClickConversions of the Google
// Ads API, POST [/v1]/events:ingest of the Data Manager API, and the token endpoint /token. What
// the token endpoint does is booked under the account "token". One thread.
#pragma once

#include "simulator/google_rules.h"
#include "simulator/platform_model.h"
#include "simulator/token_booth.h"

namespace engine::simulator {

class GoogleModel final : public PlatformModel {
public:
    GoogleModel(SimulatedPlatform platform, std::size_t ledgerMax);
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // "conversionUploadError.EXPIRED_EVENT" in its group's usual place: of every conversion under
    // status 200, else of the request; "fieldViolation.orderId" is of the first one. A quota may
    // name whose it is and how long to wait: "quotaError.RESOURCE_EXHAUSTED/DEVELOPER/30s". A name
    // alone is the status of a call ("UNAVAILABLE"), what became of the records of a receipt
    // ("FAILED", "PARTIAL_SUCCESS"), or an error of the token endpoint ("invalid_grant").
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] http::ServerResponse upload(Call& call, const Json& body);
    [[nodiscard]] std::optional<http::ServerResponse> refusalOf(
        Call& call, const Json& body, std::string_view list) const;
    [[nodiscard]] std::optional<GoogleViolation> judge(Call& call, const Json& conversion) const;
    [[nodiscard]] http::ServerResponse ingest(Call& call, const Json& body);
    [[nodiscard]] http::ServerResponse laterStatus(Call& call);

    TokenBooth m_booth;
};

} // namespace engine::simulator
