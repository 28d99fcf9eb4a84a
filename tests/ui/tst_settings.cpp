#include "charts/chart_deck.h"
#include "charts/chart_strip.h"
#include "settings/console_settings.h"
#include "settings/shortcut_page.h"
#include "support/test_program.h"
#include "ui/test_console.h"
#include "window/console_actions.h"
#include "window/language.h"

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QToolButton>

namespace tst_settings {

using namespace ui;
using ui::testing::Console;

class TestSettings final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void whatIsSavedIsLoadedAgain();
    void nonsenseInTheFileIsTheDefault();
    void aChangeAppliesAtOnceAndIsKept();
    void changedKeysWorkAndDefaultsReturn();
    void twoActionsWithTheSameKeysAreNamed();
    void searchingHidesPagesWithoutTheWord();
    void enginePagesSayThatTheyOnlyShow();
    void theLevelAndWhatIsKeptAreShown();
    void aThresholdIsAnAuditedCommandWithItsEffectBefore();
    void observeLeavesTheThresholdsAlone();
    void timesFollowTheChosenZone();
    void theExportHoldsLookButNotWhatWasSearched();
    void everyActionHasARoleANameAndItsOwnKeys();
    void everyPageFitsInEveryLanguage();

private:
    static QWidget& open(Console& console, int page);
    QTemporaryDir m_directory;
    [[nodiscard]] QString file() const { return m_directory.filePath(QStringLiteral("look.ini")); }
};

void TestSettings::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
    QFile::remove(file());
}

void TestSettings::cleanup() { setClockZone(ClockZone::Local); }

QWidget& TestSettings::open(Console& console, int page)
{
    console.window.actions().preferences->trigger();
    console.find<QListWidget>("settings_list").setCurrentRow(page);
    return console.find<QWidget>("settings_dialog");
}

void TestSettings::whatIsSavedIsLoadedAgain()
{
    ConsoleSettings settings;
    settings.appearance = { ThemeMode::Dark, Density::Comfortable, true };
    settings.charts = { engine::HistorySpan::Hours6, true };
    settings.time.zone = ClockZone::Utc;
    settings.notifications.asksAttention = false;
    settings.shortcuts.changed[QStringLiteral("action_pause")]
        = { QKeySequence(Qt::CTRL | Qt::Key_B), QKeySequence(Qt::Key_F4) };
    settings.shortcuts.changed[QStringLiteral("action_mark")] = {}; // on purpose without keys
    {
        QSettings store(file(), QSettings::IniFormat);
        saveSettings(settings, store);
    }
    QSettings store(file(), QSettings::IniFormat);
    QVERIFY(loadSettings(store) == settings);
}

void TestSettings::nonsenseInTheFileIsTheDefault()
{
    QSettings store(file(), QSettings::IniFormat);
    store.setValue(QStringLiteral("look/theme"), QStringLiteral("blue"));
    store.setValue(QStringLiteral("look/density"), 99);
    store.setValue(QStringLiteral("charts/span"), QStringLiteral("a year"));
    QVERIFY(loadSettings(store) == ConsoleSettings {});
}

