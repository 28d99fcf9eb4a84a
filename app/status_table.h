// The status of an engine as a table for a terminal: from the control API's JSON.
#pragma once

#include <QJsonObject>
#include <QString>

namespace app {

// The state of a shard whose destination is not in the configuration.
inline const QString kNotConfigured = QStringLiteral("not configured");

[[nodiscard]] QString statusText(const QJsonObject& status);
[[nodiscard]] QString saleText(const QJsonObject& sale); // one line

// What to do about destinations that are not in the configuration and for which something waits; a
// line each, empty where there is none.
[[nodiscard]] QString orphansText(QStringList destinations);

} // namespace app
