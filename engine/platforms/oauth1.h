// OAuth 1.0a signatures (RFC 5849, section 3) with HMAC-SHA1, for requests whose body is JSON and
// so no part of what is signed. Pure; any thread.
#pragma once

#include <engine/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace engine::platforms {

struct OAuth1Keys {
    std::string consumerKey {};
    std::string consumerSecret {};
    std::string token {};
    std::string tokenSecret {};
};
struct OAuth1Stamp {
    std::string nonce {};
    std::int64_t timestamp { 0 }; // Unix seconds
};

// The address as it is signed: scheme and host in lower case, without the scheme's own port and
// without a query.
[[nodiscard]] std::string oauth1BaseUrl(std::string_view url);

// Base64, as it stands before percent-encoding. A query of `url`, percent-encoded as RFC 3986 has
// it, is signed with the rest.
[[nodiscard]] std::string oauth1Signature(std::string_view method, std::string_view url,
    const OAuth1Keys& keys, const OAuth1Stamp& stamp);

// The value of the Authorization header.
[[nodiscard]] std::string oauth1Authorization(std::string_view method, std::string_view url,
    const OAuth1Keys& keys, const OAuth1Stamp& stamp);

// A nonce must not come twice with one timestamp. A pure function has no dice: it takes a keyed
// digest of what makes the request itself unique, the moment and the content, so no request
// repeats another's and nobody without the secrets can foretell it.
[[nodiscard]] std::string oauth1Nonce(const OAuth1Keys& keys, std::string_view uniqueText);

} // namespace engine::platforms
