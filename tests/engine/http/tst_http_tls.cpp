#include "http/server.h"
#include "support/test_program.h"

#include <QSslSocket>
#include <QTemporaryDir>

#include <cstdio>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace tst_http_tls {

using namespace engine;
using namespace engine::http;

namespace {

struct File {
    explicit File(const QString& path)
        : handle(std::fopen(path.toUtf8().constData(), "wb"))
    {
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { std::fclose(handle); }
    std::FILE* handle;
};

// A fresh key and a certificate that it signs itself.
void writeCertificate(const QString& certificatePath, const QString& keyPath)
{
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto* text = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    const File certificateFile(certificatePath);
    PEM_write_X509(certificateFile.handle, certificate);
    const File keyFile(keyPath);
    PEM_write_PrivateKey(keyFile.handle, key, nullptr, nullptr, 0, nullptr, nullptr);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

} // namespace

class TestHttpTls final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestsTravelOverTls();
    void aCertificateThatCannotBeReadIsAnErrorThatNamesIt();
};

void TestHttpTls::requestsTravelOverTls()
{
    const QTemporaryDir directory;
    const QString certificate = directory.filePath(QStringLiteral("c.pem"));
    const QString key = directory.filePath(QStringLiteral("k.pem"));
    writeCertificate(certificate, key);
    ServerOptions options;
    options.name = "tls";
    options.tlsCertificate = certificate.toStdString();
    options.tlsKey = key.toStdString();
    Server server(std::move(options), [](ServerRequest request, const Respond& respond) {
        ServerResponse response;
        response.body = "got " + request.body;
        respond(std::move(response));
    });
    QVERIFY(server.start().has_value());

    QSslSocket client;
    client.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), server.port());
    QVERIFY2(client.waitForEncrypted(), qPrintable(client.errorString()));
    QByteArray in;
    for (const char* connection : { "keep-alive", "close" }) {
        client.write(QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: ")
            + connection + "\r\n\r\nhi");
        in.clear();
        while (!in.endsWith("got hi") && client.waitForReadyRead(10'000))
            in += client.readAll();
        QVERIFY(in.startsWith("HTTP/1.1 200 OK\r\n"));
        QVERIFY(in.endsWith("got hi"));
    }
    client.abort();
}

void TestHttpTls::aCertificateThatCannotBeReadIsAnErrorThatNamesIt()
{
    ServerOptions options;
    options.tlsCertificate = "/nowhere/c.pem";
    options.tlsKey = "/nowhere/k.pem";
    Server server(std::move(options), [](ServerRequest, const Respond&) {});
    const auto status = server.start();
    QVERIFY(!status.has_value());
    QCOMPARE(status.error().code, ErrorCode::Tls);
    QCOMPARE(status.error().field, std::string("/nowhere/c.pem"));
}

SPILLWAY_TEST(TestHttpTls)

} // namespace tst_http_tls

#include "tst_http_tls.moc"
