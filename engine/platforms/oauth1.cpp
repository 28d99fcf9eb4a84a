#include "platforms/oauth1.h"

#include "platforms/hashing.h"
#include "platforms/requests.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace engine::platforms {
namespace {

using Parameter = std::pair<std::string_view, std::string>; // the value percent-encoded
using Parameters = std::array<Parameter, 6>;

// In the order of their names, as they are signed.
Parameters parametersOf(const OAuth1Keys& keys, const OAuth1Stamp& stamp)
{
    return { { { "oauth_consumer_key", percentEncoded(keys.consumerKey) },
        { "oauth_nonce", percentEncoded(stamp.nonce) }, { "oauth_signature_method", "HMAC-SHA1" },
        { "oauth_timestamp", std::to_string(stamp.timestamp) },
        { "oauth_token", percentEncoded(keys.token) }, { "oauth_version", "1.0" } } };
}

// "?b=2&a": a query is signed with the rest, without a value too.
void addQuery(std::string_view url, std::vector<Parameter>& parameters)
{
    url = url.substr(0, url.find('#'));
    const auto mark = url.find('?');
    std::string_view query = mark == url.npos ? std::string_view {} : url.substr(mark + 1);
    while (!query.empty()) {
        const std::string_view part = query.substr(0, query.find('&'));
        const auto equals = std::min(part.find('='), part.size());
        if (!part.empty())
            parameters.emplace_back(part.substr(0, equals),
                std::string(part.substr(std::min(equals + 1, part.size()))));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
    }
}

std::string signingKey(const OAuth1Keys& keys)
{
    return percentEncoded(keys.consumerSecret) + '&' + percentEncoded(keys.tokenSecret);
}

} // namespace

std::string oauth1BaseUrl(std::string_view url)
{
    url = url.substr(0, url.find_first_of("?#"));
    const auto scheme = url.find("://");
    const auto hostAt = scheme == url.npos ? 0 : scheme + 3;
    const auto pathAt = std::min(url.find('/', hostAt), url.size());
    std::string base = toLowerAscii(url.substr(0, pathAt));
    const std::string_view port = base.starts_with("https:") ? ":443" : ":80";
    if (base.ends_with(port))
        base.resize(base.size() - port.size());
    base += url.substr(pathAt);
    return base;
}

std::string oauth1Signature(
    std::string_view method, std::string_view url, const OAuth1Keys& keys, const OAuth1Stamp& stamp)
{
    const Parameters own = parametersOf(keys, stamp);
    std::vector<Parameter> all(own.begin(), own.end());
    addQuery(url, all);
    std::sort(all.begin(), all.end());
    std::string parameters;
    for (const auto& [name, value] : all) {
        parameters += parameters.empty() ? "" : "&";
        parameters.append(name).append("=").append(value);
    }
    std::string base(method);
    base += '&' + percentEncoded(oauth1BaseUrl(url)) + '&' + percentEncoded(parameters);
    return toBase64(hmacSha1(signingKey(keys), base));
}

std::string oauth1Authorization(
    std::string_view method, std::string_view url, const OAuth1Keys& keys, const OAuth1Stamp& stamp)
{
    std::string header = "OAuth ";
    for (const auto& [name, value] : parametersOf(keys, stamp))
        header.append(name).append("=\"").append(value).append("\", ");
    return header + "oauth_signature=\"" + percentEncoded(oauth1Signature(method, url, keys, stamp))
        + '"';
}

std::string oauth1Nonce(const OAuth1Keys& keys, std::string_view uniqueText)
{
    constexpr std::size_t kDigits = 32; // 128 bits
    return sha256Hex(hmacSha256(signingKey(keys), uniqueText)).substr(0, kDigits);
}

} // namespace engine::platforms
