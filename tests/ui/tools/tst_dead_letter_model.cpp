#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "support/fake_engine.h"
#include "support/process_figures.h"
#include "support/test_program.h"
#include "theme/theme.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSignalSpy>

#include <algorithm>

namespace tst_dead_letter_model {

using engine::testing::FakeEngine;
using ui::DeadLetterModel;

namespace {

constexpr std::int64_t kMillion = 1'000'000;

bool isRead(const DeadLetterModel& model, int first, int last)
{
    for (int row = first; row <= last; ++row) {
        if (model.rowAt(row) == nullptr)
            return false;
    }
    return true;
}

// Rows that stand one behind the other must be one behind the other in the list too.
bool isInOrder(const DeadLetterModel& model, const FakeEngine& engine, int first, int last)
{
    auto& letters = const_cast<FakeEngine&>(engine).store();
    for (int row = first; row < last; ++row) {
        const auto id = engine::toInt(model.rowAt(row)->id);
        const auto next = engine::toInt(model.rowAt(row + 1)->id);
        for (auto between = id + 1; between < next; ++between) {
            const auto state = letters.row(engine::DeadLetterId { between }).state;
            if (state == engine::DeadLetterState::Waiting)
                return false;
        }
        if (next <= id)
            return false;
    }
    return true;
}

} // namespace

class TestDeadLetterModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin)"))); }
    void aMillionRowsOpenAndScrollFromMemory();
    void rowsReadAfterAJumpHangTogether();
    void bothEndsAreExactWhereTheMiddleWasEstimated();
    void aListWithHolesIsAModelAtEveryMoment();
    void aFilteredListGrowsAsItIsRead();
    void answersToAnOldQuestionAreDropped();
    void aFailedPageStopsReadingUntilItIsRetried();
    void theViewDragsThroughAMillionRows();
};

