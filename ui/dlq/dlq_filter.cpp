#include "dlq/dlq_filter.h"

#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace ui {
namespace {

struct DlqFilterText {
    Q_DECLARE_TR_FUNCTIONS(DlqFilter)
};

constexpr std::array<engine::DeadLetterState, 4> kStates { engine::DeadLetterState::Waiting,
    engine::DeadLetterState::Replaying, engine::DeadLetterState::Replayed,
    engine::DeadLetterState::Archived };

engine::WallTime toWallTime(const QDateTime& time)
{
    return engine::fromUnixMicros(time.toMSecsSinceEpoch() * 1'000);
}

QDateTime toDateTime(engine::WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
}

// Expiry is written as a headroom from now on and read back as a time: it has both forms.
std::optional<engine::WallTime> parseExpiry(const QString& text, engine::WallTime now)
{
    if (const auto headroom = engine::parseDuration(text.toStdString()))
        return now + *headroom;
    return engine::parseIso8601(text.toStdString());
}

std::optional<engine::WallTime> parseTime(const QString& text, engine::WallTime now)
{
    if (const auto exact = engine::parseIso8601(text.toStdString()))
        return exact;
    if (const auto ago = engine::parseDuration(text.toStdString()))
        return now - *ago;
    for (const char* format : { "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd" }) {
        const auto local = QDateTime::fromString(text, QLatin1String(format));
        if (local.isValid())
            return toWallTime(local);
    }
    for (const char* format : { "HH:mm:ss", "HH:mm" }) {
        const auto time = QTime::fromString(text, QLatin1String(format));
        if (time.isValid())
            return toWallTime(QDateTime(toDateTime(now).date(), time));
    }
    return std::nullopt;
}

// Words at spaces outside quotes; quotes themselves are dropped from the value.
struct Word {
    QString text {};
    int from { 0 };
    int length { 0 };
    bool isQuoteOpen { false };
};

std::vector<Word> splitWords(const QString& line)
{
    std::vector<Word> words;
    bool isQuoted = false;
    bool isInWord = false;
    for (int i = 0; i < line.size(); ++i) {
        const QChar c = line.at(i);
        if (!isQuoted && c.isSpace()) {
            isInWord = false;
            continue;
        }
        if (!isInWord) {
            words.push_back({ .from = i });
            isInWord = true;
        }
        words.back().length = i + 1 - words.back().from;
        if (c == u'"')
            isQuoted = !isQuoted;
        else
            words.back().text += c;
    }
    if (isQuoted)
        words.back().isQuoteOpen = true;
    return words;
}

class Parser {
public:
    Parser(ParsedFilter& result, engine::WallTime now)
        : m_result(result)
        , m_now(now)
    {
    }

    void take(const Word& word)
    {
        static const QRegularExpression pattern(QStringLiteral("^([A-Za-z]+)(:|>=|<=|>|<)(.*)$"),
            QRegularExpression::DotMatchesEverythingOption);
        m_word = word;
        if (word.isQuoteOpen)
            return fail(DlqFilterText::tr("The quote that opens here is not closed"));
        if (word.text.startsWith(u'$'))
            return takePath();
        const auto match = pattern.match(word.text);
        const QString key = match.hasMatch() ? match.captured(1).toLower() : QStringLiteral("id");
        const QString sign = match.hasMatch() ? match.captured(2) : QStringLiteral(":");
        const QString value = match.hasMatch() ? match.captured(3) : word.text;
        if (value.isEmpty())
            return fail(DlqFilterText::tr("“%1” needs a value").arg(word.text));
        if (sign == u":")
            takeEqual(key, value);
        else
            takeCompared(key, sign, value);
        const QString separator = sign == u":" ? QString() : sign;
        m_result.terms.push_back(
            { .key = key + separator, .value = value, .from = word.from, .length = word.length });
    }

private:
    // "$.user.email:anna*": the field of the payload, and after the first colon its value.
    void takePath()
    {
        auto& filter = m_result.filter;
        if (!filter.payloadPath.empty())
            return fail(
                DlqFilterText::tr("Only one field of the payload can be searched at a time"));
        const auto split = m_word.text.indexOf(u':');
        const QString path = m_word.text.left(split < 0 ? m_word.text.size() : split);
        const QString value = split < 0 ? QString() : m_word.text.mid(split + 1);
        if (path.size() < 3)
            return fail(DlqFilterText::tr("“%1” is no field: write $.user.email").arg(path));
        filter.payloadPath = path.toStdString();
        if (value != u"*") // any value
            filter.payloadValue = value.toStdString();
        m_result.terms.push_back(
            { .key = path, .value = value, .from = m_word.from, .length = m_word.length });
    }

    void takeCompared(const QString& key, const QString& sign, const QString& value)
    {
        if (key == u"retries")
            return takeRetries(sign, value);
        if (key == u"size")
            return takeSize(sign, value);
        if (key == u"expires")
            return takeExpiry(sign, value);
        takeTime(key, sign, value);
    }

    void takeRetries(const QString& sign, const QString& value)
    {
        bool isNumber = false;
        const int attempts = value.toInt(&isNumber);
        if (!isNumber || attempts < 0 || attempts > 1'000 || sign.startsWith(u'<'))
            return fail(
                DlqFilterText::tr("“%1” is no count of retries: write retries>=3").arg(value));
        m_result.filter.attemptsMin = sign == u">" ? attempts + 1 : attempts;
    }

    void takeSize(const QString& sign, const QString& value)
    {
        static const QRegularExpression pattern(
            QStringLiteral("^(\\d{1,9})(k|m)?$"), QRegularExpression::CaseInsensitiveOption);
        const auto match = pattern.match(value);
        if (!match.hasMatch() || sign.startsWith(u'<'))
            return fail(
                DlqFilterText::tr("“%1” is no size: write size>100k or size>2m").arg(value));
        const QString unit = match.captured(2).toLower();
        const std::int64_t factor = unit == u"k" ? 1'000 : unit == u"m" ? 1'000'000 : 1;
        m_result.filter.payloadBytesMin
            = match.captured(1).toLongLong() * factor + (sign == u">" ? 1 : 0);
    }

    // Headroom: "expires<24h" is what the platform stops taking within a day.
    void takeExpiry(const QString& sign, const QString& value)
    {
        const auto until = parseExpiry(value, m_now);
        if (!until || sign.startsWith(u'>'))
            return fail(DlqFilterText::tr("“%1” is no headroom: write expires<24h").arg(value));
        m_result.filter.expiresTo = *until;
    }

    void takeEqual(const QString& key, const QString& value)
    {
        auto& filter = m_result.filter;
        if (key == u"dest")
            takeList(
                value, [&](const QString& v) { filter.destinations.push_back(v.toStdString()); });
        else if (key == u"shard")
            takeShards(value);
        else if (key == u"class")
            takeList(value, [&](const QString& v) { takeClass(v); });
        else if (key == u"state")
            takeStates(value);
        else if (key == u"http")
            takeHttp(value);
        else if (key == u"job")
            takeJob(value);
        else if (key == u"code")
            takeOnce(filter.code, key, value);
        else if (key == u"fp")
            takeOnce(filter.fingerprint, key, value);
        else if (key == u"type")
            takeOnce(filter.eventName, key, value);
        else if (key == u"id")
            takeOnce(filter.eventId, key, value);
        else if (key == u"text")
            takeOnce(filter.text, key, value);
        else if (key == u"first" || key == u"last" || key == u"event")
            fail(DlqFilterText::tr("“%1” compares: write %1>09:00 or %1<2026-11-27").arg(key));
        else
            fail(DlqFilterText::tr(
                "“%1” is no filter. Known: dest shard type class http code fp id job state text "
                "first last event expires retries size $.field")
                     .arg(key));
    }

    template <class Take>
    void takeList(const QString& value, Take take)
    {
        for (const QString& part : value.split(u',', Qt::SkipEmptyParts))
            take(part);
    }

    void takeOnce(std::string& field, const QString& key, const QString& value)
    {
        if (!field.empty())
            return fail(DlqFilterText::tr("“%1” is given twice; nothing can match both").arg(key));
        field = value.toStdString();
    }

    void takeShards(const QString& value)
    {
        takeList(value, [this](const QString& part) {
            const auto shard = engine::parseShardId(part.toStdString());
            if (shard.destination.empty() || shard.account.empty())
                return fail(
                    DlqFilterText::tr("“%1” is no shard: write destination/account").arg(part));
            m_result.filter.shards.push_back(shard);
        });
    }

    void takeClass(const QString& value)
    {
        const auto outcome = engine::parseOutcome(value.toLower().toStdString());
        if (outcome)
            return m_result.filter.classes.push_back(*outcome);
        QStringList names;
        for (const auto known : engine::kAllOutcomes)
            names += QLatin1String(engine::toString(known));
        fail(DlqFilterText::tr("“%1” is no error class. Known: %2").arg(value, names.join(u' ')));
    }

    void takeStates(const QString& value)
    {
        if (!m_areStatesGiven)
            m_result.filter.states.clear(); // the default is only for a line that names none
        m_areStatesGiven = true;
        takeList(value, [this](const QString& part) {
            const auto found
                = std::find_if(kStates.begin(), kStates.end(), [&part](engine::DeadLetterState s) {
                      return part.compare(QLatin1String(engine::toString(s)), Qt::CaseInsensitive)
                          == 0;
                  });
            if (found == kStates.end())
                return fail(DlqFilterText::tr(
                    "“%1” is no state. Known: waiting replaying replayed archived")
                                .arg(part));
            m_result.filter.states.push_back(*found);
        });
    }

    void takeHttp(const QString& value)
    {
        bool isNumber = false;
        const int status = value.toInt(&isNumber);
        if (!isNumber || (status != 0 && (status < 100 || status > 599)))
            return fail(DlqFilterText::tr("“%1” is no HTTP status: 100 to 599, or 0 for no answer")
                            .arg(value));
        m_result.filter.httpStatus = status;
    }

    void takeJob(const QString& value)
    {
        bool isNumber = false;
        const bool isNamed = value.startsWith(QLatin1String("R-"), Qt::CaseInsensitive);
        const qint64 job = value.mid(isNamed ? 2 : 0).toLongLong(&isNumber);
        if (!isNumber || job < 1)
            return fail(DlqFilterText::tr("“%1” is no replay: write job:R-17").arg(value));
        m_result.filter.job = engine::ReplayJobId { job };
    }

    void takeTime(const QString& key, const QString& sign, const QString& value)
    {
        auto& filter = m_result.filter;
        const bool isLower = sign.startsWith(u'>');
        const auto field = [&]() -> std::optional<engine::WallTime>* {
            if (key == u"first")
                return isLower ? &filter.firstFrom : &filter.firstTo;
            if (key == u"last")
                return isLower ? &filter.failedFrom : &filter.failedTo;
            if (key == u"event")
                return isLower ? &filter.eventFrom : &filter.eventTo;
            return nullptr;
        }();
        if (field == nullptr)
            return fail(
                DlqFilterText::tr("“%1” cannot be compared; first, last, event, expires, retries "
                                  "and size can")
                    .arg(key));
        const auto time = parseTime(value, m_now);
        if (!time)
            return fail(DlqFilterText::tr("“%1” is no time: write 09:00, 15m (ago), 2026-11-27 or "
                                          "2026-11-27T09:00:00Z")
                            .arg(value));
        *field = *time;
    }

    void fail(const QString& message)
    {
        if (!m_result.isValid())
            return; // the first mistake is the one to mend first
        m_result.error = message;
        m_result.errorFrom = m_word.from;
    }

    ParsedFilter& m_result;
    engine::WallTime m_now;
    Word m_word {};
    bool m_areStatesGiven { false };
};

void append(QString& line, const char* key, const QString& value)
{
    const bool needsQuotes
        = std::any_of(value.begin(), value.end(), [](QChar c) { return c.isSpace(); });
    if (!line.isEmpty())
        line += u' ';
    line += QLatin1String(key) + (needsQuotes ? u'"' + value + u'"' : value);
}

void appendTime(QString& line, const char* key, const std::optional<engine::WallTime>& time)
{
    if (time)
        append(line, key, formatUtc(*time));
}

} // namespace

QString FilterTerm::text() const
{
    const bool isCompared = key.endsWith(u'>') || key.endsWith(u'<') || key.endsWith(u'=');
    return isCompared ? key + value : key + u':' + value;
}

ParsedFilter parseDlqFilter(const QString& line, engine::WallTime now)
{
    ParsedFilter result;
    Parser parser(result, now);
    for (const Word& word : splitWords(line))
        parser.take(word);
    if (!result.isValid())
        result.filter = {};
    return result;
}

std::optional<engine::WallTime> parseFilterTime(const QString& text, engine::WallTime now)
{
    return parseTime(text, now);
}

QString toFilterLine(const engine::DeadLetterFilter& filter)
{
    QString line;
    for (const auto& name : filter.destinations)
        append(line, "dest:", toQString(name));
    for (const auto& shard : filter.shards)
        append(line, "shard:", toQString(engine::toString(shard)));
    for (const auto outcome : filter.classes)
        append(line, "class:", QLatin1String(engine::toString(outcome)));
    if (filter.httpStatus)
        append(line, "http:", QString::number(*filter.httpStatus));
    if (!filter.code.empty())
        append(line, "code:", toQString(filter.code));
    if (!filter.fingerprint.empty())
        append(line, "fp:", toQString(filter.fingerprint));
    if (!filter.eventName.empty())
        append(line, "type:", toQString(filter.eventName));
    if (!filter.eventId.empty())
        append(line, "id:", toQString(filter.eventId));
    if (filter.job)
        append(line, "job:", QStringLiteral("R-%1").arg(engine::toInt(*filter.job)));
    if (!filter.text.empty())
        append(line, "text:", toQString(filter.text));
    if (!filter.payloadPath.empty())
        append(line, "",
            toQString(filter.payloadPath) + u':'
                + (filter.payloadValue.empty() ? QStringLiteral("*")
                                               : toQString(filter.payloadValue)));
    if (filter.attemptsMin)
        append(line, "retries>=", QString::number(*filter.attemptsMin));
    if (filter.payloadBytesMin)
        append(line, "size>=", QString::number(*filter.payloadBytesMin));
    appendTime(line, "first>", filter.firstFrom);
    appendTime(line, "first<", filter.firstTo);
    appendTime(line, "last>", filter.failedFrom);
    appendTime(line, "last<", filter.failedTo);
    appendTime(line, "event>", filter.eventFrom);
    appendTime(line, "event<", filter.eventTo);
    appendTime(line, "expires<", filter.expiresTo);
    if (filter.states != engine::DeadLetterFilter {}.states) {
        for (const auto state : filter.states)
            append(line, "state:", QLatin1String(engine::toString(state)));
    }
    return line;
}

engine::DeadLetterFilter withWholeDestinations(engine::DeadLetterFilter filter)
{
    for (const auto& shard : filter.shards) {
        if (shard.isWholeDestination())
            filter.destinations.push_back(shard.destination);
    }
    std::erase_if(
        filter.shards, [](const engine::ShardId& shard) { return shard.isWholeDestination(); });
    return filter;
}

QString withoutTerm(const QString& line, const FilterTerm& term)
{
    QString rest = line;
    rest.remove(term.from, term.length);
    static const QRegularExpression spaces(QStringLiteral("\\s{2,}"));
    // Runs of spaces inside quotes would be cut too; a fingerprint never has two in a row.
    return rest.replace(spaces, QStringLiteral(" ")).trimmed();
}

} // namespace ui
