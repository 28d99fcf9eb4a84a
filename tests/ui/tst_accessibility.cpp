#include "audit/audit_page.h"
#include "dlq/dlq_page.h"
#include "inspector/inspector.h"
#include "replay/replay_page.h"
#include "ui/test_console.h"
#include "window/console_actions.h"
#include "window/incident_bar.h"
#include "window/nav_rail.h"

#include <QAbstractButton>
#include <QAction>
#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTest>

using namespace ui;
using ui::testing::Console;
using namespace std::chrono_literals;

namespace {

// The console with all its real pages and its real inspector.
struct FullConsole : Console {
    explicit FullConsole(engine::testing::FakeEngineOptions options = {})
        : Console(std::move(options))
    {
        const ConsoleContext context { engine, theme, clock, false };
        window.addPage(PageId::Dlq, new DlqPage(context), QStringLiteral("dlq"));
        window.addPage(PageId::Replay, new ReplayPage(context), QStringLiteral("replay"));
        window.addPage(PageId::Audit, new AuditPage(context), QStringLiteral("audit"));
        window.setInspector(new Inspector(context));
        delete inspector; // the dock has the real one now
        inspector = nullptr;
        QTest::qWait(50); // the pages' first questions are answered through the event loop
    }
};

// Parts of Qt's own composites answer through the widget that contains them.
bool isPartOfQt(const QWidget& widget)
{
    static const QSet<QString> kTypes { QStringLiteral("QMenuBar"), QStringLiteral("QHeaderView"),
        QStringLiteral("QDockWidgetTitleButton"), QStringLiteral("QLineEditIconButton"),
        QStringLiteral("QTableCornerButton"), QStringLiteral("QTabBar"),
        QStringLiteral("QExpandingLineEdit"), QStringLiteral("QComboBoxPrivateContainer") };
    const auto* parent = widget.parentWidget();
    const bool isInnerField = qobject_cast<const QLineEdit*>(&widget) != nullptr
        && (parent->inherits("QAbstractSpinBox") || parent->inherits("QKeySequenceEdit")
            || parent->inherits("QComboBox"));
    return isInnerField || widget.objectName().startsWith(QStringLiteral("qt_"))
        || kTypes.contains(QString::fromLatin1(widget.metaObject()->className()));
}

// Names of what a person can press or type into and a screen reader could not name.
QStringList unnamed(const QWidget& root, int& controls)
{
    QStringList missing;
    for (const auto* widget : root.findChildren<QWidget*>()) {
        const bool isControl = widget->focusPolicy() != Qt::NoFocus
            || qobject_cast<const QAbstractButton*>(widget) != nullptr;
        if (!isControl || !widget->isVisible() || widget->focusProxy() != nullptr
            || isPartOfQt(*widget) || qobject_cast<const QLabel*>(widget) != nullptr)
            continue; // a label is read by its text
        ++controls;
        if (widget->accessibleName().isEmpty() || widget->objectName().isEmpty())
            missing << QStringLiteral("%1 '%2' in '%3' (%4)")
                           .arg(QLatin1String(widget->metaObject()->className()),
                               widget->objectName(), widget->parentWidget()->objectName(),
                               widget->accessibleName());
    }
    return missing;
}

} // namespace

class TestAccessibility final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void everyControlOfEveryPageHasAName_data();
    void everyControlOfEveryPageHasAName();
    void everyControlOfTheDialogsHasAName();
    void areasAreCycledInBothDirections();
    void everyActionIsInAMenuOrWorksByKeys();
    void troubleIsAnnouncedAtMostOnceInFiveSeconds();
    void tabReachesEveryPageControl();
};

void TestAccessibility::init()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!ticks take|This plugin does not support)")));
}

void TestAccessibility::everyControlOfEveryPageHasAName_data()
{
    QTest::addColumn<int>("page");
    for (const auto page :
        { PageId::Overview, PageId::Shard, PageId::Dlq, PageId::Replay, PageId::Audit })
        QTest::addRow("page %d", static_cast<int>(page) + 1) << static_cast<int>(page);
}

