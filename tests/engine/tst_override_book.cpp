#include "override_book.h"
#include "support/test_program.h"

namespace tst_override_book {

using namespace engine;
using namespace std::chrono_literals;

namespace {

const ShardId kShop { "meta", "1" };
const ShardId kLeads { "meta", "2" };
const ShardId kMeta { "meta", "" };
constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

OverrideBook::Author at(Seconds since) { return { .who = "ada", .now = kNow + since }; }

// Everything the store would give back at the next start.
using Disk = std::map<std::pair<ShardId, std::string>, store::OverrideRow>;

void take(OverrideBook& book, const Result<OverrideBook::Changes>& changes, Disk* disk = nullptr)
{
    for (const OverrideBook::Change& change : changes.value()) {
        for (const store::OverrideRow& row : book.set(change)) {
            if (disk == nullptr)
                continue;
            if (row.value.empty())
                disk->erase({ row.target, row.name });
            else
                (*disk)[{ row.target, row.name }] = row;
        }
    }
}

OverrideBook reopened(const Disk& disk)
{
    std::vector<store::OverrideRow> rows;
    for (const auto& [key, row] : disk)
        rows.push_back(row);
    return OverrideBook(rows);
}

} // namespace

class TestOverrideBook final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTrialGoesBackToWhatWasTunedBeforeIt();
    void aTrialOnATrialKeepsTheFirstWayBack();
    void whatIsSetForGoodOutlastsATrial();
    void aKeptTrialHasNoEnd();
    void aTrialThatEndedWhileStoppedIsNotPutInForce();
    void everythingIsThereAfterARestart();
    void aTrialOfADestinationForgetsNothingOfItsShards();
    void aShardThatFollowsItsDestinationIsNamedSo();
    void aTrialHasBounds();
    void theTomlTellsTheEndOfATrial();
    void whatWasBeforeComesBackExactly();
    void aTrialThatWouldBeOverIsNotBegunAgain();
    void whatIsAboveANewCeilingIsCutToIt();
    void aCutForgetsNothingOfTheDestinationsShards();
};

// Concurrency 8 for good, then 16 for ten minutes: after that 8 again, not the configured value.
void TestOverrideBook::aTrialGoesBackToWhatWasTunedBeforeIt()
{
    OverrideBook book;
    take(book, book.plan(TuneCommand { .targets = { kShop }, .concurrency = 8 }, at(0s)));
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .concurrency = 16, .keepFor = 600s }, at(60s)));
    const auto trial = book.trialOf(kShop);
    QVERIFY(trial && trial->until == kNow + 660s);
    QCOMPARE(trial->concurrency, 8);
    QVERIFY(!trial->rate);
    QVERIFY(book.ended(kNow + 659s).empty());
    QVERIFY(book.ended(kNow + 660s) == std::vector { kShop });

    const auto back
        = book.plan(TrialCommand { { kShop }, TrialCommand::Action::Revert }, at(660s)).value();
    QCOMPARE(back.size(), std::size_t { 1 });
    QCOMPARE(back.front().next.tuning.concurrency, 8);
    QVERIFY(back.front().isCut); // its ceiling may have come down meanwhile
    take(book, back);
    QVERIFY(!book.trialOf(kShop));
    QVERIFY(book.covering(kShop) != nullptr);
}

void TestOverrideBook::aTrialOnATrialKeepsTheFirstWayBack()
{
    OverrideBook book;
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .concurrency = 16, .keepFor = 600s }, at(0s)));
    take(book,
        book.plan(TuneCommand { .targets = { kShop }, .batch = 50, .keepFor = 60s }, at(10s)));
    QVERIFY(book.trialOf(kShop)->until == kNow + 70s);
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 16);
    take(book, book.plan(TrialCommand { { kShop }, TrialCommand::Action::Revert }, at(70s)));
    QVERIFY(book.covering(kShop) == nullptr); // as configured, as it was before both
}

void TestOverrideBook::whatIsSetForGoodOutlastsATrial()
{
    OverrideBook book;
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .concurrency = 16, .keepFor = 600s }, at(0s)));
    take(book, book.plan(TuneCommand { .targets = { kShop }, .rate = 2.5 }, at(10s)));
    QVERIFY(book.trialOf(kShop)->until == kNow + 600s);
    take(book, book.plan(TrialCommand { { kShop }, TrialCommand::Action::Revert }, at(600s)));
    QCOMPARE(book.covering(kShop)->tuning.rate, 2.5);
    QVERIFY(!book.covering(kShop)->tuning.concurrency);
}

