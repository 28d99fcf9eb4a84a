#include "store/reader.h"
#include "store_fixture.h"
#include "support/test_program.h"

#include <atomic>
#include <filesystem>

namespace tst_store_accept {

using namespace engine;
using namespace engine::testing;

namespace {

const ShardId kMeta { "meta-main", "1029" };
const ShardId kHook { "hook", "default" };

std::vector<AcceptKind> kindsOf(const Result<std::vector<AcceptedItem>>& items)
{
    std::vector<AcceptKind> kinds;
    for (const AcceptedItem& item : items.value())
        kinds.push_back(item.kind);
    return kinds;
}

// Counts commits from a moment on, and holds the first of them in the store's thread.
class CountedCommits {
public:
    explicit CountedCommits(store::StoreOptions& options)
    {
        options.beforeCommit = [this]() -> Status {
            if (!m_isCounting)
                return {};
            if (++m_number == 1) {
                m_isHeld.set_value();
                m_mayGo.get_future().wait();
            }
            return {};
        };
    }
    void holdNext() { m_isCounting = true; }
    void waitUntilHeld() { m_isHeld.get_future().wait(); }
    void letGo() { m_mayGo.set_value(); }
    [[nodiscard]] int number() const { return m_number; }

private:
    std::atomic<bool> m_isCounting { false };
    std::atomic<int> m_number { 0 };
    std::promise<void> m_isHeld {};
    std::promise<void> m_mayGo {};
};

} // namespace

class TestStoreAccept : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRepeatInsideTheWindowIsADuplicateOfTheFirstCopy();
    void aRepeatInsideOneArrayIsADuplicate();
    void aRepeatWithOtherContentIsToldApart();
    void sameIdUnderAnotherNameOrWorkspaceIsAnotherEvent();
    void aRepeatAfterTheWindowIsANewEvent();
    void aRepeatIsFoundAfterARestart();
    void aByteOrderMarkInFrontOfAnIdIsKeptAndFoundAgain();
    void deliveriesWaitInOrderOfExpiryThenAcceptance();
    void arrivalsAreToldOncePerShardAndLane();
    void aDeliveryWithoutAnAccountGoesStraightToTheDeadLetters();
    void belowTheDiskFloorNothingIsAcceptedButOutcomesAreWritten();
    void nearTheDiskFloorTheLogIsCopiedWhileThereIsRoom();
    void aFailedCommitLeavesNothingAndTheNextOneWorks();
    void withoutAnyCallItFindsOutThatItCanCommitAgain();
    void aFullDiskInTheMiddleLeavesNothingAndTheNextOneWorks();
    void stopAnswersEverythingThatWasPosted();
    void afterStopEveryCallIsAnsweredUnavailable();
    void aFullQueueRefusesEventsButNotOutcomes();
    void aMarkBehindManyBatchesIsInTheNextCommit();
    void aBatchBehindManyMarksIsInTheNextCommit();
    void aLargeBatchAndMarksTakeTurns();
    void everyPostIsAnsweredExactlyOnceFromManyThreads();
    void monthsAndUnroutedAreCountedWithTheirEvents();
    void theLastReleaseOfEachWorkspaceIsKnown();
};

void TestStoreAccept::aRepeatInsideTheWindowIsADuplicateOfTheFirstCopy()
{
    StoreFixture fixture;
    fixture.open();
    const auto first = fixture.accept({ fixture.event("a", { kMeta }) });
    fixture.clock.advance(std::chrono::hours { 23 });
    const auto second = fixture.accept({ fixture.event("a", { kMeta }) });
    QCOMPARE(kindsOf(second), std::vector { AcceptKind::Duplicate });
    QCOMPARE(toInt(second->front().seq), toInt(first->front().seq));
    QCOMPARE(fixture.rows(kMeta, Lane::Live).size(), 1U);
}

void TestStoreAccept::aRepeatInsideOneArrayIsADuplicate()
{
    StoreFixture fixture;
    fixture.open();
    const auto items = fixture.accept({ fixture.event("a", { kMeta }),
        fixture.event("b", { kMeta }), fixture.event("a", { kMeta }) });
    QCOMPARE(
        kindsOf(items), (std::vector { AcceptKind::New, AcceptKind::New, AcceptKind::Duplicate }));
    QCOMPARE(toInt((*items)[2].seq), toInt((*items)[0].seq));
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 2);
}

