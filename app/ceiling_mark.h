// How sure the ceiling of a shard's rate is, in one letter: the columns of a table fill a terminal
// already.
#pragma once

#include <QStringList>

namespace app {

// `source` as engine::toString() and the control API name it; a dash for one that is not known.
[[nodiscard]] QString ceilingMark(const QString& source);
// One line that says what the letters of these sources mean; empty where there is none.
[[nodiscard]] QString ceilingLegend(const QStringList& sources);

} // namespace app
