// The heart: takes what waits, sends it at the pace that every gate allows, and says what becomes
// of it. Deterministic and single-threaded: no thread, timer or socket of its own; time comes from
// the injected clock, answers from the transport, commits from the store.
//
// There is one of it for all shards. On the two cores that were measured it sends and records
// 14,600 requests a second where 8,000 were asked for, and the store's thread has the other core:
// more threads would only wait for its commits. And a limit that several destinations share needs
// no lock while all its shards live in one thread.
//
// The order that a crash must find kept: encode, reserve every gate, commit the dispatch mark,
// send, decode, commit the outcome, and only then free the place in flight.
#pragma once

#include "core/clock.h"
#include "delivery/batch_builder.h"
#include "delivery/forecast.h"
#include "delivery/observer.h"
#include "delivery/receipts.h"
#include "delivery/retry_table.h"
#include "delivery/scheduler.h"
#include "delivery/shard_reading.h"
#include "delivery/shard_set.h"
#include "delivery/transport/transport.h"

#include <functional>
#include <memory>
#include <unordered_map>

namespace engine::delivery {

struct DispatcherPorts {
    const Clock* clock { nullptr };
    DeliveryStore* store { nullptr };
    // The transport that serves a destination's network options.
    std::function<Transport*(const DestinationConfig&)> transportFor {};
    AdapterLookup adapters {};
    SecretsLookup secrets {};
    // The platform gave another refresh token in place of the one of this destination and account;
    // it has to outlive this run. Told once for each that has it. May be null.
    std::function<void(
        const DestinationConfig& destination, const std::string& account, const std::string& token)>
        refreshTokenReplaced {};
    // What an operator should read of the platform's answers, in words: what it said later about
    // records that it had taken in, that its answers cannot be read any more. May be null.
    std::function<void(const ShardId& shard, const std::string& text)> toldLater {};
    // The wall clock was set, or the machine slept: by how much it is off from what went by. May be
    // null.
    std::function<void(Millis by)> clockJumped {};
    std::function<double()> random01 {}; // uniform in [0, 1)
    DeliveryObserver* observer { nullptr }; // may be null
    std::function<void()> wake {}; // a callback changed something: call turn() soon
    std::string salt {}; // random bytes that key the digests of credentials
};

// Pause, resume, retries paused.
struct DesiredChange {
    ShardId target {};
    Desired desired { Desired::Running };
    std::optional<WallTime> until {};
    PauseCause cause { PauseCause::Operator };
    std::string who {};
    std::string note {};
};

struct Applied {
    std::string before {}; // plain words, for the audit
    std::string after {};
    std::int64_t shards { 0 };
    std::vector<std::pair<ShardId, PauseState>> pausesBefore {}; // of setDesired() only
};

class Dispatcher {
public:
    explicit Dispatcher(DispatcherPorts ports);
    ~Dispatcher();
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    // Reads the shards, rebuilds windows, restores pauses. Fails when the store cannot tell: then
    // nothing may be sent.
    [[nodiscard]] Status start(ConfigPtr config);
    // Sends what may go now, a bounded number at a time. Says when to call again: now or earlier
    // for at once. Every callback asks for a turn through `wake`.
    SteadyTime turn();

    void arrived(const std::vector<Arrivals>& arrivals);
    // Somebody took rows out of a lane (a replay was cancelled, orphans were moved), after the
    // commit.
    void taken(ShardKey shard, Lane lane, const std::set<EventSeq>& seqs);

    void applyConfig(ConfigPtr config);
    // A secret that could not be read can be now, or has become another one.
    void secretsChanged();
    // Acts at once; `reply` runs when it is kept over restarts, or with why it is not yet: then it
    // is tried again until it is.
    [[nodiscard]] Result<Applied> setDesired(
        const DesiredChange& change, DeliveryStore::Committed reply);
    // Of a shard, or of every shard of a destination.
    [[nodiscard]] std::vector<std::pair<ShardId, PauseState>> pausesOf(const ShardId& target);
    // Values above a ceiling are refused unless allowed. An empty tuning returns to the configured.
    [[nodiscard]] Result<Applied> tune(const ShardId& target, const Tuning& tuning);
    // The most that a live override of the target may ask for: of several shards the highest.
    // Absent where nothing of it is configured.
    [[nodiscard]] std::optional<Tuning> ceilingsOf(const ShardId& target);
    // One delivery goes now, past a throttle, credential, configuration or breaker hold.
    [[nodiscard]] Result<Applied> probe(const ShardId& target);
    // The copy that a forecast runs on: the shard as it would be with what is asked about.
    [[nodiscard]] Result<ForecastBasis> forecastBasis(const ForecastQuery& query);
    // Nothing more of a replay job goes, retries included, until it is let go on; what is in flight
    // ends.
    void holdJob(ReplayJobId job, bool isHeld);

