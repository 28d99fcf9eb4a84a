#include "settings/privacy_page.h"

#include "widgets/privacy.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace ui {

PrivacyPage::PrivacyPage(Privacy* privacy, QWidget* parent)
    : SettingsPage({}, parent)
    , m_privacy(privacy)
    , m_reason(new QLineEdit(this))
    , m_show(new QPushButton(tr("&Show for 10 minutes"), this))
    , m_mask(new QPushButton(tr("&Mask again"), this))
    , m_state(new QLabel(this))
{
    addNote(tr("Payloads, requests and answers are shown with these taken out, and so are copies, "
               "exports and what is logged:"));
    addFact(tr("E-mail addresses"), tr("by the field's name and wherever one stands in a text"));
    addFact(tr("Telephone numbers"), tr("by the field's name, and with a leading + in any text"));
    addFact(tr("IP addresses"), tr("by the field's name and wherever one stands in a text"));
    addFact(tr("Names, places, dates of birth, gender"), tr("by the field's name"));
    addFact(tr("External ids, ids of devices"), tr("by the field's name"));
    addFact(tr("Keys and tokens"), tr("always, also while personal data is shown"));
    addNote(tr("To find a fault you may have to see the values. They are then shown in payloads "
               "for ten minutes, on this screen alone; copies and exports stay masked. Your reason "
               "goes to the audit."));
    m_reason->setObjectName(QStringLiteral("settings_unmaskReason"));
    m_reason->setAccessibleName(tr("Reason for showing personal data"));
    m_reason->setMaxLength(500);
    m_reason->setMinimumHeight(kHitTargetMin + 2);
    m_show->setObjectName(QStringLiteral("settings_unmask"));
    m_show->setAccessibleName(tr("Show personal data for 10 minutes"));
    m_mask->setObjectName(QStringLiteral("settings_mask"));
    m_mask->setAccessibleName(tr("Mask personal data again"));
    m_state->setObjectName(QStringLiteral("settings_privacyState"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    auto* form = static_cast<QFormLayout*>(layout());
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Reason"), m_reason);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_show);
    buttons->addWidget(m_mask);
    buttons->addStretch();
    form->addRow(QString(), buttons);
    form->addRow(m_state);
    for (auto* button : { m_show, m_mask })
        button->setAutoDefault(false);
    connect(m_reason, &QLineEdit::textChanged, this, &PrivacyPage::showState);
    if (m_privacy != nullptr) {
        connect(m_show, &QPushButton::clicked, this, [this] { m_privacy->show(m_reason->text()); });
        connect(m_mask, &QPushButton::clicked, m_privacy, &Privacy::hide);
        connect(m_privacy, &Privacy::changed, m_reason, &QLineEdit::clear);
        connect(m_privacy, &Privacy::changed, this, &PrivacyPage::showState);
        connect(m_privacy, &Privacy::ticked, this, &PrivacyPage::showState);
        connect(m_privacy, &Privacy::refused, this,
            [this](const QString& why) { m_state->setText(tr("Not shown: %1").arg(why)); });
    }
    showState();
}

void PrivacyPage::showState()
{
    const bool isShown = m_privacy != nullptr && m_privacy->mode() == PersonalData::Shown;
    m_show->setEnabled(m_privacy != nullptr && !m_reason->text().trimmed().isEmpty());
    m_show->setToolTip(m_show->isEnabled() ? QString() : tr("Write the reason first"));
    m_mask->setEnabled(isShown);
    m_state->setText(isShown ? tr("Shown for %1 more.").arg(formatDuration(m_privacy->left()))
                             : tr("Everything is masked."));
}

} // namespace ui
