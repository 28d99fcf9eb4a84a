#include "config/secrets.h"

#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QString>

#include <unistd.h>

namespace engine::config {
namespace {

constexpr qint64 kSecretBytesMax = 65'536;

} // namespace

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

Status writeSecretFile(const std::string& path, const std::string& value)
{
    const QString name = QString::fromStdString(path);
    const QFileInfo info(name);
    if (info.exists() && info.ownerId() != ::geteuid())
        return fail(ErrorCode::Io, "the file " + path + " belongs to another user");
    QSaveFile file(name);
    const std::string line = value + '\n';
    const bool isWritten = file.open(QIODevice::WriteOnly)
        && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(line.data(), static_cast<qint64>(line.size()))
            == static_cast<qint64>(line.size())
        && file.commit();
    if (!isWritten)
        return fail(ErrorCode::Io,
            "the file " + path + " cannot be written: " + file.errorString().toStdString());
    return {};
}

bool isEntryName(std::string_view name)
{
    constexpr std::string_view kAllowed
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return !name.empty() && name.size() <= 64
        && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

Result<SecretRef> parseSecretRef(std::string_view text)
{
    const auto rest = [text](std::size_t prefix) { return std::string(text.substr(prefix)); };
    SecretRef ref;
    if (text.starts_with("env:"))
        ref = { SecretRef::Kind::Env, rest(4) };
    else if (text.starts_with("file:"))
        ref = { SecretRef::Kind::File, rest(5) };
    else if (text.starts_with("keychain:"))
        ref = { SecretRef::Kind::Keychain, rest(9) };
    else
        return fail(ErrorCode::BadRequest,
            "expected a reference to a secret, env:NAME, file:PATH or keychain:NAME. A secret "
            "itself never stands in this file: put it into the keychain (spillway secret set "
            "NAME), an environment variable, or a file that only you can read (chmod 600)");
    if (ref.name.empty())
        return fail(ErrorCode::BadRequest, "the reference names nothing behind the colon");
    if (ref.kind == SecretRef::Kind::Keychain && !isEntryName(ref.name))
        return fail(ErrorCode::BadRequest, std::string("behind keychain: ") + kEntryNameRule);
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
        return fail(ErrorCode::Unsupported, "the keychain is not read here");
    }
    return fail(ErrorCode::Internal, "unknown kind of secret");
}

} // namespace engine::config
