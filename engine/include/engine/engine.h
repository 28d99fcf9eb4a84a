// The engine itself: a durable queue, its paced delivery, and everything that watches them, in this
// process.
#pragma once

#include <engine/engine_port.h>
#include <engine/simulation_play.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

class QThread;

namespace engine {

class Host;

struct EngineOptions {
    std::string
        configPath {}; // empty: the built-in simulator profile, which leaves this machine never
    std::string dataDirectory {}; // made when missing, its owner's alone; one process at a time
    SimulationPlay simulation {}; // simulator profile only
    Millis drain { 10'000 }; // how long stop() lets requests in flight finish
};

// Owns every thread of the engine: ingress, store, delivery, readers and the one that publishes
// snapshots. Lives in the caller's thread. start() and stop() block (start: recovery of the store,
// at most about a second for a million waiting deliveries; stop: at most `drain` and some commits).
// Everything else follows EnginePort.
class Engine final : public EnginePort {
    Q_OBJECT
public:
    explicit Engine(EngineOptions options, QObject* parent = nullptr);
    ~Engine() override; // stop()

    // The error says what and where: a refused configuration (all findings in `detail`, a line
    // each), a data directory that another process holds, a port that is taken.
    [[nodiscard]] Status start();
    void stop(); // stops taking, lets what is in flight finish for a bounded time, commits, joins;
                 // idempotent

    [[nodiscard]] SnapshotPtr snapshot() const override;
    void submit(Command command, std::function<void(CommandResult)> reply) override;
    void deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply) override;
    void deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply) override;
    void deadLetterGroups(
        DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply) override;
    void preview(
        SelectionRequest request, Reply<ReplayPreview> reply, Counted counted = {}) override;
    void selection(SelectionId id, Reply<ReplayPreview> reply) override;
    void selectionItems(SelectionItemsQuery query, Reply<SelectionItemsPage> reply) override;
    void replaySamples(SelectionId id, Reply<std::vector<ReplaySample>> reply) override;
    void requests(RequestsQuery query, Reply<RequestsPage> reply) override;
    void events(EventQuery query, Reply<EventPage> reply) override;
    void audit(AuditQuery query, Reply<AuditPage> reply) override;
    void checkRevert(AuditId entry, Reply<RevertCheck> reply) override;
    void history(HistoryQuery query, Reply<HistoryPage> reply) override;
    void past(PastQuery query, Reply<PastPage> reply) override;
    void forecast(ForecastQuery query, Reply<Forecast> reply) override;
    void exportOverrides(Reply<std::string> reply) override;

    // Simulator profile only; elsewhere nothing happens.
    [[nodiscard]] static std::vector<std::string> stories();
    void play(const SimulationPlay& play);

private:
    // A host that is there and running, or nothing.
    [[nodiscard]] Host* host() const;

    EngineOptions m_options;
    std::atomic<SnapshotPtr> m_snapshot;
    std::unique_ptr<QThread> m_thread;
    std::shared_ptr<Host> m_host; // shared with answers that are on their way
};

} // namespace engine
