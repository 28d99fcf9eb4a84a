// [[destination]] → DestinationConfig. Private to engine/config.
#pragma once

#include "config/contract_file.h"
#include "config/toml_table.h"
#include "core/config.h"

#include <map>
#include <string>

namespace engine::config {

[[nodiscard]] DestinationConfig readDestination(TomlTable& table, const PlatformSpecs& specs);
// "credential.NAME = …" of a destination or one of its accounts.
[[nodiscard]] std::map<std::string, SecretRef> readCredentials(
    TomlTable& table, const PlatformSpec& spec);
[[nodiscard]] std::optional<SecretRef> readSecretRef(TomlTable& table, std::string_view key);

} // namespace engine::config
