// Of one person only the first record is offered, wherever it lies.
#include "store_fixture.h"
#include "support/test_program.h"

namespace tst_store_persons {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::testing;

class TestStorePersons final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aLaterOneIsBehindUntilTheFirstHasGone();
    void whoIsDeferredHoldsWhatIsLive();
    void rowsOfAReplayHoldOnlyTheirOwnJob();
    void aDeadLetterOfAnUnknownAccountKnowsItsPerson();

private:
    void accept(const std::string& id, const std::string& person, Lane lane = Lane::Live);
    void end(const QueuedDelivery& row, Next next);
    void put(EventSeq seq, ReplayJobId job); // into lane replay
    [[nodiscard]] PersonRows first(const QueuedDelivery& of);

    std::unique_ptr<StoreFixture> m_fixture {};
};

namespace {

const ShardId kShard { "cio", "1" };

std::string idsOf(const std::vector<QueuedDelivery>& rows)
{
    std::string ids;
    for (const QueuedDelivery& row : rows) {
        ids += ids.empty() ? "" : " ";
        ids += row.event ? row.event->eventId : "-";
    }
    return ids;
}

} // namespace

void TestStorePersons::init()
{
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
}

void TestStorePersons::accept(const std::string& id, const std::string& person, Lane lane)
{
    NewEvent event = m_fixture->event(id, { kShard });
    event.deliveries.front().personKey = person;
    event.deliveries.front().lane = lane;
    QVERIFY(m_fixture->accept({ std::move(event) }));
}

void TestStorePersons::end(const QueuedDelivery& row, Next next)
{
    const DispatchMark mark = m_fixture->markOf({ row });
    QVERIFY(m_fixture->mark(mark));
    const Outcome outcome = next == Next::Done ? Outcome::Accepted : Outcome::Transient;
    QVERIFY(m_fixture->record(m_fixture->resultOf(mark, outcome, next)));
}

void TestStorePersons::put(EventSeq seq, ReplayJobId job)
{
    QVERIFY(m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        store::Statement put = transaction.connection().prepare(
            "UPDATE delivery SET lane = 2, job = ? WHERE seq = ?");
        return put.bind(toInt(job)).bind(toInt(seq)).exec();
    }));
}

PersonRows TestStorePersons::first(const QueuedDelivery& of)
{
    return m_fixture->delivery->fetchPerson(of.shard, *of.person).value();
}

void TestStorePersons::aLaterOneIsBehindUntilTheFirstHasGone()
{
    accept("ann-1", "id:ann");
    accept("ann-2", "id:ann");
    accept("bob-1", "id:bob");
    accept("nobody", {});
    auto rows = m_fixture->rows(kShard, Lane::Live);
    QCOMPARE(idsOf(rows), std::string("ann-1 - bob-1 nobody"));
    QVERIFY(rows[1].isBehind);
    QVERIFY(!rows[3].person);
    const QueuedDelivery ann = rows[0];
    QCOMPARE(idsOf(first(ann).first), std::string("ann-1"));
    QVERIFY(first(ann).isMoreBehind);

    end(ann, Next::Retry); // it holds her from there
    rows = m_fixture->rows(kShard, Lane::Live);
    QCOMPARE(idsOf(rows), std::string("- bob-1 nobody"));
    const auto retry = m_fixture->rows(kShard, Lane::Retry);
    QCOMPARE(idsOf(retry), std::string("ann-1"));
    end(retry.front(), Next::Done);
    QCOMPARE(idsOf(first(ann).first), std::string("ann-2"));
    QCOMPARE(idsOf(m_fixture->rows(kShard, Lane::Live)), std::string("ann-2 bob-1 nobody"));
    end(first(ann).first.front(), Next::Done);
    QVERIFY(first(ann).first.empty());
    QVERIFY(!first(ann).isMoreBehind);
}

void TestStorePersons::whoIsDeferredHoldsWhatIsLive()
{
    accept("ann-1", "id:ann", Lane::Deferred);
    accept("ann-2", "id:ann");
    QVERIFY(m_fixture->rows(kShard, Lane::Live).front().isBehind);
    QCOMPARE(m_fixture->release(m_fixture->shardRecord(kShard).key), 1);
    QCOMPARE(idsOf(m_fixture->rows(kShard, Lane::Live)), std::string("ann-1 -"));
}

void TestStorePersons::rowsOfAReplayHoldOnlyTheirOwnJob()
{
    for (const char* id : { "a", "b", "c", "d" })
        accept(id, "id:ann");
    const auto rows = m_fixture->rows(kShard, Lane::Live);
    put(rows[0].key.seq, ReplayJobId { 7 });
    put(rows[1].key.seq, ReplayJobId { 7 });
    put(rows[2].key.seq, ReplayJobId { 8 });
    QCOMPARE(idsOf(m_fixture->rows(kShard, Lane::Replay)), std::string("a - c"));
    QCOMPARE(idsOf(m_fixture->rows(kShard, Lane::Live)), std::string("d"));
    QCOMPARE(idsOf(first(rows[0]).first), std::string("a c d"));
    QVERIFY(first(rows[0]).isMoreBehind);
}

void TestStorePersons::aDeadLetterOfAnUnknownAccountKnowsItsPerson()
{
    NewEvent event = m_fixture->event("a", { { "cio", "?" } });
    event.deliveries.front().personKey = "id:ann";
    event.deliveries.front().deadReason = "account_from: not there";
    QVERIFY(m_fixture->accept({ std::move(event) }));
    QCOMPARE(m_fixture->number("SELECT count(*) FROM dead_letter WHERE person IS NOT NULL"), 1);
}

SPILLWAY_TEST(TestStorePersons)

} // namespace tst_store_persons

#include "tst_store_persons.moc"
