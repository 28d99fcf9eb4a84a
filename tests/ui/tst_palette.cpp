#include "palette/palette_entries.h"
#include "palette/word_match.h"
#include "support/test_program.h"
#include "ui/test_console.h"
#include "window/console_actions.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>

namespace tst_palette {

using namespace ui;
using ui::testing::Console;

class TestPalette final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void wordsMatchByTheirStarts_data();
    void wordsMatchByTheirStarts();
    void anActionAndAShardAreFoundTogether();
    void prefixesChooseTheKind();
    void whatWasChosenLatelyStandsFirst();
    void disabledActionsAreNotOffered();
    void whatTheSafetyLevelForbidsIsNotOfferedOnAShardEither();
    void anEntryOfASubmenuIsNamedInFull();
    void settingsAndSavedFiltersAreFoundByTheirWords();
    void thereAreNeverMoreThanFifty();
    void returnOpensTheShardThatIsShown();
    void pausingFromTheListOpensTheSheetOnly();
    void resumingFromTheListIsAskedAboutFirst();
    void aFilterGoesToTheOverviewAndIsRemembered();
    void eventIdsAndFiltersAreNotWrittenToDisk();
    void escapeClosesIt();

private:
    static QLineEdit& open(Console& console, const char* text);
};

void TestPalette::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

QLineEdit& TestPalette::open(Console& console, const char* text)
{
    console.window.actions().palette->trigger();
    QApplication::processEvents(); // it becomes the active window
    auto& input = console.find<QLineEdit>("palette_input");
    input.setText(QLatin1String(text));
    return input;
}

void TestPalette::wordsMatchByTheirStarts_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("title");
    QTest::addColumn<bool>("isMatch");
    const auto row = [](const char* query, const char* title, bool isMatch) {
        QTest::addRow("%s in %s", query, title)
            << QString::fromLatin1(query) << QString::fromLatin1(title) << isMatch;
    };
    row("pause", "&Pause...", true);
    row("pa ret", "Pause re&tries", true);
    row("ret pa", "Pause re&tries", true);
    row("pr", "Pause retries", true);
    row("use", "Pause retries", false);
    row("pause x", "Pause retries", false);
    row("7731", "meta 1048 7731", true);
    row("", "anything", true);
}

void TestPalette::wordsMatchByTheirStarts()
{
    QFETCH(QString, query);
    QFETCH(QString, title);
    QFETCH(bool, isMatch);
    QCOMPARE(matchRank(wordsOf(query), wordsOf(title)).has_value(), isMatch);
}

// "pause me" lists pausing for each shard of meta, with its state.
void TestPalette::anActionAndAShardAreFoundTogether()
{
    Console console;
    const PaletteSources sources { .actions = { console.window.actions().pause },
        .snapshot = console.engine.snapshot() };
    const auto found = findEntries(QStringLiteral("> pause me"), sources);
    QCOMPARE(found.size(), std::size_t { 2 });
    for (const auto& entry : found) {
        QVERIFY(entry.action == console.window.actions().pause);
        QCOMPARE(entry.shard.destination, std::string("meta"));
        QVERIFY(entry.status.has_value());
        QVERIFY(!entry.detail.isEmpty());
    }
}

void TestPalette::prefixesChooseTheKind()
{
    Console console;
    const PaletteSources sources { .actions = console.window.actions().findChildren<QAction*>(),
        .snapshot = console.engine.snapshot(),
        .filters = { QStringLiteral("lag>60s"), QStringLiteral("state:paused") } };
    using Kind = PaletteEntry::Kind;
    const auto kinds = [&](const char* text) {
        std::set<Kind> seen;
        for (const auto& entry : findEntries(QLatin1String(text), sources))
            seen.insert(entry.kind);
        return seen;
    };
    QVERIFY(kinds(">") == std::set<Kind> { Kind::Action });
    QVERIFY(kinds("#") == std::set<Kind> { Kind::Shard });
    QVERIFY(kinds("@").empty());
    QVERIFY(kinds("@ord-1") == std::set<Kind> { Kind::Event });
    QVERIFY(kinds("/") == std::set<Kind> { Kind::Filter });
    QCOMPARE(findEntries(QStringLiteral("/lag"), sources).size(), std::size_t { 2 });
    QVERIFY(kinds("meta").count(Kind::Shard) == 1);
}

void TestPalette::whatWasChosenLatelyStandsFirst()
{
    Console console;
    PaletteSources sources { .actions = console.window.actions().findChildren<QAction*>() };
    sources.recents = { QStringLiteral("action_about"), QStringLiteral("action_mark") };
    const auto found = findEntries({}, sources);
    QCOMPARE(found[0].id, QStringLiteral("action_about"));
    QCOMPARE(found[1].id, QStringLiteral("action_mark"));
}

void TestPalette::disabledActionsAreNotOffered()
{
    Console console({ .scenario = "empty" });
    const PaletteSources sources { .actions = { console.window.actions().pause } };
    QVERIFY(findEntries(QStringLiteral("pause"), sources).empty());
}

void TestPalette::whatTheSafetyLevelForbidsIsNotOfferedOnAShardEither()
{
    Console console({ .safety = engine::SafetyLevel::Observe });
    const PaletteSources sources { .actions = { console.window.actions().pause },
        .snapshot = console.engine.snapshot() };
    QVERIFY(findEntries(QStringLiteral("> pause me"), sources).empty());
}