void TestAccessibility::everyControlOfEveryPageHasAName()
{
    QFETCH(int, page);
    FullConsole console;
    console.window.showPage(static_cast<PageId>(page));
    QTest::qWait(50);
    int controls = 0;
    const auto missing = unnamed(console.window, controls);
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    QVERIFY(controls > 15);
}

void TestAccessibility::everyControlOfTheDialogsHasAName()
{
    FullConsole console;
    console.window.actions().palette->trigger();
    auto& palette = console.find<QDialog>("palette_dialog");
    int controls = 0;
    auto missing = unnamed(palette, controls);
    palette.close();
    console.window.actions().preferences->trigger();
    auto& settings = console.find<QDialog>("settings_dialog");
    auto& pages = console.find<QListWidget>("settings_list");
    for (int row = 0; row < pages.count(); ++row) {
        pages.setCurrentRow(row);
        missing << unnamed(settings, controls);
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(u'\n')));
    QVERIFY(controls > 20);
}

void TestAccessibility::areasAreCycledInBothDirections()
{
    FullConsole console;
    console.window.activateWindow();
    auto& rail = console.find<NavRail>("nav_list");
    rail.setFocus();
    const auto areaOf = [&](const QWidget* widget) {
        if (widget == &rail)
            return 0;
        const auto& dock = console.find<QDockWidget>("dock_inspector");
        return dock.isAncestorOf(widget) ? 2 : 1;
    };
    QList<int> areas;
    for (int i = 0; i < 3; ++i) {
        console.window.actions().nextArea->trigger();
        areas << areaOf(QApplication::focusWidget());
    }
    QCOMPARE(areas, (QList<int> { 1, 2, 0 }));
    console.window.actions().previousArea->trigger();
    QCOMPARE(areaOf(QApplication::focusWidget()), 2);
}

void TestAccessibility::everyActionIsInAMenuOrWorksByKeys()
{
    FullConsole console;
    for (const auto* action : console.window.actions().findChildren<QAction*>()) {
        bool isInMenu = false;
        for (const auto* place : action->associatedObjects())
            isInMenu = isInMenu || place->inherits("QMenu");
        QVERIFY2(isInMenu || !action->shortcut().isEmpty(), qPrintable(action->objectName()));
    }
}

// A shard that begins to fail is said at once; a second change within five seconds waits.
void TestAccessibility::troubleIsAnnouncedAtMostOnceInFiveSeconds()
{
    Console console({ .scenario = "calm" });
    auto& bar = console.find<IncidentBar>("incident_bar");
    QSignalSpy announced(&bar, &IncidentBar::announced);
    auto snapshot = *console.engine.snapshot();
    for (std::size_t i = 0; i < 3; ++i) {
        snapshot.shards.at(i).state = engine::ShardState::Failing;
        bar.setTime(snapshot.takenAt += std::chrono::seconds { 1 });
        bar.applySnapshot(snapshot);
    }
    QCOMPARE(announced.size(), 1);
    bar.setTime(snapshot.takenAt += std::chrono::seconds { 6 }); // the newest is said, late
    QCOMPARE(announced.size(), 2);
    QVERIFY(announced.last().first().toString().startsWith(QStringLiteral("3 of")));
}

void TestAccessibility::tabReachesEveryPageControl()
{
    FullConsole console;
    auto* page = console.window.page(PageId::Overview);
    QSet<const QWidget*> reached;
    console.table().setFocus();
    for (int i = 0; i < 200; ++i) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        reached << QApplication::focusWidget();
    }
    for (const auto* widget : page->findChildren<QWidget*>()) {
        const bool isStop = (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus
            && widget->isVisible() && widget->isEnabled() && widget->focusProxy() == nullptr
            && !isPartOfQt(*widget);
        if (isStop)
            QVERIFY2(reached.contains(widget), qPrintable(widget->objectName()));
    }
}

QTEST_MAIN(TestAccessibility)
#include "tst_accessibility.moc"
