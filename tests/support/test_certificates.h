// A private certificate authority that lives as long as one test.
#pragma once

#include <QTemporaryDir>

#include <memory>
#include <string>

namespace engine::testing {

struct CertificateFiles {
    std::string certificate {}; // PEM
    std::string key {};
};

class TestCertificates {
public:
    TestCertificates();
    ~TestCertificates();
    TestCertificates(const TestCertificates&) = delete;
    TestCertificates& operator=(const TestCertificates&) = delete;

    [[nodiscard]] std::string authorityFile() const;
    // Valid for an hour. `name` as in subjectAltName: "DNS:localhost", "IP:127.0.0.1".
    [[nodiscard]] CertificateFiles issue(const std::string& name);
    [[nodiscard]] CertificateFiles selfSigned(const std::string& name);

private:
    struct Authority;
    [[nodiscard]] CertificateFiles write(const std::string& name, bool isSelfSigned);

    QTemporaryDir m_directory;
    std::unique_ptr<Authority> m_authority;
    int m_count { 0 };
};

} // namespace engine::testing
