#include "guards/guard_rules.h"

#include <QCoreApplication>

namespace ui {
namespace {

struct GuardRulesText {
    Q_DECLARE_TR_FUNCTIONS(GuardRules)
};

using engine::SafetyLevel;
using Ask = Guard::Ask;

Guard tuneAboveCeiling(const GuardProfile& profile, bool isGuarded)
{
    Guard guard { .ask = Ask::Anyway, .needsReason = isGuarded };
    if (!profile.isAboveCeilingAllowed) {
        guard.isAllowed = false;
        guard.whyNot
            = GuardRulesText::tr("This profile allows nothing above a ceiling or against a "
                                 "throttle: [profile] above_ceiling in the configuration");
    }
    if (isGuarded)
        guard.trial = kGuardedTrial;
    return guard;
}

Guard replay(bool isGuarded, const GuardScope& scope)
{
    Guard guard { .ask = Ask::Preview };
    if (!isGuarded)
        return guard;
    guard.needsReason = scope.count > kReplayReasonAbove || scope.destinations > 1;
    guard.needsTypedCount = scope.count > kReplayTypedAbove || scope.destinations > 1;
    return guard;
}

} // namespace

GuardProfile profileOf(const engine::EngineSnapshot& snapshot)
{
    return { .level = snapshot.safety, .isAboveCeilingAllowed = snapshot.isAboveCeilingAllowed };
}

Guard guardFor(const GuardProfile& profile, GuardedAction action, const GuardScope& scope)
{
    if (action == GuardedAction::CloseWindow)
        return { .ask = Ask::Question };
    if (profile.level == SafetyLevel::Observe)
        return { .isAllowed = false,
            .whyNot = GuardRulesText::tr("Observe mode · Settings → Profile") };
    const bool isGuarded = profile.level == SafetyLevel::Guarded;
    switch (action) {
    case GuardedAction::Tune:
        return { .trial = isGuarded ? std::optional(kGuardedTrial) : std::nullopt };
    case GuardedAction::TuneAboveCeiling:
        return tuneAboveCeiling(profile, isGuarded);
    case GuardedAction::TuneWhileThrottled:
        // Below the guarded level it is a warning to pass over, whatever is set for ceilings.
        return tuneAboveCeiling(
            isGuarded ? profile : GuardProfile { .level = profile.level }, isGuarded);
    case GuardedAction::PauseOrResume:
        return { .ask = isGuarded ? Ask::Sheet : Ask::Nothing };
    case GuardedAction::PauseAll:
        return { .ask = Ask::Sheet, .needsReason = isGuarded };
    case GuardedAction::ResumeMany:
        return { .ask = profile.level == SafetyLevel::Practice ? Ask::Nothing : Ask::Sheet };
    case GuardedAction::Replay:
        return replay(isGuarded, scope);
    case GuardedAction::Archive:
        return { .isCountOnButton = isGuarded };
    case GuardedAction::Purge:
        return { .ask = Ask::TypedCount, .needsReason = isGuarded, .needsTypedCount = true };
    case GuardedAction::Import:
        return { .ask = Ask::Check, .needsReason = isGuarded };
    case GuardedAction::CloseWindow:
        break;
    }
    return {};
}

} // namespace ui