// In its menu "Dark" stands under "Theme"; alone it would say nothing.
void TestPalette::anEntryOfASubmenuIsNamedInFull()
{
    Console console;
    open(console, "dark");
    auto& list = console.find<QListWidget>("palette_list");
    QCOMPARE(list.item(0)->text(), QStringLiteral("Theme: dark"));
    QCOMPARE(console.window.actions().themeDark->text(), QStringLiteral("&Dark"));
}

void TestPalette::settingsAndSavedFiltersAreFoundByTheirWords()
{
    const PaletteSources sources { .savedFilters = { QStringLiteral("dest:snap class:invalid") },
        .settings = { QStringLiteral("Thresholds"), QStringLiteral("Privacy") } };
    const auto settings = findEntries(QStringLiteral("thr"), sources);
    QCOMPARE(settings.size(), std::size_t { 1 });
    QVERIFY(settings[0].kind == PaletteEntry::Kind::Setting);
    QCOMPARE(settings[0].number, 0);
    for (const char* query : { "snap invalid", "/snap" }) {
        const auto found = findEntries(QLatin1String(query), sources);
        const auto saved = std::find_if(found.begin(), found.end(),
            [](const auto& entry) { return entry.kind == PaletteEntry::Kind::SavedFilter; });
        QVERIFY2(saved != found.end(), query);
        QCOMPARE(saved->text, QStringLiteral("dest:snap class:invalid"));
    }

    Console console;
    open(console, "settings thr");
    QTest::keyClick(&console.find<QLineEdit>("palette_input"), Qt::Key_Return);
    QCOMPARE(console.find<QListWidget>("settings_list").currentItem()->text(),
        QStringLiteral("Thresholds"));
}

void TestPalette::thereAreNeverMoreThanFifty()
{
    Console console({ .shards = 256 });
    const PaletteSources sources { .snapshot = console.engine.snapshot() };
    QCOMPARE(findEntries(QStringLiteral("#"), sources).size(), kPaletteEntriesMax);
}

void TestPalette::returnOpensTheShardThatIsShown()
{
    Console console;
    auto& input = open(console, "#a77");
    QTest::keyClick(&input, Qt::Key_Return);
    QApplication::processEvents();
    QVERIFY(console.find<QWidget>("page_shard").isVisible());
    QCOMPARE(console.inspector->selection, (std::vector<engine::ShardId> { { "snap", "a77-eu" } }));
}

void TestPalette::pausingFromTheListOpensTheSheetOnly()
{
    Console console;
    auto& input = open(console, "pause a77");
    auto& list = console.find<QListWidget>("palette_list");
    while (!list.currentItem()->text().startsWith(QStringLiteral("Pause…")))
        QTest::keyClick(&input, Qt::Key_Down);
    QTest::keyClick(&input, Qt::Key_Return);
    QCOMPARE(console.inspector->sheet, (std::vector<engine::ShardId> { { "snap", "a77-eu" } }));
    QVERIFY(console.engine.commands().empty());
}

void TestPalette::resumingFromTheListIsAskedAboutFirst()
{
    Console console;
    auto& input = open(console, "resume 88120");
    QTest::keyClick(&input, Qt::Key_Return);
    auto& box = console.find<QMessageBox>("confirm_sheet");
    QVERIFY(box.text().contains(QStringLiteral("88120")));
    QCOMPARE(box.defaultButton(), box.button(QMessageBox::Cancel));
    QVERIFY(console.engine.commands().empty());
    for (auto* button : box.buttons()) {
        if (box.buttonRole(button) == QMessageBox::AcceptRole)
            button->click();
    }
    QCOMPARE(console.inspector->resumed, (std::vector<engine::ShardId> { { "criteo", "88120" } }));
}

void TestPalette::aFilterGoesToTheOverviewAndIsRemembered()
{
    Console console;
    console.window.showPage(PageId::Shard);
    auto& input = open(console, "/state:throttled");
    QTest::keyClick(&input, Qt::Key_Return);
    QVERIFY(console.find<QWidget>("page_overview").isVisible());
    QCOMPARE(console.order(), QStringList { QStringLiteral("meta/104839275777731") });
    auto& filter = console.find<QLineEdit>("overview_filter");
    filter.setFocus();
    QTest::keyClick(&filter, Qt::Key_Return);
    QCOMPARE(console.window.overview().recentFilters(),
        QStringList { QStringLiteral("state:throttled") });
}

void TestPalette::eventIdsAndFiltersAreNotWrittenToDisk()
{
    QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("look.ini")), QSettings::IniFormat);
    Console console({}, &settings);
    for (const char* text : { "@ada@example.com", "/meta", "#a77" }) {
        auto& input = open(console, text);
        QTest::keyClick(&input, Qt::Key_Return);
        QApplication::processEvents();
        QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    QCOMPARE(settings.value(QStringLiteral("palette/recents")).toStringList(),
        QStringList { QStringLiteral("snap/a77-eu") });
}

void TestPalette::escapeClosesIt()
{
    Console console;
    auto& input = open(console, "");
    auto* dialog = input.window();
    QVERIFY(dialog->isVisible());
    QTest::keyClick(&input, Qt::Key_Escape);
    QVERIFY(!dialog->isVisible());
}

SPILLWAY_TEST(TestPalette)

} // namespace tst_palette

#include "tst_palette.moc"
