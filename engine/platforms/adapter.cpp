#include "platforms/adapter.h"

#include "platforms/answers.h"
#include "platforms/criteo.h"
#include "platforms/customerio.h"
#include "platforms/customerio_app.h"
#include "platforms/google.h"
#include "platforms/hashing.h"
#include "platforms/linkedin.h"
#include "platforms/meta.h"
#include "platforms/microsoft.h"
#include "platforms/outbrain.h"
#include "platforms/pinterest.h"
#include "platforms/reddit.h"
#include "platforms/requests.h"
#include "platforms/snapchat.h"
#include "platforms/taboola.h"
#include "platforms/tiktok.h"
#include "platforms/webhook.h"
#include "platforms/x.h"

#include <charconv>

namespace engine::platforms {
namespace {

// Built at first use and never destroyed before the program ends; constant, so no thread minds.
template <class T>
const Adapter* only()
{
    static const T adapter;
    return &adapter;
}

const std::vector<const Adapter*>& adapters()
{
    static const std::vector<const Adapter*> all {
        only<CriteoAdapter>(),
        only<CustomerIoAdapter>(),
        only<CustomerIoAppAdapter>(),
        only<GoogleAdapter>(),
        only<LinkedinAdapter>(),
        only<MetaAdapter>(),
        only<MicrosoftAdapter>(),
        only<OutbrainAdapter>(),
        only<PinterestAdapter>(),
        only<RedditAdapter>(),
        only<SnapchatAdapter>(),
        only<TaboolaAdapter>(),
        only<TiktokAdapter>(),
        only<WebhookAdapter>(),
        only<XAdapter>(),
    };
    return all;
}

constexpr std::string_view kBasic = "Basic ";

// "%2F" → "%2f".
std::string toLowerHex(std::string encoded)
{
    for (std::size_t i = 0; i + 2 < encoded.size(); ++i) {
        if (encoded[i] == '%') {
            for (const std::size_t digit : { i + 1, i + 2 })
                encoded[digit] = toLowerAscii(encoded.substr(digit, 1)).front();
        }
    }
    return encoded;
}

void replaceAll(std::string& text, std::string_view what, std::string_view with)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

using Replacements = std::vector<std::pair<std::string, std::string>>;

// Every form in which a secret may stand in a text: as it is, in a URL, in JSON as some write it,
// and two of them together as HTTP's Basic has them. Longest first: a secret that begins another
// one must not uncover the rest of it.
Replacements replacements(const Secrets& secrets)
{
    Replacements all;
    for (const auto& [name, value] : secrets) {
        if (value.empty())
            continue;
        const std::string shown = '$' + name;
        all.emplace_back(value, shown);
        const std::string encoded = percentEncoded(value);
        std::string escaped = value;
        replaceAll(escaped, "/", "\\/");
        for (const std::string& form : { encoded, toLowerHex(encoded), escaped }) {
            if (form != value)
                all.emplace_back(form, shown);
        }
        for (const auto& [otherName, other] : secrets) {
            if (!other.empty() && otherName != name)
                all.emplace_back(basicAuthorization(value, other).substr(kBasic.size()),
                    shown + ":$" + otherName);
        }
    }
    std::stable_sort(all.begin(), all.end(),
        [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    return all;
}

// How many bytes at the end of the text a secret begins with: it was cut in the middle of one. A
// few letters tell nothing, and a word may well end like that.
std::size_t endsWithStartOf(std::string_view text, std::string_view secret)
{
    constexpr std::size_t kTelling = 6;
    for (std::size_t n = std::min(text.size(), secret.size()); n >= kTelling; --n) {
        if (text.ends_with(secret.substr(0, n)))
            return n;
    }
    return 0;
}

void redactBy(const Replacements& all, std::string& text)
{
    for (const auto& [value, name] : all)
        replaceAll(text, value, name);
    for (const auto& [value, name] : all) {
        if (const std::size_t cut = endsWithStartOf(text, value); cut > 0)
            text.replace(text.size() - cut, cut, name);
    }
}

} // namespace

Result<CanonicalEvent> toCanonical(StoredEventPtr stored)
{
    auto json = parseJson(stored->payload);
    if (!json)
        return tl::unexpected<Error>(json.error());
    if (!json->isObject())
        return fail(ErrorCode::BadRequest, "an event is a JSON object");
    CanonicalEvent event;
    event.canonicalName
        = canonicalName(stored->name.empty() ? toString(stored->type) : stored->name);
    if (stored->type == EventType::Page)
        event.canonicalName = "page_view";
    event.json = std::move(*json);
    event.stored = std::move(stored);
    return event;
}

std::string Adapter::personKey(const CanonicalEvent&, const DestinationConfig&) const { return {}; }

std::vector<OptionProblem> Adapter::checkOptions(const DestinationConfig&) const { return {}; }

NameRule Adapter::nameRule(const DestinationConfig&) const { return NameRule::Any; }

std::optional<Seconds> Adapter::acceptedAge(
    const CanonicalEvent&, const DestinationConfig& destination) const
{
    return destination.contract.acceptedAge;
}

std::optional<Result<HttpRequest>> Adapter::tokenRequest(
    const DestinationConfig&, const Secrets&) const
{
    return std::nullopt;
}

std::optional<Result<HttpRequest>> Adapter::receiptRequest(
    std::string_view, const EncodeContext&, const Secrets&) const
{
    return std::nullopt;
}

ReceiptAnswer Adapter::decodeReceipt(const HttpAnswer&) const
{
    return { .state = ReceiptAnswer::State::Gone };
}

// The OAuth 2 answer, RFC 6749 section 5, as every platform that has one gives it.
TokenAnswer Adapter::decodeToken(const HttpAnswer& answer, WallTime now) const
{
    const auto json = parseJson(answer.body);
    const auto text = [&](std::string_view key) {
        const Json* const value = json && json->isObject() ? json->find(key) : nullptr;
        return value != nullptr ? value->text() : std::string {};
    };
    if (answer.status == 200) {
        AccessToken token { .value = text("access_token") };
        if (token.value.empty())
            return TokenRefusal { .message = "the token endpoint answered without a token" };
        std::int64_t seconds = 0;
        const std::string lifetime = text("expires_in");
        const auto parsed
            = std::from_chars(lifetime.data(), lifetime.data() + lifetime.size(), seconds);
        if (parsed.ec == std::errc {} && seconds > 0)
            token.lifetime = Seconds { seconds };
        token.refreshToken = text(kRefreshToken);
        return token;
    }
    TokenRefusal refusal { .outcome = outcomeOfStatus(answer.status),
        .message = "the token endpoint answered " + std::to_string(answer.status),
        .retryAfter = retryAfterOf(answer, now) };
    const std::string error = text("error");
    if (!error.empty())
        refusal.message += ": " + excerpt(error);
    const std::string description = text("error_description");
    if (!description.empty())
        refusal.message += ", " + excerpt(description);
    // A refresh token that is revoked or expired, or a client that is not known, comes as 400.
    if (refusal.outcome == Outcome::Invalid)
        refusal.outcome = Outcome::Auth;
    return refusal;
}

std::string redacted(std::string text, const Secrets& secrets)
{
    if (!text.empty())
        redactBy(replacements(secrets), text);
    return text;
}

void redact(Decoded& decoded, const Secrets& secrets)
{
    std::optional<Replacements> all; // most answers say nothing in words
    for (RecordOutcome& record : decoded.records) {
        for (std::string* const text : { &record.code, &record.message }) {
            if (text->empty())
                continue;
            if (!all)
                all = replacements(secrets);
            redactBy(*all, *text);
        }
    }
}

std::string Adapter::redactedHead(const HttpRequest& request, const Secrets& secrets) const
{
    const auto all = replacements(secrets);
    const auto redact = [&](std::string text) {
        for (const auto& [value, name] : all)
            replaceAll(text, value, name);
        return text;
    };
    std::string head = request.method + ' ' + redact(request.url) + '\n';
    for (const auto& [name, value] : request.headers) {
        std::string shown = redact(value);
        // Inside Basic the secrets stand in Base64, where no search finds them.
        if (value.starts_with(kBasic)) {
            const auto pair = fromBase64(std::string_view(value).substr(kBasic.size()));
            shown = std::string(kBasic) + (pair ? redact(*pair) : std::string("***"));
        }
        // Whatever authorises and is no known secret is hidden all the same.
        const bool isCredential = toLowerAscii(name).find("authorization") != std::string::npos;
        if (isCredential && shown.find('$') == std::string::npos)
            shown = "***";
        head.append(name).append(": ").append(shown).push_back('\n');
    }
    return head;
}

const Adapter* adapterFor(std::string_view platform)
{
    for (const Adapter* adapter : adapters()) {
        if (adapter->platform() == platform)
            return adapter;
    }
    return nullptr;
}

std::vector<std::string> platformNames()
{
    std::vector<std::string> names;
    for (const Adapter* adapter : adapters())
        names.emplace_back(adapter->platform());
    return names;
}

} // namespace engine::platforms
