#include "simulator/google_model.h"

#include <algorithm>

namespace engine::simulator {
namespace {

constexpr std::size_t kRecordsMax = 2'000;
constexpr std::string_view kUploadTail = ":uploadClickConversions";
constexpr std::string_view kIngestTail = "/events:ingest";
constexpr std::string_view kStatusTail = "/requestStatus:retrieve";
constexpr std::string_view kRequestName = "sim-";
constexpr std::string_view kTokenPath = "/token";
// The ways in, which are counted apart.
constexpr std::string_view kOffline = "offline";
constexpr std::string_view kDataManager = "data_manager";

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "/v25/customers/1234567890:uploadClickConversions" → the ten digits.
std::optional<std::string_view> customerOf(std::string_view path)
{
    constexpr std::string_view kHead = "customers/";
    if (!path.ends_with(kUploadTail))
        return std::nullopt;
    path.remove_suffix(kUploadTail.size());
    const auto at = path.find(kHead);
    if (at == std::string_view::npos)
        return std::nullopt;
    path.remove_prefix(at + kHead.size());
    return path.size() == 10 && isDigits(path) ? std::optional(path) : std::nullopt;
}

bool isIngest(std::string_view path) { return path.ends_with(kIngestTail); }

struct Failure { // one error of a GoogleAdsFailure
    std::string group {};
    std::string value {};
    std::string message {};
    std::string field {};
    std::optional<std::size_t> index {};
    std::optional<Millis> retryDelay {};
    std::string rateScope { "ACCOUNT" }; // or DEVELOPER: all accounts of the project
};

Json errorJson(const Failure& failure)
{
    Json error = Json::object();
    error.set("errorCode", Json::object({ { failure.group, Json::string(failure.value) } }));
    error.set("message", Json::string(failure.message));
    if (failure.index) {
        Json path = Json::array();
        Json element = Json::object({ { "fieldName", Json::string("conversions") } });
        // The protocol leaves a number out that is 0.
        if (*failure.index > 0)
            element.set("index", Json::number(static_cast<std::int64_t>(*failure.index)));
        path.push(std::move(element));
        if (!failure.field.empty())
            path.push(Json::object({ { "fieldName", Json::string(failure.field) } }));
        error.set("location", Json::object({ { "fieldPathElements", std::move(path) } }));
    }
    if (failure.retryDelay) {
        Json quota = Json::object();
        quota.set("rateScope", Json::string(failure.rateScope));
        quota.set("rateName", Json::string("Number of operations for basic access"));
        quota.set("retryDelay",
            Json::string(
                std::to_string(std::chrono::ceil<Seconds>(*failure.retryDelay).count()) + 's'));
        error.set("details", Json::object({ { "quotaErrorDetails", std::move(quota) } }));
    }
    return error;
}

Json failureJson(std::vector<Json> errors, std::int64_t number)
{
    Json detail = Json::object();
    detail.set("@type",
        Json::string("type.googleapis.com/google.ads.googleads.v25.errors.GoogleAdsFailure"));
    detail.set("errors", Json::array(std::move(errors)));
    detail.set("requestId", Json::string("sim-" + std::to_string(number)));
    return detail;
}

struct Refusal {
    int status { 400 };
    std::string name { "INVALID_ARGUMENT" };
    std::string message { "Request contains an invalid argument." };
};

http::ServerResponse refusalReply(const Refusal& refusal, std::optional<Json> detail)
{
    Json error = Json::object();
    error.set("code", Json::number(std::int64_t { refusal.status }));
    error.set("message", Json::string(refusal.message));
    error.set("status", Json::string(refusal.name));
    if (detail)
        error.set("details", Json::array({ std::move(*detail) }));
    return jsonReply(refusal.status, Json::object({ { "error", std::move(error) } }));
}

http::ServerResponse failureReply(
    const Refusal& refusal, const Failure& failure, std::int64_t number)
{
    return refusalReply(refusal, failureJson({ errorJson(failure) }, number));
}

// What a call is named under a status (google.rpc.Code); of several the first is the usual one.
struct StatusName {
    int status { 0 };
    std::string_view name {};
};
constexpr StatusName kStatusNames[] {
    { 400, "INVALID_ARGUMENT" },
    { 400, "FAILED_PRECONDITION" },
    { 400, "OUT_OF_RANGE" },
    { 401, "UNAUTHENTICATED" },
    { 403, "PERMISSION_DENIED" },
    { 404, "NOT_FOUND" },
    { 409, "ABORTED" },
    { 429, "RESOURCE_EXHAUSTED" },
    { 499, "CANCELLED" },
    { 500, "INTERNAL" },
    { 500, "UNKNOWN" },
    { 501, "UNIMPLEMENTED" },
    { 503, "UNAVAILABLE" },
    { 504, "DEADLINE_EXCEEDED" },
};

std::string nameOfStatus(int status)
{
    const auto* const row = std::find_if(std::begin(kStatusNames), std::end(kStatusNames),
        [&](const StatusName& candidate) { return candidate.status == status; });
    return std::string(row != std::end(kStatusNames) ? row->name : kStatusNames[0].name);
}

int statusOfName(std::string_view name)
{
    const auto* const row = std::find_if(std::begin(kStatusNames), std::end(kStatusNames),
        [&](const StatusName& candidate) { return candidate.name == name; });
    return row != std::end(kStatusNames) ? row->status : 400;
}

// "RESOURCE_EXHAUSTED/DEVELOPER/30s" → the value, and what the details say of the quota.
Failure failureOf(std::string_view code, const std::string& message)
{
    const auto dot = code.find('.');
    Failure failure { .group = std::string(code.substr(0, dot)), .message = message };
    code.remove_prefix(dot == code.npos ? code.size() : dot + 1);
    const auto slash = code.find('/');
    failure.value = code.substr(0, slash);
    if (slash == code.npos)
        return failure;
    code.remove_prefix(slash + 1);
    failure.rateScope = code.substr(0, code.find('/'));
    code.remove_prefix(std::min(code.size(), failure.rateScope.size() + 1));
    failure.retryDelay = Seconds { numberIn(code) };
    return failure;
}

http::ServerResponse receiptReply(const std::string& state, const std::string& reason)
{
    Json one = Json::object({ { "requestStatus", Json::string(state) } });
    if (!reason.empty()) {
        Json count = Json::object();
        count.set("reason", Json::string(reason));
        count.set("recordCount", Json::string("1"));
        one.set(
            "errorInfo", Json::object({ { "errorCounts", Json::array({ std::move(count) }) } }));
    }
    return jsonReply(
        200, Json::object({ { "requestStatusPerDestination", Json::array({ std::move(one) }) } }));
}

int usualStatus(std::string_view group)
{
    if (group == "quotaError")
        return 429;
    if (group == "authenticationError")
        return 401;
    if (group == "authorizationError" || group == "notAllowlistedError")
        return 403;
    if (group == "internalError")
        return 500;
    return group == "conversionUploadError" ? 200 : 400;
}

std::string textAt(const Json& json, std::string_view path)
{
    const Json* const value = json.at(path);
    return value != nullptr ? value->text() : std::string {};
}

Json violationJson(std::string field, std::string description)
{
    Json one = Json::object();
    one.set("field", Json::string(std::move(field)));
    one.set("description", Json::string(std::move(description)));
    return one;
}

http::ServerResponse violationsReply(Json violations)
{
    Json detail = Json::object();
    detail.set("@type", Json::string("type.googleapis.com/google.rpc.BadRequest"));
    detail.set("fieldViolations", std::move(violations));
    return refusalReply({}, std::move(detail));
}

// What the ledger knows a conversion by, as the platform does: order id, else click id and time.
std::string identityOf(const Json& conversion)
{
    std::string orderId = memberText(conversion, "orderId");
    if (!orderId.empty())
        return orderId;
    for (const std::string_view key : { "gclid", "gbraid", "wbraid" }) {
        const std::string click = memberText(conversion, key);
        if (!click.empty())
            return click + ' ' + memberText(conversion, "conversionDateTime");
    }
    return memberText(conversion, "conversionDateTime");
}

struct Row {
    std::optional<Failure> failure {};
    Json result {};
};

http::ServerResponse uploadReply(std::vector<Row> rows, std::int64_t number)
{
    Json results = Json::array();
    std::vector<Json> errors;
    std::string message;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        results.push(rows[i].failure ? Json::object() : std::move(rows[i].result));
        if (!rows[i].failure)
            continue;
        rows[i].failure->index = i;
        errors.push_back(errorJson(*rows[i].failure));
        message += (message.empty() ? "" : "; ") + rows[i].failure->message;
    }
    Json body = Json::object();
    if (!errors.empty()) {
        Json failure = Json::object();
        failure.set("code", Json::number(std::int64_t { 3 }));
        failure.set(
            "message", Json::string("Multiple errors in ‘details’. First error: " + message));
        failure.set("details", Json::array({ failureJson(std::move(errors), number) }));
        body.set("partialFailureError", std::move(failure));
    }
    body.set("results", std::move(results));
    body.set("jobId", Json::string(std::to_string(number)));
    return jsonReply(200, body);
}

} // namespace

