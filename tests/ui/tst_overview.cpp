#include "support/test_program.h"
#include "ui/test_console.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QSettings>
#include <QStyleOptionViewItem>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

namespace tst_overview {

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

class TestOverview final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void theNameOfADestinationIsNotCutForItsNote();
    void noRowMovesWhileThePointerIsInTheTable();
    void theSelectionStaysOnItsShardWhileTheOrderChanges();
    void badFilterTextExplainsItselfAndLeavesTheTableAlone();
    void aFilterThatMatchesNothingOffersToClearItself();
    void shiftClickSortsByASecondColumn();
    void copyGivesCellsBetweenTabs();
    void theRowThatIsSpokenOfIsFramed();
    void chosenColumnsComeBack();
};

void TestOverview::init()
{
    // All but those that say that this machine is slow just now, or what the offscreen platform
    // lacks.
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

// At every width that the column may have, the name is painted as where there is room for all.
void TestOverview::theNameOfADestinationIsNotCutForItsNote()
{
    Console console;
    console.window.overview().toggleGrouping();
    const auto index = console.table().model()->index(0, ShardTableModel::Shard);
    QVERIFY(index.data(ShardTableModel::ExpandRole).isValid());
    const int nameWidth
        = QFontMetrics(console.theme.boldFont()).horizontalAdvance(index.data().toString());
    const auto painted = [&](int width) {
        QImage image(width, console.theme.rowHeight(), QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        QStyleOptionViewItem option;
        option.rect = image.rect();
        console.table().itemDelegateForIndex(index)->paint(&painter, option, index);
        painter.end();
        return image.copy(0, 0, 20 + nameWidth, image.height()); // up to the end of the name
    };
    const QImage whole = painted(600);
    for (int width = nameWidth + 30; width < 400; ++width)
        QVERIFY2(painted(width) == whole, qPrintable(QString::number(width)));
}

// Twenty seconds of a pause and its end would bring two rows to other places.
void TestOverview::noRowMovesWhileThePointerIsInTheTable()
{
    Console console;
    const auto before = console.order();
    QEnterEvent enter({ 5, 5 }, { 5, 5 }, { 5, 5 });
    QApplication::sendEvent(&console.table(), &enter);
    console.engine.submit(
        { .what = engine::PauseCommand { .targets = { { "snap", "a77-eu" } } } }, [](auto) {});
    for (int second = 0; second < 20; ++second) {
        console.advance();
        QCOMPARE(console.order(), before);
    }
    QVERIFY(console.find<QToolButton>("overview_resort").isVisible());
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(&console.table(), &leave);
    console.advance(6s);
    QVERIFY(console.order() != before);
    QVERIFY(!console.find<QToolButton>("overview_resort").isVisible());
}

void TestOverview::theSelectionStaysOnItsShardWhileTheOrderChanges()
{
    Console console;
    console.window.setSelection({ { "snap", "a77-eu" } });
    console.engine.submit(
        { .what = engine::PauseCommand { .targets = { { "snap", "a77-eu" } } } }, [](auto) {});
    console.advance(6s);
    console.advance(6s);
    const auto selected = console.table().selectionModel()->selectedRows();
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected[0].data(ShardTableModel::IdRole).toString(), QStringLiteral("snap/a77-eu"));
    QVERIFY(selected[0].row() > 3);
    QCOMPARE(console.inspector->selection, (std::vector<engine::ShardId> { { "snap", "a77-eu" } }));
}

void TestOverview::badFilterTextExplainsItselfAndLeavesTheTableAlone()
{
    Console console;
    auto& filter = console.find<QLineEdit>("overview_filter");
    auto& error = console.find<QLabel>("overview_filterError");
    filter.setText(QStringLiteral("meta"));
    QCOMPARE(console.table().model()->rowCount(), 2);
    filter.setText(QStringLiteral("meta lag>soon"));
    QVERIFY(error.isVisible());
    QVERIFY(error.text().contains(QStringLiteral("soon")));
    QCOMPARE(console.table().model()->rowCount(), 2);
    filter.setText(QStringLiteral("meta lag>5m"));
    QVERIFY(!error.isVisible());
    QCOMPARE(console.table().model()->rowCount(), 1);
}

void TestOverview::aFilterThatMatchesNothingOffersToClearItself()
{
    Console console;
    auto& filter = console.find<QLineEdit>("overview_filter");
    filter.setText(QStringLiteral("nosuchshard"));
    QVERIFY(console.find<QWidget>("overview_table_filteredEmpty").isVisible());
    console.find<QPushButton>("overview_table_retry").click();
    QVERIFY(filter.text().isEmpty());
    QVERIFY(console.table().isVisible());
    QCOMPARE(console.table().model()->rowCount(), 16);
}

void TestOverview::shiftClickSortsByASecondColumn()
{
    Console console;
    auto* header = console.table().horizontalHeader();
    const auto click = [&](int column, Qt::KeyboardModifiers modifiers) {
        const QPoint at(header->sectionViewportPosition(column) + 20, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, at);
    };
    const auto valueOf = [&](int row, int column) {
        return console.table().model()->index(row, column).data(ShardTableModel::RawRole);
    };
    click(ShardTableModel::State, Qt::NoModifier);
    click(ShardTableModel::In, Qt::ShiftModifier);
    const int rows = console.table().model()->rowCount();
    int ties = 0;
    for (int row = 1; row < rows; ++row) {
        const double before = valueOf(row - 1, ShardTableModel::State).toDouble();
        const double now = valueOf(row, ShardTableModel::State).toDouble();
        QVERIFY(before <= now);
        if (before != now)
            continue;
        ++ties;
        QVERIFY(valueOf(row - 1, ShardTableModel::In).toDouble()
            >= valueOf(row, ShardTableModel::In).toDouble());
    }
    QVERIFY(ties > 0);
}

void TestOverview::copyGivesCellsBetweenTabs()
{
    Console console;
    console.table().setFocus();
    // Not selectRow(), which asks for the modifiers of the last event, and that may be another
    // test's.
    console.table().selectionModel()->setCurrentIndex(console.table().model()->index(1, 0),
        QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    QTest::keyClick(&console.table(), Qt::Key_C, Qt::ControlModifier);
    const QStringList cells = QApplication::clipboard()->text().split(u'\t');
    int shown = 0;
    for (int column = 0; column < ShardTableModel::ColumnCount; ++column) {
        const bool isText
            = column != ShardTableModel::DepthTrend && column != ShardTableModel::LagTrend;
        shown += isText && !console.table().isColumnHidden(column) ? 1 : 0;
    }
    QCOMPARE(cells.size(), shown);
    QCOMPARE(cells[0], console.table().model()->index(1, 0).data().toString());
}

// The coach frames the row that it speaks of, wherever the row goes; and lets go of it.
void TestOverview::theRowThatIsSpokenOfIsFramed()
{
    Console console;
    auto* viewport = console.table().viewport();
    const QImage before = viewport->grab().toImage();
    console.window.overview().setFramedShard(engine::ShardId { "x", "tw-o8x2" });
    const QImage framed = viewport->grab().toImage();
    const int row = static_cast<int>(console.order().indexOf(QStringLiteral("x/tw-o8x2")));
    QRect changed;
    for (int y = 0; y < framed.height(); ++y) {
        for (int x = 0; x < framed.width(); ++x) {
            if (framed.pixel(x, y) != before.pixel(x, y))
                changed |= QRect(x, y, 1, 1);
        }
    }
    const int top = console.table().rowViewportPosition(row);
    QVERIFY(!changed.isEmpty());
    QVERIFY(changed.top() >= top && changed.bottom() <= top + console.table().rowHeight(row));
    console.window.overview().setFramedShard(std::nullopt);
    QVERIFY(viewport->grab().toImage() == before);
}

void TestOverview::chosenColumnsComeBack()
{
    QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    {
        Console console({}, &settings);
        console.window.restoreLayout();
        console.table().setColumnHidden(ShardTableModel::Batch, false);
        console.table().setColumnHidden(ShardTableModel::DlqGrowth, true);
        console.table().horizontalHeader()->moveSection(
            console.table().horizontalHeader()->visualIndex(ShardTableModel::Lag), 2);
        console.window.close();
    }
    Console console({}, &settings);
    console.window.restoreLayout();
    QVERIFY(!console.table().isColumnHidden(ShardTableModel::Batch));
    QVERIFY(console.table().isColumnHidden(ShardTableModel::DlqGrowth));
    QCOMPARE(console.table().horizontalHeader()->visualIndex(ShardTableModel::Lag), 2);
}

SPILLWAY_TEST(TestOverview)

} // namespace tst_overview

#include "tst_overview.moc"
