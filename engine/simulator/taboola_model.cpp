#include "simulator/taboola_model.h"

#include "platforms/fields.h"
#include "simulator/taboola_rules.h"

namespace engine::simulator {
namespace {

constexpr std::string_view kSinglePath = "/actions-handler/log/3/s2s-action";
constexpr std::string_view kBulkTail = "/log/3/bulk-s2s-action";
constexpr std::string_view kBulk = "bulk";
constexpr std::string_view kSingle = "single";
constexpr std::size_t kActionsMax = 1'000;

// "/123/log/3/bulk-s2s-action" → "123"
std::optional<std::string_view> bulkAccountOf(std::string_view path)
{
    if (!path.starts_with('/') || !path.ends_with(kBulkTail))
        return std::nullopt;
    path.remove_suffix(kBulkTail.size());
    path.remove_prefix(std::min<std::size_t>(path.size(), 1));
    if (path.empty() || path.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return path;
}

http::ServerResponse emptyReply(int status)
{
    http::ServerResponse reply;
    reply.status = status;
    return reply;
}

// The query as the same object that stands in a bulk request: what looks like a number is one.
Json actionOf(const HttpHeaders& items)
{
    Json action = Json::object();
    for (const auto& [name, value] : items) {
        const bool isNumber
            = (name == "revenue" || name == "quantity") && platforms::isJsonNumber(value);
        action.set(name, isNumber ? Json::number(value) : Json::string(value));
    }
    return action;
}

} // namespace

std::string TaboolaModel::accountOf(const http::ServerRequest&, std::string_view path) const
{
    // A single postback names no account: the click id stands for it.
    return std::string(bulkAccountOf(path).value_or(path == kSinglePath ? kSingle : "?"));
}

bool TaboolaModel::take(Call& call, const Json& action, bool isBulk) const
{
    ++call.account.stats.records;
    if (const auto broken = checkTaboolaAction(action, isBulk, call.now.wall)) {
        violation(call, *broken);
        return false;
    }
    const std::string id = memberText(action, "orderid");
    const std::string name = memberText(action, "name");
    if (isRefusedByScenario(call, id, name, call.mishap.badPerMille))
        return false;
    accept(call, { .id = id, .name = name, .eventTime = memberText(action, "timestamp") });
    return true;
}

http::ServerResponse TaboolaModel::processBulk(Call& call)
{
    if (const auto untilFree = takeFromWindows(call, 1, kBulk))
        return refuseThrottled(call, *untilFree);
    const auto body = parseJson(call.request.body);
    const Json* const actions = body ? body->find("actions") : nullptr;
    if (actions == nullptr || !actions->isArray() || actions->items().size() > kActionsMax) {
        violation(call, body ? "actions must be a list of at most 1,000" : body.error().message);
        return emptyReply(400);
    }
    for (const Json& action : actions->items()) {
        if (!take(call, action, true))
            ++call.account.stats.lost;
    }
    return emptyReply(204);
}

http::ServerResponse TaboolaModel::processSingle(Call& call)
{
    if (const auto untilFree = takeFromWindows(call, 1, kSingle))
        return refuseThrottled(call, *untilFree);
    const auto items = call.request.queryItems();
    if (!items) {
        violation(call, items.error().message);
        return emptyReply(400);
    }
    return emptyReply(take(call, actionOf(*items), false) ? 204 : 400);
}

http::ServerResponse TaboolaModel::process(Call& call)
{
    const std::string& method = call.request.method;
    const auto account = bulkAccountOf(call.path);
    if (account && isKnownAccount(*account) && method == "POST")
        return processBulk(call);
    if (call.path == kSinglePath && (method == "GET" || method == "POST"))
        return processSingle(call);
    violation(call, "no such address: " + std::string(call.path));
    return emptyReply(404);
}

http::ServerResponse TaboolaModel::unavailable(Call&) const { return emptyReply(503); }

// There is no credential that could be refused; a closed door looks like this.
http::ServerResponse TaboolaModel::unauthorized(Call&) const { return emptyReply(403); }

http::ServerResponse TaboolaModel::throttled(Call&, Millis) const { return emptyReply(429); }

http::ServerResponse TaboolaModel::scripted(Call&, const ScriptedAnswer& answer) const
{
    http::ServerResponse reply = emptyReply(answer.status == 0 ? 400 : answer.status);
    reply.body = answer.message;
    return reply;
}

} // namespace engine::simulator
