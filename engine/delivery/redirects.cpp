#include "delivery/redirects.h"

#include "delivery/shard_set.h"

#include <algorithm>

namespace engine::delivery {

namespace {

std::string_view withoutQuery(std::string_view url)
{
    return url.substr(0, url.find_first_of("?#"));
}

std::string_view schemeOf(std::string_view url)
{
    const auto end = url.find("://");
    return end == std::string_view::npos ? std::string_view {} : url.substr(0, end);
}

// The host of an address, without its port. Nothing where more than a host and a port stands there:
// a user name ("https://vendor.example:x@stranger.example"), an escape or a backslash, which other
// programs read as the end of the host. Who reads it in another way than the transport would send
// credentials to a stranger.
std::optional<std::string> nameOf(std::string_view url)
{
    constexpr std::string_view kDigits = "0123456789";
    constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    constexpr std::string_view kAddress = "abcdef0123456789.:"; // IPv6, between its brackets
    const std::string authority = hostOf(url);
    const std::size_t end = authority.starts_with('[')
        ? authority.find(']') + 1
        : std::min(authority.find(':'), authority.size());
    const std::string_view host = std::string_view(authority).substr(0, end);
    const std::string_view rest = std::string_view(authority).substr(end);
    const bool isAddress = host.size() > 2 && host.front() == '['
        && host.substr(1, host.size() - 2).find_first_not_of(kAddress) == host.npos;
    const bool isName = !host.empty() && host.find_first_not_of(kName) == host.npos;
    const bool isPort = rest.empty()
        || (rest.front() == ':' && rest.substr(1).find_first_not_of(kDigits) == rest.npos);
    if (!(isAddress || isName) || !isPort)
        return std::nullopt;
    return std::string(host);
}

bool isInside(std::string_view host, std::string_view domain)
{
    if (host == domain)
        return true;
    return host.size() > domain.size() && host.ends_with(domain)
        && host[host.size() - domain.size() - 1] == '.';
}

} // namespace

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 307 || status == 308;
}

std::string Redirect::applied(std::string url) const
{
    if (!from.empty() && url.starts_with(from))
        url.replace(0, from.size(), to);
    return url;
}

Result<Redirect> redirectOf(
    std::string_view url, const HttpAnswer& answer, const Contract& contract)
{
    const auto location = answer.header("Location");
    if (!location || location->empty())
        return fail(ErrorCode::BadRequest, "redirected without saying where to");
    std::string target(*location);
    if (target.front() == '/') {
        const auto path = url.find('/', schemeOf(url).size() + 3);
        target.insert(0, url.substr(0, path));
    }
    const auto host = nameOf(target);
    if (!host)
        return fail(ErrorCode::BadRequest, "redirected to an address that is no plain host");
    if (schemeOf(target) != schemeOf(url) && schemeOf(target) != "https")
        return fail(ErrorCode::BadRequest, "redirected to an address without TLS");
    const auto& domains = contract.redirectDomains;
    const bool isVendor = host == nameOf(url)
        || std::any_of(domains.begin(), domains.end(),
            [&](const std::string& domain) { return isInside(*host, domain); });
    if (!isVendor)
        return fail(ErrorCode::BadRequest, "redirected outside the platform, to " + *host);
    // What both end in belongs to the request; what stands before it is where the platform lives.
    std::string_view from = withoutQuery(url);
    std::string_view to = withoutQuery(target);
    const std::size_t hostEnd
        = std::max(from.size() - from.substr(from.find("://") + 3).size() + hostOf(from).size(),
            to.size() - to.substr(to.find("://") + 3).size() + hostOf(to).size());
    while (!from.empty() && !to.empty() && from.back() == to.back() && from.size() > hostEnd
        && to.size() > hostEnd) {
        from.remove_suffix(1);
        to.remove_suffix(1);
    }
    return Redirect { .from = std::string(from), .to = std::string(to) };
}

} // namespace engine::delivery
