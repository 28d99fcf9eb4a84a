#include "config/contract_file.h"

#include "config/contract_parts.h"

#include <QDir>
#include <QFile>
#include <QString>

#include <algorithm>

namespace engine::config {
namespace {

using namespace std::chrono_literals;

Seconds inSeconds(Millis duration) { return std::chrono::floor<Seconds>(duration); }

void readContract(TomlTable& table, Contract& contract)
{
    constexpr Millis kYear = std::chrono::hours { 24 * 366 };
    contract.concurrency
        = static_cast<int>(table.integer("concurrency", 1, 10'000).value_or(contract.concurrency));
    if (const auto scope = readScope(table, "concurrency_scope"))
        contract.concurrencyScope = scope;
    contract.concurrencySource
        = readSource(table, "concurrency_source", contract.concurrencySource);
    contract.batchRecords = table.integer("batch", 1, 100'000).value_or(contract.batchRecords);
    contract.batchSource = readSource(table, "batch_source", contract.batchSource);
    contract.batchBytes
        = table.integer("batch_bytes", 256, 64LL * 1024 * 1024).value_or(contract.batchBytes);
    if (const auto bytes = table.integer("record_bytes", 64, 64LL * 1024 * 1024))
        contract.recordBytes = *bytes;
    contract.timeout = table.duration("timeout", 100ms, 10min).value_or(contract.timeout);
    contract.connectTimeout
        = table.duration("connect_timeout", 10ms, 10min).value_or(contract.connectTimeout);
    if (auto domains = table.strings("redirect_domains"))
        contract.redirectDomains = std::move(*domains);
    if (const auto after = table.duration("cooldown_day_after", 1s, 24h))
        contract.cooldownDayAfter = *after;
    if (const auto age = table.duration("accepted_age", 1s, kYear))
        contract.acceptedAge = inSeconds(*age);
    contract.isAgeEnforced = table.boolean("enforce_age").value_or(contract.isAgeEnforced);
    if (const auto skew = table.duration("future_skew", 0ms, kYear))
        contract.futureSkew = inSeconds(*skew);
    contract.dedupField = table.string("dedup_field").value_or(contract.dedupField);
    if (const auto window = table.duration("dedup_window", 1s, kYear))
        contract.dedupWindow = inSeconds(*window);
    contract.cooldownMin = table.duration("cooldown_min", 10ms, 24h).value_or(contract.cooldownMin);
    contract.cooldownMax = table.duration("cooldown_max", 10ms, 24h).value_or(contract.cooldownMax);
    readRetry(table, contract.retry);
    if (auto limits = readLimits(table))
        contract.limits = std::move(*limits);
}

// Each text is a set of names with spaces between them.
std::vector<std::vector<std::string>> readSets(const std::vector<std::string>& texts)
{
    std::vector<std::vector<std::string>> sets;
    for (const std::string& text : texts) {
        std::vector<std::string> names;
        for (const QString& name : QString::fromStdString(text).split(u' ', Qt::SkipEmptyParts))
            names.push_back(name.toStdString());
        sets.push_back(std::move(names));
    }
    return sets;
}

// What the table names replaces what the spec says already.
void readSpec(TomlTable& table, PlatformSpec& spec)
{
    spec.title = table.string("title").value_or(spec.title);
    spec.endpoint = table.string("endpoint").value_or(spec.endpoint);
    spec.accountPattern = table.string("account_pattern").value_or(spec.accountPattern);
    if (const auto priority = table.oneOf("priority", { "high", "normal", "low" }))
        spec.priority = *priority == "high" ? Priority::High
            : *priority == "low"            ? Priority::Low
                                            : Priority::Normal;
    readContract(table, spec.contract);
    spec.batchDefault
        = static_cast<int>(table.integer("batch_default", 1, 100'000).value_or(spec.batchDefault));
    constexpr NumberRange kRate { .min = 0, .max = 1'000'000, .isMinAllowed = false };
    if (const auto rate = table.number("rate", kRate))
        spec.rate = rate;
    if (const auto rate = table.number("import_rate", kRate))
        spec.importRate = rate;
    spec.credentials = table.strings("credentials").value_or(spec.credentials);
    if (const auto sets = table.strings("credential_sets"))
        spec.credentialSets = readSets(*sets);
    spec.optionalCredentials
        = table.strings("optional_credentials").value_or(spec.optionalCredentials);
    spec.options = table.strings("options").value_or(spec.options);
}

void readApis(TomlTable& table, PlatformSpec& spec)
{
    const std::vector<std::string> names
        = table.strings("apis").value_or(std::vector<std::string> {});
    auto own = table.table("api");
    std::vector<PlatformSpec> apis;
    for (const std::string& name : names) {
        PlatformSpec api = spec;
        api.api = name;
        if (auto differences = own ? own->table(name) : std::nullopt) {
            readSpec(*differences, api);
            differences->refuseUnknown();
        }
        apis.push_back(std::move(api));
    }
    spec.apis = std::move(apis);
    if (own)
        own->refuseUnknown();
}

} // namespace

const PlatformSpec* specFor(const PlatformSpec& spec, std::string_view api)
{
    if (spec.apis.empty())
        return api.empty() ? &spec : nullptr;
    if (api.empty())
        return &spec.apis.front();
    const auto found = std::find_if(spec.apis.begin(), spec.apis.end(),
        [&](const PlatformSpec& candidate) { return candidate.api == api; });
    return found == spec.apis.end() ? nullptr : &*found;
}

std::optional<PlatformSpec> readContractFile(
    std::string_view text, const std::string& file, Problems& problems)
{
    const auto parsed = parseToml(text, file, problems);
    if (!parsed)
        return std::nullopt;
    TomlTable table(parsed->table(), {}, problems);
    PlatformSpec spec;
    spec.platform = table.string("platform").value_or("");
    if (spec.platform.empty())
        table.error("platform", "missing: the platform's name");
    spec.title = spec.platform;
    readSpec(table, spec);
    readApis(table, spec);
    table.refuseUnknown();
    if (problems.hasErrors())
        return std::nullopt;
    return spec;
}

PlatformSpecs builtInSpecs(Problems& problems)
{
    PlatformSpecs specs;
    const QDir folder(QStringLiteral(":/platforms"));
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    for (const QString& name : names) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) {
            problems.error(
                0, 0, {}, "the built-in contract " + name.toStdString() + " cannot be read");
            continue;
        }
        const QByteArray text = file.readAll();
        Problems own("built-in " + name.toStdString());
        auto spec = readContractFile(text.toStdString(), "built-in " + name.toStdString(), own);
        for (const Problem& problem : own.all())
            problems.error(
                problem.line, problem.column, problem.key, problem.file + ": " + problem.message);
        if (spec)
            specs.emplace(spec->platform, std::move(*spec));
    }
    return specs;
}

} // namespace engine::config
