// Numbers, durations, times and names as people read them. Units are always shown; the exact value
// belongs in the tooltip. All pure; GUI thread not needed, but tr() texts follow the installed
// translators.
#pragma once

#include <engine/ids.h>
#include <engine/snapshot.h>
#include <engine/time.h>

#include <QString>
#include <QStringList>

#include <optional>
#include <string>

namespace ui {

inline QString toQString(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// A text of what is no class, in the translation context "ui".
[[nodiscard]] QString tr(const char* text);

// Below 1,000 in full, then 9.8k, 184.2k, 1.24M, 3.10G. Negative values keep their sign.
[[nodiscard]] QString formatCount(std::int64_t value);
[[nodiscard]] QString formatExact(std::int64_t value); // "184,231" by the locale
// 0, 0.4, 8.2, 240, 1,337: one decimal below 10.
[[nodiscard]] QString formatRate(double perSecond);
[[nodiscard]] QString formatRequestRate(double perSecond); // up to three decimals: 0.167
// "0.6 s" below 10 s, "48 s" up to 99 s, "6m 12s", "2h 05m", "6d 2h".
[[nodiscard]] QString formatDuration(engine::Millis duration);
// "640 ms" below 1 s, "1.9 s", then as a duration.
[[nodiscard]] QString formatLatency(engine::Millis latency);
// "0.0 %", "3.1 %", "38.2 %", "100 %".
[[nodiscard]] QString formatPercent(double ratio);
[[nodiscard]] QString formatBytes(std::int64_t bytes); // "212 MB", 1000-based

// Which times people read on screen. One choice for the whole program, like its language: set it in
// the GUI thread, before or between paints.
enum class ClockZone { Local, Utc };
void setClockZone(ClockZone zone);
[[nodiscard]] ClockZone clockZone();

[[nodiscard]] QString formatClock(engine::WallTime time); // "14:07:31"
[[nodiscard]] QString formatDateTime(engine::WallTime time); // date and time
[[nodiscard]] QString formatUtc(engine::WallTime time); // ISO 8601, for tooltips and exports
[[nodiscard]] QString zoneName(engine::WallTime time); // "CET", "UTC+01:00"

// "meta · 1048…7731": accounts over 12 characters keep four at each end. A destination alone is
// its name. The exact name goes in the tooltip.
[[nodiscard]] QString shardLabel(const engine::ShardId& shard);
// Longest first, for where room is scarce: "crm · shop-eu", "crm shop-eu", "crm…p-eu".
[[nodiscard]] QStringList shardLabelsByLength(const engine::ShardId& shard);
[[nodiscard]] QString shardName(const engine::ShardId& shard); // unabridged, "meta · 1029384756"

[[nodiscard]] QString stateWord(engine::ShardState state); // "Throttled"
// The state as an operator says it: "Paused until 14:30", "Config refused", "Probing".
[[nodiscard]] QString stateSentence(const engine::ShardSnapshot& shard);
[[nodiscard]] QString metricName(engine::Metric metric); // "Queue depth"

constexpr QChar kDash { u'—' }; // a value that does not exist: never 0, never empty
constexpr QChar kMiddleDot { u'·' };

} // namespace ui
