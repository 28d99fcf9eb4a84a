#include "simulator/reddit_model.h"

#include "platforms/hashing.h"
#include "simulator/event_rules.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace engine::simulator {
namespace {

constexpr std::size_t kEventsMax = 1'000;
constexpr std::size_t kBytesMax = 1'000'000;

struct Target {
    RedditForm form { RedditForm::V3 };
    std::string_view account {};
};

std::optional<Target> targetOf(std::string_view path)
{
    constexpr std::string_view kPixels = "/pixels/";
    constexpr std::string_view kTail = "/conversion_events";
    constexpr std::string_view kAccounts = "/conversions/events/";
    for (const std::string_view version : { "/api/v3", "/api/v2.0" }) {
        if (path.starts_with(version))
            path.remove_prefix(version.size());
    }
    Target target;
    if (path.starts_with(kPixels) && path.ends_with(kTail)
        && path.size() > kPixels.size() + kTail.size()) {
        target.account = path.substr(kPixels.size(), path.size() - kPixels.size() - kTail.size());
    } else if (path.starts_with(kAccounts)) {
        target = { .form = RedditForm::V2, .account = path.substr(kAccounts.size()) };
    }
    const bool isName
        = !target.account.empty() && target.account.find_first_of("/%") == std::string_view::npos;
    return isName ? std::optional(target) : std::nullopt;
}

http::ServerResponse messageReply(int status, std::string_view message)
{
    Json body = Json::object();
    body.set("message", Json::string(std::string(message)));
    return jsonReply(status, body);
}

std::string_view metadataKey(RedditForm form)
{
    return form == RedditForm::V3 ? "metadata" : "event_metadata";
}

std::string idOf(const Json& event, RedditForm form)
{
    const Json* const data = event.find(metadataKey(form));
    return data != nullptr ? memberText(*data, "conversion_id") : std::string {};
}

std::string nameOf(const Json& event, RedditForm form)
{
    const Json* const type = event.find(form == RedditForm::V3 ? "type" : "event_type");
    if (type == nullptr)
        return {};
    const std::string custom = memberText(*type, "custom_event_name");
    return custom.empty() ? memberText(*type, "tracking_type") : custom;
}

// What stands in front of the platform.
http::ServerResponse edgeRefusal()
{
    http::ServerResponse reply;
    reply.status = 401;
    reply.contentType = "text/plain";
    reply.body = "Authorization Required";
    return reply;
}

http::ServerResponse tokenRefusal()
{
    Json error = Json::object();
    error.set("reason", Json::string("UNAUTHORIZED"));
    error.set("explanation", Json::string("This request requires user authentication"));
    Json body = Json::object();
    body.set("success", Json::boolean(false));
    body.set("error", std::move(error));
    return jsonReply(401, body);
}

http::ServerResponse invalidReply(Json invalid)
{
    Json reply = Json::object();
    reply.set("message",
        Json::string("There were " + std::to_string(invalid.items().size())
            + " invalid conversion events. None were processed."));
    reply.set("invalid_events", std::move(invalid));
    return jsonReply(400, reply);
}

http::ServerResponse processedReply(std::int64_t events)
{
    return messageReply(
        200, "Successfully processed " + std::to_string(events) + " conversion events.");
}

const Json* eventsIn(const Result<Json>& body, RedditForm form)
{
    if (!body)
        return nullptr;
    return form == RedditForm::V3 ? body->at("data.events") : body->find("events");
}

// The echo of an event is not always what was sent: the id may come hashed, or not at all.
Json echoOf(const Json& event, RedditForm form, std::int64_t number)
{
    Json echo = event;
    if (number % 3 == 1) {
        Json data = Json::object();
        data.set("conversion_id", Json::string(platforms::sha256Hex(idOf(event, form))));
        echo.set(std::string(metadataKey(form)), std::move(data));
    } else if (number % 3 == 2) {
        echo = Json::object();
        for (const std::string_view key : { "event_at", "click_id" }) {
            if (const Json* value = event.find(key))
                echo.set(std::string(key), *value);
        }
    }
    return echo;
}

} // namespace

bool isRedditPath(std::string_view path) { return targetOf(path).has_value(); }

std::string RedditModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    const auto target = targetOf(path);
    return target ? std::string(target->account) : std::string("?");
}

http::ServerResponse RedditModel::process(Call& call)
{
    const auto target = targetOf(call.path);
    if (!target || call.request.method != "POST") {
        violation(call, "no such path: " + std::string(call.path));
        return messageReply(404, "Not Found");
    }
    const std::string token = bearerOf(call.request.header("Authorization"));
    if (token.empty() || (!options().secret.empty() && token != options().secret)) {
        ++call.account.stats.unauthorized;
        return unauthorized(call);
    }
    if (!isKnownAccount(target->account) || !call.request.header("User-Agent")) {
        violation(call, "forbidden: " + std::string(call.path));
        return messageReply(403, "Forbidden");
    }
    const auto body = parseJson(call.request.body);
    const bool isV3 = target->form == RedditForm::V3;
    const Json* const envelope = !body ? nullptr : isV3 ? body->find("data") : &*body;
    const Json* const events = envelope != nullptr ? envelope->find("events") : nullptr;
    if (events == nullptr || !events->isArray() || events->items().empty()) {
        violation(call, body ? "events are missing" : body.error().message);
        return messageReply(400, "events is a required field");
    }
    const auto stranger = isV3 ? strangerIn(*envelope, { "partner", "test_id", "events" })
                               : strangerIn(*envelope, { "partner", "test_mode", "events" });
    if (stranger) {
        violation(call, *stranger + " is unknown");
        return messageReply(400, *stranger + " is not a known field");
    }
    if (events->items().size() > kEventsMax || call.request.body.size() > kBytesMax) {
        violation(call, "more than 1,000 events or 1 MB in a request");
        return messageReply(413, "Request Entity Too Large");
    }
    if (const auto untilFree
        = takeFromWindows(call, static_cast<std::int64_t>(events->items().size())))
        return refuseThrottled(call, *untilFree);
    const Json* const testMode = envelope->find("test_mode");
    const bool isTest
        = isText(envelope->find("test_id")) || (testMode != nullptr && testMode->asBool());
    http::ServerResponse reply = take(call, *events, target->form, isTest);
    addQuotaHeaders(call, token, reply);
    return reply;
}

