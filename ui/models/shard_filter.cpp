#include "models/shard_filter.h"

#include "format/format.h"
#include "models/shard_facts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace ui {

namespace {

using engine::ShardState;

constexpr std::array kStates { ShardState::NoData, ShardState::AuthFailed, ShardState::Draining,
    ShardState::Paused, ShardState::Tripped, ShardState::Failing, ShardState::Throttled,
    ShardState::Degraded, ShardState::Recovering, ShardState::Backlogged, ShardState::RetriesPaused,
    ShardState::Idle, ShardState::Healthy };

enum class Unit { Duration, Count, Percent, Milliseconds, PerSecond, PerMinute };

struct FieldName {
    const char* name;
    ShardFilter::Field field;
    Unit unit;
};
constexpr std::array kFields {
    FieldName { "lag", ShardFilter::Field::Lag, Unit::Duration },
    FieldName { "depth", ShardFilter::Field::Depth, Unit::Count },
    FieldName { "err", ShardFilter::Field::Error, Unit::Percent },
    FieldName { "p95", ShardFilter::Field::Latency, Unit::Milliseconds },
    FieldName { "dlq", ShardFilter::Field::Dlq, Unit::Count },
    FieldName { "dlqgrowth", ShardFilter::Field::DlqGrowth, Unit::PerMinute },
    FieldName { "throttle", ShardFilter::Field::Throttle, Unit::Percent },
    FieldName { "in", ShardFilter::Field::In, Unit::PerSecond },
    FieldName { "out", ShardFilter::Field::Out, Unit::PerSecond },
};

struct Suffix {
    const char* text;
    double factor;
};

// A number with one of the suffixes of its unit; nothing when either is not understood.
std::optional<double> numberOf(const QString& text, Unit unit)
{
    static constexpr std::array kDurations { Suffix { "ms", 0.001 }, Suffix { "min", 60 },
        Suffix { "s", 1 }, Suffix { "m", 60 }, Suffix { "h", 3'600 }, Suffix { "d", 86'400 } };
    static constexpr std::array kCounts { Suffix { "k", 1e3 }, Suffix { "m", 1e6 } };
    static constexpr std::array kPercents { Suffix { "%", 1 } };
    static constexpr std::array kMilliseconds { Suffix { "ms", 1 }, Suffix { "s", 1'000 } };
    static constexpr std::array kPerSecond { Suffix { "/s", 1 }, Suffix { "/min", 1.0 / 60 } };
    static constexpr std::array kPerMinute { Suffix { "/min", 1 }, Suffix { "/s", 60 } };
    std::span<const Suffix> suffixes;
    switch (unit) {
    case Unit::Duration:
        suffixes = kDurations;
        break;
    case Unit::Count:
        suffixes = kCounts;
        break;
    case Unit::Percent:
        suffixes = kPercents;
        break;
    case Unit::Milliseconds:
        suffixes = kMilliseconds;
        break;
    case Unit::PerSecond:
        suffixes = kPerSecond;
        break;
    case Unit::PerMinute:
        suffixes = kPerMinute;
        break;
    }
    double factor = 1;
    QString digits = text.toLower();
    for (const auto& suffix : suffixes) {
        if (digits.endsWith(QLatin1String(suffix.text))) {
            digits.chop(static_cast<qsizetype>(qstrlen(suffix.text)));
            factor = suffix.factor;
            break;
        }
    }
    bool isNumber = false;
    const double value = QLocale::c().toDouble(digits, &isNumber);
    if (!isNumber || value < 0)
        return std::nullopt;
    return value * factor;
}

bool holds(double actual, ShardFilter::Relation relation, double wanted)
{
    switch (relation) {
    case ShardFilter::Relation::Less:
        return actual < wanted;
    case ShardFilter::Relation::LessOrEqual:
        return actual <= wanted;
    case ShardFilter::Relation::Equal:
        return std::abs(actual - wanted) <= 1e-9 * std::max(1.0, std::abs(wanted));
    case ShardFilter::Relation::GreaterOrEqual:
        return actual >= wanted;
    case ShardFilter::Relation::Greater:
        return actual > wanted;
    }
    return false;
}

// Absent stays absent: a shard with too few samples matches no comparison.
std::optional<double> valueOf(const engine::ShardSnapshot& shard, ShardFilter::Field field)
{
    const auto percent = [](const std::optional<double>& ratio) {
        return ratio ? std::optional(*ratio * 100) : std::nullopt;
    };
    switch (field) {
    case ShardFilter::Field::Lag:
        return static_cast<double>(shard.consumerLag.count()) / 1'000;
    case ShardFilter::Field::Depth:
        return static_cast<double>(shard.queueDepth);
    case ShardFilter::Field::Error:
        return percent(shard.errorRatio);
    case ShardFilter::Field::Latency:
        return shard.latencyP95 ? std::optional(static_cast<double>(shard.latencyP95->count()))
                                : std::nullopt;
    case ShardFilter::Field::Dlq:
        return static_cast<double>(shard.dlqCount);
    case ShardFilter::Field::DlqGrowth:
        return shard.dlqGrowthPerMinute;
    case ShardFilter::Field::Throttle:
        return percent(shard.throttleRatio);
    case ShardFilter::Field::In:
        return shard.inPerSecond;
    case ShardFilter::Field::Out:
        return shard.outPerSecond;
    }
    return std::nullopt;
}

bool hasFlag(const engine::ShardSnapshot& shard, ShardFilter::Flag flag)
{
    switch (flag) {
    case ShardFilter::Flag::Expiring: {
        const auto expiry = expiryOf(shard);
        return expiry && expiry->isClose;
    }
    case ShardFilter::Flag::Tuned:
        return isTuned(shard);
    case ShardFilter::Flag::Orphaned:
        return shard.isOrphaned;
    }
    return false;
}

} // namespace

bool ShardFilter::isEmpty() const
{
    return m_words.isEmpty() && m_destinations.isEmpty() && m_states.empty() && m_flags.empty()
        && m_comparisons.empty();
}

bool ShardFilter::matches(const engine::ShardSnapshot& shard) const
{
    if (!m_words.isEmpty()) {
        const QString name = (shardName(shard.shard) + u' ' + toQString(shard.platform)).toLower();
        const auto isIn = [&](const QString& word) { return name.contains(word); };
        if (!std::all_of(m_words.begin(), m_words.end(), isIn))
            return false;
    }
    if (!m_destinations.isEmpty()
        && !m_destinations.contains(toQString(shard.shard.destination).toLower()))
        return false;
    if (!m_states.empty()
        && std::find(m_states.begin(), m_states.end(), shard.state) == m_states.end())
        return false;
    const auto isSet = [&](Flag flag) { return hasFlag(shard, flag); };
    if (!std::all_of(m_flags.begin(), m_flags.end(), isSet))
        return false;
    return std::all_of(
        m_comparisons.begin(), m_comparisons.end(), [&](const Comparison& comparison) {
            const auto actual = valueOf(shard, comparison.field);
            return actual && holds(*actual, comparison.relation, comparison.value);
        });
}

class ShardFilterParser {
    Q_DECLARE_TR_FUNCTIONS(ui::ShardFilter)
public:
    [[nodiscard]] ShardFilterParse parse(const QString& text);

private:
    void take(const QString& word);
    void takeNamed(const QString& name, const QString& value);
    void takeComparison(const QString& word, qsizetype at);
    void takeState(const QString& value);
    void takeFlag(const QString& value);
    [[nodiscard]] static QString expected(Unit unit);

    ShardFilter m_filter;
    QString m_error;
};

ShardFilterParse ShardFilterParser::parse(const QString& text)
{
    qsizetype at = 0;
    while (at < text.size()) {
        if (text.at(at).isSpace()) {
            ++at;
            continue;
        }
        const qsizetype from = at;
        QString word;
        bool isQuoted = false;
        for (; at < text.size() && (isQuoted || !text.at(at).isSpace()); ++at) {
            if (text.at(at) == u'"')
                isQuoted = !isQuoted;
            else
                word += text.at(at);
        }
        if (isQuoted)
            return { {}, tr("The quotation mark is not closed."), from };
        take(word);
        if (!m_error.isEmpty())
            return { {}, m_error, from };
    }
    return { m_filter, {}, 0 };
}

void ShardFilterParser::take(const QString& word)
{
    const auto isRelation = [](QChar c) { return c == u'<' || c == u'>' || c == u'='; };
    const auto relation = std::find_if(word.begin(), word.end(), isRelation);
    const qsizetype colon = word.indexOf(u':');
    const qsizetype at = relation == word.end() ? -1 : relation - word.begin();
    if (colon > 0 && (at < 0 || colon < at))
        takeNamed(word.left(colon).toLower(), word.mid(colon + 1));
    else if (at > 0)
        takeComparison(word, at);
    else if (!word.isEmpty())
        m_filter.m_words << word.toLower();
}

void ShardFilterParser::takeNamed(const QString& name, const QString& value)
{
    if (value.isEmpty()) {
        m_error = tr("Say what follows “%1:”.").arg(name);
        return;
    }
    if (name == u"state")
        takeState(value.toLower());
    else if (name == u"dest")
        m_filter.m_destinations << value.toLower();
    else if (name == u"flag")
        takeFlag(value.toLower());
    else
        m_error = tr("“%1:” is not known. Use state:, dest: or flag:.").arg(name);
}

void ShardFilterParser::takeState(const QString& value)
{
    const auto before = m_filter.m_states.size();
    for (const auto state : kStates) {
        const QString id = QLatin1String(engine::toString(state));
        if (id.startsWith(value) || QString(id).remove(u'_').startsWith(value))
            m_filter.m_states.push_back(state);
    }
    if (m_filter.m_states.size() == before) {
        QStringList names;
        for (const auto state : kStates)
            names << QLatin1String(engine::toString(state));
        m_error = tr("No state is called “%1”. States: %2.")
                      .arg(value, names.join(QStringLiteral(", ")));
    }
}

void ShardFilterParser::takeFlag(const QString& value)
{
    if (value == u"expiring")
        m_filter.m_flags.push_back(ShardFilter::Flag::Expiring);
    else if (value == u"tuned")
        m_filter.m_flags.push_back(ShardFilter::Flag::Tuned);
    else if (value == u"orphaned")
        m_filter.m_flags.push_back(ShardFilter::Flag::Orphaned);
    else
        m_error = tr("No flag is called “%1”. Flags: expiring, tuned, orphaned.").arg(value);
}

QString ShardFilterParser::expected(Unit unit)
{
    switch (unit) {
    case Unit::Duration:
        return tr("a time such as 60s, 5m or 2h");
    case Unit::Count:
        return tr("a number such as 500, 1k or 2m");
    case Unit::Percent:
        return tr("a percentage such as 2 or 2.5%");
    case Unit::Milliseconds:
        return tr("milliseconds such as 800 or 1.5s");
    case Unit::PerSecond:
        return tr("a rate such as 100 or 100/s");
    case Unit::PerMinute:
        return tr("a rate such as 60 or 60/min");
    }
    return {};
}

void ShardFilterParser::takeComparison(const QString& word, qsizetype at)
{
    const QString name = word.left(at).toLower();
    const auto field = std::find_if(kFields.begin(), kFields.end(),
        [&](const FieldName& known) { return name == QLatin1String(known.name); });
    if (field == kFields.end()) {
        QStringList names;
        for (const auto& known : kFields)
            names << QLatin1String(known.name);
        m_error = tr("“%1” cannot be compared. Use one of: %2.")
                      .arg(name, names.join(QStringLiteral(", ")));
        return;
    }
    const bool hasEqual = word.mid(at + 1, 1) == u"=";
    ShardFilter::Comparison comparison { .field = field->field };
    if (word.at(at) == u'=')
        comparison.relation = ShardFilter::Relation::Equal;
    else if (word.at(at) == u'>')
        comparison.relation
            = hasEqual ? ShardFilter::Relation::GreaterOrEqual : ShardFilter::Relation::Greater;
    else
        comparison.relation
            = hasEqual ? ShardFilter::Relation::LessOrEqual : ShardFilter::Relation::Less;
    const QString text = word.mid(at + (hasEqual ? 2 : 1));
    const auto value = numberOf(text, field->unit);
    if (!value) {
        m_error = text.isEmpty()
            ? tr("Say what %1 is compared with: %2.").arg(name, expected(field->unit))
            : tr("“%1” is not a value for %2, which takes %3.")
                  .arg(text, name, expected(field->unit));
        return;
    }
    comparison.value = *value;
    m_filter.m_comparisons.push_back(comparison);
}

ShardFilterParse parseShardFilter(const QString& text) { return ShardFilterParser {}.parse(text); }

} // namespace ui
