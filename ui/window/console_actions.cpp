#include "window/console_actions.h"

#include "guards/guard_rules.h"
#include "palette/palette_entries.h"
#include "settings/shortcut_page.h"
#include "theme/theme.h"

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>
#include <QWidget>

namespace ui {

ConsoleActions::ConsoleActions(Theme& theme, QWidget* host)
    : QObject(host)
    , m_theme(theme)
    , m_host(host)
{
    addCommands();
    addPageCommands();
    addViewActions();
    addThemes();
    addProgramActions();
    for (auto* action :
        { open, pause, resume, pauseRetries, probe, tune, dlq, replay, copySummary, pin })
        action->setProperty(kNeedsShard, true);
    for (auto* action :
        { resume, resumeAll, pauseRetries, probe, reload, saleMode, archive, revert })
        action->setProperty(kActsAtOnce, true);
    connect(&theme, &Theme::changed, this, &ConsoleActions::refreshIcons);
    refreshIcons();
    setSelectionSize(0);
}

void ConsoleActions::addCommands()
{
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    open = add(s("action_open"), tr("&Open shard"), s("open"));
    pause = add(s("action_pause"), tr("&Pause…"), s("pause"), { Qt::CTRL | Qt::Key_P });
    resume = add(s("action_resume"), tr("&Resume"), s("resume"));
    pauseRetries = add(s("action_pauseRetries"), tr("Pause re&tries"));
    pauseAll = add(s("action_pauseAll"), tr("Pause &all…"), s("pause"));
    resumeAll = add(s("action_resumeAll"), tr("Resume all…"), s("resume"));
    probe = add(s("action_probe"), tr("Pro&be now"));
    tune = add(s("action_tune"), tr("T&une"), s("tune"), { Qt::CTRL | Qt::Key_T });
    dlq = add(s("action_dlq"), tr("Open in &DLQ"), s("dlq"));
    replay = add(s("action_replay"), tr("Rep&lay…"), s("replay"), { Qt::CTRL | Qt::Key_R });
    copySummary = add(s("action_copySummary"), tr("&Copy summary"), s("copy"));
    pin = add(s("action_pin"), tr("P&in to compare"), s("pin"));
    revertAll = add(s("action_revertAll"), tr("Re&vert all tuning…"));
    saleMode = add(s("action_saleMode"), tr("Sale &mode"));
    saleMode->setCheckable(true);
    exportShown = add(s("action_export"), tr("&Export…"), s("export"), { Qt::CTRL | Qt::Key_E });
    connectDestination = add(s("action_connectDestination"), tr("&Connect a real destination…"));
    reload = add(s("action_reload"), tr("Re&load configuration"), s("reload"));
}

void ConsoleActions::addPageCommands()
{
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    find = add(
        s("action_find"), tr("F&ind in the document"), {}, { Qt::CTRL | Qt::SHIFT | Qt::Key_F });
    archive = add(
        s("action_archive"), tr("&Archive or restore the scope"), s("archive"), { Qt::Key_Delete });
    purge = add(s("action_purge"), tr("&Purge archived entries…"));
    copyAsCurl = add(s("action_copyAsCurl"), tr("&Copy as curl"), s("copy"));
    revert = add(s("action_revert"), tr("Revert the selecte&d action"));
    newReplay = add(s("action_newReplay"), tr("&New replay"), s("replay"));
    // Ctrl+Enter is that of whoever has the focus: these steps, or the tuning beside them.
    nextStep = add(s("action_nextStep"), tr("Ne&xt step of the replay"));
    previousStep = add(s("action_previousStep"), tr("Pre&vious step of the replay"));
    m_pageActions = { { PageCommand::Find, find }, { PageCommand::Archive, archive },
        { PageCommand::Purge, purge }, { PageCommand::CopyAsCurl, copyAsCurl },
        { PageCommand::Revert, revert }, { PageCommand::NewReplay, newReplay },
        { PageCommand::NextStep, nextStep }, { PageCommand::PreviousStep, previousStep } };
}

void ConsoleActions::addViewActions()
{
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    freeze
        = add(s("action_freeze"), tr("&Freeze table and charts"), s("freeze"), { Qt::Key_Space });
    freeze->setCheckable(true);
    filter = add(s("action_filter"), tr("Fi&lter"), s("search"), { QKeySequence::Find });
    clear = add(s("action_clear"), tr("&Clear filter and pins"), {}, { Qt::Key_Escape });
    nextTrouble = add(s("action_nextTrouble"), tr("&Next shard in trouble"), {}, { Qt::Key_N });
    previousTrouble = add(s("action_previousTrouble"), tr("&Previous shard in trouble"), {},
        { Qt::SHIFT | Qt::Key_N });
    resort = add(s("action_resort"), tr("&Sort now"), s("resort"), { Qt::Key_R });
    group = add(s("action_group"), tr("&Group by destination"), s("group"), { Qt::Key_G });
    shorterWindow
        = add(s("action_shorterWindow"), tr("Shorter chart window"), {}, { Qt::Key_BracketLeft });
    longerWindow
        = add(s("action_longerWindow"), tr("Longer chart window"), {}, { Qt::Key_BracketRight });
    zoomBack = add(s("action_zoomBack"), tr("&Back to the last range"), {}, { Qt::Key_Backspace });
    logAxis = add(s("action_logAxis"), tr("Lo&garithmic depth and lag"), {}, { Qt::Key_L });
    chartTable = add(s("action_chartTable"), tr("Chart as &table…"), {}, { Qt::Key_T });
    mark = add(s("action_mark"), tr("&Mark on charts…"), {}, { Qt::Key_M });
    palette = add(s("action_palette"), tr("&Commands…"), s("search"),
        { Qt::CTRL | Qt::Key_K, Qt::CTRL | Qt::SHIFT | Qt::Key_P });
    preferences = add(
        s("action_preferences"), tr("&Settings…"), s("settings"), { Qt::CTRL | Qt::Key_Comma });
    preferences->setMenuRole(QAction::PreferencesRole);
    nextArea = add(s("action_nextArea"), tr("Next &area"), {}, { Qt::Key_F6 });
    previousArea
        = add(s("action_previousArea"), tr("Previous a&rea"), {}, { Qt::SHIFT | Qt::Key_F6 });
    toggleInspector = add(s("action_inspector"), tr("&Inspector"), s("inspector"), { Qt::Key_F8 });
    toggleInspector->setCheckable(true);
    fullScreen = add(s("action_fullScreen"), tr("F&ull screen"), {}, { Qt::Key_F11 });
    fullScreen->setCheckable(true);
    resetLayout = add(s("action_resetLayout"), tr("Reset &layout"));
}

void ConsoleActions::addThemes()
{
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    auto* themes = new QActionGroup(this);
    themeSystem = add(s("action_themeSystem"), tr("As the &desktop"));
    themeLight = add(s("action_themeLight"), tr("&Light"));
    themeDark = add(s("action_themeDark"), tr("&Dark"));
    themeSystem->setProperty(kFullTitle, tr("Theme: as the desktop"));
    themeLight->setProperty(kFullTitle, tr("Theme: light"));
    themeDark->setProperty(kFullTitle, tr("Theme: dark"));
    for (auto* one : { themeSystem, themeLight, themeDark }) {
        one->setCheckable(true);
        themes->addAction(one);
    }
}

void ConsoleActions::addProgramActions()
{
    const auto s = [](const char* text) { return QString::fromLatin1(text); };
    help = add(s("action_help"), tr("&Help"), s("help"), { QKeySequence::HelpContents });
    about = add(s("action_about"), tr("&About Spillway"));
    about->setMenuRole(QAction::AboutRole);
    quit = add(s("action_quit"), tr("&Quit"), s("quit"), { QKeySequence::Quit });
    quit->setMenuRole(QAction::QuitRole);
}

QAction* ConsoleActions::add(
    const QString& name, const QString& text, const QString& icon, const QList<QKeySequence>& keys)
{
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setProperty("icon_name", icon);
    action->setShortcuts(keys);
    action->setProperty(kDefaultKeys, keysToText(action->shortcuts()));
    // Without this macOS guesses a role from the text and moves the action away.
    action->setMenuRole(QAction::NoRole);
    m_host->addAction(action);
    return action;
}

QAction* ConsoleActions::addPage(int number, const QString& title)
{
    return add(QStringLiteral("action_page%1").arg(number), title, {},
        { Qt::CTRL | Qt::Key(Qt::Key_0 + number) });
}

void ConsoleActions::refreshIcons()
{
    for (auto* action : findChildren<QAction*>()) {
        const QString icon = action->property("icon_name").toString();
        if (!icon.isEmpty())
            action->setIcon(m_theme.icon(icon));
    }
}

void ConsoleActions::setPlace(const Place& place)
{
    for (const auto& [command, action] : m_pageActions)
        action->setEnabled(place.canRun(command));
    // Where nothing stands still, a frozen console would not be seen.
    for (auto* action :
        { freeze, shorterWindow, longerWindow, zoomBack, logAxis, chartTable, mark })
        action->setEnabled(place.hasCharts);
    group->setEnabled(place.isOverview || place.canRun(PageCommand::Group));
    resort->setEnabled(place.isOverview);
    m_canReplayScope = place.canRun(PageCommand::Replay);
    showEnabled();
}

void ConsoleActions::setSelectionSize(int shards)
{
    m_selectionSize = shards;
    showEnabled();
}

void ConsoleActions::setWriteGuard(const Guard& guard, bool hasShards)
{
    m_areWritesAllowed = guard.isAllowed;
    m_hasShards = hasShards;
    for (auto* action :
        { pause, resume, pauseRetries, pauseAll, resumeAll, probe, revertAll, replay, saleMode }) {
        action->setToolTip(guard.whyNot); // an empty one shows the text again
        action->setProperty(kBlocked, !guard.isAllowed);
    }
    showEnabled();
}

void ConsoleActions::showEnabled()
{
    const int shards = m_selectionSize;
    for (auto* action : { tune, dlq, copySummary })
        action->setEnabled(shards > 0);
    open->setEnabled(shards == 1);
    pin->setEnabled(shards > 0 && shards <= 4);
    for (auto* action : { pause, resume, pauseRetries })
        action->setEnabled(shards > 0 && m_areWritesAllowed);
    replay->setEnabled((shards > 0 || m_canReplayScope) && m_areWritesAllowed);
    probe->setEnabled(shards == 1 && m_areWritesAllowed);
    saleMode->setEnabled(m_areWritesAllowed);
    for (auto* action : { pauseAll, resumeAll, revertAll })
        action->setEnabled(m_hasShards && m_areWritesAllowed);
}

} // namespace ui
