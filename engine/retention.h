// Removes what has been kept long enough, in small steps with everybody else's commits in between.
#pragma once

#include "core/config.h"
#include "reader_thread.h"
#include "store/store.h"

#include <functional>
#include <memory>
#include <vector>

namespace engine {

// Lives in the host's thread.
class Retention {
public:
    Retention(
        store::Store& store, ReaderThread& reader, std::function<void(std::function<void()>)> post);

    // Starts a pass unless one is under way.
    void run(const RetentionConfig& config);
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

    static constexpr int kEventsPerLook = 10'000; // each look walks all that waits: not too often
    static constexpr int kEventsPerStep = 500; // about 5 ms of the store's thread
    static constexpr int kRowsPerStep = 1'000;

private:
    using Events = std::shared_ptr<const std::vector<EventSeq>>;
    void removeEvents(EventSeq after);
    void removeFound(const Events& events, std::size_t from, EventSeq lookedTo);
    void removeOther();

    store::Store& m_store;
    ReaderThread& m_reader;
    std::function<void(std::function<void()>)> m_post;
    RetentionConfig m_config {};
    bool m_isRunning { false };
};

} // namespace engine
