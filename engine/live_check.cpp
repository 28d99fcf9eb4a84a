// `spillway check FILE --live DESTINATION`: one invented event in the platform's own test form.
#include "config/config_file.h"
#include "delivery/credentials.h"
#include "delivery/transport/transport.h"
#include "platforms/adapter.h"
#include "platforms/answers.h"
#include "platforms/requests.h"
#include "secrets/secret_store.h"
#include "secrets/system_keychain.h"

#include <engine/check.h>

#include <QEventLoop>

namespace engine {
namespace {

using platforms::LiveCheck;
using Verdict = LiveCheckReport::Verdict;

// Every identifier that some platform asks for, none of a person: the address is of a domain that
// is reserved for examples, the number of a range that no network assigns.
Json sampleEvent(const std::string& name, WallTime now)
{
    const std::string time = toIso8601(now - std::chrono::minutes { 1 });
    const std::string clickTime = std::to_string(toUnixMicros(now - std::chrono::hours { 24 }));
    const std::string id = "spillway-check-" + std::to_string(toUnixMicros(now) / 1000);
    auto event = parseJson(R"({"event_id":")" + id + R"(","event_name":")" + name
        + R"(","event_time":")" + time + R"(","action_source":"website",
        "event_source_url":"https://shop.example/thanks",
        "user":{"email":"jane.doe@example.com","phone_e164":"+15550100123",
            "external_id":"spillway-check","first_name":"Jane","last_name":"Doe",
            "country_iso2":"US","ip":"203.0.113.9","user_agent":"Mozilla/5.0 spillway-check",
            "anonymous_id":"spillway-check"
}
, "click":
{"time_us":)"
        + clickTime + R"(,"gclid":"spillway-check","msclkid":"00000000000000000000000000000000",
            "twclid":"spillway-check","li_fat_id":"00000000-0000-0000-0000-000000000000",
            "tblci":"spillway-check","obclid":"spillway-check"},
        "value":"1.00","currency":"USD","order_id":")"
        + id + R"(","num_items":1,
        "items":[{"id":"spillway-check","name":"Check","price":"1.00","quantity":1}],
        "consent":{"ad_user_data":"granted","ad_personalization":"granted"}})");
    Q_ASSERT(event);
    return std::move(*event);
}

platforms::CanonicalEvent canonicalSample(const DestinationConfig& destination, WallTime now)
{
    const std::string name
        = destination.eventNames.empty() ? "purchase" : destination.eventNames.begin()->first;
    StoredEvent stored;
    stored.name = name;
    stored.eventTime = now - std::chrono::minutes { 1 };
    stored.receivedAt = now;
    const Json event = sampleEvent(name, now);
    stored.eventId = event.find("event_id")->text();
    stored.payload = event.dump();
    auto canonical = platforms::toCanonical(std::make_shared<const StoredEvent>(std::move(stored)));
    Q_ASSERT(canonical);
    return std::move(*canonical);
}

const char* adviceFor(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Accepted:
        return "The platform took it: address, credential and payload are right.";
    case Outcome::Throttled:
        return "The platform is throttling this account just now; the credential was not the "
               "reason. Try again later.";
    case Outcome::Transient:
        return "The platform had a fault of its own. Try again later.";
    case Outcome::Unknown:
        return "No answer that can be understood. Check the endpoint and what lies between.";
    case Outcome::Invalid:
        return "The platform reached the payload and refused the invented event. The credential "
               "works; read its message before you rely on the mapping.";
    case Outcome::Auth:
        return "The credential was refused. Take a new one, and check that it belongs to this "
               "account.";
    case Outcome::Config:
        return "The platform does not know what is configured, or forbids it: check the endpoint, "
               "the account, the event names and the permissions of the credential.";
    case Outcome::Oversize:
        return "The platform calls one small event too large. Check the endpoint.";
    }
    return "";
}

