#include "sale_book.h"
#include "support/test_program.h"

namespace tst_sale_book {

using namespace engine;
using namespace std::chrono_literals;

namespace {

constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };
const SaleBook::Windows kWindows { { kNow + 1h, kNow + 3h }, { kNow + 2h, kNow + 5h },
    { kNow + 24h, kNow + 26h } };

using Mode = SaleCommand::Mode;

} // namespace

class TestSaleBook final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsOnInsideAWindowAndSaysWhenTheLastOfThemEnds();
    void anOperatorSwitchesItOnUntilItIsSwitched();
    void offInsideAWindowLastsAsLongAsTheWindow();
    void offOutsideAWindowDropsWhatWasSwitchedOn();
    void anEndIsInTheFutureAndNotFarAway();
    void whatWasSwitchedOutlivesTheProcess();
    void aRowOfATunedDestinationIsNotItsOwn();
};

void TestSaleBook::itIsOnInsideAWindowAndSaysWhenTheLastOfThemEnds()
{
    const SaleBook book({});
    QVERIFY(!book.at(kWindows, kNow).isOn);
    QCOMPARE(book.at(kWindows, kNow).nextWindow, kNow + 1h);
    const SaleMode inside = book.at(kWindows, kNow + 1h);
    QVERIFY(inside.isOn);
    QCOMPARE(inside.cause, SaleMode::Cause::Window);
    QCOMPARE(inside.until, kNow + 5h); // two windows that overlap are one
    QVERIFY(!book.at(kWindows, kNow + 5h).isOn);
    QVERIFY(!book.at({}, kNow).nextWindow);
}

void TestSaleBook::anOperatorSwitchesItOnUntilItIsSwitched()
{
    SaleBook book({});
    const auto row = book.set({ .mode = Mode::On }, "ann", kWindows, kNow);
    QVERIFY(row && SaleBook::isAbout(*row) && !row->until);
    const SaleMode on = book.at(kWindows, kNow + 12h);
    QVERIFY(on.isOn && !on.until);
    QCOMPARE(on.cause, SaleMode::Cause::Operator);
    QCOMPARE(on.who, std::string("ann"));
    QVERIFY(book.set({ .mode = Mode::AsConfigured }, "bob", kWindows, kNow));
    QVERIFY(!book.at(kWindows, kNow + 12h).isOn);
}

void TestSaleBook::offInsideAWindowLastsAsLongAsTheWindow()
{
    SaleBook book({});
    QVERIFY(book.set({ .mode = Mode::Off }, "ann", kWindows, kNow + 2h));
    const SaleMode off = book.at(kWindows, kNow + 2h);
    QVERIFY(!off.isOn);
    QCOMPARE(off.cause, SaleMode::Cause::Operator);
    QCOMPARE(off.until, kNow + 5h);
    QVERIFY(book.at(kWindows, kNow + 25h).isOn); // the next window opens as configured
}

void TestSaleBook::offOutsideAWindowDropsWhatWasSwitchedOn()
{
    SaleBook book({});
    QVERIFY(book.set({ .mode = Mode::On }, "ann", kWindows, kNow));
    const auto row = book.set({ .mode = Mode::Off }, "ann", kWindows, kNow);
    QVERIFY(row && row->value.empty());
    QCOMPARE(book.at(kWindows, kNow).cause, SaleMode::Cause::None);
    QVERIFY(book.at(kWindows, kNow + 1h).isOn);
}

void TestSaleBook::anEndIsInTheFutureAndNotFarAway()
{
    SaleBook book({});
    QVERIFY(!book.set({ .mode = Mode::On, .until = kNow }, "ann", kWindows, kNow));
    QVERIFY(!book.set({ .mode = Mode::On, .until = kNow + 61 * 24h }, "ann", kWindows, kNow));
    QVERIFY(!book.at(kWindows, kNow).isOn);
    QVERIFY(book.set({ .mode = Mode::On, .until = kNow + 30min }, "ann", kWindows, kNow));
    QVERIFY(book.at(kWindows, kNow).isOn);
    QVERIFY(!book.at(kWindows, kNow + 30min).isOn);
}

void TestSaleBook::whatWasSwitchedOutlivesTheProcess()
{
    SaleBook book({});
    const auto row = book.set({ .mode = Mode::On, .until = kNow + 8h }, "ann", kWindows, kNow);
    const SaleBook next({ *row });
    QVERIFY(next.at(kWindows, kNow + 7h) == book.at(kWindows, kNow + 7h));
    QVERIFY(next.at({}, kNow + 7h).isOn);
}

void TestSaleBook::aRowOfATunedDestinationIsNotItsOwn()
{
    const store::OverrideRow tuned {
        .target = { "sale_mode", {} }, .name = "rate", .value = "2.0"
    };
    QVERIFY(!SaleBook::isAbout(tuned));
    QVERIFY(!SaleBook({ tuned }).at({}, kNow).isOn);
}

SPILLWAY_TEST(TestSaleBook)

} // namespace tst_sale_book

#include "tst_sale_book.moc"
