// The store as one delivery thread sees it.
#pragma once

#include "core/delivery.h"
#include "store/encoding_mark.h"
#include "store/store.h"

#include <functional>
#include <list>
#include <memory>
#include <unordered_map>

namespace engine::store {

class Connection;

// Made anywhere, used and destroyed in one delivery thread. There may be several, one per thread.
// Reads run on a read-only connection of that thread, opened at the first read, and see everything
// that was committed before. Writes go to the store's queue; replies come back through `post`,
// which must run what it is given in this thread, in order, and drop it once this object is gone.
// The store must outlive it.
class SqlDeliveryStore final : public DeliveryStore {
public:
    using Post = std::function<void(std::function<void()>)>;
    SqlDeliveryStore(Store& store, Post post);
    ~SqlDeliveryStore() override;

    [[nodiscard]] Result<std::vector<ShardRecord>> shards() override;
    [[nodiscard]] Result<std::vector<SentRequest>> sentSince(
        ShardKey shard, WallTime from) override;
    [[nodiscard]] Result<std::vector<QueuedDelivery>> fetch(
        ShardKey shard, Lane lane, std::optional<DeliveryKey> after, int rowsMax) override;
    [[nodiscard]] Result<PersonRows> fetchPerson(ShardKey shard, std::int64_t person) override;
    [[nodiscard]] Result<bool> isSuperseded(
        ShardKey shard, std::int64_t person, EventSeq seq) override;
    [[nodiscard]] Result<std::optional<WallTime>> oldestNeverPickedUp(ShardKey shard) override;
    [[nodiscard]] std::int64_t deadLetters(ShardKey shard) const override;
    [[nodiscard]] RequestId nextRequestId() override;
    void encoding(ShardKey shard, const DeliveryKey* key) override;

    void markDispatched(DispatchMark mark, Committed reply) override;
    void record(RequestResult result, Committed reply) override;
    void releaseDeferred(
        ShardKey shard, WallTime now, std::function<void(Result<std::int64_t>)> reply) override;
    void setDesired(ShardId target, Desired desired, std::optional<WallTime> until,
        PauseCause cause, std::string who, std::string note, Committed reply) override;

private:
    [[nodiscard]] Result<Connection*> reader();
    // Runs in this thread what the store thread answers.
    [[nodiscard]] std::function<void(Status)> posted(Committed reply) const;
    [[nodiscard]] Status addEvents(Connection& connection, std::vector<QueuedDelivery>& rows);
    void remember(const StoredEventPtr& event);

    Store& m_store;
    Post m_post {};
    std::unique_ptr<Connection> m_reader;
    std::unique_ptr<EncodingMark> m_encoding {};
    // Events that another shard has just read: the same event usually waits for several.
    std::list<StoredEventPtr> m_recent {};
    std::unordered_map<std::int64_t, StoredEventPtr> m_events {};
    std::size_t m_eventBytes { 0 };
};

} // namespace engine::store
