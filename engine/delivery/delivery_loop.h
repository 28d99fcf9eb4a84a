// The thread of a Dispatcher: turns its decisions into time. Nothing is decided here.
#pragma once

#include "delivery/dispatcher.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QThread;

namespace engine::delivery {

struct DeliveryLoopOptions {
    ConfigPtr config {};
    const Clock* clock { nullptr };
    // Runs a function in the delivery thread, later and in order; never after stop().
    using Post = std::function<void(std::function<void()>)>;
    // Called once, in the delivery thread; the store replies through `post`.
    std::function<std::unique_ptr<DeliveryStore>(Post post)> makeStore {};
    std::function<std::unique_ptr<Transport>(TransportKind, const NetworkOptions&)>
        makeTransport {};
    AdapterLookup adapters {};
    SecretsLookup secrets {}; // called in the delivery thread
    // As in DispatcherPorts; called in the delivery thread.
    std::function<void(
        const DestinationConfig& destination, const std::string& account, const std::string& token)>
        refreshTokenReplaced {};
    std::function<void(const ShardId& shard, const std::string& text)> toldLater {}; // as there
    std::function<void(Millis by)> clockJumped {}; // as there
    DeliveryObserver* observer { nullptr }; // called in the delivery thread; may be null
    // Called in the delivery thread each second.
    std::function<void(std::vector<ShardReading>)> onReadings {};
    // At stop: this long for answers, then requests are cancelled and their outcome committed.
    Millis drain { 10'000 };
    Millis commitGrace { 5'000 };
    Millis startAgain { 5'000 }; // after the shards could not be read
};

// Owns the thread; what it needs comes through the options and must outlive it. Made, started and
// stopped in one thread; every other method may be called from any thread and returns at once.
class DeliveryLoop final {
public:
    explicit DeliveryLoop(DeliveryLoopOptions options);
    ~DeliveryLoop(); // stops
    DeliveryLoop(const DeliveryLoop&) = delete;
    DeliveryLoop& operator=(const DeliveryLoop&) = delete;

    // `ready` runs in the delivery thread once the shards are read, and before that each time that
    // they could not be, with why nothing is sent; it is tried again every few seconds.
    void start(std::function<void(Status)> ready);
    // Waits until what is in flight has ended and is committed, at most drain + commitGrace.
    // Functions submitted before run before; those after never run. Idempotent.
    void stop();

    void arrived(std::vector<Arrivals> arrivals); // for Store::onArrivals
    void applyConfig(ConfigPtr config);
    // For commands. `otherwise` runs instead while nothing is delivered, with why.
    void submit(std::function<void(Dispatcher&)> work, std::function<void(Error)> otherwise = {});
    // For what must be in force before anything is sent: while nothing is delivered it waits, also
    // from before start(), and runs ahead of the first turn. In the order of submission; never when
    // delivery does not begin.
    void submitLasting(std::function<void(Dispatcher&)> work);

private:
    class Worker;
    std::unique_ptr<QThread> m_thread;
    std::shared_ptr<Worker> m_worker;
};

} // namespace engine::delivery
