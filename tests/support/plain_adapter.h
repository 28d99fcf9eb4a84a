// The simplest platform there can be: a JSON array of payloads out; the status, or one outcome per
// record in the body, back; a refusal's body is its message. Payload members steer it: "person",
// "endpoint", "refuse", "early" (seconds since 1970 before which it must not go), "keyless"
// (nothing tells a repeat of it). An answer with the header X-Receipt is asked after at /receipt;
// what comes back there is the news, or "pending", or nothing. A secret "refresh_token" is
// exchanged at /token. An answer with the header X-Wide throttles the whole credential;
// X-Quota-Remaining and X-Quota-Reset (seconds) are its quota headers, X-Usage (percent) is its
// usage header. No request can be made with the option "unfit", nor with an empty secret "key".
#pragma once

#include "core/json.h"
#include "platforms/adapter.h"
#include "platforms/answers.h"

namespace engine::testing {

class PlainAdapter : public platforms::Adapter {
public:
    std::string_view platform() const override { return "plain"; }
    std::string_view version() const override { return "plain-1"; }
    std::optional<platforms::NotForPlatform> unroutable(
        const platforms::CanonicalEvent&, const DestinationConfig&) const override
    {
        return std::nullopt;
    }
    bool isAccountValid(std::string_view) const override { return true; }

    platforms::Encoded encode(const platforms::CanonicalEvent& event,
        const platforms::EncodeContext& context) const override
    {
        const auto text = [&](const char* name) {
            const Json* value = event.json.find(name);
            return value ? value->text() : std::string {};
        };
        if (!text("refuse").empty())
            return platforms::Refusal { .field = "refuse", .reason = text("refuse") };
        const Json* const early = event.json.find("early");
        const WallTime until { Seconds { early ? early->asInt().value_or(0) : 0 } };
        if (until > context.now)
            return platforms::TooRecent { .until = until, .reason = "the click is young" };
        return platforms::Record { .body = event.stored->payload,
            .batchKey = text("endpoint"),
            .personKey = text("person"),
            .hasDedupKey = text("keyless").empty() };
    }
    Result<HttpRequest> request(std::span<const platforms::Record> records,
        const platforms::EncodeContext& context, const platforms::Secrets& secrets) const override
    {
        if (context.destination->options.contains("unfit"))
            return fail(ErrorCode::BadRequest, "is of no use", "options.unfit");
        if (const auto key = secrets.find("key"); key != secrets.end() && key->second.empty())
            return fail(ErrorCode::BadRequest, "the credential is missing", "key");
        HttpRequest request { .url = context.destination->endpoint + "/" + context.account };
        if (const auto token = secrets.find(std::string(platforms::kAccessToken));
            token != secrets.end())
            request.headers.emplace_back("Authorization", "Bearer " + token->second);
        request.body = "[";
        for (const platforms::Record& record : records)
            request.body += (request.body.size() > 1 ? "," : "") + record.body;
        request.body += "]";
        return request;
    }
    std::optional<Result<HttpRequest>> tokenRequest(
        const DestinationConfig& destination, const platforms::Secrets& secrets) const override
    {
        if (!secrets.contains("refresh_token"))
            return std::nullopt;
        return HttpRequest { .url = destination.endpoint + "/token",
            .body = secrets.at("refresh_token") };
    }
    std::optional<Result<HttpRequest>> receiptRequest(std::string_view receipt,
        const platforms::EncodeContext& context, const platforms::Secrets&) const override
    {
        return HttpRequest { .method = "GET",
            .url = context.destination->endpoint + "/receipt",
            .body = std::string(receipt) };
    }
    platforms::ReceiptAnswer decodeReceipt(const HttpAnswer& answer) const override
    {
        using State = platforms::ReceiptAnswer::State;
        if (answer.status != 200)
            return { .state = State::Gone };
        if (answer.body == "pending")
            return { .state = State::Pending };
        return {
            .state = State::Done, .refused = answer.body.empty() ? 0 : 1, .text = answer.body
        };
    }
    platforms::LiveCheck liveCheck(const DestinationConfig&) const override { return {}; }
    // Accepted: 2xx without a body. A body: an array of outcomes by name, one per record.
    platforms::Decoded decode(const HttpAnswer& answer, std::span<const platforms::Record> records,
        const platforms::EncodeContext& context) const override
    {
        platforms::Decoded decoded { .request = platforms::outcomeOfStatus(answer.status) };
        decoded.hint = platforms::hintOf(answer, context.now);
        const auto remaining = answer.header("X-Quota-Remaining");
        const auto reset = answer.header("X-Quota-Reset");
        if (remaining && reset) {
            decoded.hint.quota.emplace();
            decoded.hint.quota->remaining = std::stoll(std::string(*remaining));
            decoded.hint.quota->untilReset = Seconds { std::stoll(std::string(*reset)) };
            decoded.hint.source = "X-Quota-Reset";
        }
        if (const auto usage = answer.header("X-Usage")) {
            decoded.hint.usageRatio = std::stod(std::string(*usage)) / 100;
            decoded.hint.source = "X-Usage";
        }
        decoded.hint.isCredentialWide = answer.header("X-Wide").has_value();
        decoded.receipt = answer.header("X-Receipt").value_or("");
        decoded.isBatchSuspect
            = decoded.request == Outcome::Invalid && answer.status == 400 && records.size() > 1;
        const auto form = answer.status >= 500 ? ErrorForm::Http5xx : ErrorForm::Http4xx;
        decoded.records.assign(records.size(), { .outcome = decoded.request, .form = form });
        if (answer.status >= 300) {
            for (platforms::RecordOutcome& record : decoded.records) {
                record.code = std::to_string(answer.status);
                record.message = platforms::excerpt(answer.body);
            }
        }
        if (answer.status >= 300 || answer.body.empty())
            return decoded;
        const auto json = parseJson(answer.body);
        if (!json || json->items().size() != records.size()) {
            decoded.request = Outcome::Unknown;
            decoded.records.assign(records.size(), { .outcome = Outcome::Unknown });
            return decoded;
        }
        for (std::size_t i = 0; i < records.size(); ++i) {
            const Outcome outcome
                = parseOutcome(json->items()[i].text()).value_or(Outcome::Unknown);
            decoded.records[i] = { .outcome = outcome,
                .code = outcome == Outcome::Accepted ? "" : "row",
                .message = {},
                .form = ErrorForm::InBody };
            decoded.isPartial |= outcome != Outcome::Accepted;
        }
        return decoded;
    }
};

} // namespace engine::testing
