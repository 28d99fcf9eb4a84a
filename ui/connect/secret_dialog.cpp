#include "connect/secret_dialog.h"

#include "connect/background.h"
#include "format/format.h"
#include "theme/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace ui {

SecretDialog::SecretDialog(Keep into, const QString& name, QWidget* parent)
    : QDialog(parent)
    , m_keep(std::move(into))
{
    setObjectName(QStringLiteral("secret_dialog"));
    setWindowTitle(tr("Put a secret into the keychain"));
    auto* form = new QFormLayout;
    m_name = new QLineEdit(name, this);
    m_name->setObjectName(QStringLiteral("secret_name"));
    m_name->setAccessibleName(tr("Name of the entry"));
    m_name->setMaxLength(64);
    form->addRow(tr("&Name"), m_name);
    m_secret = new QLineEdit(this);
    m_secret->setObjectName(QStringLiteral("secret_value"));
    m_secret->setAccessibleName(tr("Secret"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_secret->setMaxLength(65'536);
    form->addRow(tr("&Secret"), m_secret);
    m_message = new QLabel(tr("An entry of the same name is replaced."), this);
    m_message->setObjectName(QStringLiteral("secret_message"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_ok = buttons->addButton(tr("Put it there"), QDialogButtonBox::ActionRole);
    m_ok->setObjectName(QStringLiteral("secret_keep"));
    m_ok->setDefault(true); // Enter in a field means this, not Cancel
    auto* column = new QVBoxLayout(this);
    column->setSpacing(kSpace);
    column->addLayout(form);
    column->addWidget(m_message);
    column->addWidget(buttons);
    for (QLineEdit* field : { m_name, m_secret })
        connect(field, &QLineEdit::textChanged, this, &SecretDialog::showButtons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_ok, &QPushButton::clicked, this, &SecretDialog::submit);
    m_secret->setFocus();
    setMinimumWidth(420);
    showButtons();
}

void SecretDialog::showButtons()
{
    m_ok->setEnabled(
        !m_isBusy && !m_name->text().trimmed().isEmpty() && !m_secret->text().isEmpty());
}

void SecretDialog::submit()
{
    m_isBusy = true;
    showButtons();
    m_message->setText(tr("Asking the keychain…"));
    const QString name = m_name->text().trimmed();
    runInBackground<engine::Status>(
        [into = m_keep, name = name.toStdString(), value = m_secret->text().toStdString()] {
            return into(name, value);
        },
        [this, name](const engine::Status& done) {
            m_isBusy = false;
            showButtons();
            if (!done)
                return m_message->setText(toQString(done.error().message));
            m_secret->clear();
            Q_EMIT kept(name);
            accept();
        },
        this);
}

} // namespace ui
