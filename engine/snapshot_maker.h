// Makes the picture that everybody sees: readings of delivery, what the signals measured, the
// store's numbers, ingress and jobs.
#pragma once

#include "core/clock.h"
#include "core/config.h"
#include "delivery/observer.h"
#include "delivery/shard_reading.h"
#include "reader_thread.h"
#include "signals/signal_book.h"
#include "store/store.h"
#include "synthetic_past.h"

#include <engine/pages.h>
#include <engine/snapshot.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace engine {

// What only the host knows.
struct SnapshotContext {
    std::shared_ptr<const Config> config {};
    std::string configProblem {};
    std::string ingressUrl {};
    std::string controlUrl {};
    std::vector<IngressSnapshot> ingress {};
    std::vector<ReplayJobSnapshot> jobs {};
    SaleMode sale {};
    bool isStopping { false };
    Thresholds thresholds {}; // in force
    std::function<std::optional<TuningTrial>(const ShardId&)> trialOf {};
};

// Lives in the host's thread, but for observer() and take(), which belong to the delivery thread:
// what is observed there is gathered and handed over once a second together with the readings, so
// that a request costs no message of its own.
class SnapshotMaker {
public:
    // Any thread calls `post`, also after this object is gone; what it was given then must not run.
    SnapshotMaker(const Clock& clock, store::Store& store, ReaderThread& reader,
        std::function<void(std::function<void()>)> post);
    ~SnapshotMaker();

    // Delivery thread.
    [[nodiscard]] delivery::DeliveryObserver& observer();
    void take(std::vector<delivery::ShardReading> readings);

    // Host thread. Before the first make(): charts begin with 15 minutes that a calm shop might
    // have had, because an empty chart teaches nothing. For the simulator only; nothing of it is
    // stored.
    void pretendPast(SyntheticPast past) { m_past = std::move(past); }
    [[nodiscard]] SnapshotPtr make(const SnapshotContext& context);
    [[nodiscard]] bool hasNews() const { return m_hasNews; } // since the last make()
    void annotate(Annotation annotation);
    void setDeliveryProblem(std::string problem) { m_deliveryProblem = std::move(problem); }
    [[nodiscard]] HistoryPage history(const HistoryQuery& query) const;
    // Destination → version of the encoder it uses now.
    [[nodiscard]] std::map<std::string, std::string> encoders() const;
    // Once a minute, and at the end with the minute that runs: what the signals rolled up goes into
    // the store. At start, before the first make(): it comes back.
    enum class Minutes : std::uint8_t { Ended, All };
    void storeMinutes(Minutes which);
    [[nodiscard]] Status refillHistory(store::Reader& reader);
    static constexpr std::size_t kAnnotationsMax = 200;

private:
    class Gatherer; // the observer
    struct Gathered;
    void absorb(Gathered gathered);
    void feedDeadLetters(SteadyTime now);
    void askTopFingerprints();
    void addShards(EngineSnapshot& snapshot);
    void addPast(const EngineSnapshot& snapshot);
    void addDestinations(EngineSnapshot& snapshot, const Config& config) const;
    static void addTrials(EngineSnapshot& snapshot, const SnapshotContext& context);
    void addStory(EngineSnapshot& snapshot, const SnapshotContext& context) const;

    const Clock& m_clock;
    store::Store& m_store;
    ReaderThread& m_reader;
    std::function<void(std::function<void()>)> m_post;
    std::unique_ptr<Gatherer> m_gatherer;

    signals::SignalBook m_book {};
    struct DeadLetterCounts {
        std::int64_t added { 0 };
        std::int64_t removed { 0 };
    };
    std::map<ShardKey, DeadLetterCounts> m_deadLetters {}; // the store's counters as last seen
    std::vector<delivery::ShardReading> m_readings {};
    std::map<ShardKey, std::pair<std::string, std::int64_t>> m_topFingerprints {};
    std::deque<Annotation> m_annotations {};
    std::string m_deliveryProblem {};
    std::uint64_t m_number { 0 };
    std::optional<SyntheticPast> m_past {};
    std::set<ShardId> m_withPast {};
    int m_untilFingerprints { 0 }; // snapshots
    bool m_hasNews { false };
};

} // namespace engine