void TestOverrideBook::aKeptTrialHasNoEnd()
{
    OverrideBook book;
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .concurrency = 16, .keepFor = 600s }, at(0s)));
    take(book, book.plan(TrialCommand { { kShop }, TrialCommand::Action::Keep }, at(5s)));
    QVERIFY(book.ended(kNow + 24h).empty());
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 16);
    const auto again = book.plan(TrialCommand { { kShop }, TrialCommand::Action::Keep }, at(6s));
    QVERIFY(!again && again.error().code == ErrorCode::NotFound);
}

void TestOverrideBook::aTrialThatEndedWhileStoppedIsNotPutInForce()
{
    OverrideBook book;
    Disk disk;
    take(book, book.plan(TuneCommand { .targets = { kShop }, .batch = 20 }, at(0s)), &disk);
    take(book,
        book.plan(TuneCommand { .targets = { kShop }, .batch = 90, .keepFor = 600s }, at(0s)),
        &disk);
    OverrideBook next = reopened(disk);
    QCOMPARE(next.atStart(kNow + 599s).front().next.tuning.batch, 90);
    QCOMPARE(next.atStart(kNow + 600s).front().next.tuning.batch, 20);
    QVERIFY(next.ended(kNow + 600s) == std::vector { kShop }); // and is told in the audit
}

void TestOverrideBook::everythingIsThereAfterARestart()
{
    OverrideBook book;
    Disk disk;
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .rate = 0.167, .isAboveCeilingAllowed = true },
            at(0s)),
        &disk);
    // A trial of what is configured: nothing in force, and a way back.
    take(book,
        book.plan(TuneCommand { .targets = { kShop }, .reset = true, .keepFor = 600s }, at(1s)),
        &disk);
    take(book,
        book.plan(TuneCommand { .targets = { kLeads }, .concurrency = 3, .keepFor = 60s }, at(1s)),
        &disk);
    OverrideBook next = reopened(disk);
    QVERIFY(next.trialOf(kShop) == book.trialOf(kShop));
    QCOMPARE(next.trialOf(kShop)->rate, 0.167);
    QVERIFY(next.covering(kShop)->tuning.isEmpty());
    QVERIFY(next.covering(kShop)->trial->before.isAboveCeilingAllowed);
    QCOMPARE(next.toToml(), book.toToml());
    // Ending both leaves nothing behind.
    take(
        next, next.plan(TrialCommand { { kLeads }, TrialCommand::Action::Revert }, at(60s)), &disk);
    take(next, next.plan(TuneCommand { .targets = { kShop }, .reset = true }, at(61s)), &disk);
    QVERIFY(disk.empty());
}

// The destination tries 4 for a minute; one shard had 9 for itself and has it again afterwards.
void TestOverrideBook::aTrialOfADestinationForgetsNothingOfItsShards()
{
    OverrideBook book;
    take(book, book.plan(TuneCommand { .targets = { kLeads }, .concurrency = 9 }, at(0s)));
    take(book,
        book.plan(TuneCommand { .targets = { kMeta }, .concurrency = 4, .keepFor = 60s }, at(0s)));
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 4);
    QCOMPARE(book.covering(kLeads)->tuning.concurrency, 4);
    QCOMPARE(book.trialOf(kLeads)->concurrency, 9);
    for (const ShardId& over : book.ended(kNow + 60s))
        take(book, book.plan(TrialCommand { { over }, TrialCommand::Action::Revert }, at(60s)));
    QVERIFY(book.covering(kShop) == nullptr);
    QCOMPARE(book.covering(kLeads)->tuning.concurrency, 9);
}

void TestOverrideBook::aShardThatFollowsItsDestinationIsNamedSo()
{
    OverrideBook book;
    take(book, book.plan(TuneCommand { .targets = { kMeta }, .concurrency = 4 }, at(0s)));
    const auto refused = book.plan(TuneCommand { .targets = { kShop }, .reset = true }, at(1s));
    QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);
    // A shard of it that is tuned starts from what it followed.
    take(book, book.plan(TuneCommand { .targets = { kShop }, .batch = 7 }, at(2s)));
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 4);
    QCOMPARE(book.covering(kShop)->tuning.batch, 7);
}

void TestOverrideBook::aTrialHasBounds()
{
    const OverrideBook book;
    for (const Seconds length : { 0s, Seconds { OverrideBook::kTrialLongest + 1s } }) {
        const auto refused = book.plan(
            TuneCommand { .targets = { kShop }, .batch = 7, .keepFor = length }, at(0s));
        QVERIFY(!refused && refused.error().code == ErrorCode::BadRequest);
    }
}

