// What the window remembers of its shape, and how it comes back to the default.
#include "settings/console_settings.h"
#include "window/console_actions.h"
#include "window/main_window.h"
#include "window/nav_rail.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>

namespace ui {

namespace {

constexpr int kLayoutVersion = 1; // of saveState(): raise when docks or toolbars change
constexpr int kInspectorFrom = 1'400; // narrower windows open without it

int inspectorWidthFor(int windowWidth) { return windowWidth >= 1'800 ? 400 : 332; }

} // namespace

void MainWindow::noteDefaultState() { m_defaultState = saveState(kLayoutVersion); }

void MainWindow::fitInspector()
{
    m_inspectorDock->setVisible(m_inspector != nullptr && width() >= kInspectorFrom);
    resizeDocks({ m_inspectorDock }, { inspectorWidthFor(width()) }, Qt::Horizontal);
}

void MainWindow::resetLayout()
{
    restoreState(m_defaultState, kLayoutVersion);
    fitInspector();
    for (const auto& [id, page] : m_pages)
        page->resetLayout();
    if (m_inspector != nullptr)
        m_inspector->resetLayout();
}

void MainWindow::restoreLayout()
{
    if (m_settings == nullptr)
        return;
    m_isFirstFit
        = !restoreGeometry(m_settings->value(QStringLiteral("window/geometry")).toByteArray());
    const auto state = m_settings->value(QStringLiteral("window/state")).toByteArray();
    if (!state.isEmpty() && !restoreState(state, kLayoutVersion))
        restoreState(m_defaultState, kLayoutVersion);
    for (const auto& [id, page] : m_pages)
        page->restoreLayout(*m_settings);
    if (m_inspector != nullptr)
        m_inspector->restoreLayout(*m_settings);
    m_actions->toggleInspector->setChecked(m_inspectorDock->isVisibleTo(this));
    applySettings(loadSettings(*m_settings));
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!isCloseAgreed()) {
        event->ignore();
        return;
    }
    if (m_settings != nullptr) {
        m_settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
        m_settings->setValue(QStringLiteral("window/state"), saveState(kLayoutVersion));
        for (const auto& [id, page] : m_pages)
            page->saveLayout(*m_settings);
        if (m_inspector != nullptr)
            m_inspector->saveLayout(*m_settings);
    }
    QMainWindow::closeEvent(event);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    m_rail->fitTo(width());
    if (m_inspector == nullptr || !m_isFirstFit)
        return;
    if (isVisible())
        resizeDocks({ m_inspectorDock }, { inspectorWidthFor(width()) }, Qt::Horizontal);
    else
        fitInspector(); // before the window is first seen: a narrow one opens without it
}

} // namespace ui
