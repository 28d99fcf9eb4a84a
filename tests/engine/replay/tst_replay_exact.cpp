// What a replay must not forget and must not send: unknown first sends, replaced records, events
// that wait already, what expires before its turn, what a cancel left in the lane.
#include "engine/store/store_fixture.h"
#include "store/reader.h"
#include "store/replay_jobs.h"
#include "store/selections.h"
#include "store/taken_rows.h"
#include "store/upkeep.h"
#include "support/test_program.h"

namespace tst_replay_exact {

using namespace engine;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

const ShardId kShard { "crm", "1" };

} // namespace

class TestReplayExact final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aRecordThatALaterOneReplacedIsSuperseded();
    void aRecordReplacedAfterThePreviewIsSkipped();
    void aRecordReplacedBeforeItGoesCountsAsSkipped();
    void aReplayRemembersTheFirstUnknownSend();
    void whatExpiresBeforeItsTurnIsTooOldAndThePartsAddUp();
    void deliveredEventsAreFoundByTimeAndJudgedByAge();
    void aDeliveredEventThatWaitsInRetryIsNotFedTwice();
    void aCancelTakesBackWhatWaitsAndLeavesWhatIsInFlight();
    void atStartWhatACancelledJobLeftInFlightIsTakenBack();
    void failingWithTheSameErrorIsCounted();
    void orphansBecomeDeadLetters();
    void onlyWhatIsLongArchivedIsPurged();
    void oldSelectionsGoInSteps();

private:
    void accept(const std::string& id, const std::string& person = {});
    void end(Lane lane, Outcome outcome, Next next, std::size_t rowsMax = 100);
    [[nodiscard]] SelectionId select(const SelectionRequest& request = {});
    [[nodiscard]] ReplayJobId start(SelectionId selection, bool includeUnknown = false);
    [[nodiscard]] store::FeedStep feed(ReplayJobId job);
    [[nodiscard]] store::TakeStep takeBack(ReplayJobId job);
    void finish(); // the latest job
    [[nodiscard]] ReplayPreview preview(SelectionId selection)
    {
        return m_reader->preview(selection).value();
    }
    [[nodiscard]] store::ReplayJobRow jobRow() { return m_reader->jobs(1).value().front(); }
    template <class T>
    T write(const std::function<Result<T>(store::WriteTransaction&)>& work);

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<store::Reader> m_reader {};
    // What an adapter would say: the payload's person, and an age of one hour.
    std::map<std::string, std::string> m_persons {}; // event id → person
    std::optional<Seconds> m_age {};
};

void TestReplayExact::init()
{
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
    m_persons.clear();
    m_age.reset();
}

void TestReplayExact::cleanup()
{
    m_reader.reset();
    m_fixture.reset();
}

template <class T>
T TestReplayExact::write(const std::function<Result<T>(store::WriteTransaction&)>& work)
{
    T value {};
    const Status done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        Result<T> result = work(transaction);
        if (!result)
            return tl::unexpected(result.error());
        value = std::move(*result);
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return value;
}

void TestReplayExact::accept(const std::string& id, const std::string& person)
{
    if (!person.empty())
        m_persons[id] = person;
    NewEvent event = m_fixture->event(id, { kShard });
    if (m_age)
        event.deliveries.front().expiresAt = event.eventTime + *m_age;
    event.deliveries.front().personKey = person;
    QVERIFY(m_fixture->accept({ std::move(event) }).has_value());
}

void TestReplayExact::end(Lane lane, Outcome outcome, Next next, std::size_t rowsMax)
{
    auto rows = m_fixture->rows(kShard, lane);
    rows.resize(std::min(rows.size(), rowsMax));
    QVERIFY(!rows.empty());
    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark).has_value());
    RequestResult result = m_fixture->resultOf(mark, outcome, next);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        result.items[i].job = rows[i].job;
        if (next == Next::Done)
            result.items[i].personKey = m_persons[rows[i].event->eventId];
    }
    QVERIFY(m_fixture->record(std::move(result)).has_value());
}

SelectionId TestReplayExact::select(const SelectionRequest& request)
{
    return write<SelectionId>([&](store::WriteTransaction& transaction) -> Result<SelectionId> {
        const SelectionId selection = store::beginSelection(transaction).value();
        const store::VerdictInput input {
            .facts =
                [this](const ShardId&, const StoredEventPtr& event) {
                    store::DeliveryFacts facts { .personKey = m_persons[event->eventId] };
                    if (m_age)
                        facts.expiresAt = event->eventTime + *m_age;
                    return facts;
                },
            .now = transaction.now(),
        };
        for (store::SelectionCursor cursor; !cursor.isDone;)
            cursor
                = store::growSelection(transaction, selection, request, input, cursor, 2).value();
        return selection;
    });
}

