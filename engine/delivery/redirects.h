// Redirects that a contract allows (a platform that sends its customers to the host of their
// region). Pure; any thread.
#pragma once

#include "core/contract.h"
#include "core/http_types.h"

#include <engine/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace engine::delivery {

// Remembered for a shard: what its adapter addresses to `from` goes to `to`.
struct Redirect {
    std::string from {}; // scheme, host and as much of the path as differs
    std::string to {};
    int hops { 0 }; // redirects in a row, without any other answer

    [[nodiscard]] std::string applied(std::string url) const;
};

inline constexpr int kRedirectsMax = 5;

[[nodiscard]] bool isRedirect(int status); // 301, 302, 307, 308

// Where the answer to a request to `url` leads, or why it is not followed: no Location, another
// scheme, or a host outside the contract's domains (the same host is always inside).
[[nodiscard]] Result<Redirect> redirectOf(
    std::string_view url, const HttpAnswer& answer, const Contract& contract);

} // namespace engine::delivery
