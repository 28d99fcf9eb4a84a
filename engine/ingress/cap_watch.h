// Tells when a workspace comes near its monthly cap, and when it is over it.
#pragma once

#include <engine/snapshot.h>

#include <map>
#include <span>
#include <string>
#include <vector>

namespace engine::ingress {

// Pure. One thread.
class CapWatch {
public:
    // What is new since the last look, in words: 80 % and 100 %, each once a UTC month (202611),
    // workspace and cap; of both at once the higher.
    [[nodiscard]] std::vector<std::string> look(
        std::span<const IngressSnapshot> workspaces, int month);

private:
    struct Told {
        int month { 0 };
        std::int64_t cap { 0 };
        int percent { 0 };
    };
    std::map<std::string, Told> m_told {};
};

} // namespace engine::ingress
