#include "connect/connect_sheet.h"

#include "connect/background.h"
#include "connect/secret_dialog.h"
#include "format/format.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace ui {
namespace {

struct ConnectSheetText {
    Q_DECLARE_TR_FUNCTIONS(ConnectSheet)
};

constexpr int kPreviewHeight = 160;
constexpr int kMoreLines = 3;

QLabel* textLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

ConnectSheet::ConnectSheet(const Theme& theme, ConnectBackend backend, const QString& path,
    const QString& runningPath, QWidget* parent)
    : QDialog(parent)
    , m_backend(std::move(backend))
    , m_runningPath(runningPath)
{
    setObjectName(QStringLiteral("connect_sheet"));
    setWindowTitle(tr("Connect a real destination"));
    build(theme, path);
    choosePlatform();
}

void ConnectSheet::build(const Theme& theme, const QString& path)
{
    auto* intro = textLabel(QStringLiteral("connect_intro"), this);
    intro->setText(tr("The destination is added to a configuration file and starts paused: "
                      "nothing is sent before you resume it. The file names credentials and never "
                      "holds them: keychain:NAME is an entry of this desktop's keychain, env:NAME "
                      "an environment variable, file:PATH a file that only you can read."));
    m_form = new QFormLayout;
    m_platform = new QComboBox(this);
    m_platform->setObjectName(QStringLiteral("connect_platform"));
    m_platform->setAccessibleName(tr("Platform"));
    for (const auto& platform : m_backend.platforms)
        m_platform->addItem(toQString(platform.title), toQString(platform.name));
    m_form->addRow(tr("&Platform"), m_platform);
    m_name = addField(QStringLiteral("connect_name"), tr("&Name"), tr("meta-main"));
    m_account = addField(
        QStringLiteral("connect_account"), tr("&Account"), tr("pixel, customer id, workspace…"));
    m_endpoint = addField(
        QStringLiteral("connect_endpoint"), tr("&Endpoint"), QStringLiteral("https://…"));
    m_set = new QComboBox(this);
    m_set->setObjectName(QStringLiteral("connect_set"));
    m_set->setAccessibleName(tr("Which credentials"));
    m_form->addRow(tr("&Credentials"), m_set);
    m_events = addField(QStringLiteral("connect_events"), tr("E&vents"),
        tr("purchase = 123456, lead = 123457: what the platform calls each of your events"));
    m_more = new QPlainTextEdit(this);
    m_more->setObjectName(QStringLiteral("connect_more"));
    m_more->setAccessibleName(tr("More settings"));
    m_more->setTabChangesFocus(true);
    m_more->setFixedHeight(m_more->fontMetrics().lineSpacing() * (kMoreLines + 1));
    m_form->addRow(tr("&More settings"), m_more);
    connect(m_more, &QPlainTextEdit::textChanged, this, &ConnectSheet::plan);
    m_path = addField(QStringLiteral("connect_file"), tr("&File"), path);

    m_preview = new QPlainTextEdit(this);
    m_preview->setObjectName(QStringLiteral("connect_preview"));
    m_preview->setAccessibleName(tr("What will be added to the file"));
    m_preview->setReadOnly(true);
    m_preview->setTabChangesFocus(true);
    m_preview->setMinimumHeight(kPreviewHeight);
    m_problems = textLabel(QStringLiteral("connect_problems"), this);
    m_problems->setFont(theme.boldFont());
    m_message = textLabel(QStringLiteral("connect_message"), this);
    auto* column = new QVBoxLayout(this);
    column->setSpacing(kSpace);
    column->addWidget(intro);
    column->addLayout(m_form);
    column->addWidget(m_preview, 1);
    column->addWidget(m_problems);
    column->addWidget(m_message);
    column->addWidget(makeButtons());
    connect(m_platform, &QComboBox::currentIndexChanged, this, &ConnectSheet::choosePlatform);
    connect(m_set, &QComboBox::currentIndexChanged, this, &ConnectSheet::chooseSet);
    setMinimumWidth(560);
    m_path->setText(path); // last: a changed field plans anew, and shows it
}

QLineEdit* ConnectSheet::addField(const QString& name, const QString& label, const QString& hint)
{
    auto* field = new QLineEdit(this);
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&'));
    field->setPlaceholderText(hint);
    field->setMaxLength(500);
    m_form->addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, &ConnectSheet::plan);
    return field;
}

