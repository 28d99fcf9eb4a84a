// One shard as its delivery thread holds it. Plain state: Dispatcher and ShardSet decide.
#pragma once

#include "core/config.h"
#include "delivery/batch_sizer.h"
#include "delivery/code_refusals.h"
#include "delivery/config_hold.h"
#include "delivery/credentials.h"
#include "delivery/lane_picker.h"
#include "delivery/redirects.h"
#include "delivery/refusal_run.h"
#include "delivery/scheduler.h"
#include "delivery/shard_queue.h"
#include "delivery/tuning.h"
#include "pacing/shard_pacer.h"
#include "pacing/spacer.h"
#include "platforms/adapter.h"

#include <engine/snapshot.h>

namespace engine::delivery {

// One instant on every clock that matters; `due` is Clock::dueAt().
struct Moment {
    SteadyTime steady {};
    WallTime wall {};
    WallTime due {};
};

// So many answers in a row that cannot be read are no accident.
inline constexpr int kUnreadableMax = 3;

// After a pause the pace rises over this long.
inline constexpr Seconds kResumeRamp { 60 };

struct PauseState {
    Desired desired { Desired::Running };
    std::optional<WallTime> until {};
    PauseCause cause { PauseCause::Operator };
    std::string note {};
    std::string who {};
};

using DestinationPtr = std::shared_ptr<const DestinationConfig>;

struct Shard {
    ShardIndex index { 0 };
    ShardId id {};
    ShardKey key {};
    DestinationPtr destination {}; // the last one known, also while orphaned; null: never known
    const platforms::Adapter* adapter { nullptr };
    Contract contract {}; // the destination's, with the limits of this account
    bool isOrphaned { false };
    // Whom its records are for: a fixed account is the one configured now, so that what waited
    // under the old one follows; a derived one stays.
    std::string account {};
    std::string host {};
    Redirect redirect {};
    std::string encoder {}; // adapter version and a hash of the mapping

    ShardQueue queue {};
    LanePicker lanes {};
    BatchSizer sizer {};
    // Whose record is in flight. Those that overwrite what a platform knows of a person go one at a
    // time and in order of acceptance: the store tells who is first of a person.
    std::set<std::int64_t> personsOut {};
    std::unique_ptr<pacing::ShardPacer> pacer {};
    // The pacer's limiters and places in flight, to find who shares them.
    std::vector<const void*> shared {};
    pacing::Spacer importSpacer {};
    bool hasJoined { false }; // its limiters, in this run
    std::vector<PaceRecord> pastPace {}; // of the last run, until the limiters have it
    SteadyTime quotaKeptAt {}; // when what the headers say was last written down
    SteadyTime holdKeptUntil { SteadyTime::min() }; // the throttle hold that was last written down
    std::optional<pacing::Breaker::State> breakerKept {}; // as it was last written down

    std::shared_ptr<Credential> credential {};
    std::shared_ptr<const platforms::Secrets> secrets {}; // null: could not be read
    bool needsToken { false }; // the secrets have to be exchanged for an access token
    ConfigHold configHold {};
    RefusalRun refusals {};
    CodeRefusals codeRefusals {};
    struct AsideReason {
        std::string code {};
        std::string message {};
    };
    std::map<EventSeq, AsideReason> asideReasons {}; // of what the queue has set aside
    // Refused while the shard was held, as its probes. Refused again when others pass, it is them.
    std::set<EventSeq> configSuspects {};
    PauseState pause {};
    Tuning tuning {};
    SteadyTime addedAt {};
    bool isRateRecalled { false }; // requests of an earlier run have their place in the rate
    bool isProbeRequested { false };

    int requestsInFlight { 0 };
    int bulkInFlight { 0 }; // replay
    std::int64_t localPending { 0 }; // records refused here whose dead letters are not committed
    int unreadableAnswers { 0 }; // that could not be read, in a row
    std::int64_t attemptsSinceAccepted { 0 };
    std::optional<WallTime> lastSuccess {};
    LateWord lateWord {};
    std::optional<WallTime> deferredNext {}; // release time of the first deferred row
    bool isReleasing { false };
    std::optional<SteadyTime> emptySince {};

    [[nodiscard]] std::int64_t batchConfigured() const
    {
        return tuning.batch.value_or(destination ? destination->batch : 1);
    }
};

} // namespace engine::delivery
