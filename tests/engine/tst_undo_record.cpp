// What the audit keeps of how things were before an action, and what it makes of it later.
#include "support/test_program.h"
#include "undo_record.h"

namespace tst_undo_record {

using namespace engine;
using namespace std::chrono_literals;

namespace {

const ShardId kShop { "meta", "1" };
const ShardId kLeads { "meta", "2" };
const ShardId kMeta { "meta", "" };
constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

delivery::PauseState paused(std::optional<WallTime> until, const std::string& note)
{
    return { .desired = Desired::Paused, .until = until, .note = note, .who = "ada" };
}

template <class T>
T again(const T& undo)
{
    return std::get<T>(parseUndo(toText(undo)).value());
}

} // namespace

class TestUndoRecord final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyKindIsReadAsItWasWritten();
    void nonsenseIsNoWayBack();
    void whatIsTooLongIsNotKept();
    void aDestinationWhoseShardsDifferedGetsEachItsOwnBack();
    void aPauseThatWouldBeOverIsNotBegunAgain();
    void whatWasPutIntoAGroupComesOutAndTheOtherWayRound();
    void saleModeThatWouldBeOverIsAsConfigured();
};

void TestUndoRecord::everyKindIsReadAsItWasWritten()
{
    TuningUndo tuning { .targets = { kMeta } };
    tuning.before[kShop] = { .tuning = { .concurrency = 8, .rate = 0.167 },
        .trial = OverrideBook::Trial { kNow + 60s, { .batch = 7 } } };
    tuning.after[kMeta] = { .tuning = { .batch = 5, .isAboveCeilingAllowed = true } };
    const TuningUndo tuned = again(tuning);
    QVERIFY(tuned.targets == tuning.targets);
    QVERIFY(tuned.before == tuning.before);
    QVERIFY(tuned.after == tuning.after);

    const PauseUndo pause { .targets = { kMeta },
        .before = { { kShop, {} }, { kLeads, paused(kNow + 90s, "a \"note\"") } },
        .after = { { kShop, paused({}, "x") }, { kLeads, paused({}, "x") } } };
    const PauseUndo read = again(pause);
    QCOMPARE(read.before.size(), std::size_t { 2 });
    QVERIFY(read.before[1].first == kLeads);
    QVERIFY(isSame(read.before[1].second, pause.before[1].second));
    QCOMPARE(read.before[1].second.who, std::string("ada"));
    QCOMPARE(read.after.size(), std::size_t { 2 });

    const ArchiveUndo archive = again(ArchiveUndo { SelectionId { 118 }, true, kNow, kNow + 3s });
    QVERIFY(archive.selection == SelectionId { 118 } && archive.isRestored);
    QVERIFY(archive.from == kNow && archive.to == kNow + 3s);

    const GroupUndo group
        = again(GroupUndo { "meta · 400", GroupStatus::New, "", GroupStatus::Fixed, "deployed" });
    QCOMPARE(group.fingerprint, std::string("meta · 400"));
    QVERIFY(group.statusAfter == GroupStatus::Fixed);
    QCOMPARE(group.noteAfter, std::string("deployed"));

    const GroupShapeUndo shape
        = again(GroupShapeUndo { "meta · 400", { .merged = { "a", "b" } }, { .isSplit = true } });
    QCOMPARE(shape.before.merged.size(), std::size_t { 2 });
    QVERIFY(shape.after.isSplit && shape.after.merged.empty());

    const SaleUndo sale = again(SaleUndo { { .mode = SaleCommand::Mode::AsConfigured },
        { .mode = SaleCommand::Mode::On, .until = kNow + 60s } });
    QVERIFY(sale.before.mode == SaleCommand::Mode::AsConfigured && !sale.before.until);
    QVERIFY(sale.after.mode == SaleCommand::Mode::On && sale.after.until == kNow + 60s);

    ThresholdsUndo thresholds;
    thresholds.changes[Threshold::BackloggedLag] = { .before = {}, .after = 120.0 };
    const ThresholdsUndo back = again(thresholds);
    QVERIFY(!back.changes.at(Threshold::BackloggedLag).before);
    QVERIFY(back.changes.at(Threshold::BackloggedLag).after == 120.0);
}

