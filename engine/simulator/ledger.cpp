#include "simulator/ledger.h"

#include <algorithm>

namespace engine::simulator {
namespace {

// Id and name together, as the platforms' own dedup has it. A line break is in no name.
std::string keyOf(const LedgerEntry& entry) { return entry.id + '\n' + entry.name; }

} // namespace

Ledger::Taken Ledger::take(const LedgerEntry& entry, SteadyTime now)
{
    const std::string key = keyOf(entry);
    const auto found = m_position.find(key);
    if (found != m_position.end()) {
        Kept& kept = m_entries[static_cast<std::size_t>(found->second - m_first)];
        const bool isInside = m_dedupWindow == Millis { 0 } || now - kept.firstAt < m_dedupWindow;
        if (isInside) {
            ++kept.entry.copies;
            if (kept.entry.eventTime != entry.eventTime) {
                kept.entry.hasChangedTime = true;
                ++m_changedTimes;
            }
            return Taken::Duplicate;
        }
    }
    m_position[key] = m_first + m_entries.size();
    m_entries.push_back({ .entry = entry, .firstAt = now });
    if (m_entries.size() > m_entriesMax) {
        const auto oldest = m_position.find(keyOf(m_entries.front().entry));
        if (oldest != m_position.end() && oldest->second == m_first)
            m_position.erase(oldest);
        m_entries.pop_front();
        ++m_first;
        ++m_forgotten;
    }
    return Taken::New;
}

std::vector<LedgerEntry> Ledger::entries(std::size_t from, std::size_t most) const
{
    std::vector<LedgerEntry> page;
    for (std::size_t i = from; i < m_entries.size() && page.size() < most; ++i)
        page.push_back(m_entries[i].entry);
    return page;
}

} // namespace engine::simulator
