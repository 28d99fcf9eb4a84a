// How many records a request may carry after the platform refused a whole batch: what passed last,
// doubled after ten clean batches. So a schema that broke costs little, and one bad record in a
// million does not cost the batching.
//
// Pure; the delivery thread's, one per shard.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

namespace engine::delivery {

class BatchSizer {
public:
    static constexpr int kCleanBatches = 10;

    // The learned cap; absent: none.
    [[nodiscard]] std::optional<std::int64_t> cap() const { return m_cap; }
    [[nodiscard]] std::int64_t cut(std::int64_t wanted) const
    {
        return m_cap ? std::min(wanted, *m_cap) : wanted;
    }

    // A batch was refused whole, or called too large. One record alone teaches nothing.
    void refused(std::int64_t records)
    {
        if (records <= 1)
            return;
        m_clean = 0;
        const std::int64_t half = std::max<std::int64_t>(records / 2, 1);
        m_cap = m_cap ? std::min(*m_cap, half) : half;
    }

    // A batch was taken. A part of a bisection that passes shows that this many go.
    void passed(std::int64_t records, bool isBisection, std::int64_t configured)
    {
        if (!m_cap)
            return;
        if (isBisection) {
            m_cap = std::max(*m_cap, records);
        } else if (++m_clean >= kCleanBatches) {
            m_clean = 0;
            m_cap = *m_cap * 2;
        }
        if (*m_cap >= configured)
            m_cap.reset();
    }

private:
    std::optional<std::int64_t> m_cap {};
    int m_clean { 0 };
};

} // namespace engine::delivery
