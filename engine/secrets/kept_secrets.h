// DIRECTORY/secrets.json: secrets that a platform gave in place of configured ones. The owner's
// alone, mode 0600. Blocking I/O; any thread.
#pragma once

#include <engine/result.h>

#include <map>
#include <string>

namespace engine::secrets {

struct KeptSecret {
    std::string insteadOf {}; // SHA-256 of the configured one, which is not kept here
    std::string value {};
    friend bool operator==(const KeptSecret&, const KeptSecret&) = default;
};
using KeptSecrets = std::map<std::string, KeptSecret>; // by reference, "env:NAME"

// Empty when there is no file. A file that others may read or that is none of ours is an error.
[[nodiscard]] Result<KeptSecrets> readKeptSecrets(const std::string& directory);
// Whole or not at all; no file when there is nothing to keep.
[[nodiscard]] Status writeKeptSecrets(const std::string& directory, const KeptSecrets& kept);

[[nodiscard]] std::string secretDigest(const std::string& value);

} // namespace engine::secrets
