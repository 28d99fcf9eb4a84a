// The readable name under which equal failures group.
#pragma once

#include <string>
#include <string_view>

namespace engine {

// destination · HTTP status · code · message without its ids, numbers, e-mail addresses and URLs.
// Two failures with the same cause give the same text; at most 240 bytes.
[[nodiscard]] std::string makeFingerprint(
    std::string_view destination, int httpStatus, std::string_view code, std::string_view message);

// The message part alone: every run of digits becomes #, quoted values '…', e-mail addresses, URLs
// and hex ids their kind.
[[nodiscard]] std::string normalizeMessage(std::string_view message);

} // namespace engine
