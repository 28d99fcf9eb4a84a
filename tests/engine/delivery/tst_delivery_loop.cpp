// The thread with everything real around it: SQLite, libcurl, an HTTP server on loopback.
#include "delivery/delivery_loop.h"
#include "http/server.h"
#include "store/delivery_store.h"
#include "store/store.h"
#include "support/plain_adapter.h"
#include "support/test_program.h"

#include <QTemporaryDir>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>

namespace tst_delivery_loop {

using namespace engine;
using namespace engine::delivery;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

// Counts what the delivery thread reports; a test waits for a number with a limit.
class Counting final : public DeliveryObserver {
public:
    void arrived(const ShardId&, Lane, std::int64_t, SteadyTime) override { }
    void pickedUp(const ShardId&, Millis, SteadyTime) override { count(m_pickups, 1); }
    void requestEnded(const RequestEnded& request) override
    {
        count(m_accepted, request.outcomes[static_cast<std::size_t>(Outcome::Accepted)]);
    }

    bool waitForAccepted(std::int64_t records) { return waitFor(m_accepted, records); }
    bool waitForPickups(std::int64_t records) { return waitFor(m_pickups, records); }

private:
    void count(std::int64_t& what, std::int64_t by)
    {
        const std::lock_guard lock(m_mutex);
        what += by;
        m_changed.notify_all();
    }
    bool waitFor(const std::int64_t& what, std::int64_t value)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, 20s, [&] { return what >= value; });
    }
    std::mutex m_mutex {};
    std::condition_variable m_changed {};
    std::int64_t m_accepted { 0 };
    std::int64_t m_pickups { 0 };
};

// The real store, but its shards cannot be read the first so many times.
class LateStore final : public DeliveryStore {
public:
    LateStore(std::unique_ptr<DeliveryStore> store, int unreadable)
        : m_store(std::move(store))
        , m_unreadable(unreadable)
    {
    }
    Result<std::vector<ShardRecord>> shards() override
    {
        if (m_unreadable-- > 0)
            return fail(ErrorCode::Unavailable, "not yet");
        return m_store->shards();
    }
    Result<std::vector<SentRequest>> sentSince(ShardKey shard, WallTime from) override
    {
        return m_store->sentSince(shard, from);
    }
    Result<std::vector<QueuedDelivery>> fetch(
        ShardKey shard, Lane lane, std::optional<DeliveryKey> after, int rowsMax) override
    {
        return m_store->fetch(shard, lane, after, rowsMax);
    }
    Result<PersonRows> fetchPerson(ShardKey shard, std::int64_t person) override
    {
        return m_store->fetchPerson(shard, person);
    }
    Result<bool> isSuperseded(ShardKey shard, std::int64_t person, EventSeq seq) override
    {
        return m_store->isSuperseded(shard, person, seq);
    }
    Result<std::optional<WallTime>> oldestNeverPickedUp(ShardKey shard) override
    {
        return m_store->oldestNeverPickedUp(shard);
    }
    std::int64_t deadLetters(ShardKey shard) const override { return m_store->deadLetters(shard); }
    RequestId nextRequestId() override { return m_store->nextRequestId(); }
    void encoding(ShardKey shard, const DeliveryKey* key) override
    {
        m_store->encoding(shard, key);
    }
    void markDispatched(DispatchMark mark, Committed reply) override
    {
        m_store->markDispatched(std::move(mark), std::move(reply));
    }
    void record(RequestResult result, Committed reply) override
    {
        m_store->record(std::move(result), std::move(reply));
    }
    void releaseDeferred(
        ShardKey shard, WallTime now, std::function<void(Result<std::int64_t>)> reply) override
    {
        m_store->releaseDeferred(shard, now, std::move(reply));
    }
    void setDesired(ShardId target, Desired desired, std::optional<WallTime> until,
        PauseCause cause, std::string who, std::string note, Committed reply) override
    {
        m_store->setDesired(std::move(target), desired, until, cause, std::move(who),
            std::move(note), std::move(reply));
    }

private:
    std::unique_ptr<DeliveryStore> m_store;
    int m_unreadable;
};

