#include "connect/connect_sheet.h"
#include "support/test_program.h"
#include "theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

#include <atomic>
#include <mutex>

namespace tst_connect_sheet {

using namespace ui;

// Counts what it is asked, from whatever thread; refuses an account named "bad".
struct Calls {
    std::atomic<int> writes { 0 };
    std::atomic<int> tests { 0 };
    std::mutex mutex {};
    std::map<std::string, std::string> kept {};
};

namespace {

ConnectBackend backendFor(const std::shared_ptr<Calls>& calls)
{
    ConnectBackend backend;
    backend.platforms = { { .name = "meta",
                              .title = "Meta Conversions API",
                              .accountPattern = "[0-9]+",
                              .credentialSets = { { "access_token" } } },
        { .name = "webhook", .title = "Webhook", .needsEndpoint = true, .credentialSets = { {} } },
        { .name = "google",
            .api = "data_manager",
            .title = "Google Data Manager",
            .needsEventNames = true,
            .credentialSets = { { "client_id", "refresh_token" }, { "access_token" } },
            .options = { "login_customer_id" } } };
    backend.plan = [](const std::string& path,
                       const engine::ConnectDraft& draft) -> engine::Result<engine::ConnectPlan> {
        engine::ConnectPlan plan { .path = path, .added = "name = \"" + draft.name + "\"\n" };
        plan.report.isValid = draft.account != "bad";
        if (!plan.report.isValid)
            plan.report.findings.push_back({ .key = "account", .message = "has no such form" });
        return plan;
    };
    backend.test = [calls](const engine::ConnectPlan&,
                       const engine::ConnectDraft&) -> engine::Result<engine::LiveCheckReport> {
        ++calls->tests;
        return engine::LiveCheckReport { .lines = { "The platform took it" } };
    };
    backend.write = [calls](const engine::ConnectPlan&) -> engine::Status {
        ++calls->writes;
        return {};
    };
    backend.keepSecret
        = [calls](const std::string& name, const std::string& value) -> engine::Status {
        if (value == "locked")
            return engine::fail(engine::ErrorCode::Unauthorized, "it is locked");
        const std::scoped_lock lock(calls->mutex);
        calls->kept[name] = value;
        return {};
    };
    return backend;
}

} // namespace

class TestConnectSheet final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsWrittenBeforeTheButton();
    void whatWouldBeRefusedCannotBeWritten();
    void thePlatformDecidesWhatIsAsked();
    void whatAPlatformNeedsIsAskedBeforeItCanBeWritten();
    void aSecretGoesIntoTheKeychainAndOnlyItsNameStays();
    void aTestTellsWhatThePlatformSaid();
    void observeKeepsItFromWriting();
    void everyFieldHasAName();

private:
    Theme m_theme { ThemeMode::Light };
    std::shared_ptr<Calls> m_calls { std::make_shared<Calls>() };

    std::unique_ptr<ConnectSheet> sheet(const QString& runningPath = {})
    {
        m_calls = std::make_shared<Calls>();
        auto made = std::make_unique<ConnectSheet>(m_theme, backendFor(m_calls),
            QStringLiteral("/etc/spillway/spillway.toml"), runningPath);
        made->show();
        return made;
    }
    static void fill(const ConnectSheet& sheet, const char* account)
    {
        field(sheet, "connect_name")->setText(QStringLiteral("meta-main"));
        field(sheet, "connect_account")->setText(QLatin1String(account));
        field(sheet, "connect_credential_access_token")->setText(QStringLiteral("env:META_TOKEN"));
    }
    static QLineEdit* field(const ConnectSheet& sheet, const char* name)
    {
        return sheet.findChild<QLineEdit*>(QLatin1String(name));
    }
    static QPushButton* button(const ConnectSheet& sheet, const char* name)
    {
        return sheet.findChild<QPushButton*>(QLatin1String(name));
    }
};

void TestConnectSheet::nothingIsWrittenBeforeTheButton()
{
    const auto form = sheet(QStringLiteral("/etc/spillway/spillway.toml"));
    auto* write = button(*form, "connect_write");
    QVERIFY(!write->isEnabled());
    fill(*form, "1029384756");
    QTRY_VERIFY(write->isEnabled());
    QCOMPARE(write->text(), QStringLiteral("Add meta-main to spillway.toml, paused"));
    const auto* preview = form->findChild<QPlainTextEdit*>(QStringLiteral("connect_preview"));
    QVERIFY(preview->toPlainText().contains(QStringLiteral("meta-main")));
    QCOMPARE(m_calls->writes.load(), 0);
    write->click();
    QVERIFY(!write->isEnabled()); // pending at once
    QTRY_COMPARE(m_calls->writes.load(), 1);
    auto* message = form->findChild<QLabel*>(QStringLiteral("connect_message"));
    QTRY_VERIFY(message->text().startsWith(QStringLiteral("Written. The engine reads")));
}

void TestConnectSheet::whatWouldBeRefusedCannotBeWritten()
{
    const auto form = sheet();
    fill(*form, "bad");
    auto* problems = form->findChild<QLabel*>(QStringLiteral("connect_problems"));
    QTRY_COMPARE(problems->text(), QStringLiteral("account: has no such form"));
    QVERIFY(!button(*form, "connect_write")->isEnabled());
    QVERIFY(!button(*form, "connect_test")->isEnabled());
    fill(*form, "1");
    QTRY_VERIFY(button(*form, "connect_write")->isEnabled());
}

