#include "simulator/token_booth.h"

#include "core/json.h"
#include "simulator/event_rules.h"
#include "simulator/platform_model.h"

namespace engine::simulator {
namespace {

constexpr std::size_t kTokensMax = 1'000;
constexpr std::string_view kRefresh = "renewed-";

bool isForm(const http::ServerRequest& request)
{
    return request.header("Content-Type")
        .value_or("")
        .starts_with("application/x-www-form-urlencoded");
}

} // namespace

http::ServerResponse TokenBooth::refusal(std::string_view error)
{
    Json body = Json::object();
    body.set("error", Json::string(std::string(error)));
    body.set("error_description", Json::string("Token has been expired or revoked."));
    return jsonReply(error == "temporarily_unavailable" ? 503 : 400, body);
}

http::ServerResponse TokenBooth::exchange(
    const http::ServerRequest& request, std::string_view scope, SteadyTime now)
{
    // A form is written like a query.
    const http::ServerRequest form { .target = "/?" + request.body };
    const auto field = [&](std::string_view name) { return form.query(name).value_or(""); };
    if (request.method != "POST" || !isForm(request) || field("grant_type") != "refresh_token")
        return refusal("unsupported_grant_type");
    if (field("client_id").empty())
        return refusal("invalid_client");
    if (!scope.empty() && field("scope").find(scope) == std::string::npos)
        return refusal("invalid_scope");
    const std::string refresh = field("refresh_token");
    if (!isRefreshGood(refresh))
        return refusal("invalid_grant");
    std::erase_if(m_tokens, [&](const auto& token) { return token.second <= now; });
    if (m_tokens.size() >= kTokensMax)
        m_tokens.erase(m_tokens.begin());
    const std::string token = "simulated-" + std::to_string(++m_number);
    m_tokens[token] = now + m_lifetime;
    Json body = Json::object();
    body.set("access_token", Json::string(token));
    body.set("expires_in", Json::number(std::int64_t { m_lifetime.count() }));
    body.set("token_type", Json::string("Bearer"));
    if (m_refresh != Refresh::Stays) {
        m_last = std::string(kRefresh) + std::to_string(m_number);
        body.set("refresh_token", Json::string(m_last));
    }
    return jsonReply(200, body);
}

bool TokenBooth::isRefreshGood(std::string_view token) const
{
    if (token.empty())
        return false;
    if (m_refresh == Refresh::UsedUp && !m_last.empty())
        return token == m_last;
    return m_secret.empty() || token == m_secret || token.starts_with(kRefresh);
}

bool TokenBooth::isValid(const http::ServerRequest& request, SteadyTime now) const
{
    const std::string token = bearerOf(request.header("Authorization"));
    const auto given = m_tokens.find(token);
    if (given != m_tokens.end())
        return now < given->second;
    // One that ended long ago is forgotten; it is no stranger's all the same.
    return !token.empty() && !isGiven(token) && (m_secret.empty() || token == m_secret);
}

} // namespace engine::simulator
