// Files of an export: written whole or not at all, away from the window. GUI thread.
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QObject;

namespace ui {

// A disk may take its time, and the window never waits for one. `done` runs in this thread, while
// `context` is there: with nothing when the file is in its place, or else with the disk's words.
void writeFile(const QString& path, QByteArray text, QObject* context,
    std::function<void(const QString& problem)> done);

} // namespace ui
