// FNV-1a, 64 bits: the same in every run and build. Tells things apart; no defence against anybody.
#pragma once

#include <cstdint>
#include <string_view>

namespace engine::delivery {

inline constexpr std::uint64_t kStableHashStart = 14'695'981'039'346'656'037ULL;

// Continues `hash` with the text and an end mark, so that "a","bc" and "ab","c" differ.
[[nodiscard]] constexpr std::uint64_t stableHash(
    std::string_view text, std::uint64_t hash = kStableHashStart)
{
    constexpr std::uint64_t kPrime = 1'099'511'628'211ULL;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= kPrime;
    }
    hash ^= 0xff;
    return hash * kPrime;
}

} // namespace engine::delivery
