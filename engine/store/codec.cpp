#include "store/codec.h"

namespace engine::store {
namespace {

// Differences wrap around in unsigned arithmetic, so every pair of 64-bit values round-trips.
std::uint64_t zigzag(std::uint64_t difference)
{
    return (difference << 1U) ^ (0U - (difference >> 63U));
}

std::uint64_t unzigzag(std::uint64_t value) { return (value >> 1U) ^ (0U - (value & 1U)); }

void put(std::string& out, std::uint64_t value)
{
    while (value >= 0x80U) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(value | 0x80U)));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(static_cast<unsigned char>(value)));
}

std::optional<std::uint64_t> take(std::string_view& in)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64U; shift += 7U) {
        if (in.empty())
            return std::nullopt;
        const auto byte = static_cast<unsigned char>(in.front());
        in.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0)
            return value;
    }
    return std::nullopt;
}

} // namespace

std::int64_t hashOfId(std::string_view eventId)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : eventId) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    hash ^= hash >> 32U;
    hash *= 0xd6e8feb86659fd93ULL;
    hash ^= hash >> 32U;
    return static_cast<std::int64_t>(hash);
}

std::string encodeKeys(std::span<const DeliveryKey> keys)
{
    std::string out;
    std::uint64_t rank = 0;
    std::uint64_t seq = 0;
    for (const DeliveryKey& key : keys) {
        const auto keyRank = static_cast<std::uint64_t>(key.rank);
        const auto keySeq = static_cast<std::uint64_t>(toInt(key.seq));
        put(out, static_cast<std::uint64_t>(key.lane));
        put(out, zigzag(keyRank - rank));
        put(out, zigzag(keySeq - seq));
        rank = keyRank;
        seq = keySeq;
    }
    return out;
}

std::optional<std::vector<DeliveryKey>> decodeKeys(std::string_view bytes)
{
    std::vector<DeliveryKey> keys;
    std::uint64_t rank = 0;
    std::uint64_t seq = 0;
    while (!bytes.empty()) {
        const auto lane = take(bytes);
        const auto rankStep = take(bytes);
        const auto seqStep = take(bytes);
        if (!lane || *lane >= kLanes || !rankStep || !seqStep)
            return std::nullopt;
        rank += unzigzag(*rankStep);
        seq += unzigzag(*seqStep);
        keys.push_back({ static_cast<Lane>(*lane), static_cast<std::int64_t>(rank),
            EventSeq { static_cast<std::int64_t>(seq) } });
    }
    return keys;
}

} // namespace engine::store
