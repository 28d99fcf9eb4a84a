// One event as an operation of Customer.io Track. Pure; any thread.
#pragma once

#include "platforms/adapter.h"
#include "platforms/fields.h"

#include <string>
#include <string_view>

namespace engine::platforms {

// By what the platform knows the person: exactly one of its identifiers.
struct CustomerIoPerson {
    std::string_view kind {}; // "id", "email", "phone", "cio_id"; "anonymous_id"; empty: nothing
    std::string value {};
    [[nodiscard]] bool isKnown() const { return !kind.empty() && !isAnonymous(); }
    [[nodiscard]] bool isAnonymous() const { return kind == "anonymous_id"; }
};
enum class CustomerIoApi : std::uint8_t { V1, V2 };
// v1 names the person in the path, where a telephone number would be read as an id.
[[nodiscard]] CustomerIoPerson customerIoPerson(const CanonicalEvent& event, CustomerIoApi api);

struct CustomerIoOperation {
    std::string_view action {}; // v2: "event", "page", "identify", "add_device", …
    bool isOverwrite { false }; // the last one wins, so order matters
};
[[nodiscard]] CustomerIoOperation customerIoOperation(const CanonicalEvent& event);

// What the platform takes at most, in bytes and, for `attributes`, in number. The platform's
// published numbers; each is an option of the destination.
struct CustomerIoSizes {
    std::size_t id { 150 };
    std::size_t eventName { 100 };
    std::size_t attributeName { 150 };
    std::size_t attribute { 1'000 };
    std::size_t attributes { 300 };
    std::size_t event { 100'000 }; // of v1; of v2 it is the contract's number
};
[[nodiscard]] CustomerIoSizes customerIoSizes(const DestinationConfig& destination);

// An operation for the batch of v2.
[[nodiscard]] Json customerIoV2(const CanonicalEvent& event, const CustomerIoPerson& person,
    const CustomerIoOperation& operation, const CustomerIoSizes& sizes, Fields& fields);

struct CustomerIoV1Call {
    std::string method {};
    std::string path {};
    std::string body {}; // empty: none
};
[[nodiscard]] CustomerIoV1Call customerIoV1(const CanonicalEvent& event,
    const CustomerIoPerson& person, const CustomerIoOperation& operation,
    const CustomerIoSizes& sizes, Fields& fields);

} // namespace engine::platforms
