// The dead-letter page by hand: groups and their entries, the tree, the history of filters, what
// safety level Observe allows, and what may never leave.
#include "dlq/dead_letter_model.h"
#include "dlq/dead_letter_view.h"
#include "dlq/dlq_page.h"
#include "dlq/filter_bar.h"
#include "dlq/group_model.h"
#include "dlq/json_outline.h"
#include "dlq/masking.h"
#include "dlq/payload_diff.h"
#include "format/format.h"
#include "support/test_program.h"
#include "theme/theme.h"
#include "ui/page_bench.h"
#include "widgets/column_chooser.h"
#include "widgets/list_notice.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>

namespace tst_dlq_page {

using namespace ui;
using ui::testing::contentOf;
using ui::testing::PageBench;

namespace {

struct Bench : PageBench<DlqPage> {
    using PageBench::PageBench;
    QTableView& groups() { return *find<QTableView>("dlq_groups"); }
    DeadLetterView& rows() { return *find<DeadLetterView>("dlq_rows"); }
    void waitForGroups()
    {
        QTRY_VERIFY(groups().model()->rowCount() > 2 && page.model().rowCount() > 10);
    }
    QString nameOf(int group)
    {
        return groups().model()->index(group, 0).data(GroupModel::IdRole).toString();
    }
};

// Everything that somebody could read on the page, and so on a picture of it.
QString shownTexts(const QWidget& page)
{
    QStringList texts;
    for (const auto* label : page.findChildren<QLabel*>())
        texts += label->text() + label->toolTip();
    for (const auto* text : page.findChildren<QPlainTextEdit*>())
        texts += text->toPlainText();
    for (const auto* view : page.findChildren<QAbstractItemView*>()) {
        const auto* model = view->model();
        for (int row = 0; model != nullptr && row < std::min(model->rowCount(), 100); ++row) {
            for (int column = 0; column < model->columnCount(); ++column)
                texts += model->index(row, column).data().toString()
                    + model->index(row, column).data(Qt::ToolTipRole).toString();
        }
    }
    return texts.join(u'\n');
}

QStringList* s_log = nullptr;
void keepLog(QtMsgType, const QMessageLogContext&, const QString& text) { s_log->append(text); }

} // namespace

class TestDlqPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsComeFirstAndNarrowTheirEntries();
    void nothingIsCountedBeforeTheFirstAnswer();
    void groupsAreMergedAndTheMergeIsTakenBack();
    void aGroupIsSplitByAccount();
    void observeModeAllowsLookingAndNothingElse();
    void theKeyArchivesWhatWasChosenAndNeverEverything();
    void whatFailsLaterIsNotActedOn();
    void copyingRowsThatAreNotReadSaysSo();
    void theColumnsOfTheGroupsAreChosenAndKept();
    void aSearchIsGivenUpByEscapeAndByItsButton();
    void noColumnIsCutWhileThereIsRoom();
    void aTreeShowsTheFieldsAndAFieldBecomesAFilter();
    void filtersThatWereUsedAreOfferedAgain();
    void aConditionIsEditedWhereItStands();
    void nothingThatLeavesHoldsASecretOrAnAddress();
    void placesInADocumentHaveNames();
    void longStringsAreCutAndSaySo();
    void differencesNameTheTypes();
};

void TestDlqPage::nothingIsCountedBeforeTheFirstAnswer()
{
    Bench bench;
    const auto count = [&bench] { return bench.find<QLabel>("dlq_count")->text(); };
    QVERIFY(bench.page.model().isLoading());
    QCOMPARE(count(), QStringLiteral("Reading…"));
    bench.waitForGroups();
    QTRY_VERIFY(count().contains(QStringLiteral(" waiting")));
}

