#include "platforms/customerio_app.h"

#include "platforms/customerio_app_payload.h"
#include "platforms/event_names.h"
#include "platforms/option_checks.h"
#include "platforms/requests.h"

#include <algorithm>

namespace engine::platforms {
namespace {

constexpr std::string_view kHostUs = "https://api.customer.io";
constexpr std::string_view kHostEu = "https://api-eu.customer.io";

// A broadcast's id stands in the URL.
bool isBroadcastId(std::string_view id)
{
    return !id.empty() && id.size() <= 20
        && std::all_of(id.begin(), id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// {"meta":{"error":"…"}} of messages, {"errors":[{"detail":"…"}]} of broadcasts.
std::string messageOf(const Json& json)
{
    const Json* const one = json.at("meta.error");
    if (one != nullptr)
        return excerpt(one->text());
    const Json* const errors = json.find("errors");
    std::string message;
    for (const Json& error : errors != nullptr ? errors->items() : std::vector<Json> {}) {
        const Json* const detail = error.find("detail");
        const std::string text = detail != nullptr ? detail->text() : error.text();
        message += (message.empty() || text.empty() ? "" : "; ") + text;
    }
    return excerpt(message);
}

bool isConfiguration(std::string_view message)
{
    const std::string lower = toLowerAscii(message);
    return std::any_of(std::begin(kCustomerIoAppConfigWords), std::end(kCustomerIoAppConfigWords),
        [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// The address of the region, and what every call carries.
Result<HttpRequest> callTo(const EncodeContext& context, const Secrets& secrets,
    const std::string& method, std::string_view path)
{
    const auto key = secretValue(secrets, "app_key");
    if (!key)
        return tl::unexpected<Error>(key.error());
    const DestinationConfig& destination = *context.destination;
    const bool isEurope
        = optionOf(destination, "region") == "eu" && destination.endpoint == kHostUs;
    HttpRequest request = jsonRequest(context, method,
        (isEurope ? std::string(kHostEu) : destination.endpoint) + std::string(path));
    request.headers.emplace_back("Authorization", "Bearer " + *key);
    const std::string workspace = optionOf(destination, "workspace_id");
    if (!workspace.empty())
        request.headers.emplace_back("X-Workspace-Id", workspace);
    return request;
}

// "3 errors, such as: …". What quotes an address stays out: it may be a person's.
std::string lateErrors(const std::vector<Json>& errors, bool isMore)
{
    std::string text = (isMore ? "more than " : "") + std::to_string(errors.size())
        + (errors.size() == 1 && !isMore ? " error" : " errors");
    const auto told = std::find_if(errors.begin(), errors.end(), [](const Json& error) {
        return !error.text().empty() && error.text().find('@') == std::string::npos;
    });
    if (told != errors.end())
        text.append(", such as: ").append(excerpt(told->text()));
    return text;
}

// A message is under way once it has a delivery's id, a broadcast once it has a trigger's.
Verdict verdictOfSuccess(const HttpAnswer& answer, const Result<Json>& json)
{
    const bool hasReceipt
        = json && (json->find("delivery_id") != nullptr || json->find("id") != nullptr);
    return hasReceipt ? Verdict { .outcome = Outcome::Accepted } : verdictOfStatus(answer);
}

} // namespace

std::vector<OptionProblem> CustomerIoAppAdapter::checkOptions(
    const DestinationConfig& destination) const
{
    OptionChecks checks(destination);
    checks.isOneOf("region", { "us", "eu" });
    if (customerIoAppApi(destination) == CustomerIoAppApi::Broadcasts)
        checks.areNames(isBroadcastId, "the number of a broadcast");
    else
        checks.isOneOf("channel", { "email", "push" });
    return checks.take();
}

NameRule CustomerIoAppAdapter::nameRule(const DestinationConfig&) const { return NameRule::Mapped; }

std::optional<NotForPlatform> CustomerIoAppAdapter::unroutable(
    const CanonicalEvent& event, const DestinationConfig& destination) const
{
    const bool isBroadcast = customerIoAppApi(destination) == CustomerIoAppApi::Broadcasts;
    if (event.stored->type != (isBroadcast ? EventType::Broadcast : EventType::Message))
        return NotForPlatform { .reason = "event_type" };
    if (configuredName(event, destination).empty())
        return NotForPlatform { .reason = "no_mapping" };
    if (!hasCustomerIoRecipient(event, destination))
        return NotForPlatform { .reason = "no_identifier" };
    return std::nullopt;
}

bool CustomerIoAppAdapter::isAccountValid(std::string_view account) const
{
    return isPlainName(account);
}

Encoded CustomerIoAppAdapter::encode(
    const CanonicalEvent& event, const EncodeContext& context) const
{
    const DestinationConfig& destination = *context.destination;
    if (const auto reason = unroutable(event, destination))
        return Refusal { .reason = reason->reason };
    const bool isBroadcast = customerIoAppApi(destination) == CustomerIoAppApi::Broadcasts;
    return encodedWithin(event, acceptedAge(event, destination), context, [&](Fields& fields) {
        Record record { .batchKey = "message" };
        if (!isBroadcast) {
            record.body = customerIoMessage(event, context, fields).dump();
            record.route = { { "path", "/v1/send/" + customerIoChannel(event, destination) } };
            return record;
        }
        const std::string id = configuredName(event, destination);
        if (!isBroadcastId(id))
            fields.refuse("event_name", "its broadcast in event_names is no number");
        record.body = customerIoTrigger(event, fields).dump();
        record.route = { { "path", "/v1/campaigns/" + percentEncoded(id) + "/triggers" } };
        return record;
    });
}

Result<HttpRequest> CustomerIoAppAdapter::request(
    std::span<const Record> records, const EncodeContext& context, const Secrets& secrets) const
{
    if (records.size() != 1)
        return fail(ErrorCode::Internal, "Customer.io App takes one record in a request");
    auto request = callTo(context, secrets, "POST", routeOf(records.front(), "path"));
    if (request)
        request->body = records.front().body;
    return request;
}

Decoded CustomerIoAppAdapter::decode(
    const HttpAnswer& answer, std::span<const Record> records, const EncodeContext& context) const
{
    const auto json = parseJson(answer.body);
    Verdict verdict = answer.status / 100 == 2 ? verdictOfSuccess(answer, json)
                                               : verdictOfTable(kCustomerIoAppStatuses, answer);
    const std::string said = json ? messageOf(*json) : std::string {};
    if (!said.empty())
        verdict.message = said;
    if (verdict.outcome == Outcome::Invalid && isConfiguration(said))
        verdict.outcome = Outcome::Config;
    Decoded decoded = decodedWhole(verdict, records.size());
    decoded.hint = hintOf(answer, context.now);
    // A broadcast's audience is looked at later; the trigger's id asks for that.
    const Json* const trigger = json ? json->find("id") : nullptr;
    const bool isBroadcast = customerIoAppApi(*context.destination) == CustomerIoAppApi::Broadcasts;
    if (isBroadcast && verdict.outcome == Outcome::Accepted && trigger && !records.empty()
        && isBroadcastId(trigger->text()))
        decoded.receipt = std::string(routeOf(records.front(), "path")) + '/' + trigger->text();
    return decoded;
}

std::optional<Result<HttpRequest>> CustomerIoAppAdapter::receiptRequest(
    std::string_view receipt, const EncodeContext& context, const Secrets& secrets) const
{
    return callTo(context, secrets, "GET", std::string(receipt) + "/errors");
}

// {"errors":["failed to download data file, …"],"next":0}. The broadcast went out to the others, so
// nothing of it counts as refused.
ReceiptAnswer CustomerIoAppAdapter::decodeReceipt(const HttpAnswer& answer) const
{
    using State = ReceiptAnswer::State;
    const auto json = parseJson(answer.body);
    const Json* const errors = json ? json->find("errors") : nullptr;
    const Outcome outcome = outcomeOfStatus(answer.status);
    if (outcome == Outcome::Invalid || outcome == Outcome::Config)
        return { .state = State::Gone };
    if (outcome != Outcome::Accepted || errors == nullptr || !errors->isArray())
        return {};
    if (errors->items().empty())
        return { .state = State::Done };
    const Json* const next = json->find("next");
    const bool isMore = next != nullptr && !next->text().empty() && next->text() != "0";
    return { .state = State::Done, .text = lateErrors(errors->items(), isMore) };
}

LiveCheck CustomerIoAppAdapter::liveCheck(const DestinationConfig&) const
{
    return { .kind = LiveCheck::Kind::None,
        .note = "Customer.io App has no test form: whatever is sent reaches people" };
}

} // namespace engine::platforms