void TestStoreAccept::aRepeatWithOtherContentIsToldApart()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    NewEvent other = fixture.event("a", { kMeta });
    other.contentHash = 8;
    QCOMPARE(kindsOf(fixture.accept({ other })), std::vector { AcceptKind::DuplicateDiffers });
}

void TestStoreAccept::sameIdUnderAnotherNameOrWorkspaceIsAnotherEvent()
{
    StoreFixture fixture;
    fixture.open();
    NewEvent lead = fixture.event("a", { kMeta });
    lead.name = "Lead";
    NewEvent elsewhere = fixture.event("a", { kMeta });
    elsewhere.workspace = "other";
    const auto items = fixture.accept({ fixture.event("a", { kMeta }), lead, elsewhere });
    QCOMPARE(kindsOf(items), std::vector(3, AcceptKind::New));
}

void TestStoreAccept::aRepeatAfterTheWindowIsANewEvent()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    fixture.clock.advance(std::chrono::hours { 24 });
    QCOMPARE(kindsOf(fixture.accept({ fixture.event("a", { kMeta }) })),
        std::vector { AcceptKind::New });
}

void TestStoreAccept::aRepeatIsFoundAfterARestart()
{
    StoreFixture fixture;
    fixture.open();
    const auto first = fixture.accept({ fixture.event("a", { kMeta }) });
    fixture.reopen();
    const auto items
        = fixture.accept({ fixture.event("b", { kMeta }), fixture.event("a", { kMeta }) });
    QCOMPARE(kindsOf(items), (std::vector { AcceptKind::New, AcceptKind::Duplicate }));
    QVERIFY(items->front().seq > first->front().seq);
}

// Files that were written as "UTF-8 with BOM" and cut into lines bring such ids along.
void TestStoreAccept::aByteOrderMarkInFrontOfAnIdIsKeptAndFoundAgain()
{
    StoreFixture fixture;
    fixture.open();
    const std::string id = std::string("\xef\xbb\xbf").append("a");
    QVERIFY(fixture.accept({ fixture.event(id, { kMeta }) }));
    const auto rows = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(rows.front().event->eventId, id);
    QCOMPARE(kindsOf(fixture.accept({ fixture.event(id, { kMeta }) })),
        std::vector { AcceptKind::Duplicate });
    QCOMPARE(kindsOf(fixture.accept({ fixture.event("a", { kMeta }) })),
        std::vector { AcceptKind::New });
}

// Three events, of which the second expires first and the third has the first one's expiry.
void TestStoreAccept::deliveriesWaitInOrderOfExpiryThenAcceptance()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (const int minutesAgo : { 5, 60, 5 }) {
        NewEvent event = fixture.event("e" + std::to_string(events.size()), { kMeta, kHook });
        event.eventTime = fixture.clock.wallNow() - std::chrono::minutes { minutesAgo };
        event.deliveries[0].expiresAt = event.eventTime + std::chrono::days { 7 };
        events.push_back(event);
    }
    QVERIFY(fixture.accept(events));
    std::vector<std::string> ids;
    for (const QueuedDelivery& row : fixture.rows(kMeta, Lane::Live)) {
        ids.push_back(row.event->eventId);
        QCOMPARE(row.dueAt, row.event->receivedAt);
        QCOMPARE(*row.expiresAt, row.event->eventTime + std::chrono::days { 7 });
    }
    QCOMPARE(ids, (std::vector<std::string> { "e1", "e0", "e2" }));
    const auto plain = fixture.rows(kHook, Lane::Live);
    QCOMPARE(plain.size(), 3U);
    QCOMPARE(plain.front().event->eventId, std::string("e0"));
    QCOMPARE(plain.front().event->payload, events.front().payload);
    const auto rest = fixture.delivery->fetch(plain.front().shard, Lane::Live, plain[1].key, 10);
    QCOMPARE(rest->size(), 1U);
    QCOMPARE(rest->front().event->eventId, std::string("e2"));
}

