// When a question about a shard in the range of its charts is asked, and asked again. Pure.
#pragma once

#include "charts/timeline.h"

#include <optional>

namespace ui {

// At most every 10 s while the range moves, once for a range that stands, at once for another
// shard; and the next question only after the last answer.
class RangeQuestion {
public:
    static constexpr engine::Seconds kAskAgain { 10 };

    [[nodiscard]] bool isDue(
        const engine::ShardId& shard, const TimeRange& range, engine::SteadyTime now) const;
    // Nothing of this shard has been asked: what is shown is another one's.
    [[nodiscard]] bool isNews(const engine::ShardId& shard) const;
    void ask(const engine::ShardId& shard, const TimeRange& range, engine::SteadyTime now);
    void answered() { m_isAsking = false; }
    void forget() { m_last.reset(); } // the next occasion is one
    void setLive(bool isLive); // the range moves: it is another one with every sample

private:
    struct Asked {
        engine::ShardId shard {};
        TimeRange range {};
        engine::SteadyTime at {};
    };
    std::optional<Asked> m_last {};
    bool m_isAsking { false };
    bool m_isLive { true };
};

} // namespace ui