GoogleModel::GoogleModel(SimulatedPlatform platform, std::size_t ledgerMax)
    : PlatformModel(std::move(platform), ledgerMax)
    , m_booth(options().secret, options().tokenLifetime,
          options().areRefreshTokensUsedUp ? TokenBooth::Refresh::UsedUp
                                           : TokenBooth::Refresh::Stays)
{
}

std::string GoogleModel::accountOf(const http::ServerRequest& request, std::string_view path) const
{
    if (path == kTokenPath)
        return "token";
    if (const auto customer = customerOf(path))
        return std::string(*customer);
    const auto body = isIngest(path) ? parseJson(request.body) : Result<Json>(Json {});
    const std::string account
        = body ? textAt(*body, "destinations.0.operatingAccount.accountId") : std::string {};
    return account.empty() ? "?" : account;
}

http::ServerResponse GoogleModel::process(Call& call)
{
    if (call.path == kTokenPath)
        return m_booth.exchange(call.request, {}, call.now.steady);
    if (call.path.ends_with(kStatusTail) && call.request.method == "GET")
        return laterStatus(call);
    const bool isKnownPath = customerOf(call.path) || isIngest(call.path);
    if (call.request.method != "POST" || !isKnownPath) {
        violation(call, "no such path");
        return refusalReply({ .status = 404, .name = "NOT_FOUND", .message = "Not found" }, {});
    }
    if (!m_booth.isValid(call.request, call.now.steady)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    const std::int64_t number = call.account.stats.requests;
    if (!isKnownAccount(call.account.name))
        return failureReply({ .status = 401, .name = "UNAUTHENTICATED" },
            { .group = "authenticationError",
                .value = "CUSTOMER_NOT_FOUND",
                .message = "No customer found for the provided customer id." },
            number);
    const auto body = parseJson(call.request.body);
    if (!body || !body->isObject()) {
        violation(call, "the body is no JSON object");
        return refusalReply({ .message = "Invalid JSON payload received." }, {});
    }
    const bool isUpload = customerOf(call.path).has_value();
    if (auto refusal = refusalOf(call, *body, isUpload ? "conversions" : "events"))
        return *refusal;
    return isUpload ? upload(call, *body) : ingest(call, *body);
}

// Everything that it took in was good: what it finds fault with, it refuses at once.
http::ServerResponse GoogleModel::laterStatus(Call& call)
{
    if (!m_booth.isValid(call.request, call.now.steady)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (!call.request.query("requestId").value_or("").starts_with(kRequestName))
        return refusalReply({ .status = 404, .name = "NOT_FOUND", .message = "Not found" }, {});
    return receiptReply("SUCCESS", {});
}

// What a request is refused for whole, before any record counts: too many, or a value of the wrong
// kind in one of them.
std::optional<http::ServerResponse> GoogleModel::refusalOf(
    Call& call, const Json& body, std::string_view list) const
{
    const std::int64_t number = call.account.stats.requests;
    const Json* const records = body.find(list);
    if (records == nullptr || !records->isArray() || records->items().empty()) {
        violation(call, std::string(list) + " is missing");
        return failureReply(
            {}, { .group = "requestError", .value = "REQUIRED_FIELD_MISSING" }, number);
    }
    if (records->items().size() > kRecordsMax) {
        violation(call, "more than 2,000 records in a request");
        return failureReply({},
            { .group = "conversionUploadError",
                .value = "TOO_MANY_CONVERSIONS_IN_REQUEST",
                .message = "Upload fewer than 2001 events in a single request." },
            number);
    }
    const bool isUpload = list == "conversions";
    const Json* const partial = body.find("partialFailure");
    if (isUpload && (partial == nullptr || !partial->asBool())) {
        violation(call, "partialFailure must be true");
        return failureReply({},
            { .group = "conversionUploadError", .value = "PARTIAL_FAILURE_MODE_REQUIRED" }, number);
    }
    Json violations = Json::array();
    for (std::size_t i = 0; i < records->items().size(); ++i) {
        const Json& record = records->items()[i];
        const auto found = isUpload ? checkGoogleConversion(record, call.now.wall)
                                    : checkIngestEvent(record, call.now.wall);
        if (!found || !found->group.empty())
            continue;
        const std::string field = std::string(list) + '[' + std::to_string(i) + "]." + found->field;
        violation(call, field + ' ' + found->message);
        violations.push(violationJson(field, found->message));
    }
    if (violations.items().empty())
        return std::nullopt;
    return violationsReply(std::move(violations));
}

std::optional<GoogleViolation> GoogleModel::judge(Call& call, const Json& conversion) const
{
    if (auto found = checkGoogleConversion(conversion, call.now.wall)) {
        if (found->value != "TOO_RECENT_EVENT") // which the sender could not know
            violation(call, found->field + ' ' + found->message);
        return found;
    }
    // An action says nothing about its meaning; what has a value counts as a purchase.
    const bool hasValue = conversion.find("conversionValue") != nullptr;
    if (!isRefusedByScenario(
            call, identityOf(conversion), hasValue ? "purchase" : "", call.mishap.badPerMille))
        return std::nullopt;
    return GoogleViolation { .group = "conversionUploadError",
        .value = "CLICK_NOT_FOUND",
        .field = "gclid",
        .message = "The click that occurred cannot be found." };
}

http::ServerResponse GoogleModel::upload(Call& call, const Json& body)
{
    const std::int64_t number = call.account.stats.requests;
    const std::vector<Json>& conversions = body.find("conversions")->items();
    const auto records = static_cast<std::int64_t>(conversions.size());
    call.account.stats.records += records;
    if (const auto untilFree = takeFromWindows(call, records, kOffline))
        return refuseThrottled(call, *untilFree);
    const Json* const validateOnly = body.find("validateOnly");
    const bool isChecked = validateOnly != nullptr && validateOnly->asBool();
    std::vector<Row> rows;
    rows.reserve(conversions.size());
    for (const Json& conversion : conversions) {
        Row row;
        if (const auto found = judge(call, conversion)) {
            row.failure = Failure { .group = found->group,
                .value = found->value,
                .message = found->message,
                .field = found->field };
        } else if (!isChecked) {
            const bool hasOrderId = conversion.find("orderId") != nullptr;
            const auto taken = accept(call,
                { .id = identityOf(conversion),
                    .name = memberText(conversion, "conversionAction"),
                    .eventTime = memberText(conversion, "conversionDateTime") });
            if (taken == Ledger::Taken::Duplicate)
                row.failure = Failure { .group = "conversionUploadError",
                    .value
                    = hasOrderId ? "ORDER_ID_ALREADY_IN_USE" : "CLICK_CONVERSION_ALREADY_EXISTS",
                    .message = "This conversion was uploaded before.",
                    .field = hasOrderId ? "orderId" : "gclid" };
        }
        for (const std::string_view key : { "gclid", "conversionAction", "conversionDateTime" }) {
            if (const Json* const member = conversion.find(key))
                row.result.set(std::string(key), *member);
        }
        rows.push_back(std::move(row));
    }
    const bool hasFailed
        = std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.failure; });
    if (isChecked && !hasFailed)
        return jsonReply(200, Json::object());
    return uploadReply(std::move(rows), number);
}

