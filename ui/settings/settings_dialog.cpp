#include "settings/settings_dialog.h"

#include "settings/settings_pages.h"
#include "settings/shortcut_page.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>

namespace ui {

SettingsDialog::SettingsDialog(const Theme& theme, const ConsoleSettings& settings,
    const QList<QAction*>& actions, const engine::SnapshotPtr& snapshot, QWidget* parent)
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
    resize(820, 560);
    m_search->setObjectName(QStringLiteral("settings_search"));
    m_search->setAccessibleName(tr("Search settings"));
    m_search->setPlaceholderText(tr("Search settings"));
    m_search->setClearButtonEnabled(true);
    m_search->setTextMargins(kSpaceSmall, 0, kSpaceSmall, 0);
    m_search->setMinimumHeight(kHitTargetMin + 2);
    m_list->setObjectName(QStringLiteral("settings_list"));
    m_list->setAccessibleName(tr("Pages of the settings"));
    m_list->setFixedWidth(190);
    m_title->setFont(theme.titleFont());
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

    const engine::EngineSnapshot nothing;
    const auto& now = snapshot ? *snapshot : nothing;
    const QString elsewhere = tr("This belongs to the engine: it is set in the configuration file, "
                                 "which is read again within two seconds, and only shown here.");
    addPage(tr("Profile and safety"), new EnginePage(elsewhere, profileFacts(now), this));
    addPage(tr("Thresholds"),
        new EnginePage(
            tr("The engine judges shards by these values; they cannot be changed in this "
               "version."),
            thresholdFacts(), this));
    addPage(tr("Data and retention"), new EnginePage(elsewhere, retentionFacts(now), this));
    addPage(tr("Appearance"), new AppearancePage(settings, this));
    addPage(tr("Charts"), new ChartsPage(settings, this));
    addPage(tr("Time and units"), new TimePage(settings, this));
    addPage(tr("Shortcuts"), new ShortcutPage(settings, actions, this));

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
    m_list->setCurrentRow(3); // what people open the settings for
    for (auto* button : { m_reset, exportButton, close })
        button->setAutoDefault(false); // Return in a field presses nothing
    m_list->setFocus();
}

void SettingsDialog::addPage(const QString& title, SettingsPage* page)
{
    auto* scroll = new QScrollArea(m_stack);
    scroll->setObjectName(QStringLiteral("settings_page%1").arg(m_pages.size()));
    scroll->setAccessibleName(title);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(page);
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
