// A dispatcher between a store in memory and servers that are functions, on a fake clock.
#pragma once

#include "delivery/dispatcher.h"
#include "support/fake_store.h"
#include "support/plain_adapter.h"
#include "support/seed.h"
#include "support/sim_transport.h"

namespace engine::testing {

class World {
public:
    explicit World(std::uint64_t seed = 1)
        : m_random(seed)
    {
        store.onArrivals = [this](const std::vector<Arrivals>& arrivals) {
            // As in the product, the news comes a little after the commit.
            loop.after(Millis { 1 }, [this, arrivals] {
                if (dispatcher)
                    dispatcher->arrived(arrivals);
            });
        };
        loop.onIdle([this] { return dispatcher ? dispatcher->turn() : SteadyTime::max(); });
    }

    static DestinationConfig plain(const std::string& name)
    {
        DestinationConfig destination;
        destination.name = name;
        destination.platform = "plain";
        destination.endpoint = "http://" + name + ".example";
        destination.batch = 1;
        destination.contract.batchRecords = 100;
        destination.contract.dedupField = "event_id";
        destination.isAdaptive = false;
        return destination;
    }

    void start(std::vector<DestinationConfig> destinations)
    {
        config.destinations = std::move(destinations);
        if (!transport)
            transport = std::make_unique<SimTransport>(loop, server);
        restart();
    }
    // A new process: what was planned never happens.
    void restart()
    {
        dispatcher.reset();
        loop.forgetAll();
        loop.clock.beginRun();
        store.recover();
        transport = std::make_unique<SimTransport>(loop, server);
        transport->up = up;
        transport->down = down;
        dispatcher = std::make_unique<delivery::Dispatcher>(
            delivery::DispatcherPorts { .clock = &loop.clock,
                .store = &store,
                .transportFor = [this](const DestinationConfig&) { return transport.get(); },
                .adapters = adapters,
                .secrets = secrets,
                .refreshTokenReplaced = refreshTokenReplaced,
                .toldLater
                = [this](const ShardId&, const std::string& text) { toldLater.push_back(text); },
                .clockJumped = [this](Millis by) { clockJumps.push_back(by); },
                .random01 = [this] { return std::uniform_real_distribution<>(0, 1)(m_random); },
                .observer = observer,
                .wake = [] {}, // the loop asks for a turn after every event
                .salt = "salt" });
        started = dispatcher->start(std::make_shared<Config>(config));
    }
    void reload(std::vector<DestinationConfig> destinations)
    {
        config.destinations = std::move(destinations);
        dispatcher->applyConfig(std::make_shared<Config>(config));
    }
    [[nodiscard]] delivery::ShardReading reading(const ShardId& id)
    {
        for (const delivery::ShardReading& reading : dispatcher->readings()) {
            if (reading.shard == id)
                return reading;
        }
        return {};
    }

    SimLoop loop {};
    FakeStore store { loop };
    PlainAdapter plainAdapter {};
    SimTransport::Server server { [](const HttpRequest&) { return ServerReply {}; } };
    SimTransport::Delay up { [] { return Millis { 20 }; } };
    SimTransport::Delay down { [] { return Millis { 20 }; } };
    delivery::AdapterLookup adapters { [this](std::string_view) { return &plainAdapter; } };
    delivery::SecretsLookup secrets { [](const DestinationConfig&, const std::string&,
                                          bool) -> Result<platforms::Secrets> { return {}; } };
    std::function<void(const DestinationConfig&, const std::string&, const std::string&)>
        refreshTokenReplaced {};
    std::vector<std::string> toldLater {};
    std::vector<Millis> clockJumps {};
    delivery::DeliveryObserver* observer { nullptr };
    Config config {};
    Status started {};
    std::unique_ptr<SimTransport> transport {};
    std::unique_ptr<delivery::Dispatcher> dispatcher {};

private:
    std::mt19937_64 m_random;
};

} // namespace engine::testing
