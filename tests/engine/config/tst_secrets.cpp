#include "config/secrets.h"
#include "support/test_program.h"

#include <QFile>
#include <QTemporaryDir>

namespace tst_secrets {

using namespace engine;
using namespace engine::config;

class TestSecrets final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLiteralSecretIsRefusedWithAdviceAndNotRepeated();
    void theEnvironmentIsRead();
    void aFileThatOthersCanReadIsRefused();
    void theTrailingLineBreakIsNotPartOfTheSecret();
};

void TestSecrets::aLiteralSecretIsRefusedWithAdviceAndNotRepeated()
{
    const auto ref = parseSecretRef("EAAG-very-secret");
    QVERIFY(!ref.has_value());
    QVERIFY(ref.error().message.find("env:NAME") != std::string::npos);
    QVERIFY(ref.error().message.find("very-secret") == std::string::npos);
    QVERIFY(!parseSecretRef("env:").has_value());
}

void TestSecrets::theEnvironmentIsRead()
{
    qputenv("SPILLWAY_TEST_SECRET", "s3cret");
    QCOMPARE(readSecret({ SecretRef::Kind::Env, "SPILLWAY_TEST_SECRET" }).value(),
        std::string("s3cret"));
    const auto missing = readSecret({ SecretRef::Kind::Env, "SPILLWAY_TEST_NOT_SET" });
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
}

void TestSecrets::aFileThatOthersCanReadIsRefused()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("token")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("s3cret");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    const SecretRef ref { SecretRef::Kind::File, file.fileName().toStdString() };
    QVERIFY(readSecret(ref).error().message.find("chmod 600") != std::string::npos);
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(readSecret(ref).value(), std::string("s3cret"));
}

void TestSecrets::theTrailingLineBreakIsNotPartOfTheSecret()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("token")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("two words\r\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(readSecret({ SecretRef::Kind::File, file.fileName().toStdString() }).value(),
        std::string("two words"));
}

SPILLWAY_TEST(TestSecrets)

} // namespace tst_secrets

#include "tst_secrets.moc"