void TestOverrideBook::theTomlTellsTheEndOfATrial()
{
    OverrideBook book;
    QCOMPARE(book.toToml(), std::string("# no live overrides\n"));
    take(book, book.plan(TuneCommand { .targets = { kShop }, .rate = 2 }, at(0s)));
    take(book, book.plan(TuneCommand { .targets = { kShop }, .batch = 7, .keepFor = 60s }, at(0s)));
    const std::string text = book.toToml();
    QVERIFY2(text.find("a trial until 2026-11-27T00:01:00") != std::string::npos, text.c_str());
    QVERIFY2(text.find("then rate 2/s") != std::string::npos, text.c_str());
    QVERIFY2(text.find("rate = 2.0\nbatch = 7\n") != std::string::npos, text.c_str());
}

// A shard tuned for good, another on trial, then the destination set over both: taken back, both
// are as they were, with the trial's end and way back.
void TestOverrideBook::whatWasBeforeComesBackExactly()
{
    OverrideBook book;
    Disk disk;
    take(book, book.plan(TuneCommand { .targets = { kShop }, .concurrency = 8 }, at(0s)), &disk);
    take(book, book.plan(TuneCommand { .targets = { kLeads }, .rate = 2, .keepFor = 600s }, at(0s)),
        &disk);
    const auto before = book.entries({ kMeta });
    QCOMPARE(before.size(), std::size_t { 2 });
    take(book, book.plan(TuneCommand { .targets = { kMeta }, .concurrency = 1 }, at(10s)), &disk);
    QVERIFY(book.entries({ kMeta }) != before);

    take(book, book.restoring({ kMeta }, before, at(20s)), &disk);
    QVERIFY(book.entries({ kMeta }) == before);
    QVERIFY(reopened(disk).entries({ kMeta }) == before);
    QVERIFY(book.trialOf(kLeads)->until == kNow + 600s);
}

void TestOverrideBook::aTrialThatWouldBeOverIsNotBegunAgain()
{
    OverrideBook book;
    take(book, book.plan(TuneCommand { .targets = { kShop }, .concurrency = 8 }, at(0s)));
    take(book,
        book.plan(TuneCommand { .targets = { kShop }, .concurrency = 9, .keepFor = 60s }, at(0s)));
    const auto before = book.entries({ kShop });
    take(book, book.plan(TuneCommand { .targets = { kShop }, .reset = true }, at(10s)));
    take(book, book.restoring({ kShop }, before, at(61s)));
    QVERIFY(!book.trialOf(kShop));
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 8);
}

void TestOverrideBook::whatIsAboveANewCeilingIsCutToIt()
{
    OverrideBook book;
    Disk disk;
    take(book,
        book.plan(TuneCommand { .targets = { kShop }, .concurrency = 8, .rate = 5.0 }, at(0s)),
        &disk);
    take(book,
        book.plan(
            TuneCommand { .targets = { kShop }, .concurrency = 16, .keepFor = 600s }, at(60s)),
        &disk);
    take(book,
        book.plan(
            TuneCommand { .targets = { kLeads }, .concurrency = 99, .isAboveCeilingAllowed = true },
            at(60s)),
        &disk);
    const OverrideBook::Ceilings ceilings { { kShop, { .concurrency = 6, .rate = 2.5 } },
        { kLeads, { .concurrency = 6 } } };
    take(book, book.cut(ceilings, at(90s)), &disk);
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 6);
    QCOMPARE(book.covering(kShop)->tuning.rate, 2.5);
    QVERIFY(!book.trialOf(kShop)); // what it tries and what it goes back to are the same now
    QCOMPARE(book.covering(kLeads)->tuning.concurrency, 99);
    QVERIFY(book.cut(ceilings, at(90s)).empty());
    QCOMPARE(reopened(disk).toToml(), book.toToml());
    QVERIFY(book.cut({ { kShop, { .batch = 1 } } }, at(90s)).empty()); // of that nothing was said
}

void TestOverrideBook::aCutForgetsNothingOfTheDestinationsShards()
{
    OverrideBook book;
    take(book, book.plan(TuneCommand { .targets = { kMeta }, .concurrency = 8 }, at(0s)));
    take(book, book.plan(TuneCommand { .targets = { kShop }, .concurrency = 3 }, at(1s)));
    take(book, book.cut({ { kMeta, { .concurrency = 6 } } }, at(2s)));
    QCOMPARE(book.covering(kLeads)->tuning.concurrency, 6);
    QCOMPARE(book.covering(kShop)->tuning.concurrency, 3);
}

SPILLWAY_TEST(TestOverrideBook)

} // namespace tst_override_book

#include "tst_override_book.moc"
