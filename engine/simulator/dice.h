// Numbers drawn from a seed, the same ones each time. Pure; any thread.
#pragma once

#include "simulator/scenario.h"

#include <array>
#include <cstdint>
#include <string>

namespace engine::simulator {

// Every purpose draws from a number of its own, so that changing one leaves the others.
class Dice {
public:
    Dice(std::uint64_t seed, std::uint64_t number)
        : m_seed(scramble(seed, number))
    {
    }
    [[nodiscard]] std::uint64_t roll(std::uint64_t purpose) const
    {
        return scramble(m_seed, purpose);
    }
    [[nodiscard]] int below(std::uint64_t purpose, int count) const
    {
        return static_cast<int>(roll(purpose) % static_cast<std::uint64_t>(count));
    }
    template <class T, std::size_t N>
    [[nodiscard]] const T& pick(std::uint64_t purpose, const std::array<T, N>& from) const
    {
        return from[roll(purpose) % N];
    }

private:
    std::uint64_t m_seed;
};

// Of a table whose rows say their share of a thousand; what is missing to a thousand is the first.
template <class Row, std::size_t N>
[[nodiscard]] const Row& rowOf(const std::array<Row, N>& rows, int perMille)
{
    for (const Row& row : rows) {
        perMille -= row.share;
        if (perMille < 0)
            return row;
    }
    return rows.front();
}

[[nodiscard]] std::string hex(std::uint64_t value); // 16 digits

} // namespace engine::simulator