void TestStoreAccept::arrivalsAreToldOncePerShardAndLane()
{
    StoreFixture fixture;
    fixture.open();
    std::promise<std::vector<Arrivals>> promise;
    fixture.store->onArrivals(
        [&](const std::vector<Arrivals>& arrivals) { promise.set_value(arrivals); });
    NewEvent later = fixture.event("b", { kMeta, kHook });
    later.deliveries[1].lane = Lane::Deferred;
    later.deliveries[1].dueAt = fixture.clock.wallNow() + std::chrono::minutes { 1 };
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), later }));
    const auto arrivals = promise.get_future().get();
    QCOMPARE(arrivals.size(), 2U);
    QVERIFY(arrivals[0].id == kMeta);
    QCOMPARE(arrivals[0].count, 2);
    QVERIFY(arrivals[0].first == fixture.rows(kMeta, Lane::Live).front().key);
    QCOMPARE(arrivals[0].oldestReceivedAt, fixture.clock.wallNow());
    QCOMPARE(arrivals[1].lane, Lane::Deferred);
    QVERIFY(arrivals[1].first == fixture.rows(kHook, Lane::Deferred).front().key);
    fixture.store->onArrivals({});
}

void TestStoreAccept::aDeliveryWithoutAnAccountGoesStraightToTheDeadLetters()
{
    StoreFixture fixture;
    fixture.open();
    NewEvent event = fixture.event("a", { kMeta, { "meta-main", "?" } });
    event.deliveries[1].deadReason = "properties.customer_id is missing";
    QVERIFY(fixture.accept({ event }));
    // Also of a shard that the store has known for long: delivery may have retired it.
    event.eventId = "b";
    event.deliveries.erase(event.deliveries.begin());
    const auto arrivals = fixture.arrivalsOf([&] { QVERIFY(fixture.accept({ event })); });
    QCOMPARE(arrivals.size(), 1U);
    QCOMPARE(arrivals[0].shard, fixture.shardRecord({ "meta-main", "?" }).key);
    QCOMPARE(arrivals[0].count, 0);
    QCOMPARE(fixture.shardRecord({ "meta-main", "?" }).deadLetters, 2);
    QCOMPARE(fixture.shardRecord(kMeta).deadLetters, 0);
    QCOMPARE(fixture.store->stats().deadLetters, 2);
    QCOMPARE(fixture.number("SELECT count(*) FROM delivery"), 1);
    QCOMPARE(fixture.number("SELECT count(*) FROM dead_letter WHERE outcome = 6 AND state = 0 "
                            "AND event_id = 'a' AND message = "
                            "'properties.customer_id is missing'"),
        1);
}

void TestStoreAccept::belowTheDiskFloorNothingIsAcceptedButOutcomesAreWritten()
{
    StoreFixture fixture;
    std::atomic<std::int64_t> freeBytes { 1'000 };
    fixture.options.diskSpace = [&] { return store::DiskSpace { freeBytes, 100'000 }; };
    fixture.options.diskFloorBytes = 500;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    freeBytes = 499;
    const auto refused = fixture.accept({ fixture.event("b", { kMeta }) });
    QCOMPARE(refused.error().code, ErrorCode::DiskFull);
    QVERIFY(fixture.store->stats().isIngressStopped);
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Accepted, Next::Done)));
    freeBytes = 500;
    QVERIFY(fixture.accept({ fixture.event("b", { kMeta }) }));
    QVERIFY(!fixture.store->stats().isIngressStopped);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 2);
}

