// Secrets are references in the configuration and values only in memory.
#pragma once

#include "core/config.h"

#include <engine/result.h>

#include <string>
#include <string_view>

namespace engine::config {

// "env:NAME" or "file:PATH". A literal secret is refused with advice, and its text is not repeated
// in the message.
[[nodiscard]] Result<SecretRef> parseSecretRef(std::string_view text);

// Reads the value now: the environment, or a file of at most 64 KiB that only its owner may read
// (mode 0600 or stricter), whose trailing line break is not part of the secret. Any thread; does
// I/O for files.
[[nodiscard]] Result<std::string> readSecret(const SecretRef& ref);

} // namespace engine::config
