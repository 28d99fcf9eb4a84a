#include "settings/console_settings.h"

#include <QSettings>

#include <algorithm>
#include <array>

namespace ui {

namespace {

const QString kTheme = QStringLiteral("look/theme");
const QString kDensity = QStringLiteral("look/density");
const QString kMotion = QStringLiteral("look/reducedMotion");
const QString kSpan = QStringLiteral("charts/span");
const QString kLog = QStringLiteral("charts/logarithmic");
const QString kZone = QStringLiteral("time/zone");
const QString kAttention = QStringLiteral("notifications/attention");
const QString kDragging = QStringLiteral("tuning/applyWhileDragging");
const QString kShortcuts = QStringLiteral("shortcuts");

// Words in the file, not numbers: a person may edit it.
constexpr std::array kThemes { "system", "light", "dark" };
constexpr std::array kDensities { "compact", "normal", "comfortable" };
constexpr std::array kSpans { "15m", "1h", "6h", "24h" };
constexpr std::array kZones { "local", "utc" };
constexpr std::array kDraggings { "simulator", "always", "never" };

template <class Enum, std::size_t N>
void read(
    QSettings& store, const QString& key, const std::array<const char*, N>& words, Enum& value)
{
    const QString text = store.value(key).toString();
    for (std::size_t i = 0; i < N; ++i) {
        if (text == QLatin1String(words[i]))
            value = static_cast<Enum>(i);
    }
}

template <class Enum, std::size_t N>
void write(
    QSettings& store, const QString& key, const std::array<const char*, N>& words, Enum value)
{
    store.setValue(key, QLatin1String(words.at(static_cast<std::size_t>(value))));
}

} // namespace

QString keysToText(const QList<QKeySequence>& keys)
{
    return QKeySequence::listToString(keys, QKeySequence::PortableText);
}

QList<QKeySequence> keysFromText(const QString& text)
{
    // Qt makes one empty sequence of an empty text.
    return text.isEmpty() ? QList<QKeySequence> {}
                          : QKeySequence::listFromString(text, QKeySequence::PortableText);
}

ConsoleSettings loadSettings(QSettings& store)
{
    ConsoleSettings settings;
    read(store, kTheme, kThemes, settings.appearance.theme);
    read(store, kDensity, kDensities, settings.appearance.density);
    settings.appearance.isMotionReduced = store.value(kMotion, false).toBool();
    read(store, kSpan, kSpans, settings.charts.span);
    settings.charts.isLogarithmic = store.value(kLog, false).toBool();
    read(store, kZone, kZones, settings.time.zone);
    settings.notifications.asksAttention = store.value(kAttention, true).toBool();
    read(store, kDragging, kDraggings, settings.tuning.applies);
    store.beginGroup(kShortcuts);
    for (const QString& name : store.childKeys())
        settings.shortcuts.changed[name] = keysFromText(store.value(name).toString());
    store.endGroup();
    return settings;
}

void saveSettings(const ConsoleSettings& settings, QSettings& store)
{
    write(store, kTheme, kThemes, settings.appearance.theme);
    write(store, kDensity, kDensities, settings.appearance.density);
    store.setValue(kMotion, settings.appearance.isMotionReduced);
    write(store, kSpan, kSpans, settings.charts.span);
    store.setValue(kLog, settings.charts.isLogarithmic);
    write(store, kZone, kZones, settings.time.zone);
    store.setValue(kAttention, settings.notifications.asksAttention);
    write(store, kDragging, kDraggings, settings.tuning.applies);
    store.remove(kShortcuts);
    for (const auto& [name, keys] : settings.shortcuts.changed)
        store.setValue(
            kShortcuts + u'/' + name, QKeySequence::listToString(keys, QKeySequence::PortableText));
}

bool exportSettings(QSettings& store, const QString& path)
{
    static constexpr std::array kGroups { "look", "charts", "time", "notifications", "tuning",
        "shortcuts", "window", "overview", "shard" };
    QSettings file(path, QSettings::IniFormat);
    file.clear();
    for (const QString& key : store.allKeys()) {
        const bool isExported = std::any_of(kGroups.begin(), kGroups.end(),
            [&](const char* group) { return key.startsWith(QLatin1String(group) + u'/'); });
        if (isExported)
            file.setValue(key, store.value(key));
    }
    file.sync();
    return file.status() == QSettings::NoError;
}

} // namespace ui
