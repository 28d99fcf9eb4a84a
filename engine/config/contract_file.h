// resources/platforms/<platform>.toml: what is known of a platform. Compiled in; a directory of
// files with the same names may replace them.
#pragma once

#include "config/problem.h"
#include "core/config.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace engine::config {

struct PlatformSpec {
    std::string platform {};
    std::string title {};
    std::string endpoint {}; // empty: every destination must name its own
    std::string
        accountPattern {}; // anchored regular expression; empty: anything printable, and optional
    Priority priority { Priority::Normal };
    Contract contract {};
    int batchDefault { 1 };
    std::optional<double> rate {}; // requests per second below the limits, unless configured
    std::optional<double> importRate {};
    std::vector<std::string> credentials {}; // required
    // One of these sets is needed whole ("client_id client_secret refresh_token" or
    // "access_token").
    std::vector<std::vector<std::string>> credentialSets {};
    std::vector<std::string> optionalCredentials {};
    std::vector<std::string> options {};
    // Ways into the platform that differ in more than a name ([api.v1]): what such a table says
    // replaces what the file says above it. The key `api` of a destination chooses; empty: one way.
    // Their first is the default.
    std::vector<PlatformSpec> apis {};
    std::string api {}; // of an entry of `apis`: its name
};
// The platform as a destination with this `api` meets it; nullptr: the platform has no such one.
// An empty name is the default one.
[[nodiscard]] const PlatformSpec* specFor(const PlatformSpec& spec, std::string_view api);

using PlatformSpecs = std::map<std::string, PlatformSpec>;

[[nodiscard]] std::optional<PlatformSpec> readContractFile(
    std::string_view text, const std::string& file, Problems& problems);

// The ones compiled in; a broken one is a bug of ours and ends up in `problems`.
[[nodiscard]] PlatformSpecs builtInSpecs(Problems& problems);

} // namespace engine::config
