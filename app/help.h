// The manual pages of the command line, from resources/help/commands.
#pragma once

#include <QString>

namespace app {

[[nodiscard]] QString helpText(const QString& command); // "spillway" for the program's own
void print(const QString& text); // standard output, UTF-8
void printError(const QString& text); // "spillway: text" and a line break, standard error

} // namespace app
