// What the ingress port says: POST /v1/events and GET /healthz, without the sockets.
//
//   POST /v1/events[?partial=1]   Authorization: Bearer <write key of a workspace>
//     application/json: one event or an array; application/x-ndjson: one a line
//     Idempotency-Key (optional): events without event_id get ids derived from it
//     202 {"accepted","duplicates","ids"} after the commit that holds them, and only then
//     400 no JSON · 401 key · 413 too many events · 415 media type, content coding
//     422 {"error","errors":[{index,field,reason}]}: nothing accepted (partial=1: the others were)
//     429 + Retry-After: over the tier of a workspace whose policy is reject · 503 + Retry-After:
//     nothing could be committed, or too much is waiting to be
//   GET /healthz   200 while the store can commit, else 503
#pragma once

#include "core/clock.h"
#include "core/config.h"
#include "core/event.h"
#include "http/server.h"
#include "ingress/event_id.h"
#include "ingress/router.h"
#include "ingress/workspace_state.h"

#include <engine/result.h>
#include <engine/snapshot.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace engine::ingress {

// Everything from outside. The references and functions must outlive the API.
struct IngressPorts {
    EventSink* sink { nullptr };
    const Clock* clock { nullptr };
    PlatformPort platforms {};
    std::function<Result<std::string>(const SecretRef&)> readSecret {};
    std::function<Status()> health {}; // any thread, at once: can the store commit?
    // Accepted events of a workspace in a UTC month (202611), from the store; asked when a
    // workspace first appears. May be empty: from 0.
    std::function<std::int64_t(const std::string& workspace, int month)> monthAccepted {};
    // Workspaces with deferred events, and when the last of each is released, at start: what comes
    // now waits behind them, at the tier's rate.
    std::map<std::string, WallTime> deferredUntil {};
    RandomBits random { systemRandom() };
    std::vector<ShardId> knownShards {}; // with derived accounts, at start
    std::function<std::vector<ShardId>()> liveShards {}; // not retired; any thread
    int batchesMax { 1'024 }; // handed to the sink and not yet answered; more get 503
};

class EventApi {
public:
    EventApi(IngressPorts ports, std::shared_ptr<const Config> config);
    EventApi(const EventApi&) = delete;
    EventApi& operator=(const EventApi&) = delete;

    // The server's thread. Answers come from there (refusals) or from the sink's thread.
    [[nodiscard]] std::optional<http::ServerResponse> precheck(const http::ServerRequest& request);
    void handle(const http::ServerRequest& request, http::Respond respond);

    // A new configuration for the requests from now on; those under way end under the old one.
    // Reads the write keys again. Returns what an operator should know: keys that cannot be read,
    // keys that two workspaces share. From one thread at a time, not necessarily the server's.
    [[nodiscard]] std::vector<std::string> reload(std::shared_ptr<const Config> config);

    // Per workspace in the order of the configuration, and one with an empty name for requests of
    // nobody. Always from the same thread.
    [[nodiscard]] std::vector<IngressSnapshot> snapshot();

private:
    struct Workspace;
    struct Running; // one configuration in force
    struct Call; // what every request needs to know about itself
    struct Batch; // valid events before routing
    struct Awaited; // from the sink until its answer

    [[nodiscard]] std::shared_ptr<WorkspaceState> newState(
        const WorkspaceConfig& workspace, WallTime now) const;
    [[nodiscard]] Result<Call> begin(const http::ServerRequest& request) const;
    [[nodiscard]] http::ServerResponse refusalOf(const Error& error) const;
    void accept(const Call& call, const http::ServerRequest& request, http::Respond respond);
    void submit(const Call& call, Batch batch, std::unique_ptr<Awaited> awaited);
    void answerHealth(const http::ServerRequest& request, const http::Respond& respond) const;

    IngressPorts m_ports;
    std::atomic<std::shared_ptr<const Running>> m_running {};
    std::shared_ptr<std::atomic<int>> m_awaited { std::make_shared<std::atomic<int>>(0) };
    std::shared_ptr<StatusCounts> m_unattributed { std::make_shared<StatusCounts>() };
    KnownAccounts m_accounts {}; // server's thread
    std::map<std::string, RateMeter> m_meters {}; // snapshot's thread
};

} // namespace engine::ingress
