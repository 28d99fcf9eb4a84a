// Access tokens: one exchange for all shards of a credential. The calls go to a token endpoint, not
// to the platform's interface, so they pass no limit; there is at most one per credential.
#include "delivery/dispatcher.h"
#include "delivery/flight.h"
#include "platforms/requests.h"

#include <QLoggingCategory>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcTokens, "engine.delivery.tokens")

} // namespace

Dispatcher::HeldBy Dispatcher::heldByToken(Shard& shard, const Moment& moment)
{
    if (!shard.secrets || !shard.needsToken)
        return {};
    TokenKeeper& token = shard.credential->token;
    switch (token.step(moment.steady)) {
    case TokenKeeper::Step::Go:
        return {};
    case TokenKeeper::Step::GoAndFetch:
        fetchToken(shard, moment);
        return {};
    case TokenKeeper::Step::Fetch:
        fetchToken(shard, moment);
        break;
    case TokenKeeper::Step::Wait:
        break;
    }
    return { .isHeld = true, .until = token.waitUntil() };
}

void Dispatcher::fetchToken(Shard& shard, const Moment& moment)
{
    auto request = shard.adapter->tokenRequest(*shard.destination, *shard.secrets);
    Transport* const transport = *request ? m_ports.transportFor(*shard.destination) : nullptr;
    if (!transport) {
        shard.credential->token.setTrouble(
            *request ? "no transport for these network options" : request->error().message);
        shard.credential->token.fetchFailed(moment.steady, std::nullopt);
        return;
    }
    (*request)->timeout = shard.destination->contract.timeout;
    (*request)->connectTimeout = shard.destination->contract.connectTimeout;
    shard.credential->token.fetchStarted();
    (void)transport->send(std::move(**request),
        [self = m_self, credential = shard.credential, destination = shard.destination,
            adapter = shard.adapter, secrets = shard.secrets](const TransferResult& result) {
            if (*self)
                (*self)->onToken({ credential, destination, adapter, secrets }, result);
        });
}

void Dispatcher::onToken(const TokenFetch& fetch, const TransferResult& result)
{
    const Moment moment = now();
    const std::shared_ptr<Credential>& credential = fetch.credential;
    const platforms::TokenAnswer answer = result
        ? fetch.adapter->decodeToken(*result, moment.wall)
        : platforms::TokenRefusal { .message = std::string("the token endpoint: ")
                  + toString(result.error().kind) + ", " + result.error().detail };
    if (const auto* token = std::get_if<platforms::AccessToken>(&answer)) {
        credential->token.fetched(moment.steady, *token);
        onRefreshToken(fetch, token->refreshToken);
        platforms::Secrets all = *fetch.secrets;
        all[std::string(platforms::kAccessToken)] = token->value;
        credential->withToken = std::make_shared<const platforms::Secrets>(std::move(all));
        wakeSharers(*credential, moment.steady);
        m_ports.wake();
        return;
    }
    const auto& refusal = std::get<platforms::TokenRefusal>(answer);
    const std::string why = platforms::redacted(refusal.message, *fetch.secrets);
    credential->token.setTrouble(why);
    qCWarning(lcTokens, "%s: no access token: %s", fetch.destination->name.c_str(), why.c_str());
    const bool isRefused = refusal.outcome == Outcome::Auth || refusal.outcome == Outcome::Config;
    if (!isRefused) {
        credential->token.fetchFailed(moment.steady, refusal.retryAfter);
    } else {
        credential->token.fetchRefused();
        credential->reason = why;
        if (credential->state == CredentialState::Ok) {
            credential->state = CredentialState::Rejected;
            credential->rejectedAt = moment.steady;
            credential->probe.start(moment.steady);
        } else {
            credential->probe.failed(moment.steady);
        }
    }
    wakeSharers(*credential, moment.steady);
    m_ports.wake();
}

// Many platforms take a refresh token no longer once they gave the next one.
void Dispatcher::onRefreshToken(const TokenFetch& fetch, const std::string& token)
{
    const auto present = fetch.secrets->find(std::string(platforms::kRefreshToken));
    if (token.empty() || (present != fetch.secrets->end() && present->second == token))
        return;
    for (const Shard* shard : m_shards.replaceRefreshToken(fetch.credential, token)) {
        if (m_ports.refreshTokenReplaced)
            m_ports.refreshTokenReplaced(*shard->destination, shard->id.account, token);
    }
}

void Dispatcher::secretsChanged()
{
    const Moment moment = now();
    for (Shard* shard : m_shards.all()) {
        if (m_shards.refreshSecrets(*shard, false, moment))
            wakeShard(*shard, moment.steady);
    }
    m_ports.wake();
}

} // namespace engine::delivery