struct Rig {
    QTemporaryDir directory {};
    SystemClock clock {};
    PlainAdapter adapter {};
    Counting observer {};
    std::unique_ptr<store::Store> store {};
    http::Server server;
    std::shared_ptr<Config> config { std::make_shared<Config>() };
    std::unique_ptr<DeliveryLoop> loop {};

    explicit Rig(http::Handler handler)
        : server({ .name = "sink" }, std::move(handler))
    {
    }
    Status open()
    {
        auto opened
            = store::Store::open({ .directory = directory.path().toStdString() + "/data" }, clock);
        if (!opened)
            return tl::unexpected(opened.error());
        store = std::move(*opened);
        return {};
    }
    void startLoop()
    {
        prepare(0);
        loop->start([](const Status& started) { Q_ASSERT(started); });
    }
    // The loop, not started. The shards cannot be read the first so many times.
    void prepare(int unreadable)
    {
        const Status listening = server.start();
        Q_ASSERT(listening);
        DestinationConfig hook;
        hook.name = "hook";
        hook.platform = "plain";
        hook.endpoint = "http://127.0.0.1:" + std::to_string(server.port());
        hook.batch = 10;
        hook.contract.batchRecords = 10;
        hook.contract.dedupField = "event_id";
        config->destinations = { hook };
        DeliveryLoopOptions options;
        options.config = config;
        options.clock = &clock;
        options.makeStore = [this, unreadable](DeliveryLoopOptions::Post post) {
            return std::make_unique<LateStore>(
                std::make_unique<store::SqlDeliveryStore>(*store, std::move(post)), unreadable);
        };
        options.startAgain = 1ms;
        options.makeTransport = [](TransportKind kind, const NetworkOptions& network) {
            return makeTransport(kind, network);
        };
        options.adapters = [this](std::string_view) { return &adapter; };
        options.secrets = [](const DestinationConfig&, const std::string&, bool) {
            return Result<platforms::Secrets> { platforms::Secrets {} };
        };
        options.observer = &observer;
        options.drain = 300ms;
        loop = std::make_unique<DeliveryLoop>(std::move(options));
        store->onArrivals(
            [this](const std::vector<Arrivals>& arrivals) { loop->arrived(arrivals); });
    }
    void accept(int events)
    {
        AcceptBatch batch;
        for (int i = 0; i < events; ++i) {
            NewEvent event { .workspace = "shop", .eventId = "e" + std::to_string(++m_accepted) };
            event.name = "Purchase";
            event.eventTime = event.receivedAt = clock.wallNow();
            Json payload = Json::object();
            payload.set("id", Json::number(std::int64_t { m_accepted }));
            event.payload = payload.dump();
            event.deliveries.push_back(
                { .shard = { "hook", std::to_string(i % 3) }, .dueAt = event.receivedAt });
            batch.events.push_back(std::move(event));
        }
        store->accept(std::move(batch), [](const auto& done) { Q_ASSERT(done); });
    }

private:
    int m_accepted { 0 };
};

} // namespace

class TestDeliveryLoop : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsAcceptedIsDeliveredOverHttpOnceEach();
    void stoppingCommitsWhatIsInFlightWithinItsTime();
    void whatLastsIsInForceBeforeTheFirstTurn_data();
    void whatLastsIsInForceBeforeTheFirstTurn();
};

void TestDeliveryLoop::whatIsAcceptedIsDeliveredOverHttpOnceEach()
{
    std::mutex mutex;
    std::map<std::int64_t, int> received;
    Rig rig([&](const http::ServerRequest& request, const http::Respond& respond) {
        const std::lock_guard lock(mutex);
        const auto records = parseJson(request.body);
        for (const Json& record : records->items())
            ++received[*record.find("id")->asInt()];
        respond({});
    });
    QVERIFY(rig.open());
    rig.accept(200); // before the loop runs
    rig.startLoop();
    rig.accept(300); // while it runs: new work wakes it
    QVERIFY(rig.observer.waitForAccepted(500));
    rig.loop->stop();
    QCOMPARE(received.size(), std::size_t { 500 });
    for (const auto& [id, times] : received)
        QCOMPARE(times, 1);
    QCOMPARE(rig.store->stats().waiting, 0);
    rig.store->onArrivals({});
    rig.store->stop();
}

