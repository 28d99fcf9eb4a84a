// What both transports refuse before a byte leaves, and what both add.
#pragma once

#include "core/http_types.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace engine::delivery {

// All headers of one answer together. A platform's run to 2 KiB; libcurl itself takes 300 KB.
inline constexpr std::int64_t kAnswerHeaderBytesMax = 65'536;

// Why this request cannot be put on the wire as it stands, for the log; nothing when it can.
// A line break in a header would let a value from an event add headers or a second request.
[[nodiscard]] std::optional<std::string> whyUnsendable(const HttpRequest& request);

[[nodiscard]] bool hasHeader(const HttpHeaders& headers, std::string_view name);
[[nodiscard]] bool isSameName(std::string_view a, std::string_view b); // header names have no case

// Sent when the request names no User-Agent: some platforms refuse an empty one.
[[nodiscard]] std::string defaultUserAgent();

// Timeouts of zero or less mean "at once", never "none".
[[nodiscard]] Millis atLeastOneMilli(Millis timeout);

[[nodiscard]] Micros elapsedSince(SteadyTime start);

[[nodiscard]] TransportFailure refusal(std::string why);

} // namespace engine::delivery
