#include "settings/settings_dialog.h"

#include "settings/privacy_page.h"
#include "settings/settings_pages.h"
#include "settings/shortcut_page.h"
#include "settings/threshold_page.h"
#include "window/page.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>

namespace ui {

namespace {

constexpr int kFirstPage = 5; // Appearance: what people open the settings for

} // namespace

SettingsDialog::SettingsDialog(const ConsoleContext& context, const ConsoleSettings& settings,
    const QList<QAction*>& actions, QWidget* parent)
    : QDialog(parent)
    , m_search(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_title(new QLabel(this))
    , m_reset(new QPushButton(tr("&Reset page"), this))
    , m_stack(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("settings_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Settings"));
    resize(880, 620);
    m_search->setObjectName(QStringLiteral("settings_search"));
    m_search->setAccessibleName(tr("Search settings"));
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setClearButtonEnabled(true);
    m_search->setTextMargins(kSpaceSmall, 0, kSpaceSmall, 0);
    m_search->setMinimumHeight(kHitTargetMin + 2);
    m_list->setObjectName(QStringLiteral("settings_list"));
    m_list->setAccessibleName(tr("Pages of the settings"));
    m_list->setFixedWidth(190);
    m_title->setFont(context.theme.titleFont());
    m_reset->setObjectName(QStringLiteral("settings_reset"));
    m_reset->setAccessibleName(tr("Reset this page to its defaults"));
    auto* exportButton = new QPushButton(tr("&Export settings…"), this);
    exportButton->setObjectName(QStringLiteral("settings_export"));
    exportButton->setAccessibleName(tr("Export look, layout and shortcuts to a file"));
    auto* close = new QPushButton(tr("&Close"), this);
    close->setObjectName(QStringLiteral("settings_close"));
    close->setAccessibleName(tr("Close the settings"));

    auto* layout = new QGridLayout(this);
    layout->setHorizontalSpacing(kSpaceLarge);
    layout->addWidget(m_search, 0, 0);
    layout->addWidget(m_title, 0, 1);
    layout->addWidget(m_reset, 0, 2);
    layout->addWidget(m_list, 1, 0);
    layout->addWidget(m_stack, 1, 1, 1, 2);
    layout->setColumnStretch(1, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(exportButton);
    buttons->addStretch();
    buttons->addWidget(close);
    layout->addLayout(buttons, 2, 0, 1, 3);

    const auto now = context.engine.snapshot();
    auto* thresholds = new ThresholdPage(context.engine, context.theme, this);
    connect(&context.engine, &engine::EnginePort::snapshotPublished, thresholds,
        &ThresholdPage::applySnapshot);
    addPage(new ProfilePage(*now, this));
    addPage(thresholds);
    addPage(new RetentionPage(*now, this));
    addPage(new PrivacyPage(context.privacy, this));
    addPage(new NotificationPage(settings, this));
    addPage(new AppearancePage(settings, this));
    addPage(new ChartsPage(settings, this));
    addPage(new TimePage(settings, this));
    addPage(new ShortcutPage(settings, actions, this));
    addPage(new TuningPage(settings, this));

    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row < 0)
            return;
        m_stack->setCurrentIndex(row);
        m_title->setText(m_list->item(row)->text());
        m_reset->setVisible(m_pages[static_cast<std::size_t>(row)]->canReset());
    });
    connect(m_reset, &QPushButton::clicked, this,
        [this] { m_pages[static_cast<std::size_t>(m_list->currentRow())]->reset(); });
    connect(m_search, &QLineEdit::textChanged, this, &SettingsDialog::search);
    connect(exportButton, &QPushButton::clicked, this, &SettingsDialog::askExport);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    openPage(kFirstPage);
    for (auto* button : { m_reset, exportButton, close })
        button->setAutoDefault(false); // Return in a field presses nothing
    m_list->setFocus();
}

QStringList SettingsDialog::pageTitles()
{
    return { tr("Profile and safety"), tr("Thresholds"), tr("Data and retention"), tr("Privacy"),
        tr("Notifications"), tr("Appearance"), tr("Charts"), tr("Time and units"), tr("Shortcuts"),
        tr("Tuning") };
}

void SettingsDialog::openPage(int number) { m_list->setCurrentRow(number); }

void SettingsDialog::addPage(SettingsPage* page)
{
    const QString title = pageTitles().at(static_cast<qsizetype>(m_pages.size()));
    auto* scroll = new QScrollArea(m_stack);
    scroll->setObjectName(QStringLiteral("settings_page%1").arg(m_pages.size()));
    scroll->setAccessibleName(title);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(page);
    // It scrolls upwards only: what is wider in another language makes the dialog wider.
    scroll->setMinimumWidth(
        page->minimumSizeHint().width() + style()->pixelMetric(QStyle::PM_ScrollBarExtent));
    m_stack->addWidget(scroll);
    m_list->addItem(title);
    m_list->item(m_list->count() - 1)->setSizeHint({ 0, kHitTargetMin + kSpaceSmall });
    m_pages.push_back(page);
    connect(page, &SettingsPage::changed, this, [this, page] { take(*page); });
}

void SettingsDialog::take(const SettingsPage& page)
{
    const ConsoleSettings settings = page.settings();
    for (auto* other : m_pages)
        other->setSettings(settings);
    Q_EMIT settingsChanged(settings);
}

void SettingsDialog::search(const QString& text)
{
    int first = -1;
    for (int row = 0; row < m_list->count(); ++row) {
        const QString written = m_list->item(row)->text() + u'\n'
            + m_pages[static_cast<std::size_t>(row)]->searchText();
        const bool isFound = written.contains(text.trimmed(), Qt::CaseInsensitive);
        m_list->item(row)->setHidden(!isFound);
        if (isFound && first < 0)
            first = row;
    }
    if (first >= 0 && m_list->currentItem() != nullptr && m_list->currentItem()->isHidden())
        m_list->setCurrentRow(first);
}

void SettingsDialog::askExport()
{
    auto* dialog = new QFileDialog(this, tr("Export settings"), {}, tr("Settings (*.ini)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("ini"));
    dialog->selectFile(QStringLiteral("spillway-console.ini"));
    connect(dialog, &QFileDialog::fileSelected, this, &SettingsDialog::exportWanted);
    dialog->open();
}

} // namespace ui