ReplayJobId TestReplayExact::start(SelectionId selection, bool includeUnknown)
{
    return write<ReplayJobId>([&](store::WriteTransaction& transaction) {
        return store::createReplayJob(
            transaction, { .selection = selection, .includeUnknown = includeUnknown });
    });
}

store::FeedStep TestReplayExact::feed(ReplayJobId job)
{
    return write<store::FeedStep>([&](store::WriteTransaction& transaction) {
        return store::feedReplayJob(transaction, job, 100);
    });
}

store::TakeStep TestReplayExact::takeBack(ReplayJobId job)
{
    return write<store::TakeStep>([&](store::WriteTransaction& transaction) {
        return store::takeBackJob(transaction, job, 100);
    });
}

void TestReplayExact::finish()
{
    const ReplayJobId job = jobRow().id;
    QVERIFY(m_fixture
                ->write([&](store::WriteTransaction& transaction) {
                    return store::setReplayJobState(
                        transaction, job, store::JobState::Finished, {});
                })
                .has_value());
}

// Anna is identified twice; the first failed, the second was accepted. Ben's only one failed.
void TestReplayExact::aRecordThatALaterOneReplacedIsSuperseded()
{
    accept("anna-1", "id:anna");
    accept("ben-1", "id:ben");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    accept("anna-2", "id:anna");
    end(Lane::Live, Outcome::Accepted, Next::Done);
    const ReplayPreview counted = preview(select());
    QCOMPARE(counted.matched, std::int64_t { 2 });
    QCOMPARE(counted.superseded, std::int64_t { 1 });
    QCOMPARE(counted.willSend, std::int64_t { 1 });
}

void TestReplayExact::aRecordReplacedAfterThePreviewIsSkipped()
{
    accept("anna-1", "id:anna");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const ReplayJobId job = start(select());
    accept("anna-2", "id:anna");
    end(Lane::Live, Outcome::Accepted, Next::Done);
    const store::FeedStep step = feed(job);
    QCOMPARE(step.fed, std::int64_t { 0 });
    QCOMPARE(step.skipped, std::int64_t { 1 });
}

// Fed already, and before it goes a later one is accepted.
void TestReplayExact::aRecordReplacedBeforeItGoesCountsAsSkipped()
{
    accept("anna-1", "id:anna");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const ReplayJobId job = start(select());
    QCOMPARE(feed(job).fed, std::int64_t { 1 });
    accept("anna-2", "id:anna");
    end(Lane::Live, Outcome::Accepted, Next::Done);
    const QueuedDelivery row = m_fixture->rows(kShard, Lane::Replay).front();
    QVERIFY(row.person);
    QVERIFY(m_fixture->delivery->isSuperseded(row.shard, *row.person, row.key.seq).value());
    RequestResult result { .shard = row.shard };
    result.items.push_back({ .key = row.key, .next = Next::Superseded, .job = row.job });
    QVERIFY(m_fixture->record(std::move(result)).has_value());
    const store::ReplayJobRow after = jobRow();
    QCOMPARE(after.fed, std::int64_t { 0 });
    QCOMPARE(after.skipped, std::int64_t { 1 });
    QCOMPARE(after.accepted, std::int64_t { 0 });
    QVERIFY(m_fixture->rows(kShard, Lane::Replay).empty());
    QCOMPARE(m_fixture->number("SELECT count(*) FROM dead_letter WHERE state = 0"), 1);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM dead_letter WHERE job IS NOT NULL"), 0);
}

// Sent without an answer at T: whatever is tried later, the dedup window counts from T.
void TestReplayExact::aReplayRemembersTheFirstUnknownSend()
{
    accept("e1");
    const WallTime first = m_fixture->clock.wallNow();
    end(Lane::Live, Outcome::Unknown, Next::Dead);
    QCOMPARE(preview(select()).outcomeUnknown, std::int64_t { 1 });
    m_fixture->clock.advance(2h);
    (void)feed(start(select(), true));
    const auto fed = m_fixture->rows(kShard, Lane::Replay);
    QCOMPARE(fed.size(), std::size_t { 1 });
    QVERIFY(fed.front().firstSentAt == first);
    // Refused in plain words this time: it may have been processed all the same.
    end(Lane::Replay, Outcome::Invalid, Next::Dead);
    QCOMPARE(preview(select()).outcomeUnknown, std::int64_t { 1 });
    finish();
    m_fixture->clock.advance(2h);
    (void)feed(start(select(), true));
    QVERIFY(m_fixture->rows(kShard, Lane::Replay).front().firstSentAt == first);
}