void TestDlqPage::groupsComeFirstAndNarrowTheirEntries()
{
    Bench bench;
    bench.waitForGroups();
    QVERIFY(bench.groups().isVisible());
    const int all = bench.page.model().rowCount();
    const auto trend = bench.groups()
                           .model()
                           ->index(0, GroupModel::TrendColumn)
                           .data(GroupModel::TrendRole)
                           .toList();
    QCOMPARE(trend.size(), engine::kTrendSlots);

    bench.groups().selectRow(1);
    const QString count
        = bench.groups().model()->index(1, GroupModel::CountColumn).data().toString();
    QTRY_VERIFY(bench.page.model().rowCount() < all && !bench.page.model().isLoading());
    QCOMPARE(QLocale().toString(bench.page.model().rowCount()), count);
    QCOMPARE(toQString(bench.page.model().rowAt(0)->fingerprint), bench.nameOf(1));
    QVERIFY(bench.find<QLabel>("dlq_rowsCaption")->text().startsWith(count));
    QCOMPARE(toQString(bench.page.scopeFilter().fingerprint), bench.nameOf(1));
    QCOMPARE(
        bench.find<QPushButton>("dlq_replay")->text(), QStringLiteral("Replay %1…").arg(count));

    bench.find<QPushButton>("dlq_rowsAll")->click();
    QTRY_COMPARE(bench.page.model().rowCount(), all);
    QVERIFY(!bench.find<QLabel>("dlq_rowsCaption")->isVisible());
}

void TestDlqPage::groupsAreMergedAndTheMergeIsTakenBack()
{
    Bench bench;
    bench.waitForGroups();
    const int before = bench.groups().model()->rowCount();
    const QString kept = bench.nameOf(0);
    const QString part = bench.nameOf(1);
    bench.groups().selectRow(0);
    bench.groups().selectionModel()->select(bench.groups().model()->index(1, 0),
        QItemSelectionModel::Select | QItemSelectionModel::Rows);
    auto* merge = bench.find<QPushButton>("dlq_groupMerge");
    QCOMPARE(merge->text(), QStringLiteral("Merge 2 groups"));
    merge->click();
    QTRY_COMPARE(bench.groups().model()->rowCount(), before - 1);
    const auto& sent = std::get<engine::GroupShapeCommand>(bench.engine.commands().back().what);
    QVERIFY(sent.action == engine::GroupShapeCommand::Action::Merge);
    QCOMPARE(toQString(sent.fingerprint), kept);
    QCOMPARE(toQString(sent.others.front()), part);

    auto* undo = bench.find<QPushButton>("undo_button");
    QTRY_VERIFY(undo->isVisible());
    undo->click();
    QTRY_COMPARE(bench.groups().model()->rowCount(), before);
}

void TestDlqPage::aGroupIsSplitByAccount()
{
    Bench bench;
    bench.waitForGroups();
    auto* split = bench.find<QPushButton>("dlq_groupSplit");
    int several = -1;
    for (int row = 0; row < bench.groups().model()->rowCount() && several < 0; ++row) {
        const QString shards
            = bench.groups().model()->index(row, GroupModel::ShardsColumn).data().toString();
        several = shards.toInt() > 1 ? row : -1;
    }
    QVERIFY(several >= 0);
    const int before = bench.groups().model()->rowCount();
    bench.groups().selectRow(several);
    QVERIFY(split->isVisible());
    QCOMPARE(split->text(), QStringLiteral("Split by account"));
    split->click();
    QTRY_VERIFY(bench.groups().model()->rowCount() > before);
}

