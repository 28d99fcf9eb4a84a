#include "config/config_file.h"
#include "secrets/secret_store.h"
#include "secrets/system_keychain.h"

#include <engine/check.h>

namespace engine {

CheckReport checkConfiguration(const std::string& path, Millis keychainWait)
{
    CheckReport report;
    config::Problems builtIn("built-in contracts");
    const config::PlatformSpecs specs = config::builtInSpecs(builtIn);
    config::Loaded loaded = config::loadConfig(path, specs);
    loaded.problems.insert(loaded.problems.begin(), builtIn.all().begin(), builtIn.all().end());
    for (const config::Problem& problem : loaded.problems) {
        report.findings.push_back({ problem.file, problem.line, problem.column, problem.key,
            problem.message, problem.isWarning, toString(problem) });
    }
    report.isValid = loaded.config != nullptr && !builtIn.hasErrors();
    if (report.isValid) {
        report.effective = config::describe(*loaded.config);
        secrets::SecretStore store({ .keychain = secrets::makeSystemKeychain() });
        report.unreadableSecrets = secrets::unreadableSecrets(*loaded.config, store, keychainWait);
    }
    return report;
}

} // namespace engine
