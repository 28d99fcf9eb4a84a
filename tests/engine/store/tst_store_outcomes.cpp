#include "store_fixture.h"
#include "support/test_program.h"

#include <sys/stat.h>

namespace tst_store_outcomes {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {
const ShardId kMeta { "meta-main", "1029" };
const ShardId kHook { "hook", "default" };
} // namespace

class TestStoreOutcomes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void acceptedDeliveriesAreGoneAndLeaveTheirAttempt();
    void aRetryMovesToItsLaneWithItsDueTimeAndSurvivesARestart();
    void whatIsGivenBackStaysWhereItWasUnspent();
    void onlyAnUnknownOutcomeStartsTheDedupClock();
    void aDeadDeliveryKeepsEverythingItsOperatorNeeds();
    void aReplayThatFailsAgainUpdatesItsEntryAndAddsNone();
    void aReplayThatIsAcceptedLeavesTheDeadLetters();
    void refusedBeforeSendingIsADeadLetterWithoutAnAttempt();
    void outcomesOfRowsThatAreGoneChangeNothing();
    void oneAnswerIsAllOrNothing();
    void aJobThatCannotBeWrittenDoesNotTakeItsNeighboursAlong();
    void aDeliveryWhoseEventIsGoneIsReadAndEndsAsADeadLetter();
    void aCrashWhileInFlightSpendsOneAttemptAndRetriesNow();
    void whatKillsTheProcessWhileItIsEncodedSpendsAnAttempt();
    void theMarkOfWhatIsEncodedHasItsRoomOnTheDisk();
    void aCrashAfterTheOutcomeRepeatsNothing();
    void windowsAreRebuiltFromWhatWasSent();
    void lagIgnoresWhatIsInFlightOrWasPickedUp();
    void lagFindsTheOldestWhereTheRankIsAnExpiry();
    void deferredDeliveriesBecomeLiveAtTheirTime();
    void aPauseOfADestinationCoversShardsThatAppearLater();
    void dueTimesBeyondEveryWaitAreBroughtBackAtStart();
    void aFailedGuardedWriteUndoesItselfAlone();
    void requestIdsGrowAcrossRestarts();
};

void TestStoreOutcomes::acceptedDeliveriesAreGoneAndLeaveTheirAttempt()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < 7; ++i) // 4 + 2 + 1 rows: every way of deleting is taken
        events.push_back(fixture.event("e" + std::to_string(i), { kMeta, kHook }));
    QVERIFY(fixture.accept(events));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    fixture.clock.advance(80ms);
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Accepted, Next::Done)));
    QCOMPARE(fixture.rows(kMeta, Lane::Live).size(), 0U);
    QCOMPARE(fixture.rows(kHook, Lane::Live).size(), 7U);
    const ShardRecord shard = fixture.shardRecord(kMeta);
    QCOMPARE(shard.waiting[0], 0);
    QCOMPARE(*shard.lastSuccess, fixture.clock.wallNow());
    QCOMPARE(fixture.number("SELECT count(*) FROM attempt WHERE outcome = 0 AND number = 1"), 7);
}

void TestStoreOutcomes::aRetryMovesToItsLaneWithItsDueTimeAndSurvivesARestart()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    RequestResult result = fixture.resultOf(mark, Outcome::Transient, Next::Retry);
    result.items.front().attempts = 3;
    const WallTime due = result.items.front().dueAt;
    QVERIFY(fixture.record(result));
    fixture.reopen();
    QVERIFY(fixture.rows(kMeta, Lane::Live).empty());
    const auto rows = fixture.rows(kMeta, Lane::Retry);
    QCOMPARE(rows.size(), 1U);
    QCOMPARE(rows.front().dueAt, due);
    QCOMPARE(rows.front().key.rank, toUnixMicros(due));
    QCOMPARE(rows.front().attempts, 3);
    QVERIFY(rows.front().wasPickedUp);
    QCOMPARE(fixture.shardRecord(kMeta).waiting[0], 0);
    QCOMPARE(fixture.shardRecord(kMeta).waiting[1], 1);
}

