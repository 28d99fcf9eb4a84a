#include "widgets/undo_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>

#include <utility>

namespace ui {

UndoBar::UndoBar(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_button(new QPushButton(this))
{
    setObjectName(QStringLiteral("undo_bar"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    m_text->setObjectName(QStringLiteral("undo_text"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_button->setObjectName(QStringLiteral("undo_button"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 4, 4);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);

    auto* shortcut = new QShortcut(QKeySequence::Undo, this);
    // Of the page, not the window: a text field with focus keeps its own undo.
    shortcut->setContext(Qt::WindowShortcut);
    connect(shortcut, &QShortcut::activated, this, &UndoBar::undo);
    connect(shortcut, &QShortcut::activatedAmbiguously, this, &UndoBar::undoNewest);
    connect(m_button, &QPushButton::clicked, this, &UndoBar::undo);
    connect(&m_timer, &QTimer::timeout, this, &UndoBar::tick);
    hide();
}

void UndoBar::offer(const QString& text, std::function<void()> undo)
{
    m_message = text;
    m_undo = std::move(undo);
    m_secondsLeft = kSeconds;
    m_offered.start();
    m_timer.start(1'000);
    m_button->setVisible(static_cast<bool>(m_undo));
    showTime();
    show();
}

void UndoBar::undo()
{
    if (!m_undo || m_secondsLeft <= 0)
        return;
    const auto undo = std::exchange(m_undo, {});
    expire();
    undo();
}

void UndoBar::undoNewest()
{
    UndoBar* newest = this;
    for (auto* bar : window()->findChildren<UndoBar*>()) {
        if (bar->isVisible() && bar->m_offered.elapsed() < newest->m_offered.elapsed())
            newest = bar;
    }
    newest->undo();
}

void UndoBar::tick()
{
    if (--m_secondsLeft <= 0)
        expire();
    else
        showTime();
}

void UndoBar::expire()
{
    m_timer.stop();
    m_secondsLeft = 0;
    m_undo = {};
    hide();
}

void UndoBar::showTime()
{
    m_text->setText(m_message);
    m_button->setText(tr("Undo (%1 s)").arg(m_secondsLeft));
    m_button->setAccessibleName(tr("Undo: %1").arg(m_message));
    m_button->setToolTip(
        tr("Takes it back (%1)")
            .arg(QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText)));
}

} // namespace ui
