#include "charts/state_story.h"

#include "theme/theme.h"

#include <algorithm>

namespace ui {

void StateStory::take(const engine::EngineSnapshot& snapshot)
{
    for (const auto& shard : snapshot.shards) {
        const auto [known, isFirst] = m_now.try_emplace(shard.shard, shard.state);
        const auto before = known->second;
        known->second = shard.state;
        const bool isNews = isFirst
            ? needsAttention(shard.state)
            : before != shard.state && (needsAttention(shard.state) || needsAttention(before));
        if (isNews)
            m_changes.push_back({ shard.stateSince, shard.shard, shard.state, statusOf(shard) });
    }
    std::stable_sort(m_changes.begin(), m_changes.end(),
        [](const StateChange& a, const StateChange& b) { return a.at < b.at; });
    while (m_changes.size() > kChangesMax)
        m_changes.pop_front();
}

} // namespace ui
