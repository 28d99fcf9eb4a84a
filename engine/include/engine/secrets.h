// Secrets in the operating system's keychain, where `keychain:NAME` of a configuration finds them.
#pragma once

#include <engine/result.h>

#include <string>

namespace engine {

// All need an application object, and wait for the keychain, which may ask its owner for a
// password, at most twenty seconds; any thread. BadRequest: no such name can be. No value is
// logged.
[[nodiscard]] Status keepInKeychain(const std::string& name, const std::string& value);
[[nodiscard]] Status removeFromKeychain(const std::string& name);
// NotFound: there is none.
[[nodiscard]] Result<std::string> readFromKeychain(const std::string& name);

} // namespace engine
