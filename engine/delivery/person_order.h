// Records that overwrite what a platform knows of a person go one at a time and in order of
// acceptance; a failed one holds that person only.
//
// Pure; the delivery thread's, one per shard. Knows the persons of records in memory.
#pragma once

#include <engine/ids.h>

#include <set>
#include <string>
#include <unordered_map>

namespace engine::delivery {

class PersonOrder {
public:
    // May this record go now? Remembers it either way, so that a later one waits for it.
    [[nodiscard]] bool mayGo(const std::string& person, EventSeq seq)
    {
        Waiting& waiting = m_persons[person];
        waiting.seqs.insert(seq);
        return !waiting.isInFlight && *waiting.seqs.begin() == seq;
    }
    void sent(const std::string& person) { m_persons[person].isInFlight = true; }
    // Failed for now, or given back: it stays first of its person.
    void waitsAgain(const std::string& person)
    {
        const auto it = m_persons.find(person);
        if (it != m_persons.end())
            it->second.isInFlight = false;
    }
    // Accepted or a dead letter: the next one may go.
    void finished(const std::string& person, EventSeq seq)
    {
        const auto it = m_persons.find(person);
        if (it == m_persons.end())
            return;
        it->second.isInFlight = false;
        it->second.seqs.erase(seq);
        if (it->second.seqs.empty())
            m_persons.erase(it);
    }
    // These wait no longer, and were not sent: whoever waits for them may go.
    void forget(const std::set<EventSeq>& seqs)
    {
        for (auto it = m_persons.begin(); it != m_persons.end();) {
            Waiting& waiting = it->second;
            std::erase_if(waiting.seqs, [&](EventSeq seq) { return seqs.contains(seq); });
            it = waiting.seqs.empty() && !waiting.isInFlight ? m_persons.erase(it) : ++it;
        }
    }
    [[nodiscard]] std::size_t size() const { return m_persons.size(); }

private:
    struct Waiting {
        std::set<EventSeq> seqs {};
        bool isInFlight { false };
    };
    std::unordered_map<std::string, Waiting> m_persons {};
};

} // namespace engine::delivery
