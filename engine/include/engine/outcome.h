// What became of a record, and the lane in which a delivery waits. The numbers are on disk: never
// change one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

enum class Outcome : std::uint8_t {
    Accepted = 0, // the platform took it, or calls it a duplicate of an earlier one
    Throttled = 1, // hold the scope, lower the pace, resend unchanged; spends no attempt
    Transient = 2, // certainly not processed: retry, then dead letter
    Unknown = 3, // sent, no usable answer: retry only while the dedup key makes it safe
    Invalid = 4, // this record can never be accepted as it is: dead letter
    Auth = 5, // credential refused: hold every shard of it; spends no attempt
    Config = 6, // id, permission or version refused: goes back unspent
    Oversize = 7, // too many records or bytes: split
};
inline constexpr int kOutcomes = 8;
inline constexpr std::array<Outcome, kOutcomes> kAllOutcomes { Outcome::Accepted,
    Outcome::Throttled, Outcome::Transient, Outcome::Unknown, Outcome::Invalid, Outcome::Auth,
    Outcome::Config, Outcome::Oversize };

[[nodiscard]] const char* toString(Outcome outcome); // "accepted", …: labels, JSON, logs
[[nodiscard]] std::optional<Outcome> parseOutcome(std::string_view text);

// How an answer showed its error; splits platform_error_rate.
enum class ErrorForm : std::uint8_t {
    None = 0,
    Http4xx = 1,
    Http5xx = 2,
    InBody = 3,
    NoAnswer = 4,
    Local = 5
};
inline constexpr int kErrorForms = 6;
[[nodiscard]] const char* toString(ErrorForm form);

enum class Lane : std::uint8_t {
    Live = 0,
    Retry = 1,
    Replay = 2,
    Import = 3,
    Deferred
    = 4, // over the workspace's tier: becomes Live at its release time; outside queue_depth
};
inline constexpr int kLanes = 5;
[[nodiscard]] const char* toString(Lane lane);
[[nodiscard]] std::optional<Lane> parseLane(std::string_view text);

enum class Priority : std::uint8_t { High = 0, Normal = 1, Low = 2 };
[[nodiscard]] const char* toString(Priority priority);

} // namespace engine
