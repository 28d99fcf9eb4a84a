// Does a short text typed in haste mean this title? By word starts: "pa ret" and "pr" both find
// "Pause retries". Pure.
#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace ui {

[[nodiscard]] QStringList wordsOf(const QString& text); // lower case, without & and punctuation

// Lower is better; nothing when some word of the query begins no word of the text, nor spells the
// first letters of several.
[[nodiscard]] std::optional<int> matchRank(const QStringList& query, const QStringList& text);

} // namespace ui
