// What the parts of the conformance suite share: every case runs over both transports.
#pragma once

#include "delivery/transport/transport.h"
#include "support/hostile_server.h"
#include "support/test_certificates.h"

#include <QTest>

namespace engine::testing {

using Kind = TransportFailure::Kind;
using Then = Reaction::Then;
using delivery::TransferResult;
using delivery::Transport;

inline constexpr int kWaitMs = 20'000; // for what must happen; reached only by a failing test

// One request and what came of it. Owned by the test, so a callback that comes too late is counted
// too.
struct Call {
    delivery::TransferId id {};
    std::optional<TransferResult> result {};
    int callbacks { 0 };
    [[nodiscard]] int status() const { return result && *result ? (*result)->status : 0; }
    // "answer 200", "timeout, sent", "connect, not sent"; for comparing, and for reading.
    [[nodiscard]] QByteArray outcome() const
    {
        if (!result)
            return "none yet";
        if (*result)
            return "answer " + QByteArray::number((*result)->status);
        return QByteArray(toString(result->error().kind))
            + (result->error().wasSent ? ", sent" : ", not sent");
    }
    [[nodiscard]] bool hasFailed() const { return result && !*result; }
    [[nodiscard]] const TransportFailure& failure() const { return result->error(); }
    [[nodiscard]] const HttpAnswer& answer() const { return **result; }
};
using CallPtr = std::shared_ptr<Call>;

[[nodiscard]] inline CallPtr start(Transport& transport, HttpRequest request)
{
    auto call = std::make_shared<Call>();
    call->id = transport.send(std::move(request), [call](TransferResult result) {
        ++call->callbacks;
        call->result = std::move(result);
    });
    return call;
}

[[nodiscard]] inline HttpRequest post(const std::string& url)
{
    HttpRequest request { .method = "POST", .url = url, .body = R"({"n":1})" };
    request.headers.emplace_back("Content-Type", "application/json");
    return request;
}

[[nodiscard]] inline HttpRequest requestOf(const std::string& method, const std::string& url)
{
    HttpRequest request = post(url);
    request.method = method;
    if (method == "GET")
        request.body.clear();
    return request;
}

[[nodiscard]] inline bool isBroken(TransportKind kind, std::string_view promise)
{
    const auto broken = delivery::brokenPromises(kind);
    return std::ranges::any_of(broken, [&](const auto& one) { return one.name == promise; });
}

inline void addKinds()
{
    QTest::addColumn<TransportKind>("kind");
    QTest::newRow("curl") << TransportKind::Curl;
    QTest::newRow("qt") << TransportKind::Qt;
}

[[nodiscard]] inline const char* nameOf(TransportKind kind)
{
    return kind == TransportKind::Curl ? "curl" : "qt";
}

} // namespace engine::testing
