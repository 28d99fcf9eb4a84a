#include "simulator/x_signature.h"

#include "platforms/hashing.h"
#include "platforms/oauth1.h"

#include <charconv>

namespace engine::simulator {
namespace {

constexpr std::chrono::minutes kSkew { 5 };

// What percent-encoding hid; nothing when a %xx is broken.
std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto [end, error]
            = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (error != std::errc {} || end != digits.data() + 2)
            return std::nullopt;
        decoded += static_cast<char>(byte);
        i += 2;
    }
    return decoded;
}

// OAuth a="b", c="d" → parts; empty when it is anything else.
std::map<std::string, std::string> partsOf(std::string_view header)
{
    constexpr std::string_view kScheme = "OAuth ";
    std::map<std::string, std::string> parts;
    if (!header.starts_with(kScheme))
        return parts;
    header.remove_prefix(kScheme.size());
    while (!header.empty()) {
        const auto equals = header.find("=\"");
        const auto close = header.find('"', equals == header.npos ? 0 : equals + 2);
        if (equals == header.npos || close == header.npos)
            return {};
        auto value = percentDecoded(header.substr(equals + 2, close - equals - 2));
        if (!value)
            return {};
        parts.emplace(platforms::trimmed(header.substr(0, equals)), std::move(*value));
        header.remove_prefix(close + 1);
        if (header.starts_with(','))
            header.remove_prefix(1);
    }
    return parts;
}

std::string textOf(const std::map<std::string, std::string>& parts, const std::string& name)
{
    const auto found = parts.find(name);
    return found == parts.end() ? std::string {} : found->second;
}

} // namespace

bool XSignatureCheck::isSigned(
    const http::ServerRequest& request, const std::map<std::string, std::string>& parts) const
{
    const std::string signature = textOf(parts, "oauth_signature");
    if (m_credentials.empty()) {
        constexpr std::size_t kDigestBytes = 20;
        const auto digest = platforms::fromBase64(signature);
        return digest && digest->size() == kDigestBytes;
    }
    const platforms::OAuth1Keys keys { .consumerKey = textOf(m_credentials, "consumer_key"),
        .consumerSecret = textOf(m_credentials, "consumer_secret"),
        .token = textOf(m_credentials, "access_token"),
        .tokenSecret = textOf(m_credentials, "access_token_secret") };
    if (textOf(parts, "oauth_consumer_key") != keys.consumerKey
        || textOf(parts, "oauth_token") != keys.token)
        return false;
    platforms::OAuth1Stamp stamp { .nonce = textOf(parts, "oauth_nonce") };
    const std::string seconds = textOf(parts, "oauth_timestamp");
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), stamp.timestamp);
    // A proxy in front may speak TLS for us, so both schemes may have been signed.
    for (const char* scheme : { "http://", "https://" }) {
        const std::string url = scheme + std::string(request.header("Host").value_or(""))
            + std::string(request.path());
        if (platforms::oauth1Signature(request.method, url, keys, stamp) == signature)
            return true;
    }
    return false;
}

bool XSignatureCheck::takeNonce(const std::string& nonce, WallTime now)
{
    if (now - m_pruned > kSkew) {
        std::erase_if(m_nonces, [&](const auto& kept) { return now - kept.second > 2 * kSkew; });
        m_pruned = now;
    }
    return m_nonces.emplace(nonce, now).second;
}

std::optional<std::string> XSignatureCheck::fault(const http::ServerRequest& request, WallTime now)
{
    const auto parts = partsOf(request.header("Authorization").value_or(""));
    for (const char* name : { "oauth_consumer_key", "oauth_nonce", "oauth_signature",
             "oauth_signature_method", "oauth_timestamp", "oauth_token", "oauth_version" }) {
        if (textOf(parts, name).empty())
            return std::string(name) + " is missing";
    }
    if (textOf(parts, "oauth_signature_method") != "HMAC-SHA1"
        || textOf(parts, "oauth_version") != "1.0")
        return "the signature method is not known";
    std::int64_t seconds = 0;
    const std::string text = textOf(parts, "oauth_timestamp");
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const std::int64_t own = std::chrono::floor<Seconds>(now).time_since_epoch().count();
    if (error != std::errc {} || end != text.data() + text.size()
        || std::abs(seconds - own) > Seconds { kSkew }.count())
        return "the timestamp is stale";
    if (!isSigned(request, parts))
        return "the signature is wrong";
    if (!takeNonce(textOf(parts, "oauth_nonce"), now))
        return "the nonce was used before";
    return std::nullopt;
}

} // namespace engine::simulator
