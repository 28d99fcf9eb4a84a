#include "platforms/requests.h"

#include "platforms/fields.h"
#include "platforms/hashing.h"

#include <algorithm>

namespace engine::platforms {

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool isUnreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (isUnreserved) {
            out += c;
            continue;
        }
        out += '%';
        out += kHex[byte >> 4U];
        out += kHex[byte & 0xFU];
    }
    return out;
}

Result<std::string> secretValue(const Secrets& secrets, std::string_view name)
{
    const auto found = secrets.find(std::string(name));
    if (found == secrets.end() || found->second.empty())
        return fail(ErrorCode::BadRequest, "the credential is missing", std::string(name));
    if (found->second.find_first_of("\r\n") != std::string::npos)
        return fail(ErrorCode::BadRequest, "the credential holds a line break", std::string(name));
    return found->second;
}

bool isPlainName(std::string_view account)
{
    return !account.empty() && account.size() <= 64
        && std::all_of(account.begin(), account.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '_' || c == '.';
           });
}

bool isNumericAccount(std::string_view account)
{
    return !account.empty() && account.size() <= 20
        && std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string basicAuthorization(std::string_view user, std::string_view password)
{
    std::string pair(user);
    pair += ':';
    pair += password;
    return "Basic " + toBase64(pair);
}

HttpRequest jsonRequest(const EncodeContext& context, std::string method, std::string url)
{
    HttpRequest request;
    request.method = std::move(method);
    request.url = std::move(url);
    request.headers = { { "Content-Type", "application/json" }, { "Accept", "application/json" },
        { "User-Agent", "spillway/" SPILLWAY_VERSION } };
    request.timeout = context.destination->contract.timeout;
    request.connectTimeout = context.destination->contract.connectTimeout;
    request.answerBytesMax = context.destination->network.answerBytesMax;
    return request;
}

std::string formBody(const FormFields& fields)
{
    std::string body;
    for (const auto& [name, value] : fields) {
        if (!body.empty())
            body += '&';
        body += percentEncoded(name) + '=' + percentEncoded(value);
    }
    return body;
}

HttpRequest queryRequest(
    const EncodeContext& context, const std::string& url, std::string_view query)
{
    HttpRequest request = jsonRequest(context, "GET", url + '?' + std::string(query));
    std::erase_if(
        request.headers, [](const auto& header) { return header.first == "Content-Type"; });
    return request;
}

std::string queryOf(const Json& object)
{
    FormFields fields;
    for (const auto& [name, value] : object.members())
        fields.emplace_back(name, value.text());
    return formBody(fields);
}

std::string joinedBodies(
    std::span<const Record> records, std::string_view before, std::string_view after)
{
    std::size_t bytes = before.size() + after.size();
    for (const Record& record : records)
        bytes += record.body.size() + 1;
    std::string out;
    out.reserve(bytes);
    out += before;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (i > 0)
            out += ',';
        out += records[i].body;
    }
    out += after;
    return out;
}

std::string optionOf(
    const DestinationConfig& destination, std::string_view name, std::string_view fallback)
{
    const auto found = destination.options.find(std::string(name));
    return found == destination.options.end() || found->second.empty() ? std::string(fallback)
                                                                       : found->second;
}

std::string_view routeOf(const Record& record, std::string_view name)
{
    for (const auto& [key, value] : record.route) {
        if (key == name)
            return value;
    }
    return {};
}

std::int64_t recordBytesMax(const Record& record, const Contract& contract)
{
    return std::min(record.bytesMax.value_or(contract.recordBytes.value_or(contract.batchBytes)),
        contract.batchBytes);
}

std::string testCodeOf(const EncodeContext& context, std::string_view option)
{
    const bool isForAll = optionOf(*context.destination, kTestTraffic) == "true";
    return context.isLiveCheck || isForAll ? optionOf(*context.destination, option)
                                           : std::string {};
}

Encoded withinRecordBytes(Record record, const Contract& contract)
{
    const std::int64_t most = recordBytesMax(record, contract);
    if (static_cast<std::int64_t>(record.body.size()) > most) {
        return Refusal { .field = {},
            .reason = "the record has " + std::to_string(record.body.size())
                + " bytes, the platform takes " + std::to_string(most) };
    }
    return record;
}

std::optional<Encoded> outsideAcceptedTime(
    const CanonicalEvent& event, std::optional<Seconds> age, const EncodeContext& context)
{
    // Clocks of shops and telephones are off by minutes; by hours it is a mistake of the zone.
    constexpr std::chrono::minutes kDrift { 5 };
    const Contract& contract = context.destination->contract;
    const WallTime eventTime = event.stored->eventTime;
    if (contract.isAgeEnforced && age && context.now - eventTime > *age) {
        return Refusal { .field = "event_time",
            .reason = "expired: older than the platform's " + toDurationText(*age) };
    }
    if (!contract.futureSkew || eventTime - context.now <= *contract.futureSkew)
        return std::nullopt;
    if (eventTime - context.now <= *contract.futureSkew + kDrift) {
        return TooRecent { .until = eventTime - *contract.futureSkew,
            .reason = "event_time lies ahead of this machine's clock" };
    }
    return Refusal { .field = "event_time",
        .reason = "lies more than " + toDurationText(*contract.futureSkew) + " in the future" };
}

Encoded encodedWithin(const CanonicalEvent& event, std::optional<Seconds> age,
    const EncodeContext& context, const std::function<Record(Fields&)>& make)
{
    if (auto outside = outsideAcceptedTime(event, age, context))
        return std::move(*outside);
    Fields fields(event.json);
    Record record = make(fields);
    record.seq = event.stored->seq;
    if (fields.refusal())
        return *fields.refusal();
    return withinRecordBytes(std::move(record), context.destination->contract);
}

std::optional<NotForPlatform> notForAdvertising(const CanonicalEvent& event, OptOut optOut)
{
    const EventType type = event.stored->type;
    if (type != EventType::Track && type != EventType::Page && type != EventType::Screen)
        return NotForPlatform { .reason = "event_type" };
    const Json* const consent = event.json.at("consent.ad_user_data");
    const bool isDenied = consent != nullptr && consent->text() == "denied";
    const Json* const flag = event.json.at("opt_out");
    const bool isOptedOut = optOut == OptOut::StaysHere && flag != nullptr && flag->asBool();
    if (isDenied || isOptedOut)
        return NotForPlatform { .reason = "consent_denied" };
    return std::nullopt;
}

} // namespace engine::platforms
