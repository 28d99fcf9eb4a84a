#include "host.h"

#include "delivery/credentials.h"
#include "platforms/adapter.h"
#include "secrets/system_keychain.h"
#include "signals/prometheus.h"
#include "store/delivery_store.h"
#include "store/upkeep.h"

#include <QLoggingCategory>

#include <algorithm>
#include <future>

namespace engine {
namespace {

using namespace std::chrono_literals;

Q_LOGGING_CATEGORY(lcEngine, "engine")

constexpr auto kTick = 250ms; // replay is fed, snapshots follow changes at most this often
constexpr int kTicksPerMinute = 60 * Host::kTicksPerSecond;
constexpr int kRetentionMinutes = 60;

std::string problemText(const std::vector<config::Problem>& problems)
{
    std::string text;
    for (const config::Problem& problem : problems)
        text += (text.empty() ? "" : "\n") + toString(problem);
    return text;
}

Result<platforms::Secrets> readSecrets(secrets::SecretStore& store,
    const DestinationConfig& destination, const std::string& account, bool isFresh)
{
    platforms::Secrets secrets;
    for (const auto& [name, ref] : delivery::credentialRefs(destination, account)) {
        auto value = store.read(ref, isFresh);
        if (!value)
            return fail(
                value.error().code, "credential " + name + ": " + value.error().message, name);
        secrets.emplace(name, std::move(*value));
    }
    return secrets;
}

} // namespace

Host::Host(EngineOptions options, EnginePort& face, Publish publish)
    : m_options(std::move(options))
    , m_face(face)
    , m_publish(std::move(publish))
    , m_tick(this)
{
}

Host::~Host() { stop(); }

void Host::post(std::function<void()> work)
{
    QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

Status Host::start()
{
    for (const auto step : { &Host::loadFirst, &Host::openStore, &Host::openSecrets,
             &Host::startDelivery, &Host::startIngress, &Host::startControl }) {
        if (Status done = (this->*step)(); !done) {
            stop();
            return done;
        }
    }
    startTimers();
    publish();
    qCInfo(lcEngine, "started; events come in at %s", m_ingress->url().c_str());
    return {};
}

Status Host::loadFirst()
{
    config::Problems builtIn("built-in contracts");
    m_specs = config::builtInSpecs(builtIn);
    if (builtIn.hasErrors())
        return fail(
            ErrorCode::Internal, "a built-in contract is broken", {}, problemText(builtIn.all()));
    config::Loaded loaded;
    if (m_options.configPath.empty()) {
        m_simulator = std::make_unique<SimulatorSession>(
            SimulatorSessionOptions { .play = m_options.simulation }, m_clock);
        if (Status started = m_simulator->start(); !started)
            return started;
        loaded = config::parseConfig(m_simulator->configText(), "simulator", m_specs);
    } else {
        loaded = config::loadConfig(m_options.configPath, m_specs);
    }
    if (!loaded.config)
        return fail(ErrorCode::BadRequest, "the configuration was refused", m_options.configPath,
            problemText(loaded.problems));
    m_config = loaded.config;
    for (const config::Problem& problem : loaded.problems)
        qCWarning(lcEngine, "%s", toString(problem).c_str());
    return {};
}

// After the store, which makes the data directory and keeps every other process out of it.
Status Host::openSecrets()
{
    m_secrets = std::make_unique<secrets::SecretStore>(
        secrets::SecretStoreOptions { .keychain = secrets::makeSystemKeychain(),
            .directory = m_options.dataDirectory,
            // It does what it was asked before it stops.
            .writer = [this](std::function<void()> work) {
                m_reader->ask([work = std::move(work)](const auto&) { work(); });
            } });
    m_secrets->onChange([this] { post([this] { secretsChanged(); }); });
    for (const std::string& problem : secrets::unreadableSecrets(*m_config, *m_secrets))
        qCWarning(lcEngine, "%s", problem.c_str());
    if (const auto key = m_secrets->read(m_config->control.key, false); !key)
        return fail(ErrorCode::BadRequest, "the control API has no key", "control.key",
            "control.key: " + key.error().message);
    return {};
}

void Host::secretsChanged()
{
    if (m_isStopping || !m_control)
        return; // what starts later reads for itself
    m_control->setKeys(controlKeys());
    for (const std::string& note : m_ingress->reload(m_config))
        qCWarning(lcEngine, "%s", note.c_str());
    m_loop->submit([](delivery::Dispatcher& dispatcher) { dispatcher.secretsChanged(); });
}

// The delivery thread.
void Host::keepRefreshToken(
    const DestinationConfig& destination, const std::string& account, const std::string& token)
{
    const auto refs = delivery::credentialRefs(destination, account);
    const auto ref = refs.find(std::string(platforms::kRefreshToken));
    if (ref == refs.end())
        return;
    const Status kept = m_secrets->replace(ref->second, token);
    if (kept)
        qCInfo(lcEngine, "%s: the platform replaced the refresh token; the new one is kept",
            destination.name.c_str());
    else
        qCWarning(lcEngine, "%s: the platform replaced the refresh token, and it is not kept: %s",
            destination.name.c_str(), kept.error().message.c_str());
}

Status Host::openStore()
{
    auto opened = store::Store::open({ .directory = m_options.dataDirectory }, m_clock);
    if (!opened)
        return tl::unexpected(opened.error());
    m_store = std::move(*opened);
    m_reader = std::make_unique<ReaderThread>(m_store->databasePath());
    const auto postHere = [this](std::function<void()> work) { post(std::move(work)); };
    m_retention = std::make_unique<Retention>(*m_store, *m_reader, postHere);
    m_snapshots = std::make_unique<SnapshotMaker>(m_clock, *m_store, *m_reader, postHere);
    if (m_simulator)
        m_snapshots->pretendPast(
            SyntheticPast(m_options.simulation.seed, m_config, m_simulator->eventsPerSecond()));
    auto reader = store::Reader::open(m_store->databasePath());
    if (!reader)
        return tl::unexpected(reader.error());
    if (Status refilled = m_snapshots->refillHistory(**reader); !refilled)
        return refilled;
    auto platforms = (*reader)->platforms();
    if (!platforms)
        return tl::unexpected(platforms.error());
    m_platforms = std::move(*platforms);
    if (Status same = checkPlatforms(*m_config); !same)
        return same;
    keepPlatforms();
    auto overrides = (*reader)->overrides();
    if (!overrides)
        return tl::unexpected(overrides.error());
    m_overrides = std::move(*overrides);
    auto deferredUntil = (*reader)->deferredUntil();
    if (!deferredUntil)
        return tl::unexpected(deferredUntil.error());
    m_deferredUntil = std::move(*deferredUntil);
    auto jobs = (*reader)->jobs(replay::ReplayService::kJobsMax);
    if (!jobs)
        return tl::unexpected(jobs.error());
    m_jobs = std::move(*jobs);
    return {};
}

Status Host::startDelivery()
{
    delivery::DeliveryLoopOptions options;
    options.config = m_config;
    options.clock = &m_clock;
    options.makeStore
        = [this](delivery::DeliveryLoopOptions::Post postThere) -> std::unique_ptr<DeliveryStore> {
        return std::make_unique<store::SqlDeliveryStore>(*m_store, std::move(postThere));
    };
    options.makeTransport = [](TransportKind kind, const NetworkOptions& network) {
        return delivery::makeTransport(kind, network);
    };
    options.adapters = [](std::string_view platform) { return platforms::adapterFor(platform); };
    options.secrets
        = [this](const DestinationConfig& destination, const std::string& account, bool isFresh) {
              return readSecrets(*m_secrets, destination, account, isFresh);
          };
    options.refreshTokenReplaced
        = [this](const DestinationConfig& destination, const std::string& account,
              const std::string& token) { keepRefreshToken(destination, account, token); };
    options.toldLater = [this](const ShardId& shard, const std::string& text) {
        post([this, shard, text] { annotate(shard, text); });
    };
    options.clockJumped = [this](Millis by) {
        const auto seconds = std::chrono::duration_cast<Seconds>(std::chrono::abs(by)).count();
        const char* const direction = by > Millis { 0 } ? " s forward" : " s back";
        post([this,
                 text = "the clock of this machine jumped " + std::to_string(seconds) + direction] {
            annotate({}, text);
        });
    };
    options.observer = &m_snapshots->observer();
    // The first reading comes before delivery says that it is ready, from the same thread.
    auto loaded = std::make_shared<std::vector<ShardId>>();
    options.onReadings
        = [this, loaded, isFirst = true](std::vector<delivery::ShardReading> readings) mutable {
              if (std::exchange(isFirst, false)) {
                  for (const delivery::ShardReading& reading : readings)
                      loaded->push_back(reading.shard);
              }
              m_snapshots->take(std::move(readings));
          };
    options.drain = m_options.drain;
    m_loop = std::make_unique<delivery::DeliveryLoop>(std::move(options));
    m_store->onArrivals(
        [this](const std::vector<Arrivals>& arrivals) { m_loop->arrived(arrivals); });
    startReplays();
    startDesk();
    pauseNewDestinations(nullptr);

    auto firstLook = std::make_shared<std::promise<bool>>();
    std::future<bool> hasLooked = firstLook->get_future();
    m_loop->start([this, firstLook = std::move(firstLook)](const Status& ready) mutable {
        if (firstLook)
            std::exchange(firstLook, nullptr)->set_value(ready.has_value());
        post([this, ready] { deliveryTried(ready); });
    });
    // What is accepted from here on is told as an arrival; what was before it has been counted.
    if (hasLooked.get())
        m_shardsAtStart = std::move(*loaded);
    else
        for (const auto& shard : m_store->counters().shards)
            m_shardsAtStart.push_back(shard.id);
    return {};
}

void Host::deliveryTried(const Status& ready)
{
    m_snapshots->setDeliveryProblem(ready ? std::string {} : ready.error().message);
    if (ready && std::exchange(m_isDeliveryLate, false))
        m_desk->restore(); // a trial may have ended while it waited
    if (ready)
        m_desk->cutToCeilings();
    else
        m_isDeliveryLate = true;
}

// Before delivery starts: overrides and pauses of new destinations are in force at its first turn.
void Host::startDesk()
{
    m_desk = std::make_unique<CommandDesk>(
        CommandPorts { .clock = &m_clock,
            .store = m_store.get(),
            .loop = m_loop.get(),
            .replay = m_replay.get(),
            .post = [this](std::function<void()> work) { post(std::move(work)); },
            .taken = [this](std::vector<store::TakenRows> rows) { forget(std::move(rows)); },
            .profile = [this] { return m_config->profile; },
            .thresholdsConfigured = [this] { return m_config->thresholds; },
            .read =
                [this](std::function<void(Result<store::Reader*>)> work) {
                    m_reader->ask(std::move(work));
                },
            .saleWindows = [this] { return m_config->saleWindows; },
            .reload = [this] { return reload(); },
            .annotate
            = [this](Annotation annotation) { m_snapshots->annotate(std::move(annotation)); },
            .refresh = [this] { refresh(); } },
        std::move(m_overrides));
    m_desk->restore();
}

// Of all shards, where there is none.
void Host::annotate(const ShardId& shard, const std::string& text)
{
    m_snapshots->annotate(
        { .kind = Annotation::Kind::State, .at = m_clock.wallNow(), .shard = shard, .text = text });
}

// Before delivery starts: a job that does not run stays still from its first turn on.
void Host::startReplays()
{
    replay::ReplayPorts ports;
    ports.store = m_store.get();
    ports.post = [this](std::function<void()> work) { post(std::move(work)); };
    ports.read = [this](std::function<void(Result<store::Reader*>)> work) {
        m_reader->ask(std::move(work));
    };
    ports.encoders = [this] { return m_snapshots->encoders(); };
    ports.config = [this] { return m_config; };
    ports.snapshot = [this] { return m_face.snapshot(); };
    ports.holdJob = [this](ReplayJobId job, bool isHeld, std::function<void()> done) {
        m_loop->submitLasting(
            [job, isHeld](delivery::Dispatcher& dispatcher) { dispatcher.holdJob(job, isHeld); });
        if (!done)
            return;
        // While nobody sends, nothing of the job does.
        const auto answer = [this, done = std::move(done)] { post(done); };
        m_loop->submit([answer](const delivery::Dispatcher&) { answer(); },
            [answer](const Error&) { answer(); });
    };
    ports.taken = [this](std::vector<store::TakenRows> rows) { forget(std::move(rows)); };
    m_replay = std::make_unique<replay::ReplayService>(std::move(ports), std::move(m_jobs));
}

void Host::forget(std::vector<store::TakenRows> rows)
{
    m_loop->submit([rows = std::move(rows)](delivery::Dispatcher& dispatcher) {
        for (const store::TakenRows& each : rows)
            dispatcher.taken(each.shard, each.lane, each.seqs);
    });
}

// A destination that asks for it waits for its first resume: at start and when a reload brings it.
// Once there is a shard, the store knows how it was left.
void Host::pauseNewDestinations(const Config* before)
{
    const auto counters = m_store->counters();
    std::vector<ShardId> fresh;
    for (const DestinationConfig& destination : m_config->destinations) {
        const bool isKnown = std::any_of(counters.shards.begin(), counters.shards.end(),
            [&](const auto& shard) { return shard.id.destination == destination.name; });
        const bool isNew = before == nullptr || before->destination(destination.name) == nullptr;
        if (destination.startsPaused && isNew && !isKnown)
            fresh.push_back({ .destination = destination.name, .account = {} });
    }
    if (!fresh.empty())
        m_desk->pauseNew(std::move(fresh));
}

Status Host::startIngress()
{
    ingress::IngressPorts ports;
    ports.sink = m_store.get();
    ports.clock = &m_clock;
    ports.platforms.adapterFor
        = [](std::string_view platform) { return platforms::adapterFor(platform); };
    ports.platforms.canonicalName
        = [](std::string_view name) { return platforms::canonicalName(name); };
    ports.readSecret = [this](const SecretRef& ref) { return m_secrets->read(ref, false); };
    ports.health = [this] { return storeHealth(); };
    ports.monthAccepted = [this](const std::string& workspace, int month) -> std::int64_t {
        const auto counters = m_store->counters();
        const auto found = counters.monthAccepted.find({ workspace, month });
        return found == counters.monthAccepted.end() ? 0 : found->second;
    };
    ports.deferredUntil = std::move(m_deferredUntil);
    ports.knownShards = m_shardsAtStart;
    ports.liveShards = [this] {
        const SnapshotPtr snapshot = m_face.snapshot();
        if (snapshot->shards.empty()) // the first is still to come
            return m_shardsAtStart;
        std::vector<ShardId> live;
        for (const ShardSnapshot& shard : snapshot->shards)
            live.push_back(shard.shard);
        return live;
    };
    m_ingress = std::make_unique<ingress::Ingress>(std::move(ports), m_config);
    if (Status started = m_ingress->start(); !started)
        return started;
    for (const std::string& note : m_ingress->startNotes())
        qCWarning(lcEngine, "%s", note.c_str());
    if (m_simulator)
        m_simulator->startTraffic(m_ingress->url());
    return {};
}

Status Host::storeHealth() const
{
    const StoreSnapshot stats = m_store->stats();
    if (stats.canCommit && !stats.isIngressStopped)
        return {};
    return fail(
        stats.isIngressStopped ? ErrorCode::DiskFull : ErrorCode::Unavailable, stats.problem);
}

control::ControlKeys Host::controlKeys()
{
    control::ControlKeys keys;
    keys.control = m_secrets->read(m_config->control.key, false).value_or(std::string {});
    if (m_config->control.metricsKey.isSet())
        keys.metrics
            = m_secrets->read(m_config->control.metricsKey, false).value_or(std::string {});
    return keys;
}

Status Host::startControl()
{
    control::ControlPorts ports;
    ports.engine = &m_face;
    ports.clock = &m_clock;
    ports.metricsText
        = [](const EngineSnapshot& snapshot) { return signals::toPrometheus(snapshot); };
    ports.health = [this] { return storeHealth(); };
    m_control
        = std::make_unique<control::Control>(std::move(ports), m_config->control, controlKeys());
    return m_control->start();
}

void Host::startTimers()
{
    if (!m_options.configPath.empty()) {
        m_watcher = std::make_unique<config::FileWatcher>(m_options.configPath);
        connect(m_watcher.get(), &config::FileWatcher::changed, this, [this] {
            Command command {
                .what = ReloadCommand {}, .who = "engine", .reason = "the file changed"
            };
            m_desk->submit(std::move(command), [](const CommandResult& result) {
                if (result.isOk) // else it has been logged, line by line
                    qCInfo(lcEngine, "%s", result.message.c_str());
            });
        });
    }
    m_tick.setInterval(kTick);
    connect(&m_tick, &QTimer::timeout, this, &Host::tick);
    m_tick.start();
}

void Host::tick()
{
    ++m_ticks;
    m_replay->tick(m_clock.steadyNow(), *m_face.snapshot());
    if (m_ticks % kTicksPerSecond == 0) {
        m_desk->tick(m_clock.wallNow());
        publish();
    } else if (m_snapshots->hasNews()) {
        publish();
    }
    if (m_ticks % kTicksPerMinute == 0) {
        m_snapshots->storeMinutes(SnapshotMaker::Minutes::Ended);
        m_control->sweep();
    }
    if (m_ticks % (kTicksPerMinute * kRetentionMinutes) == kTicksPerMinute)
        m_retention->run(m_config->retention);
}

void Host::publish()
{
    SnapshotContext context;
    context.config = m_config;
    context.configProblem = m_configProblem;
    context.ingressUrl = m_ingress ? m_ingress->url() : std::string {};
    context.controlUrl = m_control ? m_control->url() : std::string {};
    if (m_ingress) {
        context.ingress = m_ingress->snapshot();
        const int month = ingress::monthOf(m_clock.wallNow());
        for (const std::string& news : m_capWatch.look(context.ingress, month)) {
            qCWarning(lcEngine, "%s", news.c_str());
            annotate({}, news);
        }
    }
    context.jobs = m_replay->jobs();
    context.isStopping = m_isStopping;
    if (m_desk) {
        context.thresholds = m_desk->thresholds();
        context.sale = m_desk->sale();
        context.trialOf
            = [this](const ShardId& shard) { return m_desk->overrides().trialOf(shard); };
    }
    m_publish(m_snapshots->make(context));
}

void Host::refresh()
{
    publish(); // jobs and annotations at once; delivery's reading follows when its thread has made
               // it
    m_loop->submit(
        [this](delivery::Dispatcher& dispatcher) { m_snapshots->take(dispatcher.readings()); });
}

void Host::play(const SimulationPlay& play)
{
    if (!m_simulator)
        return;
    if (const Status done = m_simulator->play(play); !done)
        qCWarning(lcEngine, "%s", done.error().message.c_str());
}

void Host::stop()
{
    if (m_isStopping)
        return;
    m_isStopping = true;
    if (m_replay) { // then everything that a snapshot is made of is there
        publish();
        m_snapshots->storeMinutes(SnapshotMaker::Minutes::All);
    }
    m_tick.stop();
    m_watcher.reset();
    if (m_simulator)
        m_simulator->stopTraffic();
    if (m_ingress)
        m_ingress->stop();
    if (m_control)
        m_control->stop();
    if (m_loop)
        m_loop->stop();
    if (m_reader)
        m_reader->stop();
    if (m_store)
        m_store->stop();
    if (m_replay) // else it never started, and the caller says why
        qCInfo(lcEngine, "stopped");
}

} // namespace engine
