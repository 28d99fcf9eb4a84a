#include "store/dead_letter_filter.h"

namespace engine::store {
namespace {

std::string questionMarks(std::size_t count)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += i == 0 ? "?" : ",?";
    return text;
}

void addShards(SqlCondition& condition, const DeadLetterFilter& filter, const std::string& column)
{
    if (!filter.destinations.empty()) {
        condition.add(column + " IN (SELECT id FROM shard WHERE destination IN ("
            + questionMarks(filter.destinations.size()) + "))");
        condition.values.insert(
            condition.values.end(), filter.destinations.begin(), filter.destinations.end());
    }
    if (filter.shards.empty())
        return;
    std::string any;
    for (const ShardId& shard : filter.shards) {
        any += any.empty() ? "" : " OR ";
        any += shard.isWholeDestination() ? "destination = ?" : "(destination = ? AND account = ?)";
        condition.values.emplace_back(shard.destination);
        if (!shard.isWholeDestination())
            condition.values.emplace_back(shard.account);
    }
    condition.add(column + " IN (SELECT id FROM shard WHERE " + any + ")");
}

void addNumbers(
    SqlCondition& condition, const std::string& column, const std::vector<std::int64_t>& numbers)
{
    // Numbers of ours, so they may stand in the text: no limit on parameters, nothing to escape.
    std::string list;
    for (const std::int64_t number : numbers)
        list += (list.empty() ? "" : ",") + std::to_string(number);
    condition.add(column + " IN (" + list + ")");
}

void addText(SqlCondition& condition, const std::string& test, const std::string& value)
{
    if (value.empty())
        return;
    condition.add(test);
    condition.values.emplace_back(value);
}

void addTime(SqlCondition& condition, const std::string& test, const std::optional<WallTime>& time)
{
    if (!time)
        return;
    condition.add(test);
    condition.values.emplace_back(toUnixMicros(*time));
}

template <class Number>
void addNumber(
    SqlCondition& condition, const std::string& test, const std::optional<Number>& number)
{
    if (!number)
        return;
    condition.add(test);
    condition.values.emplace_back(static_cast<std::int64_t>(*number));
}

void addPayload(SqlCondition& condition, const DeadLetterFilter& filter)
{
    const std::string exists = "EXISTS (SELECT 1 FROM event e WHERE e.seq = d.seq AND ";
    if (!filter.text.empty()) {
        const std::string pattern = '%' + likeText(filter.text) + '%';
        condition.add("(d.message LIKE ? ESCAPE '!' OR " + exists
            + "CAST(e.payload AS TEXT) LIKE ? ESCAPE '!'))");
        condition.values.emplace_back(pattern);
        condition.values.emplace_back(pattern);
    }
    if (filter.payloadPath.empty())
        return;
    // Compared with the paths of the fields that are there: a path that SQLite cannot parse would
    // make an error of the whole query.
    condition.add(exists + "json_valid(CAST(e.payload AS TEXT)) AND EXISTS (SELECT 1 FROM "
        + "json_tree(CAST(e.payload AS TEXT)) t WHERE t.fullkey = ?"
        + (filter.payloadValue.empty() ? ")" : " AND CAST(t.atom AS TEXT) LIKE ? ESCAPE '!')")
        + ")");
    condition.values.emplace_back(filter.payloadPath);
    if (filter.payloadValue.empty())
        return;
    const bool isPrefix = filter.payloadValue.ends_with('*');
    const std::string value
        = filter.payloadValue.substr(0, filter.payloadValue.size() - (isPrefix ? 1 : 0));
    condition.values.emplace_back(likeText(value) + (isPrefix ? "%" : ""));
}

} // namespace

std::string likeText(const std::string& text)
{
    std::string pattern;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!')
            pattern += '!';
        pattern += c;
    }
    return pattern;
}

void SqlCondition::bindTo(Statement& statement) const
{
    for (const auto& value : values) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            statement.bind(*number);
        else
            statement.bindText(std::get<std::string>(value));
    }
}