void TestStoreAccept::nearTheDiskFloorTheLogIsCopiedWhileThereIsRoom()
{
    StoreFixture fixture;
    std::atomic<std::int64_t> freeBytes { 1'000'000'000 };
    fixture.options.diskSpace = [&] { return store::DiskSpace { freeBytes, 2'000'000'000 }; };
    fixture.options.diskFloorBytes = 500;
    fixture.open();
    const auto databaseBytes
        = [&] { return std::filesystem::file_size(fixture.store->databasePath()); };
    std::vector<NewEvent> events;
    for (int i = 0; i < 500; ++i)
        events.push_back(fixture.event("a" + std::to_string(i), { kMeta }));
    QVERIFY(fixture.accept(std::move(events)));
    const auto before = databaseBytes();
    freeBytes = 1'000; // above the floor, but the log is larger than what is left
    QVERIFY(fixture.accept({ fixture.event("b", { kMeta }) }));
    QVERIFY(databaseBytes() > before);
    QVERIFY(!fixture.store->stats().isIngressStopped);
}

void TestStoreAccept::aFailedCommitLeavesNothingAndTheNextOneWorks()
{
    StoreFixture fixture;
    std::atomic<bool> isBroken { false };
    fixture.options.beforeCommit = [&]() -> Status {
        if (isBroken)
            return fail(ErrorCode::Storage, "the disk is gone");
        return {};
    };
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    isBroken = true;
    const auto failed = fixture.accept({ fixture.event("b", { kMeta, kHook }) });
    QCOMPARE(failed.error().code, ErrorCode::Storage);
    QVERIFY(!fixture.store->stats().canCommit);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 1);
    isBroken = false;
    // The same event again is no duplicate, and the shard of the failed commit is made again.
    const auto items = fixture.accept({ fixture.event("b", { kMeta, kHook }) });
    QCOMPARE(kindsOf(items), std::vector { AcceptKind::New });
    QVERIFY(fixture.store->stats().canCommit);
    QCOMPARE(fixture.shardRecord(kHook).waiting[0], 1);
    QCOMPARE(fixture.store->stats().waiting, 3);
    QCOMPARE(fixture.store->stats().events, 2);
}

void TestStoreAccept::withoutAnyCallItFindsOutThatItCanCommitAgain()
{
    StoreFixture fixture;
    std::atomic<bool> isBroken { false };
    fixture.options.beforeCommit = [&]() -> Status {
        if (isBroken)
            return fail(ErrorCode::Storage, "the disk is gone");
        return {};
    };
    fixture.open();
    isBroken = true;
    QVERIFY(!fixture.accept({ fixture.event("a", { kMeta }) }));
    QCOMPARE(fixture.store->stats().problem, std::string("the disk is gone"));
    isBroken = false;
    QTRY_VERIFY(fixture.store->stats().canCommit);
    QVERIFY(fixture.store->stats().problem.empty());
}

// SQLite's own failure: the file may grow by eight pages, the payload needs hundreds.
void TestStoreAccept::aFullDiskInTheMiddleLeavesNothingAndTheNextOneWorks()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) -> Status {
        const auto pages = transaction.connection().number("PRAGMA page_count");
        return transaction.connection().exec(
            "PRAGMA max_page_count=" + std::to_string(pages.value_or(0) + 8));
    }));
    NewEvent big = fixture.event("big", { kMeta });
    big.payload.assign(1'000'000, 'x');
    const auto failed = fixture.accept({ fixture.event("small", { kMeta }), big });
    QCOMPARE(failed.error().code, ErrorCode::DiskFull);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 0);
    // The reopened connection has no such limit.
    QVERIFY(fixture.accept({ big }));
    QCOMPARE(fixture.number("SELECT count(*) FROM delivery"), 1);
}

void TestStoreAccept::stopAnswersEverythingThatWasPosted()
{
    StoreFixture fixture;
    fixture.open();
    std::atomic<int> accepted { 0 };
    constexpr int kPosted = 500;
    for (int i = 0; i < kPosted; ++i) {
        fixture.store->accept({ { fixture.event("e" + std::to_string(i), { kMeta }) } },
            [&](const Result<std::vector<AcceptedItem>>& items) { accepted += items ? 1 : 0; });
    }
    fixture.store->stop();
    QCOMPARE(accepted.load(), kPosted);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), kPosted);
}

void TestStoreAccept::afterStopEveryCallIsAnsweredUnavailable()
{
    StoreFixture fixture;
    fixture.open();
    fixture.store->stop();
    QCOMPARE(
        fixture.accept({ fixture.event("a", { kMeta }) }).error().code, ErrorCode::Unavailable);
    QCOMPARE(fixture.write([](store::WriteTransaction&) { return Status {}; }).error().code,
        ErrorCode::Unavailable);
}

