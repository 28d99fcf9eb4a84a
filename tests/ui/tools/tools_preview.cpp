// The tools of the console over the fake engine, to look at: `tools_preview DIR [light|dark]
// [WxH] [de]` writes a picture of every page and of the states that need a hand to reach.
#include "audit/audit_page.h"
#include "coach/coach_bar.h"
#include "dlq/dead_letter_view.h"
#include "dlq/dlq_page.h"
#include "help/help_window.h"
#include "inspector/inspector.h"
#include "replay/confirm_step.h"
#include "replay/replay_page.h"
#include "support/fake_engine.h"
#include "window/language.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QLocale>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

namespace {

class Show {
public:
    Show(QWidget& window, const QString& folder, const QString& suffix)
        : m_window(window)
        , m_folder(folder)
        , m_suffix(suffix)
    {
    }

    // Replies come through the event loop; what is read 120 ms after a selection is waited for.
    void shot(const QString& name) { shot(m_window, name); }
    void shot(QWidget& widget, const QString& name) const
    {
        QTest::qWait(400);
        widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(m_folder, name, m_suffix));
    }
    template <class Widget>
    Widget* find(const char* name) const
    {
        return m_window.findChild<Widget*>(QLatin1String(name));
    }
    void click(const char* name) const { find<QAbstractButton>(name)->click(); }

private:
    QWidget& m_window;
    QString m_folder;
    QString m_suffix;
};

void showInspector(Show& show, ui::MainWindow& window, engine::testing::FakeEngine& engine)
{
    window.showPage(ui::PageId::Overview);
    const engine::SnapshotPtr snapshot = engine.snapshot();
    for (const auto& shard : snapshot->shards) {
        if (shard.state == engine::ShardState::Throttled)
            window.setSelection({ shard.shard });
    }
    show.shot(QStringLiteral("inspector"));
    auto* spin = show.find<QDoubleSpinBox>("tuning_concurrencySpin");
    spin->setValue(spin->value() * 2);
    auto* rate = show.find<QDoubleSpinBox>("tuning_rateSpin");
    rate->setValue(1.5);
    show.shot(QStringLiteral("inspector-staged"));
    show.click("tuning_apply");
    show.shot(QStringLiteral("inspector-applied"));
    show.click("inspector_pause");
    show.shot(QStringLiteral("inspector-pause"));
    show.click("pause_cancel");
    window.setSelection({ engine.snapshot()->shards[0].shard, engine.snapshot()->shards[1].shard,
        engine.snapshot()->shards[4].shard });
    show.shot(QStringLiteral("inspector-several"));
}

void showDlq(Show& show, ui::MainWindow& window)
{
    window.showPage(ui::PageId::Dlq);
    auto* rows = show.find<ui::DeadLetterView>("dlq_rows");
    show.shot(QStringLiteral("dlq"));
    rows->selectRow(3);
    show.shot(QStringLiteral("dlq-selected"));
    show.click("dlq_payloadAsTree");
    show.shot(QStringLiteral("dlq-tree"));
    show.click("dlq_payloadAsTree");
    auto* groups = show.find<QTableView>("dlq_groups");
    groups->selectRow(0);
    show.shot(QStringLiteral("dlq-group"));
    groups->selectionModel()->select(
        groups->model()->index(1, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    show.shot(QStringLiteral("dlq-merging"));
    groups->clearSelection();
    auto* filter = show.find<QLineEdit>("dlq_filter");
    filter->setText(QStringLiteral("class:invalid http:400 last>6h"));
    QTest::keyClick(filter, Qt::Key_Return);
    show.shot(QStringLiteral("dlq-filtered"));
    filter->setText(QStringLiteral("class:wrong"));
    QTest::keyClick(filter, Qt::Key_Return);
    show.shot(QStringLiteral("dlq-error"));
    filter->setText(QStringLiteral("code:no-such"));
    QTest::keyClick(filter, Qt::Key_Return);
    show.shot(QStringLiteral("dlq-none"));
    filter->clear();
    show.click("dlq_modeRows");
    show.shot(QStringLiteral("dlq-rows"));
    rows->selectRow(5);
    show.click("dlq_archive");
    show.shot(QStringLiteral("dlq-archived"));
}

void showReplay(Show& show, ui::MainWindow& window, engine::testing::FakeEngine& engine)
{
    window.showPage(ui::PageId::Replay);
    show.shot(QStringLiteral("replay-window"));
    window.navigate({ .page = ui::PageId::Replay, .filter = engine::DeadLetterFilter {} });
    show.shot(QStringLiteral("replay-preview"));
    auto* tabs = show.find<QTabWidget>("replay_previewTabs");
    tabs->setCurrentIndex(1);
    show.shot(QStringLiteral("replay-samples"));
    show.find<QComboBox>("replay_samples")->setCurrentIndex(1);
    show.shot(QStringLiteral("replay-sample-differs"));
    show.click("replay_unknownView");
    show.shot(QStringLiteral("replay-entries"));
    show.click("replay_next");
    show.shot(QStringLiteral("replay-pace"));
    show.click("replay_next");
    show.shot(QStringLiteral("replay-confirm"));
    show.click("replay_start");
    show.shot(QStringLiteral("replay-hold"));
    auto* confirm = window.findChild<ui::ConfirmStep*>();
    while (confirm->isHolding())
        confirm->tick();
    QTest::qWait(50);
    engine.advance(engine::Seconds { 20 });
    show.shot(QStringLiteral("replay-live"));
    engine.advance(engine::Seconds { 600 });
    show.shot(QStringLiteral("replay-report"));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    const QString folder = arguments.value(1, QStringLiteral("."));
    const bool isDark = arguments.value(2) == u"dark";
    // The fourth: a language, "de".
    ui::installLanguage(application, QLocale(arguments.value(4, QStringLiteral("en"))));
    const QStringList size = arguments.value(3, QStringLiteral("1440x900")).split(QLatin1Char('x'));
    ui::UiTestMode mode;
    mode.prepare();
    ui::Theme theme(isDark ? ui::ThemeMode::Dark : ui::ThemeMode::Light);
    theme.install(application);
    engine::testing::FakeEngine engine({ .scenario = "trouble" });
    engine.advance(engine::Seconds { 60 });
    ui::FixedUiClock clock(engine.now());
    const ui::ConsoleContext context { engine, theme, clock, false };
    ui::MainWindow window(context, nullptr);
    auto* inspector = new ui::Inspector(context);
    auto* coach = new ui::CoachBar(theme);
    auto* replay = new ui::ReplayPage(context);
    window.addPage(ui::PageId::Dlq, new ui::DlqPage(context), QStringLiteral("dlq"));
    window.addPage(ui::PageId::Replay, replay, QStringLiteral("replay"));
    window.addPage(ui::PageId::Audit, new ui::AuditPage(context), QStringLiteral("audit"));
    window.setInspector(inspector);
    window.addBar(coach);
    coach->applySnapshot(*engine.snapshot());
    window.resize(size.value(0).toInt(), size.value(1).toInt());
    window.show();
    Show show(window, folder,
        QStringLiteral("%1-%2").arg(
            isDark ? QStringLiteral("dark") : QStringLiteral("light"), size.value(0)));
    showInspector(show, window, engine);
    showDlq(show, window);
    showReplay(show, window, engine);
    coach->hide();
    window.showPage(ui::PageId::Audit);
    show.shot(QStringLiteral("audit"));
    ui::HelpWindow help(theme);
    help.show();
    help.openPage(QStringLiteral("tuning"));
    show.shot(help, QStringLiteral("help"));
    return 0;
}
