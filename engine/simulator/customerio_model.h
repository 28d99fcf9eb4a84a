// Customer.io Track from the platform's side: /api/v2/batch, /api/v2/entity and /api/v1/…. The
// account is the site id of the Basic credential. One thread.
#pragma once

#include "simulator/customerio_rules.h"
#include "simulator/platform_model.h"

namespace engine::simulator {

class CustomerIoModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // A code is the reason of the first record's row under "errors": under 207 all others are
    // taken. Alone: the reason of the whole request.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;

    [[nodiscard]] bool isAuthorized(const Call& call) const;
    [[nodiscard]] http::ServerResponse processBatch(Call& call, const Json& body) const;
    [[nodiscard]] http::ServerResponse processEntity(Call& call, const Json& body) const;
    [[nodiscard]] http::ServerResponse processV1(Call& call, const Result<Json>& body) const;
    [[nodiscard]] CustomerIoCheck checkV1(
        Call& call, std::string_view path, const Json& body) const;
    // Keeps the rules and the scenario's: counted as accepted. Otherwise why not.
    [[nodiscard]] CustomerIoCheck takeOperation(Call& call, const Json& operation) const;
};

[[nodiscard]] bool isCustomerIoPath(std::string_view path);

} // namespace engine::simulator
