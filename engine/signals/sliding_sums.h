// Sums over the last Slots × step, kept in slots so that the oldest can be dropped.
#pragma once

#include <engine/time.h>

#include <array>
#include <cstdint>
#include <functional>

namespace engine::signals {

template <std::size_t Fields, std::size_t Slots>
class SlidingSums {
public:
    explicit SlidingSums(Seconds step)
        : m_step(step)
    {
    }
    // Drops what is too old. `dropped` is told which slot is cleared.
    void advance(SteadyTime now, const std::function<void(std::size_t)>& dropped = {})
    {
        const std::int64_t number = now.time_since_epoch() / m_step;
        if (m_number < 0)
            m_number = number;
        for (std::size_t cleared = 0; m_number < number && cleared < Slots; ++cleared) {
            ++m_number;
            clear(slot(), dropped);
        }
        m_number = std::max(m_number, number);
    }
    void add(std::size_t field, std::int64_t value)
    {
        m_slots[slot()][field] += static_cast<std::int32_t>(value);
        m_sums[field] += value;
    }
    [[nodiscard]] std::int64_t sum(std::size_t field) const { return m_sums[field]; }
    [[nodiscard]] std::size_t slot() const { return static_cast<std::size_t>(m_number) % Slots; }

private:
    void clear(std::size_t index, const std::function<void(std::size_t)>& dropped)
    {
        for (std::size_t field = 0; field < Fields; ++field)
            m_sums[field] -= m_slots[index][field];
        m_slots[index] = {};
        if (dropped)
            dropped(index);
    }

    Seconds m_step;
    std::int64_t m_number { -1 };
    std::array<std::array<std::int32_t, Fields>, Slots> m_slots {};
    std::array<std::int64_t, Fields> m_sums {};
};

} // namespace engine::signals
