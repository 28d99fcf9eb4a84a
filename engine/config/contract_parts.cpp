#include "config/contract_parts.h"

#include <string>

namespace engine::config {
namespace {

constexpr std::int64_t kAmountMax = 1'000'000'000;
constexpr Millis kDay = std::chrono::hours { 24 };

Limit readLimit(TomlTable& table)
{
    Limit limit;
    if (const auto unit = table.oneOf("unit", { "events", "requests" }))
        limit.unit = *unit == "events" ? LimitUnit::Events : LimitUnit::Requests;
    else if (!table.has("unit"))
        table.error("unit", "missing: \"events\" or \"requests\"");
    if (const auto kind = table.oneOf("kind", { "rolling", "bucket", "fixed", "header" })) {
        limit.kind = *kind == "bucket" ? LimitKind::Bucket
            : *kind == "fixed"         ? LimitKind::Fixed
            : *kind == "header"        ? LimitKind::Header
                                       : LimitKind::Rolling;
    }
    limit.scope = readScope(table, "scope").value_or(limit.scope);
    const bool isHeader = limit.kind == LimitKind::Header;
    limit.amount = table.integer("amount", isHeader ? 0 : 1, kAmountMax).value_or(0);
    if (!isHeader && !table.has("amount"))
        table.error("amount", "missing: how many in one period");
    limit.period = table.duration("period", Millis { 100 }, kDay * 31).value_or(Millis { 0 });
    if (!table.has("period") && !(isHeader && limit.amount == 0))
        table.error("period", "missing: for example \"60s\"");
    limit.burst = table.integer("burst", 0, kAmountMax).value_or(0);
    if (limit.amount > 0 && limit.burst > limit.amount && limit.kind != LimitKind::Bucket)
        table.error("burst", "may not exceed amount, which is " + std::to_string(limit.amount));
    limit.isEnabled = table.boolean("enabled").value_or(true);
    limit.pool = table.string("pool").value_or("");
    limit.source = readSource(table, "source", CeilingSource::Configured);
    table.refuseUnknown();
    return limit;
}

} // namespace

std::optional<std::vector<Limit>> readLimits(TomlTable& parent)
{
    if (!parent.has("limit"))
        return std::nullopt;
    std::vector<Limit> limits;
    for (TomlTable& table : parent.tables("limit"))
        limits.push_back(readLimit(table));
    return limits;
}

std::optional<LimitScope> readScope(TomlTable& table, const char* key)
{
    const auto scope = table.oneOf(key, { "account", "credential", "destination" });
    if (!scope)
        return std::nullopt;
    return *scope == "credential" ? LimitScope::Credential
        : *scope == "destination" ? LimitScope::Destination
                                  : LimitScope::Account;
}

CeilingSource readSource(TomlTable& table, const char* key, CeilingSource fallback)
{
    const auto word = table.oneOf(key, { "doc", "code", "operator", "advice", "unverified" });
    if (!word)
        return fallback;
    return *word == "doc"     ? CeilingSource::Documented
        : *word == "code"     ? CeilingSource::Integrations
        : *word == "operator" ? CeilingSource::Operator
        : *word == "advice"   ? CeilingSource::Advice
                              : CeilingSource::Unverified;
}

void readRetry(TomlTable& parent, RetryPolicy& retry)
{
    auto table = parent.table("retry");
    if (!table)
        return;
    if (const auto attempts = table->integer("attempts", 1, 100))
        retry.attempts = static_cast<int>(*attempts);
    retry.base = table->duration("base", Millis { 1 }, kDay).value_or(retry.base);
    retry.cap = table->duration("cap", Millis { 1 }, kDay).value_or(retry.cap);
    retry.jitter = table->number("jitter", { .min = 0, .max = 1 }).value_or(retry.jitter);
    if (retry.cap < retry.base)
        table->error(
            "cap", "may not be shorter than base, which is \"" + toDurationText(retry.base) + '"');
    table->refuseUnknown();
}

std::optional<toml::parse_result> parseToml(
    std::string_view text, const std::string& file, Problems& problems)
{
    toml::parse_result parsed = toml::parse(text, std::string_view(file));
    if (parsed)
        return parsed;
    const toml::parse_error& error = parsed.error();
    const auto& at = error.source().begin;
    problems.error(static_cast<int>(at.line), static_cast<int>(at.column), {},
        "not TOML: " + std::string(error.description()));
    return std::nullopt;
}

} // namespace engine::config