void TestStoreOutcomes::whatIsGivenBackStaysWhereItWasUnspent()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const auto before = fixture.rows(kMeta, Lane::Live);
    const DispatchMark mark = fixture.markOf(before);
    QVERIFY(fixture.mark(mark));
    RequestResult result = fixture.resultOf(mark, Outcome::Throttled, Next::Back);
    result.items.front().attempts = 0;
    QVERIFY(fixture.record(result));
    const auto after = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(after.size(), 1U);
    QVERIFY(after.front().key == before.front().key);
    QCOMPARE(after.front().attempts, 0);
    QVERIFY(after.front().wasPickedUp);
    QCOMPARE(fixture.number("SELECT count(*) FROM attempt WHERE number = 0"), 1);
}

void TestStoreOutcomes::onlyAnUnknownOutcomeStartsTheDedupClock()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Transient, Next::Retry)));
    QVERIFY(!fixture.rows(kMeta, Lane::Retry).front().firstSentAt);
    const WallTime firstUnknown = fixture.clock.wallNow();
    for (int i = 0; i < 2; ++i) {
        mark = fixture.markOf(fixture.rows(kMeta, Lane::Retry));
        QVERIFY(fixture.mark(mark));
        fixture.clock.advance(1s);
        QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Unknown, Next::Retry)));
    }
    QCOMPARE(*fixture.rows(kMeta, Lane::Retry).front().firstSentAt, firstUnknown);
}

void TestStoreOutcomes::aDeadDeliveryKeepsEverythingItsOperatorNeeds()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    RequestResult result = fixture.resultOf(mark, Outcome::Invalid, Next::Dead);
    result.requestHead = "POST /events";
    result.response = std::string(70'000, 'r');
    result.responseBytes = 90'000;
    result.encoder = "meta-1:ab12";
    for (ItemResult& item : result.items) {
        item.code = "100/2804003";
        item.message = std::string(511, 'x') + "\xc3\xa9"; // the limit cuts through an é
        item.record = R"({"v":1})";
    }
    QVERIFY(fixture.record(result));
    QCOMPARE(fixture.shardRecord(kMeta).deadLetters, 2);
    QCOMPARE(fixture.shardRecord(kMeta).waiting[0], 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM answer"), 1);
    QCOMPARE(fixture.number("SELECT count(*) FROM dead_letter d JOIN answer a ON a.id = d.answer "
                            "WHERE d.code = '100/2804003' AND d.encoder = 'meta-1:ab12' "
                            "AND length(d.message) = 511 AND d.http_status = 400 "
                            "AND CAST(d.record AS TEXT) = '{\"v\":1}' AND d.payload_bytes = 25 "
                            "AND length(a.response) = 65536 AND a.response_bytes = 90000"),
        2);
    QCOMPARE(fixture.number("SELECT entries FROM fingerprint_shard"), 2);
}

// Dead, put into the replay lane as a replay does, dead again of something else.
void TestStoreOutcomes::aReplayThatFailsAgainUpdatesItsEntryAndAddsNone()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Invalid, Next::Dead)));
    const WallTime firstSeen = fixture.clock.wallNow();
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) -> Status {
        transaction.countLane(ShardKey { 1 }, Lane::Replay, 1);
        return transaction.connection().exec("INSERT INTO delivery(shard, lane, rank_us, seq, job) "
                                             "SELECT shard, 2, event_time_us, seq, 5 FROM "
                                             "dead_letter");
    }));
    fixture.clock.advance(1min);
    mark = fixture.markOf(fixture.rows(kMeta, Lane::Replay));
    QCOMPARE(mark.items.size(), 1U);
    QVERIFY(fixture.mark(mark));
    RequestResult again = fixture.resultOf(mark, Outcome::Invalid, Next::Dead);
    again.items.front().job = ReplayJobId { 5 };
    again.items.front().fingerprint = "meta · 400 · another value";
    QVERIFY(fixture.record(again));
    QCOMPARE(fixture.number("SELECT count(*) FROM dead_letter WHERE last_failed_us - first_seen_us "
                            "= 60000000 AND first_seen_us = "
                 + std::to_string(toUnixMicros(firstSeen))),
        1);
    const auto counters = fixture.store->counters();
    QCOMPARE(counters.shards.front().dlqAdded, 1);
    QCOMPARE(counters.deadLetters, 1);
    QCOMPARE(counters.waiting, 0);
    QCOMPARE(fixture.number("SELECT sum(entries) FROM fingerprint_shard"), 1);
    QCOMPARE(fixture.number("SELECT entries FROM fingerprint_shard JOIN fingerprint ON id = "
                            "fingerprint WHERE text = 'meta · 400 · another value'"),
        1);
    QCOMPARE(fixture.number("SELECT failed FROM job_progress WHERE job = 5"), 1);
}

