// The configuration file → Config. Pure but for reading the file; any thread.
#pragma once

#include "config/contract_file.h"
#include "config/problem.h"
#include "core/config.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine::config {

struct Loaded {
    std::shared_ptr<const Config> config {}; // null when refused
    std::vector<Problem> problems {}; // errors when refused; warnings in any case
};

// `file` is for messages and Config::path. Refused whole on any error: unknown keys, wrong types,
// impossible values.
[[nodiscard]] Loaded parseConfig(
    std::string_view text, const std::string& file, const PlatformSpecs& specs);
// At most 4 MiB; a file that cannot be read is a problem too.
[[nodiscard]] Loaded loadConfig(const std::string& file, const PlatformSpecs& specs);

// The effective contract of every destination in plain text, for `spillway check`.
[[nodiscard]] std::string describe(const Config& config);

// Every secret that the configuration names, and where it does.
struct NamedSecret {
    std::string where {}; // "destination[meta-main].credential.access_token"
    SecretRef ref {};
};
[[nodiscard]] std::vector<NamedSecret> namedSecrets(const Config& config);

} // namespace engine::config
