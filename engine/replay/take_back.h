// Takes what a cancelled job left in the lanes out of them again.
#pragma once

#include "replay/replay_ports.h"

#include <engine/engine_port.h>

#include <functional>
#include <set>

namespace engine::replay {

// Lives in the room's thread; every method is called there, and so are the functions that it is
// given.
class TakeBack {
public:
    using Cancelled = std::function<void(ReplayJobId)>; // the table says so from now on
    using Taken = std::function<void(ReplayJobId, std::int64_t count)>; // that was all of it
    TakeBack(const ReplayPorts& ports, Cancelled cancelled, Taken taken)
        : m_ports(ports)
        , m_cancelled(std::move(cancelled))
        , m_taken(std::move(taken))
    {
    }

    // First nothing more goes, then what waits is taken back: in the other order a record could be
    // on its way between the two. Answers how many were taken.
    void cancel(ReplayJobId job, const Reply<std::int64_t>& reply);
    // Once more, for what came back as a retry after the cancel; nothing while one is under way.
    void takeLeft(ReplayJobId job);
    [[nodiscard]] bool isTaking(ReplayJobId job) const { return m_taking.contains(job); }

private:
    struct Step {
        ReplayJobId job {};
        bool isCancel { false }; // the first step, which also sets the state
        std::int64_t count { 0 };
        Reply<std::int64_t> reply {};
    };
    void take(const Step& step);

    const ReplayPorts& m_ports;
    Cancelled m_cancelled;
    Taken m_taken;
    std::set<ReplayJobId> m_taking {};
};

} // namespace engine::replay
