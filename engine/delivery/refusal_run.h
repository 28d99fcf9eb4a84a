// Refusals that look like something else and may be the configuration's: a throttle that no wait
// ends, a record that is wrong like every record before it. Once there are as many in a row as the
// platform's table says, they are taken for what they are.
//
// Pure; the delivery thread's, one per shard.
#pragma once

#include "platforms/adapter.h"

#include <algorithm>

namespace engine::delivery {

class RefusalRun {
public:
    // Counts an answer to a request sent at `sentAt`, and makes it one about the configuration when
    // it is one too many. Answers that were under way together are one.
    void judge(platforms::Decoded& decoded, SteadyTime sentAt, SteadyTime now)
    {
        const auto isTaken = [](const platforms::RecordOutcome& record) {
            return record.outcome == Outcome::Accepted;
        };
        if (std::any_of(decoded.records.begin(), decoded.records.end(), isTaken))
            m_count = 0;
        if (!decoded.configAfter)
            return;
        if (m_count == 0 || sentAt > m_lastAt) {
            ++m_count;
            m_lastAt = now;
        }
        if (m_count < *decoded.configAfter)
            return;
        decoded.request = Outcome::Config;
        decoded.isBatchSuspect = false;
        decoded.hint = {};
        for (platforms::RecordOutcome& record : decoded.records) {
            record.outcome = Outcome::Config;
            record.isNotAtFault = false;
            record.message += " (" + std::to_string(m_count) + " times in a row)";
        }
    }
    void clear() { m_count = 0; } // a new configuration

private:
    int m_count { 0 };
    SteadyTime m_lastAt {};
};

} // namespace engine::delivery
