// Random days of a store, from a seed: SPILLWAY_SEED=n repeats one.
#include "store_fixture.h"
#include "support/test_program.h"

#include <random>

namespace tst_store_property {

using namespace engine;
using namespace engine::testing;

namespace {

class RandomDay {
public:
    explicit RandomDay(unsigned seed)
        : m_random(seed)
    {
        m_fixture.open();
    }

    void run(int steps)
    {
        for (int i = 0; i < steps; ++i) {
            switch (below(10)) {
            case 0:
            case 1:
            case 2:
                accept();
                break;
            case 3: {
                m_fixture.clock.advance(std::chrono::seconds { below(30) });
                const auto shards = m_fixture.delivery->shards();
                QVERIFY(shards);
                for (const ShardRecord& shard : *shards)
                    QVERIFY(m_fixture.release(shard.key) >= 0);
                break;
            }
            case 4:
                if (below(4) == 0) {
                    m_fixture.crashAndReopen();
                    m_open.clear(); // their deliveries wait again
                }
                break;
            case 5:
            case 6:
                dispatch();
                break;
            default:
                answer();
                break;
            }
            m_fixture.clock.advance(std::chrono::milliseconds { below(500) });
        }
    }

    StoreFixture& fixture() { return m_fixture; }
    [[nodiscard]] std::int64_t deliveriesAccepted() const { return m_deliveries; }

private:
    int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(m_random); }

    void accept()
    {
        std::vector<NewEvent> events;
        for (int i = below(20); i >= 0; --i) {
            // From 400 ids: about a quarter of all are repeats.
            NewEvent event = m_fixture.event("id-" + std::to_string(below(400)), {});
            for (int shard = 0; shard < 5; ++shard) {
                if (below(2) == 0)
                    continue;
                NewDelivery delivery { .shard = { "destination-" + std::to_string(shard), "x" },
                    .dueAt = event.receivedAt };
                if (below(4) == 0)
                    delivery.expiresAt = event.eventTime + std::chrono::hours { below(24) };
                if (below(5) == 0) {
                    delivery.lane = Lane::Deferred;
                    delivery.dueAt += std::chrono::seconds { below(60) };
                } else if (below(20) == 0) {
                    delivery.deadReason = "no account";
                }
                event.deliveries.push_back(delivery);
            }
            events.push_back(event);
        }
        const auto items = m_fixture.accept(events);
        QVERIFY(items);
        for (std::size_t i = 0; i < events.size(); ++i) {
            if ((*items)[i].kind == AcceptKind::New)
                m_deliveries += std::ssize(events[i].deliveries);
        }
    }

    void dispatch()
    {
        const auto shards = m_fixture.delivery->shards();
        if (shards->empty())
            return;
        const ShardRecord& shard = (*shards)[static_cast<std::size_t>(below(int(shards->size())))];
        const Lane lane = below(2) == 0 ? Lane::Live : Lane::Retry;
        auto rows = *m_fixture.delivery->fetch(shard.key, lane, std::nullopt, 1 + below(12));
        std::erase_if(rows, [&](const QueuedDelivery& row) { return isInFlight(row); });
        if (rows.empty())
            return;
        const DispatchMark mark = m_fixture.markOf(rows);
        QVERIFY(m_fixture.mark(mark));
        m_open.push_back(mark);
    }

    bool isInFlight(const QueuedDelivery& row) const
    {
        return std::any_of(m_open.begin(), m_open.end(), [&](const DispatchMark& mark) {
            return mark.shard == row.shard
                && std::find(mark.items.begin(), mark.items.end(), row.key) != mark.items.end();
        });
    }

