#include "shard/range_question.h"

namespace ui {

bool RangeQuestion::isDue(
    const engine::ShardId& shard, const TimeRange& range, engine::SteadyTime now) const
{
    if (m_isAsking)
        return false;
    if (isNews(shard))
        return true;
    return m_isLive ? now - m_last->at >= kAskAgain : m_last->range != range;
}

bool RangeQuestion::isNews(const engine::ShardId& shard) const
{
    return !m_last || m_last->shard != shard;
}

void RangeQuestion::ask(
    const engine::ShardId& shard, const TimeRange& range, engine::SteadyTime now)
{
    m_last = { shard, range, now };
    m_isAsking = true;
}

void RangeQuestion::setLive(bool isLive)
{
    m_isLive = isLive;
    forget();
}

} // namespace ui
