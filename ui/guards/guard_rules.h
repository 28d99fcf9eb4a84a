// What an action asks of the operator before it is done, by safety level: the table of
// console-design §8 as one pure function.
#pragma once

#include <engine/safety.h>
#include <engine/snapshot.h>

#include <QString>

#include <optional>

namespace ui {

enum class GuardedAction {
    Tune,
    TuneAboveCeiling,
    TuneWhileThrottled, // a raise
    PauseOrResume,
    PauseAll,
    ResumeMany, // more than kResumeAskAbove deliveries wait
    Replay,
    Archive,
    Purge,
    Import,
    CloseWindow, // with work in flight
};

// For Replay: entries and destinations it would reach.
struct GuardScope {
    std::int64_t count { 0 };
    int destinations { 1 };
};

struct Guard {
    enum class Ask {
        Nothing, // done at once
        Anyway, // the button says "Apply anyway"
        Sheet, // consequence first, then the button
        Preview, // of what would be sent
        Check, // of the file
        TypedCount, // the number, in digits
        Question,
    };
    bool isAllowed { true };
    QString whyNot {}; // tooltip of a disabled control
    Ask ask { Ask::Nothing };
    bool needsReason { false };
    bool needsTypedCount { false };
    bool isCountOnButton { false };
    std::optional<engine::Seconds> trial {}; // only as a trial, of this length unless chosen longer
};

struct GuardProfile {
    engine::SafetyLevel level { engine::SafetyLevel::Standard };
    bool isAboveCeilingAllowed { true };
};
[[nodiscard]] GuardProfile profileOf(const engine::EngineSnapshot& snapshot);

[[nodiscard]] Guard guardFor(
    const GuardProfile& profile, GuardedAction action, const GuardScope& scope = {});

inline constexpr std::int64_t kResumeAskAbove = 10'000; // deliveries that wait
inline constexpr std::int64_t kReplayReasonAbove = 100; // entries
inline constexpr std::int64_t kReplayTypedAbove = 10'000;
inline constexpr engine::Seconds kGuardedTrial { 600 };

} // namespace ui