    void answer()
    {
        if (m_open.empty())
            return;
        const auto which = static_cast<std::size_t>(below(int(m_open.size())));
        RequestResult result = m_fixture.resultOf(m_open[which], Outcome::Accepted, Next::Done);
        m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(which));
        for (ItemResult& item : result.items) {
            constexpr std::array kNexts { Next::Done, Next::Retry, Next::Back, Next::BackRetry,
                Next::Dead };
            item.next = kNexts[static_cast<std::size_t>(below(int(kNexts.size())))];
            if (item.next != Next::Done)
                item.outcome = item.next == Next::Back ? Outcome::Throttled : Outcome::Transient;
            item.dueAt += std::chrono::seconds { below(100) };
            item.fingerprint = "reason " + std::to_string(below(3));
        }
        QVERIFY(m_fixture.record(result));
    }

    std::mt19937 m_random;
    StoreFixture m_fixture {};
    std::vector<DispatchMark> m_open {};
    std::int64_t m_deliveries { 0 };
};

} // namespace

class TestStoreProperty : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countersEqualRowsAndNothingIsLost_data();
    void countersEqualRowsAndNothingIsLost();
};

void TestStoreProperty::countersEqualRowsAndNothingIsLost_data()
{
    QTest::addColumn<unsigned>("seed");
    bool isGiven = false;
    const unsigned given = qEnvironmentVariableIntValue("SPILLWAY_SEED", &isGiven) > 0
        ? unsigned(qEnvironmentVariableIntValue("SPILLWAY_SEED"))
        : std::random_device {}() % 1'000'000 + 1;
    for (unsigned i = 0; i < (isGiven ? 1U : 4U); ++i)
        QTest::addRow("seed %u", given + i) << given + i;
}

void TestStoreProperty::countersEqualRowsAndNothingIsLost()
{
    QFETCH(unsigned, seed);
    RandomDay day(seed);
    day.run(250);
    StoreFixture& fixture = day.fixture();

    // Every delivery that was accepted waits, is dead, or was accepted by its platform: once.
    const std::int64_t waiting = fixture.number("SELECT count(*) FROM delivery");
    const std::int64_t dead = fixture.number("SELECT count(*) FROM dead_letter");
    const std::int64_t done = fixture.number("SELECT count(*) FROM attempt WHERE outcome = 0");
    QCOMPARE(waiting + dead + done, day.deliveriesAccepted());
    QVERIFY(waiting > 0 && dead > 0 && done > 0);
    QCOMPARE(
        fixture.number("SELECT count(*) FROM (SELECT DISTINCT shard, seq FROM delivery)"), waiting);

    // What the tables' counters say is what there is, shard by shard and lane by lane.
    QCOMPARE(fixture.number("SELECT count(*) FROM (SELECT shard, lane, waiting FROM shard_lane "
                            "WHERE waiting <> 0 EXCEPT SELECT shard, lane, count(*) FROM delivery "
                            "GROUP BY shard, lane)"),
        0);
    QCOMPARE(fixture.number("SELECT sum(waiting) FROM shard_lane"), waiting);
    QCOMPARE(fixture.number("SELECT count(*) FROM shard WHERE dead_letters <> dlq_added - "
                            "dlq_removed OR dead_letters <> (SELECT count(*) FROM dead_letter d "
                            "WHERE d.shard = shard.id AND d.state < 2)"),
        0);
    QCOMPARE(fixture.number("SELECT count(*) FROM fingerprint_shard f WHERE entries <> "
                            "(SELECT count(*) FROM dead_letter d WHERE d.shard = f.shard "
                            "AND d.fingerprint = f.fingerprint AND d.state < 2)"),
        0);
    QCOMPARE(fixture.number("SELECT value FROM counter WHERE name = 'events'"),
        fixture.number("SELECT count(*) FROM event"));

    // And so does memory.
    const auto counters = fixture.store->counters();
    QCOMPARE(counters.waiting, waiting);
    QCOMPARE(counters.deadLetters, dead);
    for (const store::ShardCounters& shard : counters.shards)
        QVERIFY(fixture.shardRecord(shard.id).waiting == shard.waiting);
}

SPILLWAY_TEST(TestStoreProperty)

} // namespace tst_store_property

#include "tst_store_property.moc"