// Requirement §8: all writes disabled, with the reason; looking stays.
void TestDlqPage::observeModeAllowsLookingAndNothingElse()
{
    Bench bench(engine::SafetyLevel::Observe);
    bench.waitForGroups();
    const int all = bench.page.model().rowCount();
    bench.groups().selectRow(0);
    QTRY_VERIFY(bench.page.model().rowCount() < all && !bench.page.model().isLoading());
    bench.rows().selectRow(0);
    QTRY_VERIFY(bench.find<QPushButton>("dlq_copyCurl")->isEnabled());
    for (const char* name :
        { "dlq_replay", "dlq_archive", "dlq_replayThis", "dlq_groupSay", "dlq_groupSplit" }) {
        auto* button = bench.find<QPushButton>(name);
        QVERIFY2(!button->isEnabled(), name);
    }
    for (const char* name : { "dlq_replay", "dlq_archive", "dlq_replayThis" })
        QVERIFY2(bench.find<QPushButton>(name)->toolTip().startsWith(
                     QStringLiteral("Observe mode · Settings → Profile")),
            name);
    QVERIFY(bench.find<QPushButton>("dlq_export")->isEnabled());
    QSignalSpy asked(&bench.page, &Page::navigationRequested);
    bench.page.run(PageCommand::Replay);
    bench.page.run(PageCommand::Archive);
    QCOMPARE(asked.size(), 0);
    QVERIFY(bench.engine.commands().empty());
    bench.engine.setSafety(engine::SafetyLevel::Standard); // as a reload does
    QVERIFY(bench.find<QPushButton>("dlq_archive")->isEnabled());
}

// The first of one key too many must not empty a list of two thousand.
void TestDlqPage::theKeyArchivesWhatWasChosenAndNeverEverything()
{
    Bench bench;
    bench.waitForGroups();
    const auto waiting = bench.engine.store().waiting();
    QSignalSpy said(&bench.page, &Page::messageShown);
    bench.groups().setFocus();
    bench.page.run(PageCommand::Archive);
    QTest::qWait(0);
    QCOMPARE(said.size(), 1);
    QVERIFY(bench.engine.commands().empty());
    QCOMPARE(bench.engine.store().waiting(), waiting);
    bench.groups().selectRow(0);
    QTRY_VERIFY(!bench.page.model().isLoading());
    bench.page.run(PageCommand::Archive);
    QTRY_VERIFY(bench.engine.store().waiting() < waiting);
    QVERIFY(bench.engine.store().waiting() > 0);
}

