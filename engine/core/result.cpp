#include <engine/result.h>

namespace engine {

const char* toString(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BadRequest:
        return "bad_request";
    case ErrorCode::Unauthorized:
        return "unauthorized";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::TooLarge:
        return "too_large";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Throttled:
        return "throttled";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::DiskFull:
        return "disk_full";
    case ErrorCode::Storage:
        return "storage";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Network:
        return "network";
    case ErrorCode::Timeout:
        return "timeout";
    case ErrorCode::Tls:
        return "tls";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Internal:
        return "internal";
    }
    return "";
}

} // namespace engine