    // No new request from here on.
    void beginStop();
    [[nodiscard]] bool isDrained() const { return m_flights.empty(); }
    void cancelInFlight(); // their records end as `unknown`

    [[nodiscard]] std::vector<ShardReading> readings();

    // The longest that nothing happens: pauses end, deferred events are released and clocks are
    // compared in this grain.
    static constexpr Seconds kTick { 1 };
    static constexpr int kRequestsPerTurn = 256;

private:
    struct Flight;
    struct LaneSurvey;
    enum class Sent : std::uint8_t { Yes, Nothing, Gated };
    struct Attempt {
        Sent sent { Sent::Nothing };
        SteadyTime until { pacing::kUntilEvent };
    };
    struct HeldBy {
        bool isHeld { false };
        SteadyTime until { pacing::kUntilEvent };
    };
    struct ProbeKind {
        bool byOperator { false };
        bool byCredential { false };
        bool byConfig { false };
        [[nodiscard]] bool any() const { return byOperator || byCredential || byConfig; }
    };

    [[nodiscard]] Moment now() const;
    void tick(const Moment& now);
    void wakeShard(Shard& shard, SteadyTime at);
    void wakeSharers(const Credential& credential, SteadyTime at);

    // dispatcher.cpp: choosing and sending
    void tryShard(Shard& shard, const Moment& now);
    [[nodiscard]] HeldBy heldBy(Shard& shard, const Moment& now, ProbeKind& probe);
    [[nodiscard]] HeldBy heldByStore(const Moment& now) const;
    [[nodiscard]] HeldBy heldByToken(Shard& shard, const Moment& now);
    [[nodiscard]] LaneSurvey survey(Shard& shard, const Moment& now);
    [[nodiscard]] bool hasDue(Shard& shard, const Moment& now);
    bool refill(Shard& shard, Lane lane, std::int64_t wanted);
    [[nodiscard]] Attempt tryLane(
        Shard& shard, Lane lane, const ProbeKind& probe, const Moment& now);
    [[nodiscard]] Batch buildBatch(
        Shard& shard, Lane lane, std::int64_t recordsMax, const Moment& now);
    void passTurnOn(const Shard& shard, const Moment& now);
    void wakeParkedSharers(const Shard& shard, const Moment& now);
    void launch(Shard& shard, Lane lane, Batch batch, pacing::Reservation reservation,
        const ProbeKind& probe, const Moment& now);
    void putBack(Shard& shard, Batch batch);
    void onMarked(RequestId id, const Status& status);
    void send(Flight& flight);
    [[nodiscard]] static platforms::Decoded unsendable(const Error& error, const Flight& flight);
    void refuseLocally(Shard& shard, std::vector<LocalRefusal> refused, const Moment& now);
    static void moveToRetry(Shard& shard, QueuedDelivery& delivery, WallTime dueAt);

    // dispatcher_answers.cpp: what became of it
    void onAnswer(RequestId id, TransferResult result);
    void countUnreadable(const Flight& flight, bool isUnreadable);
    void settle(Flight& flight, const platforms::Decoded& decoded, const Moment& now);
    void judgeItem(
        Flight& flight, std::size_t index, const platforms::Decoded& decoded, const Moment& now);
    void tellHolds(Flight& flight, const platforms::Decoded& decoded, const Moment& now);
    void tellCredential(Flight& flight, const platforms::Decoded& decoded, const Moment& now);
    void tellConfigHold(Flight& flight, const platforms::Decoded& decoded, const Moment& now);
    void giveAsideBack(Shard& shard);
    void record(RequestId id);
    void onRecorded(RequestId id, const Status& status);
    void applyMoves(Flight& flight, const Moment& now);
    void lookForNext(Shard& shard, const std::vector<std::int64_t>& persons, const Moment& now);
    void report(const Flight& flight, const Moment& now);
    void storeFailed(const Moment& now, const Error& error);
    void storeWorks(const Moment& now);

    [[nodiscard]] std::optional<platforms::Decoded> redirected(
        Flight& flight, const TransferResult& result);

