// What the commands share that stay until somebody ends them.
#pragma once

#include "arguments.h"

#include <engine/result.h>

namespace app {

// A timer counts milliseconds in 31 bits: 24.8 days.
inline constexpr qint64 kLongestMs = 20LL * 24 * 3'600'000;

// Prints why it did not start; a refused configuration is the caller's fault, not the program's.
[[nodiscard]] ExitCode startFault(const engine::Error& error);
// --for TIME, when it is given. `problem`: it is no duration, or too long.
void quitAfter(const Arguments& arguments, QString& problem);

} // namespace app
