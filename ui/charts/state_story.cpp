#include "charts/state_story.h"

#include "theme/theme.h"

#include <algorithm>
#include <utility>

namespace ui {

void StateStory::take(const engine::EngineSnapshot& snapshot)
{
    const auto then = std::exchange(m_now, {});
    for (const auto& shard : snapshot.shards) {
        m_now.emplace(shard.shard, shard.state);
        const auto known = then.find(shard.shard);
        const bool isFirst = known == then.end();
        const auto before = isFirst ? shard.state : known->second;
        const bool isNews = isFirst
            ? needsAttention(shard.state)
            : before != shard.state && (needsAttention(shard.state) || needsAttention(before));
        if (!isNews)
            continue;
        const StateChange change { shard.stateSince, shard.shard, shard.state, statusOf(shard) };
        if (std::find(m_changes.begin(), m_changes.end(), change) == m_changes.end())
            m_changes.push_back(change);
    }
    std::stable_sort(m_changes.begin(), m_changes.end(),
        [](const StateChange& a, const StateChange& b) { return a.at < b.at; });
    while (m_changes.size() > kChangesMax)
        m_changes.pop_front();
}

} // namespace ui
