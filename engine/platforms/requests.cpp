#include "platforms/requests.h"

#include "platforms/hashing.h"

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

Encoded withinRecordBytes(Record record, const Contract& contract)
{
    const std::int64_t most = contract.recordBytes.value_or(contract.batchBytes);
    if (static_cast<std::int64_t>(record.body.size()) > most) {
        return Refusal { .field = {},
            .reason = "the record has " + std::to_string(record.body.size())
                + " bytes, the platform takes " + std::to_string(most) };
    }
    return record;
}

} // namespace engine::platforms
