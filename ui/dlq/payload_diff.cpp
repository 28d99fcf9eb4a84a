#include "dlq/payload_diff.h"

#include "dlq/masking.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <map>

namespace ui {
namespace {

struct PayloadDiffText {
    Q_DECLARE_TR_FUNCTIONS(PayloadDiff)
};

// Reads what formatJson() wrote: one value a line, containers opened and closed on lines of their
// own. So every number keeps its digits, which a parser into doubles would take.
class Flattener {
public:
    [[nodiscard]] std::map<QString, QString> read(const QString& json)
    {
        for (const QString& line : json.split(u'\n'))
            take(line.trimmed());
        return m_leaves;
    }

private:
    struct Level {
        bool isList { false };
        int index { 0 };
        QString pointer {};
    };

    void take(QString line)
    {
        if (line.endsWith(u','))
            line.chop(1);
        if (line == u"}" || line == u"]") {
            if (!m_levels.isEmpty())
                m_levels.removeLast();
            return;
        }
        if (line.isEmpty())
            return;
        const auto [pointer, value] = placeOf(line);
        if (value == u"{" || value == u"[")
            m_levels.append({ .isList = value == u"[", .pointer = pointer });
        else
            m_leaves[pointer] = value;
    }

    std::pair<QString, QString> placeOf(const QString& line)
    {
        if (m_levels.isEmpty())
            return { QString(), line };
        Level& level = m_levels.last();
        if (level.isList)
            return { level.pointer + u'/' + QString::number(level.index++), line };
        qsizetype end = 1; // of the key: the next quote that is not escaped
        while (end < line.size() && line.at(end) != u'"')
            end += line.at(end) == u'\\' ? 2 : 1;
        const QString key = line.mid(1, end - 1);
        return { level.pointer + u'/' + key, line.mid(std::min(end + 3, line.size())) };
    }

    QList<Level> m_levels {};
    std::map<QString, QString> m_leaves {};
};

QChar typeOf(const QString& value)
{
    const QChar first = value.isEmpty() ? QChar(u'n') : value.front();
    if (first.isDigit() || first == u'-')
        return u'0';
    return first == u'f' ? QChar(u't') : first; // true and false are one type
}

} // namespace

std::vector<PayloadDifference> comparePayloads(
    const std::string& accepted, const std::string& failed)
{
    using Kind = PayloadDifference::Kind;
    const auto good = Flattener().read(formatJson(accepted));
    const auto bad = Flattener().read(formatJson(failed));
    std::vector<PayloadDifference> differences;
    for (const auto& [pointer, value] : good) {
        const auto other = bad.find(pointer);
        if (other == bad.end())
            differences.push_back({ Kind::Missing, pointer, value, {} });
        else if (typeOf(value) != typeOf(other->second))
            differences.push_back({ Kind::OtherType, pointer, value, other->second });
        else if (value != other->second)
            differences.push_back({ Kind::OtherValue, pointer, value, other->second });
    }
    for (const auto& [pointer, value] : bad) {
        if (!good.contains(pointer))
            differences.push_back({ Kind::New, pointer, {}, value });
    }
    std::stable_sort(differences.begin(), differences.end(),
        [](const auto& a, const auto& b) { return a.kind < b.kind; });
    return differences;
}

QString typeWord(const QString& value)
{
    switch (typeOf(value).unicode()) {
    case u'"':
        return PayloadDiffText::tr("text");
    case u'0':
        return PayloadDiffText::tr("number");
    case u't':
        return PayloadDiffText::tr("true or false");
    case u'{':
        return PayloadDiffText::tr("object");
    case u'[':
        return PayloadDiffText::tr("list");
    default:
        return PayloadDiffText::tr("null");
    }
}

QString differenceText(const PayloadDifference& difference)
{
    using Kind = PayloadDifference::Kind;
    const QString word = differenceWord(difference.kind);
    if (difference.kind == Kind::OtherType)
        return PayloadDiffText::tr("%1: %2 → %3", "other type: number → text")
            .arg(word, typeWord(difference.accepted), typeWord(difference.failed));
    return PayloadDiffText::tr("%1: %2", "missing: number")
        .arg(word,
            typeWord(difference.kind == Kind::Missing ? difference.accepted : difference.failed));
}

QString differenceWord(PayloadDifference::Kind kind)
{
    switch (kind) {
    case PayloadDifference::Kind::Missing:
        return PayloadDiffText::tr("missing");
    case PayloadDifference::Kind::OtherType:
        return PayloadDiffText::tr("other type");
    case PayloadDifference::Kind::New:
        return PayloadDiffText::tr("new");
    case PayloadDifference::Kind::OtherValue:
        return PayloadDiffText::tr("other value");
    }
    return {};
}

} // namespace ui
