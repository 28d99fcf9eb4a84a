// The filter line of the dead-letter browser: text ↔ engine::DeadLetterFilter. Pure; any thread.
#pragma once

#include <engine/pages.h>

#include <QString>

#include <optional>
#include <vector>

namespace ui {

// One condition as written. `from` and `length` are its place in the line, so that a chip can be
// taken out again without touching the rest.
struct FilterTerm {
    QString key {};
    QString value {};
    int from { 0 };
    int length { 0 };
    [[nodiscard]] QString text() const;
};

// What a line means. With an error the filter is the default one and must not be used: a typing
// mistake never empties the list.
struct ParsedFilter {
    engine::DeadLetterFilter filter {};
    std::vector<FilterTerm> terms {};
    QString error {}; // a sentence that names the word and what was expected; empty when it is good
    int errorFrom { 0 }; // where in the line
    [[nodiscard]] bool isValid() const { return error.isEmpty(); }
};

// Conditions apart by spaces, values with spaces in double quotes:
//   dest:meta-main  shard:meta-main/1029384756  code:100  http:400  class:invalid,unknown
//   fp:"meta-main · 400 · …"  type:Purchase  id:ord-5512  state:archived
//   retries>=3  size>100k  expires<24h  text:"not a number"  $.user.email:anna*
//   first>09:00  first<2026-11-27  last>15m  last<2026-11-27T12:00Z  event>2d
// Several values of dest, shard, class and state are alternatives; everything else must hold
// together. A bare word is an event id. Clock times are local and of the day of `now`; "15m" is
// fifteen minutes before `now`; with expires it is fifteen minutes after it. "text" stands in the
// payload or the message; "$.field" is a field of the payload, and "*" ends any value.
[[nodiscard]] ParsedFilter parseDlqFilter(const QString& line, engine::WallTime now);

// A time as it stands in a filter line; nothing when it is none.
[[nodiscard]] std::optional<engine::WallTime> parseFilterTime(
    const QString& text, engine::WallTime now);

// The line that parses back to this filter. Ids chosen by hand have no written form and are left
// out.
[[nodiscard]] QString toFilterLine(const engine::DeadLetterFilter& filter);

// Shards without an account, which stand for the whole destination elsewhere, become destinations.
[[nodiscard]] engine::DeadLetterFilter withWholeDestinations(engine::DeadLetterFilter filter);

// The line without one of its terms, spaces tidied.
[[nodiscard]] QString withoutTerm(const QString& line, const FilterTerm& term);

} // namespace ui