void TestStoreOutcomes::aReplayThatIsAcceptedLeavesTheDeadLetters()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Invalid, Next::Dead)));
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) -> Status {
        transaction.countLane(ShardKey { 1 }, Lane::Replay, 1);
        return transaction.connection().exec("INSERT INTO delivery(shard, lane, rank_us, seq, job) "
                                             "SELECT shard, 2, event_time_us, seq, 5 FROM "
                                             "dead_letter");
    }));
    mark = fixture.markOf(fixture.rows(kMeta, Lane::Replay));
    QVERIFY(fixture.mark(mark));
    RequestResult accepted = fixture.resultOf(mark, Outcome::Accepted, Next::Done);
    accepted.items.front().job = ReplayJobId { 5 };
    QVERIFY(fixture.record(accepted));
    QCOMPARE(fixture.number("SELECT count(*) FROM dead_letter WHERE state = 2"), 1);
    const auto counters = fixture.store->counters();
    QCOMPARE(counters.deadLetters, 0);
    QCOMPARE(counters.shards.front().dlqRemoved, 1);
    QCOMPARE(fixture.number("SELECT sum(entries) FROM fingerprint_shard"), 0);
    QCOMPARE(fixture.number("SELECT accepted FROM job_progress WHERE job = 5"), 1);
}

void TestStoreOutcomes::refusedBeforeSendingIsADeadLetterWithoutAnAttempt()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    mark.request = {};
    RequestResult result = fixture.resultOf(mark, Outcome::Invalid, Next::Dead);
    result.items[1].next = Next::Back;
    QVERIFY(fixture.record(result));
    QCOMPARE(fixture.shardRecord(kMeta).deadLetters, 1);
    const auto rows = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(rows.size(), 1U);
    QVERIFY(!rows.front().wasPickedUp);
    QCOMPARE(fixture.number("SELECT count(*) FROM attempt"), 0);
}

void TestStoreOutcomes::outcomesOfRowsThatAreGoneChangeNothing()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < 4; ++i)
        events.push_back(fixture.event("e" + std::to_string(i), { kMeta }));
    QVERIFY(fixture.accept(events));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Accepted, Next::Done)));
    for (const Next next : { Next::Done, Next::Retry, Next::Back, Next::BackRetry, Next::Dead }) {
        DispatchMark again = mark;
        again.request = fixture.delivery->nextRequestId();
        QVERIFY(fixture.mark(again));
        QVERIFY(fixture.record(fixture.resultOf(again, Outcome::Invalid, next)));
    }
    DispatchMark open = mark;
    open.request = fixture.delivery->nextRequestId();
    QVERIFY(fixture.mark(open));
    fixture.crashAndReopen();
    const ShardRecord shard = fixture.shardRecord(kMeta);
    QCOMPARE(shard.waiting[0] + shard.waiting[1], 0);
    QCOMPARE(shard.deadLetters, 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM delivery"), 0);
}

// The second of two items cannot be stored, so the first is not done either.
void TestStoreOutcomes::oneAnswerIsAllOrNothing()
{
    StoreFixture fixture;
    bool isBroken = false;
    fixture.options.beforeCommit = [&]() -> Status {
        if (isBroken)
            return fail(ErrorCode::Storage, "the disk is gone");
        return {};
    };
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    isBroken = true;
    RequestResult result = fixture.resultOf(mark, Outcome::Accepted, Next::Done);
    result.items[1].next = Next::Dead;
    result.items[1].outcome = Outcome::Invalid;
    QVERIFY(!fixture.record(result));
    QCOMPARE(fixture.rows(kMeta, Lane::Live).size(), 2U);
    isBroken = false;
    QVERIFY(fixture.record(result));
    QCOMPARE(fixture.rows(kMeta, Lane::Live).size(), 0U);
    QCOMPARE(fixture.shardRecord(kMeta).deadLetters, 1);
    QCOMPARE(fixture.store->counters().waiting, 0);
}

