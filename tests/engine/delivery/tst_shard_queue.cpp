// First: moc of Qt 6.4 stumbles over what core/delivery.h includes otherwise.
#include "core/contract.h"
#include "delivery/shard_queue.h"
#include "support/seed.h"
#include "support/test_program.h"

namespace tst_shard_queue {

using namespace engine;
using namespace engine::delivery;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

QueuedDelivery row(Lane lane, std::int64_t rank, std::int64_t seq)
{
    QueuedDelivery delivery;
    delivery.key = { .lane = lane, .rank = rank, .seq = EventSeq { seq } };
    delivery.dueAt = fromUnixMicros(rank);
    return delivery;
}

// The rows of one lane, as a store would give them.
struct Rows {
    std::map<DeliveryKey, QueuedDelivery> rows {};
    int fetches { 0 };

    void add(const QueuedDelivery& delivery) { rows[delivery.key] = delivery; }
    void fill(ShardQueue& queue, Lane lane, std::int64_t wanted)
    {
        while (const auto plan = queue.fetchPlan(lane, wanted)) {
            std::vector<QueuedDelivery> page;
            auto it = plan->after ? rows.upper_bound(*plan->after) : rows.begin();
            for (; it != rows.end() && static_cast<int>(page.size()) < plan->rowsMax; ++it)
                page.push_back(it->second);
            queue.fetched(*plan, std::move(page));
            ++fetches;
        }
    }
};

std::vector<QueuedDelivery> takeUpTo(ShardQueue& queue, Lane lane, std::size_t most)
{
    std::size_t count = 0;
    return queue.take(lane, kNow, [&](QueueEntry&) {
        return count++ < most ? ShardQueue::Visit::Take : ShardQueue::Visit::Stop;
    });
}

} // namespace

class TestShardQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLaneOfAMillionKeepsAFewBatchesInMemory();
    void aRowThatIsOutIsNotOfferedTwice();
    void anArrivalBeforeTheCursorIsOfferedFirst();
    void aRetryInsideTheKnownStretchIsOfferedWhenDue();
    void aRetryThatAFetchSawBeforeItsCommitWasToldIsOfferedOnce();
    void aPartOfABisectionLargerThanTheBatchIsSentInPieces();
    void countersAreRightAfterAnyOrderOfEvents();
    void arrivalsThatTheStartHadCountedAreNotCountedTwiceForLong();
    void whoeverIsPassedOverIsCountedWhenTheFirstHasGone();
};

