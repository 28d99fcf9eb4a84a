// The console: the window over an engine in this process.
#include "audit/audit_page.h"
#include "coach/coach_bar.h"
#include "coach/simulator_menu.h"
#include "commands.h"
#include "connect/connect_sheet.h"
#include "dlq/dlq_page.h"
#include "events/events_page.h"
#include "help.h"
#include "help/help_window.h"
#include "inspector/inspector.h"
#include "overview/overview_page.h"
#include "replay/replay_page.h"
#include "shard/shard_page.h"
#include "signals_to_quit.h"
#include "theme/theme.h"
#include "usage.h"
#include "widgets/privacy.h"
#include "window/console_actions.h"
#include "window/language.h"
#include "window/main_window.h"
#include "window/start_fault.h"
#include "window/ui_clock.h"
#include "window/ui_test_mode.h"

#include <engine/connect.h>
#include <engine/engine.h>
#include <engine/secrets.h>

#include <QAction>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QIcon>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTimer>

#include <memory>
#include <optional>

namespace app {
namespace {

struct ConsoleOptions {
    engine::EngineOptions engine {};
    ui::UiTestMode test {};
    std::unique_ptr<QTemporaryDir> temporary {}; // the simulator's events go with the window
};

// --config and --data are the program's; everything else belongs to test mode.
std::optional<QString> readOptions(const QStringList& words, ConsoleOptions& options)
{
    QStringList rest;
    QString data;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const bool isConfig = words[i] == u"--config";
        if (!isConfig && words[i] != u"--data") {
            rest.push_back(words[i]);
            continue;
        }
        if (i + 1 == words.size())
            return words[i] + QStringLiteral(" needs a value");
        (isConfig ? options.engine.configPath : options.engine.dataDirectory)
            = words[++i].toStdString();
    }
    auto test = ui::UiTestMode::parse(rest);
    if (!test)
        return QString::fromStdString(test.error().message);
    options.test = *test;
    if (!options.engine.dataDirectory.empty())
        return std::nullopt;
    if (options.engine.configPath.empty()) {
        options.temporary = std::make_unique<QTemporaryDir>(
            QDir::tempPath() + QStringLiteral("/spillway-simulator-XXXXXX"));
        options.engine.dataDirectory = options.temporary->path().toStdString();
    } else {
        options.engine.dataDirectory
            = (QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
                + QStringLiteral("/spillway"))
                  .toStdString();
    }
    return std::nullopt;
}

// Everything that the window shows, in the order of the rail; owned by the window.
class Console {
public:
    // `playing`: what the simulator begins with; absent where there is a real configuration.
    Console(engine::Engine& engine, ui::Theme& theme, const ui::UiClock& clock, QSettings* settings,
        bool isAnimated, const std::optional<engine::SimulationPlay>& playing)
        : m_privacy(engine)
        , m_context { engine, theme, clock, isAnimated, &m_privacy }
        , m_window(m_context, settings)
        , m_help(theme, &m_window)
        , m_settings(settings)
    {
        auto* inspector = new ui::Inspector(m_context);
        auto* replay = new ui::ReplayPage(m_context);
        m_window.addPage(ui::PageId::Shard, new ui::ShardPage(m_context), QStringLiteral("shard"));
        m_window.addPage(ui::PageId::Dlq, new ui::DlqPage(m_context), QStringLiteral("dlq"));
        m_window.addPage(ui::PageId::Replay, replay, QStringLiteral("replay"));
        auto* events = new ui::EventsPage(m_context);
        m_window.addPage(ui::PageId::Events, events, QStringLiteral("search"));
        addEventLookup(*events);
        m_window.addPage(ui::PageId::Audit, new ui::AuditPage(m_context), QStringLiteral("audit"));
        m_window.setInspector(inspector);
        if (playing)
            addSimulatorMenu(engine, *playing);
        QObject::connect(m_window.actions().connectDestination, &QAction::triggered, &m_window,
            [this, isSimulator = playing.has_value()] { connectDestination(isSimulator); });
        QObject::connect(&m_window, &ui::MainWindow::helpRequested, &m_help,
            [this](ui::PageId page) { showHelp(page); });
        if (settings != nullptr && !settings->value(QStringLiteral("coach/done")).toBool())
            addCoach(engine, theme, *inspector, *replay);
        m_window.restoreLayout();
    }

