// How many entries of a replay job go into the lane now. Pure: takes `now` and values.
#pragma once

#include <engine/snapshot.h>
#include <engine/time.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace engine::replay {

// Requirement G3 and console-design §7.5: the limits are the job's, the rest is the product's.
struct Guards {
    ReplayGuards limits {};
    int errorWindow { 200 }; // of the last that ended
    int errorSamplesMin { 20 };
};

struct PaceOptions {
    std::optional<double> perSecond {}; // records; wins over the share
    double sharePercent { 20 }; // of what live traffic leaves of the ceiling
    bool isRamped { true }; // 1, 10, 100, then all: each step wants 95 % accepted
    Guards guards {};
};

// What the shards of the job look like now.
struct Surroundings {
    double spareRecordsPerSecond {
        0
    }; // ceiling less live traffic, summed over its shards; 0 when unknown
    double throttleRatio { 0 }; // the worst shard
    Seconds liveLag { 0 };
    std::int64_t batch { 1 }; // records in a request
};

// Counts of the job so far.
struct Progress {
    std::int64_t fed { 0 };
    std::int64_t accepted { 0 };
    std::int64_t failed { 0 };
    std::int64_t sameError { 0 }; // of the failed ones, with the error that they had before
    [[nodiscard]] std::int64_t ended() const { return accepted + failed; }
    [[nodiscard]] std::int64_t outstanding() const { return fed - ended(); }
};

struct Feed {
    std::int64_t count { 0 };
    std::string hold {}; // why it waits, in plain words; empty: it runs
    std::string stop {}; // why it must stop; empty: it need not
    double perSecond { 0 }; // the pace in force
    int rampStep { 0 }; // 0…3; 3: full pace
    std::optional<double> errorRatio {}; // of the last errorWindow; absent below errorSamplesMin
};

class JobPacer {
public:
    explicit JobPacer(const PaceOptions& options)
        : m_options(options)
    {
    }
    // After a crash or a resume the ramp begins anew.
    [[nodiscard]] Feed next(SteadyTime now, const Progress& progress, const Surroundings& around);
    // Faster or slower from here on; the ramp and the guards go on as they are.
    void setPace(double sharePercent, const std::optional<double>& perSecond)
    {
        m_options.sharePercent = sharePercent;
        m_options.perSecond = perSecond;
    }

private:
    struct Sample {
        std::int64_t accepted { 0 };
        std::int64_t failed { 0 };
    };
    [[nodiscard]] std::optional<double> errorRatio(const Progress& progress);
    [[nodiscard]] std::string stopReason(
        const std::optional<double>& ratio, const Progress& progress) const;
    [[nodiscard]] std::string sameErrorReason(const Progress& progress) const;
    [[nodiscard]] std::string holdReason(const Surroundings& around) const;
    [[nodiscard]] std::int64_t rampAllowance(const Progress& progress);

    PaceOptions m_options {};
    std::deque<Sample>
        m_samples {}; // cumulated; the front is at least errorWindow endings old, or the first
    std::optional<Progress> m_rampStart {}; // where the present step began
    int m_rampStep { 0 };
    std::optional<SteadyTime> m_last {};
    double m_credit { 0 }; // records that time has earned
};

} // namespace engine::replay
