// Where a number that bounds delivery comes from, and so how sure it is. From the contract file to
// the inspector.
#pragma once

#include <cstdint>

namespace engine {

enum class CeilingSource : std::uint8_t {
    Unknown,
    Documented, // "doc" in a contract file: the platform's own documentation
    Integrations, // "code": public integrations that run in production
    Operator, // "operator": the operations view this product starts from; no promise of the
              // platform
    Advice, // "advice": our own choice, where nobody publishes a number
    Unverified, // "unverified": general knowledge, to be tried on a live account
    Configured, // the operator's own file
    Learned, // from throttling, in this run
    Header, // the platform's answers
};
[[nodiscard]] const char* toString(CeilingSource source);

} // namespace engine
