// What is wrong with an Outbrain conversion (platforms.md 11). Written from the platform's side,
// apart from the adapter: the two check each other. Pure; any thread.
#pragma once

#include "core/http_types.h"

#include <string>

namespace engine::simulator {

struct OutbrainCheck {
    bool isReadable { true }; // false: answered with 400
    std::string fault {}; // in words; empty: none
};
[[nodiscard]] OutbrainCheck checkOutbrain(const HttpHeaders& parameters);

} // namespace engine::simulator