void TestUndoRecord::nonsenseIsNoWayBack()
{
    for (const char* text : { "", "{", "[]", "{}", R"({"other":{}})", R"({"pause":{},"x":1})" })
        QVERIFY2(!parseUndo(text), text);
}

// Shards with one state stand together; so many different notes do not fit.
void TestUndoRecord::whatIsTooLongIsNotKept()
{
    PauseUndo undo { .targets = { kMeta } };
    for (int i = 0; i < 1'000; ++i)
        undo.before.push_back({ { "meta", std::to_string(i) }, paused({}, "the same note") });
    QVERIFY(!toText(undo).empty());
    for (int i = 0; i < 1'000; ++i)
        undo.before.push_back({ { "meta", "x" + std::to_string(i) },
            paused({}, std::string(100, 'n') + std::to_string(i)) });
    QVERIFY(toText(undo).empty());
}

// One of two ran and the other was paused: the destination runs again, then the one is paused.
void TestUndoRecord::aDestinationWhoseShardsDifferedGetsEachItsOwnBack()
{
    const PauseUndo undo { .targets = { kMeta },
        .before = { { kShop, {} }, { kLeads, paused({}, "broken feed") } } };
    const auto changes = changesBack(undo, kNow);
    QCOMPARE(changes.size(), std::size_t { 2 });
    QVERIFY(changes[0].target == kMeta && changes[0].desired == Desired::Running);
    QVERIFY(changes[1].target == kLeads && changes[1].desired == Desired::Paused);
    QCOMPARE(changes[1].note, std::string("broken feed"));
    QCOMPARE(changes[1].who, std::string("ada"));
}

void TestUndoRecord::aPauseThatWouldBeOverIsNotBegunAgain()
{
    const PauseUndo undo { .targets = { kShop }, .before = { { kShop, paused(kNow, "") } } };
    QVERIFY(changesBack(undo, kNow - 1s).front().desired == Desired::Paused);
    QVERIFY(changesBack(undo, kNow).front().desired == Desired::Running);
}

void TestUndoRecord::whatWasPutIntoAGroupComesOutAndTheOtherWayRound()
{
    using Action = GroupShapeCommand::Action;
    const store::GroupShape one { .merged = { "a" } };
    const store::GroupShape three { .merged = { "a", "b", "c" } };
    const GroupShapeCommand out
        = commandBack({ .fingerprint = "f", .before = one, .after = three });
    QVERIFY(out.action == Action::TakeOut && out.fingerprint == "f");
    QVERIFY((out.others == std::vector<std::string> { "b", "c" }));
    const GroupShapeCommand in = commandBack({ .fingerprint = "f", .before = three, .after = {} });
    QVERIFY(in.action == Action::Merge && in.others == three.merged);
    const GroupShapeUndo split {
        .fingerprint = "f", .before = one, .after = { .merged = { "a" }, .isSplit = true }
    };
    QVERIFY(commandBack(split).action == Action::JoinAccounts);
    QVERIFY(commandBack(split).others.empty());
}

void TestUndoRecord::saleModeThatWouldBeOverIsAsConfigured()
{
    using Mode = SaleCommand::Mode;
    const SaleUndo undo { .before
        = switchOf(
            { .isOn = true, .cause = SaleMode::Cause::Operator, .until = kNow, .who = "ada" }) };
    QVERIFY(commandBack(undo, kNow - 1s).mode == Mode::On);
    QVERIFY(commandBack(undo, kNow - 1s).until == kNow);
    QVERIFY(commandBack(undo, kNow).mode == Mode::AsConfigured);
    QVERIFY(
        switchOf({ .isOn = true, .cause = SaleMode::Cause::Window }).mode == Mode::AsConfigured);
}

SPILLWAY_TEST(TestUndoRecord)

} // namespace tst_undo_record

#include "tst_undo_record.moc"
