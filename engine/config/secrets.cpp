#include "config/secrets.h"

#include <QFile>
#include <QFileInfo>
#include <QString>

namespace engine::config {
namespace {

constexpr qint64 kSecretBytesMax = 64 * 1024;

Result<std::string> readSecretFile(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    const QFileInfo info(file);
    if (!info.isFile())
        return fail(ErrorCode::NotFound, "the secret's file " + path + " does not exist");
    const QFile::Permissions others
        = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    if (info.permissions() & others)
        return fail(ErrorCode::BadRequest,
            "the secret's file " + path + " can be read by others; run: chmod 600 " + path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
            "the secret's file " + path + " cannot be read: " + file.errorString().toStdString());
    QByteArray bytes = file.read(kSecretBytesMax + 1);
    if (bytes.size() > kSecretBytesMax)
        return fail(ErrorCode::TooLarge, "the secret's file " + path + " is larger than 64 KiB");
    while (bytes.endsWith('\n') || bytes.endsWith('\r'))
        bytes.chop(1);
    if (bytes.isEmpty())
        return fail(ErrorCode::BadRequest, "the secret's file " + path + " is empty");
    return bytes.toStdString();
}

} // namespace

Result<SecretRef> parseSecretRef(std::string_view text)
{
    const auto rest = [text](std::size_t prefix) { return std::string(text.substr(prefix)); };
    SecretRef ref;
    if (text.starts_with("env:"))
        ref = { SecretRef::Kind::Env, rest(4) };
    else if (text.starts_with("file:"))
        ref = { SecretRef::Kind::File, rest(5) };
    else if (text.starts_with("keychain:"))
        return fail(
            ErrorCode::Unsupported, "keychain: is not in this version; use env:NAME or file:PATH");
    else
        return fail(ErrorCode::BadRequest,
            "expected a reference to a secret, env:NAME or file:PATH. A secret itself never stands "
            "in this file: put it "
            "into an environment variable, or into a file that only you can read (chmod 600)");
    if (ref.name.empty())
        return fail(ErrorCode::BadRequest, "the reference names nothing behind the colon");
    return ref;
}

Result<std::string> readSecret(const SecretRef& ref)
{
    switch (ref.kind) {
    case SecretRef::Kind::None:
        return fail(ErrorCode::NotFound, "no secret is configured");
    case SecretRef::Kind::Env: {
        const QByteArray value = qgetenv(ref.name.c_str());
        if (value.isEmpty())
            return fail(
                ErrorCode::NotFound, "the environment variable " + ref.name + " is not set");
        return value.toStdString();
    }
    case SecretRef::Kind::File:
        return readSecretFile(ref.name);
    case SecretRef::Kind::Keychain:
        return fail(
            ErrorCode::Unsupported, "keychain: is not in this version; use env:NAME or file:PATH");
    }
    return fail(ErrorCode::Internal, "unknown kind of secret");
}

} // namespace engine::config
