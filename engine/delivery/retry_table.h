// What becomes of one record after its request ended: the one table that says which failures are
// safe to retry and which need an operator.
//
//   outcome    | condition                              | next      | attempt
//   -----------+----------------------------------------+-----------+----------
//   accepted   |                                        | Done      | spent
//   throttled  |                                        | Back      | given back
//   transient  | a probe, or another record's fault     | Back      | given back
//              | attempts left                          | Retry     | spent
//              | none left                              | Dead      | spent
//   unknown    | a second send could be counted twice   | Dead      | spent
//              | the batch is suspect, not alone        | BackRetry | given back
//              | otherwise                              | as transient
//   invalid    | the batch is suspect, not alone        | BackRetry | given back
//              | otherwise                              | Dead      | spent
//   auth       |                                        | Back      | given back
//   config     | other records pass                     | Dead      | given back
//              | otherwise                              | Back      | given back
//   oversize   | not alone                              | BackRetry | given back
//              | alone                                  | Dead      | spent
//
// Pure; any thread.
#pragma once

#include "core/contract.h"
#include "core/delivery.h"

namespace engine::delivery {

struct RecordVerdict {
    Outcome outcome { Outcome::Accepted };
    int attemptsBefore { 0 }; // spent before this request
    bool isAlone { false }; // the only record of its request
    bool isBatchSuspect { false }; // refused whole, the platform did not say which record
    bool isProbe { false };
    bool isNotAtFault { false }; // another record of the request was
    bool doesOverwrite { false }; // a repeat writes the same state again
    bool hasDedupKey { true }; // what the platform tells repeats by is in the record
    bool doOthersPass { false }; // config: the platform takes other records of this shard
    // Of the first send whose outcome was unknown; absent: none was.
    std::optional<WallTime> firstSentAt {};
    WallTime sentAt {};
    WallTime now {}; // when the answer came, on the clock of due times
    std::optional<Millis> retryAfter {}; // the retry waits at least so long
    // How often the platform's table allows to be refused with this code, and how often this record
    // was, now included. Other failures, an outage before it, do not count.
    std::optional<int> refusalsMax {};
    int refusals { 0 };
    double jitter01 { 0 }; // uniform in [0, 1)
};

struct RecordStep {
    Next next { Next::Done };
    int attempts { 0 }; // spent after this
    WallTime dueAt {}; // Retry, BackRetry
};

[[nodiscard]] RecordStep nextStep(const Contract& contract, const RecordVerdict& verdict);

struct Resend {
    bool doesOverwrite { false };
    bool hasDedupKey { true };
    WallTime firstSentAt {}; // of the first send whose outcome was unknown
    WallTime at {};
};
// False: should the first send have arrived, this one could be counted again. True where the record
// overwrites, and where the platform knows it again and its dedup window still lasts.
[[nodiscard]] bool isResendSafe(const Contract& contract, const Resend& resend);

} // namespace engine::delivery
