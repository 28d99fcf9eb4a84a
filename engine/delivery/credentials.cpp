#include "delivery/credentials.h"

#include <QCryptographicHash>

namespace engine::delivery {

std::map<std::string, SecretRef> credentialRefs(
    const DestinationConfig& destination, const std::string& account)
{
    std::map<std::string, SecretRef> refs = destination.credentials;
    for (const AccountConfig& own : destination.accounts) {
        if (own.account != account)
            continue;
        for (const auto& [name, ref] : own.credentials)
            refs[name] = ref;
    }
    return refs;
}

std::shared_ptr<Credential> CredentialBook::find(const DestinationConfig& destination,
    const std::string& account, const Result<platforms::Secrets>& secrets)
{
    const std::string where = destination.platform + '\n' + destination.endpoint;
    std::string refs = where;
    const auto named = credentialRefs(destination, account);
    // Without any secret there is nothing to share: each destination stands for itself.
    if (named.empty())
        refs += '\n' + destination.name;
    for (const auto& [name, ref] : named)
        refs += '\n' + name + '=' + toString(ref);
    const bool areKnown = secrets && !secrets->empty();
    const std::string key = areKnown ? keyOf(destination, *secrets) : digest(refs);
    auto& scope = m_scopeByRefs[refs];
    if (auto known = m_byValue[key].lock()) {
        scope = known->scopeKey;
        return known;
    }
    if (scope.empty())
        scope = key;
    auto credential = std::make_shared<Credential>();
    credential->scopeKey = scope;
    m_byValue[key] = credential;
    return credential;
}

void CredentialBook::adopt(const std::shared_ptr<Credential>& credential,
    const DestinationConfig& destination, const platforms::Secrets& secrets)
{
    m_byValue[keyOf(destination, secrets)] = credential;
}

std::string CredentialBook::keyOf(
    const DestinationConfig& destination, const platforms::Secrets& secrets) const
{
    std::string values = destination.platform + '\n' + destination.endpoint;
    for (const auto& [name, value] : secrets)
        values += '\n' + name + '=' + value;
    return digest(values);
}

std::string CredentialBook::digest(std::string_view text) const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(m_salt.data(), static_cast<qsizetype>(m_salt.size())));
    hash.addData(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    return hash.result().toHex().toStdString();
}

} // namespace engine::delivery
