// The control API: JSON in and out of the engine's face, without the sockets. Nothing is decided
// here.
//
//   Authorization: Bearer <control.key>; /metrics takes control.metrics_key too; /healthz is open.
//   Refusals: {"error":{"code","message","field"}}. Unknown fields and parameters are refused.
//   Times are ISO 8601 with zone, durations "90s", "15m", targets "DEST" or "DEST/ACCOUNT".
//
//   GET  /v1/status[?destination=&account=]  the snapshot (status_json.h)
//   POST /v1/pause              {"targets":[],"mode":"paused"|"retries_paused","until"|"for",
//                                "reason"}
//   POST /v1/resume             {"targets":[],"reason"}
//   POST /v1/tune               {"targets":[],"concurrency","rate","batch","reset","for",
//                                "above_ceiling","reason"}
//   POST /v1/tune/keep | revert {"targets":[],"reason"}   ends a trial
//   POST /v1/probe              {"target","reason"}
//   GET  /v1/thresholds         {"thresholds":[{"name","value","configured","default","range"}]}
//   POST /v1/thresholds         {"values":{"name":value},"reset":["name"],"reason"}
//   GET  /v1/audit/{id}/revert  {"is_possible","why_not","what"}: can the entry be taken back
//   POST /v1/audit/{id}/revert  {"reason"}: takes it back, exactly to what was before it
//   POST /v1/sale               {"mode":"on"|"off"|"auto","until"|"for","reason"}
//   GET  /v1/dlq                filters (requests.h), limit, after, order → {"entries","next"};
//                               payloads=1: with "payload_text", and pages may be short
//   GET  /v1/dlq/{id}           everything of one entry
//   GET  /v1/dlq/groups         filters → {"groups"}, by fingerprint
//   POST /v1/dlq/archive        {"selection"} or {"filter":{}}, "reason"
//   POST /v1/dlq/restore        the same; the filter is about archived entries
//   POST /v1/dlq/purge          the same; for good, and only what was archived seven days ago
//   POST /v1/dlq/groups/status  {"fingerprint","status","note"}
//   POST /v1/dlq/orphans        {"destination","reason"}: what waits without a configuration
//   GET  /v1/events             id… → {"events","missing","kept_since"}: what became of them
//   POST /v1/replay/preview     {"filter":{},"include_delivered"} → counts and a frozen "selection"
//   POST /v1/replay             {"selection","share","rate","ramp","include_unknown",
//                                "include_same_error","reason"} → "job"
//   GET  /v1/replay             {"jobs"}, newest first     GET /v1/replay/{id}   one of them
//   POST /v1/replay/{id}/pause | resume | cancel   {"reason"}
//   POST /v1/replay/{id}/pace   {"share" or "rate","reason"}
//   GET  /v1/replay/{id}/report {"job","preview"}: what was chosen and what became of it
//   GET  /v1/audit              limit, before → {"entries","next"}, newest first
//   POST /v1/config/reload      {"reason"}
//   GET  /v1/config/overrides   live overrides as TOML
//   GET  /metrics[?destination=]  Prometheus text          GET /healthz   200 while the store can
//   commit
//
//   Commands answer {"id","message","before","after","audit","job","count"} when they were done.
#pragma once

#include "core/clock.h"
#include "core/json.h"
#include "http/secret.h"
#include "http/server.h"

#include <engine/engine_port.h>
#include <engine/result.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace engine::control {

// Must outlive the API.
struct ControlPorts {
    EnginePort* engine { nullptr };
    const Clock* clock { nullptr };
    std::function<std::string(const EngineSnapshot&)> metricsText {}; // any thread
    std::function<Status()> health {}; // any thread, at once: can the store commit?
};

// An empty one opens nothing.
struct ControlKeys {
    std::string control {};
    std::string metrics {};
};

class ControlApi {
public:
    ControlApi(ControlPorts ports, const ControlKeys& keys);
    ControlApi(const ControlApi&) = delete;
    ControlApi& operator=(const ControlApi&) = delete;

    void setKeys(const ControlKeys& keys); // any thread; for the requests from now on

    // The server's thread; answers come from there or from the engine's.
    [[nodiscard]] std::optional<http::ServerResponse> precheck(
        const http::ServerRequest& request) const;
    void handle(const http::ServerRequest& request, const http::Respond& respond) const;

private:
    struct Digests;
    struct Call;
    struct Route;
    using Handler = void (ControlApi::*)(const Call&) const;
    [[nodiscard]] static const std::vector<Route>& routes();
    [[nodiscard]] bool isAllowed(const http::ServerRequest& request) const;
    void submit(const Call& call, Result<Command> command) const;
    // What a command does with the selection that a body names, or that its filter makes.
    using SelectionCommand = std::function<Command(SelectionId selection, std::string reason)>;
    void withSelection(
        const Call& call, bool isAboutArchive, const SelectionCommand& command) const;
    [[nodiscard]] std::optional<Error> nobodyOf(const DeadLetterFilter& filter) const;
    void withJob(const Call& call, const std::function<void(const ReplayJobSnapshot&)>& use) const;
    void controlReplay(const Call& call, ReplayControlCommand::Action action) const;

    void getStatus(const Call& call) const;
    void pause(const Call& call) const;
    void resume(const Call& call) const;
    void tune(const Call& call) const;
    void getThresholds(const Call& call) const;
    void setThresholds(const Call& call) const;
    void checkRevert(const Call& call) const;
    void revertEntry(const Call& call) const;
    void keepTrial(const Call& call) const;
    void revertTrial(const Call& call) const;
    void probe(const Call& call) const;
    void switchSale(const Call& call) const;
    void listDeadLetters(const Call& call) const;
    void getDeadLetter(const Call& call) const;
    void groupDeadLetters(const Call& call) const;
    void archive(const Call& call) const;
    void restore(const Call& call) const;
    void purge(const Call& call) const;
    void setGroupStatus(const Call& call) const;
    void shapeGroups(const Call& call) const;
    void moveOrphans(const Call& call) const;
    void lookUpEvents(const Call& call) const;
    void setReplayPace(const Call& call) const;
    void reportReplay(const Call& call) const;
    void previewReplay(const Call& call) const;
    void startReplay(const Call& call) const;
    void listReplays(const Call& call) const;
    void getReplay(const Call& call) const;
    void pauseReplay(const Call& call) const;
    void resumeReplay(const Call& call) const;
    void cancelReplay(const Call& call) const;
    void listAudit(const Call& call) const;
    void reloadConfig(const Call& call) const;
    void getOverrides(const Call& call) const;
    void getMetrics(const Call& call) const;
    void getHealth(const Call& call) const;

    ControlPorts m_ports;
    std::atomic<std::shared_ptr<const Digests>> m_digests {};
};

} // namespace engine::control
