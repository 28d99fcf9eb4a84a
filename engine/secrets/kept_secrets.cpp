#include "secrets/kept_secrets.h"

#include "config/secrets.h"
#include "core/json.h"

#include <QCryptographicHash>
#include <QFile>

namespace engine::secrets {
namespace {

std::string pathIn(const std::string& directory) { return directory + "/secrets.json"; }

std::string textOf(const Json& object, std::string_view key)
{
    const Json* const value = object.find(key);
    return value != nullptr && value->isString() ? value->text() : std::string {};
}

} // namespace

Result<KeptSecrets> readKeptSecrets(const std::string& directory)
{
    const std::string path = pathIn(directory);
    if (!QFile::exists(QString::fromStdString(path)))
        return KeptSecrets {};
    const auto text = config::readSecretFile(path);
    if (!text)
        return tl::unexpected(text.error());
    const auto json = parseJson(*text);
    if (!json || !json->isObject())
        return fail(ErrorCode::BadRequest, path + " is not what Spillway wrote");
    KeptSecrets kept;
    for (const auto& [reference, entry] : json->members()) {
        KeptSecret one { .insteadOf = textOf(entry, "instead_of"),
            .value = textOf(entry, "value") };
        if (!one.value.empty())
            kept.emplace(reference, std::move(one));
    }
    return kept;
}

Status writeKeptSecrets(const std::string& directory, const KeptSecrets& kept)
{
    const std::string path = pathIn(directory);
    if (kept.empty()) {
        (void)QFile::remove(QString::fromStdString(path));
        return {};
    }
    Json json = Json::object();
    for (const auto& [reference, one] : kept) {
        json.set(reference,
            Json::object({ { "instead_of", Json::string(one.insteadOf) },
                { "value", Json::string(one.value) } }));
    }
    return config::writeSecretFile(path, json.dump());
}

std::string secretDigest(const std::string& value)
{
    return QCryptographicHash::hash(
        QByteArrayView(value.data(), static_cast<qsizetype>(value.size())),
        QCryptographicHash::Sha256)
        .toHex()
        .toStdString();
}

} // namespace engine::secrets
