// The shape of the canonical event: which known field holds what. Unknown fields are free.
#pragma once

#include "core/json.h"

#include <string>
#include <vector>

namespace engine::ingress {

struct FieldProblem {
    std::string field {}; // path in the event: "items[2].price"; empty: the event as a whole
    std::string reason {}; // continues the field's name: "must be a string"
};

// Checks every known field that is there; null counts as absent. Says at most `problemsMax`. Not
// event_id, event_name, event_time and type: those the reader reads.
void checkFields(const Json& event, std::size_t problemsMax, std::vector<FieldProblem>& problems);

} // namespace engine::ingress