http::ServerResponse GoogleModel::ingest(Call& call, const Json& body)
{
    const std::vector<Json>& events = body.find("events")->items();
    const std::string action = textAt(body, "destinations.0.productDestinationId");
    const bool isWhole = textAt(body, "destinations.0.operatingAccount.accountType") == "GOOGLE_ADS"
        && isDigits(action) && memberText(body, "encoding") == "HEX";
    if (!isWhole) {
        violation(call, "destinations or encoding is wrong");
        return refusalReply({ .message = "destinations[0] is not complete" }, {});
    }
    call.account.stats.records += std::ssize(events);
    if (const auto untilFree = takeFromWindows(call, std::ssize(events), kDataManager))
        return refuseThrottled(call, *untilFree);
    const Json* const validateOnly = body.find("validateOnly");
    if (validateOnly == nullptr || !validateOnly->asBool()) {
        for (const Json& event : events)
            accept(call,
                { .id = memberText(event, "transactionId"),
                    .name = action,
                    .eventTime = memberText(event, "eventTimestamp") });
    }
    return jsonReply(200,
        Json::object({ { "requestId",
            Json::string(
                std::string(kRequestName) + std::to_string(call.account.stats.requests)) } }));
}

http::ServerResponse GoogleModel::unavailable(Call& call) const
{
    const std::int64_t number = call.account.stats.requests;
    if (call.path == kTokenPath)
        return TokenBooth::refusal("temporarily_unavailable");
    if (number % 4 == 0) { // what stands in front of the platform answers in its own language
        http::ServerResponse reply;
        reply.status = 502;
        reply.contentType = "text/html";
        reply.body = "<html><title>Error 502 (Server Error)</title></html>";
        return reply;
    }
    if (number % 2 == 0)
        return failureReply({ .status = 500, .name = "INTERNAL", .message = "Internal error." },
            { .group = "internalError", .value = "TRANSIENT_ERROR", .message = "Try again." },
            number);
    return refusalReply({ .status = 503,
                            .name = "UNAVAILABLE",
                            .message = "The service is currently unavailable." },
        {});
}