const char* adviceFor(TransportFailure::Kind kind)
{
    using Kind = TransportFailure::Kind;
    switch (kind) {
    case Kind::Dns:
        return "The name of the host is not known. Check the endpoint and the name service.";
    case Kind::Connect:
        return "Nobody answers at this address. Check the endpoint, the network and the proxy.";
    case Kind::Tls:
        return "No trusted connection: the certificate is not trusted, or the other side speaks no "
               "TLS. Check the endpoint, the clock of this machine, and ca_file for an authority "
               "of your own.";
    case Kind::Timeout:
        return "No answer in time. Check the endpoint and what lies between, or give it a longer "
               "timeout.";
    case Kind::Closed:
        return "The connection was closed without an answer. Check the endpoint and what lies "
               "between.";
    case Kind::TooLarge:
        return "The answer is larger than any of this platform. Check the endpoint.";
    case Kind::Cancelled:
        return "The call was given up. Try again.";
    case Kind::Protocol:
        return "What answers there does not speak HTTP. Check the endpoint.";
    }
    return "";
}

std::string textOf(const TransportFailure& failure)
{
    std::string text = toString(failure.kind);
    if (!failure.detail.empty())
        text += ": " + failure.detail;
    return text;
}

class LiveCaller {
public:
    explicit LiveCaller(const DestinationConfig& destination)
        : m_destination(destination)
        , m_transport(delivery::makeTransport(destination.transport, destination.network))
    {
    }
    [[nodiscard]] delivery::TransferResult call(HttpRequest request)
    {
        request.timeout = m_destination.contract.timeout;
        request.connectTimeout = m_destination.contract.connectTimeout;
        QEventLoop loop;
        std::optional<delivery::TransferResult> result;
        (void)m_transport->send(std::move(request), [&](delivery::TransferResult got) {
            result = std::move(got);
            loop.quit();
        });
        loop.exec();
        return std::move(*result);
    }

private:
    const DestinationConfig& m_destination;
    std::unique_ptr<delivery::Transport> m_transport;
};

class LiveChecker {
public:
    LiveChecker(const DestinationConfig& destination, std::string account, WallTime now)
        : m_destination(destination)
        , m_adapter(*platforms::adapterFor(destination.platform))
        , m_caller(destination)
        , m_context { .destination = &destination,
            .account = std::move(account),
            .now = now,
            .isLiveCheck = true }
    {
    }

    [[nodiscard]] LiveCheckReport run()
    {
        const LiveCheck form = m_adapter.liveCheck(m_destination);
        if (form.kind == LiveCheck::Kind::None) {
            end(Verdict::NotPossible, form.note);
        } else {
            say("Sending " + form.note + '.');
            if (readSecrets() && exchangeToken())
                sendSample();
        }
        return std::move(m_report);
    }

private:
    void say(std::string line) { m_report.lines.push_back(std::move(line)); }
    void end(Verdict verdict, std::string line)
    {
        m_report.verdict = verdict;
        say(std::move(line));
    }

    // What comes from the other side may repeat what it was sent.
    [[nodiscard]] std::string shown(std::string text) const
    {
        return platforms::redacted(std::move(text), m_secrets);
    }

    bool readSecrets()
    {
        for (const auto& [name, ref] : delivery::credentialRefs(m_destination, m_context.account)) {
            auto value = m_store.readNow(ref);
            if (!value) {
                end(Verdict::NotPossible, "credential." + name + ": " + value.error().message);
                return false;
            }
            m_secrets[name] = std::move(*value);
        }
        return true;
    }

    bool exchangeToken()
    {
        auto request = m_adapter.tokenRequest(m_destination, m_secrets);
        if (!request)
            return true;
        if (!*request) {
            end(Verdict::NotPossible, request->error().message);
            return false;
        }
        const auto result = m_caller.call(std::move(**request));
        if (!result) {
            say("No answer of the token endpoint: " + shown(textOf(result.error())));
            end(Verdict::NoAnswer, adviceFor(result.error().kind));
            return false;
        }
        const auto answer = m_adapter.decodeToken(*result, m_context.now);
        if (const auto* refusal = std::get_if<platforms::TokenRefusal>(&answer)) {
            end(Verdict::Refused, "No access token: " + shown(refusal->message));
            say(adviceFor(refusal->outcome));
            return false;
        }
        const auto& token = std::get<platforms::AccessToken>(answer);
        m_secrets[std::string(platforms::kAccessToken)] = token.value;
        say("The token endpoint gave an access token.");
        keepRefreshToken(token.refreshToken);
        return true;
    }

