// Microsoft Advertising from the platform's side: POST
// [/CampaignManagement/v13]/OfflineConversions/Apply, POST [/v1]/{tag}/events of UET, and the token
// endpoint /token, booked under the account "token". One thread.
#pragma once

#include "simulator/microsoft_rules.h"
#include "simulator/platform_model.h"
#include "simulator/token_booth.h"

namespace engine::simulator {

class MicrosoftModel final : public PlatformModel {
public:
    MicrosoftModel(SimulatedPlatform platform, std::size_t ledgerMax);
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A code of the offline service: of every conversion under status 200, else of the request. Of
    // the token endpoint a name ("invalid_grant"). Of UET the name of the first event's error;
    // under 200 a number is how many were received.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] http::ServerResponse apply(Call& call, const Json& body);
    [[nodiscard]] http::ServerResponse takeEvents(Call& call, const Json& body);
    [[nodiscard]] bool isTooManyOpen(const Call& call);
    [[nodiscard]] std::optional<MicrosoftViolation> judge(Call& call, const Json& conversion) const;

    TokenBooth m_booth;
    // Of each account, when the answers to its open requests go out.
    std::map<std::string, std::vector<SteadyTime>> m_open {};
};

} // namespace engine::simulator
