// Dead letters whose account nobody knew when their event came: a replay looks again.
#include "core/unknown_account.h"
#include "engine/store/store_fixture.h"
#include "replay/account_finder.h"
#include "store/reader.h"
#include "store/replay_jobs.h"
#include "store/selections.h"
#include "support/test_program.h"

namespace tst_unknown_accounts {

using namespace engine;
using namespace engine::testing;

class TestUnknownAccounts final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theEntryBecomesOneOfTheAccountThatIsFound();
    void whatHasNoAccountStillFailsAgainWithItsReason();
    void whereAccountsAreNoLongerReadItIsSentAsItIs();
    void theConfigurationOfNowDecides_data();
    void theConfigurationOfNowDecides();
    void accountsMaxCountsWhatIsThereAndWhatWasFound();

private:
    void acceptWithoutAccount(int events);
    [[nodiscard]] ReplayJobId createJob();
    [[nodiscard]] store::FeedStep feed(ReplayJobId job, const store::FindAccount& find);
    [[nodiscard]] std::int64_t count(const std::string& where);

    std::unique_ptr<StoreFixture> m_fixture {};
    std::unique_ptr<store::Reader> m_reader {};
};

namespace {

const ShardId kNowhere { "meta-main", std::string(kUnknownAccount) };
const ShardId kPixel { "meta-main", "1029384756" };

StoredEventPtr eventOf(const std::string& payload)
{
    auto event = std::make_shared<StoredEvent>();
    event->payload = payload;
    return event;
}

std::shared_ptr<const Config> configWith(const std::string& accountFrom, int accountsMax = 1'000)
{
    auto config = std::make_shared<Config>();
    DestinationConfig destination;
    destination.name = "meta-main";
    destination.platform = "meta";
    destination.accountFrom = accountFrom;
    destination.accountsMax = accountsMax;
    config->destinations.push_back(destination);
    return config;
}

} // namespace

void TestUnknownAccounts::init()
{
    m_reader.reset();
    m_fixture = std::make_unique<StoreFixture>();
    m_fixture->open();
    m_reader = store::Reader::open(m_fixture->store->databasePath()).value();
}

void TestUnknownAccounts::acceptWithoutAccount(int events)
{
    std::vector<NewEvent> all;
    for (int i = 0; i < events; ++i) {
        all.push_back(m_fixture->event("e" + std::to_string(i), { kNowhere }));
        all.back().deliveries[0].deadReason = "properties.pixel is missing";
    }
    QVERIFY(m_fixture->accept(std::move(all)));
}

ReplayJobId TestUnknownAccounts::createJob()
{
    ReplayJobId job {};
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        const SelectionId selection = store::beginSelection(transaction).value();
        store::SelectionCursor cursor;
        while (!cursor.isDone)
            cursor = store::growSelection(
                transaction, selection, {}, { .now = transaction.now() }, cursor, 100)
                         .value();
        job = store::createReplayJob(transaction, { .selection = selection }).value();
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return job;
}

store::FeedStep TestUnknownAccounts::feed(ReplayJobId job, const store::FindAccount& find)
{
    store::FeedStep step;
    const auto done = m_fixture->write([&](store::WriteTransaction& transaction) -> Status {
        step = store::feedReplayJob(transaction, job, 100, find).value();
        return {};
    });
    if (!done)
        qFatal("%s", done.error().message.c_str());
    return step;
}

std::int64_t TestUnknownAccounts::count(const std::string& where)
{
    return m_fixture->number("SELECT count(*) FROM dead_letter d JOIN shard s ON s.id = d.shard "
                             "WHERE "
        + where);
}

void TestUnknownAccounts::theEntryBecomesOneOfTheAccountThatIsFound()
{
    acceptWithoutAccount(2);
    const ReplayJobId job = createJob();
    const auto step = feed(job, [](const std::string& destination, const StoredEventPtr& event) {
        const bool isRight = destination == "meta-main" && event->payload.size() > 2;
        return isRight ? Result<std::string>("1029384756")
                       : fail(ErrorCode::Internal, "asked wrongly");
    });
    QCOMPARE(step.fed, 2);
    QVERIFY(m_fixture->rows(kNowhere, Lane::Replay).empty());
    const auto rows = m_fixture->rows(kPixel, Lane::Replay);
    QCOMPARE(rows.size(), 2U);
    QCOMPARE(m_fixture->shardRecord(kNowhere).deadLetters, 0);
    QCOMPARE(m_fixture->shardRecord(kPixel).deadLetters, 2);
    QCOMPARE(count("s.account = '1029384756' AND d.state = 1"), 2);
    const auto top = m_reader->topFingerprints().value();
    QCOMPARE(top.size(), 1U);
    QCOMPARE(top.begin()->first, m_fixture->shardRecord(kPixel).key);

    const DispatchMark mark = m_fixture->markOf(rows);
    QVERIFY(m_fixture->mark(mark));
    RequestResult result = m_fixture->resultOf(mark, Outcome::Accepted, Next::Done);
    for (ItemResult& item : result.items)
        item.job = job;
    QVERIFY(m_fixture->record(std::move(result)));
    QCOMPARE(m_fixture->shardRecord(kPixel).deadLetters, 0);
    QCOMPARE(count("d.state = 2"), 2);
    const auto row = m_reader->jobs(1).value().front();
    QCOMPARE(row.accepted, 2);
    QCOMPARE(row.outstanding(), 0);
}

// Nothing of it is sent, and it counts as failed: the report adds up.
void TestUnknownAccounts::whatHasNoAccountStillFailsAgainWithItsReason()
{
    acceptWithoutAccount(1);
    const ReplayJobId job = createJob();
    const auto step = feed(job, [](const std::string&, const StoredEventPtr&) {
        return Result<std::string>(fail(ErrorCode::BadRequest, "properties.shop is missing"));
    });
    QCOMPARE(step.fed, 1);
    QCOMPARE(m_fixture->number("SELECT count(*) FROM delivery"), 0);
    QCOMPARE(count("d.state = 0 AND d.message = 'properties.shop is missing'"), 1);
    QCOMPARE(m_fixture->shardRecord(kNowhere).deadLetters, 1);
    const auto row = m_reader->jobs(1).value().front();
    QCOMPARE(row.failed, 1);
    QCOMPARE(row.outstanding(), 0);
}

void TestUnknownAccounts::whereAccountsAreNoLongerReadItIsSentAsItIs()
{
    acceptWithoutAccount(1);
    const auto find = replay::accountFinder(configWith({}), std::make_shared<EngineSnapshot>());
    QCOMPARE(feed(createJob(), find).fed, 1);
    QCOMPARE(m_fixture->rows(kNowhere, Lane::Replay).size(), 1U);
}

void TestUnknownAccounts::theConfigurationOfNowDecides_data()
{
    QTest::addColumn<std::string>("path");
    QTest::addColumn<std::string>("found"); // empty: none
    QTest::newRow("another field") << std::string("properties.shop") << std::string("1029384756");
    QTest::newRow("missing") << std::string("properties.pixel") << std::string();
    QTest::newRow("no account of the platform") << std::string("event_name") << std::string();
}

void TestUnknownAccounts::theConfigurationOfNowDecides()
{
    QFETCH(std::string, path);
    QFETCH(std::string, found);
    const auto find = replay::accountFinder(configWith(path), std::make_shared<EngineSnapshot>());
    const auto account = find("meta-main",
        eventOf(R"({"event_name":"a/../b","properties":{"shop":"1029384756","pixel":null}})"));
    QCOMPARE(account.value_or(std::string()), found);
    QVERIFY(account || account.error().message.find(path) != std::string::npos);
}

// Two are allowed and one is there: one more is found, again as often as it comes, a third is not.
void TestUnknownAccounts::accountsMaxCountsWhatIsThereAndWhatWasFound()
{
    auto snapshot = std::make_shared<EngineSnapshot>();
    for (const ShardId& shard : { kNowhere, kPixel, ShardId { "other", "1" } }) {
        snapshot->shards.emplace_back();
        snapshot->shards.back().shard = shard;
    }
    const auto find = replay::accountFinder(configWith("properties.shop", 2), snapshot);
    const auto ask = [&](const std::string& shop) {
        return find("meta-main", eventOf(R"({"properties":{"shop":")" + shop + R"("}})"))
            .has_value();
    };
    QVERIFY(ask("1029384756"));
    QVERIFY(ask("1029384757"));
    QVERIFY(!ask("1029384758"));
    QVERIFY(ask("1029384757"));
}

SPILLWAY_TEST(TestUnknownAccounts)

} // namespace tst_unknown_accounts

#include "tst_unknown_accounts.moc"
