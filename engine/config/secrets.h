// Secrets are references in the configuration and values only in memory.
#pragma once

#include "core/config.h"

#include <engine/result.h>

#include <string>
#include <string_view>

namespace engine::config {

// "env:NAME", "file:PATH" or "keychain:NAME". A literal secret is refused with advice, and its text
// is not repeated in the message.
[[nodiscard]] Result<SecretRef> parseSecretRef(std::string_view text);

// What every keychain takes as the name of an entry, and nobody has to quote.
[[nodiscard]] bool isEntryName(std::string_view name);
inline constexpr const char* kEntryNameRule
    = "expected 1 to 64 letters, digits, dots, dashes or underscores";

// Reads the value now: the environment, or a file. The keychain is another room's
// (secrets/secret_store.h). Any thread; does I/O for files.
[[nodiscard]] Result<std::string> readSecret(const SecretRef& ref);

// A file of at most 64 KiB that only its owner may read (mode 0600 or stricter); the line break at
// its end is not part of the secret.
[[nodiscard]] Result<std::string> readSecretFile(const std::string& path);
// In place of what stands there, whole or not at all, mode 0600. A file that belongs to another
// user stays as it is: the new one would be ours.
[[nodiscard]] Status writeSecretFile(const std::string& path, const std::string& value);

} // namespace engine::config