// A mark with an id that is taken fails; the events of the same commit do not.
void TestStoreOutcomes::aJobThatCannotBeWrittenDoesNotTakeItsNeighboursAlong()
{
    StoreFixture fixture;
    fixture.options.commitDelay = std::chrono::hours { 1 };
    fixture.options.commitRowsMax = 1;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    fixture.options.commitRowsMax = 3;
    fixture.reopen();
    std::promise<Status> marked;
    std::promise<Result<std::vector<AcceptedItem>>> first;
    std::promise<Result<std::vector<AcceptedItem>>> second;
    fixture.store->accept({ { fixture.event("b", { kMeta }) }, 24h },
        [&](Result<std::vector<AcceptedItem>> items) { first.set_value(std::move(items)); });
    fixture.delivery->markDispatched(mark, [&](const Status& status) { marked.set_value(status); });
    fixture.store->accept({ { fixture.event("c", { kMeta }), fixture.event("d", { kMeta }) }, 24h },
        [&](Result<std::vector<AcceptedItem>> items) { second.set_value(std::move(items)); });
    QVERIFY(!marked.get_future().get());
    QVERIFY(first.get_future().get());
    const auto kept = second.get_future().get();
    QVERIFY(kept && kept->size() == 2);
    QCOMPARE(fixture.number("SELECT count(*) FROM event"), 4);
    QVERIFY(fixture.store->stats().canCommit);
}

void TestStoreOutcomes::aDeliveryWhoseEventIsGoneIsReadAndEndsAsADeadLetter()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    QVERIFY(fixture.write([](store::WriteTransaction& transaction) {
        return transaction.connection().exec("DELETE FROM event WHERE event_id = 'a'");
    }));
    const auto rows = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(rows.size(), std::size_t { 2 });
    QVERIFY(!rows[0].event && rows[1].event);
    RequestResult gone { .shard = rows[0].shard, .endedAt = fixture.clock.wallNow() };
    gone.outcome = Outcome::Invalid;
    gone.items.push_back({ .key = rows[0].key,
        .outcome = Outcome::Invalid,
        .next = Next::Dead,
        .code = "payload_gone",
        .message = "the payload is no longer kept" });
    QVERIFY(fixture.record(gone));
    QCOMPARE(fixture.shardRecord(kMeta).deadLetters, 1);
    QCOMPARE(fixture.shardRecord(kMeta).waiting[0], 1);
}

void TestStoreOutcomes::aCrashWhileInFlightSpendsOneAttemptAndRetriesNow()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }),
        fixture.event("c", { kMeta }) }));
    auto rows = fixture.rows(kMeta, Lane::Live);
    rows.pop_back();
    const DispatchMark mark = fixture.markOf(rows);
    QVERIFY(fixture.mark(mark));
    fixture.clock.advance(30s);
    fixture.crashAndReopen();
    QCOMPARE(fixture.store->stats().unknownAtStart, 1);
    QCOMPARE(fixture.rows(kMeta, Lane::Live).size(), 1U);
    const auto retries = fixture.rows(kMeta, Lane::Retry);
    QCOMPARE(retries.size(), 2U);
    for (const QueuedDelivery& row : retries) {
        QCOMPARE(row.attempts, 1);
        QCOMPARE(row.dueAt, fixture.clock.wallNow());
        QCOMPARE(*row.firstSentAt, mark.at);
        QVERIFY(row.wasPickedUp);
    }
    QCOMPARE(fixture.shardRecord(kMeta).waiting[1], 2);
    QCOMPARE(fixture.number("SELECT count(*) FROM attempt WHERE outcome = 3 AND number = 1"), 2);
    fixture.crashAndReopen(); // nothing is repaired twice
    QCOMPARE(fixture.store->stats().unknownAtStart, 0);
    QCOMPARE(fixture.rows(kMeta, Lane::Retry).front().attempts, 1);
}

