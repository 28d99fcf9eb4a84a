// How a dead letter reads in a table cell: shared by the model, the copied cells and the export.
// Pure. Personal data in a platform's message is masked here already.
#pragma once

#include <engine/pages.h>

#include <QString>
#include <QVariant>

class QFontMetrics;

namespace ui {

[[nodiscard]] QString columnTitle(int column); // of DeadLetterModel::Column
[[nodiscard]] QString widestStamp(const QFontMetrics& metrics); // that formatStamp() makes
[[nodiscard]] bool isNumberColumn(int column);
[[nodiscard]] QString cellText(const engine::DeadLetterRow& row, int column);
[[nodiscard]] QString cellToolTip(const engine::DeadLetterRow& row, int column); // exact, UTC
[[nodiscard]] QVariant cellRaw(const engine::DeadLetterRow& row, int column);

[[nodiscard]] QString outcomeWord(engine::Outcome outcome); // "Invalid"
[[nodiscard]] QString deadLetterStateWord(engine::DeadLetterState state); // "Waiting"
// "30 Nov 09:12:05": short, local. The tooltip has the year and UTC.
[[nodiscard]] QString formatStamp(engine::WallTime time);

} // namespace ui
