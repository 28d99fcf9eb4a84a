// Look, layout and shortcuts of this operator's console. Kept in an INI file beside what the window
// remembers of its geometry; nothing here belongs to the engine and nothing is secret.
#pragma once

#include "format/format.h"
#include "theme/theme.h"

#include <engine/snapshot.h>

#include <QKeySequence>
#include <QList>
#include <QString>

#include <map>

class QSettings;

namespace ui {

struct AppearanceSettings {
    ThemeMode theme { ThemeMode::System };
    Density density { Density::Normal };
    bool isMotionReduced { false };
    friend bool operator==(const AppearanceSettings&, const AppearanceSettings&) = default;
};
struct ChartSettings { // how charts begin
    engine::HistorySpan span { engine::HistorySpan::Minutes15 };
    bool isLogarithmic { false }; // depth and lag
    friend bool operator==(const ChartSettings&, const ChartSettings&) = default;
};
struct TimeSettings {
    ClockZone zone { ClockZone::Local };
    friend bool operator==(const TimeSettings&, const TimeSettings&) = default;
};
struct NotificationSettings {
    // The taskbar asks for attention when a shard gets critical and no window of ours is active.
    bool asksAttention { true };
    friend bool operator==(const NotificationSettings&, const NotificationSettings&) = default;
};
struct TuningSettings {
    // A slider that is dragged applies as it goes, four times a second.
    enum class Dragging { InSimulator, Always, Never };
    Dragging applies { Dragging::InSimulator };
    friend bool operator==(const TuningSettings&, const TuningSettings&) = default;
};
struct ShortcutSettings {
    std::map<QString, QList<QKeySequence>> changed {}; // by object name of the action
    friend bool operator==(const ShortcutSettings&, const ShortcutSettings&) = default;
};

struct ConsoleSettings {
    AppearanceSettings appearance {};
    ChartSettings charts {};
    TimeSettings time {};
    NotificationSettings notifications {};
    TuningSettings tuning {};
    ShortcutSettings shortcuts {};
    friend bool operator==(const ConsoleSettings&, const ConsoleSettings&) = default;
};

// As in the file and in the actions' properties: portable text; nothing is no keys, on purpose.
[[nodiscard]] QString keysToText(const QList<QKeySequence>& keys);
[[nodiscard]] QList<QKeySequence> keysFromText(const QString& text);

// What cannot be read is the default: a broken file is never an error.
[[nodiscard]] ConsoleSettings loadSettings(QSettings& store);
void saveSettings(const ConsoleSettings& settings, QSettings& store);

// Writes look, layout and shortcuts to another file; not what was searched for or typed lately.
// False when the file cannot be written.
[[nodiscard]] bool exportSettings(QSettings& store, const QString& path);

} // namespace ui
