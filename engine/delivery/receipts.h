// Requests whose records the platform looks at later, and when to ask it what became of them. Pure;
// delivery thread. Not kept over a restart: nothing is sent again for what is told, and the
// platform's own diagnostics have it too.
#pragma once

#include "core/delivery.h"

#include <engine/time.h>

#include <deque>
#include <optional>
#include <string>

namespace engine::delivery {

struct Receipt {
    ShardKey shard {};
    std::string name {}; // the platform's
    std::int64_t records { 0 };
    WallTime sentAt {};
    SteadyTime askAt {};
    Millis wait { 0 }; // before the next time
};

class Receipts {
public:
    // Beyond kMost the oldest is forgotten; gives that one.
    std::optional<Receipt> add(Receipt receipt, SteadyTime now);
    [[nodiscard]] std::optional<Receipt> takeDue(SteadyTime now);
    // It could not be asked now; that changes nothing else.
    void postpone(Receipt receipt, SteadyTime at);
    // The platform is not done with it. False: given up.
    [[nodiscard]] bool askLater(Receipt receipt, SteadyTime now);
    [[nodiscard]] std::size_t size() const { return m_waiting.size(); }

    static constexpr std::size_t kMost { 2'000 };
    // After half an hour, then 1, 2, 4 and 8 hours more: an empty shard is forgotten after a day.
    static constexpr Millis kFirst { std::chrono::minutes { 30 } };
    static constexpr Millis kLast { std::chrono::hours { 8 } };

private:
    std::deque<Receipt> m_waiting {}; // in the order in which they came
};

} // namespace engine::delivery
