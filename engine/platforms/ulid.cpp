#include "platforms/ulid.h"

#include <QtCore/QCryptographicHash>

#include <array>

namespace engine::platforms {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 26;

QByteArray digestOf(const UlidSource& source)
{
    constexpr char kSeparator = '\0'; // stands in no id and no name
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(
        QByteArrayView(source.eventId.data(), static_cast<qsizetype>(source.eventId.size())));
    hash.addData(QByteArrayView(&kSeparator, 1));
    hash.addData(
        QByteArrayView(source.eventName.data(), static_cast<qsizetype>(source.eventName.size())));
    return hash.result();
}

} // namespace

bool isUlid(std::string_view text)
{
    if (text.size() != kLength || text.front() < '0' || text.front() > '7')
        return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return kAlphabet.find(upper) != std::string_view::npos;
    });
}

std::string deriveUlid(const UlidSource& source)
{
    const std::int64_t millis
        = std::chrono::floor<Millis>(source.eventTime).time_since_epoch().count();
    auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(millis, 0));
    std::string text(kLength, '0');
    for (std::size_t i = 10; i-- > 0;) {
        text[i] = kAlphabet[time & 31U];
        time >>= 5U;
    }
    // Ten bytes in sixteen characters: five bits at a time, highest first.
    const QByteArray digest = digestOf(source);
    unsigned bits = 0;
    unsigned held = 0;
    std::size_t at = 10;
    for (qsizetype i = 0; i < 10; ++i) {
        held = (held << 8U) | static_cast<unsigned char>(digest[i]);
        for (bits += 8; bits >= 5; bits -= 5)
            text[at++] = kAlphabet[(held >> (bits - 5)) & 31U];
        held &= (1U << bits) - 1U;
    }
    return text;
}

} // namespace engine::platforms