// A minute after the list was read there are new failures. The number on the button is of then, and
// so is what is archived, sent again or written.
void TestDlqPage::whatFailsLaterIsNotActedOn()
{
    Bench bench;
    bench.waitForGroups();
    auto* archive = bench.find<QPushButton>("dlq_archive");
    QCOMPARE(archive->text(), QStringLiteral("Archive 2,000"));
    const auto loadedAt = bench.clock.wallNow();
    bench.engine.advance(engine::Seconds { 60 });
    bench.clock.setNow(bench.engine.now());
    const auto added = bench.engine.store().waiting() - 2'000;
    QVERIFY(added > 0);
    QCOMPARE(archive->text(), QStringLiteral("Archive 2,000"));
    QSignalSpy asked(&bench.page, &Page::navigationRequested);
    bench.page.run(PageCommand::Replay);
    const auto target = asked.at(0).at(0).value<PageTarget>();
    QVERIFY(target.filter->failedTo);
    QVERIFY(*target.filter->failedTo <= loadedAt + engine::Millis { 1 });
    const QTemporaryDir folder;
    bench.page.exportTo(folder.filePath(QStringLiteral("out.jsonl")));
    const QString meta = folder.filePath(QStringLiteral("out.jsonl.meta.json"));
    QTRY_VERIFY(QFile::exists(meta));
    QCOMPARE(contentOf(folder.filePath(QStringLiteral("out.jsonl"))).count('\n'), 2'000);
    archive->click();
    QTRY_COMPARE(bench.engine.store().waiting(), added);
    QTRY_VERIFY(bench.find<QLabel>("undo_text")->text().startsWith(QStringLiteral("2,000 ")));
}

// Windows of 256 rows are read as they are looked at. A clipboard holds what was read, and the page
// says how much that is.
void TestDlqPage::copyingRowsThatAreNotReadSaysSo()
{
    Bench bench;
    bench.waitForGroups();
    QSignalSpy said(&bench.page, &Page::messageShown);
    bench.rows().selectAll();
    bench.rows().copyCells();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY(!copied.contains(QStringLiteral("…\t")));
    const auto lines = copied.count(u'\n');
    QVERIFY(lines > 0 && lines < 2'000);
    QCOMPARE(said.size(), 1);
    QVERIFY(said.at(0).at(0).toString().startsWith(
        QStringLiteral("%1 of 2,000 selected rows copied").arg(QLocale::c().toString(lines))));
    bench.rows().selectRow(0);
    bench.rows().copyCells();
    QCOMPARE(said.size(), 1);
}

void TestDlqPage::theColumnsOfTheGroupsAreChosenAndKept()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    {
        Bench bench;
        bench.page.saveLayout(settings);
        QVERIFY(!settings.contains(QStringLiteral("dlq/groupColumns"))); // nobody has chosen
        QMenu menu;
        bench.groups().findChild<ColumnChooser*>()->addColumns(menu);
        QCOMPARE(menu.actions().size(), bench.groups().model()->columnCount());
        menu.actions().at(GroupModel::TrendColumn)->trigger();
        QVERIFY(bench.groups().isColumnHidden(GroupModel::TrendColumn));
        bench.page.saveLayout(settings);
    }
    Bench bench;
    bench.page.restoreLayout(settings);
    QVERIFY(bench.groups().isColumnHidden(GroupModel::TrendColumn));
    bench.page.resetLayout();
    QVERIFY(!bench.groups().isColumnHidden(GroupModel::TrendColumn));
}

void TestDlqPage::aSearchIsGivenUpByEscapeAndByItsButton()
{
    Bench bench;
    bench.waitForGroups();
    const int before = bench.page.model().rowCount();
    bench.engine.holdReplies(true);
    auto* notice = bench.rows().parentWidget()->findChild<ListNotice*>();
    for (const bool isByKey : { true, false }) {
        bench.page.findChild<FilterBar*>()->setLine(QStringLiteral("text:\"nowhere\""));
        QTRY_VERIFY(bench.page.model().isLoading());
        notice->offerCancel(); // three seconds have passed
        if (isByKey)
            bench.page.clearTransient();
        else
            bench.find<QPushButton>("dlq_rows_cancel")->click();
        QVERIFY(bench.page.model().isCancelled());
        QCOMPARE(notice->objectName(), QStringLiteral("dlq_rows_error"));
        QCOMPARE(bench.page.model().rowCount(), before); // the list before, switched off
        QVERIFY(!bench.rows().isEnabled());
        bench.find<QPushButton>("dlq_rows_retry")->click();
        QVERIFY(bench.page.model().isLoading() && !bench.page.model().isCancelled());
    }
    bench.engine.holdReplies(false);
    QTRY_VERIFY(!bench.page.model().isLoading());
    QCOMPARE(bench.page.model().rowCount(), 0);
}

// As wide as in a window of 1,440: the times are read in full, the ids too, and the columns end
// where the table ends. A width that somebody drags stays.
void TestDlqPage::noColumnIsCutWhileThereIsRoom()
{
    Bench bench;
    bench.waitForGroups();
    auto& rows = bench.rows();
    const auto isCut = [&](int column) {
        const QString text = rows.model()->index(0, column).data().toString();
        return rows.fontMetrics().horizontalAdvance(text) + 6 > rows.columnWidth(column);
    };
    for (const int width : { 520, 760, 1'000, 1'400 }) {
        rows.parentWidget()->setFixedWidth(width);
        QApplication::processEvents();
        QVERIFY(rows.horizontalHeader()->length() <= rows.viewport()->width());
        QVERIFY(rows.horizontalHeader()->length() > rows.viewport()->width() - 4);
        for (const int column : { DeadLetterModel::EventIdColumn, DeadLetterModel::FirstSeenColumn,
                 DeadLetterModel::LastFailedColumn, DeadLetterModel::ExpiresColumn }) {
            if (!rows.isColumnHidden(column) && (column != 0 || width >= 760))
                QVERIFY2(!isCut(column), qPrintable(QString::number(width)));
        }
    }
    QVERIFY(!rows.isColumnHidden(DeadLetterModel::SizeColumn)); // all of them at 1,400
}

void TestDlqPage::aTreeShowsTheFieldsAndAFieldBecomesAFilter()
{
    Bench bench;
    bench.waitForGroups();
    bench.rows().selectRow(0);
    auto* text = bench.find<QPlainTextEdit>("dlq_payload");
    QTRY_VERIFY(text->toPlainText().contains(QStringLiteral("currency")));
    const int at = static_cast<int>(text->toPlainText().indexOf(QStringLiteral("currency")));
    QTextCursor cursor = text->textCursor();
    cursor.setPosition(at);
    text->setTextCursor(cursor);
    QCOMPARE(bench.find<QLabel>("dlq_payloadPath")->text(), QStringLiteral("$.currency"));

    bench.find<QToolButton>("dlq_payloadAsTree")->click();
    auto* tree = bench.find<QTreeWidget>("dlq_payloadTree");
    QVERIFY(tree->isVisible());
    const auto found
        = tree->findItems(QStringLiteral("currency"), Qt::MatchExactly | Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    tree->setCurrentItem(found.front());
    QCOMPARE(bench.find<QLabel>("dlq_payloadPath")->text(), QStringLiteral("$.currency"));
    bench.find<QToolButton>("dlq_payloadFilter")->click();
    QCOMPARE(bench.find<QLineEdit>("dlq_filter")->text(), QStringLiteral("$.currency:EUR"));
}

void TestDlqPage::filtersThatWereUsedAreOfferedAgain()
{
    const QTemporaryDir folder;
    QSettings settings(folder.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    Bench bench;
    bench.waitForGroups();
    auto* line = bench.find<QLineEdit>("dlq_filter");
    for (const char* text : { "class:invalid", "http:400", "class:invalid", "colour:red" }) {
        line->setText(QLatin1String(text));
        QTest::keyClick(line, Qt::Key_Return);
    }
    auto* history = bench.find<QComboBox>("dlq_filterHistory");
    QCOMPARE(history->count(), 2); // once each, and no mistakes
    QCOMPARE(history->itemText(0), QStringLiteral("class:invalid"));
    bench.page.saveLayout(settings);

    Bench again;
    again.page.restoreLayout(settings);
    QCOMPARE(again.find<QComboBox>("dlq_filterHistory")->count(), 2);
    QCOMPARE(again.find<QLineEdit>("dlq_filter")->text(), QString());
}

void TestDlqPage::aConditionIsEditedWhereItStands()
{
    Bench bench;
    bench.waitForGroups();
    auto* line = bench.find<QLineEdit>("dlq_filter");
    line->setText(QStringLiteral("class:invalid http:400"));
    QTest::keyClick(line, Qt::Key_Return);
    for (auto* button : bench.page.findChildren<QToolButton*>()) {
        if (button->accessibleName() == QStringLiteral("Edit filter http:400"))
            button->click();
    }
    QCOMPARE(line->selectedText(), QStringLiteral("http:400"));
}

// Console design §13.13, over everything that leaves the page: clipboard, curl, both exports, what
// is on screen, and the log of all of it.
void TestDlqPage::nothingThatLeavesHoldsASecretOrAnAddress()
{
    QStringList log;
    s_log = &log;
    const auto before = qInstallMessageHandler(keepLog);
    QString left;
    {
        const QTemporaryDir folder;
        Bench bench;
        bench.waitForGroups();
        bench.rows().selectRow(0);
        [&] { QTRY_VERIFY(bench.find<QPushButton>("dlq_copyCurl")->isEnabled()); }();
        for (const char* name : { "dlq_copy", "dlq_copyCurl" }) {
            bench.find<QPushButton>(name)->click();
            left += QGuiApplication::clipboard()->text();
        }
        bench.rows().copyCells();
        left += QGuiApplication::clipboard()->text() + shownTexts(bench.page);
        for (const char* name : { "out.jsonl", "out.csv" }) {
            const QString file = folder.filePath(QLatin1String(name));
            bench.page.exportTo(file);
            [&] { QTRY_VERIFY(QFile::exists(file + QStringLiteral(".meta.json"))); }();
            [&] { QTRY_VERIFY(!bench.find<QWidget>("dlq_exportProgress")->isVisible()); }();
            const auto& audited = bench.engine.auditRows().back();
            QCOMPARE(audited.action + ' ' + audited.target, std::string("export dead letters"));
            QVERIFY2(audited.after.starts_with("1 row, "), audited.after.c_str());
            left += QString::fromStdString(audited.after) + QString::fromUtf8(contentOf(file))
                + QString::fromUtf8(contentOf(file + QStringLiteral(".meta.json")));
        }
        const QByteArray first = contentOf(folder.filePath(QStringLiteral("out.jsonl")));
        const auto entry = QJsonDocument::fromJson(first.left(first.indexOf('\n'))).object();
        QVERIFY(entry.value(u"payload").toObject().contains(u"event_id"));
        QCOMPARE(entry.value(u"payload").toObject().value(u"user").toObject().value(u"email"),
            QJsonValue(QStringLiteral("[e-mail]")));
    }
    qInstallMessageHandler(before);
    left += log.join(u'\n');
    QVERIFY(left.size() > 10'000);
    for (const char* leak : { "@example", "anna.berg", "+49 151", "203.0.113.24", "EAAB-secret" })
        QVERIFY2(!left.contains(QLatin1String(leak)), leak);
    QVERIFY(left.contains(QStringLiteral("ACCESS_TOKEN")));
}

void TestDlqPage::placesInADocumentHaveNames()
{
    const QString text
        = formatJson(R"({"a":{"b c":[1,{"d":2}]},"e":[],"f":"x"})", { .isIndented = true });
    const auto pathAt = [&text](const char* mark) {
        return outlineAt(text, text.indexOf(QLatin1String(mark))).path;
    };
    QCOMPARE(pathAt("\"b c\""), QStringLiteral("$.a.\"b c\""));
    QCOMPARE(pathAt("\"d\""), QStringLiteral("$.a.\"b c\"[1].d"));
    QCOMPARE(pathAt("\"e\""), QStringLiteral("$.e"));
    QCOMPARE(pathAt("\"f\""), QStringLiteral("$.f"));
    QCOMPARE(outlineOf(text, 3).size(), std::size_t { 3 });
    QCOMPARE(outlineAt(text, text.indexOf(QStringLiteral("\"f\""))).value, QStringLiteral("\"x\""));
}

// 500 characters, an escaped quote among the first 80.
void TestDlqPage::longStringsAreCutAndSaySo()
{
    const QString text
        = QStringLiteral("{\n  \"a\": \"\\\"%1\",\n  \"b\": \"short\"\n}").arg(QString(498, u'x'));
    const Elided elided = elideLongStrings(text, 400);
    QCOMPARE(elided.count, 1);
    QVERIFY(elided.text.contains(QStringLiteral("(500 characters)")));
    QVERIFY(elided.text.contains(QStringLiteral("\"b\": \"short\"")));
    QVERIFY(elided.text.size() < 200);
    QCOMPARE(elideLongStrings(text, 500).text, text);
}

void TestDlqPage::differencesNameTheTypes()
{
    const auto differences
        = comparePayloads(R"({"price":12.9,"gone":true})", R"({"price":"12,90","new":{}})");
    QStringList texts;
    for (const auto& difference : differences)
        texts += difference.pointer + u' ' + differenceText(difference);
    QVERIFY(texts.contains(QStringLiteral("/price other type: number → text")));
    QVERIFY(texts.contains(QStringLiteral("/gone missing: true or false")));
    QVERIFY(texts.contains(QStringLiteral("/new new: object")));
}

SPILLWAY_TEST(TestDlqPage)

} // namespace tst_dlq_page

#include "tst_dlq_page.moc"
