#include "snapshot_maker.h"

#include "store/upkeep.h"
#include "synthetic_past.h"

#include <algorithm>

namespace engine {
namespace {

constexpr int kFingerprintsEvery = 5; // snapshots
constexpr std::int64_t kRefillMinutes = 1'440;
constexpr std::int64_t kMinuteUs = 60'000'000;

signals::RequestSample toSample(const delivery::RequestEnded& request)
{
    signals::RequestSample sample;
    sample.endedAt = request.endedAt;
    sample.outcome = request.outcome;
    sample.latency = request.latency;
    sample.hasLatency = request.hasLatency;
    sample.batchMax = request.batchMax;
    sample.isPartial = request.isPartial;
    sample.isLocal = request.form == ErrorForm::Local;
    sample.outcomes = request.outcomes;
    for (const Outcome outcome : kAllOutcomes) {
        if (!signals::isError(outcome))
            continue;
        const auto& forms = request.forms[static_cast<std::size_t>(outcome)];
        for (std::size_t form = 0; form < forms.size(); ++form)
            sample.errorForms[form] += forms[form];
    }
    return sample;
}

const char* kindText(ProfileKind kind)
{
    switch (kind) {
    case ProfileKind::Live:
        return "live";
    case ProfileKind::Practice:
        return "practice";
    case ProfileKind::Simulator:
        return "simulator";
    }
    return "";
}

} // namespace

struct SnapshotMaker::Gathered {
    struct Arrived {
        ShardId shard {};
        std::int64_t records { 0 };
        SteadyTime at {};
    };
    struct PickedUp {
        ShardId shard {};
        Millis waited { 0 };
        SteadyTime at {};
    };
    std::vector<Arrived> arrivals {};
    std::vector<PickedUp> pickUps {};
    std::vector<std::pair<ShardId, signals::RequestSample>> requests {};
    std::vector<delivery::ShardReading> readings {};
};

// Delivery thread. One second of facts, at most some thousand; handed over and forgotten with the
// readings.
class SnapshotMaker::Gatherer final : public delivery::DeliveryObserver {
public:
    void arrived(const ShardId& shard, Lane lane, std::int64_t records, SteadyTime at) override
    {
        if (lane == Lane::Live)
            m_gathered.arrivals.push_back({ shard, records, at });
    }
    void pickedUp(const ShardId& shard, Millis waited, SteadyTime at) override
    {
        m_gathered.pickUps.push_back({ shard, waited, at });
    }
    void requestEnded(const delivery::RequestEnded& request) override
    {
        m_gathered.requests.emplace_back(request.shard, toSample(request));
    }
    [[nodiscard]] Gathered hand(std::vector<delivery::ShardReading> readings)
    {
        m_gathered.readings = std::move(readings);
        return std::exchange(m_gathered, {});
    }

private:
    Gathered m_gathered {};
};

SnapshotMaker::SnapshotMaker(const Clock& clock, store::Store& store, ReaderThread& reader,
    std::function<void(std::function<void()>)> post)
    : m_clock(clock)
    , m_store(store)
    , m_reader(reader)
    , m_post(std::move(post))
    , m_gatherer(std::make_unique<Gatherer>())
{
}

SnapshotMaker::~SnapshotMaker() = default;

delivery::DeliveryObserver& SnapshotMaker::observer() { return *m_gatherer; }

void SnapshotMaker::take(std::vector<delivery::ShardReading> readings)
{
    auto gathered = std::make_shared<Gathered>(m_gatherer->hand(std::move(readings)));
    m_post([this, gathered] { absorb(std::move(*gathered)); });
}

void SnapshotMaker::absorb(Gathered gathered)
{
    for (const auto& arrival : gathered.arrivals)
        m_book.arrived(arrival.shard, arrival.records, arrival.at);
    for (const auto& pickUp : gathered.pickUps)
        m_book.pickedUp(pickUp.shard, pickUp.waited, pickUp.at);
    for (const auto& [shard, sample] : gathered.requests)
        m_book.requestEnded(shard, sample);
    m_readings = std::move(gathered.readings);
    m_hasNews = true;
}

// The store alone knows every way into the queue of dead letters and out of it: delivery, but also
// acceptance, replays and operators.
void SnapshotMaker::feedDeadLetters(SteadyTime now)
{
    for (const auto& shard : m_store.counters().shards) {
        const auto [slot, isNew] = m_deadLetters.try_emplace(
            shard.key, DeadLetterCounts { shard.dlqAdded, shard.dlqRemoved });
        DeadLetterCounts& seen = slot->second;
        // What a new shard has at its first look came with it, unless it was there at the start.
        if (isNew && m_number > 1)
            seen = {};
        if (shard.dlqAdded > seen.added)
            m_book.deadLettersAdded(shard.id, shard.dlqAdded - seen.added, now);
        if (shard.dlqRemoved > seen.removed)
            m_book.deadLettersRemoved(shard.id, shard.dlqRemoved - seen.removed, now);
        seen = { shard.dlqAdded, shard.dlqRemoved };
    }
}

void SnapshotMaker::askTopFingerprints()
{
    if (--m_untilFingerprints > 0)
        return;
    m_untilFingerprints = kFingerprintsEvery;
    // The reader's thread touches nothing of this object, which may be gone by then.
    m_reader.ask([this, post = m_post](Result<store::Reader*> reader) {
        if (!reader)
            return;
        auto top
            = std::make_shared<Result<std::map<ShardKey, std::pair<std::string, std::int64_t>>>>(
                (*reader)->topFingerprints());
        post([this, top] {
            if (*top)
                m_topFingerprints = std::move(**top);
        });
    });
}

void SnapshotMaker::addShards(EngineSnapshot& snapshot)
{
    std::map<ShardKey, std::int64_t> deadLetters;
    for (const auto& shard : m_store.counters().shards)
        deadLetters[shard.key] = shard.deadLetters;
    for (const delivery::ShardReading& reading : m_readings) {
        ShardSnapshot shard;
        reading.applyTo(shard);
        shard.dlqCount = deadLetters[reading.key];
        const auto top = m_topFingerprints.find(reading.key);
        if (top != m_topFingerprints.end() && shard.dlqCount > 0) {
            shard.dlqTopFingerprint = top->second.first;
            shard.dlqTopShare
                = static_cast<double>(top->second.second) / static_cast<double>(shard.dlqCount);
        }
        snapshot.shards.push_back(std::move(shard));
    }
    std::sort(snapshot.shards.begin(), snapshot.shards.end(),
        [](const auto& a, const auto& b) { return a.shard < b.shard; });
}

void SnapshotMaker::addPast(const EngineSnapshot& snapshot)
{
    if (!m_past)
        return;
    const signals::SignalBook::Moment now { snapshot.takenAtSteady, snapshot.takenAt };
    const auto add = [&](const ShardId& shard) {
        if (m_withPast.insert(shard).second)
            m_book.seed(shard, m_past->of(shard), now);
    };
    for (const ShardSnapshot& shard : snapshot.shards)
        add(shard.shard);
    for (const DestinationSnapshot& destination : snapshot.destinations)
        add({ destination.name, {} });
}

void SnapshotMaker::addDestinations(EngineSnapshot& snapshot, const Config& config) const
{
    const auto counters = m_store.counters();
    const auto add = [&](const std::string& name, const std::string& platform) {
        DestinationSnapshot destination;
        destination.name = name;
        destination.platform = platform;
        for (const auto& [where, count] : counters.unrouted) {
            if (where.first != name)
                continue;
            destination.unrouted.emplace_back(where.second, count);
            destination.unroutedTotal += count;
        }
        snapshot.destinations.push_back(std::move(destination));
    };
    for (const DestinationConfig& destination : config.destinations)
        add(destination.name, destination.platform);
    // Deliveries of a destination that was taken out of the configuration wait and are seen all the
    // same.
    for (const ShardSnapshot& shard : snapshot.shards) {
        const auto isSame = [&](const DestinationSnapshot& destination) {
            return destination.name == shard.shard.destination;
        };
        if (std::none_of(snapshot.destinations.begin(), snapshot.destinations.end(), isSame))
            add(shard.shard.destination, shard.platform);
    }
}

void SnapshotMaker::addTrials(EngineSnapshot& snapshot, const SnapshotContext& context)
{
    if (!context.trialOf)
        return;
    for (ShardSnapshot& shard : snapshot.shards)
        shard.trial = context.trialOf(shard.shard);
    for (DestinationSnapshot& destination : snapshot.destinations)
        destination.total.trial
            = context.trialOf({ .destination = destination.name, .account = {} });
}

void SnapshotMaker::addStory(EngineSnapshot& snapshot, const SnapshotContext& context) const
{
    snapshot.profile = context.config->profile.name;
    snapshot.profileKind = kindText(context.config->profile.kind);
    snapshot.safety = context.config->profile.safety;
    snapshot.isAboveCeilingAllowed = context.config->profile.isAboveCeilingAllowed;
    snapshot.thresholdsConfigured = context.config->thresholds;
    const RetentionConfig& kept = context.config->retention;
    snapshot.retention = { kept.events, kept.archived, kept.audit, kept.dedup, kept.maxBytes };
    snapshot.configPath = context.config->path;
    snapshot.configProblem = context.configProblem;
    snapshot.ingressUrl = context.ingressUrl;
    snapshot.controlUrl = context.controlUrl;
    snapshot.ingress = context.ingress;
    for (const auto& [where, count] : m_store.counters().unroutedOfWorkspace) {
        for (IngressSnapshot& ingress : snapshot.ingress) {
            if (ingress.workspace == where.first)
                ingress.unrouted.emplace_back(where.second, count);
        }
    }
    snapshot.jobs = context.jobs;
    snapshot.sale = context.sale;
    snapshot.isStopping = context.isStopping;
    snapshot.annotations.assign(m_annotations.begin(), m_annotations.end());
    snapshot.store = m_store.stats();
    if (!m_deliveryProblem.empty())
        snapshot.store.problem = m_deliveryProblem;
}

SnapshotPtr SnapshotMaker::make(const SnapshotContext& context)
{
    auto snapshot = std::make_shared<EngineSnapshot>();
    snapshot->number = ++m_number;
    snapshot->takenAt = m_clock.wallNow();
    snapshot->takenAtSteady = m_clock.steadyNow();
    feedDeadLetters(snapshot->takenAtSteady);
    askTopFingerprints();
    addShards(*snapshot);
    addDestinations(*snapshot, *context.config);
    addStory(*snapshot, context);
    snapshot->thresholds = context.thresholds;
    addPast(*snapshot);
    m_book.complete(*snapshot, { snapshot->takenAtSteady, snapshot->takenAt });
    addTrials(*snapshot, context);
    m_hasNews = false;
    return snapshot;
}

void SnapshotMaker::annotate(Annotation annotation)
{
    m_annotations.push_back(std::move(annotation));
    if (m_annotations.size() > kAnnotationsMax)
        m_annotations.pop_front();
    m_hasNews = true;
}

HistoryPage SnapshotMaker::history(const HistoryQuery& query) const
{
    return m_book.history(query, { m_clock.steadyNow(), m_clock.wallNow() });
}

std::map<std::string, std::string> SnapshotMaker::encoders() const
{
    std::map<std::string, std::string> encoders;
    for (const delivery::ShardReading& reading : m_readings) {
        if (!reading.encoder.empty())
            encoders[reading.shard.destination] = reading.encoder;
    }
    return encoders;
}

// A destination with one shard in a minute has none of its own: that one's are its.
void SnapshotMaker::storeMinutes(Minutes which)
{
    std::map<ShardId, ShardKey> keys;
    for (const auto& shard : m_store.counters().shards)
        keys[shard.id] = shard.key;
    const auto minutes = which == Minutes::All ? m_book.takeAllMinutes() : m_book.takeMinutes();
    std::map<std::pair<std::string_view, WallTime>, std::set<std::string_view>> accounts;
    for (const auto& minute : minutes) {
        if (!minute.shard.isWholeDestination())
            accounts[{ minute.shard.destination, minute.value.at }].insert(minute.shard.account);
    }
    std::vector<store::RollupRow> rows;
    std::vector<store::DestinationRollup> destinations;
    for (const auto& [shard, value] : minutes) {
        store::RollupRow row { toUnixMicros(value.at) / kMinuteUs, {}, value.metric, value.low,
            value.high, value.last, value.sum, value.samples };
        if (!shard.isWholeDestination()) {
            if (const auto key = keys.find(shard); key != keys.end()) {
                row.shard = key->second;
                rows.push_back(row);
            }
        } else if (accounts[{ shard.destination, value.at }].size() > 1) {
            destinations.push_back({ shard.destination, row });
        }
    }
    const std::int64_t count = std::ssize(rows) + std::ssize(destinations);
    if (count == 0)
        return;
    m_store.write(
        [rows = std::move(rows), destinations = std::move(destinations)](
            store::WriteTransaction& transaction) -> Status {
            if (Status done = store::addRollups(transaction, rows); !done)
                return done;
            return store::addDestinationRollups(transaction, destinations);
        },
        [](const Status&) {},
        count); // a minute of history that could not be kept is a gap in a chart, nothing more
}

Status SnapshotMaker::refillHistory(store::Reader& reader)
{
    const signals::SignalBook::Moment now { m_clock.steadyNow(), m_clock.wallNow() };
    const std::int64_t minute = toUnixMicros(now.wall) / kMinuteUs;
    const auto rows = reader.rollups(minute - kRefillMinutes, minute + 1);
    if (!rows)
        return tl::unexpected(rows.error());
    const auto own = reader.destinationRollups(minute - kRefillMinutes, minute + 1);
    if (!own)
        return tl::unexpected(own.error());
    const auto toValue = [](const store::RollupRow& row) {
        return signals::MinuteValue { row.metric, fromUnixMicros(row.minute * kMinuteUs), row.low,
            row.high, row.last, row.sum, row.samples };
    };
    std::map<ShardKey, std::vector<signals::MinuteValue>> byShard;
    for (const store::RollupRow& row : *rows)
        byShard[row.shard].push_back(toValue(row));
    std::map<std::string, std::vector<signals::MinuteValue>> byDestination;
    std::map<std::string, std::map<WallTime, int>> shardsAt; // of a destination in a minute
    const auto counters = m_store.counters();
    for (const auto& shard : counters.shards) {
        const auto found = byShard.find(shard.key);
        if (found == byShard.end())
            continue;
        m_book.refill(shard.id, found->second, now);
        std::set<WallTime> minutes;
        for (const signals::MinuteValue& value : found->second)
            minutes.insert(value.at);
        for (const WallTime at : minutes)
            ++shardsAt[shard.id.destination][at];
    }
    for (const auto& shard : counters.shards) {
        for (const signals::MinuteValue& value : byShard[shard.key]) {
            if (shardsAt[shard.id.destination][value.at] == 1)
                byDestination[shard.id.destination].push_back(value);
        }
    }
    for (const auto& [destination, row] : *own)
        byDestination[destination].push_back(toValue(row));
    for (const auto& [destination, values] : byDestination)
        m_book.refill({ .destination = destination, .account = {} }, values, now);
    return {};
}

} // namespace engine
