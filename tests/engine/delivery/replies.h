// What servers of a World answer, and what a reading says of it.
#pragma once

#include "world.h"

namespace engine::testing {

inline std::string payload(std::int64_t id) { return R"({"id":)" + std::to_string(id) + "}"; }

inline ServerReply reply(int status, std::string body = {}, HttpHeaders headers = {})
{
    ServerReply made;
    made.answer.status = status;
    made.answer.body = std::move(body);
    made.answer.headers = std::move(headers);
    return made;
}

// Empty: no hold at this gate.
inline std::string reasonOf(const delivery::ShardReading& reading, Hold::Gate gate)
{
    for (const Hold& hold : reading.holds) {
        if (hold.gate == gate)
            return hold.reason;
    }
    return {};
}

} // namespace engine::testing
