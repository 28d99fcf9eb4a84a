// What the subcommands share: faults of the command line, numbers and times of it, and how an
// answer ends a command.
#pragma once

#include "control_client.h"

#include <QString>

#include <limits>
#include <optional>

namespace app {

// Prints the fault and where the manual is.
[[nodiscard]] ExitCode usageFault(const QString& command, const QString& problem);
// What an answer means for the process; prints the fault, or with --json the body, or else `text`.
[[nodiscard]] ExitCode finish(
    const Arguments& arguments, const ControlAnswer& answer, const QString& text);

[[nodiscard]] std::optional<qint64> toMillis(const QString& duration); // "60s", "15m"
[[nodiscard]] QString durationText(double seconds); // "48 s", "6m 12s", "2h 05m"
[[nodiscard]] QString countText(qint64 count); // "184,200"

struct WholeRange {
    qint64 min { 0 };
    qint64 max { std::numeric_limits<qint64>::max() };
};
// Reads --max and the like; `problem` is set when it is no whole number of the range.
[[nodiscard]] qint64 wholeNumber(const Arguments& arguments, const QString& name, qint64 fallback,
    const WholeRange& range, QString& problem);

} // namespace app