http::ServerResponse GoogleModel::unauthorized(Call& call) const
{
    if (call.path == kTokenPath)
        return TokenBooth::refusal("invalid_grant");
    return failureReply({ .status = 401,
                            .name = "UNAUTHENTICATED",
                            .message = "Request had invalid authentication credentials." },
        { .group = "authenticationError",
            .value = "OAUTH_TOKEN_EXPIRED",
            .message = "The OAuth token has expired." },
        call.account.stats.requests);
}

http::ServerResponse GoogleModel::throttled(Call& call, Millis untilFree) const
{
    const std::int64_t number = call.account.stats.requests;
    const Refusal refusal { .status = 429,
        .name = "RESOURCE_EXHAUSTED",
        .message = "Resource has been exhausted (e.g. check quota)." };
    if (number % 2 == 0)
        return failureReply(refusal,
            { .group = "quotaError",
                .value = "RESOURCE_EXHAUSTED",
                .message = "Too many requests.",
                .retryDelay = untilFree,
                .rateScope = call.refusedBy == LimitScope::Credential ? "DEVELOPER" : "ACCOUNT" },
            number);
    const auto seconds = std::chrono::ceil<Seconds>(untilFree).count();
    return failureReply(refusal,
        { .group = "quotaError",
            .value = "RESOURCE_TEMPORARILY_EXHAUSTED",
            .message = "Too many requests. Retry in " + std::to_string(seconds) + " seconds." },
        number);
}

