// An engine for the window: deterministic from a seed and a scenario name, without threads, store
// or network. Time moves only by advance(). Commands change the state, so that a test or a preview
// sees the effect. Replies always come later, through the event loop, as from the real engine.
#pragma once

#include "support/fake_dead_letters.h"
#include "support/fake_shards.h"

#include <engine/engine_port.h>

#include <deque>
#include <map>

namespace engine::testing {

struct FakeEngineOptions {
    // "calm", "ramp" (sale ramp: traffic ×10 and one throttled pixel), "trouble" (every state at
    // least once), "empty" (no destinations).
    std::string scenario { "trouble" };
    std::uint32_t seed { 7 };
    int shards { 16 };
    std::int64_t deadLetters { 4'812 }; // 0…1,000,000
    std::string profileKind { "simulator" }; // live | practice | simulator
    SafetyLevel safety { SafetyLevel::Standard };
    bool isAboveCeilingAllowed { true };
    WallTime startedAt { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
        + std::chrono::hours { 13 } + std::chrono::minutes { 7 } };
};

class FakeEngine final : public EnginePort {
    Q_OBJECT
public:
    explicit FakeEngine(FakeEngineOptions options = {}, QObject* parent = nullptr);

    // What a reload of the configuration changes.
    void setSafety(SafetyLevel safety);
    [[nodiscard]] const std::vector<ForecastQuery>& forecasts() const { return m_forecasts; }
    [[nodiscard]] const std::vector<AuditRow>& auditRows() const { return m_audit; }

    // Moves time by whole seconds, one step each, and publishes one snapshot at the end.
    void advance(Seconds by);
    [[nodiscard]] WallTime now() const { return m_now; }

    // What a test wants to see or force.
    [[nodiscard]] const std::vector<Command>& commands() const { return m_commands; }
    [[nodiscard]] int questions() const { return m_questions; } // pages, details, previews asked
    void holdReplies(bool isHeld); // held ones are delivered, in order, when let go
    void failNext(ErrorCode code); // the next question or command fails with it
    [[nodiscard]] FakeDeadLetters& store() { return m_deadLetters; }

    SnapshotPtr snapshot() const override { return m_snapshot; }
    void submit(Command command, std::function<void(CommandResult)> reply) override;
    void deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply) override;
    void deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply) override;
    void deadLetterGroups(
        DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply) override;
    // Held replies are those of a slow count: half of what matches is told meanwhile.
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
    void past(PastQuery query, Reply<PastPage> reply) override; // the minutes, counted
    void forecast(ForecastQuery query, Reply<Forecast> reply) override;
    void exportOverrides(Reply<std::string> reply) override;

private:
    struct Job {
        ReplayJobSnapshot snapshot {};
        std::vector<DeadLetterId> left {};
        std::int64_t lettersAtCutoff { 0 };
    };
    void publish();
    void stepJobs();
    [[nodiscard]] EventTrace traceOf(const DeadLetterRow& row) const;
    void endTrials();
    void addAudit(const Command& command, const CommandResult& result);
    void post(std::function<void()> reply);
    [[nodiscard]] std::optional<Error> takeFailure();
    template <class T>
    void answer(Reply<T> reply, T value)
    {
        ++m_questions;
        if (auto error = takeFailure()) {
            post([reply = std::move(reply), failure = *error] {
                reply(tl::unexpected<Error>(failure));
            });
            return;
        }
        post([reply = std::move(reply), value = std::move(value)] { reply(value); });
    }

    [[nodiscard]] CommandResult apply(const Command& command);
    [[nodiscard]] CommandResult run(const PauseCommand& command);
    [[nodiscard]] CommandResult run(const ResumeCommand& command);
    [[nodiscard]] CommandResult run(const TuneCommand& command);
    [[nodiscard]] CommandResult run(const TrialCommand& command);
    [[nodiscard]] CommandResult run(const ProbeCommand& command);
    [[nodiscard]] CommandResult run(const ArchiveCommand& command);
    [[nodiscard]] CommandResult run(const ReplayCommand& command);
    [[nodiscard]] CommandResult run(const ReplayControlCommand& command);
    [[nodiscard]] CommandResult run(const ReplayPaceCommand& command);
    [[nodiscard]] CommandResult run(const PurgeCommand& command);
    [[nodiscard]] CommandResult run(const GroupStatusCommand& command);
    [[nodiscard]] CommandResult run(const GroupShapeCommand& command);
    [[nodiscard]] CommandResult run(const MoveOrphansCommand& command);
    [[nodiscard]] CommandResult run(const SaleCommand& command);
    [[nodiscard]] CommandResult run(const ReloadCommand& command);
    [[nodiscard]] CommandResult run(const ThresholdsCommand& command);
    [[nodiscard]] CommandResult run(const RevertCommand& command);
    [[nodiscard]] CommandResult run(const NoteCommand& command);
    [[nodiscard]] RevertCheck revertCheck(AuditId entry) const;
    void note(Annotation::Kind kind, const ShardId& shard, std::string text);

    FakeEngineOptions m_options;
    WallTime m_now;
    FakeShards m_shards;
    FakeDeadLetters m_deadLetters;
    SnapshotPtr m_snapshot;
    std::uint64_t m_number { 0 };
    std::vector<Command> m_commands;
    std::vector<ForecastQuery> m_forecasts;
    int m_questions { 0 };
    bool m_isHeld { false };
    std::deque<std::function<void()>> m_heldReplies;
    std::optional<ErrorCode> m_nextFailure;
    std::vector<AuditRow> m_audit; // oldest first
    Thresholds m_thresholds;
    std::vector<Annotation> m_annotations;
    SaleMode m_sale;
    std::map<SelectionId, std::vector<DeadLetterId>> m_selections;
    std::map<SelectionId, ReplayPreview> m_previews;
    std::map<std::pair<SelectionId, PreviewPart>, std::vector<DeadLetterId>> m_parts;
    std::vector<Job> m_jobs; // oldest first
    std::int64_t m_nextSelection { 118 };
    std::int64_t m_nextCommand { 1 };
};

} // namespace engine::testing
