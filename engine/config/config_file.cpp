#include "config/config_file.h"

#include "config/contract_parts.h"
#include "config/destination_reader.h"
#include "config/secrets.h"

#include <QFile>
#include <QString>

#include <array>
#include <charconv>
#include <cmath>
#include <set>

namespace engine::config {
namespace {

using namespace std::chrono_literals;

constexpr qint64 kFileBytesMax = 4'194'304;
constexpr auto kYears = std::chrono::hours { 24 * 3'660 };

struct Tier {
    std::string_view name {};
    double rate { 0 };
    std::int64_t burst { 0 };
    std::int64_t monthlyCap { 0 };
};
// Requirement A4. Enterprise: the least that the tier stands for; the contracted numbers are
// written in the file.
constexpr std::array<Tier, 4> kTiers { {
    { "starter", 25, 250, 2'000'000 },
    { "growth", 100, 1'000, 10'000'000 },
    { "scale", 500, 5'000, 100'000'000 },
    { "enterprise", 2'000, 20'000, 0 },
} };

std::optional<ListenAddress> parseListen(std::string_view text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0)
        return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return std::nullopt;
    const std::string_view port = text.substr(colon + 1);
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (error != std::errc {} || end != port.data() + port.size())
        return std::nullopt;
    return ListenAddress { std::string(host), number };
}

void readListen(TomlTable& table, ListenAddress& listen)
{
    const auto text = table.string("listen");
    if (!text)
        return;
    if (const auto parsed = parseListen(*text))
        listen = *parsed;
    else
        table.error("listen",
            "expected \"HOST:PORT\" such as \"127.0.0.1:8787\" or \"[::1]:8787\", found \"" + *text
                + '"');
}

void readLimitsOfServer(TomlTable& table, HttpLimits& limits)
{
    limits.bodyBytesMax
        = table.integer("body_bytes_max", 1'024, 256LL * 1024 * 1024).value_or(limits.bodyBytesMax);
    limits.headerBytesMax = static_cast<int>(
        table.integer("header_bytes_max", 1'024, 1'048'576).value_or(limits.headerBytesMax));
    limits.connectionsMax = static_cast<int>(
        table.integer("connections_max", 1, 60'000).value_or(limits.connectionsMax));
    limits.readTimeout = table.duration("read_timeout", 100ms, 10min).value_or(limits.readTimeout);
    limits.idleTimeout = table.duration("idle_timeout", 100ms, 1h).value_or(limits.idleTimeout);
}

void readIngress(TomlTable& root, IngressConfig& ingress)
{
    auto table = root.table("ingress");
    if (!table)
        return;
    readListen(*table, ingress.listen);
    readLimitsOfServer(*table, ingress.limits);
    ingress.itemsMax
        = static_cast<int>(table->integer("items_max", 1, 10'000).value_or(ingress.itemsMax));
    ingress.tlsCertificate = table->string("tls_certificate").value_or("");
    ingress.tlsKey = table->string("tls_key").value_or("");
    if (ingress.tlsCertificate.empty() != ingress.tlsKey.empty())
        table->error(
            "tls_key", "tls_certificate and tls_key belong together; one of them is missing");
    const bool isLoopback = ingress.listen.host == "localhost" || ingress.listen.host == "::1"
        || ingress.listen.host.starts_with("127.");
    if (!isLoopback && ingress.tlsKey.empty())
        table->warning("listen",
            "is open to other machines in clear text; set tls_certificate and tls_key, or put a "
            "TLS proxy in front");
    table->refuseUnknown();
}

void readControl(TomlTable& root, ControlConfig& control)
{
    auto table = root.table("control");
    if (!table)
        return;
    readListen(*table, control.listen);
    readLimitsOfServer(*table, control.limits);
    control.key = readSecretRef(*table, "key").value_or(SecretRef {});
    control.metricsKey = readSecretRef(*table, "metrics_key").value_or(SecretRef {});
    if (!control.key.isSet() && !table->has("key"))
        table->error("key",
            "missing: the control API is never open; for example key = "
            "\"env:SPILLWAY_CONTROL_KEY\"");
    table->refuseUnknown();
}

std::vector<SecretRef> readWriteKeys(TomlTable& table)
{
    std::vector<SecretRef> keys;
    const auto texts = table.strings("write_key");
    if (!texts) {
        if (!table.has("write_key"))
            table.error("write_key", "missing: for example \"env:SPILLWAY_KEY\"");
        return keys;
    }
    for (const std::string& text : *texts) {
        auto ref = parseSecretRef(text);
        if (ref)
            keys.push_back(std::move(*ref));
        else
            table.error("write_key", ref.error().message);
    }
    return keys;
}

WorkspaceConfig readWorkspace(TomlTable& table)
{
    WorkspaceConfig workspace;
    workspace.name = table.string("name").value_or("");
    if (workspace.name.empty() || workspace.name.size() > 64)
        table.error("name", "expected 1 to 64 bytes");
    else
        table.setPath("workspace[" + workspace.name + ']');
    workspace.writeKeys = readWriteKeys(table);
    workspace.tier
        = table.oneOf("tier", { "starter", "growth", "scale", "enterprise" }).value_or("growth");
    const auto* tier = std::find_if(
        kTiers.begin(), kTiers.end(), [&](const Tier& t) { return t.name == workspace.tier; });
    workspace.rate = table.number("rate", { .min = 0, .max = 1'000'000, .isMinAllowed = false })
                         .value_or(tier->rate);
    workspace.burst = table.integer("burst", 1, 1'000'000'000).value_or(tier->burst);
    workspace.monthlyCap
        = table.integer("monthly_cap", 0, 1'000'000'000'000).value_or(tier->monthlyCap);
    if (const auto policy = table.oneOf("over_limit", { "defer", "reject" }))
        workspace.overLimit = *policy == "reject" ? OverLimit::Reject : OverLimit::Defer;
    table.refuseUnknown();
    return workspace;
}

void readRetention(TomlTable& root, RetentionConfig& retention)
{
    auto table = root.table("retention");
    if (!table)
        return;
    const auto read = [&](std::string_view key, Seconds& value) {
        if (const auto duration = table->duration(key, 1min, kYears))
            value = std::chrono::floor<Seconds>(*duration);
    };
    read("events", retention.events);
    read("archived", retention.archived);
    read("audit", retention.audit);
    read("dedup", retention.dedup);
    retention.maxBytes
        = table->integer("max_bytes", 0, std::numeric_limits<std::int64_t>::max()).value_or(0);
    if (retention.dedup > retention.events)
        table->error("dedup",
            "may not be longer than events, which is \"" + toDurationText(retention.events)
                + "\": the ids go with the events");
    table->refuseUnknown();
}

std::optional<double> readThreshold(TomlTable& table, const ThresholdSpec& spec)
{
    switch (spec.unit) {
    case ThresholdUnit::Percent: {
        const auto percent
            = table.number(spec.key, { .min = spec.least * 100, .max = spec.most * 100 });
        return percent ? std::optional(*percent / 100) : std::nullopt;
    }
    case ThresholdUnit::PerMinute:
    case ThresholdUnit::Factor:
        return table.number(spec.key, { .min = spec.least, .max = spec.most });
    case ThresholdUnit::Count: {
        const auto count = table.integer(
            spec.key, static_cast<std::int64_t>(spec.least), static_cast<std::int64_t>(spec.most));
        return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
    }
    case ThresholdUnit::Duration: {
        const auto inMillis = [](double seconds) { return Millis { std::llround(seconds * 1e3) }; };
        const auto duration = table.duration(spec.key, inMillis(spec.least), inMillis(spec.most));
        return duration ? std::optional(static_cast<double>(duration->count()) / 1e3)
                        : std::nullopt;
    }
    }
    return std::nullopt;
}

void readThresholds(TomlTable& root, Thresholds& thresholds)
{
    auto table = root.table("thresholds");
    if (!table)
        return;
    for (const ThresholdSpec& spec : thresholdSpecs()) {
        if (const auto value = readThreshold(*table, spec))
            thresholds.set(spec.id, *value);
    }
    if (const auto conflict = conflictIn(thresholds)) {
        table->error(specOf(conflict->id).key,
            "may not be above " + std::string(specOf(conflict->against).key) + ", which is "
                + thresholdText(conflict->against, thresholds.at(conflict->against)));
    }
    table->refuseUnknown();
}

void readProfile(TomlTable& root, ProfileConfig& profile)
{
    auto table = root.table("profile");
    if (!table)
        return;
    profile.name = table->string("name").value_or(profile.name);
    if (const auto kind = table->oneOf("kind", { "live", "practice", "simulator" })) {
        profile.kind = *kind == "live" ? ProfileKind::Live
            : *kind == "simulator"     ? ProfileKind::Simulator
                                       : ProfileKind::Practice;
        profile.safety
            = profile.kind == ProfileKind::Live ? SafetyLevel::Guarded : SafetyLevel::Standard;
    }
    if (const auto safety
        = table->oneOf("safety", { "observe", "practice", "standard", "guarded" })) {
        profile.safety = *safety == "observe" ? SafetyLevel::Observe
            : *safety == "practice"           ? SafetyLevel::Practice
            : *safety == "guarded"            ? SafetyLevel::Guarded
                                              : SafetyLevel::Standard;
    }
    profile.isAboveCeilingAllowed
        = table->boolean("above_ceiling").value_or(profile.safety != SafetyLevel::Guarded);
    table->refuseUnknown();
}

void readSaleWindows(TomlTable& root, std::vector<SaleWindow>& windows)
{
    for (TomlTable& table : root.tables("sale_window")) {
        const auto from = table.time("from");
        const auto to = table.time("to");
        if (!table.has("from") || !table.has("to"))
            table.error("from", "a sale window needs from and to");
        if (from && to && *to <= *from)
            table.error("to", "must be later than from");
        table.refuseUnknown();
        windows.push_back({ from.value_or(WallTime {}), to.value_or(WallTime {}) });
    }
}

void readDestinations(TomlTable& root, const PlatformSpecs& specs, Config& config)
{
    std::set<std::string> workspaces;
    for (const WorkspaceConfig& workspace : config.workspaces)
        workspaces.insert(workspace.name);
    std::set<std::string> names;
    for (TomlTable& table : root.tables("destination")) {
        DestinationConfig destination = readDestination(table, specs);
        if (!names.insert(destination.name).second)
            table.error("name", "another destination has this name");
        for (const std::string& workspace : destination.workspaces) {
            if (!workspaces.contains(workspace))
                table.error("workspaces", "there is no [[workspace]] named \"" + workspace + '"');
        }
        config.destinations.push_back(std::move(destination));
    }
}

void readWorkspaces(TomlTable& root, Config& config)
{
    std::set<std::string> names;
    for (TomlTable& table : root.tables("workspace")) {
        WorkspaceConfig workspace = readWorkspace(table);
        if (!names.insert(workspace.name).second)
            table.error("name", "another workspace has this name");
        config.workspaces.push_back(std::move(workspace));
    }
    if (config.workspaces.empty())
        root.error("workspace",
            "missing: at least one [[workspace]] with name and write_key, or nobody could send "
            "events");
}

} // namespace

Loaded parseConfig(std::string_view text, const std::string& file, const PlatformSpecs& specs)
{
    Problems problems(file);
    auto config = std::make_shared<Config>();
    config->path = file;
    if (const auto parsed = parseToml(text, file, problems)) {
        TomlTable root(parsed->table(), {}, problems);
        readProfile(root, config->profile);
        readIngress(root, config->ingress);
        readControl(root, config->control);
        if (!root.has("control"))
            root.error("control",
                "missing: [control] with key, for example key = \"env:SPILLWAY_CONTROL_KEY\"");
        readWorkspaces(root, *config);
        readDestinations(root, specs, *config);
        readRetention(root, config->retention);
        readThresholds(root, config->thresholds);
        readSaleWindows(root, config->saleWindows);
        root.refuseUnknown();
    }
    Loaded loaded;
    if (!problems.hasErrors())
        loaded.config = std::move(config);
    loaded.problems = problems.all();
    return loaded;
}

Loaded loadConfig(const std::string& path, const PlatformSpecs& specs)
{
    QFile file(QString::fromStdString(path));
    Problems problems(path);
    if (!file.open(QIODevice::ReadOnly)) {
        problems.error(0, 0, {}, "cannot be read: " + file.errorString().toStdString());
        return { nullptr, problems.all() };
    }
    const QByteArray text = file.read(kFileBytesMax + 1);
    if (text.size() > kFileBytesMax) {
        problems.error(0, 0, {}, "is larger than 4 MiB, which no configuration is");
        return { nullptr, problems.all() };
    }
    return parseConfig({ text.constData(), static_cast<std::size_t>(text.size()) }, path, specs);
}

} // namespace engine::config
