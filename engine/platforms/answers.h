// What platforms' answers have in common: building a Decoded from one verdict, reading delays. The
// generic status table and decodeFailure() are declared in adapter.h. Pure; any thread.
#pragma once

#include "platforms/adapter.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::platforms {

// One sentence of a platform about a whole request.
struct Verdict {
    Outcome outcome { Outcome::Accepted };
    std::string code {};
    std::string message {};
    ErrorForm form { ErrorForm::None };
    bool isIndexUnknown { false }; // refused whole, at fault is one record that it does not name
};

// The verdict for every record. A batch of one is never suspect: its record is the one at fault.
[[nodiscard]] Decoded decodedWhole(const Verdict& verdict, std::size_t records);

// Each record has its own outcome; the whole is Accepted when one of them is, else the gravest.
[[nodiscard]] Decoded decodedRows(std::vector<RecordOutcome> records);

// Which of two signals about the same thing counts (platforms.md C): auth before config, throttled,
// oversize, invalid, unknown, transient, accepted.
[[nodiscard]] Outcome graver(Outcome a, Outcome b);

// One record that an answer names as the one at fault.
struct NamedFault {
    std::size_t index { 0 }; // below the number of records
    RecordOutcome outcome {};
};
// Refused whole because of the records that it names, at least one: those get their outcome, the
// others were not processed and go back unspent.
[[nodiscard]] Decoded decodedNamed(
    const Verdict& verdict, std::span<const NamedFault> faults, std::size_t records);

// The others were taken.
[[nodiscard]] Decoded acceptedButFor(std::span<const NamedFault> failed, std::size_t records);

// The generic table (platforms.md 0.5) applied to an answer whose body says nothing usable. A 2xx
// of a platform that answers in JSON is then a breach of its contract: it may have been processed.
[[nodiscard]] Verdict verdictOfStatus(const HttpAnswer& answer);

// A row of a platform's own table: what these statuses mean there, in words for the operator.
struct StatusMeaning {
    int first { 0 };
    int last { 0 };
    Outcome outcome { Outcome::Transient };
    std::string_view meaning {};
};
// The first row that fits, else verdictOfStatus(). A status that a row accepts is believed whatever
// the body says.
[[nodiscard]] Verdict verdictOfTable(
    std::span<const StatusMeaning> table, const HttpAnswer& answer);

// The generic table (platforms.md 0.5) itself; the first row that fits counts.
[[nodiscard]] std::span<const StatusMeaning> genericStatuses();

[[nodiscard]] ErrorForm formOfStatus(int status);

// Retry-After of an answer with status 4xx or 5xx.
[[nodiscard]] ThrottleHint hintOf(const HttpAnswer& answer, WallTime now);

// Seconds, decimals allowed; a negative delay is none, a huge one is the longest we wait.
[[nodiscard]] std::optional<Millis> parseDelaySeconds(std::string_view text);

// "Wed, 21 Oct 2026 07:28:00 GMT": the only form that HTTP still lets a sender write.
[[nodiscard]] std::optional<WallTime> parseHttpDate(std::string_view text);

// At most 500 bytes of an answer for the message of a record, cut between characters.
[[nodiscard]] std::string excerpt(std::string_view text);

} // namespace engine::platforms
