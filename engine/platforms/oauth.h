// OAuth 2: a refresh token against an access token (RFC 6749, section 6). Pure; any thread.
#pragma once

#include "platforms/adapter.h"

#include <optional>
#include <string_view>

namespace engine::platforms {

struct RefreshExchange {
    std::string_view endpoint {}; // unless option token_endpoint names another
    std::string_view scope {}; // empty: the one that the refresh token was given for
    bool isSecretOptional { false }; // public clients have none
};
// The credentials client_id, client_secret and refresh_token as a form. Absent: an access token is
// configured instead, and requests carry that.
[[nodiscard]] std::optional<Result<HttpRequest>> refreshTokenRequest(
    const RefreshExchange& exchange, const DestinationConfig& destination, const Secrets& secrets);

// "Bearer …" with what the exchange gave or the configuration holds.
[[nodiscard]] Result<std::string> bearerAuthorization(const Secrets& secrets);

} // namespace engine::platforms
