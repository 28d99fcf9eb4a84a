// In place of console.cpp where the program is built without Gui, Widgets and Charts.
#include "commands.h"
#include "help.h"

namespace app {

ExitCode runConsole(int, char**)
{
    printError(QStringLiteral("this build has no console; run: spillway serve --config FILE --data "
                              "DIR, or spillway --help"));
    return ExitCode::Usage;
}

} // namespace app