QWidget* ConnectSheet::makeButtons()
{
    auto* row = new QWidget(this);
    auto* cancel = new QPushButton(tr("Cancel"), row);
    cancel->setObjectName(QStringLiteral("connect_cancel"));
    cancel->setAccessibleName(tr("Cancel connecting"));
    m_test = new QPushButton(tr("Test"), row);
    m_test->setObjectName(QStringLiteral("connect_test"));
    m_test->setAccessibleName(tr("Test the destination"));
    m_test->setToolTip(
        tr("Sends one invented event in the form that the platform looks at and does not count"));
    m_write = new QPushButton(row);
    m_write->setObjectName(QStringLiteral("connect_write"));
    for (QPushButton* button : { cancel, m_test, m_write })
        button->setAutoDefault(false); // Enter in a field must not write a file
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(cancel);
    layout->addStretch(1);
    layout->addWidget(m_test);
    layout->addWidget(m_write);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_test, &QPushButton::clicked, this, &ConnectSheet::test);
    connect(m_write, &QPushButton::clicked, this, &ConnectSheet::write);
    return row;
}

const engine::PlatformInfo& ConnectSheet::platform() const
{
    return m_backend.platforms.at(static_cast<std::size_t>(m_platform->currentIndex()));
}

void ConnectSheet::setGuard(const Guard& guard)
{
    m_guard = guard;
    showButtons();
}

void ConnectSheet::choosePlatform()
{
    if (m_backend.platforms.empty())
        return;
    const QSignalBlocker quiet(m_set);
    m_set->clear();
    for (const std::vector<std::string>& set : platform().credentialSets) {
        QStringList names;
        for (const std::string& name : set)
            names += toQString(name);
        m_set->addItem(names.join(QStringLiteral(", ")));
    }
    QStringList options;
    for (const std::string& option : platform().options)
        options += toQString(option) + QStringLiteral(" = \"…\"");
    m_more->setPlaceholderText(options.join(u'\n'));
    m_form->setRowVisible(m_set, m_set->count() > 1);
    m_form->setRowVisible(m_endpoint, platform().needsEndpoint);
    m_form->setRowVisible(m_events, platform().needsEventNames);
    chooseSet();
}

// Each platform has credentials of its own, so their fields come and go with it.
void ConnectSheet::chooseSet()
{
    for (const auto& [name, field] : m_credentials)
        m_form->removeRow(field->parentWidget()); // deletes it
    m_credentials.clear();
    const auto index = static_cast<std::size_t>(std::max(m_set->currentIndex(), 0));
    if (index < platform().credentialSets.size()) {
        for (const std::string& name : platform().credentialSets[index])
            addCredential(name);
    }
    plan();
}

void ConnectSheet::addCredential(const std::string& name)
{
    const QString text = toQString(name);
    auto* row = new QWidget(this);
    auto* field = new QLineEdit(row);
    field->setObjectName(QStringLiteral("connect_credential_") + text);
    field->setAccessibleName(text);
    field->setPlaceholderText(
        QStringLiteral("env:%1_%2").arg(toQString(platform().name).toUpper(), text.toUpper()));
    field->setMaxLength(500);
    auto* keep = new QPushButton(tr("Keychain…"), row);
    keep->setObjectName(QStringLiteral("connect_keep_") + text);
    keep->setAccessibleName(tr("Put %1 into the keychain").arg(text));
    keep->setToolTip(tr("Puts the secret into this desktop's keychain and names it here"));
    keep->setAutoDefault(false);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(field, 1);
    layout->addWidget(keep);
    int at = 0;
    QFormLayout::ItemRole role {};
    m_form->getWidgetPosition(m_events, &at, &role);
    auto* label = new QLabel(text, this);
    label->setBuddy(field);
    m_form->insertRow(at, label, row);
    connect(field, &QLineEdit::textChanged, this, &ConnectSheet::plan);
    connect(keep, &QPushButton::clicked, this, [this, name, field] { keepSecret(name, field); });
    m_credentials.emplace_back(name, field);
}

void ConnectSheet::keepSecret(const std::string& credential, QLineEdit* field)
{
    const QString destination = m_name->text().trimmed();
    const QString base = destination.isEmpty() ? toQString(platform().name) : destination;
    auto* dialog
        = new SecretDialog(m_backend.keepSecret, base + u'-' + toQString(credential), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SecretDialog::kept, field,
        [field](const QString& name) { field->setText(QStringLiteral("keychain:") + name); });
    dialog->open();
}

std::optional<std::map<std::string, std::string>> ConnectSheet::eventNamesIn(const QString& text)
{
    std::map<std::string, std::string> names;
    for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
        const auto equals = part.indexOf(u'=');
        const QString ours = part.left(std::max<qsizetype>(equals, 0)).trimmed();
        const QString theirs = part.mid(equals + 1).trimmed();
        if (part.trimmed().isEmpty())
            continue;
        if (equals < 0 || ours.isEmpty() || theirs.isEmpty())
            return std::nullopt;
        names[ours.toStdString()] = theirs.toStdString();
    }
    return names;
}

