// The shards of the fake engine: a small queueing model per shard, one step a second, with a fault
// each. All values follow from the seed, so that two runs draw the same pixels.
#pragma once

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace engine::testing {

enum class Fault {
    None,
    Failing,
    Auth,
    Tripped,
    Throttled,
    Degraded,
    Backlogged,
    Recovering,
    Paused,
    Draining,
    RetriesPaused,
    Idle,
    NoData,
};

class FakeShards {
public:
    struct Options {
        std::string scenario {};
        std::uint32_t seed { 7 };
        int shards { 16 };
    };
    // Runs 15 minutes of history, so that charts are full from the first moment.
    FakeShards(const Options& options, WallTime now);

    void step(WallTime now); // one second

    [[nodiscard]] const std::vector<ShardSnapshot>& shards() const { return m_snapshots; }
    [[nodiscard]] std::vector<DestinationSnapshot> destinations() const;
    [[nodiscard]] HistorySeries history(const ShardId& shard, HistorySpan span) const;
    // Every shard that the targets cover; a target without account covers its destination.
    [[nodiscard]] std::vector<std::size_t> covered(const std::vector<ShardId>& targets) const;

    void pause(std::size_t index, const PauseCommand& command);
    void resume(std::size_t index);
    void tune(std::size_t index, const TuneCommand& command, const std::string& who, WallTime now);
    void endTrial(std::size_t index, TrialCommand::Action action);
    void probe(std::size_t index);
    void setDeadLetters(std::size_t index, std::int64_t count, std::string topFingerprint);

private:
    static constexpr int kRing = 900;
    struct Model {
        Fault fault { Fault::None };
        int faultFrom { 0 }; // step at which the fault sets in
        double inBase { 100 };
        double latencyBaseMs { 200 };
        double batchSize { 50 };
        double lagSeconds { 0 };
        double depth { 0 };
        double startDepth { 0 };
        std::array<std::vector<float>, kMetrics> rings {};
    };
    void build(const Options& options, WallTime now);
    void fillQueue(Model& model) const;
    void applyFault(Model& model, ShardSnapshot& shard, double& out, double in);
    static void set(TuningValue& value, std::optional<double> wanted, bool isReset);
    void stepShard(std::size_t index, WallTime now);
    void record(std::size_t index);
    [[nodiscard]] double noise(std::size_t shard, int channel, double every) const;
    [[nodiscard]] double trafficFactor() const;

    std::uint32_t m_seed;
    std::string m_scenario;
    int m_step { -kRing };
    std::vector<ShardSnapshot> m_snapshots; // ordered by ShardId
    std::vector<Model> m_models;
};

} // namespace engine::testing
