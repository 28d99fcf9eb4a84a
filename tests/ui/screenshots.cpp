// Pictures of every page, to look at as a stranger would: `screenshots DIR` writes each page at
// 1440×900 and 1920×1080 (and the overview at 1280×720), light and dark, in a calm hour and in
// trouble, empty, failed and stale; and in German, whose words are longer. The name of a file says
// what it shows.
#include "audit/audit_page.h"
#include "connect/connect_sheet.h"
#include "dlq/dlq_page.h"
#include "events/events_page.h"
#include "help/help_window.h"
#include "inspector/inspector.h"
#include "overview/overview_page.h"
#include "replay/confirm_step.h"
#include "replay/replay_page.h"
#include "shard/shard_page.h"
#include "shard/shard_tabs.h"
#include "support/fake_engine.h"
#include "window/console_actions.h"
#include "window/language.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QTableView>
#include <QTest>
#include <QTextStream>

#include <algorithm>
#include <array>

namespace {

using ui::PageId;

struct Pane {
    PageId page { PageId::Overview };
    const char* name { "" };
};
constexpr std::array kPanes { Pane { PageId::Overview, "overview" },
    Pane { PageId::Shard, "shard" }, Pane { PageId::Dlq, "dlq" }, Pane { PageId::Replay, "replay" },
    Pane { PageId::Events, "events" }, Pane { PageId::Audit, "audit" } };

enum class Condition { Calm, Trouble, Empty, Failed, Stale };
constexpr std::array kConditions { std::pair { Condition::Calm, "calm" },
    std::pair { Condition::Trouble, "trouble" }, std::pair { Condition::Empty, "empty" },
    std::pair { Condition::Failed, "failed" }, std::pair { Condition::Stale, "stale" } };

// One window in one condition.
class Scene {
public:
    Scene(ui::Theme& theme, Condition condition, QSize size)
        : m_engine({ .scenario = condition == Condition::Calm ? "calm"
                : condition == Condition::Empty               ? "empty"
                                                              : "trouble",
            .deadLetters = condition == Condition::Empty ? 0 : 4'812 })
        , m_clock((m_engine.advance(engine::Seconds { 60 }), m_engine.now()))
        , m_context { m_engine, theme, m_clock, false }
        , m_window(m_context, nullptr)
        , m_events(new ui::EventsPage(m_context))
        , m_condition(condition)
    {
        m_window.addPage(PageId::Shard, new ui::ShardPage(m_context), QStringLiteral("shard"));
        m_window.addPage(PageId::Dlq, new ui::DlqPage(m_context), QStringLiteral("dlq"));
        m_window.addPage(PageId::Replay, new ui::ReplayPage(m_context), QStringLiteral("replay"));
        m_window.addPage(PageId::Events, m_events, QStringLiteral("search"));
        m_window.addPage(PageId::Audit, new ui::AuditPage(m_context), QStringLiteral("audit"));
        m_window.setInspector(new ui::Inspector(m_context));
        m_window.resize(size);
        m_window.show();
        settle();
    }

    // Some actions for the audit, and one event of the dead letters.
    void tellAStory()
    {
        const engine::SnapshotPtr snapshot = m_engine.snapshot();
        const auto& shards = snapshot->shards;
        const auto say = [&](decltype(engine::Command::what) what, const char* reason) {
            m_engine.submit(
                { .what = std::move(what), .who = "kc", .reason = reason }, [](const auto&) {});
            m_engine.advance(engine::Seconds { 20 });
        };
        say(engine::TuneCommand { .targets = { shards[2].shard },
                .concurrency = 12,
                .keepFor = engine::Seconds { 600 } },
            "613 since 14:00");
        say(engine::PauseCommand { .targets = { shards[4].shard } }, "token is being renewed");
        say(engine::ThresholdsCommand { { { engine::Threshold::BackloggedLag, 120.0 } } }, "");
        say(engine::PauseCommand { .targets = { shards[1].shard } }, "a slip");
        say(engine::RevertCommand { engine::AuditId { 4 } }, "");
        say(engine::NoteCommand { .action = "export", .target = "dead letters" }, "");
    }
    void advance(engine::Seconds by)
    {
        m_engine.advance(by);
        m_clock.setNow(m_engine.now());
    }
    [[nodiscard]] QString someEvent()
    {
        return QString::fromStdString(m_engine.store().row(engine::DeadLetterId { 7 }).eventId);
    }
    ui::EventsPage& events() { return *m_events; }
    const ui::ConsoleContext& context() { return m_context; }

    void show(const Pane& pane)
    {
        if (m_condition == Condition::Failed)
            showFailing(pane.page);
        else
            m_window.showPage(pane.page);
        settle();
        if (m_condition == Condition::Stale) {
            m_clock.setNow(m_engine.now() + engine::Seconds { 14 });
            QTest::qWait(1'100); // the window's own tick notices it
        }
    }
    // The page's own question is the one that fails: most ask when they are shown, three when
    // somebody asks them.
    void showFailing(PageId page)
    {
        const bool isAsked
            = page == PageId::Overview || page == PageId::Replay || page == PageId::Events;
        if (isAsked) {
            m_window.showPage(page);
            if (page == PageId::Events)
                m_events->find(someEvent()); // what was found before stays
            settle();
        }
        m_engine.failNext(engine::ErrorCode::Unavailable);
        if (page == PageId::Overview)
            m_window.actions().longerWindow->trigger();
        else if (page == PageId::Replay)
            m_window.findChild<QAbstractButton*>(QStringLiteral("replay_preview"))->click();
        else if (page == PageId::Events)
            m_events->find(someEvent());
        else
            m_window.showPage(page);
    }
    void settle()
    {
        QTest::qWait(250); // replies come through the event loop, details 120 ms after a selection
        m_window.flush();
    }
    ui::MainWindow& window() { return m_window; }

private:
    engine::testing::FakeEngine m_engine;
    ui::FixedUiClock m_clock;
    ui::ConsoleContext m_context;
    ui::MainWindow m_window;
    ui::EventsPage* m_events;
    Condition m_condition;
};

class Album {
public:
    explicit Album(const QString& folder)
        : m_folder(folder)
    {
    }
    void setSuffix(const QString& suffix) { m_suffix = suffix; }
    void keep(QWidget& widget, const QString& name)
    {
        const QString path = QStringLiteral("%1/%2-%3.png").arg(m_folder, name, m_suffix);
        m_isComplete = widget.grab().save(path) && m_isComplete;
        ++m_count;
    }
    [[nodiscard]] int count() const { return m_count; }
    [[nodiscard]] bool isComplete() const { return m_isComplete; }

private:
    QString m_folder;
    QString m_suffix;
    int m_count { 0 };
    bool m_isComplete { true };
};

void takePages(Album& album, ui::Theme& theme, Condition condition, QSize size)
{
    const auto name = std::find_if(kConditions.begin(), kConditions.end(),
        [&](const auto& known) { return known.first == condition; });
    Scene scene(theme, condition, size);
    for (const auto& pane : kPanes) {
        scene.show(pane);
        album.keep(scene.window(),
            QStringLiteral("%1-%2").arg(QLatin1String(pane.name), QLatin1String(name->second)));
    }
}

void takeDialogs(Album& album, Scene& scene);
void takeReplay(Album& album, Scene& scene);

// What opens above the pages, and what needs a hand to reach.
void takeExtras(Album& album, ui::Theme& theme, QSize size)
{
    Scene scene(theme, Condition::Trouble, size);
    auto& window = scene.window();
    window.overview().toggleGrouping();
    scene.settle();
    album.keep(window, QStringLiteral("overview-grouped"));
    window.overview().setFilterText(QStringLiteral("lag>soon"));
    scene.settle();
    album.keep(window, QStringLiteral("overview-badFilter"));
    window.overview().setFilterText({});
    window.setFrozen(true);
    scene.settle();
    album.keep(window, QStringLiteral("overview-frozen"));
    window.setFrozen(false);

    window.findChild<QAbstractButton*>(QStringLiteral("inspector_pause"))->click();
    scene.settle();
    album.keep(window, QStringLiteral("overview-pauseSheet"));
    window.findChild<QAbstractButton*>(QStringLiteral("pause_cancel"))->click();
    scene.show({ PageId::Dlq, "dlq" });
    window.findChild<QTableView*>(QStringLiteral("dlq_rows"))->selectRow(3);
    window.findChild<QTableView*>(QStringLiteral("dlq_groups"))->selectRow(0);
    scene.settle();
    window.findChild<QTableView*>(QStringLiteral("dlq_rows"))->selectRow(3);
    scene.settle();
    album.keep(window, QStringLiteral("dlq-entry"));

    scene.show({ PageId::Shard, "shard" });
    auto* tabs = window.findChild<ui::ShardTabs*>();
    for (int tab = 0; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        scene.settle();
        album.keep(*tabs, QStringLiteral("shard-tab%1").arg(tab));
    }
    scene.tellAStory();
    scene.show({ PageId::Audit, "audit" });
    window.findChild<QTableView*>(QStringLiteral("audit_table"))->selectRow(2);
    scene.settle();
    album.keep(window, QStringLiteral("audit-story"));
    scene.show({ PageId::Events, "events" });
    scene.events().find(scene.someEvent());
    scene.settle();
    album.keep(window, QStringLiteral("events-trace"));
    scene.events().find(scene.someEvent() + QStringLiteral(" nobody-knows"));
    scene.settle();
    album.keep(window, QStringLiteral("events-matrix"));
    scene.events().find(scene.someEvent().left(6));
    scene.settle();
    album.keep(window, QStringLiteral("events-suggested"));
    takeReplay(album, scene);
    takeDialogs(album, scene);
}

// From the preview to the report; step 1 is a page of its own.
void takeReplay(Album& album, Scene& scene)
{
    auto& window = scene.window();
    scene.show({ PageId::Replay, "replay" });
    auto* page = static_cast<ui::ReplayPage*>(window.page(PageId::Replay));
    page->open(
        { .page = PageId::Replay, .filter = engine::DeadLetterFilter { .httpStatus = 400 } });
    scene.settle();
    auto* next = page->findChild<QAbstractButton*>(QStringLiteral("replay_next"));
    for (const char* name : { "replay-2preview", "replay-3pace", "replay-4confirm" }) {
        album.keep(window, QLatin1String(name));
        next->click();
        scene.settle();
    }
    auto* confirm = page->findChild<ui::ConfirmStep*>();
    if (!confirm->isHolding())
        confirm->begin();
    album.keep(window, QStringLiteral("replay-4hold"));
    while (confirm->isHolding())
        confirm->tick();
    for (const char* name : { "replay-5live", "replay-6report" }) {
        scene.settle();
        scene.advance(engine::Seconds { 40 });
        scene.settle();
        album.keep(window, QLatin1String(name));
        scene.advance(engine::Seconds { 400 });
    }
}

void takeDialogs(Album& album, Scene& scene)
{
    auto& window = scene.window();
    ui::HelpWindow help(scene.context().theme);
    help.show();
    scene.settle();
    album.keep(help, QStringLiteral("help"));
    help.findChild<QLineEdit*>(QStringLiteral("help_search"))->setText(QStringLiteral("throttl"));
    scene.settle();
    album.keep(help, QStringLiteral("help-search"));
    ui::ConnectBackend backend;
    backend.platforms = { { .name = "meta",
        .title = "Meta Conversions API",
        .accountPattern = "[0-9]+",
        .credentialSets = { { "access_token" } } } };
    ui::ConnectSheet connect(scene.context().theme, std::move(backend),
        QStringLiteral("/home/kc/.config/spillway/spillway.toml"), {});
    connect.show();
    scene.settle();
    album.keep(connect, QStringLiteral("connect"));
    window.actions().about->trigger();
    scene.settle();
    auto* about = window.findChild<QMessageBox*>(QStringLiteral("about_box"));
    album.keep(*about, QStringLiteral("about"));
    about->close();
    window.actions().palette->trigger();
    window.findChild<QLineEdit*>(QStringLiteral("palette_input"))
        ->setText(QStringLiteral("pause me"));
    auto* palette = window.findChild<QDialog*>(QStringLiteral("palette_dialog"));
    album.keep(*palette, QStringLiteral("palette"));
    palette->close();
    window.actions().preferences->trigger();
    auto* settings = window.findChild<QDialog*>(QStringLiteral("settings_dialog"));
    auto* pages = settings->findChild<QListWidget*>(QStringLiteral("settings_list"));
    for (int row = 0; row < pages->count(); ++row) {
        pages->setCurrentRow(row);
        scene.settle();
        album.keep(*settings, QStringLiteral("settings-%1").arg(row));
    }
    settings->close();
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    const QString folder = QApplication::arguments().value(1);
    if (folder.isEmpty() || !QDir().mkpath(folder)) {
        QTextStream(stderr) << "usage: screenshots DIR\n";
        return 2;
    }
    ui::UiTestMode().prepare();
    Album album(folder);
    ui::Theme theme(ui::ThemeMode::Light);
    theme.install(*qApp);
    for (const auto mode : { ui::ThemeMode::Light, ui::ThemeMode::Dark }) {
        theme.setMode(mode);
        const QString look
            = mode == ui::ThemeMode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        for (const auto size : { QSize(1'440, 900), QSize(1'920, 1'080) }) {
            album.setSuffix(QStringLiteral("%1-%2").arg(look).arg(size.width()));
            for (const auto& [condition, name] : kConditions)
                takePages(album, theme, condition, size);
        }
        album.setSuffix(look);
        takeExtras(album, theme, { 1'440, 900 });
        Scene small(theme, Condition::Trouble, { 1'280, 720 });
        album.setSuffix(look + QStringLiteral("-1280"));
        album.keep(small.window(), QStringLiteral("overview-trouble"));
    }
    theme.setMode(ui::ThemeMode::Light);
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    ui::installLanguage(*qApp, QLocale());
    album.setSuffix(QStringLiteral("german-1440"));
    takePages(album, theme, Condition::Trouble, { 1'440, 900 });
    takeExtras(album, theme, { 1'440, 900 });
    QTextStream(stdout) << album.count() << " pictures in " << folder << '\n';
    return album.isComplete() ? 0 : 1;
}
