// The filter line of the overview: bare words match the shard, `state: dest: flag:` match exactly
// what they name, `lag>60s depth>1k err>=2 …` compare. All conditions must hold. Pure.
#pragma once

#include <engine/snapshot.h>

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace ui {

class ShardFilter {
public:
    enum class Field { Lag, Depth, Error, Latency, Dlq, DlqGrowth, Throttle, In, Out };
    enum class Relation { Less, LessOrEqual, Equal, GreaterOrEqual, Greater };
    enum class Flag { Expiring, Tuned, Orphaned };

    [[nodiscard]] bool matches(const engine::ShardSnapshot& shard) const;
    [[nodiscard]] bool isEmpty() const;

private:
    friend class ShardFilterParser;
    struct Comparison {
        Field field { Field::Lag };
        Relation relation { Relation::Greater };
        double value { 0 }; // seconds, count, percent, ms or per second: the field's own unit
    };
    QStringList m_words; // lower case
    QStringList m_destinations; // lower case, any of them
    std::vector<engine::ShardState> m_states; // any of them
    std::vector<Flag> m_flags;
    std::vector<Comparison> m_comparisons;
};

struct ShardFilterParse {
    ShardFilter filter {}; // empty when there is an error: bad text never empties the table
    QString error {}; // one sentence; empty when the text is good
    qsizetype errorAt { 0 }; // where the bad word begins
};
[[nodiscard]] ShardFilterParse parseShardFilter(const QString& text);

} // namespace ui
