#include "ingress/event_id.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <array>

namespace engine::ingress {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

std::string toText(Bytes bytes, unsigned version)
{
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | (version << 4U));
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += kHex[bytes.at(i) >> 4U];
        text += kHex[bytes.at(i) & 0x0FU];
    }
    return text;
}

void put(Bytes& bytes, std::size_t from, std::size_t count, std::uint64_t value)
{
    for (std::size_t i = 0; i < count; ++i)
        bytes.at(from + i) = static_cast<std::uint8_t>(value >> (8U * (count - 1 - i)));
}

} // namespace

RandomBits systemRandom()
{
    return [] { return QRandomGenerator::system()->generate64(); };
}

std::string makeUuid7(WallTime now, const RandomBits& random)
{
    Bytes bytes {};
    const auto millis = std::chrono::floor<Millis>(now.time_since_epoch()).count();
    put(bytes, 0, 6, static_cast<std::uint64_t>(millis));
    put(bytes, 6, 2, random());
    put(bytes, 8, 8, random());
    return toText(bytes, 7);
}

std::string deriveUuid(const DerivedId& from)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&hash](std::string_view text) {
        // The length goes first, so that no two different triples give one text.
        const std::string length = std::to_string(text.size()) + ':';
        hash.addData(QByteArrayView(length.data(), static_cast<qsizetype>(length.size())));
        hash.addData(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())));
    };
    add(from.workspace);
    add(from.idempotencyKey);
    add(std::to_string(from.index));
    const QByteArray digest = hash.result();
    Bytes bytes {};
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.at(i) = static_cast<std::uint8_t>(digest.at(static_cast<qsizetype>(i)));
    return toText(bytes, 8);
}

} // namespace engine::ingress
