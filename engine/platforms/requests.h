// What requests to platforms have in common. Pure; any thread.
#pragma once

#include "platforms/adapter.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine::platforms {

// RFC 3986: everything but unreserved characters is encoded, so the text is one path segment or
// one query value.
[[nodiscard]] std::string percentEncoded(std::string_view text);

// The value of a secret, or BadRequest naming it when it is missing, empty, or holds a line break
// (which would let it write headers).
[[nodiscard]] Result<std::string> secretValue(const Secrets& secrets, std::string_view name);

// An account that is a name of the operator's and stands in no URL: [A-Za-z0-9._-]{1,64}.
[[nodiscard]] bool isPlainName(std::string_view account);
[[nodiscard]] bool isNumericAccount(std::string_view account); // [0-9]{1,20}

// Every secret in it, also percent-encoded, replaced by "$NAME"; so is the beginning of one with
// which a text ends that was cut.
[[nodiscard]] std::string redacted(std::string text, const Secrets& secrets);
// Every text of an answer. What a platform says may repeat what it was sent, and from here it goes
// to the store, the log and the screen: call it right after decoding.
void redact(Decoded& decoded, const Secrets& secrets);

[[nodiscard]] std::string basicAuthorization(std::string_view user, std::string_view password);

// JSON headers, user agent and the contract's timeouts.
[[nodiscard]] HttpRequest jsonRequest(
    const EncodeContext& context, std::string method, std::string url);

inline constexpr std::string_view kTestTraffic = "test_traffic";

using FormFields = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] std::string formBody(const FormFields& fields); // a=1&b=2, percent-encoded

// A GET whose record stands in the query, for platforms that take nothing else.
[[nodiscard]] HttpRequest queryRequest(
    const EncodeContext& context, const std::string& url, std::string_view query);
[[nodiscard]] std::string queryOf(const Json& object); // its members, as formBody() writes them

// "[a,b]", "{…}" around the bodies of records.
[[nodiscard]] std::string joinedBodies(
    std::span<const Record> records, std::string_view before, std::string_view after);

[[nodiscard]] std::string optionOf(
    const DestinationConfig& destination, std::string_view name, std::string_view fallback = {});

// The value of a record's route entry; empty when it has none.
[[nodiscard]] std::string_view routeOf(const Record& record, std::string_view name);

// What one record may have at most, in bytes: as the way it takes allows, else as the contract
// does.
[[nodiscard]] std::int64_t recordBytesMax(const Record& record, const Contract& contract);
// The record, or a refusal when it alone is larger than that.
[[nodiscard]] Encoded withinRecordBytes(Record record, const Contract& contract);

// The code under which the platform shows events in its test view instead of counting them: with
// `spillway check --live`, and with all events where the option test_traffic is true. Else empty.
[[nodiscard]] std::string testCodeOf(const EncodeContext& context, std::string_view option);

// Nothing when the platform takes an event of this time now. One that is too old (where the
// contract enforces that) or lies in the future is refused; what is ahead by no more than clocks
// drift waits until it is not.
[[nodiscard]] std::optional<Encoded> outsideAcceptedTime(
    const CanonicalEvent& event, std::optional<Seconds> age, const EncodeContext& context);

class Fields;
// An event's record in the common way: its time is one that the platform takes, `make` notes in its
// fields what is wrong with the event, and the record is no larger than the contract allows.
[[nodiscard]] Encoded encodedWithin(const CanonicalEvent& event, std::optional<Seconds> age,
    const EncodeContext& context, const std::function<Record(Fields&)>& make);

enum class OptOut : std::uint8_t {
    StaysHere, // the platform has no word for it, so it does not get such an event
    HasFlag, // the platform counts the event and does not steer advertising by it
};
// Why an advertising platform does not get this event: kinds of events that are none of its
// business, no consent, opted out.
[[nodiscard]] std::optional<NotForPlatform> notForAdvertising(
    const CanonicalEvent& event, OptOut optOut = OptOut::StaysHere);

} // namespace engine::platforms
