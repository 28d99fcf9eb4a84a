// The JSON that producers get back.
#pragma once

#include "core/event.h"
#include "http/server.h"
#include "ingress/event_fields.h"

#include <cstddef>
#include <string>
#include <vector>

namespace engine::ingress {

struct ItemProblem {
    std::size_t index { 0 }; // in the body
    FieldProblem problem {};
};

// 202 {"accepted":n,"duplicates":m,"ids":[…]}: `ids` in the order of the body. With problems (only
// for ?partial=1) also "errors":[…], and null stands in `ids` where an item was refused.
struct AcceptedReply {
    std::vector<std::string> ids {}; // of the items that were accepted, in order
    std::vector<AcceptedItem> items {}; // what became of each of them
    std::vector<ItemProblem> problems {};
};
[[nodiscard]] http::ServerResponse acceptedReply(const AcceptedReply& reply);

// 422 {"error":{code "invalid_event",…},"errors":[{"index","field","reason"},…]}: nothing of the
// request was accepted. `error.field` is the first one, as "[3].event_time" in a list.
struct InvalidReply {
    std::size_t items { 0 }; // in the request
    bool isList { false };
    std::vector<ItemProblem> problems {}; // in order of index, not empty
};
[[nodiscard]] http::ServerResponse invalidReply(const InvalidReply& reply);

} // namespace engine::ingress
