#include "dlq/text_view.h"

#include "format/format.h"
#include "theme/theme.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTextDocument>
#include <QVBoxLayout>

namespace ui {

TextView::TextView(const Theme& theme, const QString& name, const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QPlainTextEdit(this))
    , m_notice(new QLabel(this))
    , m_showAll(new QPushButton(this))
{
    m_edit->setObjectName(name);
    m_edit->setAccessibleName(title);
    m_edit->setReadOnly(true);
    m_edit->setUndoRedoEnabled(false); // a payload of megabytes must not be kept twice
    m_edit->setFont(Theme::fixedFont());
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    // Readable by keyboard without being editable.
    m_edit->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_notice->setTextFormat(Qt::PlainText);
    m_notice->setWordWrap(true);
    m_notice->setFont(theme.bodyFont());
    m_notice->setMargin(kSpaceSmall);
    m_notice->hide();
    m_showAll->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpaceSmall);
    column->addWidget(m_notice);
    column->addWidget(m_edit, 1);
    column->addWidget(m_showAll);
    connect(m_showAll, &QPushButton::clicked, this, [this] { show(true); });
}

void TextView::setText(const QString& text)
{
    m_text = text;
    m_notice->hide();
    show(false);
}

void TextView::setNotice(const QString& text)
{
    m_text.clear();
    m_edit->clear();
    m_showAll->hide();
    m_notice->setText(text);
    m_notice->show();
}

void TextView::show(bool isWhole)
{
    const bool isCut = !isWhole && m_text.size() > kShownMax;
    m_edit->setPlainText(isCut ? m_text.left(kShownMax) : m_text);
    m_showAll->setText(tr("Show all %1").arg(formatBytes(m_text.size())));
    m_showAll->setAccessibleName(m_showAll->text());
    m_showAll->setVisible(isCut);
}

void TextView::find(const QString& needle, bool isBackward)
{
    if (needle.isEmpty())
        return;
    const auto flags = isBackward ? QTextDocument::FindFlags(QTextDocument::FindBackward)
                                  : QTextDocument::FindFlags();
    if (m_edit->find(needle, flags))
        return;
    m_edit->moveCursor(isBackward ? QTextCursor::End : QTextCursor::Start);
    m_edit->find(needle, flags);
}

int TextView::findCount(const QString& needle) const
{
    return needle.isEmpty()
        ? 0
        : static_cast<int>(m_edit->toPlainText().count(needle, Qt::CaseInsensitive));
}

} // namespace ui
