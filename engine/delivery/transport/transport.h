// Sends requests. One send per request, whatever happens: a transport never repeats by itself,
// never follows a redirect, never holds a request back (n in flight is n), never trusts a
// certificate it cannot verify, keeps no cookie and no cache, and takes nothing from the
// environment (proxies come from NetworkOptions alone). Which of these an implementation cannot
// keep, brokenPromises() says.
#pragma once

#include "core/config.h"
#include "core/http_types.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engine::delivery {

enum class TransferId : std::int64_t {};
using TransferResult = tl::expected<HttpAnswer, TransportFailure>;
using OnDone = std::function<void(TransferResult)>;

// Lives in one thread with a Qt event loop; every call and every callback is in that thread.
// Callbacks run from the event loop, never from inside send() or cancel(), each exactly once; they
// may call send() and cancel() and may destroy the transport. Destruction cancels what is in
// flight without calling back.
//
// An answer longer than answerBytesMax is still an answer: its status is what the platform
// decided. The body is cut at the limit, the rest is not read, and bodyBytes is the announced
// length (or what had come until the cut, when none was announced). Kind::TooLarge is only for
// headers beyond 64 KiB.
//
// wasSent is true as soon as a byte of the request may have left this machine; failures to
// resolve, to connect, to agree on TLS or to get through a proxy leave it false.
class Transport {
public:
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    virtual TransferId send(HttpRequest request, OnDone onDone) = 0;
    // The callback still runs, with Kind::Cancelled; ids that are unknown or already answered are
    // ignored. The connection is given up, because an answer may still be on its way in it.
    virtual void cancel(TransferId id) = 0;
    // Sent or cancelled, and not yet called back.
    [[nodiscard]] virtual int inFlight() const = 0;
};

[[nodiscard]] std::unique_ptr<Transport> makeTransport(
    TransportKind kind, const NetworkOptions& options);

// A promise of this file that an implementation does not keep. `name` is stable, for tests and
// scripts; `text` is a sentence for the operator.
struct BrokenPromise {
    std::string name {};
    std::string text {};
};
// Empty for curl. Any thread.
[[nodiscard]] std::vector<BrokenPromise> brokenPromises(TransportKind kind);

} // namespace engine::delivery
