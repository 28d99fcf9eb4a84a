// What goes when it has been kept long enough, and what never does.
#include "engine/store/store_fixture.h"
#include "retention.h"
#include "store/reader.h"
#include "support/test_program.h"

namespace tst_retention {

using namespace engine;
using namespace engine::testing;

class TestRetention final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void eventsGoWhenTheirLastDeliveryEndedLongAgo();
    void aLimitInBytesTakesTheOldestFirstAndNothingThatWaits();

private:
    void run(const RetentionConfig& config);
    void accept(int first, int count, const std::vector<ShardId>& shards);
    [[nodiscard]] std::int64_t events() { return m_fixture->number("SELECT count(*) FROM event"); }

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<ReaderThread> m_reader {};
    std::unique_ptr<Retention> m_retention {};
};

namespace {

constexpr std::chrono::hours kDay { 24 };
const ShardId kHook { "hook", "1" };

} // namespace

void TestRetention::init()
{
    m_retention.reset();
    m_reader.reset();
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = std::make_unique<ReaderThread>(m_fixture->store->databasePath());
    m_retention = std::make_unique<Retention>(
        *m_fixture->store, *m_reader, [this](std::function<void()> work) {
            QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
        });
}

void TestRetention::run(const RetentionConfig& config)
{
    m_retention->run(config);
    QTRY_VERIFY_WITH_TIMEOUT(!m_retention->isRunning(), 30'000);
}

void TestRetention::accept(int first, int count, const std::vector<ShardId>& shards)
{
    std::vector<NewEvent> events;
    for (int i = first; i < first + count; ++i) {
        events.push_back(m_fixture->event("e" + std::to_string(i), shards));
        events.back().payload = R"({"note":")" + std::string(500, 'x') + R"("})";
    }
    QVERIFY(m_fixture->accept(std::move(events)));
}

// Day 0: one without a delivery, one that is delivered on day 10, one that waits, one that becomes
// a dead letter. On day 15 only the first has ended more than fourteen days ago.
void TestRetention::eventsGoWhenTheirLastDeliveryEndedLongAgo()
{
    accept(0, 1, {});
    accept(1, 1, { kHook });
    m_fixture->clock.advance(10 * kDay);
    const DispatchMark delivered = m_fixture->markOf(m_fixture->rows(kHook, Lane::Live));
    QVERIFY(m_fixture->mark(delivered));
    QVERIFY(m_fixture->record(m_fixture->resultOf(delivered, Outcome::Accepted, Next::Done)));
    m_fixture->clock.advance(5 * kDay);
    run({});
    QCOMPARE(events(), 1);
    QCOMPARE(m_fixture->store->counters().removedByRetention, 1);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event WHERE event_id = 'e1'"), 1);

    accept(2, 1, { kHook });
    const DispatchMark refused = m_fixture->markOf(m_fixture->rows(kHook, Lane::Live));
    QVERIFY(m_fixture->mark(refused));
    QVERIFY(m_fixture->record(m_fixture->resultOf(refused, Outcome::Invalid, Next::Dead)));
    accept(3, 1, { kHook });
    m_fixture->clock.advance(400 * kDay);
    run({});
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event WHERE event_id IN ('e2', 'e3')"), 2);
    QCOMPARE(events(), 2);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM attempt"), 1); // of the dead letter
}

// Twelve thousand of half a kilobyte, and room for some less: the oldest go at a time, and one that
// is older than all of them waits and stays.
void TestRetention::aLimitInBytesTakesTheOldestFirstAndNothingThatWaits()
{
    constexpr int kEvents = 12'000;
    accept(kEvents, 1, { kHook });
    for (int first = 0; first < kEvents; first += 1'000) {
        m_fixture->clock.advance(Seconds { 1 });
        accept(first, 1'000, {});
    }
    m_fixture->clock.advance(Seconds { 1 });
    auto reader = store::Reader::open(m_fixture->store->databasePath());
    QVERIFY(reader);
    run({ .maxBytes = (*reader)->usedBytes().value() - 1'000'000 });
    QVERIFY(events() > 1 && events() < kEvents);
    QCOMPARE(m_fixture->store->counters().removedByRetention, kEvents + 1 - events());
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event WHERE event_id = 'e12000'"), 1);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event WHERE event_id = 'e11999'"), 1);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM event WHERE event_id = 'e0'"), 0);
}

SPILLWAY_TEST(TestRetention)

} // namespace tst_retention

#include "tst_retention.moc"
