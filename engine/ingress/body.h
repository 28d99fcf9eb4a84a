// A request body → the events in it, each as the bytes it had.
#pragma once

#include "core/json.h"

#include <engine/result.h>

#include <string_view>
#include <vector>

namespace engine::ingress {

// The media type decides, never a guess from the bytes: "application/json" (also when none is
// given) is one object or an array of them, "application/x-ndjson" (also "application/ndjson",
// "application/jsonl") one object a line. Charset, if any, UTF-8.
enum class BodyForm { Json, Lines };
[[nodiscard]] Result<BodyForm> bodyFormOf(std::string_view contentType); // Unsupported

struct BodyItem {
    std::string_view text {}; // a slice of the body
    Json json {};
    std::string problem {}; // of a line that is no JSON; `json` is null then
};
struct Body {
    std::vector<BodyItem> items {};
    bool isList { false }; // array or lines: fields are named "[3].event_time"
};

// A document that is not valid JSON is refused whole (BadRequest, with the byte); of lines, each by
// itself. No items: BadRequest; more than `itemsMax`: TooLarge. Bounds: 32 levels in an event,
// 200,000 values in a document and 10,000 in a line.
[[nodiscard]] Result<Body> readBody(std::string_view body, BodyForm form, std::size_t itemsMax);

} // namespace engine::ingress
