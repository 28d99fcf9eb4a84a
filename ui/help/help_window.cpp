#include "help/help_window.h"

#include "theme/theme.h"

#include <QAction>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>
#include <QTextTable>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {
namespace {

struct HelpPage {
    const char* name { nullptr };
    const char* title { nullptr };
};
constexpr HelpPage kPages[] {
    { "start", QT_TRANSLATE_NOOP("HelpWindow", "Start here") },
    { "connect", QT_TRANSLATE_NOOP("HelpWindow", "1 Connect a platform") },
    { "first-tuning", QT_TRANSLATE_NOOP("HelpWindow", "2 Tune it") },
    { "repair", QT_TRANSLATE_NOOP("HelpWindow", "3 Repair what failed") },
    { "playbook", QT_TRANSLATE_NOOP("HelpWindow", "Playbook for incidents") },
    { "overview", QT_TRANSLATE_NOOP("HelpWindow", "Overview and charts") },
    { "signals", QT_TRANSLATE_NOOP("HelpWindow", "The five signals") },
    { "states", QT_TRANSLATE_NOOP("HelpWindow", "States and what to do") },
    { "tuning", QT_TRANSLATE_NOOP("HelpWindow", "Pausing and tuning") },
    { "replay", QT_TRANSLATE_NOOP("HelpWindow", "Dead letters and replay") },
    { "control", QT_TRANSLATE_NOOP("HelpWindow", "Safety, audit, settings") },
    { "keyboard", QT_TRANSLATE_NOOP("HelpWindow", "Keyboard") },
    { "configuration", QT_TRANSLATE_NOOP("HelpWindow", "Configuration") },
    { "command-line", QT_TRANSLATE_NOOP("HelpWindow", "Command line") },
    { "platforms", QT_TRANSLATE_NOOP("HelpWindow", "Platforms") },
    { "platform-criteo", QT_TRANSLATE_NOOP("HelpWindow", "Criteo") },
    { "platform-customerio", QT_TRANSLATE_NOOP("HelpWindow", "Customer.io Track") },
    { "platform-customerio-app", QT_TRANSLATE_NOOP("HelpWindow", "Customer.io App") },
    { "platform-google", QT_TRANSLATE_NOOP("HelpWindow", "Google Ads") },
    { "platform-linkedin", QT_TRANSLATE_NOOP("HelpWindow", "LinkedIn") },
    { "platform-meta", QT_TRANSLATE_NOOP("HelpWindow", "Meta") },
    { "platform-microsoft", QT_TRANSLATE_NOOP("HelpWindow", "Microsoft Advertising") },
    { "platform-outbrain", QT_TRANSLATE_NOOP("HelpWindow", "Outbrain") },
    { "platform-pinterest", QT_TRANSLATE_NOOP("HelpWindow", "Pinterest") },
    { "platform-reddit", QT_TRANSLATE_NOOP("HelpWindow", "Reddit") },
    { "platform-snapchat", QT_TRANSLATE_NOOP("HelpWindow", "Snapchat") },
    { "platform-taboola", QT_TRANSLATE_NOOP("HelpWindow", "Taboola") },
    { "platform-tiktok", QT_TRANSLATE_NOOP("HelpWindow", "TikTok") },
    { "platform-webhook", QT_TRANSLATE_NOOP("HelpWindow", "Webhook") },
    { "platform-x", QT_TRANSLATE_NOOP("HelpWindow", "X") },
};

QString textOf(const QString& name)
{
    QFile file(QStringLiteral(":/spillway/help/%1.md").arg(name));
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

HelpWindow::HelpWindow(const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
    , m_text(new QTextBrowser(this))
{
    setObjectName(QStringLiteral("help_window"));
    setWindowTitle(tr("Spillway help"));
    setModal(false);
    resize(960, 680);
    m_list->setObjectName(QStringLiteral("help_list"));
    m_list->setAccessibleName(tr("Help pages"));
    m_list->setFixedWidth(220);
    for (const HelpPage& page : kPages) {
        m_list->addItem(tr(page.title));
        m_list->item(m_list->count() - 1)->setSizeHint(QSize(0, 28));
    }
    m_text->setObjectName(QStringLiteral("help_text"));
    m_text->setAccessibleName(tr("Help text"));
    m_text->setOpenLinks(false); // only our own pages: the help must work without a network
    m_text->setFont(theme.bodyFont());
    m_text->document()->setDocumentMargin(16);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    column->setSpacing(kSpace);
    column->addWidget(makeTop());
    auto* row = new QHBoxLayout;
    row->setSpacing(kSpace);
    column->addLayout(row, 1);
    row->addWidget(m_list);
    row->addWidget(m_text, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &HelpWindow::showRow);
    connect(m_text, &QTextBrowser::anchorClicked, this,
        [this](const QUrl& link) { openPage(link.fileName().remove(QStringLiteral(".md"))); });
    m_list->setCurrentRow(0);
    m_search->setFocus();
}

QWidget* HelpWindow::makeTop()
{
    auto* top = new QWidget(this);
    m_back = new QPushButton(tr("Back"), top);
    m_back->setObjectName(QStringLiteral("help_back"));
    m_back->setAccessibleName(tr("Back to the page before"));
    m_back->setShortcut(QKeySequence::Back);
    m_back->setAutoDefault(false);
    m_back->setEnabled(false);
    m_search = new QLineEdit(top);
    m_search->setObjectName(QStringLiteral("help_search"));
    m_search->setAccessibleName(tr("Search the help"));
    m_search->setPlaceholderText(tr("Search   Ctrl+F"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(320);
    for (auto* button : m_search->findChildren<QToolButton*>())
        button->setAccessibleName(tr("Clear search"));
    m_found = new QLabel(top);
    m_found->setObjectName(QStringLiteral("help_found"));
    m_found->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kSpace);
    row->addWidget(m_back);
    row->addWidget(m_search, 1);
    row->addWidget(m_found);
    row->addStretch();
    auto* find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    addAction(find);
    connect(find, &QAction::triggered, m_search, qOverload<>(&QWidget::setFocus));
    connect(m_search, &QLineEdit::textChanged, this, &HelpWindow::search);
    connect(m_search, &QLineEdit::returnPressed, this, &HelpWindow::markWords);
    connect(m_back, &QPushButton::clicked, this, &HelpWindow::back);
    return top;
}

void HelpWindow::search()
{
    const QStringList words = m_search->text().split(u' ', Qt::SkipEmptyParts);
    int shown = 0;
    int first = -1;
    for (int row = 0; row < m_list->count(); ++row) {
        const QString text = m_list->item(row)->text() + u'\n' + textOf(pageNames().at(row));
        const bool isFound = std::all_of(words.begin(), words.end(),
            [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
        m_list->item(row)->setHidden(!isFound);
        shown += isFound ? 1 : 0;
        if (isFound && first < 0)
            first = row;
    }
    m_found->setText(words.isEmpty() ? QString() : tr("%n page(s)", nullptr, shown));
    const auto* current = m_list->currentItem();
    if (first >= 0 && current != nullptr && current->isHidden())
        m_list->setCurrentRow(first);
    markWords();
}

// All of them are marked; Return goes to the next.
void HelpWindow::markWords()
{
    QList<QTextEdit::ExtraSelection> marks;
    const QStringList words = m_search->text().split(u' ', Qt::SkipEmptyParts);
    for (const QString& word : words) {
        for (auto found = m_text->document()->find(word); !found.isNull();
             found = m_text->document()->find(word, found)) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = found;
            mark.format.setBackground(palette().highlight());
            mark.format.setForeground(palette().highlightedText());
            marks.push_back(mark);
        }
    }
    m_text->setExtraSelections(marks);
    if (words.isEmpty())
        return;
    if (!m_text->find(words.front())) {
        m_text->moveCursor(QTextCursor::Start);
        (void)m_text->find(words.front());
    }
}

void HelpWindow::back()
{
    if (m_visited.isEmpty())
        return;
    m_isGoingBack = true;
    openPage(m_visited.takeLast());
    m_isGoingBack = false;
    m_back->setEnabled(!m_visited.isEmpty());
}

QStringList HelpWindow::pageNames()
{
    QStringList names;
    for (const HelpPage& page : kPages)
        names += QLatin1String(page.name);
    return names;
}

QString HelpWindow::nameFor(PageId page)
{
    switch (page) {
    case PageId::Overview:
        return QStringLiteral("playbook");
    case PageId::Shard:
        return QStringLiteral("overview");
    case PageId::Readiness:
        return QStringLiteral("states");
    case PageId::Dlq:
    case PageId::Replay:
    case PageId::Drill:
    case PageId::Events:
        return QStringLiteral("replay");
    case PageId::Audit:
        return QStringLiteral("control");
    case PageId::Import:
        break;
    }
    return QStringLiteral("start");
}

void HelpWindow::openPage(const QString& name)
{
    const auto row = pageNames().indexOf(name);
    m_list->setCurrentRow(row < 0 ? 0 : static_cast<int>(row));
}

void HelpWindow::showRow(int row)
{
    if (row < 0)
        return;
    const QString name = pageNames().at(row);
    if (!m_isGoingBack && !m_shown.isEmpty()) {
        m_visited.push_back(m_shown);
        m_back->setEnabled(true);
    }
    m_shown = name;
    const QString text = textOf(name);
    m_text->setMarkdown(
        text.isEmpty() ? tr("This page is missing from the program: %1").arg(name) : text);
    layOutTables();
    m_text->moveCursor(QTextCursor::Start);
    markWords();
}

// Markdown brings tables with double lines and no room.
void HelpWindow::layOutTables()
{
    constexpr int kCellPadding = 4;
    for (auto* frame : m_text->document()->rootFrame()->childFrames()) {
        auto* table = qobject_cast<QTextTable*>(frame);
        if (table == nullptr)
            continue;
        QTextTableFormat format = table->format();
        format.setBorderCollapse(true);
        format.setBorder(1);
        format.setBorderBrush(palette().mid());
        format.setCellSpacing(0);
        format.setCellPadding(kCellPadding);
        format.setTopMargin(kSpace);
        format.setBottomMargin(kSpace);
        table->setFormat(format);
    }
}

} // namespace ui
