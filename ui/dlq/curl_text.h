// A failed request as a command line that can be passed on: no secret and no personal data in it,
// and there is no variant that has them. Pure.
#pragma once

#include <engine/pages.h>

#include <QString>

namespace ui {

// A POSIX shell command. Secrets are "$NAME" of the environment, `prefix` ("META") before the name
// of the header, parameter or key they stood in; body values are masked.
[[nodiscard]] QString toCurl(const engine::DeadLetterDetail& detail, const QString& prefix);

} // namespace ui