    // Some platforms take the old one no longer.
    void keepRefreshToken(const std::string& next)
    {
        std::string& present = m_secrets[std::string(platforms::kRefreshToken)];
        if (next.empty() || next == present)
            return;
        present = next;
        const auto refs = delivery::credentialRefs(m_destination, m_context.account);
        const auto ref = refs.find(std::string(platforms::kRefreshToken));
        const Status kept = ref == refs.end() ? Status {} : m_store.replace(ref->second, next);
        if (kept)
            say("It also gave a new refresh token, which is kept in place of the old one.");
        else
            tellUnkept(toString(ref->second), kept.error().message);
    }

    // The value itself is a secret and goes to no screen.
    void tellUnkept(const std::string& reference, const std::string& why)
    {
        say("It also gave a new refresh token, which is not kept: " + why + '.');
        say("If this platform takes each refresh token only once, the one in " + reference
            + " is used up now. Then sign in again for another one.");
        say("To check without that, put it where a new one can be kept: spillway secret set NAME "
            "and credential.refresh_token = \"keychain:NAME\", or a file of yours and "
            "\"file:PATH\". A running engine keeps what it gets in its data directory.");
    }

    void sendSample()
    {
        const auto sample = canonicalSample(m_destination, m_context.now);
        const auto encoded = m_adapter.encode(sample, m_context);
        const auto* record = std::get_if<platforms::Record>(&encoded);
        if (record == nullptr) {
            const auto* refusal = std::get_if<platforms::Refusal>(&encoded);
            end(Verdict::NotPossible,
                "The invented event does not fit this destination: "
                    + (refusal ? refusal->text() : std::string("it is too recent")));
            return;
        }
        const std::span<const platforms::Record> records(record, 1);
        auto request = m_adapter.request(records, m_context, m_secrets);
        if (!request) {
            end(Verdict::NotPossible, request.error().message);
            return;
        }
        const std::string head = m_adapter.redactedHead(*request, m_secrets);
        say(head.substr(0, head.find('\n')));
        const auto result = m_caller.call(std::move(*request));
        if (!result) {
            say("No answer: " + shown(textOf(result.error())));
            end(Verdict::NoAnswer, adviceFor(result.error().kind));
            return;
        }
        auto decoded = m_adapter.decode(*result, records, m_context);
        platforms::redact(decoded, m_secrets);
        tell(*result, decoded);
    }

    void tell(const HttpAnswer& answer, const platforms::Decoded& decoded)
    {
        const platforms::RecordOutcome outcome
            = decoded.records.empty() ? platforms::RecordOutcome {} : decoded.records.front();
        std::string line = "HTTP " + std::to_string(answer.status) + " after "
            + std::to_string(answer.latency / Millis { 1 }) + " ms: " + toString(outcome.outcome);
        if (!outcome.code.empty())
            line += ", code " + outcome.code;
        if (!outcome.message.empty())
            line += ", \"" + outcome.message + '"';
        say(std::move(line));
        const bool isAccepted = outcome.outcome == Outcome::Accepted;
        end(isAccepted ? Verdict::Accepted : Verdict::Refused, adviceFor(outcome.outcome));
    }

    const DestinationConfig& m_destination;
    const platforms::Adapter& m_adapter;
    LiveCaller m_caller;
    secrets::SecretStore m_store { { .keychain = secrets::makeSystemKeychain() } };
    platforms::EncodeContext m_context {};
    platforms::Secrets m_secrets {};
    LiveCheckReport m_report {};
};

} // namespace

Result<LiveCheckReport> checkLive(const std::string& path, const std::string& destinationName,
    const std::string& account, WallTime now)
{
    config::Problems builtIn("built-in contracts");
    const config::Loaded loaded = config::loadConfig(path, config::builtInSpecs(builtIn));
    if (!loaded.config)
        return fail(
            ErrorCode::BadRequest, "the configuration is refused; run check without --live");
    const DestinationConfig* destination = loaded.config->destination(destinationName);
    if (destination == nullptr)
        return fail(ErrorCode::NotFound, "there is no destination \"" + destinationName + '"');
    const std::string chosen = account.empty() ? destination->account : account;
    const auto* adapter = platforms::adapterFor(destination->platform);
    Q_ASSERT(adapter);
    if (chosen.empty() && !destination->accountFrom.empty())
        return fail(ErrorCode::BadRequest,
            "the account comes from the event here; name one with --account");
    if (!chosen.empty() && !adapter->isAccountValid(chosen))
        return fail(ErrorCode::BadRequest, "\"" + chosen + "\" is no account of this platform");
    return LiveChecker(*destination, chosen, now).run();
}

} // namespace engine