// Four events that expire 10 s from now, at one record in 4 s: the turns come at 0, 4, 8 and 12 s.
void TestReplayExact::whatExpiresBeforeItsTurnIsTooOldAndThePartsAddUp()
{
    m_age = 5min + 10s; // event_time is five minutes ago
    for (int i = 0; i < 4; ++i)
        accept("e" + std::to_string(i));
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const SelectionId selection = select();
    QCOMPARE(preview(selection).willSend, std::int64_t { 4 });
    QVERIFY(preview(selection).hasExpiry);
    (void)write<bool>([&](store::WriteTransaction& transaction) -> Result<bool> {
        for (store::PredictionCursor cursor; !cursor.isDone;)
            cursor = store::predictSelection(
                transaction, selection, 0.25, transaction.now(), cursor, 2)
                         .value();
        return true;
    });
    const ReplayPreview counted = preview(selection);
    QCOMPARE(counted.willSend, std::int64_t { 3 });
    QCOMPARE(counted.tooOld, std::int64_t { 1 });
    QCOMPARE(counted.willSend + counted.alreadyAccepted + counted.superseded + counted.payloadGone
            + counted.tooOld + counted.sameError + counted.outcomeUnknown,
        counted.matched);
    QCOMPARE(counted.shards.front().tooOld, std::int64_t { 1 });
    // Too late for all of them now: nothing too old ever reaches the lane.
    const ReplayJobId job = start(selection);
    m_fixture->clock.advance(11s);
    QCOMPARE(feed(job).skipped, std::int64_t { 3 });
    QVERIFY(m_fixture->rows(kShard, Lane::Replay).empty());
}

void TestReplayExact::deliveredEventsAreFoundByTimeAndJudgedByAge()
{
    m_age = 1h;
    accept("old");
    m_fixture->clock.advance(50min);
    for (int i = 0; i < 3; ++i)
        accept("e" + std::to_string(i));
    end(Lane::Live, Outcome::Accepted, Next::Done);
    m_fixture->clock.advance(10min);
    SelectionRequest request { .includeDelivered = true };
    const ReplayPreview all = preview(select(request));
    QCOMPARE(all.matched, std::int64_t { 4 });
    QCOMPARE(all.tooOld, std::int64_t { 1 });
    QCOMPARE(all.willSend, std::int64_t { 3 });
    request.filter.eventFrom = m_fixture->clock.wallNow() - 30min;
    QCOMPARE(preview(select(request)).matched, std::int64_t { 3 });
    request.filter.eventTo = *request.filter.eventFrom;
    QCOMPARE(preview(select(request)).matched, std::int64_t { 0 });
    request = { .filter = { .eventId = "e1" }, .includeDelivered = true };
    QCOMPARE(preview(select(request)).matched, std::int64_t { 1 });
    // Not expressly asked for, they are not there.
    QCOMPARE(preview(select({ .filter = { .eventId = "e1" } })).matched, std::int64_t { 0 });
}

void TestReplayExact::aDeliveredEventThatWaitsInRetryIsNotFedTwice()
{
    accept("e1");
    end(Lane::Live, Outcome::Accepted, Next::Done);
    const SelectionRequest again { .includeDelivered = true };
    QCOMPARE(feed(start(select(again))).fed, std::int64_t { 1 });
    end(Lane::Replay, Outcome::Transient, Next::Retry);
    finish(); // as if its job had ended without it
    const store::FeedStep second = feed(start(select(again)));
    QCOMPARE(second.fed, std::int64_t { 0 });
    QCOMPARE(second.skipped, std::int64_t { 1 });
    QCOMPARE(m_fixture->number("SELECT count(*) FROM delivery"), std::int64_t { 1 });
}

// Four are fed; one waits for a retry, one is in flight, two lie in the lane.
void TestReplayExact::aCancelTakesBackWhatWaitsAndLeavesWhatIsInFlight()
{
    for (int i = 0; i < 4; ++i)
        accept("e" + std::to_string(i));
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const ReplayJobId job = start(select());
    QCOMPARE(feed(job).fed, std::int64_t { 4 });
    end(Lane::Replay, Outcome::Transient, Next::Retry, 1);
    auto rows = m_fixture->rows(kShard, Lane::Replay);
    rows.resize(1);
    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark).has_value());

    const store::TakeStep step = takeBack(job);
    QCOMPARE(step.count, std::int64_t { 3 });
    QVERIFY(!step.isMore);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM delivery"), std::int64_t { 1 });
    QCOMPARE(jobRow().outstanding(), std::int64_t { 1 });
    QCOMPARE(m_reader->deadLetters({}).value().rows.size(), std::size_t { 3 });
    QCOMPARE(m_fixture->store->counters().waiting, std::int64_t { 1 });

    RequestResult result = m_fixture->resultOf(mark, Outcome::Accepted, Next::Done);
    result.items.front().job = job;
    QVERIFY(m_fixture->record(std::move(result)).has_value());
    QCOMPARE(jobRow().outstanding(), std::int64_t { 0 });
    QCOMPARE(jobRow().accepted + jobRow().takenBack, std::int64_t { 4 });
    QCOMPARE(takeBack(job).count, std::int64_t { 0 });
}

