#include "delivery/delivery_loop.h"

#include <QLoggingCategory>
#include <QRandomGenerator>
#include <QThread>
#include <QTimer>

#include <limits>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcLoop, "engine.delivery.loop")

constexpr int kSaltWords = 8;

// One turn later than this is not worth a timer: the tick comes first.
constexpr Millis kWakeMost { 1'000 };

std::string randomSalt()
{
    std::array<quint32, kSaltWords> words {};
    QRandomGenerator::system()->fillRange(words.data(), kSaltWords);
    return { reinterpret_cast<const char*>(words.data()), sizeof words };
}

} // namespace

// Lives in the delivery thread. Held by pointer also by whoever may post to it later than the
// thread lives: what is posted then is never run.
class DeliveryLoop::Worker final : public QObject {
public:
    explicit Worker(DeliveryLoopOptions options)
        : m_options(std::move(options))
    {
    }

    // `self`: the store may answer, to nobody, when the loop is gone already.
    void start(const std::shared_ptr<Worker>& self, const std::function<void(Status)>& ready);
    void shutDown();
    void applyConfig(ConfigPtr config);
    void withDispatcher(
        const std::function<void(Dispatcher&)>& work, const std::function<void(Error)>& otherwise);
    void withDispatcherOrLater(std::function<void(Dispatcher&)> work);

private:
    void tryStart();
    void wake();
    void turn();
    void publish();
    [[nodiscard]] Transport* transportFor(const DestinationConfig& destination);
    void quitWhenDrained();
    void finish();

    struct Link {
        TransportKind kind { TransportKind::Curl };
        NetworkOptions network {};
        std::unique_ptr<Transport> transport {};
    };
    DeliveryLoopOptions m_options;
    QRandomGenerator m_random { QRandomGenerator::securelySeeded() };
    std::unique_ptr<DeliveryStore> m_store {};
    std::vector<Link> m_links {};
    std::unique_ptr<Dispatcher> m_dispatcher {}; // uses the store and the links
    std::vector<std::function<void(Dispatcher&)>> m_lasting {}; // until there is a dispatcher
    std::unique_ptr<QTimer> m_wakeTimer {};
    std::unique_ptr<QTimer> m_readingTimer {};
    std::unique_ptr<QTimer> m_stopTimer {};
    std::function<void(Status)> m_ready {};
    Status m_started {};
    bool m_isTurnPosted { false };
    bool m_isStopping { false };
};

void DeliveryLoop::Worker::start(
    const std::shared_ptr<Worker>& self, const std::function<void(Status)>& ready)
{
    Q_ASSERT(QThread::currentThread() == thread());
    m_wakeTimer = std::make_unique<QTimer>();
    m_wakeTimer->setSingleShot(true);
    m_wakeTimer->setTimerType(Qt::PreciseTimer);
    connect(m_wakeTimer.get(), &QTimer::timeout, this, [this] { turn(); });
    m_store = m_options.makeStore([self](std::function<void()> function) {
        QMetaObject::invokeMethod(self.get(), std::move(function), Qt::QueuedConnection);
    });
    m_ready = ready;
    tryStart();
}

// Until it succeeds: a store that cannot be read now may be readable in a moment.
void DeliveryLoop::Worker::tryStart()
{
    m_dispatcher = std::make_unique<Dispatcher>(DispatcherPorts { .clock = m_options.clock,
        .store = m_store.get(),
        .transportFor
        = [this](const DestinationConfig& destination) { return transportFor(destination); },
        .adapters = m_options.adapters,
        .secrets = m_options.secrets,
        .refreshTokenReplaced = m_options.refreshTokenReplaced,
        .toldLater = m_options.toldLater,
        .clockJumped = m_options.clockJumped,
        .random01 = [this] { return m_random.generateDouble(); },
        .observer = m_options.observer,
        .wake = [this] { wake(); },
        .salt = randomSalt() });
    m_started = m_dispatcher->start(m_options.config);
    if (!m_started) {
        qCCritical(lcLoop, "nothing is delivered: %s", m_started.error().message.c_str());
        m_dispatcher.reset();
        m_ready(m_started);
        QTimer::singleShot(m_options.startAgain, this, [this] {
            if (!m_isStopping)
                tryStart();
        });
        return;
    }
    for (const auto& work : std::exchange(m_lasting, {}))
        work(*m_dispatcher);
    if (m_options.onReadings) {
        m_readingTimer = std::make_unique<QTimer>();
        connect(m_readingTimer.get(), &QTimer::timeout, this, [this] { publish(); });
        m_readingTimer->start(std::chrono::seconds { 1 });
        publish();
    }
    m_ready({});
    wake();
}

void DeliveryLoop::Worker::applyConfig(ConfigPtr config)
{
    m_options.config = std::move(config);
    if (m_dispatcher)
        m_dispatcher->applyConfig(m_options.config);
}

void DeliveryLoop::Worker::withDispatcher(
    const std::function<void(Dispatcher&)>& work, const std::function<void(Error)>& otherwise)
{
    Q_ASSERT(QThread::currentThread() == thread());
    if (m_dispatcher)
        work(*m_dispatcher);
    else if (otherwise)
        otherwise({ ErrorCode::Unavailable,
            m_started ? "Delivery is stopping."
                      : "Delivery has not started: " + m_started.error().message,
            {}, {} });
}

