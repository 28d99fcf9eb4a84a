// `spillway check FILE`: everything that can be said about a configuration without starting it.
#pragma once

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

// Reads the file and the secrets that it names. Blocking I/O; any thread.
[[nodiscard]] CheckReport checkConfiguration(const std::string& path);

} // namespace engine
