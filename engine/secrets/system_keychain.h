// Secret Service (GNOME Keyring, KeePassXC) or KWallet, through QtKeychain. Entries stand under the
// service "spillway".
#pragma once

#include "secrets/keychain.h"

#include <memory>

namespace engine::secrets {

// Needs an application object. Cheap until it is used first.
[[nodiscard]] std::shared_ptr<Keychain> makeSystemKeychain();

} // namespace engine::secrets