// Each run that ends there counts one; a run that ended otherwise counts none.
void TestStoreOutcomes::whatKillsTheProcessWhileItIsEncodedSpendsAnAttempt()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    for (int run = 1; run <= 2; ++run) {
        const QueuedDelivery row = fixture.rows(kMeta, Lane::Live).front();
        fixture.delivery->encoding(row.shard, &row.key);
        fixture.reopen();
        QCOMPARE(fixture.rows(kMeta, Lane::Live).front().attempts, run);
    }
    const QueuedDelivery row = fixture.rows(kMeta, Lane::Live).front();
    fixture.delivery->encoding(row.shard, &row.key);
    fixture.delivery->encoding(row.shard, nullptr);
    fixture.reopen();
    fixture.reopen();
    QCOMPARE(fixture.rows(kMeta, Lane::Live).front().attempts, 2);
    QCOMPARE(fixture.rows(kMeta, Lane::Live).back().attempts, 0);
}

// A mapped page without room would end the process when the disk is full.
void TestStoreOutcomes::theMarkOfWhatIsEncodedHasItsRoomOnTheDisk()
{
    StoreFixture fixture;
    fixture.open();
    fixture.delivery->encoding(ShardKey { 1 }, nullptr);
    struct stat file { };
    QCOMPARE(::stat((fixture.store->directory() + "/encoding").c_str(), &file), 0);
    QVERIFY(file.st_size > 0);
    QVERIFY(file.st_blocks > 0);
    // Where the file cannot be made, delivery goes on without it.
    store::EncodingMark nowhere("/nonexistent");
    nowhere.set({});
    nowhere.clear();
    QVERIFY(!store::EncodingMark::left("/nonexistent"));
}

void TestStoreOutcomes::aCrashAfterTheOutcomeRepeatsNothing()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Accepted, Next::Done)));
    fixture.crashAndReopen();
    QCOMPARE(fixture.store->stats().unknownAtStart, 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM delivery"), 0);
}

// Four requests: ended long ago, sent long ago but ended lately, ended lately, lost in the crash.
void TestStoreOutcomes::windowsAreRebuiltFromWhatWasSent()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < 4; ++i)
        events.push_back(fixture.event("e" + std::to_string(i), { kMeta }));
    QVERIFY(fixture.accept(events));
    const auto rows = fixture.rows(kMeta, Lane::Live);
    std::vector<DispatchMark> marks;
    const std::array<std::chrono::seconds, 4> pauses { 50s, 15s, 1s, 5s };
    for (std::size_t i = 0; i < 4; ++i) {
        marks.push_back(fixture.markOf({ rows[i] }));
        QVERIFY(fixture.mark(marks[i]));
        if (i == 0)
            QVERIFY(fixture.record(fixture.resultOf(marks[0], Outcome::Accepted, Next::Done)));
        fixture.clock.advance(pauses[i]);
        if (i == 1 || i == 2)
            QVERIFY(fixture.record(fixture.resultOf(marks[i], Outcome::Accepted, Next::Done)));
    }
    const WallTime from = fixture.clock.wallNow() - 10s;
    fixture.crashAndReopen();
    const auto sent = fixture.delivery->sentSince(rows.front().shard, from);
    QCOMPARE(sent->size(), 3U);
    QCOMPARE((*sent)[0].sentAt, marks[1].at);
    QCOMPARE(*(*sent)[0].endedAt, marks[1].at + 15s);
    QCOMPARE((*sent)[1].sentAt, marks[2].at);
    QCOMPARE((*sent)[2].sentAt, marks[3].at);
    QVERIFY(!(*sent)[2].endedAt);
    QCOMPARE((*sent)[2].records, 1);
    QCOMPARE((*sent)[2].host, std::string("graph.example"));
}