// The first job holds the store's thread until the queue has been filled behind it.
void TestStoreAccept::aFullQueueRefusesEventsButNotOutcomes()
{
    StoreFixture fixture;
    fixture.options.queueJobsMax = 2;
    fixture.open();
    std::promise<void> isRunning;
    std::promise<void> mayGoOn;
    fixture.store->write(
        [&](store::WriteTransaction&) -> Status {
            isRunning.set_value();
            mayGoOn.get_future().wait();
            return {};
        },
        {});
    isRunning.get_future().wait();
    std::vector<std::string> answers;
    const auto note = [&](const std::string& name, bool isOk) {
        answers.push_back(name + (isOk ? " ok" : " refused"));
    };
    for (const std::string name : { "a", "b", "c" }) {
        fixture.store->accept({ { fixture.event(name, { kMeta }) } },
            [&note, name](
                const Result<std::vector<AcceptedItem>>& items) { note(name, items.has_value()); });
    }
    // Events that wait take no room from marks, and outcomes need none.
    for (const std::string name : { "first mark", "second mark", "third mark" }) {
        fixture.delivery->markDispatched(
            { .request = fixture.delivery->nextRequestId(), .shard = ShardKey { 1 } },
            [&note, name](const Status& outcome) { note(name, outcome.has_value()); });
    }
    RequestResult result;
    result.shard = ShardKey { 1 };
    fixture.delivery->record(
        result, [&](const Status& outcome) { note("record", outcome.has_value()); });
    mayGoOn.set_value();
    fixture.store->stop();
    QCOMPARE(answers,
        (std::vector<std::string> { "first mark ok", "second mark ok", "third mark refused",
            "record ok", "a ok", "b ok", "c refused" }));
}

// Both tests: the first commit is held until all is posted, and each answer is noted with the
// number of its commit.
void TestStoreAccept::aMarkBehindManyBatchesIsInTheNextCommit()
{
    StoreFixture fixture;
    CountedCommits commits(fixture.options);
    fixture.options.commitBytesMax = 1; // a batch a commit
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("first", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    commits.holdNext();
    std::vector<int> accepted; // the store's thread writes it
    const auto post = [&](int i) {
        fixture.store->accept({ { fixture.event("e" + std::to_string(i), { kMeta }) } },
            [&](const Result<std::vector<AcceptedItem>>& items) {
                accepted.push_back(items ? commits.number() : -1);
            });
    };
    post(0);
    commits.waitUntilHeld();
    for (int i = 1; i < 6; ++i)
        post(i);
    int marked = 0;
    fixture.delivery->markDispatched(
        mark, [&](const Status& status) { marked = status ? commits.number() : -1; });
    int recorded = 0;
    fixture.delivery->record(fixture.resultOf(mark, Outcome::Accepted, Next::Done),
        [&](const Status& status) { recorded = status ? commits.number() : -1; });
    commits.letGo();
    fixture.store->stop();
    QCOMPARE(accepted, (std::vector { 1, 2, 3, 4, 5, 6 }));
    QCOMPARE(marked, 2);
    QCOMPARE(recorded, 2);
}

void TestStoreAccept::aBatchBehindManyMarksIsInTheNextCommit()
{
    StoreFixture fixture;
    CountedCommits commits(fixture.options);
    fixture.options.commitRowsMax = 2;
    fixture.open();
    commits.holdNext();
    std::vector<int> marked;
    const auto mark = [&] {
        fixture.delivery->markDispatched(
            { .request = fixture.delivery->nextRequestId(), .shard = ShardKey { 1 } },
            [&](const Status& status) { marked.push_back(status ? commits.number() : -1); });
    };
    mark();
    commits.waitUntilHeld();
    for (int i = 0; i < 6; ++i)
        mark();
    int accepted = 0;
    fixture.store->accept(
        { { fixture.event("a", { kMeta }) } }, [&](const Result<std::vector<AcceptedItem>>& items) {
            accepted = items ? commits.number() : -1;
        });
    commits.letGo();
    fixture.store->stop();
    QCOMPARE(marked, (std::vector { 1, 2, 2, 3, 3, 4, 4 }));
    QCOMPARE(accepted, 2);
}

void TestStoreAccept::everyPostIsAnsweredExactlyOnceFromManyThreads()
{
    StoreFixture fixture;
    std::atomic<int> commits { 0 };
    fixture.options.beforeCommit = [&]() -> Status {
        // Every third commit fails, so that both ways of answering are taken.
        if (++commits % 3 == 0)
            return fail(ErrorCode::Storage, "sometimes");
        return {};
    };
    fixture.options.commitRowsMax = 16;
    fixture.open();
    constexpr int kThreads = 4;
    constexpr int kEach = 50;
    std::vector<std::atomic<int>> answers(kThreads * kEach);
    std::atomic<int> accepted { 0 };
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = t * kEach; i < (t + 1) * kEach; ++i) {
                fixture.store->accept({ { fixture.event(std::to_string(i), { kMeta }) } },
                    [&, i](const Result<std::vector<AcceptedItem>>& items) {
                        ++answers[static_cast<std::size_t>(i)];
                        accepted += items ? 1 : 0;
                    });
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    fixture.store->stop();
    for (const std::atomic<int>& answer : answers)
        QCOMPARE(answer.load(), 1);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), accepted.load());
    QVERIFY(accepted < kThreads * kEach);
}

