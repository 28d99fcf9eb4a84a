#include "window/console_actions.h"

#include "guards/guard_rules.h"
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
    connectDestination = add(s("action_connectDestination"), tr("&Connect a real destination…"));
    reload = add(s("action_reload"), tr("Re&load configuration"), s("reload"));

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
    nextArea = add(s("action_nextArea"), tr("Next &area"), {}, { Qt::Key_F6 });
    previousArea
        = add(s("action_previousArea"), tr("Previous a&rea"), {}, { Qt::SHIFT | Qt::Key_F6 });
    toggleInspector = add(s("action_inspector"), tr("&Inspector"), s("inspector"), { Qt::Key_F8 });
    toggleInspector->setCheckable(true);
    fullScreen = add(s("action_fullScreen"), tr("F&ull screen"), {}, { Qt::Key_F11 });
    fullScreen->setCheckable(true);
    resetLayout = add(s("action_resetLayout"), tr("Reset &layout"));
    auto* themes = new QActionGroup(this);
    themeSystem = add(s("action_themeSystem"), tr("As the &desktop"));
    themeLight = add(s("action_themeLight"), tr("&Light"));
    themeDark = add(s("action_themeDark"), tr("&Dark"));
    for (auto* one : { themeSystem, themeLight, themeDark }) {
        one->setCheckable(true);
        themes->addAction(one);
    }
    help = add(s("action_help"), tr("&Help"), s("help"), { QKeySequence::HelpContents });
    about = add(s("action_about"), tr("&About Spillway"));
    about->setMenuRole(QAction::AboutRole);
    quit = add(s("action_quit"), tr("&Quit"), s("quit"), { QKeySequence::Quit });
    quit->setMenuRole(QAction::QuitRole);
    connect(&theme, &Theme::changed, this, &ConsoleActions::refreshIcons);
    refreshIcons();
    setSelectionSize(0);
}

QAction* ConsoleActions::add(
    const QString& name, const QString& text, const QString& icon, const QList<QKeySequence>& keys)
{
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    action->setProperty("icon_name", icon);
    action->setShortcuts(keys);
    // Without this macOS guesses a role from the text and moves the action away.
    action->setMenuRole(QAction::NoRole);
    m_host->addAction(action);
    return action;
}

void ConsoleActions::refreshIcons()
{
    for (auto* action : findChildren<QAction*>()) {
        const QString icon = action->property("icon_name").toString();
        if (!icon.isEmpty())
            action->setIcon(m_theme.icon(icon));
    }
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
    for (auto* action : { pause, resume, pauseRetries, pauseAll, resumeAll, probe })
        action->setToolTip(guard.whyNot); // an empty one shows the text again
    showEnabled();
}

void ConsoleActions::showEnabled()
{
    const int shards = m_selectionSize;
    for (auto* action : { tune, dlq, replay, copySummary })
        action->setEnabled(shards > 0);
    open->setEnabled(shards == 1);
    pin->setEnabled(shards > 0 && shards <= 4);
    for (auto* action : { pause, resume, pauseRetries })
        action->setEnabled(shards > 0 && m_areWritesAllowed);
    probe->setEnabled(shards == 1 && m_areWritesAllowed);
    for (auto* action : { pauseAll, resumeAll })
        action->setEnabled(m_hasShards && m_areWritesAllowed);
}

} // namespace ui
