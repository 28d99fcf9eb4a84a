// One platform's dialect. Adapters are pure: values in, values out, no clock, no I/O, no state. Any
// thread.
#pragma once

#include "core/config.h"
#include "core/event.h"
#include "core/http_types.h"
#include "core/json.h"

#include <engine/outcome.h>
#include <engine/time.h>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace engine::platforms {

// A stored event with its payload parsed once; adapters read it through the canonical field names
// of platforms.md B.1.
struct CanonicalEvent {
    StoredEventPtr stored {};
    Json json {};
    std::string canonicalName {}; // alias table applied: "purchase"; the given name where the table
                                  // has none
};
[[nodiscard]] Result<CanonicalEvent> toCanonical(StoredEventPtr stored);
// "Order Completed", "Purchase", "purchase" → "purchase"; anything else unchanged.
[[nodiscard]] std::string canonicalName(std::string_view given);

using Secrets
    = std::map<std::string, std::string>; // name in the configuration → value; never logged

// Under this name request() finds what a token exchange gave, beside the configured secrets.
inline constexpr std::string_view kAccessToken = "access_token";
inline constexpr std::string_view kRefreshToken = "refresh_token";

struct EncodeContext {
    const DestinationConfig* destination { nullptr };
    std::string account {};
    WallTime now {};
    // `spillway check --live`: the platform's validate-only or test-event form, see liveCheck().
    bool isLiveCheck { false };
};

// One delivery's part of a request.
struct Record {
    std::string body {}; // JSON text as it stands in the request
    std::string batchKey {}; // only records with equal keys share a request
    std::string personKey {}; // Adapter::personKey()
    // The most bytes that the way it takes allows, where that is not the contract's.
    std::optional<std::int64_t> bytesMax {};
    // False: it lacks what the contract's dedup field is made of, so that the platform would count
    // a second send of it again.
    bool hasDedupKey { true };
    EventSeq seq {};
    std::vector<std::pair<std::string, std::string>>
        route {}; // what the URL needs, platform-specific
};
// Refused before sending, so that one bad record never costs a batch.
struct Refusal {
    std::string field {};
    std::string reason {};
    [[nodiscard]] std::string text() const
    {
        return field.empty() ? reason : field + ": " + reason;
    }
};
// Too early for the platform (a click of the last hours): waits until then and spends nothing.
struct TooRecent {
    WallTime until {};
    std::string reason {};
};
using Encoded = std::variant<Record, Refusal, TooRecent>;

// Not for this platform by design: counted as unrouted, no delivery, no dead letter.
struct NotForPlatform {
    std::string reason {}; // "consent_denied", "no_identifier", "no_mapping", "event_type"
};

// What the platform said about pace; it wins over configuration for as long as it holds.
struct ThrottleHint {
    std::optional<Millis> retryAfter {}; // hold the scope this long, at most 24 h
    bool wasCut { false }; // the platform asked for more than that
    std::string source {}; // "Retry-After", "X-Business-Use-Case-Usage", …
    struct Quota { // headers of kind `header`
        std::int64_t remaining { 0 };
        std::optional<std::int64_t> amount {};
        Millis untilReset { 0 };
    };
    std::optional<Quota> quota {};
    double usageRatio { 0 }; // 0…1 of a usage header; slow down above 0.75, stop at 0.95
    // The throttle counts all accounts behind the credential, not only the one that was asked.
    bool isCredentialWide { false };
};

struct RecordOutcome {
    Outcome outcome { Outcome::Accepted };
    std::string code {};
    std::string message {};
    ErrorForm form { ErrorForm::None };
    // Transient: this record waits at least so long, and may be refused with this code at most so
    // often. Absent: as the retry policy says. What is refused for the last time is invalid.
    std::optional<Millis> retryAfter {};
    std::optional<int> refusalsMax {};
    // Not processed because of another record of the request, which the platform named: this one
    // goes back and spends nothing. `outcome` is Transient then.
    bool isNotAtFault { false };
};

struct Decoded {
    Outcome request { Outcome::Accepted }; // of the whole; Accepted also for a partial failure
    std::vector<RecordOutcome> records {}; // one per record, in order
    bool isBatchSuspect { false }; // refused whole without saying which record: bisect
    bool isPartial { false };
    // So many answers like this in a row, with nothing taken between them, are a matter of the
    // configuration. Absent: it is what it says.
    std::optional<int> configAfter {};
    ThrottleHint hint {};
    // The platform looks at the records later; under this name it tells what became of them.
    std::string receipt {};
};

// What a platform says later of the records of one request. It counts and does not name them, so
// nothing can be sent again for it: the operator has to know.
struct ReceiptAnswer {
    enum class State : std::uint8_t {
        Pending, // not looked at yet, or no answer just now
        Done,
        Gone, // the platform knows nothing of it, or does not tell us
    };
    State state { State::Pending };
    std::int64_t refused { 0 }; // records
    std::string text {}; // why, in the platform's words; empty: nothing to tell
};

// What a token endpoint said.
struct AccessToken {
    std::string value {};
    Seconds lifetime { 3600 };
    // Takes the place of the configured one from now on; empty: that one stays good.
    std::string refreshToken {};
};
struct TokenRefusal {
    Outcome outcome { Outcome::Transient }; // Auth, Config, Throttled or Transient
    std::string message {}; // in plain words, without any secret
    std::optional<Millis> retryAfter {};
};
using TokenAnswer = std::variant<AccessToken, TokenRefusal>;

