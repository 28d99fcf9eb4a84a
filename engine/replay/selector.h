// Frozen selections: made and counted step by step, archived, restored, purged.
#pragma once

#include "replay/replay_ports.h"
#include "store/selections.h"

#include <engine/engine_port.h>
#include <engine/pages.h>

#include <functional>
#include <memory>

namespace engine::replay {

// Lives in the host's thread; every method is called there, and replies run there.
class Selector {
public:
    explicit Selector(const ReplayPorts& ports)
        : m_ports(ports)
    {
    }

    // Freezes a selection and counts it; a second request while one is being frozen waits its turn
    // by itself, because each step is a job of the store's queue. `counted` hears after each step
    // how many were found at least.
    void preview(const SelectionRequest& request, const Reply<ReplayPreview>& reply,
        EnginePort::Counted counted = {});
    // Counts one that was frozen before.
    void count(SelectionId selection, const Reply<ReplayPreview>& reply);

    using Moved = std::function<void(Result<store::ArchiveStep>)>;
    // Restoring: what was archived at these times alone.
    void archive(SelectionId selection, bool restore, const Moved& reply,
        const store::MovedWithin& when = {});
    void purge(SelectionId selection, const Moved& reply);
    static constexpr std::chrono::hours kPurgeAfter { 7 * 24 }; // in the archive

private:
    struct Freeze { // one selection on its way
        SelectionRequest request {};
        store::VerdictInput input {};
        SelectionId selection {};
        store::SelectionCursor cursor {};
        store::PredictionCursor prediction {};
        double perSecond { 0 };
        Reply<ReplayPreview> reply {};
        EnginePort::Counted counted {};
    };
    using FreezePtr = std::shared_ptr<Freeze>;
    using Work = std::function<Status(store::WriteTransaction&)>;
    // Runs work in the store, then `next` here; an error ends the freeze.
    void step(const FreezePtr& freeze, Work work, std::function<void()> next);
    void grow(const FreezePtr& freeze);
    void pace(const FreezePtr& freeze);
    void predict(const FreezePtr& freeze);

    using Mover
        = std::function<Result<store::ArchiveStep>(store::WriteTransaction&, std::int64_t after)>;
    void moveFrom(const Mover& mover, const store::ArchiveStep& sum, const Moved& reply);

    const ReplayPorts& m_ports;
};

} // namespace engine::replay
