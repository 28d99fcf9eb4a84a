// A replay before it is started: what, how fast, and what it says about itself. Pure values.
#pragma once

#include "guards/guard_rules.h"

#include <engine/commands.h>
#include <engine/pages.h>
#include <engine/snapshot.h>

#include <QString>

#include <optional>
#include <vector>

namespace ui {

struct ReplayDraft {
    engine::DeadLetterFilter filter {};
    bool includeDelivered { false };
    std::optional<engine::ReplayPreview> preview {};
    double sharePercent { 20 }; // of what live traffic leaves of the ceiling
    std::optional<double> rate {}; // records/s; overrides the share
    bool isRamped { true };
    bool includeUnknown { false };
    bool includeSameError { false };
    engine::ReplayGuards guards {};
};

// Entries that the job will send: "will send" and the parts taken in by hand.
[[nodiscard]] std::int64_t sendCount(const ReplayDraft& draft);
// Every matched entry is in exactly one part.
[[nodiscard]] bool addsUp(const engine::ReplayPreview& preview);
// "Matched 9,204 = 8,911 will be sent + 41 already accepted + …"; parts that are 0 are left out.
[[nodiscard]] QString previewSum(const engine::ReplayPreview& preview);
[[nodiscard]] engine::ReplayCommand makeReplayCommand(const ReplayDraft& draft);
// "stop at 5 % errors · hold at 1 % throttled or 30 s live lag"
[[nodiscard]] QString guardText(const engine::ReplayGuards& guards);
[[nodiscard]] QString paceText(const ReplayDraft& draft);
// What will happen, with its numbers, before it does.
[[nodiscard]] QString confirmSentence(const ReplayDraft& draft);
// What is asked before it starts: by the safety level, and in LIVE profiles at any level the count
// in digits when it is more than 10,000 or leaves one destination, and a reason when it is more
// than 100 or delivered events go again.
[[nodiscard]] Guard guardOf(const ReplayDraft& draft, const engine::EngineSnapshot& snapshot);

// How long it may take, from the ceilings that are known and what live traffic uses of them;
// nothing when a shard's ceiling is unknown and no rate is given.
[[nodiscard]] std::optional<engine::Seconds> estimateTime(
    const ReplayDraft& draft, const engine::EngineSnapshot& snapshot);

// A finished job, in numbers that must add up.
struct ReplayReport {
    std::int64_t total { 0 };
    std::int64_t accepted { 0 };
    std::int64_t failed { 0 };
    std::int64_t skipped { 0 };
    std::int64_t cancelled { 0 };
    [[nodiscard]] bool reconciles() const
    {
        return total == accepted + failed + skipped + cancelled;
    }
};
[[nodiscard]] ReplayReport reportOf(const engine::ReplayJobSnapshot& job);
[[nodiscard]] QString reportText(const ReplayReport& report);

[[nodiscard]] bool isOver(const engine::ReplayJobSnapshot& job);
[[nodiscard]] QString jobName(engine::ReplayJobId id); // "R-17"
[[nodiscard]] QString jobStateText(const engine::ReplayJobSnapshot& job); // "Running"

} // namespace ui