    [[nodiscard]] ui::MainWindow& window() { return m_window; }

private:
    // From wherever the operator is.
    void addEventLookup(ui::EventsPage& events)
    {
        auto* lookup = new QAction(QObject::tr("Look up the copied event id"), &m_window);
        lookup->setObjectName(QStringLiteral("action_eventLookup"));
        lookup->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E));
        lookup->setMenuRole(QAction::NoRole);
        m_window.addAction(lookup);
        QObject::connect(lookup, &QAction::triggered, &events, [this, &events] {
            m_window.showPage(ui::PageId::Events);
            events.findClipboard();
        });
    }

    void addSimulatorMenu(engine::Engine& engine, const engine::SimulationPlay& playing)
    {
        auto* menu = new ui::SimulatorMenu(engine::Engine::stories(), playing);
        m_window.addMenu(menu);
        QObject::connect(menu, &ui::SimulatorMenu::playRequested, &engine,
            [&engine](const engine::SimulationPlay& play) { engine.play(play); });
    }

    void connectDestination(bool isSimulator)
    {
        ui::ConnectBackend backend;
        backend.platforms = engine::knownPlatforms();
        backend.plan = engine::planConnection;
        backend.test = [](const engine::ConnectPlan& plan, const engine::ConnectDraft& draft) {
            return engine::tryConnection(plan, draft, ui::SystemUiClock {}.wallNow());
        };
        backend.write = engine::writeConnection;
        backend.keepSecret = engine::keepInKeychain;
        const auto snapshot = m_context.engine.snapshot();
        const QString running
            = isSimulator ? QString() : QString::fromStdString(snapshot->configPath);
        const QString wanted = !running.isEmpty()
            ? running
            : QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
                + QStringLiteral("/spillway/spillway.toml");
        auto* sheet
            = new ui::ConnectSheet(m_context.theme, std::move(backend), wanted, running, &m_window);
        sheet->setAttribute(Qt::WA_DeleteOnClose);
        sheet->setGuard(ui::guardFor(ui::profileOf(*snapshot), ui::GuardedAction::Tune));
        sheet->show();
    }

    void addCoach(engine::Engine& engine, const ui::Theme& theme, ui::Inspector& inspector,
        ui::ReplayPage& replay)
    {
        auto* coach = new ui::CoachBar(theme);
        m_window.addBar(coach);
        QObject::connect(&engine, &engine::EnginePort::snapshotPublished, coach,
            [coach](const engine::SnapshotPtr& snapshot) { coach->applySnapshot(*snapshot); });
        QObject::connect(
            &m_window.overview(), &ui::Page::selectionChanged, coach, &ui::CoachBar::noteSelected);
        QObject::connect(
            &inspector, &ui::Inspector::tuningStaged, coach, &ui::CoachBar::noteWhyRead);
        QObject::connect(
            &inspector, &ui::Inspector::tuningApplied, coach, &ui::CoachBar::noteApplied);
        QObject::connect(
            &replay, &ui::ReplayPage::replayStarted, coach, &ui::CoachBar::noteReplayStarted);
        const auto frame = [this, coach] {
            const bool isSeeing = coach->step() == ui::CoachBar::Step::See;
            m_window.overview().setFramedShard(isSeeing ? coach->framedShard() : std::nullopt);
        };
        QObject::connect(coach, &ui::CoachBar::framedShardChanged, &m_window, frame);
        QObject::connect(coach, &ui::CoachBar::stepChanged, &m_window, frame);
        QObject::connect(coach, &ui::CoachBar::realDestinationRequested,
            m_window.actions().connectDestination, &QAction::trigger);
        QObject::connect(coach, &ui::CoachBar::finished, coach, [this, coach] {
            m_settings->setValue(QStringLiteral("coach/done"), true);
            coach->hide();
        });
    }

    void showHelp(ui::PageId page)
    {
        m_help.openPage(ui::HelpWindow::nameFor(page));
        m_help.show();
        m_help.raise();
    }

    ui::Privacy m_privacy;
    ui::ConsoleContext m_context;
    ui::MainWindow m_window;
    ui::HelpWindow m_help;
    QSettings* m_settings;
};

