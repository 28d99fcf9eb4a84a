#include "simulator/outbrain_model.h"

#include "simulator/outbrain_rules.h"

namespace engine::simulator {
namespace {

http::ServerResponse emptyReply(int status)
{
    http::ServerResponse reply;
    reply.status = status;
    return reply;
}

} // namespace

// A conversion names no marketer: the click id stands for it.
std::string OutbrainModel::accountOf(const http::ServerRequest&, std::string_view) const
{
    return "marketer";
}

http::ServerResponse OutbrainModel::process(Call& call)
{
    const auto items = call.request.queryItems();
    if (call.path != "/unifiedPixel" || call.request.method != "GET") {
        violation(call, "no such address: " + std::string(call.path));
        return emptyReply(404);
    }
    if (const auto untilFree = takeFromWindows(call, 1))
        return refuseThrottled(call, *untilFree);
    ++call.account.stats.records;
    const OutbrainCheck check
        = items ? checkOutbrain(*items) : OutbrainCheck { .isReadable = false, .fault = "%xx" };
    if (!check.fault.empty())
        violation(call, check.fault);
    if (!check.isReadable)
        return emptyReply(400);
    const auto text = [&](std::string_view name) { return call.request.query(name).value_or(""); };
    const bool isRefused
        = isRefusedByScenario(call, text("orderId"), text("name"), call.mishap.badPerMille);
    if (isRefused || !check.fault.empty())
        ++call.account.stats.lost;
    else
        accept(
            call, { .id = text("orderId"), .name = text("name"), .eventTime = text("timestamp") });
    return emptyReply(200);
}

http::ServerResponse OutbrainModel::unavailable(Call&) const { return emptyReply(503); }

// There is no credential that could be refused; a closed door looks like this.
http::ServerResponse OutbrainModel::unauthorized(Call&) const { return emptyReply(403); }

http::ServerResponse OutbrainModel::throttled(Call&, Millis untilFree) const
{
    http::ServerResponse reply = emptyReply(429);
    reply.headers.emplace_back("rate-limit-msec-left", std::to_string(untilFree.count()));
    return reply;
}

http::ServerResponse OutbrainModel::scripted(Call&, const ScriptedAnswer& answer) const
{
    http::ServerResponse reply = emptyReply(answer.status == 0 ? 400 : answer.status);
    reply.body = answer.message;
    return reply;
}

} // namespace engine::simulator
