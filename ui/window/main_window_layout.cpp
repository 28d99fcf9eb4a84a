// What the window remembers of its shape, and how it comes back to the default.
#include "overview/overview_page.h"
#include "settings/console_settings.h"
#include "window/console_actions.h"
#include "window/main_window.h"
#include "window/nav_rail.h"

#include <QAction>
#include <QCloseEvent>
#include <QDockWidget>
#include <QSettings>
#include <QStackedWidget>

#include <utility>

namespace ui {

namespace {

const QString kMarksKey = QStringLiteral("marks");
constexpr int kLayoutVersion = 1; // of saveState(): raise when docks or toolbars change
constexpr int kInspectorFrom = 1'400; // narrower windows open without it

int inspectorWidthFor(int windowWidth) { return windowWidth >= 1'800 ? 400 : 332; }

} // namespace

// Marks are what a person noted about a time: they outlast the window. Not under "charts/", which
// is exported with the look.
void MainWindow::readMarks()
{
    m_marks.clear();
    const int count = m_settings->beginReadArray(kMarksKey);
    for (int i = 0; i < count && m_marks.size() < kMarksMax; ++i) {
        m_settings->setArrayIndex(i);
        const auto at = m_settings->value(QStringLiteral("at_ms")).toLongLong();
        const QString note = m_settings->value(QStringLiteral("note")).toString();
        if (at > 0 && !note.isEmpty())
            m_marks.push_back({ engine::WallTime { engine::Millis { at } }, note });
    }
    m_settings->endArray();
    showMarks();
}

void MainWindow::keepMarks()
{
    showMarks();
    if (m_settings == nullptr)
        return;
    m_settings->remove(kMarksKey);
    m_settings->beginWriteArray(kMarksKey, static_cast<int>(m_marks.size()));
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        m_settings->setArrayIndex(static_cast<int>(i));
        const auto since = m_marks[i].at.time_since_epoch();
        m_settings->setValue(QStringLiteral("at_ms"),
            static_cast<qlonglong>(std::chrono::duration_cast<engine::Millis>(since).count()));
        m_settings->setValue(QStringLiteral("note"), m_marks[i].note);
    }
    m_settings->endArray();
}

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
    readMarks();
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

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    // A window gives the focus to the first widget that takes it, the rail. What is looked at first
    // is the table.
    if (std::exchange(m_isFirstShow, false) && m_stack->currentWidget() == m_overview)
        m_overview->setFocus(Qt::OtherFocusReason);
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