void TestStoreOutcomes::lagIgnoresWhatIsInFlightOrWasPickedUp()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<WallTime> received;
    for (int i = 0; i < 3; ++i) {
        received.push_back(fixture.clock.wallNow());
        QVERIFY(fixture.accept({ fixture.event("e" + std::to_string(i), { kMeta }) }));
        fixture.clock.advance(10s);
    }
    const ShardKey shard = fixture.shardRecord(kMeta).key;
    const auto rows = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(*fixture.delivery->oldestNeverPickedUp(shard), std::optional(received[0]));
    const DispatchMark mark = fixture.markOf({ rows[0] });
    QVERIFY(fixture.mark(mark));
    QCOMPARE(*fixture.delivery->oldestNeverPickedUp(shard), std::optional(received[1]));
    QVERIFY(fixture.record(fixture.resultOf(mark, Outcome::Throttled, Next::Back)));
    QCOMPARE(*fixture.delivery->oldestNeverPickedUp(shard), std::optional(received[1]));
    const DispatchMark rest = fixture.markOf({ rows[1], rows[2] });
    QVERIFY(fixture.mark(rest));
    QCOMPARE(*fixture.delivery->oldestNeverPickedUp(shard), std::optional<WallTime> {});
}

// The event that came first expires last.
void TestStoreOutcomes::lagFindsTheOldestWhereTheRankIsAnExpiry()
{
    StoreFixture fixture;
    fixture.open();
    const WallTime first = fixture.clock.wallNow();
    for (const auto age : { 0min, 30min, 60min }) {
        NewEvent event = fixture.event("e" + std::to_string(age.count()), { kMeta });
        event.eventTime = fixture.clock.wallNow() - age;
        event.deliveries.front().expiresAt = event.eventTime + std::chrono::days { 7 };
        QVERIFY(fixture.accept({ event }));
        fixture.clock.advance(1s);
    }
    QCOMPARE(fixture.rows(kMeta, Lane::Live).back().event->eventId, std::string("e0"));
    QCOMPARE(*fixture.delivery->oldestNeverPickedUp(fixture.shardRecord(kMeta).key),
        std::optional(first));
}

void TestStoreOutcomes::deferredDeliveriesBecomeLiveAtTheirTime()
{
    StoreFixture fixture;
    fixture.open();
    std::vector<NewEvent> events;
    for (int i = 0; i < 3; ++i) {
        NewEvent event = fixture.event("e" + std::to_string(i), { kMeta });
        event.deliveries.front().lane = Lane::Deferred;
        event.deliveries.front().dueAt = fixture.clock.wallNow() + std::chrono::seconds { 10 * i };
        if (i == 1)
            event.deliveries.front().expiresAt = event.eventTime + std::chrono::days { 7 };
        events.push_back(event);
    }
    const WallTime received = fixture.clock.wallNow();
    QVERIFY(fixture.accept(events));
    const ShardKey shard = fixture.shardRecord(kMeta).key;
    std::vector<Arrivals> arrived;
    fixture.store->onArrivals([&](const std::vector<Arrivals>& all) { arrived = all; });
    fixture.clock.advance(10s);
    QCOMPARE(fixture.release(shard), 2);
    QCOMPARE(fixture.release(shard), 0); // also: the listener has run before this was answered
    QCOMPARE(arrived.size(), 1U);
    QVERIFY(arrived.front().id == kMeta);
    QCOMPARE(arrived.front().count, 2);
    QCOMPARE(arrived.front().oldestReceivedAt, received);
    const auto live = fixture.rows(kMeta, Lane::Live);
    QCOMPARE(live.size(), 2U);
    QVERIFY(arrived.front().first == live.front().key);
    QCOMPARE(live.front().key.rank, toUnixMicros(received));
    QCOMPARE(fixture.shardRecord(kMeta).waiting[0], 2);
    QCOMPARE(fixture.shardRecord(kMeta).waiting[4], 1);
    fixture.store->onArrivals({});
}

