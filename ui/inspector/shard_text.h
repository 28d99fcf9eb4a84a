// What the inspector says about a shard in whole sentences. Pure.
#pragma once

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <QString>
#include <QStringList>

#include <vector>

namespace ui {

// Why deliveries of this shard wait, one sentence per gate that holds it; never empty.
[[nodiscard]] QStringList holdSentences(const engine::ShardSnapshot& shard, engine::WallTime now);

// "Trial 8:12", "Tuned", "Not in the configuration", "Replay", "First event refused in 5h 10m".
[[nodiscard]] QStringList flagTexts(const engine::ShardSnapshot& shard, engine::WallTime now);

// May one delivery be sent past the holds to see whether the platform takes it again?
[[nodiscard]] bool canProbe(const engine::ShardSnapshot& shard);

// What pausing means, in numbers, before it is done. `wait`: how long, when that is set.
struct PausePlan {
    engine::Desired mode { engine::Desired::Paused };
    std::optional<engine::Millis> wait {};
};
[[nodiscard]] QString pauseConsequence(
    const std::vector<engine::ShardSnapshot>& shards, const PausePlan& plan);

// What resuming means: how much waits and how fast it will go.
[[nodiscard]] QString resumeConsequence(const std::vector<engine::ShardSnapshot>& shards);
[[nodiscard]] std::int64_t waitingOf(const std::vector<engine::ShardSnapshot>& shards);

// "meta · 1048…7731", "3 shards of meta", "16 shards", "5 destinations".
[[nodiscard]] QString scopeName(const std::vector<engine::ShardId>& shards);

} // namespace ui
