#include "simulator/simulator.h"

#include "http/wire.h"
#include "simulator/customerio_model.h"
#include "simulator/meta_model.h"
#include "simulator/pinterest_model.h"
#include "simulator/reddit_model.h"
#include "simulator/snapchat_model.h"

#include <algorithm>
#include <charconv>

namespace engine::simulator {
namespace {

constexpr std::string_view kControl = "/__sim/";
constexpr std::size_t kAcceptedPageMax = 10'000;
constexpr std::size_t kScenariosMax = 1'000;

// "/meta/123/events", "/meta-eu/123/events" → the rest of the path; nothing when it names another
// platform. A platform's second region stands beside the first.
std::optional<std::string_view> restOf(std::string_view path, std::string_view platform)
{
    constexpr std::string_view kEurope = "-eu";
    if (!path.starts_with('/') || !path.substr(1).starts_with(platform))
        return std::nullopt;
    path.remove_prefix(1 + platform.size());
    if (path.starts_with(kEurope))
        path.remove_prefix(kEurope.size());
    return path.empty() || path.front() == '/' ? std::optional(path) : std::nullopt;
}

Json statsJson(const AccountStats& stats, const Ledger* ledger)
{
    Json json = Json::object();
    const auto set
        = [&](const char* key, std::int64_t value) { json.set(key, Json::number(value)); };
    set("requests", stats.requests);
    set("records", stats.records);
    set("accepted", stats.accepted);
    set("duplicates", stats.duplicates);
    set("throttled", stats.throttledByWindow + stats.throttledByScenario);
    set("throttled_by_window", stats.throttledByWindow);
    set("violations", stats.violations);
    set("refused_by_scenario", stats.refusedByScenario);
    set("lost", stats.lost);
    set("unauthorized", stats.unauthorized);
    set("unavailable", stats.unavailable);
    set("scripted", stats.scripted);
    set("faults", stats.faults);
    set("changed_event_times", ledger != nullptr ? ledger->changedTimes() : 0);
    set("forgotten", ledger != nullptr ? ledger->forgotten() : 0);
    Json samples = Json::array();
    for (const std::string& sample : stats.samples)
        samples.push(Json::string(sample));
    json.set("samples", std::move(samples));
    return json;
}

bool hasLineBreak(std::string_view text) { return text.find_first_of("\r\n") != text.npos; }

// {"x-rate-limit-reset":"1764450000"}; nothing when a header could not be sent so.
std::optional<HttpHeaders> readHeaders(const Json* json)
{
    HttpHeaders headers;
    if (json == nullptr)
        return headers;
    if (!json->isObject())
        return std::nullopt;
    for (const auto& [name, value] : json->members()) {
        if (name.empty() || !value.isString() || hasLineBreak(name) || hasLineBreak(value.text()))
            return std::nullopt;
        headers.emplace_back(name, value.text());
    }
    return headers;
}

// How an ordered answer does not come.
struct FaultName {
    std::string_view name {};
    http::ServerResponse::Fault fault { http::ServerResponse::Fault::None };
};
constexpr FaultName kFaults[] {
    { "", http::ServerResponse::Fault::None },
    { "close", http::ServerResponse::Fault::CloseBeforeAnswer },
    { "cut", http::ServerResponse::Fault::ResetInTheMiddle },
    { "silence", http::ServerResponse::Fault::NeverAnswer },
};

// {"status":429,"code":"40100","message":"…","retry_after":"30","headers":{…},"body":"<html>",
// "fault":"close","times":3}; every member may be left out.
std::optional<ScriptedAnswer> readAnswer(const Json& json)
{
    if (!json.isObject())
        return std::nullopt;
    const auto number = [&](std::string_view key) {
        const Json* const value = json.find(key);
        return value != nullptr ? value->asInt() : std::optional<std::int64_t>(0);
    };
    const auto status = number("status");
    const auto times = number("times");
    const bool isStatus = status && (*status == 0 || (*status >= 200 && *status <= 599));
    const std::string retryAfter = memberText(json, "retry_after");
    auto headers = readHeaders(json.find("headers"));
    const auto* const fault = std::find_if(std::begin(kFaults), std::end(kFaults),
        [&](const FaultName& row) { return row.name == memberText(json, "fault"); });
    if (!isStatus || !times || *times < 0 || hasLineBreak(retryAfter) || !headers
        || fault == std::end(kFaults))
        return std::nullopt;
    return ScriptedAnswer { .status = static_cast<int>(*status),
        .code = memberText(json, "code"),
        .message = memberText(json, "message"),
        .retryAfter = retryAfter,
        .headers = std::move(*headers),
        .body = memberText(json, "body"),
        .fault = fault->fault,
        .times = *times };
}

std::size_t numberOr(const std::optional<std::string>& text, std::size_t fallback)
{
    std::size_t value = fallback;
    if (text)
        std::from_chars(text->data(), text->data() + text->size(), value);
    return value;
}

// "http://host:1/path?query" → "/path?query".
std::string targetOf(const std::string& url)
{
    const auto scheme = url.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    const auto path = url.find_first_of("/?", start);
    if (path == std::string::npos)
        return "/";
    return url[path] == '/' ? url.substr(path) : '/' + url.substr(path);
}

// "http://host:1/path" → "host:1".
std::string hostOf(const std::string& url)
{
    const auto scheme = url.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    return url.substr(start, std::min(url.find_first_of("/?", start), url.size()) - start);
}

} // namespace

Simulator::Simulator(SimulatorOptions options)
    : m_options(std::move(options))
{
    for (const SimulatedPlatform& platform : m_options.platforms) {
        if (auto made = makeModel(platform, m_options.ledgerMax))
            m_models.push_back(std::move(made));
    }
    m_scenarios[ScenarioTarget {}] = m_options.scenario;
}

Moment Simulator::ownTime(Moment now)
{
    if (!m_firstSeen)
        m_firstSeen = now.steady;
    const auto since = std::chrono::duration<double, std::nano>(now.steady - *m_firstSeen);
    const auto own = std::chrono::round<SteadyTime::duration>(since * m_options.clockRate);
    return { .steady = m_options.clockRate == 1.0 ? now.steady : *m_firstSeen + own,
        .wall = now.wall };
}

PlatformModel* Simulator::model(std::string_view platform) const
{
    for (const auto& candidate : m_models) {
        if (candidate->platform() == platform)
            return candidate.get();
    }
    return nullptr;
}

Simulator::Found Simulator::find(std::string_view path) const
{
    for (const auto& candidate : m_models) {
        if (const auto rest = restOf(path, candidate->platform()))
            return { .model = candidate.get(), .path = *rest };
    }
    if (m_models.size() == 1)
        return { .model = m_models.front().get(), .path = path };
    if (isMetaPath(path))
        return { .model = model("meta"), .path = path };
    if (isPinterestPath(path))
        return { .model = model("pinterest"), .path = path };
    if (isSnapchatPath(path))
        return { .model = model("snapchat"), .path = path };
    if (isRedditPath(path))
        return { .model = model("reddit"), .path = path };
    if (isCustomerIoPath(path))
        return { .model = model("customerio"), .path = path };
    return { .model = model("webhook"), .path = path };
}

http::ServerResponse Simulator::handle(const http::ServerRequest& request, Moment now)
{
    const Moment own = ownTime(now);
    const std::string_view target = request.target;
    const std::string_view path = target.substr(0, target.find('?'));
    if (path.starts_with(kControl))
        return control(request, own);
    const Found found = find(path);
    if (found.model == nullptr)
        return http::errorResponse(404, "not_found", "no simulated platform has this path");
    const std::string account = found.model->accountOf(request, found.path);
    const Scenario scenario = scenarioFor(found.model->platform(), account);
    const Millis behind = clockBehind(scenario, own.steady);
    const Moment platformTime { .steady = own.steady, .wall = own.wall - behind };
    http::ServerResponse reply = found.model->answer(request, found.path, scenario, platformTime);
    if (behind > Millis { 0 }) // by which the sender can tell
        reply.headers.emplace_back("Date", http::toHttpDate(platformTime.wall));
    return reply;
}

void Simulator::setScenario(const ScenarioTarget& target, Scenario scenario, Moment now)
{
    scenario.startedAt = now.steady;
    if (target == ScenarioTarget {} || m_scenarios.size() >= kScenariosMax)
        m_scenarios.clear();
    m_scenarios[target] = scenario;
}

Scenario Simulator::scenarioFor(std::string_view platform, std::string_view account) const
{
    for (const ScenarioTarget& target :
        { ScenarioTarget { std::string(platform), std::string(account) },
            ScenarioTarget { std::string(platform), {} }, ScenarioTarget {} }) {
        const auto found = m_scenarios.find(target);
        if (found != m_scenarios.end())
            return found->second;
    }
    return {};
}

std::map<std::string, AccountStats> Simulator::stats() const
{
    std::map<std::string, AccountStats> all;
    for (const auto& each : m_models) {
        for (auto& [account, stats] : each->stats())
            all.emplace(each->platform() + '/' + account, std::move(stats));
    }
    return all;
}

std::vector<LedgerEntry> Simulator::accepted(
    const std::string& platform, const std::string& account) const
{
    const PlatformModel* const found = model(platform);
    const Ledger* const ledger = found != nullptr ? found->ledger(account) : nullptr;
    return ledger != nullptr ? ledger->entries(0, m_options.ledgerMax)
                             : std::vector<LedgerEntry> {};
}

http::ServerResponse Simulator::control(const http::ServerRequest& request, Moment now)
{
    const std::string_view target = request.target;
    const std::string_view what = target.substr(0, target.find('?')).substr(kControl.size());
    if (what == "stats" && request.method == "GET")
        return getStats();
    if (what == "accepted" && request.method == "GET")
        return getAccepted(request);
    if (what == "scenario" && request.method == "GET")
        return getScenario();
    if (what == "scenario" && request.method == "POST")
        return postScenario(request, now);
    return http::errorResponse(
        404, "not_found", "expected GET stats, GET accepted, GET scenario or POST scenario");
}

http::ServerResponse Simulator::postScenario(const http::ServerRequest& request, Moment now)
{
    const auto body = parseJson(request.body);
    if (!body || !body->isObject())
        return http::errorResponse(400, "bad_request", "the body is no JSON object");
    const auto kind = parseScenario(memberText(*body, "scenario"));
    if (!kind) {
        std::string names;
        for (const std::string& name : scenarioNames())
            names += (names.empty() ? "" : ", ") + name;
        return http::errorResponse(400, "bad_request", "expected one of " + names, "scenario");
    }
    const ScenarioTarget target { .platform = memberText(*body, "platform"),
        .account = memberText(*body, "account") };
    if (target.platform.empty() ? !target.account.empty() : model(target.platform) == nullptr)
        return http::errorResponse(
            400, "bad_request", "expected a platform that is simulated here", "platform");
    Scenario scenario { .kind = *kind };
    if (const Json* const seed = body->find("seed"))
        scenario.seed = static_cast<std::uint64_t>(seed->asInt().value_or(1));
    const std::string duration = memberText(*body, "for");
    const auto parsed = parseDuration(duration);
    if (!duration.empty() && !parsed)
        return http::errorResponse(400, "bad_request", "expected a duration such as 60s", "for");
    scenario.duration = parsed.value_or(Millis { 0 });
    if (const Json* const answer = body->find("answer")) {
        scenario.answer = readAnswer(*answer);
        if (!scenario.answer)
            return http::errorResponse(400, "bad_request",
                "expected an object with status (200 to 599), code, message, retry_after, headers, "
                "body, fault (close, cut or silence) and times",
                "answer");
    }
    setScenario(target, scenario, now);
    return getScenario();
}

http::ServerResponse Simulator::getScenario() const
{
    Json list = Json::array();
    for (const auto& [target, scenario] : m_scenarios) {
        Json json = Json::object();
        json.set("scenario", Json::string(toString(scenario.kind)));
        json.set("platform", Json::string(target.platform));
        json.set("account", Json::string(target.account));
        json.set("seed", Json::number(std::to_string(scenario.seed)));
        json.set("for", Json::string(toDurationText(scenario.duration)));
        if (scenario.answer) {
            Json answer = Json::object();
            answer.set("status", Json::number(std::int64_t { scenario.answer->status }));
            answer.set("code", Json::string(scenario.answer->code));
            answer.set("times", Json::number(scenario.answer->times));
            json.set("answer", std::move(answer));
        }
        list.push(std::move(json));
    }
    Json body = Json::object();
    body.set("scenarios", std::move(list));
    return jsonReply(200, body);
}

http::ServerResponse Simulator::getStats() const
{
    Json list = Json::array();
    for (const auto& each : m_models) {
        for (const auto& [account, stats] : each->stats()) {
            Json json = Json::object();
            json.set("platform", Json::string(each->platform()));
            json.set("account", Json::string(account));
            const Json books = statsJson(stats, each->ledger(account));
            for (const auto& [key, value] : books.members())
                json.set(key, value);
            list.push(std::move(json));
        }
    }
    Json body = Json::object();
    body.set("accounts", std::move(list));
    return jsonReply(200, body);
}

http::ServerResponse Simulator::getAccepted(const http::ServerRequest& request) const
{
    const std::string account = request.query("account").value_or("");
    const PlatformModel* const found = model(request.query("platform").value_or(""));
    const Ledger* const ledger = found != nullptr ? found->ledger(account) : nullptr;
    const std::size_t from = numberOr(request.query("from"), 0);
    const std::size_t limit = std::min(numberOr(request.query("limit"), 1'000), kAcceptedPageMax);
    Json events = Json::array();
    if (ledger != nullptr) {
        for (const LedgerEntry& entry : ledger->entries(from, limit)) {
            Json json = Json::object();
            json.set("id", Json::string(entry.id));
            json.set("name", Json::string(entry.name));
            json.set("event_time", Json::string(entry.eventTime));
            json.set("copies", Json::number(std::int64_t { entry.copies }));
            events.push(std::move(json));
        }
    }
    const auto next = static_cast<std::int64_t>(from + events.items().size());
    Json body = Json::object();
    body.set("events", std::move(events));
    body.set("next", Json::number(next));
    return jsonReply(200, body);
}

Exchange exchange(Simulator& simulator, const HttpRequest& request, Moment now)
{
    using Fault = http::ServerResponse::Fault;
    http::ServerRequest incoming;
    incoming.method = request.method;
    incoming.target = targetOf(request.url);
    incoming.headers = request.headers;
    incoming.headers.emplace_back("Host", hostOf(request.url));
    incoming.body = request.body;
    http::ServerResponse reply = simulator.handle(incoming, now);
    if (reply.fault == Fault::NeverAnswer || reply.delay >= request.timeout)
        return tl::unexpected(TransportFailure { .kind = TransportFailure::Kind::Timeout,
            .wasSent = true,
            .detail = "no answer in time",
            .latency = request.timeout });
    if (reply.fault != Fault::None)
        return tl::unexpected(TransportFailure { .kind = TransportFailure::Kind::Closed,
            .wasSent = true,
            .detail = "the connection was closed",
            .latency = reply.delay });
    HttpAnswer answer;
    answer.status = reply.status;
    answer.headers = std::move(reply.headers);
    answer.bodyBytes = static_cast<std::int64_t>(reply.body.size());
    answer.body = std::move(reply.body);
    answer.httpVersion = "1.1";
    answer.latency = reply.delay;
    return answer;
}

} // namespace engine::simulator
