#include "help/help_window.h"

#include "theme/theme.h"

#include <QFile>
#include <QHBoxLayout>
#include <QListWidget>
#include <QTextBrowser>
#include <QUrl>

namespace ui {
namespace {

struct HelpPage {
    const char* name { nullptr };
    const char* title { nullptr };
};
constexpr HelpPage kPages[] {
    { "start", QT_TRANSLATE_NOOP("HelpWindow", "Start here") },
    { "overview", QT_TRANSLATE_NOOP("HelpWindow", "Overview and charts") },
    { "signals", QT_TRANSLATE_NOOP("HelpWindow", "The five signals") },
    { "states", QT_TRANSLATE_NOOP("HelpWindow", "States and what to do") },
    { "tuning", QT_TRANSLATE_NOOP("HelpWindow", "Pausing and tuning") },
    { "replay", QT_TRANSLATE_NOOP("HelpWindow", "Dead letters and replay") },
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

} // namespace

HelpWindow::HelpWindow(const Theme& theme, QWidget* parent)
    : QDialog(parent)
    , m_list(new QListWidget(this))
    , m_text(new QTextBrowser(this))
{
    setObjectName(QStringLiteral("help_window"));
    setWindowTitle(tr("Spillway help"));
    setModal(false);
    resize(900, 640);
    m_list->setObjectName(QStringLiteral("help_list"));
    m_list->setAccessibleName(tr("Help pages"));
    m_list->setFixedWidth(200);
    for (const HelpPage& page : kPages) {
        m_list->addItem(tr(page.title));
        m_list->item(m_list->count() - 1)->setSizeHint(QSize(0, 28));
    }
    m_text->setObjectName(QStringLiteral("help_text"));
    m_text->setAccessibleName(tr("Help text"));
    m_text->setOpenLinks(false); // only our own pages: the help must work without a network
    m_text->setFont(theme.bodyFont());
    m_text->document()->setDocumentMargin(16);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kSpace, kSpace, kSpace, kSpace);
    row->setSpacing(kSpace);
    row->addWidget(m_list);
    row->addWidget(m_text, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, &HelpWindow::showRow);
    connect(m_text, &QTextBrowser::anchorClicked, this,
        [this](const QUrl& link) { openPage(link.fileName().remove(QStringLiteral(".md"))); });
    m_list->setCurrentRow(0);
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
    case PageId::Shard:
        return QStringLiteral("overview");
    case PageId::Readiness:
        return QStringLiteral("states");
    case PageId::Dlq:
    case PageId::Replay:
    case PageId::Drill:
        return QStringLiteral("replay");
    case PageId::Audit:
        return QStringLiteral("tuning");
    case PageId::Import:
    case PageId::Events:
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
    QFile file(QStringLiteral(":/spillway/help/%1.md").arg(name));
    m_text->setMarkdown(file.open(QIODevice::ReadOnly)
            ? QString::fromUtf8(file.readAll())
            : tr("This page is missing from the program: %1").arg(name));
    m_text->moveCursor(QTextCursor::Start);
}

} // namespace ui
