// How often a record was refused with a code that the platform's table allows only so often ("one
// more try after six hours"). The attempts of a record do not tell: an outage before it spends them
// too.
//
// Kept in memory: after a restart such a record is tried once more than the table says, within the
// attempts of the retry policy. Pure; the delivery thread's, one per shard.
#pragma once

#include <engine/ids.h>

#include <map>
#include <string>
#include <string_view>

namespace engine::delivery {

class CodeRefusals {
public:
    // Records wait for hours there, so they may be many; the oldest is forgotten first, which costs
    // it one try more.
    static constexpr std::size_t kRecordsMax = 10'000;

    // This refusal included. Another code than the last time counts from the start.
    int add(EventSeq seq, std::string_view code)
    {
        Run& run = m_runs[seq];
        if (run.code != code)
            run = { .code = std::string(code) };
        const int count = ++run.count;
        if (m_runs.size() > kRecordsMax)
            m_runs.erase(m_runs.begin());
        return count;
    }
    void forget(EventSeq seq) { m_runs.erase(seq); }

private:
    struct Run {
        std::string code {};
        int count { 0 };
    };
    std::map<EventSeq, Run> m_runs {};
};

} // namespace engine::delivery
