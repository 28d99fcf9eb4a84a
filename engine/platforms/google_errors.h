// What Google's interfaces say when they refuse: the error model that the Google Ads API and the
// Data Manager API share (platforms.md 2). Pure; any thread.
#pragma once

#include "platforms/answers.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace engine::platforms {

// One row of the platform's table of codes; an empty value stands for the rest of its group.
struct GoogleCode {
    std::string_view group {};
    std::string_view value {};
    Outcome outcome { Outcome::Transient };
    std::string_view meaning {};
    std::optional<Millis> wait {}; // before it makes sense to send the record again
    std::optional<int> refusalsMax {};
};
[[nodiscard]] std::span<const GoogleCode> googleCodes();
[[nodiscard]] const GoogleCode* findGoogleCode(std::string_view group, std::string_view value);

// The names of a failed call ("RESOURCE_EXHAUSTED"), where no code says more.
struct GoogleStatus {
    std::string_view name {};
    Outcome outcome { Outcome::Transient };
};
[[nodiscard]] std::span<const GoogleStatus> googleStatuses();

// One error out of a GoogleAdsFailure, or one field violation.
struct GoogleError {
    RecordOutcome outcome {};
    std::optional<std::size_t> index {}; // of the record at fault; absent: the whole request
};
// All errors in the details of an error object or of a partialFailureError. `list` is what the
// request calls its records: "conversions", "events". Indices that were not sent are dropped.
[[nodiscard]] std::vector<GoogleError> readGoogleErrors(
    const Json& failure, std::string_view list, std::size_t records);

// The refusal of a whole request: {"error":{"code","message","status","details"}}.
[[nodiscard]] Decoded decodeGoogleRefusal(
    const Json& error, const HttpAnswer& answer, std::string_view list, std::size_t records);

// What requestStatus:retrieve says: states and counts per reason, for one destination or several.
[[nodiscard]] ReceiptAnswer decodeGoogleReceipt(const HttpAnswer& answer);

// Retry-After, else the delay in the details of the error, else the one in its text; and whether
// the quota is the whole project's.
[[nodiscard]] ThrottleHint googleHint(
    const HttpAnswer& answer, const Result<Json>& json, WallTime now);

} // namespace engine::platforms
