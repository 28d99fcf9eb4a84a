// The engine's side of a conversation with the simulator, without an engine: adapter, request,
// exchange, decode.
#pragma once

#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "simulator/simulator.h"

namespace engine::testing {

inline constexpr SteadyTime kSteady { std::chrono::hours { 1 } };

inline simulator::Moment momentAt(std::chrono::nanoseconds since)
{
    return { .steady = kSteady + since, .wall = kNow + std::chrono::floor<Micros>(since) };
}

inline DestinationConfig simulatedDestination(std::string_view name)
{
    return destinationOf(caseOf(name));
}

inline platforms::Record recordFor(
    const platforms::CanonicalEvent& event, const DestinationConfig& destination)
{
    const auto encoded
        = platforms::adapterFor(destination.platform)->encode(event, contextOf(destination));
    if (const auto* refusal = std::get_if<platforms::Refusal>(&encoded))
        throw std::invalid_argument(refusal->text());
    return std::get<platforms::Record>(encoded);
}

inline HttpRequest requestFor(
    std::span<const platforms::Record> records, const DestinationConfig& destination)
{
    auto request = platforms::adapterFor(destination.platform)
                       ->request(records, contextOf(destination), secretsOf(destination));
    if (!request)
        throw std::invalid_argument(request.error().message);
    return *request;
}

// Sends and reads the answer as the engine would.
inline platforms::Decoded deliver(simulator::Simulator& simulator,
    std::span<const platforms::Record> records, const DestinationConfig& destination,
    simulator::Moment now = momentAt({}))
{
    const auto* const adapter = platforms::adapterFor(destination.platform);
    const auto answer = simulator::exchange(simulator, requestFor(records, destination), now);
    return answer ? adapter->decode(*answer, records, contextOf(destination))
                  : platforms::decodeFailure(answer.error(), records.size());
}

inline std::string outcomesOf(const platforms::Decoded& decoded)
{
    std::string text;
    for (const platforms::RecordOutcome& record : decoded.records)
        text += std::string(text.empty() ? "" : " ") + toString(record.outcome);
    return text;
}

// An event with an id of its own that every platform takes.
inline platforms::CanonicalEvent numberedEvent(int number, const char* name = "quiz_done")
{
    return canonical("{\"event_id\":\"e-" + std::to_string(number) + "\",\"event_name\":\"" + name
        + "\",\"action_source\":\"other\",\"value\":\"9.90\",\"currency\":\"EUR\","
          "\"user\":{\"email\":\"jane.doe@example.com\"}}");
}

} // namespace engine::testing
