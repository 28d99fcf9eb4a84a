// What a simulated account has taken: the book against which tests hold the engine. One thread.
#pragma once

#include <engine/time.h>

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace engine::simulator {

struct LedgerEntry {
    std::string id {}; // the event's id as the platform saw it
    std::string name {};
    std::string eventTime {}; // as it stood in the request
    int copies { 1 };
    bool hasChangedTime { false }; // a copy came with another event_time: identity was broken
};

class Ledger {
public:
    // dedupWindow 0: for ever. Beyond `entriesMax` the oldest are forgotten and counted.
    Ledger(Millis dedupWindow, std::size_t entriesMax)
        : m_dedupWindow(dedupWindow)
        , m_entriesMax(entriesMax)
    {
    }

    enum class Taken : std::uint8_t { New, Duplicate };
    Taken take(const LedgerEntry& entry, SteadyTime now);

    [[nodiscard]] std::int64_t forgotten() const { return m_forgotten; }
    [[nodiscard]] std::int64_t changedTimes() const { return m_changedTimes; }
    // In order of acceptance, from the position `from` (0: the oldest that is kept).
    [[nodiscard]] std::vector<LedgerEntry> entries(std::size_t from, std::size_t most) const;

private:
    struct Kept {
        LedgerEntry entry {};
        SteadyTime firstAt {};
    };

    Millis m_dedupWindow;
    std::size_t m_entriesMax;
    std::deque<Kept> m_entries {};
    std::unordered_map<std::string, std::uint64_t> m_position {}; // key → number since start
    std::uint64_t m_first { 0 }; // number of m_entries.front()
    std::int64_t m_forgotten { 0 };
    std::int64_t m_changedTimes { 0 };
};

} // namespace engine::simulator
