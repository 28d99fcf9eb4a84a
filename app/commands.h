// The subcommands. Each takes the words after its name and returns what the process exits with.
#pragma once

#include "arguments.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace app {

[[nodiscard]] ExitCode runStatus(const QStringList& words);
[[nodiscard]] ExitCode runPause(const QStringList& words);
[[nodiscard]] ExitCode runResume(const QStringList& words);
[[nodiscard]] ExitCode runTune(const QStringList& words);
[[nodiscard]] ExitCode runSale(const QStringList& words);
[[nodiscard]] ExitCode runReload(const QStringList& words);
[[nodiscard]] ExitCode runOverrides(const QStringList& words);
[[nodiscard]] ExitCode runThresholds(const QStringList& words);
[[nodiscard]] ExitCode runAudit(const QStringList& words);
[[nodiscard]] ExitCode runDlq(const QStringList& words);
[[nodiscard]] ExitCode runEvents(const QStringList& words);
[[nodiscard]] ExitCode runReplay(const QStringList& words);
[[nodiscard]] ExitCode runSecret(const QStringList& words);
[[nodiscard]] ExitCode runCheck(const QStringList& words);
[[nodiscard]] ExitCode runServe(const QStringList& words);
[[nodiscard]] ExitCode runSimulate(const QStringList& words);
[[nodiscard]] ExitCode runConsole(int argc, char** argv);

} // namespace app
