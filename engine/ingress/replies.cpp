#include "ingress/replies.h"

#include "core/json.h"

#include <algorithm>

namespace engine::ingress {
namespace {

std::string pathOf(const ItemProblem& problem, bool isList)
{
    const std::string& field = problem.problem.field;
    if (!isList)
        return field;
    const std::string item = '[' + std::to_string(problem.index) + ']';
    return field.empty() ? item : item + '.' + field;
}

Json toJson(const std::vector<ItemProblem>& problems)
{
    Json list = Json::array();
    for (const auto& [index, problem] : problems) {
        Json entry = Json::object();
        entry.set("index", Json::number(static_cast<std::int64_t>(index)));
        entry.set("field", Json::string(problem.field));
        entry.set("reason", Json::string(problem.reason));
        list.push(std::move(entry));
    }
    return list;
}

// Problems are in order of index, several per item possible.
std::size_t itemsIn(const std::vector<ItemProblem>& problems)
{
    std::size_t count = 0;
    for (std::size_t i = 0; i < problems.size(); ++i)
        count += i == 0 || problems[i].index != problems[i - 1].index ? 1 : 0;
    return count;
}

} // namespace

// Written by hand and not as a tree: this is the answer to every accepted request.
http::ServerResponse acceptedReply(const AcceptedReply& reply)
{
    const auto accepted = std::count_if(reply.items.begin(), reply.items.end(),
        [](const AcceptedItem& item) { return item.kind == AcceptKind::New; });
    http::ServerResponse response;
    response.status = 202;
    std::string& out = response.body;
    out.reserve(64 + reply.ids.size() * 40);
    out += "{\"accepted\":" + std::to_string(accepted) + ",\"duplicates\":"
        + std::to_string(static_cast<std::ptrdiff_t>(reply.items.size()) - accepted) + ",\"ids\":[";
    const std::size_t total = reply.ids.size() + itemsIn(reply.problems);
    auto id = reply.ids.begin();
    auto problem = reply.problems.begin();
    for (std::size_t index = 0; index < total; ++index) {
        if (index > 0)
            out += ',';
        if (problem != reply.problems.end() && problem->index == index) {
            out += "null";
            while (problem != reply.problems.end() && problem->index == index)
                ++problem;
        } else {
            Json::string(*id++).dumpTo(out);
        }
    }
    out += ']';
    if (!reply.problems.empty()) {
        out += ",\"errors\":";
        toJson(reply.problems).dumpTo(out);
    }
    out += '}';
    return response;
}

http::ServerResponse invalidReply(const InvalidReply& reply)
{
    const ItemProblem& first = reply.problems.front();
    const std::string field = pathOf(first, reply.isList);
    std::string message
        = (field.empty() ? std::string("The event") : field) + ' ' + first.problem.reason + '.';
    if (reply.isList)
        message += ' ' + std::to_string(itemsIn(reply.problems)) + " of "
            + std::to_string(reply.items) + " events are not valid; none was accepted.";
    Json error = Json::object();
    error.set("code", Json::string("invalid_event"));
    error.set("message", Json::string(std::move(message)));
    error.set("field", Json::string(field));
    Json body = Json::object();
    body.set("error", std::move(error));
    body.set("errors", toJson(reply.problems));
    http::ServerResponse response;
    response.status = 422;
    response.body = body.dump();
    return response;
}

} // namespace engine::ingress