void TestStoreOutcomes::aPauseOfADestinationCoversShardsThatAppearLater()
{
    StoreFixture fixture;
    fixture.open();
    const ShardId later { "meta-main", "2" };
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta, kHook }) }));
    const WallTime until = fixture.clock.wallNow() + 1h;
    QVERIFY(fixture.setDesired({ "meta-main", {} }, Desired::Paused, until));
    QVERIFY(fixture.accept({ fixture.event("b", { later }) }));
    fixture.reopen();
    for (const ShardId& id : { kMeta, later }) {
        const ShardRecord shard = fixture.shardRecord(id);
        QCOMPARE(shard.desired, Desired::Paused);
        QCOMPARE(*shard.pauseUntil, until);
        QCOMPARE(shard.pauseWho, std::string("ops"));
        QCOMPARE(shard.pauseNote, std::string("why"));
    }
    QCOMPARE(fixture.shardRecord(kHook).desired, Desired::Running);
    QVERIFY(fixture.setDesired({ "meta-main", {} }, Desired::Running));
    QVERIFY(fixture.accept({ fixture.event("c", { { "meta-main", "3" } }) }));
    for (const ShardId& id : { kMeta, later, ShardId { "meta-main", "3" } })
        QCOMPARE(fixture.shardRecord(id).desired, Desired::Running);
}

// Due in 25 h when the clock was set; the longest wait is 24 h.
void TestStoreOutcomes::dueTimesBeyondEveryWaitAreBroughtBackAtStart()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }), fixture.event("b", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    RequestResult result = fixture.resultOf(mark, Outcome::Transient, Next::Retry);
    result.items[0].dueAt = fixture.clock.wallNow() + 25h;
    result.items[1].dueAt = fixture.clock.wallNow() + 23h;
    QVERIFY(fixture.record(result));
    fixture.reopen();
    const auto rows = fixture.rows(kMeta, Lane::Retry);
    QCOMPARE(rows[0].dueAt, fixture.clock.wallNow() + 23h);
    QCOMPARE(rows[1].dueAt, fixture.clock.wallNow() + 24h);
    QCOMPARE(rows[1].key.rank, toUnixMicros(rows[1].dueAt));
}

void TestStoreOutcomes::aFailedGuardedWriteUndoesItselfAlone()
{
    StoreFixture fixture;
    fixture.options.commitDelay = Millis { 1'000 };
    fixture.options.commitRowsMax = 6; // exactly the three jobs below: one commit
    fixture.open();
    std::promise<Result<std::vector<AcceptedItem>>> accepted;
    std::promise<Status> refused;
    std::promise<Status> written;
    fixture.store->accept({ { fixture.event("a", { kMeta }) } },
        [&](const Result<std::vector<AcceptedItem>>& items) { accepted.set_value(items); });
    fixture.store->write(
        [](store::WriteTransaction& transaction) -> Status {
            const auto shard = transaction.shard(kHook);
            transaction.countLane(*shard, Lane::Live, 7);
            return fail(ErrorCode::Conflict, "twice at once");
        },
        [&](const Status& outcome) { refused.set_value(outcome); });
    fixture.store->write(
        [](store::WriteTransaction& transaction) -> Status {
            const auto shard = transaction.shard({ "third", "x" });
            return shard ? Status {} : Status(tl::unexpected(shard.error()));
        },
        [&](const Status& outcome) { written.set_value(outcome); }, 2);
    QVERIFY(accepted.get_future().get());
    QCOMPARE(refused.get_future().get().error().code, ErrorCode::Conflict);
    QVERIFY(written.get_future().get());
    QCOMPARE(fixture.number("SELECT count(*) FROM shard WHERE destination = 'hook'"), 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM shard WHERE destination = 'third'"), 1);
    QCOMPARE(fixture.store->counters().waiting, 1);
    QCOMPARE(fixture.store->counters().shards.size(), 2U);
}

void TestStoreOutcomes::requestIdsGrowAcrossRestarts()
{
    StoreFixture fixture;
    fixture.open();
    QVERIFY(fixture.accept({ fixture.event("a", { kMeta }) }));
    const DispatchMark mark = fixture.markOf(fixture.rows(kMeta, Lane::Live));
    QVERIFY(fixture.mark(mark));
    QVERIFY(fixture.delivery->nextRequestId() > mark.request);
    fixture.clock.shiftWall(-1h); // somebody set the clock back
    fixture.reopen();
    QVERIFY(fixture.delivery->nextRequestId() > mark.request);
}

SPILLWAY_TEST(TestStoreOutcomes)

} // namespace tst_store_outcomes

#include "tst_store_outcomes.moc"