void TestStoreAccept::aLargeBatchAndMarksTakeTurns()
{
    StoreFixture fixture;
    CountedCommits commits(fixture.options);
    fixture.options.commitRowsMax = 1;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < 400; ++i)
        events.push_back(fixture.event("e" + std::to_string(i), { kMeta }));
    commits.holdNext();
    std::vector<int> marked;
    const auto mark = [&] {
        fixture.delivery->markDispatched(
            { .request = fixture.delivery->nextRequestId(), .shard = ShardKey { 1 } },
            [&](const Status& status) { marked.push_back(status ? commits.number() : -1); });
    };
    mark();
    commits.waitUntilHeld();
    int accepted = 0;
    fixture.store->accept(
        { std::move(events) }, [&](const Result<std::vector<AcceptedItem>>& items) {
            accepted = items ? commits.number() : -1;
        });
    for (int i = 0; i < 3; ++i)
        mark();
    commits.letGo();
    fixture.store->stop();
    QCOMPARE(marked, (std::vector { 1, 2, 3, 4 }));
    QCOMPARE(accepted, 3); // the second commit was of a mark alone
}

void TestStoreAccept::monthsAndUnroutedAreCountedWithTheirEvents()
{
    StoreFixture fixture;
    fixture.open();
    NewEvent event = fixture.event("a", { kMeta });
    event.unrouted = { { "google", "no_identifier" }, { "x", "no_identifier" } };
    QVERIFY(fixture.accept({ event, event, fixture.event("b", {}) }));
    const auto counters = fixture.store->counters();
    QCOMPARE(counters.unrouted.at({ "google", "no_identifier" }), 1);
    QCOMPARE(counters.unroutedOfWorkspace.at({ "shop", "no_identifier" }), 1);
    QCOMPARE(counters.monthAccepted.at({ "shop", 202611 }), 2);
    fixture.reopen();
    QCOMPARE(fixture.store->counters().monthAccepted.at({ "shop", 202611 }), 2);
}

void TestStoreAccept::theLastReleaseOfEachWorkspaceIsKnown()
{
    StoreFixture fixture;
    fixture.open();
    const WallTime now = fixture.clock.wallNow();
    const auto deferred = [&](const std::string& id, const std::string& workspace, Seconds wait) {
        NewEvent event = fixture.event(id, { kMeta, kHook });
        event.workspace = workspace;
        for (NewDelivery& delivery : event.deliveries) {
            delivery.lane = Lane::Deferred;
            delivery.dueAt = now + wait;
        }
        return event;
    };
    using namespace std::chrono_literals;
    NewEvent live = fixture.event("live", { kMeta });
    live.workspace = "calm";
    QVERIFY(fixture.accept({ deferred("a", "shop", 5s), deferred("b", "shop", 20s),
        deferred("c", "blog", 9s), live }));
    const auto reader = store::Reader::open(fixture.store->databasePath());
    QVERIFY(reader);
    const std::map<std::string, WallTime> expected { { "shop", now + 20s }, { "blog", now + 9s } };
    QVERIFY((*reader)->deferredUntil().value() == expected);
    fixture.clock.advance(10s);
    fixture.release(fixture.shardRecord(kMeta).key);
    fixture.release(fixture.shardRecord(kHook).key);
    const std::map<std::string, WallTime> left { { "shop", now + 20s } };
    QVERIFY((*reader)->deferredUntil().value() == left);
}

SPILLWAY_TEST(TestStoreAccept)

} // namespace tst_store_accept

#include "tst_store_accept.moc"
