// The token endpoint of a platform with OAuth 2: gives access tokens against a refresh token and
// knows which of them still hold. One thread.
#pragma once

#include "http/server.h"

#include <engine/time.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace engine::simulator {

class TokenBooth {
public:
    enum class Refresh : std::uint8_t {
        Stays,
        Replaced, // each exchange gives another one; those before stay good
        UsedUp, // each exchange gives another one, and only that one is good from then on
    };
    // `secret`: the refresh token, or the access token that a sender configures instead. Empty:
    // any.
    explicit TokenBooth(
        std::string secret, Seconds lifetime = Seconds { 3'600 }, Refresh refresh = Refresh::Stays)
        : m_secret(std::move(secret))
        , m_lifetime(lifetime)
        , m_refresh(refresh)
    {
    }

    // POST of a form with grant_type=refresh_token; `scope` is required where the platform does.
    [[nodiscard]] http::ServerResponse exchange(
        const http::ServerRequest& request, std::string_view scope, SteadyTime now);
    // {"error":"invalid_grant", …}: the refresh token is expired or revoked.
    [[nodiscard]] static http::ServerResponse refusal(std::string_view error);

    // The bearer token of a request to the platform.
    [[nodiscard]] bool isValid(const http::ServerRequest& request, SteadyTime now) const;
    // Is it one of those that a booth gives?
    [[nodiscard]] static bool isGiven(std::string_view token)
    {
        return token.starts_with("simulated-");
    }

private:
    [[nodiscard]] bool isRefreshGood(std::string_view token) const;

    std::string m_secret;
    Seconds m_lifetime;
    std::map<std::string, SteadyTime> m_tokens {}; // given out, and when each ends
    std::int64_t m_number { 0 };
    Refresh m_refresh;
    std::string m_last {}; // the refresh token that was given last
};

} // namespace engine::simulator
