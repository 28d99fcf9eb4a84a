// A transport whose network and servers are functions: each request reaches a server after a while,
// and so does its answer.
#pragma once

#include "delivery/transport/transport.h"
#include "support/sim_loop.h"

#include <functional>
#include <map>
#include <optional>

namespace engine::testing {

// What a server does with a request that arrived now.
struct ServerReply {
    HttpAnswer answer { .status = 200 };
    Millis thinks { 20 }; // until it answers
    bool isLost { false }; // it never answers: the client's timeout ends it
    std::optional<TransportFailure> failure {}; // in place of an answer
};

class SimTransport final : public delivery::Transport {
public:
    using Server = std::function<ServerReply(const HttpRequest&)>;
    using Delay = std::function<Millis()>;

    SimTransport(SimLoop& loop, Server server)
        : m_loop(loop)
        , m_server(std::move(server))
    {
    }

    Delay up { [] { return Millis { 20 }; } }; // send → server
    Delay down { [] { return Millis { 20 }; } };
    std::int64_t sent { 0 };
    std::size_t inFlightMax { 0 };

    delivery::TransferId send(HttpRequest request, delivery::OnDone onDone) override
    {
        const delivery::TransferId id { ++m_lastId };
        const SteadyTime start = m_loop.clock.steadyNow();
        ++sent;
        m_open[id] = { start, std::move(onDone) };
        inFlightMax = std::max(inFlightMax, m_open.size());
        m_loop.after(request.timeout, [this, id] {
            end(id,
                tl::unexpected(
                    TransportFailure { .kind = TransportFailure::Kind::Timeout, .wasSent = true }));
        });
        m_loop.after(up(), [this, id, request = std::move(request)] { arrive(id, request); });
        return id;
    }
    void cancel(delivery::TransferId id) override
    {
        m_loop.after(Millis { 0 }, [this, id] {
            end(id,
                tl::unexpected(TransportFailure {
                    .kind = TransportFailure::Kind::Cancelled, .wasSent = true }));
        });
    }
    int inFlight() const override { return static_cast<int>(m_open.size()); }

private:
    struct Open {
        SteadyTime start {};
        delivery::OnDone onDone {};
    };

    void arrive(delivery::TransferId id, const HttpRequest& request)
    {
        ServerReply reply = m_server(request);
        if (reply.isLost)
            return;
        m_loop.after(reply.thinks + down(), [this, id, reply = std::move(reply)] {
            if (reply.failure)
                end(id, tl::unexpected(*reply.failure));
            else
                end(id, reply.answer);
        });
    }
    void end(delivery::TransferId id, delivery::TransferResult result)
    {
        const auto it = m_open.find(id);
        if (it == m_open.end())
            return;
        const Open open = std::move(it->second);
        m_open.erase(it);
        const auto latency = std::chrono::floor<Micros>(m_loop.clock.steadyNow() - open.start);
        if (result)
            result->latency = latency;
        else
            result.error().latency = latency;
        open.onDone(std::move(result));
    }

    SimLoop& m_loop;
    Server m_server {};
    std::map<delivery::TransferId, Open> m_open {};
    std::int64_t m_lastId { 0 };
};

} // namespace engine::testing