http::ServerResponse GoogleModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    const std::int64_t number = call.account.stats.requests;
    if (call.path == kTokenPath)
        return TokenBooth::refusal(answer.code.empty() ? "invalid_grant" : answer.code);
    if (call.path.ends_with(kStatusTail) && answer.status == 200)
        return receiptReply(answer.code, answer.message);
    const bool isData = isIngest(call.path);
    const Failure failure = failureOf(answer.code, answer.message);
    if (failure.group == "fieldViolation")
        return violationsReply(Json::array(
            { violationJson(std::string(isData ? "events" : "conversions") + "[0]." + failure.value,
                answer.message) }));
    if (failure.value.empty()) {
        const int status = answer.status == 0 ? statusOfName(answer.code) : answer.status;
        return refusalReply({ .status = status,
                                .name = answer.code.empty() ? nameOfStatus(status) : answer.code,
                                .message = answer.message },
            {});
    }
    int status = answer.status == 0 ? usualStatus(failure.group) : answer.status;
    if (isData && status == 200) // which looks at single events later
        status = 400;
    if (status != 200)
        return failureReply({ .status = status, .name = nameOfStatus(status) }, failure, number);
    const auto body = parseJson(call.request.body);
    const Json* const conversions = body ? body->find("conversions") : nullptr;
    std::vector<Row> rows(conversions != nullptr ? conversions->items().size() : 0);
    for (Row& row : rows)
        row.failure = failure;
    return uploadReply(std::move(rows), number);
}

} // namespace engine::simulator
