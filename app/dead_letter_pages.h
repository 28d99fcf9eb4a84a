// Reading dead letters page by page, and writing them to a file.
#pragma once

#include "control_client.h"

#include <QJsonArray>
#include <QJsonObject>

#include <functional>

namespace app {

// Pages until `most` entries are there or the list ends; stops at the first fault, which is then in
// the answer, or when `take` says so.
struct PagesWanted {
    QJsonObject filter {};
    qint64 most { 0 };
    QString after {}; // the id of an entry
    bool withPayloads { false };
};
[[nodiscard]] ControlAnswer readPages(const ControlClient& client, const PagesWanted& wanted,
    const std::function<bool(const QJsonArray&)>& take);

// dlq export FILE: JSON Lines with payload and answer, or CSV, masked, with FILE.meta.json beside
// it. Neither is there when it does not come to its end.
[[nodiscard]] ExitCode exportDeadLetters(const Arguments& arguments, const ControlClient& client);

} // namespace app
