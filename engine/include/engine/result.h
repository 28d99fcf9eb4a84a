// Expected failures are values. The only place that names the library.
#pragma once

#include <tl/expected.hpp>

#include <string>

namespace engine {

enum class ErrorCode {
    BadRequest, // the caller's input; message says what and where
    Unauthorized,
    NotFound,
    Conflict, // present state forbids it, for example a replay that already runs
    TooLarge,
    Unsupported,
    Throttled,
    Unavailable, // stopping, or the store cannot commit just now
    DiskFull,
    Storage, // SQLite refused; detail is its text
    Io,
    Network,
    Timeout,
    Tls,
    Cancelled,
    Internal, // a bug of ours
};

// What happened (message: one plain sentence for people), where (field: a JSON path, a file with
// line and column, or a table), and detail for the log only. Nobody matches on text; the code
// decides.
struct Error {
    ErrorCode code { ErrorCode::Internal };
    std::string message {};
    std::string field {};
    std::string detail {};
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(
    ErrorCode code, std::string message, std::string field = {}, std::string detail = {})
{
    return tl::unexpected<Error>(
        Error { code, std::move(message), std::move(field), std::move(detail) });
}

[[nodiscard]] const char* toString(ErrorCode code); // "bad_request": the code in JSON error bodies

} // namespace engine