SqlCondition shardCondition(const DeadLetterFilter& filter, const std::string& column)
{
    SqlCondition condition;
    addShards(condition, filter, column);
    return condition;
}

SqlCondition toCondition(const DeadLetterFilter& filter)
{
    SqlCondition condition;
    if (!filter.states.empty()) {
        std::vector<std::int64_t> states;
        for (const DeadLetterState state : filter.states)
            states.push_back(static_cast<std::int64_t>(state));
        addNumbers(condition, "d.state", states);
    }
    addShards(condition, filter, "d.shard");
    if (!filter.classes.empty()) {
        std::vector<std::int64_t> classes;
        for (const Outcome outcome : filter.classes)
            classes.push_back(static_cast<std::int64_t>(outcome));
        addNumbers(condition, "d.outcome", classes);
    }
    if (!filter.ids.empty()) {
        std::vector<std::int64_t> ids;
        for (const DeadLetterId id : filter.ids)
            ids.push_back(toInt(id));
        ids.resize(std::min(ids.size(), kFilterIdsMax));
        addNumbers(condition, "d.id", ids);
    }
    addText(condition, "d.code = ?", filter.code);
    // With everything that an operator put into the group.
    addText(condition,
        "d.fingerprint IN (WITH RECURSIVE inside(id) AS (SELECT id FROM fingerprint WHERE text = ? "
        "UNION SELECT g.fingerprint FROM fingerprint_shape g JOIN inside ON g.merged_into = "
        "inside.id) SELECT id FROM inside)",
        filter.fingerprint);
    if (filter.job) {
        condition.add("d.job = ?");
        condition.values.emplace_back(toInt(*filter.job));
    }
    addText(condition, "d.name = ?", filter.eventName);
    addText(condition, "d.event_id = ?", filter.eventId);
    if (filter.httpStatus) {
        condition.add("d.http_status = ?");
        condition.values.emplace_back(std::int64_t { *filter.httpStatus });
    }
    addTime(condition, "d.last_failed_us >= ?", filter.failedFrom);
    addTime(condition, "d.last_failed_us < ?", filter.failedTo);
    addTime(condition, "d.first_seen_us >= ?", filter.firstFrom);
    addTime(condition, "d.first_seen_us < ?", filter.firstTo);
    addTime(condition, "d.event_time_us >= ?", filter.eventFrom);
    addTime(condition, "d.event_time_us < ?", filter.eventTo);
    addTime(condition, "d.expires_us < ?", filter.expiresTo);
    addNumber(condition, "d.attempts >= ?", filter.attemptsMin);
    addNumber(condition, "d.payload_bytes >= ?", filter.payloadBytesMin);
    addPayload(condition, filter);
    return condition;
}

SqlCondition toCondition(const AuditFilter& filter, const std::optional<AuditId>& before)
{
    SqlCondition condition;
    if (before)
        addNumber(condition, "id < ?", std::optional(toInt(*before)));
    addText(condition, "who = ?", filter.who);
    addText(condition, "action = ?", filter.action);
    addText(condition, "profile = ?", filter.profile);
    addText(condition, "correlation = ?", filter.correlation);
    if (!filter.target.empty()) {
        condition.add("target LIKE ? ESCAPE '!'");
        condition.values.emplace_back('%' + likeText(filter.target) + '%');
    }
    if (filter.isOk)
        condition.add(*filter.isOk ? "result = 'ok'" : "result <> 'ok'");
    if (filter.undoOf)
        addNumber(condition, "undo_of = ?", std::optional(toInt(*filter.undoOf)));
    addTime(condition, "at_us >= ?", filter.from);
    addTime(condition, "at_us < ?", filter.to);
    if (!filter.text.empty()) {
        condition.add("(target || char(10) || before || char(10) || after || char(10) || reason "
                      "|| char(10) || result) LIKE ? ESCAPE '!'");
        condition.values.emplace_back('%' + likeText(filter.text) + '%');
    }
    return condition;
}

} // namespace engine::store
