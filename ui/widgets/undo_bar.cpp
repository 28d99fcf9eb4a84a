#include "widgets/undo_bar.h"

#include "widgets/undo_stack.h"

#include <QHBoxLayout>
#include <QKeySequence>
#include <QLabel>
#include <QPushButton>

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

    connect(m_button, &QPushButton::clicked, this, &UndoBar::undo);
    connect(&m_timer, &QTimer::timeout, this, &UndoBar::tick);
    hide();
}

void UndoBar::offer(const QString& text, std::function<void()> undo)
{
    m_message = text;
    m_undo = std::move(undo);
    m_secondsLeft = kSeconds;
    m_timer.start(1'000);
    m_stack = &UndoStack::of(*this);
    if (m_undo)
        m_stack->offer(this, [this] { this->undo(); });
    else
        m_stack->withdraw(this);
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
    if (m_stack)
        m_stack->withdraw(this);
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
