// A store in a directory of its own, with calls that wait for their answers. Nothing sleeps: a
// promise is kept by the store's thread.
#pragma once

#include "store/connection.h"
#include "store/delivery_store.h"
#include "store/store.h"
#include "store/write_transaction.h"
#include "support/fake_clock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <string>
#include <vector>

namespace engine::testing {

// Replies are run at once where they arrive, in the store's thread; they only keep a promise.
inline store::SqlDeliveryStore::Post runAtOnce()
{
    return [](const std::function<void()>& work) { work(); };
}

class StoreFixture {
public:
    StoreFixture()
    {
        options.directory = m_directory.filePath(QStringLiteral("data")).toStdString();
        options.commitDelay = Millis { 0 };
        options.diskFloorBytes = 0; // the machine that runs the tests may be full
    }

    void open()
    {
        auto opened = store::Store::open(options, clock);
        if (!opened)
            qFatal("%s", opened.error().message.c_str());
        store = std::move(*opened);
        delivery = std::make_unique<store::SqlDeliveryStore>(*store, runAtOnce());
    }
    void close()
    {
        delivery.reset();
        store.reset();
    }
    void reopen()
    {
        close();
        open();
    }
    // What kill -9 leaves: the files as they are this moment, without the farewell of a stop.
    void crashAndReopen()
    {
        const QString crashed = m_directory.filePath(QStringLiteral("crash-%1").arg(++m_crashes));
        if (!QDir().mkdir(crashed))
            qFatal("cannot make a directory");
        const QString from = QString::fromStdString(store->databasePath());
        const QString to = crashed + QStringLiteral("/spillway.db");
        if (!QFile::copy(from, to)
            || !QFile::copy(from + QStringLiteral("-wal"), to + QStringLiteral("-wal")))
            qFatal("cannot copy the store");
        close();
        options.directory = crashed.toStdString();
        open();
    }

    Result<std::vector<AcceptedItem>> accept(
        std::vector<NewEvent> events, Seconds window = std::chrono::hours { 24 })
    {
        std::promise<Result<std::vector<AcceptedItem>>> promise;
        auto answer = promise.get_future();
        store->accept({ std::move(events), window },
            [&](Result<std::vector<AcceptedItem>> items) { promise.set_value(std::move(items)); });
        return answer.get();
    }
    Status mark(DispatchMark mark)
    {
        return waitFor([&](auto reply) { delivery->markDispatched(std::move(mark), reply); });
    }
    Status record(RequestResult result)
    {
        return waitFor([&](auto reply) { delivery->record(std::move(result), reply); });
    }
    Status write(const std::function<Status(store::WriteTransaction&)>& work)
    {
        return waitFor([&](auto reply) { store->write(work, reply); });
    }
    // Everything posted before is committed, answered and told.
    void settle()
    {
        if (const Status done = write([](store::WriteTransaction&) { return Status {}; }); !done)
            qFatal("%s", done.error().message.c_str());
    }
    // The arrivals that delivery is told of while `work` is done.
    std::vector<Arrivals> arrivalsOf(const std::function<void()>& work)
    {
        settle();
        std::vector<Arrivals> told; // the store's thread writes it, before settle() is answered
        store->onArrivals([&told](const std::vector<Arrivals>& arrivals) {
            told.insert(told.end(), arrivals.begin(), arrivals.end());
        });
        work();
        settle();
        store->onArrivals({});
        return told;
    }
    Status setDesired(
        const ShardId& target, Desired desired, std::optional<WallTime> until = std::nullopt)
    {
        return waitFor([&](auto reply) {
            delivery->setDesired(target, desired, until, PauseCause::Operator, "ops", "why", reply);
        });
    }
    std::int64_t release(ShardKey shard)
    {
        std::promise<Result<std::int64_t>> promise;
        auto answer = promise.get_future();
        delivery->releaseDeferred(shard, clock.wallNow(),
            [&](Result<std::int64_t> count) { promise.set_value(std::move(count)); });
        return answer.get().value_or(-1);
    }
    // One number from the file itself, past everything the store keeps in memory.
    std::int64_t number(const std::string& sql)
    {
        auto reader = store::Connection::open({ .path = store->databasePath() });
        return reader ? (*reader)->number(sql).value_or(-1) : -1;
    }

    NewEvent event(const std::string& id, const std::vector<ShardId>& shards)
    {
        NewEvent event;
        event.workspace = "shop";
        event.eventId = id;
        event.name = "Purchase";
        event.eventTime = clock.wallNow() - std::chrono::minutes { 5 };
        event.receivedAt = clock.wallNow();
        event.contentHash = 7;
        event.payload = R"({"event_name":"Purchase"})";
        for (const ShardId& shard : shards)
            event.deliveries.push_back({ .shard = shard, .dueAt = event.receivedAt });
        return event;
    }
    ShardRecord shardRecord(const ShardId& id)
    {
        const auto records = delivery->shards();
        for (const ShardRecord& record : *records) {
            if (record.id == id)
                return record;
        }
        return {};
    }
    std::vector<QueuedDelivery> rows(const ShardId& id, Lane lane)
    {
        return delivery->fetch(shardRecord(id).key, lane, std::nullopt, 1'000).value();
    }
    DispatchMark markOf(const std::vector<QueuedDelivery>& rows)
    {
        DispatchMark mark;
        mark.request = delivery->nextRequestId();
        mark.at = clock.wallNow();
        mark.host = "graph.example";
        for (const QueuedDelivery& row : rows) {
            mark.shard = row.shard;
            mark.items.push_back(row.key);
        }
        return mark;
    }
    RequestResult resultOf(const DispatchMark& mark, Outcome outcome, Next next)
    {
        RequestResult result;
        result.request = mark.request;
        result.shard = mark.shard;
        result.sentAt = mark.at;
        result.endedAt = clock.wallNow();
        result.outcome = outcome;
        result.httpStatus = outcome == Outcome::Accepted ? 200 : 400;
        for (const DeliveryKey& key : mark.items) {
            ItemResult item;
            item.key = key;
            item.outcome = outcome;
            item.next = next;
            item.dueAt = clock.wallNow() + std::chrono::seconds { 2 };
            item.attempts = 1;
            item.fingerprint = "meta · 400 · bad value";
            result.items.push_back(item);
        }
        return result;
    }

    FakeClock clock {};
    store::StoreOptions options {};
    std::unique_ptr<store::Store> store {};
    std::unique_ptr<store::SqlDeliveryStore> delivery {};

private:
    template <class Call>
    static Status waitFor(Call call)
    {
        std::promise<Status> promise;
        auto answer = promise.get_future();
        call([&](Status outcome) { promise.set_value(std::move(outcome)); });
        return answer.get();
    }

    QTemporaryDir m_directory {};
    int m_crashes { 0 };
};

} // namespace engine::testing
