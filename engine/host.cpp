#include "host.h"

#include "delivery/credentials.h"
#include "platforms/adapter.h"
#include "secrets/system_keychain.h"
#include "signals/prometheus.h"
#include "store/delivery_store.h"

#include <QLoggingCategory>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace engine {
namespace {

using namespace std::chrono_literals;

Q_LOGGING_CATEGORY(lcEngine, "engine")

constexpr auto kTick = 250ms; // replay is fed, snapshots follow changes at most this often
constexpr int kTicksPerSecond = 4;
constexpr int kTicksPerMinute = 60 * kTicksPerSecond;
constexpr int kRetentionMinutes = 60;
constexpr std::int64_t kArrivalSeconds = 600;
constexpr std::int64_t kArrivalSecondsLeast = 30; // that far the snapshot's own rate reaches
// Nobody is asked for a password by a reload; what the keychain says later is used then.
constexpr Millis kReloadSecretsWait { 1'000 };

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

std::vector<SecretRef> refsOf(const Config& config)
{
    std::vector<SecretRef> refs;
    for (config::NamedSecret& named : config::namedSecrets(config))
        refs.push_back(std::move(named.ref));
    return refs;
}

struct ForecastFrame {
    std::shared_ptr<std::atomic<bool>> isCancelled {};
    Millis slowTime { 0 };
    Seconds inOver { 0 };
};

// The reader's thread: two runs of some ten milliseconds at most.
Result<Forecast> forecastOf(
    const delivery::ForecastBasis& basis, delivery::ForecastScene scene, const ForecastFrame& frame)
{
    scene.isCancelled = frame.isCancelled.get();
    Forecast forecast {
        .inPerSecond = scene.inPerSecond, .inOver = frame.inOver, .sharers = basis.sharers
    };
    forecast.waiting = basis.waiting
        + std::llround(scene.inPerSecond * static_cast<double>(scene.pausedFor.count()));
    auto typical = delivery::runForecast(basis, scene);
    if (!typical)
        return tl::unexpected(typical.error());
    scene.requestTime = frame.slowTime;
    auto slow = delivery::runForecast(basis, scene);
    if (!slow)
        return tl::unexpected(slow.error());
    forecast.typical = *typical;
    forecast.slow = *slow;
    return forecast;
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
    auto overrides = (*reader)->overrides();
    if (!overrides)
        return tl::unexpected(overrides.error());
    m_overrides = std::move(*overrides);
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
        post([this, shard, text] {
            m_snapshots->annotate({ .kind = Annotation::Kind::State,
                .at = m_clock.wallNow(),
                .shard = shard,
                .text = text });
        });
    };
    options.observer = &m_snapshots->observer();
    options.onReadings = [this](std::vector<delivery::ShardReading> readings) {
        m_snapshots->take(std::move(readings));
    };
    options.drain = m_options.drain;
    m_loop = std::make_unique<delivery::DeliveryLoop>(std::move(options));
    m_store->onArrivals(
        [this](const std::vector<Arrivals>& arrivals) { m_loop->arrived(arrivals); });
    m_loop->start([this](const Status& ready) {
        post([this, ready] {
            m_snapshots->setDeliveryProblem(ready ? std::string {} : ready.error().message);
            if (ready)
                m_desk->restore();
        });
    });

    startReplays();
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
            .reload = [this] { return reload(); },
            .annotate
            = [this](Annotation annotation) { m_snapshots->annotate(std::move(annotation)); },
            .refresh = [this] { refresh(); } },
        std::move(m_overrides));
    m_desk->restore();
    pauseNewDestinations(nullptr);
    return {};
}

