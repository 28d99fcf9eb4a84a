#include "retention.h"

#include "store/upkeep.h"

namespace engine {

Retention::Retention(
    store::Store& store, ReaderThread& reader, std::function<void(std::function<void()>)> post)
    : m_store(store)
    , m_reader(reader)
    , m_post(std::move(post))
{
}

void Retention::run(const RetentionConfig& config)
{
    if (m_isRunning)
        return;
    m_config = config;
    m_isRunning = true;
    removeEvents(EventSeq { 0 });
}

void Retention::removeEvents(EventSeq after)
{
    m_reader.ask([this, after](Result<store::Reader*> reader) {
        if (!reader) {
            m_post([this] { m_isRunning = false; });
            return;
        }
        // Over the limit in bytes every ended event may go, oldest first; otherwise those that are
        // old enough.
        const bool isOverSize
            = m_config.maxBytes > 0 && (*reader)->usedBytes().value_or(0) > m_config.maxBytes;
        const WallTime now = m_store.clock().wallNow();
        auto found = std::make_shared<Result<store::Reader::Removable>>(
            (*reader)->removable(isOverSize ? now : now - m_config.events, after, kEventsPerStep));
        m_post([this, found] {
            if (!*found || !(*found)->lookedTo)
                return removeOther();
            const EventSeq next = *(*found)->lookedTo;
            m_store.write(
                [events = (*found)->events](store::WriteTransaction& transaction) {
                    return store::removeEvents(transaction, events);
                },
                [this, next](const Status& done) {
                    m_post([this, next, done] {
                        if (done)
                            removeEvents(next);
                        else
                            m_isRunning = false; // the next pass tries again
                    });
                },
                kEventsPerStep);
        });
    });
}

void Retention::removeOther()
{
    const WallTime now = m_store.clock().wallNow();
    const WallTime rollups = now - std::chrono::hours { 24 * 30 }; // design §9
    const store::RetentionCutoffs cutoffs { .requests = now - m_config.events,
        .archived = now - m_config.archived,
        .audit = now - m_config.audit,
        .rollupMinute = toUnixMicros(rollups) / 60'000'000 };
    auto isMore = std::make_shared<bool>(false);
    m_store.write(
        [cutoffs, isMore](store::WriteTransaction& transaction) -> Status {
            const auto removed = store::removeOld(transaction, cutoffs, kRowsPerStep);
            if (!removed)
                return tl::unexpected(removed.error());
            *isMore = *removed;
            return {};
        },
        [this, isMore](const Status& done) {
            m_post([this, isMore, done] {
                if (done && *isMore)
                    removeOther();
                else
                    m_isRunning = false;
            });
        },
        kRowsPerStep);
}

} // namespace engine