void TestReplayExact::atStartWhatACancelledJobLeftInFlightIsTakenBack()
{
    accept("e1");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const ReplayJobId job = start(select());
    (void)feed(job);
    QVERIFY(m_fixture->mark(m_fixture->markOf(m_fixture->rows(kShard, Lane::Replay))).has_value());
    (void)write<bool>([&](store::WriteTransaction& transaction) -> Result<bool> {
        (void)store::setReplayJobState(transaction, job, store::JobState::Cancelled, {});
        return true;
    });
    m_reader.reset();
    m_fixture->crashAndReopen();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
    QCOMPARE(m_fixture->number("SELECT count(*) FROM delivery"), std::int64_t { 0 });
    QCOMPARE(jobRow().takenBack, std::int64_t { 1 });
    QVERIFY(m_reader->deadLetters({}).value().rows.front().state == DeadLetterState::Waiting);
}

void TestReplayExact::failingWithTheSameErrorIsCounted()
{
    accept("e1");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    (void)feed(start(select()));
    end(Lane::Replay, Outcome::Invalid, Next::Dead);
    QCOMPARE(jobRow().failed, std::int64_t { 1 });
    QCOMPARE(jobRow().sameError, std::int64_t { 1 });
}

void TestReplayExact::orphansBecomeDeadLetters()
{
    for (int i = 0; i < 3; ++i)
        accept("e" + std::to_string(i));
    end(Lane::Live, Outcome::Transient, Next::Retry, 1);
    auto rows = m_fixture->rows(kShard, Lane::Live);
    rows.resize(1);
    QVERIFY(m_fixture->mark(m_fixture->markOf(rows)).has_value());
    const store::TakeStep step = write<store::TakeStep>([&](store::WriteTransaction& transaction) {
        return store::moveToDeadLetters(transaction, m_fixture->shardRecord(kShard).key, kShard,
            "the destination is not in the configuration", 100);
    });
    QCOMPARE(step.count, std::int64_t { 2 }); // the third is in flight
    const DeadLetterPage page = m_reader->deadLetters({}).value();
    QCOMPARE(page.rows.size(), std::size_t { 2 });
    QVERIFY(page.rows.front().outcome == Outcome::Config);
    QCOMPARE(m_fixture->store->counters().shards.front().dlqAdded, std::int64_t { 2 });
    QCOMPARE(m_fixture->number("SELECT count(*) FROM delivery"), std::int64_t { 1 });
}

void TestReplayExact::onlyWhatIsLongArchivedIsPurged()
{
    accept("e1");
    accept("e2");
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    const auto archive = [&](const std::string& id) {
        const SelectionId selection = select({ .filter = { .eventId = id } });
        return write<store::ArchiveStep>([&](store::WriteTransaction& transaction) {
            return store::archiveStep(transaction, selection, false, 0, 100);
        });
    };
    QCOMPARE(archive("e1").moved, std::int64_t { 1 });
    m_fixture->clock.advance(24h * 8);
    QCOMPARE(archive("e2").moved, std::int64_t { 1 });
    const SelectionId archived = select({ .filter = { .states = { DeadLetterState::Archived } } });
    const auto purged = write<store::ArchiveStep>([&](store::WriteTransaction& transaction) {
        return store::purgeStep(transaction, archived, transaction.now() - 24h * 7, 0, 100);
    });
    QCOMPARE(purged.moved, std::int64_t { 1 });
    QCOMPARE(purged.skipped, std::int64_t { 1 });
    QCOMPARE(m_fixture->number("SELECT count(*) FROM dead_letter"), std::int64_t { 1 });
}

void TestReplayExact::oldSelectionsGoInSteps()
{
    for (int i = 0; i < 5; ++i)
        accept("e" + std::to_string(i));
    end(Lane::Live, Outcome::Invalid, Next::Dead);
    (void)select();
    const SelectionId used = select();
    (void)start(used);
    m_fixture->clock.advance(25h);
    int steps = 0;
    for (bool isMore = true; isMore; ++steps) {
        isMore = write<bool>([&](store::WriteTransaction& transaction) {
            return store::removeOld(transaction, { .unused = transaction.now() - 24h }, 2);
        });
    }
    QVERIFY(steps >= 3);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM selection"), std::int64_t { 1 });
    QCOMPARE(m_fixture->number("SELECT count(*) FROM selection_item"), std::int64_t { 5 });
}

SPILLWAY_TEST(TestReplayExact)

} // namespace tst_replay_exact

#include "tst_replay_exact.moc"