// The model tester visits every cell at every change, so it watches the small lists only.
// Nothing but 64 windows of 256 rows is kept, wherever somebody scrolls.
void TestDeadLetterModel::aMillionRowsOpenAndScrollFromMemory()
{
    FakeEngine engine({ .deadLetters = kMillion });
    DeadLetterModel model(engine);
    QElapsedTimer timer;
    timer.start();
    model.load({});
    QTRY_COMPARE(model.rowCount(), static_cast<int>(engine.store().waiting()));
    qInfo("opened 1,000,000 rows in %lld ms", timer.elapsed());

    const quint32 seed = qEnvironmentVariableIsSet("SEED") ? qEnvironmentVariable("SEED").toUInt()
                                                           : QRandomGenerator::global()->generate();
    qInfo("SEED=%u", seed);
    QRandomGenerator random(seed);
    std::vector<qint64> costs;
    for (int i = 0; i < 120; ++i) {
        const int row = random.bounded(model.rowCount() - 40);
        timer.restart();
        model.setVisibleRows(row, row + 30);
        for (int r = row; r < row + 30; ++r) {
            for (int column = 0; column < DeadLetterModel::kColumns; ++column)
                (void)model.index(r, column).data();
        }
        costs.push_back(timer.nsecsElapsed() / 1'000);
        QTRY_VERIFY(isRead(model, row, row + 30));
        QVERIFY(model.windowsHeld() <= DeadLetterModel::kWindowsMax);
    }
    std::sort(costs.begin(), costs.end());
    qInfo("jump and paint of 30 rows: median %lld us, worst %lld us", costs[60], costs.back());
}

void TestDeadLetterModel::rowsReadAfterAJumpHangTogether()
{
    FakeEngine engine({ .deadLetters = kMillion });
    DeadLetterModel model(engine);
    model.load({});
    QTRY_VERIFY(model.rowCount() > 0);
    model.setVisibleRows(700'000, 700'030);
    QTRY_VERIFY(isRead(model, 700'000, 700'030));
    for (int top = 700'000; top > 699'000; top -= 100) {
        model.setVisibleRows(top, top + 30);
        QTRY_VERIFY(isRead(model, top, top + 30));
    }
    QVERIFY(isRead(model, 699'100, 700'030));
    QVERIFY(isInOrder(model, engine, 699'100, 700'030));
}

// A fifth of the ids is archived in one stretch, so that an interpolated id is off by far.
void TestDeadLetterModel::bothEndsAreExactWhereTheMiddleWasEstimated()
{
    FakeEngine engine({ .deadLetters = 6'000 });
    for (std::int64_t id = 1'000; id < 2'200; ++id)
        engine.store().setState(engine::DeadLetterId { id }, engine::DeadLetterState::Archived);
    const auto waiting = static_cast<int>(engine.store().waiting());
    DeadLetterModel model(engine);
    model.load({});
    QTRY_COMPARE(model.rowCount(), waiting);
    model.setVisibleRows(2'400, 2'430);
    QTRY_VERIFY(isRead(model, 2'400, 2'430));

    // Down to the end, window by window: the count is right and the last row is the last entry.
    for (int top = 2'400; top < model.rowCount(); top += 200) {
        const int last = std::min(top + 220, model.rowCount() - 1);
        model.setVisibleRows(top, last);
        QTRY_VERIFY(isRead(model, top, std::min(last, model.rowCount() - 1)));
    }
    const int end = model.rowCount() - 1;
    model.setVisibleRows(end - 20, end);
    QTRY_VERIFY(isRead(model, end - 20, end));
    QCOMPARE(engine::toInt(model.rowAt(end)->id), engine.store().size());

    // And up to the start: the first row is the first entry, and the count is the counter again.
    int top = end;
    QSignalSpy shifted(&model, &DeadLetterModel::contentShifted);
    while (top > 0) {
        top = std::max(0, top - 200);
        model.setVisibleRows(top, top + 220);
        QTRY_VERIFY(isRead(model, top, std::min(top + 220, model.rowCount() - 1)));
        while (!shifted.isEmpty())
            top = std::max(0, top + shifted.takeFirst().at(0).toInt());
    }
    model.setVisibleRows(0, 30);
    QTRY_VERIFY(isRead(model, 0, 30));
    QCOMPARE(engine::toInt(model.rowAt(0)->id), std::int64_t { 1 });
    QTRY_COMPARE(model.rowCount(), waiting);
}

// Jumps to every part of a list whose ids are uneven, with the tester watching the corrections.
void TestDeadLetterModel::aListWithHolesIsAModelAtEveryMoment()
{
    FakeEngine engine({ .deadLetters = 2'400 });
    for (std::int64_t id = 100; id < 700; ++id)
        engine.store().setState(engine::DeadLetterId { id }, engine::DeadLetterState::Archived);
    DeadLetterModel model(engine);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.load({});
    QTRY_COMPARE(model.rowCount(), static_cast<int>(engine.store().waiting()));
    for (const int wanted : { 900, 1'500, 600, 1'790, 300, 0 }) {
        const int top = std::min(wanted, model.rowCount() - 20);
        model.setVisibleRows(top, top + 19);
        QTRY_VERIFY(isRead(model, top, std::min(top + 19, model.rowCount() - 1)));
    }
    QCOMPARE(engine::toInt(model.rowAt(0)->id), std::int64_t { 1 });
}

void TestDeadLetterModel::aFilteredListGrowsAsItIsRead()
{
    FakeEngine engine({ .deadLetters = 2'000 });
    DeadLetterModel model(engine);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    engine::DeadLetterFilter filter;
    filter.classes = { engine::Outcome::Invalid };
    const auto expected = static_cast<int>(engine.store().select(filter).size());
    QVERIFY(expected > 2 * DeadLetterModel::kWindowRows);
    model.load({ .filter = filter });
    // One window, perhaps the next one already, and a row that says that there is more.
    QTRY_VERIFY(model.rowCount() > DeadLetterModel::kWindowRows);
    QVERIFY(!model.isTotalKnown());
    QCOMPARE(model.index(model.rowCount() - 1, 0).data().toString(), QStringLiteral("…"));
    while (!model.isTotalKnown()) {
        const int before = model.rowCount();
        model.setVisibleRows(before - 20, before - 1);
        QTRY_VERIFY(model.rowCount() != before || model.isTotalKnown());
    }
    QCOMPARE(model.rowCount(), expected);
}

void TestDeadLetterModel::answersToAnOldQuestionAreDropped()
{
    FakeEngine engine({ .deadLetters = 4'000 });
    DeadLetterModel model(engine);
    engine::DeadLetterFilter invalid;
    invalid.classes = { engine::Outcome::Invalid };
    engine::DeadLetterFilter unknown;
    unknown.classes = { engine::Outcome::Unknown };
    engine.holdReplies(true);
    model.load({ .filter = invalid });
    model.load({ .filter = unknown });
    engine.holdReplies(false);
    QTRY_VERIFY(model.rowCount() > 0);
    QCOMPARE(model.rowAt(0)->outcome, engine::Outcome::Unknown);
}

void TestDeadLetterModel::aFailedPageStopsReadingUntilItIsRetried()
{
    FakeEngine engine({ .deadLetters = 4'000 });
    DeadLetterModel model(engine);
    model.load({});
    QTRY_VERIFY(model.rowCount() > 0);
    QTRY_VERIFY(model.rowAt(0) != nullptr);
    engine.failNext(engine::ErrorCode::Storage);
    model.setVisibleRows(2'000, 2'030);
    QTRY_VERIFY(model.failure().has_value());
    const int asked = engine.questions();
    model.setVisibleRows(2'100, 2'130); // scrolling on does not hammer a broken store
    QCOMPARE(engine.questions(), asked);
    model.retry();
    QVERIFY(!model.failure());
    QTRY_VERIFY(isRead(model, 2'100, 2'130));
}

void TestDeadLetterModel::theViewDragsThroughAMillionRows()
{
    FakeEngine engine({ .deadLetters = kMillion });
    ui::Theme theme(ui::ThemeMode::Light);
    DeadLetterModel model(engine);
    ui::DeadLetterView view(theme, model);
    view.resize(1'000, 700);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QElapsedTimer timer;
    timer.start();
    model.load({});
    QTRY_VERIFY(model.rowCount() > 0);
    qInfo("list and header of 1,000,000 rows: %lld ms", timer.elapsed());
    std::vector<double> frames;
    for (int i = 1; i <= 100; ++i) {
        const double begin = engine::testing::threadMillis();
        view.verticalScrollBar()->setValue(model.rowCount() / 100 * i);
        view.viewport()->repaint();
        frames.push_back(engine::testing::threadMillis() - begin);
        QCoreApplication::processEvents();
    }
    std::sort(frames.begin(), frames.end());
    qInfo("drag frame: median %.2f ms, worst %.2f ms of processor time", frames[50], frames.back());
    QVERIFY2(frames[50] < 160, "16 ms are promised"); // ten times that, for slow machines
    const int top = view.rowAt(0);
    QTRY_VERIFY(isRead(model, top, std::min(top + 20, model.rowCount() - 1)));
}

SPILLWAY_TEST(TestDeadLetterModel)

} // namespace tst_dead_letter_model

#include "tst_dead_letter_model.moc"
