// `spillway check FILE`: everything that can be said about a configuration without starting it, and
// `--live`: what a platform says to one event in its test form.
#pragma once

#include <engine/result.h>
#include <engine/time.h>

#include <string>
#include <vector>

namespace engine {

struct CheckFinding {
    std::string file {};
    int line { 0 }; // 1…; 0: the whole file
    int column { 0 };
    std::string key {};
    std::string message {};
    bool isWarning { false };
    std::string text {}; // all of it in one line, as compilers write it
};
struct CheckReport {
    bool isValid { false };
    std::vector<CheckFinding> findings {};
    std::vector<std::string>
        unreadableSecrets {}; // would hold their destinations, or refuse every sender
    std::string effective {}; // the contracts as they would be in force; empty when not valid
};

// Reads the file and the secrets that it names. Blocking I/O, and waits for a keychain at most so
// long; any thread.
[[nodiscard]] CheckReport checkConfiguration(
    const std::string& path, Millis keychainWait = Millis { 20'000 });

struct LiveCheckReport {
    enum class Verdict : std::uint8_t {
        Accepted,
        Refused, // by the platform
        NoAnswer,
        NotPossible, // nothing was sent: no such form, or something is missing here
    };
    Verdict verdict { Verdict::NotPossible };
    std::vector<std::string> lines {}; // what was sent, what came back, what to do; no secrets
};
// Sends one invented event that the platform looks at and does not count. Needs an application
// object; blocks on an event loop of its own, for the destination's timeout at most twice. Fails
// when the file, the destination or the account cannot be used.
[[nodiscard]] Result<LiveCheckReport> checkLive(const std::string& path,
    const std::string& destination, const std::string& account, WallTime now);

} // namespace engine
