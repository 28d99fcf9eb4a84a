#include "platforms/oauth.h"

#include "platforms/requests.h"

namespace engine::platforms {
namespace {

Result<HttpRequest> exchangeRequest(
    const RefreshExchange& exchange, const DestinationConfig& destination, const Secrets& secrets)
{
    FormFields fields { { "grant_type", "refresh_token" } };
    for (const std::string_view name : { "client_id", "client_secret", "refresh_token" }) {
        auto value = secretValue(secrets, name);
        const bool isMissing = !secrets.contains(std::string(name));
        if (!value && name == "client_secret" && exchange.isSecretOptional && isMissing)
            continue;
        if (!value)
            return tl::unexpected<Error>(value.error());
        fields.emplace_back(name, std::move(*value));
    }
    if (!exchange.scope.empty())
        fields.emplace_back("scope", exchange.scope);
    const EncodeContext context { .destination = &destination };
    HttpRequest request
        = jsonRequest(context, "POST", optionOf(destination, "token_endpoint", exchange.endpoint));
    request.headers.front().second = "application/x-www-form-urlencoded";
    request.body = formBody(fields);
    return request;
}

} // namespace

std::optional<Result<HttpRequest>> refreshTokenRequest(
    const RefreshExchange& exchange, const DestinationConfig& destination, const Secrets& secrets)
{
    const auto isSet = [&](std::string_view name) {
        const auto found = secrets.find(std::string(name));
        return found != secrets.end() && !found->second.empty();
    };
    if (isSet(kAccessToken) && !isSet("refresh_token"))
        return std::nullopt;
    return exchangeRequest(exchange, destination, secrets);
}

Result<std::string> bearerAuthorization(const Secrets& secrets)
{
    auto token = secretValue(secrets, kAccessToken);
    if (!token)
        return token;
    return "Bearer " + *token;
}

} // namespace engine::platforms