// The quota of the app's requests, as Reddit's other interfaces tell it: of full periods of ten
// minutes, however evenly it wants to have them used.
void RedditModel::addQuotaHeaders(
    const Call& call, const std::string& token, http::ServerResponse& reply)
{
    constexpr std::int64_t kPeriods = 10; // of the window
    const auto quota = std::find_if(call.windows.begin(), call.windows.end(),
        [](const StrictWindow* window) { return window->rule().unit == LimitUnit::Requests; });
    if (quota == call.windows.end())
        return;
    const WindowRule& rule = (*quota)->rule();
    const Millis period = rule.period * kPeriods;
    const auto number = call.now.wall.time_since_epoch() / period;
    if (std::exchange(m_period, number) != number)
        m_used.clear();
    const std::int64_t used = ++m_used[token];
    const auto amount
        = std::llround(static_cast<double>(rule.amount * kPeriods) * call.mishap.limitShare);
    const auto reset
        = std::chrono::ceil<Seconds>(period - call.now.wall.time_since_epoch() % period);
    reply.headers.emplace_back("x-ratelimit-used", std::to_string(used));
    reply.headers.emplace_back(
        "x-ratelimit-remaining", std::to_string(std::max<std::int64_t>(amount - used, 0)));
    reply.headers.emplace_back("x-ratelimit-reset", std::to_string(reset.count()));
}

http::ServerResponse RedditModel::take(
    Call& call, const Json& events, RedditForm form, bool isTest) const
{
    const std::int64_t number = call.account.stats.requests;
    call.account.stats.records += static_cast<std::int64_t>(events.items().size());
    Json invalid = Json::array();
    const auto refuse = [&](const Json& event, std::string_view why) {
        Json row = Json::object();
        row.set("error_message", Json::string(std::string(why)));
        row.set("event", echoOf(event, form, number));
        invalid.push(std::move(row));
    };
    for (const Json& event : events.items()) {
        if (const auto rule = checkRedditEvent(event, form, call.now.wall)) {
            violation(call, *rule);
            refuse(event, *rule);
        } else if (isRefusedByScenario(
                       call, idOf(event, form), nameOf(event, form), call.mishap.badPerMille)) {
            refuse(event, "value is not acceptable");
        }
    }
    if (!invalid.items().empty())
        return invalidReply(std::move(invalid));
    for (const Json& event : events.items()) {
        if (!isTest)
            accept(call,
                { .id = idOf(event, form),
                    .name = nameOf(event, form),
                    .eventTime = memberText(event, "event_at") });
    }
    return processedReply(std::ssize(events.items()));
}

http::ServerResponse RedditModel::unavailable(Call& call) const
{
    http::ServerResponse reply = messageReply(503, "Service Unavailable");
    if (call.account.stats.requests % 2 == 0) { // the edge answers in its own language
        reply.contentType = "text/html";
        reply.body = "<html><body>our CDN was unable to reach our servers</body></html>";
    }
    return reply;
}

http::ServerResponse RedditModel::unauthorized(Call& call) const
{
    return call.account.stats.requests % 2 == 0 ? edgeRefusal() : tokenRefusal();
}

// With a Retry-After, with quota headers, and without a word: all three are met.
http::ServerResponse RedditModel::throttled(Call& call, Millis untilFree) const
{
    http::ServerResponse reply = messageReply(429, "Too Many Requests");
    const auto seconds
        = std::to_string(std::max<std::int64_t>(std::chrono::ceil<Seconds>(untilFree).count(), 1));
    const std::int64_t form = call.account.stats.requests % 3;
    if (form == 0)
        reply.headers.emplace_back("Retry-After", seconds);
    if (form == 1) {
        reply.headers.emplace_back("x-ratelimit-used", "1000");
        reply.headers.emplace_back("x-ratelimit-remaining", "0");
        reply.headers.emplace_back("x-ratelimit-reset", seconds);
    }
    return reply;
}

http::ServerResponse RedditModel::scripted(Call& call, const ScriptedAnswer& answer) const
{
    if (answer.status == 200)
        return processedReply(numberIn(answer.code));
    if (answer.status == 401 && answer.message.empty())
        return answer.code.empty() ? edgeRefusal() : tokenRefusal();
    if (answer.code == "invalid_events") {
        const auto body = parseJson(call.request.body);
        const auto target = targetOf(call.path);
        const RedditForm form = target ? target->form : RedditForm::V3;
        const Json* const events = eventsIn(body, form);
        Json row = Json::object({ { "error_message", Json::string(answer.message) } });
        if (events != nullptr && !events->items().empty())
            row.set("event", echoOf(events->items().front(), form, call.account.stats.requests));
        return invalidReply(Json::array({ std::move(row) }));
    }
    return messageReply(answer.status == 0 ? 400 : answer.status, answer.message);
}

} // namespace engine::simulator