void TestDeliveryLoop::stoppingCommitsWhatIsInFlightWithinItsTime()
{
    Rig rig([](const http::ServerRequest&, const http::Respond& respond) {
        respond({ .fault = http::ServerResponse::Fault::NeverAnswer });
    });
    QVERIFY(rig.open());
    rig.accept(30);
    rig.startLoop();
    QVERIFY(rig.observer.waitForPickups(30));
    rig.loop->stop();
    rig.loop.reset();
    rig.store->onArrivals({});
    rig.store->stop();
    rig.store.reset();

    // Nothing is left in flight: every record has its attempt, and its retry waits.
    QVERIFY(rig.open());
    QCOMPARE(rig.store->stats().unknownAtStart, 0);
    store::SqlDeliveryStore reader(*rig.store, [](const std::function<void()>&) {});
    std::int64_t retries = 0;
    const auto shards = reader.shards();
    QVERIFY(shards);
    for (const ShardRecord& shard : *shards) {
        const auto rows = reader.fetch(shard.key, Lane::Retry, {}, 100);
        QVERIFY(rows);
        for (const QueuedDelivery& row : *rows) {
            QCOMPARE(row.attempts, 1);
            QVERIFY(row.firstSentAt.has_value());
            ++retries;
        }
    }
    QCOMPARE(retries, 30);
}

void TestDeliveryLoop::whatLastsIsInForceBeforeTheFirstTurn_data()
{
    QTest::addColumn<int>("unreadable");
    QTest::newRow("it starts at once") << 0;
    QTest::newRow("it starts late") << 2;
}

// Asked for before the loop starts: paused, although deliveries wait.
void TestDeliveryLoop::whatLastsIsInForceBeforeTheFirstTurn()
{
    QFETCH(int, unreadable);
    std::atomic<int> requests { 0 };
    Rig rig([&](const http::ServerRequest&, const http::Respond& respond) {
        ++requests;
        respond({});
    });
    QVERIFY(rig.open());
    rig.accept(30);
    std::promise<void> isKept;
    rig.store->write([](store::WriteTransaction&) { return Status {}; },
        [&](const Status&) { isKept.set_value(); });
    isKept.get_future().wait();
    std::promise<void> isRefused;
    rig.prepare(unreadable);
    rig.loop->submitLasting([](Dispatcher& dispatcher) {
        QVERIFY(dispatcher.setDesired(
            { .target = { "hook", {} }, .desired = Desired::Paused }, [](const Status&) {}));
    });
    rig.loop->submit([](Dispatcher&) { QFAIL("nobody is there yet"); },
        [&](const Error&) { isRefused.set_value(); });
    std::promise<void> isReady;
    rig.loop->start([&](const Status& ready) {
        if (ready)
            isReady.set_value();
    });
    isRefused.get_future().wait();
    isReady.get_future().wait();
    // The first turn was asked for before this look, so it is over when this one comes.
    std::promise<void> isPast;
    rig.loop->submit([&](Dispatcher& dispatcher) {
        (void)dispatcher.turn();
        rig.loop->submit([&](const Dispatcher&) { isPast.set_value(); });
    });
    isPast.get_future().wait();
    rig.loop->stop();
    QCOMPARE(requests.load(), 0);
    QCOMPARE(rig.store->stats().waiting, 30);
    rig.store->onArrivals({});
    rig.store->stop();
}

SPILLWAY_TEST(TestDeliveryLoop)

} // namespace tst_delivery_loop

#include "tst_delivery_loop.moc"
