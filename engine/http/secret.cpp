#include "http/secret.h"

#include "http/wire.h"

#include <QCryptographicHash>

#include <algorithm>

namespace engine::http {

KeyDigest digestOf(std::string_view key)
{
    const QByteArray hash = QCryptographicHash::hash(
        QByteArray::fromRawData(key.data(), static_cast<qsizetype>(key.size())),
        QCryptographicHash::Sha256);
    KeyDigest digest;
    std::transform(hash.begin(), hash.end(), digest.bytes.begin(),
        [](char c) { return static_cast<std::uint8_t>(c); });
    return digest;
}

bool isSameKey(const KeyDigest& a, const KeyDigest& b)
{
    // volatile, so that the compiler may not leave the loop at the first difference.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < a.bytes.size(); ++i)
        difference = static_cast<std::uint8_t>(difference | (a.bytes[i] ^ b.bytes[i]));
    return difference == 0;
}

std::optional<std::string_view> bearerOf(const ServerRequest& request)
{
    constexpr std::string_view kScheme = "bearer ";
    std::optional<std::string_view> found;
    for (const auto& [name, value] : request.headers) {
        if (!isSameToken(name, "Authorization"))
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    if (!found || found->size() <= kScheme.size()
        || !isSameToken(found->substr(0, kScheme.size()), kScheme))
        return std::nullopt;
    const std::string_view token = found->substr(kScheme.size());
    const auto start = token.find_first_not_of(' ');
    if (start == std::string_view::npos)
        return std::nullopt;
    return token.substr(start);
}

} // namespace engine::http
