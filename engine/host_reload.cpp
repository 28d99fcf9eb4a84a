// A changed configuration: what refuses it, and how it is put in force.
#include "host.h"
#include "store/upkeep.h"

#include <QLoggingCategory>

#include <numeric>

namespace engine {
namespace {

Q_LOGGING_CATEGORY(lcReload, "engine.reload")

// Nobody is asked for a password by a reload; what the keychain says later is used then.
constexpr Millis kReloadSecretsWait { 1'000 };

// For answers, the audit and the console's bar.
std::string inOneLine(const std::vector<config::Problem>& problems)
{
    std::string text;
    for (const config::Problem& problem : problems)
        text += (text.empty() ? "" : "; ") + toString(problem);
    return text;
}

std::vector<SecretRef> refsOf(const Config& config)
{
    std::vector<SecretRef> refs;
    for (config::NamedSecret& named : config::namedSecrets(config))
        refs.push_back(std::move(named.ref));
    return refs;
}

} // namespace

Status Host::checkReload(const Config& next)
{
    m_secrets->fetch(refsOf(next), kReloadSecretsWait);
    // A control API without a key would answer nobody, not even the next reload.
    if (const auto key = m_secrets->read(next.control.key, false); !key)
        return fail(ErrorCode::BadRequest, "control.key: " + key.error().message, "control.key");
    return checkPlatforms(next);
}

// What was accepted for one platform must not go to another under the same name.
Status Host::checkPlatforms(const Config& next) const
{
    const auto counters = m_store->counters();
    for (const DestinationConfig& destination : next.destinations) {
        const auto before = m_platforms.find(destination.name);
        if (before == m_platforms.end() || before->second == destination.platform)
            continue;
        for (const auto& shard : counters.shards) {
            const auto waiting
                = std::accumulate(shard.waiting.begin(), shard.waiting.end(), std::int64_t { 0 });
            if (shard.id.destination == destination.name && waiting > 0)
                return fail(ErrorCode::Conflict,
                    "destination " + destination.name + " may not change its platform from "
                        + before->second + " to " + destination.platform + " while "
                        + std::to_string(waiting)
                        + " deliveries wait for it; give the new one another name");
        }
    }
    return {};
}

// A store that refuses it now is asked again at the next start or reload.
void Host::keepPlatforms()
{
    for (const DestinationConfig& destination : m_config->destinations)
        m_platforms[destination.name] = destination.platform;
    m_store->write(
        [config = m_config](store::WriteTransaction& transaction) -> Status {
            for (const DestinationConfig& destination : config->destinations) {
                if (Status done
                    = store::keepPlatform(transaction, destination.name, destination.platform);
                    !done)
                    return done;
            }
            return {};
        },
        [](const Status&) {}, std::ssize(m_config->destinations));
}

// Before anything else of a new configuration is in force: an address that cannot be had refuses it
// whole.
Status Host::movePorts(const Config& next)
{
    if (Status moved = m_control->move(next.control); !moved)
        return fail(
            moved.error().code, "control.listen: " + moved.error().message, "control.listen");
    Status moved = m_ingress->move(next.ingress);
    if (moved)
        return {};
    if (const Status back = m_control->move(m_config->control); !back)
        qCWarning(lcReload, "control: %s", back.error().message.c_str());
    return fail(moved.error().code, "ingress: " + moved.error().message, "ingress");
}

Status Host::reload()
{
    if (m_options.configPath.empty())
        return fail(ErrorCode::Unsupported, "the simulator has no configuration file");
    const config::Loaded loaded = config::loadConfig(m_options.configPath, m_specs);
    Status checked = loaded.config
        ? checkReload(*loaded.config)
        : fail(ErrorCode::BadRequest, inOneLine(loaded.problems), m_options.configPath);
    if (checked)
        checked = movePorts(*loaded.config);
    if (!checked) {
        m_configProblem = checked.error().message;
        if (loaded.config)
            qCWarning(lcReload, "%s", m_configProblem.c_str());
        else
            for (const config::Problem& problem : loaded.problems)
                qCWarning(lcReload, "%s", toString(problem).c_str());
        qCWarning(lcReload, "the changed configuration was refused, the old one stays in force");
        return checked;
    }
    m_configProblem.clear();
    const std::shared_ptr<const Config> before = std::exchange(m_config, loaded.config);
    m_loop->applyConfig(m_config);
    m_desk->cutToCeilings();
    keepPlatforms();
    pauseNewDestinations(before.get());
    m_control->setKeys(controlKeys());
    for (const std::string& note : m_ingress->reload(m_config))
        qCWarning(lcReload, "%s", note.c_str());
    return {};
}

} // namespace engine
