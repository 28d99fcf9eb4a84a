// A page of the help as a test reads it: its tables, its prose, the numbers and times in it.
#pragma once

#include <engine/time.h>

#include <QFile>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include <set>
#include <vector>

namespace engine::testing {

class HelpPage {
public:
    explicit HelpPage(const QString& path)
    {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            m_lines = QString::fromUtf8(file.readAll()).split(u'\n');
    }

    // The rows of the table below a heading, without the header.
    [[nodiscard]] std::vector<QStringList> table(const QString& heading) const
    {
        std::vector<QStringList> rows;
        bool isHere = false;
        for (const QString& line : m_lines) {
            if (line.startsWith(u"## "))
                isHere = line.mid(3) == heading;
            if (!isHere || !line.startsWith(u'|'))
                continue;
            QStringList cells;
            for (const QString& cell : line.mid(1).chopped(1).split(u'|'))
                cells += cell.trimmed();
            rows.push_back(std::move(cells));
        }
        rows.erase(rows.begin(), rows.begin() + std::min<std::ptrdiff_t>(std::ssize(rows), 2));
        return rows;
    }

    // All but the examples, in one line.
    [[nodiscard]] QString prose() const
    {
        QString text;
        bool isExample = false;
        for (const QString& line : m_lines) {
            if (line.startsWith(u"```"))
                isExample = !isExample;
            else if (!isExample)
                text += line + u' ';
        }
        return text;
    }

private:
    QStringList m_lines {};
};

// "1,000"
inline QString numberText(std::int64_t number) { return QLocale::c().toString(number); }

// Whole numbers of a text; "v25" and "0.5" hold none.
inline std::vector<std::int64_t> numbersIn(const QString& text)
{
    static const QRegularExpression pattern(
        QStringLiteral("(?<![\\w.,])\\d[\\d,]*\\d|(?<![\\w.,])\\d"));
    std::vector<std::int64_t> numbers;
    for (auto it = pattern.globalMatch(text); it.hasNext();)
        numbers.push_back(it.next().captured().remove(u',').toLongLong());
    return numbers;
}

// "Up to 1,000 events", "more than 2,000": what is no time.
inline std::vector<std::int64_t> ceilingsIn(const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral(
        "(?:[Uu]p to|[Mm]ore than|about) (\\d[\\d,]*)(?![\\d,]* (?:second|minute|hour|day))"));
    std::vector<std::int64_t> numbers;
    for (auto it = pattern.globalMatch(text); it.hasNext();)
        numbers.push_back(it.next().captured(1).remove(u',').toLongLong());
    return numbers;
}

inline bool hasNumber(const QString& text, std::int64_t number)
{
    const auto numbers = numbersIn(text);
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// "7 days", "48 hours", "15 minutes", "1 second": hours up to two days, days from there on.
inline QString durationText(Seconds time)
{
    const std::int64_t count = time.count();
    const auto text = [](std::int64_t number, const char* unit) {
        return QStringLiteral("%1 %2%3").arg(
            numberText(number), QLatin1String(unit), QLatin1String(number == 1 ? "" : "s"));
    };
    constexpr std::int64_t kDay = 86'400;
    if (count % kDay == 0 && (count == kDay || count > 2 * kDay))
        return text(count / kDay, "day");
    if (count % 3'600 == 0 && count > 0)
        return text(count / 3'600, "hour");
    if (count % 60 == 0 && count > 0)
        return text(count / 60, "minute");
    return text(count, "second");
}

// Times of a text, in digits ("7 days", "60 s") or words ("two hours").
inline std::set<Seconds> durationsIn(const QString& text)
{
    static const QRegularExpression pattern(QStringLiteral(
        "(?<![\\w.,])(\\d[\\d,]*|two|three|four|five|six|seven|eight|ten|fifteen|sixteen) "
        "(seconds?|s|minutes?|hours?|days?)\\b"));
    static const QStringList words { QStringLiteral("zero"), QStringLiteral("one"),
        QStringLiteral("two"), QStringLiteral("three"), QStringLiteral("four"),
        QStringLiteral("five"), QStringLiteral("six"), QStringLiteral("seven"),
        QStringLiteral("eight"), QStringLiteral("nine"), QStringLiteral("ten"),
        QStringLiteral("eleven"), QStringLiteral("twelve"), QStringLiteral("thirteen"),
        QStringLiteral("fourteen"), QStringLiteral("fifteen"), QStringLiteral("sixteen") };
    std::set<Seconds> times;
    for (auto it = pattern.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const qsizetype word = words.indexOf(match.captured(1));
        const std::int64_t count = word >= 0 ? word : match.captured(1).remove(u',').toLongLong();
        const QChar unit = match.captured(2).front();
        const std::int64_t seconds = unit == u's' ? 1
            : unit == u'm'                        ? 60
            : unit == u'h'                        ? 3'600
                                                  : 86'400;
        times.insert(Seconds { count * seconds });
    }
    return times;
}

// Does the first cell of a row name this code: "190, 102", "80000–80014", "5xx", "`failed`"?
inline bool isCodeNamed(const QString& cell, const QString& code)
{
    bool isNumber = false;
    const std::int64_t number = code.toLongLong(&isNumber);
    if (!isNumber) {
        static const QRegularExpression separator(QStringLiteral("[`,\\s]+"));
        return cell.split(separator).contains(code);
    }
    static const QRegularExpression pattern(
        QStringLiteral("(?<![\\w.,/])(\\d+)(?:–(\\d+)|(xx))?(?![\\w/])"));
    for (auto it = pattern.globalMatch(cell); it.hasNext();) {
        const auto match = it.next();
        const std::int64_t first = match.captured(1).toLongLong();
        const bool isClass = !match.captured(3).isEmpty();
        const std::int64_t from = isClass ? first * 100 : first;
        const std::int64_t to = isClass   ? first * 100 + 99
            : match.captured(2).isEmpty() ? first
                                          : match.captured(2).toLongLong();
        if (number >= from && number <= to)
            return true;
    }
    return false;
}

} // namespace engine::testing
