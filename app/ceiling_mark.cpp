#include "ceiling_mark.h"

#include <engine/ceiling_source.h>

#include <algorithm>
#include <iterator>

namespace app {
namespace {

using engine::CeilingSource;

struct SourceMark {
    CeilingSource source { CeilingSource::Unknown };
    const char* mark { nullptr };
    const char* meaning { nullptr };
};
constexpr SourceMark kSourceMarks[] {
    { CeilingSource::Documented, "d", "documented" },
    { CeilingSource::Integrations, "v", "default to verify" },
    { CeilingSource::Operator, "v", "default to verify" },
    { CeilingSource::Advice, "v", "default to verify" },
    { CeilingSource::Unverified, "v", "default to verify" },
    { CeilingSource::Configured, "c", "configured" },
    { CeilingSource::Learned, "l", "learned" },
    { CeilingSource::Header, "l", "learned" },
    { CeilingSource::Unknown, "?", "unknown" },
};

bool isOf(const SourceMark& row, const QString& source)
{
    return source == QLatin1String(engine::toString(row.source));
}

} // namespace

QString ceilingMark(const QString& source)
{
    const auto* const found = std::find_if(std::begin(kSourceMarks), std::end(kSourceMarks),
        [&](const SourceMark& row) { return isOf(row, source); });
    return found == std::end(kSourceMarks) ? QStringLiteral("–") : QLatin1String(found->mark);
}

QString learnedLine(const LearnedCeiling& ceiling)
{
    if (ceiling.source != QLatin1String(engine::toString(CeilingSource::Learned))
        || ceiling.at.isEmpty())
        return {};
    QString line = QStringLiteral("learned: %1 %2/s, %3")
                       .arg(ceiling.shard, QString::number(ceiling.perSecond, 'g', 3), ceiling.at);
    if (!ceiling.from.isEmpty())
        line += QStringLiteral(", from ") + ceiling.from;
    return line + u'\n';
}

QString ceilingLegend(const QStringList& sources)
{
    QStringList meanings;
    for (const SourceMark& row : kSourceMarks) {
        const bool isThere = std::any_of(sources.begin(), sources.end(),
            [&](const QString& source) { return isOf(row, source); });
        const QString meaning = QLatin1String(row.mark) + u' ' + QLatin1String(row.meaning);
        if (isThere && !meanings.contains(meaning))
            meanings += meaning;
    }
    if (meanings.isEmpty())
        return {};
    return QStringLiteral("ceiling: ") + meanings.join(QStringLiteral(", ")) + u'\n';
}

} // namespace app
