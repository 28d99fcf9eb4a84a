// --destination, --from and the other filters that `dlq` and `replay` share, as the control API's
// filter.
#pragma once

#include "arguments.h"

#include <QJsonObject>
#include <QUrlQuery>

#include <vector>

namespace app {

[[nodiscard]] std::vector<OptionSpec> withFilterOptions(std::vector<OptionSpec> specs);
// Name in the API → value; empty when no filter was given.
[[nodiscard]] QJsonObject filterOf(const Arguments& arguments);
[[nodiscard]] QUrlQuery queryOf(const QJsonObject& filter);

} // namespace app