// Before the first turn of delivery, because both run in its thread in this order: a job that does
// not run stays still.
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
        m_loop->submit(
            [this, job, isHeld, done = std::move(done)](delivery::Dispatcher& dispatcher) {
                dispatcher.holdJob(job, isHeld);
                if (done)
                    post(done);
            });
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
    for (const auto& shard : m_store->counters().shards)
        ports.knownShards.push_back(shard.id);
    ports.liveShards = [this] {
        std::vector<ShardId> live;
        for (const ShardSnapshot& shard : m_face.snapshot()->shards)
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
                qCInfo(lcEngine, "reload: %s", result.message.c_str());
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
    if (m_ticks % kTicksPerMinute == 0)
        m_snapshots->storeMinutes();
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
    if (m_ingress)
        context.ingress = m_ingress->snapshot();
    context.jobs = m_replay->jobs();
    context.isStopping = m_isStopping;
    if (m_desk) {
        context.thresholds = m_desk->thresholds();
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

// Mean over ten minutes, or since the start: a look at the last seconds would take every wave for
// the tide.
std::pair<double, Seconds> Host::arrivalsOf(const ShardSnapshot& shard) const
{
    const auto span = std::min<std::int64_t>(kArrivalSeconds, m_ticks / kTicksPerSecond);
    const HistoryPage page = m_snapshots->history({ .shards = { shard.shard } });
    if (span < kArrivalSecondsLeast || page.series.empty())
        return { shard.inPerSecond, Seconds { kArrivalSecondsLeast } };
    const auto& rates = page.series.front().metrics.at(static_cast<std::size_t>(Metric::InRate));
    double sum = 0;
    int samples = 0;
    for (auto i = rates.size() - std::min(rates.size(), static_cast<std::size_t>(span));
         i < rates.size(); ++i) {
        if (std::isnan(rates[i]))
            continue;
        sum += static_cast<double>(rates[i]);
        ++samples;
    }
    return { samples > 0 ? sum / samples : shard.inPerSecond, Seconds { span } };
}

void Host::forecast(ForecastQuery query, Reply<Forecast> reply)
{
    const SnapshotPtr seen = m_face.snapshot();
    const auto shard = std::find_if(seen->shards.begin(), seen->shards.end(),
        [&](const ShardSnapshot& one) { return one.shard == query.shard; });
    if (shard == seen->shards.end())
        return reply(fail(ErrorCode::NotFound, "there is no shard " + toString(query.shard)));
    if (!shard->latencyP50)
        return reply(fail(ErrorCode::Unavailable,
            "too few requests ran in the last 15 minutes to know how long one takes"));
    const auto [inPerSecond, inOver] = arrivalsOf(*shard);
    const delivery::ForecastScene scene { .inPerSecond = inPerSecond,
        .requestTime = *shard->latencyP50,
        .oldestAge = shard->oldestEventAge,
        .acceptWindow = shard->acceptWindow,
        .pausedFor = query.pausedFor.value_or(Seconds { 0 }) };
    const Millis slowTime = shard->latencyP95.value_or(*shard->latencyP50);
    m_loop->submit(
        [this, query, reply, scene, slowTime, over = inOver](delivery::Dispatcher& dispatcher) {
            m_reader->ask([basis = dispatcher.forecastBasis(query), query, reply, scene, slowTime,
                              over](const Result<store::Reader*>& reader) {
                if (!basis || !reader)
                    return reply(tl::unexpected(!basis ? basis.error() : reader.error()));
                reply(forecastOf(*basis, scene, { query.isCancelled, slowTime, over }));
            });
        },
        [reply](const Error& error) { reply(tl::unexpected(error)); });
}

void Host::play(const SimulationPlay& play)
{
    if (!m_simulator)
        return;
    if (const Status done = m_simulator->play(play); !done)
        qCWarning(lcEngine, "%s", done.error().message.c_str());
}

Status Host::checkReload(const Config& next)
{
    m_secrets->fetch(refsOf(next), kReloadSecretsWait);
    // A control API without a key would answer nobody, not even the next reload.
    if (const auto key = m_secrets->read(next.control.key, false); !key)
        return fail(ErrorCode::BadRequest, "control.key: " + key.error().message, "control.key");
    const auto counters = m_store->counters();
    for (const DestinationConfig& destination : next.destinations) {
        const DestinationConfig* present = m_config->destination(destination.name);
        if (present == nullptr || present->platform == destination.platform)
            continue;
        for (const auto& shard : counters.shards) {
            const auto waiting
                = std::accumulate(shard.waiting.begin(), shard.waiting.end(), std::int64_t { 0 });
            if (shard.id.destination == destination.name && waiting > 0)
                return fail(ErrorCode::Conflict,
                    "destination " + destination.name + " may not change its platform from "
                        + present->platform + " to " + destination.platform + " while "
                        + std::to_string(waiting)
                        + " deliveries wait for it; give the new one another name");
        }
    }
    return {};
}

Status Host::reload()
{
    if (m_options.configPath.empty())
        return fail(ErrorCode::Unsupported, "the simulator has no configuration file");
    const config::Loaded loaded = config::loadConfig(m_options.configPath, m_specs);
    Status checked = loaded.config
        ? checkReload(*loaded.config)
        : fail(ErrorCode::BadRequest, problemText(loaded.problems), m_options.configPath);
    if (!checked) {
        m_configProblem = checked.error().message;
        qCWarning(lcEngine, "the changed configuration was refused, the old one stays in force: %s",
            m_configProblem.c_str());
        return checked;
    }
    m_configProblem.clear();
    const std::shared_ptr<const Config> before = std::exchange(m_config, loaded.config);
    m_loop->applyConfig(m_config);
    pauseNewDestinations(before.get());
    m_control->setKeys(controlKeys());
    for (const std::string& note : m_ingress->reload(m_config))
        qCWarning(lcEngine, "%s", note.c_str());
    return {};
}

void Host::stop()
{
    if (m_isStopping)
        return;
    m_isStopping = true;
    if (m_replay) // then everything that a snapshot is made of is there
        publish();
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
    qCInfo(lcEngine, "stopped");
}

} // namespace engine