void TestShardQueue::aLaneOfAMillionKeepsAFewBatchesInMemory()
{
    ShardQueue queue;
    Rows store;
    for (std::int64_t i = 0; i < 100'000; ++i)
        store.add(row(Lane::Live, i, i));
    queue.setWaiting(Lane::Live, 100'000);
    queue.setPrefetch(400);
    std::int64_t expected = 0;
    std::size_t most = 0;
    while (true) {
        store.fill(queue, Lane::Live, 100);
        const auto taken = takeUpTo(queue, Lane::Live, 100);
        if (taken.empty())
            break;
        for (const QueuedDelivery& delivery : taken) {
            QCOMPARE(toInt(delivery.key.seq), expected++);
            store.rows.erase(delivery.key);
            queue.finished(delivery.key);
        }
        most = std::max(most, queue.entriesInMemory());
    }
    QCOMPARE(expected, 100'000);
    QVERIFY2(most <= 800, qPrintable(QString::number(most)));
    QVERIFY2(store.fetches < 400, qPrintable(QString::number(store.fetches)));
    QVERIFY(queue.isEmpty());
}

void TestShardQueue::aRowThatIsOutIsNotOfferedTwice()
{
    ShardQueue queue;
    Rows store;
    for (std::int64_t i = 0; i < 10; ++i)
        store.add(row(Lane::Live, i, i));
    store.fill(queue, Lane::Live, 5);
    const auto taken = takeUpTo(queue, Lane::Live, 5);
    queue.reread();
    queue.arrived({ .lane = Lane::Live, .count = 1, .first = row(Lane::Live, 0, 0).key });
    store.fill(queue, Lane::Live, 10);
    const auto rest = takeUpTo(queue, Lane::Live, 10);
    QCOMPARE(rest.size(), std::size_t { 5 });
    QCOMPARE(toInt(rest.front().key.seq), 5);

    queue.giveBack(taken[2]);
    const auto again = takeUpTo(queue, Lane::Live, 10);
    QCOMPARE(again.size(), std::size_t { 1 });
    QCOMPARE(toInt(again.front().key.seq), 2);
}

void TestShardQueue::anArrivalBeforeTheCursorIsOfferedFirst()
{
    ShardQueue queue;
    Rows store;
    for (std::int64_t i = 10; i < 20; ++i)
        store.add(row(Lane::Live, i, i));
    store.fill(queue, Lane::Live, 5);
    store.add(row(Lane::Live, 3, 99));
    queue.arrived({ .lane = Lane::Live, .count = 1, .first = row(Lane::Live, 3, 99).key });
    store.fill(queue, Lane::Live, 5);
    const auto taken = takeUpTo(queue, Lane::Live, 20);
    QCOMPARE(taken.size(), std::size_t { 11 });
    QCOMPARE(toInt(taken.front().key.seq), 99);
}

void TestShardQueue::aRetryInsideTheKnownStretchIsOfferedWhenDue()
{
    ShardQueue queue;
    Rows store;
    store.add(row(Lane::Live, 1, 1));
    store.fill(queue, Lane::Live, 1);
    Rows retries; // none: everything after them is known
    retries.fill(queue, Lane::Retry, 1);
    const auto taken = takeUpTo(queue, Lane::Live, 1);
    const QueuedDelivery retry = row(Lane::Retry, toUnixMicros(kNow + 5s), 1);
    queue.expectMove(retry.key);
    queue.movedToBuffer(taken.front().key, retry);
    QVERIFY(queue.nextDue(Lane::Retry) == kNow + 5s);
    QVERIFY(!queue.hasDue(Lane::Retry, kNow + 4s));
    QVERIFY(queue.hasDue(Lane::Retry, kNow + 5s));
}

void TestShardQueue::aRetryThatAFetchSawBeforeItsCommitWasToldIsOfferedOnce()
{
    ShardQueue queue;
    Rows store;
    store.add(row(Lane::Live, 1, 1));
    store.fill(queue, Lane::Live, 1);
    const auto taken = takeUpTo(queue, Lane::Live, 1);
    const QueuedDelivery retry = row(Lane::Retry, toUnixMicros(kNow), 1);
    queue.expectMove(retry.key);
    Rows retries; // the commit is through, its reply is not here yet
    retries.add(retry);
    retries.fill(queue, Lane::Retry, 10);
    QCOMPARE(queue.entries(Lane::Retry), std::size_t { 0 });
    queue.movedToBuffer(taken.front().key, retry);
    QCOMPARE(queue.entries(Lane::Retry), std::size_t { 1 });
}

void TestShardQueue::aPartOfABisectionLargerThanTheBatchIsSentInPieces()
{
    ShardQueue queue;
    Rows store;
    BisectionPart part;
    for (std::int64_t i = 0; i < 8; ++i)
        store.add(row(Lane::Live, i, i));
    store.fill(queue, Lane::Live, 8);
    for (QueuedDelivery& delivery : takeUpTo(queue, Lane::Live, 8)) {
        QueuedDelivery moved = row(Lane::Retry, 0, toInt(delivery.key.seq));
        queue.expectMove(moved.key);
        queue.movedToBisection(delivery.key, moved.key);
        part.push_back(moved);
    }
    queue.putBisection(part, true);
    QCOMPARE(queue.recordsInFlight(), 0);
    QCOMPARE(queue.takeBisection(3).size(), std::size_t { 3 });
    QCOMPARE(queue.takeBisection(100).size(), std::size_t { 5 });
    QVERIFY(!queue.hasBisection());
    QCOMPARE(queue.recordsInFlight(), 8);
}

// Whatever order arrivals, takes, returns, retries and ends come in: what memory counts is what the
// store holds, and in the end every row was offered exactly once to completion.
void TestShardQueue::countersAreRightAfterAnyOrderOfEvents()
{
    std::mt19937_64 random(testing::testSeed());
    const auto below = [&](std::uint64_t n) { return random() % n; };

    ShardQueue queue;
    queue.setPrefetch(8);
    std::array<Rows, 2> lanes; // Live, Retry
    std::vector<QueuedDelivery> out;
    std::int64_t seq = 0;
    std::int64_t ended = 0;
    for (int step = 0; step < 20'000 || ended < seq; ++step) {
        const bool isDraining = step >= 20'000;
        if (!isDraining && below(3) == 0) {
            const auto rank = static_cast<std::int64_t>(below(1'000));
            const QueuedDelivery fresh = row(Lane::Live, rank, ++seq);
            lanes[0].add(fresh);
            queue.arrived({ .lane = Lane::Live, .count = 1, .first = fresh.key });
        }
        const std::size_t from = below(2);
        const Lane lane = from == 0 ? Lane::Live : Lane::Retry;
        lanes[from].fill(queue, lane, 4);
        for (QueuedDelivery& delivery : takeUpTo(queue, lane, 1 + below(4)))
            out.push_back(std::move(delivery));
        if (out.empty())
            continue;
        const std::size_t pick = below(out.size());
        QueuedDelivery one = out[pick];
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(pick));
        Rows& home = lanes[one.key.lane == Lane::Live ? 0 : 1];
        switch (isDraining ? 2 : below(3)) {
        case 0:
            queue.giveBack(one);
            break;
        case 1: {
            const QueuedDelivery moved
                = row(Lane::Retry, static_cast<std::int64_t>(below(1'000)), toInt(one.key.seq));
            if (moved.key == one.key) {
                queue.giveBack(one);
                break;
            }
            queue.expectMove(moved.key);
            home.rows.erase(one.key);
            lanes[1].add(moved);
            queue.movedToBuffer(one.key, moved);
            break;
        }
        default:
            home.rows.erase(one.key);
            queue.finished(one.key);
            ++ended;
        }
        QCOMPARE(queue.waiting(Lane::Live), static_cast<std::int64_t>(lanes[0].rows.size()));
        QCOMPARE(queue.waiting(Lane::Retry), static_cast<std::int64_t>(lanes[1].rows.size()));
        QCOMPARE(queue.recordsInFlight(), static_cast<std::int64_t>(out.size()));
        QVERIFY2(step < 200'000, "rows are left that are never offered");
    }
    QVERIFY(queue.isEmpty());
}

// Accepted while the process started: the rows were read, and then came the message about them.
void TestShardQueue::arrivalsThatTheStartHadCountedAreNotCountedTwiceForLong()
{
    ShardQueue queue;
    Rows store;
    for (std::int64_t i = 0; i < 3; ++i)
        store.add(row(Lane::Live, i, i));
    queue.setWaiting(Lane::Live, 3);
    store.fill(queue, Lane::Live, 10);
    const auto out = takeUpTo(queue, Lane::Live, 1);
    queue.arrived({ .lane = Lane::Live, .count = 3, .first = row(Lane::Live, 0, 0).key });
    QCOMPARE(queue.waiting(Lane::Live), 6);
    store.fill(queue, Lane::Live, 10);
    QCOMPARE(queue.waiting(Lane::Live), 3);
    QCOMPARE(queue.depth(Lane::Live), 2);
    queue.finished(out.front().key);
    store.rows.erase(out.front().key);
    for (const QueuedDelivery& delivery : takeUpTo(queue, Lane::Live, 10)) {
        store.rows.erase(delivery.key);
        queue.finished(delivery.key);
    }
    store.fill(queue, Lane::Live, 10);
    QVERIFY(queue.isEmpty());
}

// Two records of one person; the start had counted one of them twice. While the second is in the
// store alone nobody can tell, and then it is put right although nothing arrives any more.
void TestShardQueue::whoeverIsPassedOverIsCountedWhenTheFirstHasGone()
{
    ShardQueue queue;
    queue.setWaiting(Lane::Live, 3);
    const auto of = [](std::int64_t seq, bool isBehind) {
        QueuedDelivery delivery = row(Lane::Live, seq, seq);
        delivery.person = 7;
        delivery.isBehind = isBehind;
        return delivery;
    };
    queue.fetched(*queue.fetchPlan(Lane::Live, 5), { of(1, false), of(2, true) });
    QVERIFY(queue.isAnyBehind(7));
    QVERIFY(!queue.isLiveComplete());
    QCOMPARE(takeUpTo(queue, Lane::Live, 5).size(), std::size_t { 1 });
    queue.finished(of(1, false).key);
    QCOMPARE(queue.waiting(Lane::Live), 2);
    queue.foundFirst(7, { .first = { of(2, false) } });
    QCOMPARE(queue.waiting(Lane::Live), 1);
    QVERIFY(!queue.isAnyBehind());
    QCOMPARE(takeUpTo(queue, Lane::Live, 5).size(), std::size_t { 1 });
}

SPILLWAY_TEST(TestShardQueue)

} // namespace tst_shard_queue

#include "tst_shard_queue.moc"
