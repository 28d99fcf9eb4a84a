#include "config/secrets.h"
#include "engine/secrets/fake_keychain.h"
#include "secrets/kept_secrets.h"
#include "secrets/secret_store.h"
#include "support/test_program.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>

namespace tst_secret_store {

using namespace engine;
using namespace engine::secrets;
using namespace engine::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* kVariable = "SPILLWAY_TEST_REFRESH";

SecretRef keychainRef() { return { SecretRef::Kind::Keychain, "meta-token" }; }
SecretRef variableRef() { return { SecretRef::Kind::Env, kVariable }; }

struct Bench {
    std::shared_ptr<FakeKeychain> keychain { std::make_shared<FakeKeychain>() };
    QTemporaryDir folder {};

    [[nodiscard]] std::string directory() const { return folder.path().toStdString(); }
    [[nodiscard]] std::unique_ptr<SecretStore> store() const
    {
        return std::make_unique<SecretStore>(
            SecretStoreOptions { .keychain = keychain, .directory = directory() });
    }
    [[nodiscard]] SecretRef file(const char* value) const
    {
        const std::string path = directory() + "/token";
        const Status written = config::writeSecretFile(path, value);
        Q_ASSERT(written);
        return { SecretRef::Kind::File, path };
    }
    [[nodiscard]] QFile::Permissions others(const char* name) const
    {
        return QFile::permissions(folder.filePath(QString::fromLatin1(name)))
            & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther);
    }
    [[nodiscard]] QByteArray text(const char* name) const
    {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

} // namespace

class TestSecretStore final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anEntryOfTheKeychainIsRead();
    void aSilentKeychainHoldsNobodyUp();
    void theWaitForASilentKeychainEnds();
    void aLateAnswerIsToldAndUsed();
    void anEntryIsAskedForAgainOnlyWhenFresh();
    void anAnswerThatIsTheSameIsNoChange();
    void aFaultOfTheKeychainIsSaidInItsWords();
    void aReplacedFileIsRewrittenForItsOwnerAlone();
    void aReplacedEntryIsRewritten();
    void aReplacedVariableIsKeptInTheDirectoryAndUsedAfterARestart();
    void aVariableThatSomebodySetAnewWins();
    void aKeychainThatTakesNothingLeavesItToTheDirectory();
    void withoutADirectoryAVariableCannotBeReplaced();
    void aDirectoryFileThatOthersMayReadIsNotUsed();
    void everySecretThatCannotBeReadIsNamed();
};

void TestSecretStore::anEntryOfTheKeychainIsRead()
{
    Bench bench;
    bench.keychain->entries["meta-token"] = "s3cret";
    const auto store = bench.store();
    QCOMPARE(store->readNow(keychainRef()).value(), std::string("s3cret"));
    QCOMPARE(store->read(keychainRef(), false).value(), std::string("s3cret"));
    QCOMPARE(bench.keychain->reads, 1);
}

void TestSecretStore::aSilentKeychainHoldsNobodyUp()
{
    Bench bench;
    bench.keychain->isSlow = true;
    const auto store = bench.store();
    const auto early = store->read(keychainRef(), true);
    QVERIFY(early.error().code == ErrorCode::Unavailable);
    QVERIFY(early.error().message.find("locked") != std::string::npos);
    for (int i = 0; i < 10; ++i)
        (void)store->read(keychainRef(), true);
    QCOMPARE(bench.keychain->reads, 1); // one question, however many ask
}

void TestSecretStore::theWaitForASilentKeychainEnds()
{
    Bench bench;
    bench.keychain->isSlow = true;
    const auto store = bench.store();
    QVERIFY(store->readNow(keychainRef(), 1ms).error().code == ErrorCode::Unavailable);
}

void TestSecretStore::aLateAnswerIsToldAndUsed()
{
    Bench bench;
    bench.keychain->isSlow = true;
    bench.keychain->entries["meta-token"] = "s3cret";
    const auto store = bench.store();
    int changes = 0;
    store->onChange([&] { ++changes; });
    QVERIFY(!store->read(keychainRef(), false));
    QCOMPARE(changes, 0);
    bench.keychain->answer();
    QCOMPARE(changes, 1);
    QCOMPARE(store->read(keychainRef(), false).value(), std::string("s3cret"));
}

void TestSecretStore::anEntryIsAskedForAgainOnlyWhenFresh()
{
    Bench bench;
    bench.keychain->entries["meta-token"] = "old";
    const auto store = bench.store();
    (void)store->readNow(keychainRef());
    bench.keychain->entries["meta-token"] = "new";
    QCOMPARE(store->read(keychainRef(), false).value(), std::string("old"));
    QCOMPARE(store->read(keychainRef(), true).value(), std::string("new"));
}

void TestSecretStore::anAnswerThatIsTheSameIsNoChange()
{
    Bench bench;
    int changes = 0;
    const auto store = bench.store();
    store->onChange([&] { ++changes; });
    for (int i = 0; i < 3; ++i)
        (void)store->read(keychainRef(), true);
    QCOMPARE(changes, 1); // there is none, and there stays none
}

