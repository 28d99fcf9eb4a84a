#include "support/test_certificates.h"

#include <cstdio>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace engine::testing {
namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};
struct CloseFile {
    void operator()(FILE* file) const { std::fclose(file); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

// In a test's support a refusal of the library is a broken machine, not a result.
template <class T>
T checked(T value)
{
    if (!value)
        qFatal("OpenSSL refused to make a test certificate");
    return value;
}

Key makeKey()
{
    return Key { checked(EVP_EC_gen("P-256")) }; // some 100 times quicker to make than RSA
}

Certificate makeBlank(EVP_PKEY* key, const std::string& commonName, long serial)
{
    Certificate certificate { checked(X509_new()) };
    X509* const x = certificate.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3'600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8,
        reinterpret_cast<const unsigned char*>(commonName.c_str()), -1, -1, 0);
    checked(X509_set_pubkey(x, key));
    return certificate;
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension
        = checked(X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void save(const std::string& path, X509* certificate, EVP_PKEY* key)
{
    const std::unique_ptr<FILE, CloseFile> file { checked(std::fopen(path.c_str(), "w")) };
    if (certificate)
        checked(PEM_write_X509(file.get(), certificate));
    else
        checked(PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr));
}

} // namespace

struct TestCertificates::Authority {
    Key key {};
    Certificate certificate {};
};

TestCertificates::TestCertificates()
    : m_authority(std::make_unique<Authority>())
{
    m_authority->key = makeKey();
    m_authority->certificate = makeBlank(m_authority->key.get(), "Test authority", 1);
    X509* const x = m_authority->certificate.get();
    X509_set_issuer_name(x, X509_get_subject_name(x));
    extend(x, x, NID_basic_constraints, "critical,CA:TRUE");
    extend(x, x, NID_key_usage, "critical,keyCertSign");
    checked(X509_sign(x, m_authority->key.get(), EVP_sha256()));
    save(authorityFile(), x, nullptr);
}

TestCertificates::~TestCertificates() = default;

std::string TestCertificates::authorityFile() const
{
    return m_directory.filePath(QStringLiteral("authority.pem")).toStdString();
}

CertificateFiles TestCertificates::issue(const std::string& name) { return write(name, false); }

CertificateFiles TestCertificates::selfSigned(const std::string& name) { return write(name, true); }

CertificateFiles TestCertificates::write(const std::string& name, bool isSelfSigned)
{
    ++m_count;
    const Key key = makeKey();
    const Certificate certificate = makeBlank(key.get(), "Test server", 1 + m_count);
    X509* const x = certificate.get();
    X509* const issuer = isSelfSigned ? x : m_authority->certificate.get();
    X509_set_issuer_name(x, X509_get_subject_name(issuer));
    extend(x, issuer, NID_subject_alt_name, name);
    checked(X509_sign(x, isSelfSigned ? key.get() : m_authority->key.get(), EVP_sha256()));
    const auto base = m_directory.filePath(QString::number(m_count)).toStdString();
    save(base + ".crt", x, nullptr);
    save(base + ".key", nullptr, key.get());
    return { base + ".crt", base + ".key" };
}

} // namespace engine::testing
