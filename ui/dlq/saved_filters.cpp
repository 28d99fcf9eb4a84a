#include "dlq/saved_filters.h"

#include <QMenu>
#include <QSettings>

namespace ui {
namespace {

const QString kKey = QStringLiteral("dlq/savedFilters");

} // namespace

SavedFilters::SavedFilters(QWidget* parent)
    : QToolButton(parent)
{
    setObjectName(QStringLiteral("dlq_saved"));
    setText(tr("Saved"));
    setAccessibleName(tr("Saved filters"));
    setPopupMode(QToolButton::InstantPopup);
    setMenu(new QMenu(this));
    connect(menu(), &QMenu::aboutToShow, this, &SavedFilters::fill);
}

void SavedFilters::setLine(const QString& line) { m_line = line.trimmed(); }

void SavedFilters::fill()
{
    menu()->clear();
    auto* keep = menu()->addAction(tr("Save this filter"));
    keep->setEnabled(!m_line.isEmpty() && !m_lines.contains(m_line));
    connect(keep, &QAction::triggered, this, [this] {
        m_lines.append(m_line);
        if (m_lines.size() > kMax)
            m_lines.removeFirst();
    });
    auto* drop = menu()->addAction(tr("Forget this filter"));
    drop->setEnabled(m_lines.contains(m_line));
    connect(drop, &QAction::triggered, this, [this] { m_lines.removeAll(m_line); });
    menu()->addSeparator();
    for (const QString& line : m_lines) {
        QString text = fontMetrics().elidedText(line, Qt::ElideRight, 420);
        auto* action = menu()->addAction(text.replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, line] { Q_EMIT chosen(line); });
    }
}

void SavedFilters::save(QSettings& settings) const { settings.setValue(kKey, m_lines); }

void SavedFilters::restore(QSettings& settings)
{
    m_lines = settings.value(kKey).toStringList().mid(0, kMax);
}

} // namespace ui
