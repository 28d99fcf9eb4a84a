#include "delivery/retry_table.h"

#include "pacing/retry_delay.h"

namespace engine::delivery {

namespace {

RecordStep retryOrDead(const Contract& contract, const RecordVerdict& verdict)
{
    const int failures = verdict.attemptsBefore + 1;
    if (verdict.isProbe || verdict.isNotAtFault)
        return { .next = Next::Back, .attempts = verdict.attemptsBefore };
    const bool isLast = verdict.refusalsMax && verdict.refusals >= *verdict.refusalsMax;
    if (isLast || pacing::isLastFailure(contract.retry, failures))
        return { .next = Next::Dead, .attempts = failures };
    Micros wait = pacing::retryDelay(contract.retry, failures, verdict.jitter01);
    if (verdict.retryAfter)
        wait = std::max(wait, Micros { *verdict.retryAfter });
    return { .next = Next::Retry, .attempts = failures, .dueAt = verdict.now + wait };
}

RecordStep splitUp(const RecordVerdict& verdict)
{
    return { .next = Next::BackRetry, .attempts = verdict.attemptsBefore, .dueAt = verdict.now };
}

RecordStep dead(const RecordVerdict& verdict)
{
    return { .next = Next::Dead, .attempts = verdict.attemptsBefore + 1 };
}

RecordStep afterUnknown(const Contract& contract, const RecordVerdict& verdict)
{
    const bool isSplit = verdict.isBatchSuspect && !verdict.isAlone;
    const RecordStep step = isSplit ? splitUp(verdict) : retryOrDead(contract, verdict);
    if (step.next == Next::Dead)
        return step;
    const Resend resend { .doesOverwrite = verdict.doesOverwrite,
        .hasDedupKey = verdict.hasDedupKey,
        .firstSentAt = verdict.firstSentAt.value_or(verdict.sentAt),
        .at = std::max(step.dueAt, verdict.now) };
    return isResendSafe(contract, resend) ? step : dead(verdict);
}

} // namespace

bool isResendSafe(const Contract& contract, const Resend& resend)
{
    if (resend.doesOverwrite)
        return true;
    if (contract.dedupField.empty() || !resend.hasDedupKey)
        return false;
    return !contract.dedupWindow || resend.at - resend.firstSentAt < *contract.dedupWindow;
}

RecordStep nextStep(const Contract& contract, const RecordVerdict& verdict)
{
    const bool isSplit = verdict.isBatchSuspect && !verdict.isAlone;
    const RecordStep back { .next = Next::Back, .attempts = verdict.attemptsBefore };
    switch (verdict.outcome) {
    case Outcome::Accepted:
        return { .next = Next::Done, .attempts = verdict.attemptsBefore + 1 };
    case Outcome::Throttled:
    case Outcome::Auth:
        return back;
    case Outcome::Transient:
        return retryOrDead(contract, verdict);
    case Outcome::Unknown:
        return afterUnknown(contract, verdict);
    case Outcome::Invalid:
        return isSplit ? splitUp(verdict) : dead(verdict);
    case Outcome::Config:
        if (verdict.doOthersPass)
            return { .next = Next::Dead, .attempts = verdict.attemptsBefore };
        return back;
    case Outcome::Oversize:
        return verdict.isAlone ? dead(verdict) : splitUp(verdict);
    }
    Q_UNREACHABLE();
}

} // namespace engine::delivery
