#include "delivery/shard_set.h"

#include "delivery/stable_hash.h"

#include <QLoggingCategory>

#include <iterator>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcShards, "engine.delivery.shards")

// Records in memory over all shards; with a kilobyte each about 40 MB.
constexpr std::int64_t kPrefetchBudget = 40'000;
constexpr std::int64_t kPrefetchMin = 256;
constexpr std::int64_t kPrefetchMax = 4'000;

// A rate below one request in a day is one request in a day after a restart.
constexpr Micros kRateRecalledMost { std::chrono::hours { 24 } };

// Tells mappings apart in the record of a dead letter.
std::string mappingHash(const DestinationConfig& destination)
{
    std::uint64_t hash = kStableHashStart;
    for (const auto* map : { &destination.options, &destination.eventNames }) {
        for (const auto& [name, value] : *map)
            hash = stableHash(value, stableHash(name, hash));
    }
    std::string text(16, '0');
    for (auto it = text.rbegin(); it != text.rend(); ++it, hash >>= 4)
        *it = "0123456789abcdef"[hash & 15];
    return text;
}

Contract contractOf(const DestinationConfig& destination, const std::string& account)
{
    Contract contract = destination.contract;
    for (const AccountConfig& own : destination.accounts) {
        if (own.account == account && own.limits)
            contract.limits = *own.limits;
    }
    return contract;
}

} // namespace

