// The log of this process: one line for each message, whatever a platform or a file put into it.
#pragma once

#include <QString>

namespace app {

// Line breaks and other control characters as escapes (\n, \x1b), so that nothing in a message can
// end its line, look like another or steer the terminal.
[[nodiscard]] QString inOneLine(const QString& text);

// From here on every message goes to the standard error output like that, with time, level and
// category.
void writeLogInLines();

} // namespace app
