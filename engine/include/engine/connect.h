// Adds a destination to a configuration file, or makes the first file: planned, looked at, then
// written whole or not at all. No secret passes through: credentials are references.
#pragma once

#include <engine/check.h>
#include <engine/result.h>
#include <engine/time.h>

#include <map>
#include <string>
#include <vector>

namespace engine {

// One way into a platform.
struct PlatformInfo {
    std::string name {}; // "meta"
    std::string api {}; // "data_manager"; empty: the platform's first or only way in
    std::string title {}; // "Meta Conversions API"
    bool needsEndpoint { false };
    bool needsEventNames { false }; // it has no names of its own: what has none here is not routed
    std::string accountPattern {}; // a regular expression; empty: anything, and optional
    // One of these is needed whole; at least one, which may be empty.
    std::vector<std::vector<std::string>> credentialSets {};
    std::vector<std::string> options {}; // further settings that it knows
};
// Every way into a platform that this build can deliver by, by title.
[[nodiscard]] std::vector<PlatformInfo> knownPlatforms();

struct ConnectDraft {
    std::string platform {};
    std::string api {}; // empty: the first one
    std::string name {}; // of the destination
    std::string account {};
    std::string endpoint {}; // empty: the platform's own
    std::map<std::string, std::string> credentials {}; // "env:NAME", "file:PATH", "keychain:NAME"
    std::map<std::string, std::string> eventNames {}; // ours → the platform's
    std::string more {}; // lines of the file as they are
    // Only for a new file:
    std::string controlKey { "env:SPILLWAY_CONTROL_KEY" };
    std::string writeKey { "env:SPILLWAY_KEY" };
};

struct ConnectPlan {
    std::string path {};
    bool isNewFile { false };
    std::string before {}; // of the file, as it was read; a change since then refuses the write
    std::string added {}; // what comes to it; in a new file everything
    CheckReport report {}; // of the whole, as it would be
};

// Reads the file and checks what it would become. The new destination starts paused; a new file is
// a live profile at safety level Guarded. Blocking I/O; any thread.
[[nodiscard]] Result<ConnectPlan> planConnection(
    const std::string& path, const ConnectDraft& draft);
// Whole or not at all, for its owner's eyes; Conflict when the file is not as it was read.
[[nodiscard]] Status writeConnection(const ConnectPlan& plan);
// One invented event, in the form that the platform looks at and does not count. Blocks as
// checkLive() does; the plan is written nowhere but to a file of its owner's that is gone after.
[[nodiscard]] Result<LiveCheckReport> tryConnection(
    const ConnectPlan& plan, const ConnectDraft& draft, WallTime now);

} // namespace engine