std::string hostOf(std::string_view url)
{
    const auto scheme = url.find("://");
    if (scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    const auto end = url.find_first_of("/?#");
    std::string host(url.substr(0, end));
    std::transform(host.begin(), host.end(), host.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return host;
}

bool ShardSet::wasRetired(const ShardRecord& record, const Moment& now) const
{
    const bool isEmpty = record.deadLetters == 0 && record.desired == Desired::Running
        && record.pace.empty()
        && std::all_of(record.waiting.begin(), record.waiting.end(),
            [](std::int64_t waiting) { return waiting == 0; });
    // One that never had a success may have come a moment ago: only this run can tell.
    if (!isEmpty || !record.lastSuccess || now.wall - *record.lastSuccess < kRetireAfter)
        return false;
    Micros longest = kRetireAfter;
    const DestinationConfig* destination
        = m_config ? m_config->destination(record.id.destination) : nullptr;
    if (destination) {
        const Contract contract = contractOf(*destination, record.id.account);
        for (const Limit& limit : contract.limits)
            longest = std::max<Micros>(longest, limit.period + limit.period / 100);
    }
    const auto sent = m_ports.store->sentSince(record.key, now.wall - longest);
    return sent && sent->empty();
}

Shard& ShardSet::add(const ShardRecord& record, const Moment& now)
{
    if (Shard* known = find(record.key))
        return *known;
    auto owned = std::make_unique<Shard>();
    Shard& shard = *owned;
    shard.key = record.key;
    shard.id = record.id;
    shard.addedAt = now.steady;
    if (m_free.empty()) {
        shard.index = m_shards.size();
        m_shards.push_back(std::move(owned));
    } else {
        shard.index = m_free.back();
        m_free.pop_back();
        m_shards[shard.index] = std::move(owned);
    }
    m_byKey[record.key] = shard.index;
    m_byId[record.id] = shard.index;
    m_byDestination[record.id.destination].push_back(shard.index);
    for (const Lane lane :
        { Lane::Live, Lane::Retry, Lane::Replay, Lane::Import, Lane::Deferred }) {
        shard.queue.setWaiting(lane, record.waiting[static_cast<std::size_t>(lane)]);
    }
    shard.lastSuccess = record.lastSuccess;
    shard.pause = { .desired = record.desired,
        .until = record.pauseUntil,
        .cause = record.pauseCause,
        .note = record.pauseNote,
        .who = record.pauseWho };
    shard.pastPace = record.pace;
    configure(shard, now);
    setPrefetch();
    return shard;
}

void ShardSet::applyConfig(ConfigPtr config, const Moment& now)
{
    m_config = std::move(config);
    m_limiters.beginReload();
    for (Shard* shard : all())
        configure(*shard, now);
    m_limiters.retire(now.steady);
    setPrefetch();
}

void ShardSet::remove(Shard& shard)
{
    const ShardIndex index = shard.index;
    auto& siblings = m_byDestination[shard.id.destination];
    std::erase(siblings, index);
    if (siblings.empty())
        m_byDestination.erase(shard.id.destination);
    m_byKey.erase(shard.key);
    m_byId.erase(shard.id);
    if (shard.pacer)
        shard.pacer->dropClaims();
    leaveLimiters(shard);
    m_shards[index].reset();
    m_free.push_back(index);
}

Shard* ShardSet::find(ShardKey key)
{
    const auto it = m_byKey.find(key);
    return it == m_byKey.end() ? nullptr : m_shards[it->second].get();
}

Shard* ShardSet::find(const ShardId& id)
{
    const auto it = m_byId.find(id);
    return it == m_byId.end() ? nullptr : m_shards[it->second].get();
}

std::vector<Shard*> ShardSet::matching(const ShardId& target)
{
    std::vector<Shard*> found;
    if (!target.isWholeDestination()) {
        if (Shard* shard = find(target))
            found.push_back(shard);
        return found;
    }
    const auto it = m_byDestination.find(target.destination);
    if (it == m_byDestination.end())
        return found;
    for (const ShardIndex index : it->second)
        found.push_back(m_shards[index].get());
    return found;
}

std::vector<Shard*> ShardSet::all()
{
    std::vector<Shard*> shards;
    shards.reserve(m_byKey.size());
    for (const auto& shard : m_shards) {
        if (shard)
            shards.push_back(shard.get());
    }
    return shards;
}

void ShardSet::tune(const ShardId& target, const Tuning& tuning, const Moment& now)
{
    if (tuning.isEmpty())
        m_tunings.erase(target);
    else
        m_tunings[target] = tuning;
    for (Shard* shard : matching(target)) {
        // What is said of the whole destination replaces what was said of its shards.
        if (target.isWholeDestination())
            m_tunings.erase(shard->id);
        shard->tuning = tuningOf(*shard);
        updatePacer(*shard, now);
    }
}

bool ShardSet::refreshSecrets(Shard& shard, bool isFresh, const Moment& now)
{
    if (!shard.destination)
        return false;
    auto secrets = m_ports.secrets(*shard.destination, shard.account, isFresh);
    auto credential = m_credentials.find(*shard.destination, shard.account, secrets);
    const bool isOther = credential != shard.credential;
    shard.credential = std::move(credential);
    if (!secrets) {
        shard.secrets.reset();
        if (shard.credential->state == CredentialState::Ok) {
            shard.credential->state = CredentialState::Rejected;
            shard.credential->rejectedAt = now.steady;
            shard.credential->probe.start(now.steady);
        }
        shard.credential->reason = secrets.error().message;
        return false;
    }
    shard.secrets = std::make_shared<const platforms::Secrets>(std::move(*secrets));
    shard.needsToken = shard.adapter->tokenRequest(*shard.destination, *shard.secrets).has_value();
    return isOther;
}

std::vector<Shard*> ShardSet::replaceRefreshToken(
    const std::shared_ptr<Credential>& credential, const std::string& token)
{
    std::vector<Shard*> owners;
    for (Shard* shard : all()) {
        if (shard->credential != credential || !shard->secrets || !shard->destination)
            continue;
        platforms::Secrets secrets = *shard->secrets;
        secrets[std::string(platforms::kRefreshToken)] = token;
        m_credentials.adopt(credential, *shard->destination, secrets);
        shard->secrets = std::make_shared<const platforms::Secrets>(std::move(secrets));
        owners.push_back(shard);
    }
    return owners;
}

std::int64_t ShardSet::batchUnder(const Shard& shard, const Tuning& tuning) const
{
    const std::int64_t configured
        = tuning.batch.value_or(shard.destination ? shard.destination->batch : 1);
    std::int64_t most = largestBatch(shard.contract, shard.contract.batchRecords);
    if (tuning.isAboveCeilingAllowed)
        most = std::max(most, configured);
    const std::int64_t wanted = shard.sizer.cut(std::min(configured, most));
    return std::max<std::int64_t>(shard.pacer ? shard.pacer->batchFit(wanted) : wanted, 1);
}

pacing::PacerOptions ShardSet::pacerOptions(const Shard& shard, const Tuning& tuning) const
{
    const DestinationConfig& destination = *shard.destination;
    const int configured = tuning.concurrency.value_or(destination.concurrency);
    int ceiling = std::max(shard.contract.concurrency, destination.concurrency);
    if (tuning.isAboveCeilingAllowed)
        ceiling = std::max(ceiling, configured);
    return { .concurrency
        = { .configured = configured, .ceiling = ceiling, .isAdaptive = destination.isAdaptive },
        .rate = tuning.rate ? tuning.rate : destination.rate,
        .batch = batchUnder(shard, tuning),
        .breaker = destination.breaker,
        .isAdaptive = destination.isAdaptive };
}

void ShardSet::updatePacer(Shard& shard, const Moment& now)
{
    if (!shard.destination)
        return;
    const pacing::PacerOptions options = pacerOptions(shard, shard.tuning);
    if (shard.pacer)
        shard.pacer->setOptions(options, now.steady);
    else
        shard.pacer = std::make_unique<pacing::ShardPacer>(options, now.steady);
    if (options.rate)
        recallRate(shard, *options.rate, now);
}

// The first time that a rate is in force: what an earlier run sent less than one interval ago takes
// its place in it. Otherwise each restart would send one request at once.
void ShardSet::recallRate(Shard& shard, double perSecond, const Moment& now)
{
    const Micros interval { static_cast<std::int64_t>(
        std::min(1e6 / perSecond, static_cast<double>(kRateRecalledMost.count()))) };
    if (shard.isRateRecalled || now.steady - shard.addedAt >= interval)
        return;
    shard.isRateRecalled = true;
    const auto sent = m_ports.store->sentSince(shard.key, now.wall - interval);
    if (!sent) {
        if (m_history)
            m_history = tl::unexpected(sent.error());
        return;
    }
    for (const SentRequest& request : *sent)
        shard.pacer->recallRate(now.steady - std::max(now.wall - request.sentAt, Micros { 0 }));
}

void ShardSet::configure(Shard& shard, const Moment& now)
{
    const DestinationConfig* found
        = m_config ? m_config->destination(shard.id.destination) : nullptr;
    const platforms::Adapter* adapter = found ? m_ports.adapters(found->platform) : nullptr;
    shard.isOrphaned = !found || !adapter;
    if (shard.isOrphaned) {
        qCWarning(lcShards, "%s is not in the configuration; what waits for it is held",
            toString(shard.id).c_str());
        return;
    }
    // An alias of the whole configuration keeps it alive for requests under way.
    shard.destination = DestinationPtr(m_config, found);
    shard.adapter = adapter;
    const bool isFixed = found->accountFrom.empty() && !found->account.empty();
    shard.account = isFixed ? found->account : shard.id.account;
    shard.contract = contractOf(*found, shard.account);
    if (const std::string host = hostOf(found->endpoint); host != shard.host) {
        shard.host = host;
        if (shard.pacer)
            shard.pacer->resetBreaker(now.steady);
    }
    shard.redirect = {};
    shard.encoder = std::string(adapter->version()) + '/' + mappingHash(*found);
    shard.lanes.setShares(found->lanes);
    shard.configHold.clear();
    shard.refusals.clear();
    shard.configSuspects.clear();
    shard.tuning = tuningOf(shard);
    refreshSecrets(shard, true, now);
    updatePacer(shard, now);
    joinLimiters(shard, now);
    updatePacer(shard, now); // the batch depends on the limiters
    if (const auto& warmUp = found->warmUp)
        shard.pacer->setWarmUp(now.steady + (warmUp->from - now.wall), warmUp->over);
    else
        shard.pacer->setWarmUp(now.steady, Millis { 0 });
}

Tuning ShardSet::tuningOf(const Shard& shard) const
{
    auto it = m_tunings.find(shard.id);
    if (it == m_tunings.end())
        it = m_tunings.find({ .destination = shard.id.destination, .account = {} });
    Tuning tuning = it == m_tunings.end() ? Tuning {} : it->second;
    if (tuning.isAboveCeilingAllowed || !shard.destination)
        return tuning;
    const int concurrencyMost
        = std::max(shard.contract.concurrency, shard.destination->concurrency);
    const auto batchMost
        = static_cast<int>(largestBatch(shard.contract, shard.contract.batchRecords));
    if (tuning.concurrency)
        tuning.concurrency = std::clamp(*tuning.concurrency, 1, concurrencyMost);
    if (tuning.batch)
        tuning.batch = std::clamp(*tuning.batch, 1, batchMost);
    return tuning;
}

ScopeKeys ShardSet::scopeKeysOf(const Shard& shard) const
{
    const std::string platform = shard.destination->platform + '|' + shard.host + '|';
    return { .account = platform + "account|" + shard.account,
        .credential = platform + "credential|" + shard.credential->scopeKey,
        .destination = platform + "destination|" + shard.id.destination };
}

// To that host, where it is known.
std::vector<SentRequest> ShardSet::sentBy(
    const Shard& shard, const std::string& host, WallTime from)
{
    auto sent = m_ports.store->sentSince(shard.key, from);
    if (!sent) {
        qCWarning(lcShards, "%s: what was sent before could not be read: %s",
            toString(shard.id).c_str(), sent.error().detail.c_str());
        if (m_history)
            m_history = tl::unexpected(sent.error());
        return {};
    }
    std::erase_if(*sent,
        [&](const SentRequest& request) { return !request.host.empty() && request.host != host; });
    return std::move(*sent);
}

// Of an orphan from an earlier run nothing is known but the account in its name and the hosts of
// its requests. A credential may have been the same: then it counts as the same, since a window
// that is rebuilt too full costs some time and one that is too empty costs a throttle.
bool ShardSet::mayShare(const Shard& orphan, const Shard& joining, LimitScope scope) const
{
    const auto keyOf = [scope](const ScopeKeys& keys) {
        return scope == LimitScope::Account ? keys.account : keys.credential;
    };
    if (scope == LimitScope::Destination)
        return false;
    if (orphan.destination)
        return keyOf(scopeKeysOf(orphan)) == keyOf(scopeKeysOf(joining));
    return scope == LimitScope::Credential || orphan.id.account == joining.account;
}

std::vector<const Shard*> ShardSet::orphansBeside(const Shard& joining, LimitScope scope)
{
    std::vector<const Shard*> found;
    for (const auto& [destination, indices] : m_byDestination) {
        if (m_config->destination(destination) != nullptr)
            continue;
        for (const ShardIndex index : indices) {
            if (mayShare(*m_shards[index], joining, scope))
                found.push_back(m_shards[index].get());
        }
    }
    return found;
}

std::vector<SentRequest> ShardSet::sentByOrphans(
    const Shard& joining, LimitScope scope, WallTime from)
{
    std::vector<SentRequest> found;
    for (const Shard* orphan : orphansBeside(joining, scope)) {
        auto sent = sentBy(*orphan, joining.host, from);
        // Before hosts were kept with requests they say nothing of whose they were.
        std::erase_if(sent, [](const SentRequest& request) { return request.host.empty(); });
        found.insert(found.end(), sent.begin(), sent.end());
    }
    return found;
}

// Its own, and, when it joins first, what the platform had said to orphans that may be of its
// scope: later a probe may have ended that. A breaker is each shard's own.
std::vector<PaceRecord> ShardSet::paceFor(const Shard& joining)
{
    std::vector<PaceRecord> pace = joining.pastPace;
    if (joining.hasJoined)
        return pace;
    for (const Shard* orphan : orphansBeside(joining, throttleScopeOf(joining.contract))) {
        for (const PaceRecord& kept : orphan->pastPace) {
            if (kept.host == joining.host && kept.limit != kPaceOfBreaker)
                pace.push_back(kept);
        }
    }
    return pace;
}

void ShardSet::joinLimiters(Shard& shard, const Moment& now)
{
    std::erase_if(shard.pastPace, [&](const PaceRecord& kept) { return kept.host != shard.host; });
    for (const PaceRecord& kept : shard.pastPace) {
        if (kept.limit.empty()) {
            shard.holdKeptUntil = now.steady + (kept.until - now.wall);
        } else if (kept.limit == kPaceOfBreaker) {
            shard.pacer->restoreBreaker(now.steady,
                { .probeAt = now.steady + (kept.readAt + kept.window - now.wall),
                    .wait = kept.window });
            // Kept although it is closed here: the policy is off. Then the next outcome drops it.
            shard.breakerKept = shard.pacer->openBreaker().value_or(pacing::Breaker::State {});
        }
    }
    const auto pace = paceFor(shard);
    auto joined = m_limiters.join(shard.contract, scopeKeysOf(shard),
        { .steady = now.steady, .wall = now.wall },
        { .sent = [&](WallTime from) { return sentBy(shard, shard.host, from); },
            .pace = pace,
            .orphaned
            = [&](LimitScope scope, WallTime from) { return sentByOrphans(shard, scope, from); } });
    shard.pastPace.clear();
    shard.hasJoined = true;
    leaveLimiters(shard);
    const auto share = [&](const void* with) {
        shard.shared.push_back(with);
        m_sharers[with].push_back(shard.index);
    };
    for (const auto& limiter : joined.limiters)
        share(limiter.get());
    if (joined.slots)
        share(joined.slots.get());
    shard.pacer->setSlots(std::move(joined.slots));
    shard.pacer->setLimiters(std::move(joined.limiters));
    shard.pacer->setThrottleScope(std::move(joined.throttle));
}

void ShardSet::leaveLimiters(Shard& shard)
{
    for (const void* with : shard.shared) {
        const auto it = m_sharers.find(with);
        std::erase(it->second, shard.index);
        if (it->second.empty())
            m_sharers.erase(it);
    }
    shard.shared.clear();
}

std::vector<Shard*> ShardSet::sharersOf(const Shard& shard)
{
    std::vector<Shard*> sharers;
    for (const void* with : shard.shared) {
        for (const ShardIndex index : m_sharers.at(with)) {
            if (index != shard.index)
                sharers.push_back(m_shards[index].get());
        }
    }
    return sharers;
}

void ShardSet::setPrefetch()
{
    const auto shards = std::max<std::int64_t>(static_cast<std::int64_t>(size()), 1);
    for (Shard* shard : all()) {
        if (!shard->destination)
            continue;
        const std::int64_t batch = shard->batchConfigured();
        const std::int64_t wanted = batch * std::max(4, 2 * shard->destination->concurrency);
        const std::int64_t share = kPrefetchBudget / shards;
        const std::int64_t rows = std::min({ std::max(wanted, kPrefetchMin), share, kPrefetchMax });
        shard->queue.setPrefetch(static_cast<int>(std::max(rows, batch)));
    }
}

} // namespace engine::delivery