void TestSettings::aChangeAppliesAtOnceAndIsKept()
{
    QSettings store(file(), QSettings::IniFormat);
    Console console({}, &store);
    open(console, 5);
    auto& theme = console.find<QComboBox>("settings_theme");
    theme.setCurrentIndex(2);
    Q_EMIT theme.activated(2);
    QVERIFY(console.theme.isDark());
    QVERIFY(console.window.actions().themeDark->isChecked());
    auto& density = console.find<QComboBox>("settings_density");
    density.setCurrentIndex(2);
    Q_EMIT density.activated(2);
    QCOMPARE(console.table().verticalHeader()->defaultSectionSize(), 30);
    auto& span = console.find<QComboBox>("settings_chartSpan");
    span.setCurrentIndex(1);
    Q_EMIT span.activated(1);
    QCOMPARE(console.window.overview().charts().deck().timeline().seconds(), 3'600.0);
    const auto kept = loadSettings(store);
    QVERIFY(kept.appearance.theme == ThemeMode::Dark);
    QVERIFY(kept.appearance.density == Density::Comfortable);
    QVERIFY(kept.charts.span == engine::HistorySpan::Hour1);

    console.find<QPushButton>("settings_reset").click(); // of the page that is shown: Appearance
    QVERIFY(loadSettings(store).appearance == AppearanceSettings {});
    QVERIFY(loadSettings(store).charts.span == engine::HistorySpan::Hour1);
}

void TestSettings::changedKeysWorkAndDefaultsReturn()
{
    Console console;
    open(console, 8);
    auto& table = console.find<QTableWidget>("settings_shortcuts");
    const auto found = table.findItems(QStringLiteral("Mark on charts…"), Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    table.setCurrentItem(found.first());
    auto& keys = console.find<QKeySequenceEdit>("settings_keys");
    QCOMPARE(keys.keySequence(), QKeySequence(Qt::Key_M));
    keys.setKeySequence(QKeySequence(Qt::CTRL | Qt::Key_M));
    Q_EMIT keys.editingFinished();
    QCOMPARE(console.window.actions().mark->shortcut(), QKeySequence(Qt::CTRL | Qt::Key_M));
    console.find<QPushButton>("settings_defaultKeys").click();
    QCOMPARE(console.window.actions().mark->shortcut(), QKeySequence(Qt::Key_M));
}

void TestSettings::twoActionsWithTheSameKeysAreNamed()
{
    Console console;
    open(console, 8);
    auto& conflict = console.find<QLabel>("settings_conflict");
    QVERIFY(conflict.text().isEmpty());
    auto& table = console.find<QTableWidget>("settings_shortcuts");
    table.setCurrentItem(
        table.findItems(QStringLiteral("Mark on charts…"), Qt::MatchExactly).first());
    auto& keys = console.find<QKeySequenceEdit>("settings_keys");
    keys.setKeySequence(QKeySequence(Qt::Key_R));
    Q_EMIT keys.editingFinished();
    QVERIFY(conflict.text().contains(QStringLiteral("“Mark on charts…”")));
    QVERIFY(conflict.text().contains(QStringLiteral("“Sort now”")));
    int marked = 0;
    for (int row = 0; row < table.rowCount(); ++row)
        marked += table.item(row, 1)->text().endsWith(QStringLiteral("(conflict)")) ? 1 : 0;
    QCOMPARE(marked, 2);
}

void TestSettings::searchingHidesPagesWithoutTheWord()
{
    Console console;
    open(console, 0);
    auto& list = console.find<QListWidget>("settings_list");
    console.find<QLineEdit>("settings_search").setText(QStringLiteral("logarithmic"));
    QStringList shown;
    for (int row = 0; row < list.count(); ++row) {
        if (!list.item(row)->isHidden())
            shown << list.item(row)->text();
    }
    QCOMPARE(shown, QStringList { QStringLiteral("Charts") });
    QCOMPARE(list.currentItem()->text(), QStringLiteral("Charts"));
}

void TestSettings::enginePagesSayThatTheyOnlyShow()
{
    Console console;
    for (const int page : { 0, 2, 3 }) {
        auto& dialog = open(console, page);
        QVERIFY(!console.find<QPushButton>("settings_reset").isVisible());
        dialog.close();
        QApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

void TestSettings::theLevelAndWhatIsKeptAreShown()
{
    Console console({ .safety = engine::SafetyLevel::Guarded });
    open(console, 0);
    QCOMPARE(console.find<QLabel>("settings_safety").text(), QStringLiteral("Guarded"));
}

// A lag limit of 10 s in place of 60 s makes late shards late at once; the field says how many
// before it is sent, and the engine's answer is shown.
void TestSettings::aThresholdIsAnAuditedCommandWithItsEffectBefore()
{
    Console console({ .scenario = "ramp" });
    console.advance(engine::Seconds { 60 });
    open(console, 1);
    auto& lag = console.find<QLineEdit>("settings_threshold_backlogged_lag");
    auto& reset = console.find<QToolButton>("settings_thresholdReset_backlogged_lag");
    auto& effect = console.find<QLabel>("settings_thresholdEffect");
    QCOMPARE(lag.text(), QStringLiteral("1m"));
    QVERIFY(!reset.isVisible());
    lag.setFocus();
    lag.selectAll();
    QTest::keyClicks(&lag, QStringLiteral("10s"));
    QVERIFY2(effect.text().startsWith(QStringLiteral("Would change the state of")),
        qPrintable(effect.text()));
    QVERIFY(console.engine.commands().empty());
    QTest::keyClick(&lag, Qt::Key_Return);
    QTRY_VERIFY(effect.text().startsWith(QStringLiteral("In force")));
    const auto& sent = std::get<engine::ThresholdsCommand>(console.engine.commands().back().what);
    QVERIFY(sent.values.at(engine::Threshold::BackloggedLag) == 10.0);
    QCOMPARE(console.engine.snapshot()->thresholds.at(engine::Threshold::BackloggedLag), 10.0);
    QCOMPARE(console.engine.auditRows().back().action, std::string("thresholds"));

    lag.selectAll();
    QTest::keyClicks(&lag, QStringLiteral("soon"));
    QTest::keyClick(&lag, Qt::Key_Return);
    QVERIFY(effect.text().contains(QStringLiteral("is no value here")));
    QCOMPARE(lag.text(), QStringLiteral("10s"));
    QTRY_VERIFY(reset.isVisible());
    reset.click();
    QTRY_COMPARE(lag.text(), QStringLiteral("1m"));
}

void TestSettings::observeLeavesTheThresholdsAlone()
{
    Console console({ .safety = engine::SafetyLevel::Observe });
    open(console, 1);
    const auto& lag = console.find<QLineEdit>("settings_threshold_backlogged_lag");
    QVERIFY(!lag.isEnabled());
    QVERIFY(lag.toolTip().contains(QStringLiteral("Observe")));
}

void TestSettings::timesFollowTheChosenZone()
{
    const engine::WallTime noon { std::chrono::sys_days { std::chrono::year { 2026 } / 7 / 1 }
        + std::chrono::hours { 12 } };
    setClockZone(ClockZone::Utc);
    QCOMPARE(formatClock(noon), QStringLiteral("12:00:00"));
    QCOMPARE(zoneName(noon), QStringLiteral("UTC"));
}

void TestSettings::theExportHoldsLookButNotWhatWasSearched()
{
    QSettings store(file(), QSettings::IniFormat);
    saveSettings({ .time = { ClockZone::Utc } }, store);
    store.setValue(QStringLiteral("palette/recents"), QStringLiteral("meta/1"));
    store.setValue(QStringLiteral("dlq/history"), QStringLiteral("text:ada"));
    const QString target = m_directory.filePath(QStringLiteral("export.ini"));
    QVERIFY(exportSettings(store, target));
    QSettings exported(target, QSettings::IniFormat);
    QVERIFY(loadSettings(exported).time.zone == ClockZone::Utc);
    for (const auto& key : exported.allKeys())
        QVERIFY2(
            !key.startsWith(QStringLiteral("palette")) && !key.startsWith(QStringLiteral("dlq")),
            qPrintable(key));
    QVERIFY(!exportSettings(store, target + QStringLiteral("/below/a/file.ini")));
}

void TestSettings::everyActionHasARoleANameAndItsOwnKeys()
{
    Console console;
    QList<QAction*> named;
    for (auto* action : console.window.findChildren<QAction*>()) {
        if (!action->objectName().startsWith(QStringLiteral("action_")))
            continue;
        named << action;
        QVERIFY2(
            action->menuRole() != QAction::TextHeuristicRole, qPrintable(action->objectName()));
        QVERIFY(!action->text().isEmpty());
    }
    QVERIFY(named.size() > 35);
    QVERIFY(shortcutConflicts(named).empty());
    QCOMPARE(console.window.actions().preferences->menuRole(), QAction::PreferencesRole);
}

void TestSettings::everyPageFitsInEveryLanguage()
{
    const auto expectFits = [](const char* language) {
        Console console;
        console.engine.submit(
            { .what
                = engine::ThresholdsCommand { { { engine::Threshold::FailingErrorsFor, 45.0 } } } },
            [](const auto&) {});
        console.advance();
        console.window.actions().preferences->trigger();
        auto& dialog = console.find<QDialog>("settings_dialog");
        auto& pages = console.find<QListWidget>("settings_list");
        for (int row = 0; row < pages.count(); ++row) {
            pages.setCurrentRow(row);
            QApplication::processEvents();
            const auto* scroll
                = dialog.findChild<QScrollArea*>(QStringLiteral("settings_page%1").arg(row));
            QVERIFY2(scroll->widget()->width() <= scroll->viewport()->width(),
                qPrintable(QStringLiteral("%1: %2").arg(
                    QLatin1String(language), pages.item(row)->text())));
        }
    };
    expectFits("English");
    installLanguage(*qApp, QLocale(QLocale::German)); // the last test here: it stays
    expectFits("German");
}

SPILLWAY_TEST(TestSettings)

} // namespace tst_settings

#include "tst_settings.moc"