void TestConnectSheet::thePlatformDecidesWhatIsAsked()
{
    const auto form = sheet();
    QVERIFY(field(*form, "connect_credential_access_token") != nullptr);
    QVERIFY(!field(*form, "connect_endpoint")->isVisible());
    form->findChild<QComboBox*>(QStringLiteral("connect_platform"))->setCurrentIndex(1);
    QTRY_VERIFY(field(*form, "connect_credential_access_token") == nullptr);
    QVERIFY(field(*form, "connect_endpoint")->isVisible());
    field(*form, "connect_name")->setText(QStringLiteral("warehouse"));
    QVERIFY(!button(*form, "connect_write")->isEnabled());
    field(*form, "connect_endpoint")->setText(QStringLiteral("https://warehouse.example.com"));
    QTRY_VERIFY(button(*form, "connect_write")->isEnabled());
    QCOMPARE(form->draft().platform, std::string("webhook"));
    QVERIFY(form->draft().credentials.empty());
}

// Google: either set of credentials, and the name of every event.
void TestConnectSheet::whatAPlatformNeedsIsAskedBeforeItCanBeWritten()
{
    const auto form = sheet();
    form->findChild<QComboBox*>(QStringLiteral("connect_platform"))->setCurrentIndex(2);
    QVERIFY(field(*form, "connect_credential_client_id") != nullptr);
    auto* set = form->findChild<QComboBox*>(QStringLiteral("connect_set"));
    QCOMPARE(set->currentText(), QStringLiteral("client_id, refresh_token"));
    set->setCurrentIndex(1);
    QVERIFY(field(*form, "connect_credential_client_id") == nullptr);
    fill(*form, "1234567890");
    auto* write = button(*form, "connect_write");
    QVERIFY(!write->isEnabled());
    field(*form, "connect_events")->setText(QStringLiteral("purchase = 987, lead"));
    QVERIFY(!write->isEnabled());
    field(*form, "connect_events")->setText(QStringLiteral("purchase = 987, Order Done = 988"));
    QTRY_VERIFY(write->isEnabled());
    const engine::ConnectDraft draft = form->draft();
    QCOMPARE(draft.api, std::string("data_manager"));
    QCOMPARE(draft.eventNames.at("Order Done"), std::string("988"));
    QCOMPARE(draft.credentials.size(), std::size_t { 1 });
}

void TestConnectSheet::aSecretGoesIntoTheKeychainAndOnlyItsNameStays()
{
    const auto form = sheet();
    fill(*form, "1029384756");
    button(*form, "connect_keep_access_token")->click();
    auto* dialog = form->findChild<QDialog*>(QStringLiteral("secret_dialog"));
    QVERIFY(dialog != nullptr);
    const auto line
        = [&](const char* name) { return dialog->findChild<QLineEdit*>(QLatin1String(name)); };
    QCOMPARE(line("secret_name")->text(), QStringLiteral("meta-main-access_token"));
    QCOMPARE(line("secret_value")->echoMode(), QLineEdit::Password);
    auto* keep = dialog->findChild<QPushButton*>(QStringLiteral("secret_keep"));
    QVERIFY(!keep->isEnabled());
    line("secret_value")->setText(QStringLiteral("locked"));
    keep->click();
    QTRY_COMPARE(dialog->findChild<QLabel*>(QStringLiteral("secret_message"))->text(),
        QStringLiteral("it is locked"));
    line("secret_value")->setText(QStringLiteral("EAAG"));
    keep->click();
    QTRY_COMPARE(field(*form, "connect_credential_access_token")->text(),
        QStringLiteral("keychain:meta-main-access_token"));
    const std::scoped_lock lock(m_calls->mutex);
    QCOMPARE(m_calls->kept.at("meta-main-access_token"), std::string("EAAG"));
}

void TestConnectSheet::aTestTellsWhatThePlatformSaid()
{
    const auto form = sheet();
    fill(*form, "1029384756");
    QTRY_VERIFY(button(*form, "connect_test")->isEnabled());
    button(*form, "connect_test")->click();
    QTRY_COMPARE(form->findChild<QLabel*>(QStringLiteral("connect_message"))->text(),
        QStringLiteral("The platform took it"));
    QCOMPARE(m_calls->tests.load(), 1);
    QCOMPARE(m_calls->writes.load(), 0);
}

void TestConnectSheet::observeKeepsItFromWriting()
{
    const auto form = sheet();
    form->setGuard(guardFor({ .level = engine::SafetyLevel::Observe }, GuardedAction::Tune));
    fill(*form, "1029384756");
    QTRY_VERIFY(button(*form, "connect_test")->isEnabled()); // looking is allowed
    QVERIFY(!button(*form, "connect_write")->isEnabled());
    QVERIFY(button(*form, "connect_write")->toolTip().startsWith(QStringLiteral("Observe mode")));
}

void TestConnectSheet::everyFieldHasAName()
{
    const auto form = sheet();
    for (const auto* widget : form->findChildren<QWidget*>()) {
        if (widget->isVisible() && (widget->focusPolicy() & Qt::TabFocus) != 0)
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
    }
}

SPILLWAY_TEST(TestConnectSheet)

} // namespace tst_connect_sheet

#include "tst_connect_sheet.moc"
