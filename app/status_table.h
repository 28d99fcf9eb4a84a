// The status of an engine as a table for a terminal: from the control API's JSON.
#pragma once

#include <QJsonObject>
#include <QString>

namespace app {

[[nodiscard]] QString statusText(const QJsonObject& status);
[[nodiscard]] QString saleText(const QJsonObject& sale); // one line

} // namespace app