engine::ConnectDraft ConnectSheet::draft() const
{
    engine::ConnectDraft draft;
    if (m_backend.platforms.empty())
        return draft;
    draft.platform = platform().name;
    draft.api = platform().api;
    draft.name = m_name->text().trimmed().toStdString();
    draft.account = m_account->text().trimmed().toStdString();
    if (platform().needsEndpoint)
        draft.endpoint = m_endpoint->text().trimmed().toStdString();
    for (const auto& [name, field] : m_credentials)
        draft.credentials[name] = field->text().trimmed().toStdString();
    if (platform().needsEventNames)
        draft.eventNames = eventNamesIn(m_events->text()).value_or(draft.eventNames);
    draft.more = m_more->toPlainText().trimmed().toStdString();
    return draft;
}

bool ConnectSheet::isFilled() const
{
    const auto isSet = [](const QLineEdit* field) { return !field->text().trimmed().isEmpty(); };
    if (m_backend.platforms.empty() || !isSet(m_name) || !isSet(m_path))
        return false;
    const bool needsAccount = !platform().accountPattern.empty();
    const auto events = eventNamesIn(m_events->text());
    if (platform().needsEventNames && (!events || events->empty()))
        return false;
    return (!needsAccount || isSet(m_account)) && (!platform().needsEndpoint || isSet(m_endpoint))
        && std::all_of(m_credentials.begin(), m_credentials.end(),
            [&](const auto& credential) { return isSet(credential.second); });
}

void ConnectSheet::plan()
{
    ++m_generation;
    m_plan.reset();
    m_message->clear();
    m_preview->clear();
    m_problems->setText(isFilled() ? QString() : tr("Fill in the fields; nothing is written yet."));
    showButtons();
    if (!isFilled())
        return;
    using Planned = engine::Result<engine::ConnectPlan>;
    runInBackground<Planned>([make = m_backend.plan, path = m_path->text().trimmed().toStdString(),
                                 what = draft()] { return make(path, what); },
        [this, generation = m_generation](const Planned& planned) {
            if (generation == m_generation)
                showPlan(planned);
        },
        this);
}

void ConnectSheet::showPlan(const engine::Result<engine::ConnectPlan>& plan)
{
    if (!plan) {
        m_problems->setText(toQString(plan.error().message));
        return;
    }
    m_plan = *plan;
    m_preview->setPlainText(toQString(plan->added));
    m_problems->setText(findingsText(plan->report));
    showButtons();
}

void ConnectSheet::test()
{
    if (!m_plan || m_isBusy)
        return;
    m_isBusy = true;
    showButtons();
    m_message->setText(tr("Testing…"));
    using Tested = engine::Result<engine::LiveCheckReport>;
    runInBackground<Tested>(
        [run = m_backend.test, plan = *m_plan, what = draft()] { return run(plan, what); },
        [this](const Tested& tested) {
            m_isBusy = false;
            showButtons();
            if (!tested)
                return showMessage(tr("Not tested: %1").arg(toQString(tested.error().message)));
            QStringList lines;
            for (const std::string& line : tested->lines)
                lines += toQString(line);
            showMessage(lines.join(u'\n'));
        },
        this);
}

void ConnectSheet::write()
{
    if (!m_plan || m_isBusy || !m_write->isEnabled())
        return;
    m_isBusy = true;
    showButtons();
    runInBackground<engine::Status>([run = m_backend.write, plan = *m_plan] { return run(plan); },
        [this, path = toQString(m_plan->path)](const engine::Status& done) {
            m_isBusy = false;
            m_plan.reset(); // it is in the file now, or has to be looked at again
            showButtons();
            if (!done)
                return showMessage(tr("Not written: %1").arg(toQString(done.error().message)));
            showMessage(path == m_runningPath
                    ? tr("Written. The engine reads the file by itself within two seconds.")
                    : tr("Written. Start Spillway on it with: spillway --config %1").arg(path));
            Q_EMIT written(path);
        },
        this);
}

void ConnectSheet::showMessage(const QString& text) { m_message->setText(text); }

void ConnectSheet::showButtons()
{
    const bool isReady = m_plan && m_plan->report.isValid && !m_isBusy;
    m_test->setEnabled(isReady);
    m_write->setEnabled(isReady && m_guard.isAllowed);
    m_write->setToolTip(m_guard.whyNot);
    const QString file = QFileInfo(m_path->text().trimmed()).fileName();
    const QString name = m_name->text().trimmed();
    m_write->setText(name.isEmpty() || file.isEmpty() ? tr("Add, paused")
                                                      : tr("Add %1 to %2, paused").arg(name, file));
    m_write->setAccessibleName(m_write->text());
}

QString findingsText(const engine::CheckReport& report)
{
    QStringList errors;
    QStringList rest;
    for (const auto& finding : report.findings) {
        const QString text = finding.key.empty()
            ? toQString(finding.message)
            : QStringLiteral("%1: %2").arg(toQString(finding.key), toQString(finding.message));
        (finding.isWarning ? rest : errors) += text;
    }
    for (const std::string& secret : report.unreadableSecrets)
        rest += ConnectSheetText::tr("Not readable yet: %1").arg(toQString(secret));
    return (errors + rest).join(u'\n');
}

} // namespace ui
