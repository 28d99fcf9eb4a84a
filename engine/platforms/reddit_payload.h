// One event in the forms of the Reddit Conversions API. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

namespace engine::platforms {

enum class RedditApi : std::uint8_t { V3, V2 };
[[nodiscard]] RedditApi redditApiOf(const DestinationConfig& destination);

// The element of "events". What is wrong with the event is in `fields` afterwards.
[[nodiscard]] Json redditPayload(
    const CanonicalEvent& event, const DestinationConfig& destination, Fields& fields);

// By what an echoed event is known again, in either form: its conversion id (given or hashed) and,
// where there is none, its time and click.
struct RedditIdentity {
    std::string conversionId {};
    std::string eventAt {};
    std::string clickId {};
};
[[nodiscard]] RedditIdentity redditIdentityOf(const Json& event);
[[nodiscard]] bool isSameRedditEvent(const RedditIdentity& sent, const RedditIdentity& echoed);

} // namespace engine::platforms