// Without any, Qt would end the process, and say nothing that helps.
bool hasDisplay(const QStringList& words)
{
    return !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")
        || !qEnvironmentVariableIsEmpty("DISPLAY")
        || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        || words.contains(QStringLiteral("-platform"));
}

ExitCode withoutDisplay(const QStringList& words)
{
    ConsoleOptions options;
    if (const auto problem = readOptions(words, options)) {
        printError(*problem + QStringLiteral(". See: spillway --help"));
        return ExitCode::Usage;
    }
    printError(QStringLiteral("there is no display for the console: neither DISPLAY nor "
                              "WAYLAND_DISPLAY is set. Without a window: spillway serve --config "
                              "FILE --data DIR"));
    return ExitCode::Failed;
}

void printFault(const engine::Error& error)
{
    printError(QString::fromStdString(error.message));
    if (!error.detail.empty())
        printError(QString::fromStdString(error.detail));
}

// Nothing is modal here: the event loop runs, so that Retry, Quit and a signal are all heard.
// Returns the error that was given up at; nothing when the engine runs.
std::optional<engine::Error> startPatiently(engine::Engine& engine, const ui::Theme& theme)
{
    auto started = engine.start();
    if (started)
        return std::nullopt;
    printFault(started.error());
    ui::StartFault window(theme);
    window.setError(started.error());
    QObject::connect(&window, &ui::StartFault::retryRequested, &window, [&] {
        started = engine.start();
        if (started)
            return QCoreApplication::quit();
        printFault(started.error());
        window.setError(started.error());
    });
    window.show();
    QApplication::exec();
    return started ? std::nullopt : std::optional(started.error());
}

} // namespace

ExitCode runConsole(int argc, char** argv)
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words.push_back(QString::fromLocal8Bit(argv[i]));
    if (!hasDisplay(words))
        return withoutDisplay(words);
    const QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Spillway"));
    QApplication::setDesktopFileName(QStringLiteral("org.spillway.Spillway"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/spillway/icons/spillway.svg")));
    QApplication::setOrganizationName(QStringLiteral("spillway"));
    ConsoleOptions options;
    if (const auto problem = readOptions(QApplication::arguments().mid(1), options)) {
        printError(*problem + QStringLiteral(". See: spillway --help"));
        return ExitCode::Usage;
    }
    const ui::UiTestMode& test = options.test;
    if (test.isOn) {
        test.prepare();
        options.engine.simulation = { .story = test.scenario, .seed = test.seed };
    }
    ui::installLanguage(*qApp, QLocale());
    ui::Theme theme(test.theme);
    theme.install(*qApp);

    const SignalsToQuit signalsToQuit;
    engine::Engine engine(options.engine);
    std::optional<engine::Error> fault;
    if (!test.isOn)
        fault = startPatiently(engine, theme);
    else if (const auto started = engine.start(); !started) {
        fault = started.error();
        printFault(*fault);
    }
    if (fault)
        return fault->code == engine::ErrorCode::BadRequest ? ExitCode::Usage : ExitCode::Failed;

    QSettings settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("spillway"),
        QStringLiteral("console"));
    const ui::SystemUiClock clock;
    {
        const bool isSimulator = options.engine.configPath.empty();
        Console console(engine, theme, clock, test.isOn ? nullptr : &settings, !test.isOn,
            isSimulator ? std::optional(options.engine.simulation) : std::nullopt);
        console.window().resize(test.isOn ? test.size : QSize(1'440, 900));
        console.window().show();
        if (test.isOn) // the engine is a real one: the scenario runs for as long as it is to have
                       // run
            QTimer::singleShot(std::chrono::milliseconds { test.at } + std::chrono::seconds { 2 },
                &console.window(), [&] { test.apply(console.window()); });
        QApplication::exec();
    }
    engine.stop();
    return ExitCode::Done;
}

} // namespace app