void DeliveryLoop::Worker::withDispatcherOrLater(std::function<void(Dispatcher&)> work)
{
    Q_ASSERT(QThread::currentThread() == thread());
    if (m_dispatcher)
        work(*m_dispatcher);
    else if (!m_isStopping)
        m_lasting.push_back(std::move(work));
}

// Many answers and commits come in one go: one turn serves them all.
void DeliveryLoop::Worker::wake()
{
    if (m_isTurnPosted)
        return;
    m_isTurnPosted = true;
    QMetaObject::invokeMethod(
        this, [this] { turn(); }, Qt::QueuedConnection);
}

void DeliveryLoop::Worker::turn()
{
    m_isTurnPosted = false;
    if (!m_dispatcher)
        return;
    const SteadyTime next = m_dispatcher->turn();
    if (m_isStopping) {
        quitWhenDrained();
        if (!m_dispatcher)
            return;
    }
    const SteadyTime now = m_options.clock->steadyNow();
    if (next <= now) {
        wake(); // behind what the event loop already has to do
        return;
    }
    const auto wait = std::min(next - now, std::chrono::nanoseconds { kWakeMost });
    m_wakeTimer->start(std::chrono::ceil<Millis>(wait));
}

void DeliveryLoop::Worker::publish()
{
    if (m_dispatcher)
        m_options.onReadings(m_dispatcher->readings());
}

Transport* DeliveryLoop::Worker::transportFor(const DestinationConfig& destination)
{
    for (const Link& link : m_links) {
        if (link.kind == destination.transport && link.network == destination.network)
            return link.transport.get();
    }
    auto transport = m_options.makeTransport(destination.transport, destination.network);
    if (!transport)
        return nullptr;
    m_links.push_back({ destination.transport, destination.network, std::move(transport) });
    return m_links.back().transport.get();
}

void DeliveryLoop::Worker::shutDown()
{
    Q_ASSERT(QThread::currentThread() == thread());
    m_isStopping = true;
    if (!m_dispatcher) {
        finish();
        return;
    }
    m_dispatcher->beginStop();
    m_stopTimer = std::make_unique<QTimer>();
    m_stopTimer->setSingleShot(true);
    connect(m_stopTimer.get(), &QTimer::timeout, this, [this] {
        qCWarning(lcLoop, "some requests did not end in time: cancelled");
        disconnect(m_stopTimer.get(), nullptr, this, nullptr);
        connect(m_stopTimer.get(), &QTimer::timeout, this, [this] {
            qCWarning(lcLoop, "some outcomes were not committed in time");
            finish();
        });
        m_stopTimer->start(m_options.commitGrace);
        m_dispatcher->cancelInFlight();
    });
    m_stopTimer->start(m_options.drain);
    quitWhenDrained();
}

void DeliveryLoop::Worker::quitWhenDrained()
{
    if (m_dispatcher->isDrained())
        finish();
}

// Everything that belongs to this thread goes in this thread.
void DeliveryLoop::Worker::finish()
{
    m_dispatcher.reset();
    m_links.clear();
    m_store.reset();
    m_wakeTimer.reset();
    m_readingTimer.reset();
    if (m_stopTimer)
        m_stopTimer.release()->deleteLater(); // this may run from its own timeout
    QThread::currentThread()->quit();
}

DeliveryLoop::DeliveryLoop(DeliveryLoopOptions options)
    : m_thread(std::make_unique<QThread>())
    , m_worker(std::make_shared<Worker>(std::move(options)))
{
    m_thread->setObjectName(QStringLiteral("delivery"));
    m_worker->moveToThread(m_thread.get());
}

DeliveryLoop::~DeliveryLoop() { stop(); }

void DeliveryLoop::start(std::function<void(Status)> ready)
{
    m_thread->start();
    QMetaObject::invokeMethod(m_worker.get(),
        [worker = m_worker, ready = std::move(ready)] { worker->start(worker, ready); });
}

void DeliveryLoop::stop()
{
    if (!m_thread->isRunning())
        return;
    QMetaObject::invokeMethod(m_worker.get(), [worker = m_worker.get()] { worker->shutDown(); });
    m_thread->wait();
}

void DeliveryLoop::arrived(std::vector<Arrivals> arrivals)
{
    submit(
        [arrivals = std::move(arrivals)](Dispatcher& dispatcher) { dispatcher.arrived(arrivals); });
}

void DeliveryLoop::applyConfig(ConfigPtr config)
{
    QMetaObject::invokeMethod(
        m_worker.get(),
        [worker = m_worker.get(), config = std::move(config)] { worker->applyConfig(config); },
        Qt::QueuedConnection);
}

void DeliveryLoop::submit(
    std::function<void(Dispatcher&)> work, std::function<void(Error)> otherwise)
{
    QMetaObject::invokeMethod(
        m_worker.get(),
        [worker = m_worker.get(), work = std::move(work), otherwise = std::move(otherwise)] {
            worker->withDispatcher(work, otherwise);
        },
        Qt::QueuedConnection);
}

void DeliveryLoop::submitLasting(std::function<void(Dispatcher&)> work)
{
    QMetaObject::invokeMethod(
        m_worker.get(),
        [worker = m_worker.get(), work = std::move(work)] { worker->withDispatcherOrLater(work); },
        Qt::QueuedConnection);
}

} // namespace engine::delivery
