// The window's settings and its command palette.
#include "dlq/dlq_filter.h"
#include "dlq/saved_filters.h"
#include "format/format.h"
#include "overview/overview_page.h"
#include "palette/palette_dialog.h"
#include "settings/settings_dialog.h"
#include "settings/shortcut_page.h"
#include "theme/theme.h"
#include "window/console_actions.h"
#include "window/main_window.h"
#include "window/status_line.h"
#include "window/ui_clock.h"

#include <QAction>
#include <QApplication>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSettings>

namespace ui {

namespace {

const QString kRecents = QStringLiteral("palette/recents");
constexpr qsizetype kRecentsMax = 10;

} // namespace

// Those that have a name: Qt makes actions of its own, in line edits for example.
QList<QAction*> MainWindow::namedActions() const
{
    QList<QAction*> named;
    for (auto* action : findChildren<QAction*>()) {
        if (action->objectName().startsWith(QStringLiteral("action_")))
            named << action;
    }
    return named;
}

void MainWindow::applySettings(const ConsoleSettings& settings)
{
    const auto before = m_look;
    m_look = settings;
    const auto& look = settings.appearance;
    if (look.theme != m_context.theme.mode())
        m_context.theme.setMode(look.theme);
    if (look.density != m_context.theme.density())
        m_context.theme.setDensity(look.density);
    for (const auto effect : { Qt::UI_AnimateMenu, Qt::UI_AnimateCombo, Qt::UI_AnimateTooltip })
        QApplication::setEffectEnabled(effect, !look.isMotionReduced);
    setAnimated(!look.isMotionReduced);
    setClockZone(settings.time.zone);
    applyShortcuts(settings.shortcuts, namedActions());
    if (m_inspector != nullptr)
        m_inspector->setTuningSettings(settings.tuning);
    if (settings.charts != before.charts) {
        for (const auto& [id, page] : m_pages)
            page->setChartDefaults(settings.charts);
    }
    showThemeMode();
    tick();
}

void MainWindow::takeSettings(const ConsoleSettings& settings)
{
    applySettings(settings);
    if (m_settings != nullptr)
        saveSettings(settings, *m_settings);
}

void MainWindow::openSettings(int page)
{
    auto* dialog = new SettingsDialog(m_context, m_look, namedActions(), this);
    if (page >= 0)
        dialog->openPage(page);
    connect(dialog, &SettingsDialog::settingsChanged, this, &MainWindow::takeSettings);
    connect(dialog, &SettingsDialog::exportWanted, this, [this](const QString& path) {
        const bool isDone = m_settings != nullptr && exportSettings(*m_settings, path);
        m_status->showNews(isDone ? tr("Settings exported to %1").arg(path)
                                  : tr("Settings could not be written to %1").arg(path));
    });
    dialog->open();
}

// For somebody who looks elsewhere. Whoever looks here sees it in the incident bar.
void MainWindow::askAttention()
{
    if (m_look.notifications.asksAttention && QApplication::activeWindow() == nullptr)
        QApplication::alert(this);
}

void MainWindow::openPalette()
{
    PaletteSources sources { .actions = namedActions(), .snapshot = m_snapshot };
    sources.actions.removeOne(m_actions->palette);
    sources.filters = m_overview->recentFilters();
    sources.settings = SettingsDialog::pageTitles();
    if (const auto* saved = findChild<SavedFilters*>())
        sources.savedFilters = saved->lines();
    if (m_settings != nullptr)
        sources.recents = m_settings->value(kRecents).toStringList();
    auto* palette = new PaletteDialog(m_context.theme, std::move(sources), {}, this);
    connect(palette, &PaletteDialog::chosen, this, &MainWindow::runEntry);
    // Near the top, where the eyes are, and without hiding the incident bar.
    palette->move(mapToGlobal(QPoint((width() - palette->width()) / 2, 90)));
    palette->show();
    palette->activateWindow();
}

void MainWindow::runEntry(const PaletteEntry& entry)
{
    // An event id or a filter may name a person: neither is kept.
    const bool isKept = entry.kind != PaletteEntry::Kind::Event
        && entry.kind != PaletteEntry::Kind::Filter
        && entry.kind != PaletteEntry::Kind::SavedFilter;
    if (m_settings != nullptr && isKept) {
        auto recents = m_settings->value(kRecents).toStringList();
        recents.removeAll(entry.id);
        recents.prepend(entry.id);
        m_settings->setValue(kRecents, recents.mid(0, kRecentsMax));
    }
    switch (entry.kind) {
    case PaletteEntry::Kind::Action:
        if (!entry.shard.destination.empty())
            setSelection({ entry.shard });
        if (entry.action == m_actions->replay && !entry.shard.destination.empty())
            replaySelection(); // the shard that was named, not the scope of the page
        else if (entry.action->property(kActsAtOnce).toBool())
            confirmAction(*entry.action);
        else
            entry.action->trigger();
        break;
    case PaletteEntry::Kind::Shard:
        navigate({ .page = PageId::Shard, .shards = { entry.shard } });
        break;
    case PaletteEntry::Kind::Job:
        navigate({ .page = PageId::Replay, .job = entry.job });
        break;
    case PaletteEntry::Kind::Event: {
        engine::DeadLetterFilter filter;
        filter.eventId = entry.text.toStdString();
        const bool canTrace = page(PageId::Events) != nullptr;
        navigate({ .page = canTrace ? PageId::Events : PageId::Dlq, .filter = filter });
        break;
    }
    case PaletteEntry::Kind::SavedFilter: {
        const auto parsed = parseDlqFilter(entry.text, m_context.clock.wallNow());
        if (parsed.isValid())
            navigate({ .page = PageId::Dlq, .filter = parsed.filter });
        else
            m_status->showNews(parsed.error);
        break;
    }
    case PaletteEntry::Kind::Setting:
        openSettings(entry.number);
        break;
    case PaletteEntry::Kind::Filter:
        showPage(PageId::Overview);
        m_overview->setFilterText(entry.text);
        break;
    }
}

// A write that a menu does at once is asked about when it comes from a list of matches: one Return
// too many must not change delivery.
void MainWindow::confirmAction(QAction& action)
{
    const QString verb = QString(action.text()).remove(u'&');
    const bool hasShards = action.property(kNeedsShard).toBool();
    confirm(hasShards ? tr("%1: %2").arg(verb, selectionName()) : verb,
        [guard = QPointer<QAction>(&action)] {
            if (guard)
                guard->trigger();
        });
}

void MainWindow::confirm(const QString& what, const std::function<void()>& action)
{
    auto* box = new QMessageBox(this);
    box->setObjectName(QStringLiteral("confirm_sheet"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setText(what);
    box->setInformativeText(tr("This takes effect at once and is written to the audit."));
    auto* go = box->addButton(what, QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    connect(go, &QAbstractButton::clicked, this, action);
    box->open();
}

} // namespace ui