void TestSecretStore::aFaultOfTheKeychainIsSaidInItsWords()
{
    Bench bench;
    bench.keychain->trouble = Error { .code = ErrorCode::Unavailable, .message = "no D-Bus" };
    QCOMPARE(bench.store()->readNow(keychainRef()).error().message, std::string("no D-Bus"));
}

void TestSecretStore::aReplacedFileIsRewrittenForItsOwnerAlone()
{
    Bench bench;
    const SecretRef ref = bench.file("old");
    const auto store = bench.store();
    QVERIFY(store->replace(ref, "new"));
    QCOMPARE(store->read(ref, false).value(), std::string("new"));
    QCOMPARE(bench.text("token"), QByteArray("new\n"));
    QCOMPARE(bench.others("token"), QFile::Permissions {});
    QVERIFY(bench.text("secrets.json").isEmpty());
    QCOMPARE(bench.store()->read(ref, false).value(), std::string("new"));
}

void TestSecretStore::aReplacedEntryIsRewritten()
{
    Bench bench;
    bench.keychain->entries["meta-token"] = "old";
    const auto store = bench.store();
    (void)store->readNow(keychainRef());
    bench.keychain->isSlow = true;
    QVERIFY(store->replace(keychainRef(), "new"));
    QCOMPARE(store->read(keychainRef(), false).value(), std::string("new")); // already
    bench.keychain->answer();
    QCOMPARE(bench.keychain->entries["meta-token"], std::string("new"));
    QCOMPARE(store->read(keychainRef(), false).value(), std::string("new"));
}

// Twice: the second one takes the place of the first, and both stand for what is configured.
void TestSecretStore::aReplacedVariableIsKeptInTheDirectoryAndUsedAfterARestart()
{
    Bench bench;
    qputenv(kVariable, "configured");
    {
        const auto store = bench.store();
        QVERIFY(store->replace(variableRef(), "first"));
        QVERIFY(store->replace(variableRef(), "second"));
        QCOMPARE(store->read(variableRef(), false).value(), std::string("second"));
    }
    QCOMPARE(bench.store()->read(variableRef(), false).value(), std::string("second"));
    QCOMPARE(bench.others("secrets.json"), QFile::Permissions {});
    QVERIFY(!bench.text("secrets.json").contains("configured"));
    qunsetenv(kVariable);
}

void TestSecretStore::aVariableThatSomebodySetAnewWins()
{
    Bench bench;
    qputenv(kVariable, "configured");
    QVERIFY(bench.store()->replace(variableRef(), "rotated"));
    qputenv(kVariable, "configured anew");
    const auto store = bench.store();
    QCOMPARE(store->read(variableRef(), false).value(), std::string("configured anew"));
    QVERIFY(store->replace(variableRef(), "rotated anew"));
    QVERIFY(!bench.text("secrets.json").contains("\"rotated\""));
    QCOMPARE(bench.store()->read(variableRef(), false).value(), std::string("rotated anew"));
    qunsetenv(kVariable);
}

void TestSecretStore::aKeychainThatTakesNothingLeavesItToTheDirectory()
{
    Bench bench;
    bench.keychain->entries["meta-token"] = "old";
    bench.keychain->isReadOnly = true;
    {
        const auto store = bench.store();
        (void)store->readNow(keychainRef());
        QVERIFY(store->replace(keychainRef(), "new"));
    }
    QCOMPARE(bench.store()->readNow(keychainRef()).value(), std::string("new"));
}

void TestSecretStore::withoutADirectoryAVariableCannotBeReplaced()
{
    const Bench bench;
    qputenv(kVariable, "configured");
    SecretStore store({ .keychain = bench.keychain });
    const Status replaced = store.replace(variableRef(), "rotated");
    QVERIFY(replaced.error().message.find(kVariable) != std::string::npos);
    QVERIFY(replaced.error().message.find("rotated") == std::string::npos);
    qunsetenv(kVariable);
}

void TestSecretStore::aDirectoryFileThatOthersMayReadIsNotUsed()
{
    Bench bench;
    qputenv(kVariable, "configured");
    QVERIFY(bench.store()->replace(variableRef(), "rotated"));
    QVERIFY(QFile::setPermissions(bench.folder.filePath(QStringLiteral("secrets.json")),
        QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    QTest::ignoreMessage(
        QtWarningMsg, QRegularExpression(QStringLiteral("replaced secrets of earlier runs")));
    QCOMPARE(bench.store()->read(variableRef(), false).value(), std::string("configured"));
    qunsetenv(kVariable);
}

void TestSecretStore::everySecretThatCannotBeReadIsNamed()
{
    Bench bench;
    bench.keychain->entries["control"] = "k";
    Config config;
    config.control.key = { SecretRef::Kind::Keychain, "control" };
    DestinationConfig meta;
    meta.name = "meta-main";
    meta.credentials["access_token"] = keychainRef();
    config.destinations = { meta };
    const auto store = bench.store();
    const auto problems = unreadableSecrets(config, *store);
    QCOMPARE(problems.size(), std::size_t { 1 });
    QVERIFY(problems.front().starts_with("destination[meta-main].credential.access_token: "));
}

SPILLWAY_TEST(TestSecretStore)

} // namespace tst_secret_store

#include "tst_secret_store.moc"