// How a destination can be tried without counting anything.
struct LiveCheck {
    enum class Kind : std::uint8_t {
        None, // the platform has no such form
        ValidateOnly, // looked at and thrown away
        TestEvent, // shown in a test view, not counted
    };
    Kind kind { Kind::None };
    std::string note {}; // one sentence for the operator: what is sent, or why nothing can be
};

// What is wrong with a destination's own settings, to be said before anything is sent.
struct OptionProblem {
    std::string key {}; // of the destination: "customer_id", "event_names.quiz_done"
    std::string message {}; // "expected query or bearer, found \"baerer\""
    bool isWarning { false }; // said, and good enough to go on with
};

// Which names of events the platform takes.
enum class NameRule : std::uint8_t {
    Any, // a name that is not in its vocabulary goes as it is, as a custom event
    Known, // the list is closed: its standard names, and what event_names leads to one of them
    Mapped, // it has no vocabulary: only what event_names leads to an id or name of its own
};

class Adapter {
public:
    Adapter() = default;
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;
    virtual ~Adapter() = default;

    [[nodiscard]] virtual std::string_view platform() const = 0;
    // Adapter version; recorded with every dead letter so that "same error with the current
    // serializer" can be told.
    [[nodiscard]] virtual std::string_view version() const = 0;

    // The platform's own options and event_names of a destination, looked at when a configuration
    // is read.
    [[nodiscard]] virtual std::vector<OptionProblem> checkOptions(
        const DestinationConfig& destination) const;
    [[nodiscard]] virtual NameRule nameRule(const DestinationConfig& destination) const;

    // Asked once, at acceptance. Absent: route it.
    [[nodiscard]] virtual std::optional<NotForPlatform> unroutable(
        const CanonicalEvent& event, const DestinationConfig& destination) const = 0;
    // How old this event may be when the platform gets it; the contract's number unless the
    // platform tells kinds of events apart (Meta: 62 days in a shop, 7 elsewhere). Absent: any age.
    [[nodiscard]] virtual std::optional<Seconds> acceptedAge(
        const CanonicalEvent& event, const DestinationConfig& destination) const;
    // Asked once, at acceptance: whose record at the platform this event overwrites. Empty: it
    // overwrites nothing, or nobody's.
    [[nodiscard]] virtual std::string personKey(
        const CanonicalEvent& event, const DestinationConfig& destination) const;
    // May an account of this form stand in a URL of the platform?
    [[nodiscard]] virtual bool isAccountValid(std::string_view account) const = 0;

    [[nodiscard]] virtual Encoded encode(
        const CanonicalEvent& event, const EncodeContext& context) const = 0;
    // Records of one batchKey into one request, authentication included. Names of missing secrets
    // come back as Error.
    [[nodiscard]] virtual Result<HttpRequest> request(std::span<const Record> records,
        const EncodeContext& context, const Secrets& secrets) const = 0;
    [[nodiscard]] virtual Decoded decode(const HttpAnswer& answer, std::span<const Record> records,
        const EncodeContext& context) const = 0;
    // False where an answer may be any text, so that one without JSON tells nothing.
    [[nodiscard]] virtual bool answersInJson() const { return true; }
    // Bytes that a batch adds around its records; the loop keeps sum(body)+overhead ≤
    // contract.batchBytes.
    [[nodiscard]] virtual std::int64_t envelopeBytes(std::int64_t records) const
    {
        return 512 + records;
    }

    // The call that turns the configured secrets into an access token. Absent: requests carry the
    // secrets as they are. One answer serves every shard of the credential; it is renewed early,
    // and once after a 401.
    [[nodiscard]] virtual std::optional<Result<HttpRequest>> tokenRequest(
        const DestinationConfig& destination, const Secrets& secrets) const;
    [[nodiscard]] virtual TokenAnswer decodeToken(const HttpAnswer& answer, WallTime now) const;

    // The call that asks after a receipt. Absent: this platform gives none.
    [[nodiscard]] virtual std::optional<Result<HttpRequest>> receiptRequest(
        std::string_view receipt, const EncodeContext& context, const Secrets& secrets) const;
    [[nodiscard]] virtual ReceiptAnswer decodeReceipt(const HttpAnswer& answer) const;

    // What `spillway check --live` can do here; encode() and request() are then called with
    // EncodeContext::isLiveCheck.
    [[nodiscard]] virtual LiveCheck liveCheck(const DestinationConfig& destination) const = 0;

    // Method, URL and headers with every secret replaced by "$NAME"; never a body.
    [[nodiscard]] virtual std::string redactedHead(
        const HttpRequest& request, const Secrets& secrets) const;
};

// nullptr for a platform that this version does not know. The object is immutable and lives as long
// as the program.
[[nodiscard]] const Adapter* adapterFor(std::string_view platform);
[[nodiscard]] std::vector<std::string> platformNames();

// What no answer means: not sent → transient (untrusted certificate → config), sent → unknown. The
// same for every platform.
[[nodiscard]] Decoded decodeFailure(const TransportFailure& failure, std::size_t records);
// The generic table of platforms.md 0.5, for statuses about which a platform says nothing special.
[[nodiscard]] Outcome outcomeOfStatus(int status);
// Retry-After as delta seconds or HTTP date (read against the answer's own Date), clamped to 0…24
// h.
[[nodiscard]] std::optional<Millis> retryAfterOf(const HttpAnswer& answer, WallTime now);

} // namespace engine::platforms
