// How sure the ceiling of a shard's rate is, in one letter: the columns of a table fill a terminal
// already.
#pragma once

#include <QStringList>

namespace app {

// `source` as engine::toString() and the control API name it; a dash for one that is not known.
[[nodiscard]] QString ceilingMark(const QString& source);
// A line for a learned ceiling: "learned: meta/1029 0.083/s, 2026-11-30T14:02:11Z, from 613". Empty
// for a source that is another, or when nobody knows since when.
struct LearnedCeiling {
    QString source {};
    QString shard {};
    double perSecond { 0 };
    QString at {};
    QString from {};
};
[[nodiscard]] QString learnedLine(const LearnedCeiling& ceiling);
// One line that says what the letters of these sources mean; empty where there is none.
[[nodiscard]] QString ceilingLegend(const QStringList& sources);

} // namespace app