    // dispatcher_pace.cpp
    void tellPacer(Flight& flight, const platforms::Decoded& decoded, const Moment& now);
    static void keepHold(Shard& shard, RequestResult& with, const Moment& now);
    void forgetHold(const Shard& shard, RequestResult& with, const Moment& now);
    static void keepQuota(Shard& shard, Flight& flight, const Moment& now);
    static void keepRate(const Shard& shard, RequestResult& with, const Moment& now);
    static void keepBreaker(Shard& shard, RequestResult& with, const Moment& now);

    // dispatcher_tokens.cpp
    void fetchToken(Shard& shard, const Moment& now);
    struct TokenFetch {
        std::shared_ptr<Credential> credential {};
        DestinationPtr destination {};
        const platforms::Adapter* adapter { nullptr };
        std::shared_ptr<const platforms::Secrets> secrets {};
    };
    void onToken(const TokenFetch& fetch, const TransferResult& result);
    void onRefreshToken(const TokenFetch& fetch, const std::string& token);

    // dispatcher_receipts.cpp
    void noteReceipt(const Flight& flight, const platforms::Decoded& decoded, const Moment& moment);
    void takeReceipt(const Moment& moment);
    void askReceipt(Shard& shard, const Moment& moment);
    struct ReceiptCall {
        Receipt receipt {};
        pacing::Reservation place {};
        const platforms::Adapter* adapter { nullptr };
        std::shared_ptr<const platforms::Secrets> secrets {};
        SteadyTime sentAt {};
    };
    void onReceipt(const ReceiptCall& call, const TransferResult& result);
    enum class Known : std::uint8_t { Yes, No };
    void endReceipt(const Receipt& receipt, Known known);
    void tellLate(const Shard& shard, const std::string& text);

    // dispatcher_commands.cpp
    void setPause(Shard& shard, const PauseState& pause, const Moment& now, bool isRamped);
    void keepDesired(const DesiredChange& change, const DeliveryStore::Committed& reply);
    void onDesiredKept(const DesiredChange& change, const Status& status);
    void endPauses(const Moment& now);
    void releaseDeferred(Shard& shard, const Moment& now);
    void lookForDeferred(Shard& shard);
    void learnNewShards(const Moment& now);
    void retire(Shard& shard, const Moment& now);
    void recordAgain(const Moment& now);
    void wakeReplays();

    // reading.cpp
    [[nodiscard]] Millis lagOf(const Shard& shard, const Moment& now) const;
    [[nodiscard]] std::vector<Hold> holdsOf(Shard& shard, const Moment& now) const;
    [[nodiscard]] ShardReading read(Shard& shard, const Moment& now) const;

    DispatcherPorts m_ports {};
    ShardSet m_shards;
    Scheduler m_scheduler {};
    // Requests from the dispatch mark to the commit of their outcome; bounded by the sum of the
    // shards' concurrency. Local refusals have negative ids: they never had a request.
    std::unordered_map<RequestId, std::unique_ptr<Flight>> m_flights;
    std::int64_t m_lastLocalId { 0 };

    // The store cannot commit: outcomes wait here with their places in flight, nothing new goes.
    struct StoreTrouble {
        bool isBroken { false };
        SteadyTime retryAt {};
        Seconds wait { 1 };
        bool isCanaryOut { false };
        std::string reason {};
    };
    static constexpr Seconds kStoreWaitMost { 30 };
    StoreTrouble m_trouble {};
    std::vector<RequestId> m_unrecorded {};

    std::set<ReplayJobId> m_heldJobs {};

    Receipts m_receipts {};
    std::int64_t m_receiptsForgotten { 0 };
    std::optional<Receipt> m_receipt {}; // to be asked after next
    SteadyTime m_receiptGivesWayAt {};
    SteadyTime m_nextReceipt {};
    bool m_isReceiptAsked { false };

    // Pauses of whole destinations made in this run: their end is one change, not one per shard.
    std::map<std::string, PauseState> m_destinationPauses {};
    // In force, and refused by the store: written again each tick. One per target at most.
    std::vector<DesiredChange> m_unkept {};
    std::vector<Arrivals> m_unknownArrivals {}; // of shards that the store has not told of yet
    SteadyTime m_nextTick {};
    SteadyTime m_nextRetire {}; // of limiters
    std::optional<Moment> m_lastTick {};
    bool m_isStopping { false };
    // Callbacks of the store and the transport may come after this object is gone.
    std::shared_ptr<Dispatcher*> m_self {};
};

} // namespace engine::delivery
