#include "dlq/json_outline.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringTokenizer>

#include <algorithm>
#include <optional>

namespace ui {
namespace {

struct JsonOutlineText {
    Q_DECLARE_TR_FUNCTIONS(JsonOutline)
};

QString pathStep(const QString& key)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z_][A-Za-z0-9_]*$"));
    return plain.match(key).hasMatch() ? u'.' + key : QStringLiteral(".\"") + key + u'"';
}

// Takes line after line and knows what each of them says.
class OutlineReader {
public:
    // Nothing for a line that only closes.
    std::optional<OutlineItem> take(QStringView line)
    {
        line = line.trimmed();
        if (line.endsWith(u','))
            line.chop(1);
        if (line == u"}" || line == u"]") {
            if (!m_levels.empty())
                m_levels.pop_back();
            return std::nullopt;
        }
        if (line.isEmpty())
            return std::nullopt;
        OutlineItem item = itemOf(line);
        item.depth = static_cast<int>(m_levels.size());
        item.isContainer = item.value == u"{" || item.value == u"[";
        if (item.isContainer)
            m_levels.push_back({ .isList = item.value == u"[", .path = item.path });
        return item;
    }

private:
    struct Level {
        bool isList { false };
        int index { 0 };
        QString path {};
    };

    OutlineItem itemOf(QStringView line)
    {
        if (m_levels.empty())
            return { .path = QStringLiteral("$"), .value = line.toString() };
        Level& level = m_levels.back();
        if (level.isList)
            return { .path = QStringLiteral("%1[%2]").arg(level.path).arg(level.index++),
                .value = line.toString() };
        qsizetype end = 1; // of the key: the next quote that is not escaped
        while (end < line.size() && line.at(end) != u'"')
            end += line.at(end) == u'\\' ? 2 : 1;
        const QString key = line.mid(1, end - 1).toString();
        return { .key = key,
            .path = level.path + pathStep(key),
            .value = line.mid(std::min(end + 3, line.size())).toString() };
    }

    std::vector<Level> m_levels {};
};

} // namespace

std::vector<OutlineItem> outlineOf(QStringView formatted, int itemsMax)
{
    OutlineReader reader;
    std::vector<OutlineItem> items;
    for (const QStringView line : formatted.tokenize(u'\n')) {
        if (static_cast<int>(items.size()) >= itemsMax)
            break;
        if (auto item = reader.take(line))
            items.push_back(std::move(*item));
    }
    return items;
}

OutlineItem outlineAt(QStringView formatted, qsizetype position)
{
    OutlineReader reader;
    qsizetype from = 0;
    for (const QStringView line : formatted.tokenize(u'\n')) {
        auto item = reader.take(line);
        from += line.size() + 1;
        if (position < from)
            return item.value_or(OutlineItem {});
    }
    return {};
}

Elided elideLongStrings(const QString& formatted, int charsMax)
{
    constexpr int kKept = 80; // of what is cut: enough to know it again
    // Runs of anything but quotes and backslashes, or an escaped character: no backtracking.
    static const QRegularExpression string(QStringLiteral("\"((?:[^\"\\\\]++|\\\\.)*+)\""));
    Elided result;
    qsizetype done = 0;
    auto matches = string.globalMatch(formatted);
    while (matches.hasNext()) {
        const auto match = matches.next();
        if (match.capturedLength(1) <= charsMax)
            continue;
        qsizetype cut = match.capturedStart(1) + kKept;
        if (formatted.at(cut - 1) == u'\\')
            --cut; // half an escape is none
        result.text += QStringView(formatted).mid(done, cut - done);
        result.text += JsonOutlineText::tr("… (%1 characters)").arg(match.capturedLength(1));
        done = match.capturedEnd(1);
        ++result.count;
    }
    result.text += QStringView(formatted).mid(done);
    return result;
}

} // namespace ui
