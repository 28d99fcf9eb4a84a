// The first line of the shard page: which shard, and what is the matter with it. GUI thread only.
#pragma once

#include <engine/snapshot.h>

#include <QWidget>

#include <optional>

class QComboBox;
class QLabel;

namespace ui {

class Theme;

class ShardHeader final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShardHeader)
public:
    ShardHeader(const Theme& theme, QWidget* parent);

    // Shards in their own order, not the worst first: a list that is opened must not move. Whole
    // destinations follow.
    void setShards(const engine::EngineSnapshot& snapshot);
    void choose(const engine::ShardId& shard);
    // `shard` may be null: it is not in the newest sample.
    void showShard(const engine::ShardSnapshot* shard, engine::WallTime takenAt);
    void setStale(bool isStale); // an old state must not look like a present one
    [[nodiscard]] std::optional<engine::ShardId> first() const;

Q_SIGNALS:
    void shardChosen(const engine::ShardId& shard);

private:
    [[nodiscard]] QString sentence(
        const engine::ShardSnapshot& shard, engine::WallTime takenAt) const;

    const Theme& m_theme;
    QComboBox* m_picker;
    QLabel* m_title;
    QLabel* m_shape;
    QLabel* m_state;
    std::optional<engine::ShardId> m_shard;
};

} // namespace ui
