// Sends requests. One send per request, whatever happens: a transport never repeats by itself,
// never follows a redirect, never holds a request back (n in flight is n), never trusts a
// certificate it cannot verify.
#pragma once

#include "core/config.h"
#include "core/http_types.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace engine::delivery {

enum class TransferId : std::int64_t {};
using TransferResult = tl::expected<HttpAnswer, TransportFailure>;
using OnDone = std::function<void(TransferResult)>;

// Lives in one thread with a Qt event loop; every call and every callback is in that thread.
// Callbacks run from the event loop, never from inside send(). Destruction cancels what is in
// flight without calling back.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    virtual TransferId send(HttpRequest request, OnDone onDone) = 0;
    // The callback still runs, with Kind::Cancelled; unknown ids are ignored.
    virtual void cancel(TransferId id) = 0;
    [[nodiscard]] virtual int inFlight() const = 0;
};

[[nodiscard]] std::unique_ptr<Transport> makeTransport(
    TransportKind kind, const NetworkOptions& options);

} // namespace engine::delivery
