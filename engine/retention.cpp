#include "retention.h"

#include "store/upkeep.h"

#include <algorithm>
#include <span>

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
            (*reader)->removable(isOverSize ? now : now - m_config.events, after, kEventsPerLook));
        m_post([this, found] {
            if (!*found || !(*found)->lookedTo)
                return removeOther();
            const EventSeq lookedTo = *(*found)->lookedTo;
            removeFound(std::make_shared<const std::vector<EventSeq>>(std::move((*found)->events)),
                0, lookedTo);
        });
    });
}

void Retention::removeFound(const Events& events, std::size_t from, EventSeq lookedTo)
{
    if (from >= events->size())
        return removeEvents(lookedTo);
    const std::size_t to
        = std::min(events->size(), from + static_cast<std::size_t>(kEventsPerStep));
    m_store.write(
        [events, from, to](store::WriteTransaction& transaction) {
            return store::removeEvents(
                transaction, std::span<const EventSeq>(*events).subspan(from, to - from));
        },
        [this, events, to, lookedTo](const Status& done) {
            m_post([this, events, to, lookedTo, done] {
                if (done)
                    removeFound(events, to, lookedTo);
                else
                    m_isRunning = false; // the next pass tries again
            });
        },
        kEventsPerStep);
}

void Retention::removeOther()
{
    const WallTime now = m_store.clock().wallNow();
    const WallTime rollups = now - std::chrono::hours { 24 * 30 }; // design §9
    const store::RetentionCutoffs cutoffs { .requests = now - m_config.events,
        .archived = now - m_config.archived,
        .unused = now - std::chrono::hours { 24 },
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
