// Identifiers as platforms want to see them: normalised, then hashed, and never hashed twice.
// Pure functions over UTF-8 text; any thread. Rules: platforms.md 0.2 and 0.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace engine::platforms {

// Lowercase hex, 64 characters, no salt.
[[nodiscard]] std::string sha256Hex(std::string_view text);
[[nodiscard]] std::string md5Hex(std::string_view text); // lowercase hex, 32 characters
[[nodiscard]] std::string hmacSha256(std::string_view key, std::string_view text); // 32 raw bytes
[[nodiscard]] std::string hmacSha1(std::string_view key, std::string_view text); // 20 raw bytes
[[nodiscard]] std::string toBase64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> fromBase64(
    std::string_view text); // strict: no white space

// 64 hex digits. Senders that hash themselves write either case; a platform reads only lower case.
[[nodiscard]] bool isSha256Hex(std::string_view text);
[[nodiscard]] bool isMd5Hex(std::string_view text);

// The form that goes into the hash. Nothing: the value can not be what its field says it is.
using Normalizer = std::optional<std::string> (*)(std::string_view value);

[[nodiscard]] std::optional<std::string> normalizeEmail(std::string_view value);
// 15551234567. Nothing for a number without its country: whose it is nobody can tell.
[[nodiscard]] std::optional<std::string> normalizePhoneDigits(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizePhonePlus(std::string_view value); // +15551234567
[[nodiscard]] std::optional<std::string> normalizeName(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizeCity(std::string_view value);
// "California" and "CA" are "ca"; states outside the USA keep their names.
[[nodiscard]] std::optional<std::string> normalizeState(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizeZip(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizeCountry(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizeGender(std::string_view value);
[[nodiscard]] std::optional<std::string> normalizeBirthDate(std::string_view value); // YYYYMMDD
[[nodiscard]] std::optional<std::string> normalizeExternalId(std::string_view value); // trimmed
// Google takes the dots out of the local part for its own mail domains.
[[nodiscard]] std::optional<std::string> normalizeEmailGoogle(std::string_view value);

// A value that is a hash already comes back as it is, in lower case; any other is normalised and
// hashed. Nothing when the normaliser refuses it.
[[nodiscard]] std::optional<std::string> hashedOnce(std::string_view value, Normalizer normalize);

[[nodiscard]] std::string_view trimmed(std::string_view value);
[[nodiscard]] std::string toLowerAscii(std::string_view value);
[[nodiscard]] std::string toUpperAscii(std::string_view value);

} // namespace engine::platforms
