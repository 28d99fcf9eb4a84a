#include "replay/take_back.h"

#include "store/replay_jobs.h"

namespace engine::replay {
namespace {

constexpr int kTakeRows = 1'000;

} // namespace

void TakeBack::cancel(ReplayJobId job, const Reply<std::int64_t>& reply)
{
    m_taking.insert(job);
    m_ports.holdJob(
        job, true, [this, job, reply] { take({ .job = job, .isCancel = true, .reply = reply }); });
}

void TakeBack::takeLeft(ReplayJobId job)
{
    if (m_taking.insert(job).second)
        take({ .job = job });
}

void TakeBack::take(const Step& step)
{
    auto result = std::make_shared<store::TakeStep>();
    m_ports.store->write(
        [step, result](store::WriteTransaction& transaction) -> Status {
            Status done;
            if (step.isCancel)
                done = store::setReplayJobState(
                    transaction, step.job, store::JobState::Cancelled, {});
            if (!done)
                return done;
            auto taken = store::takeBackJob(transaction, step.job, kTakeRows);
            if (!taken)
                return tl::unexpected(taken.error());
            *result = std::move(*taken);
            return {};
        },
        [this, step, result](const Status& done) {
            m_ports.post([this, step, result, done] {
                if (!result->rows.empty() && done)
                    m_ports.taken(result->rows);
                if (done && step.isCancel)
                    m_cancelled(step.job);
                const std::int64_t count = step.count + result->count;
                if (done && result->isMore)
                    return take({ .job = step.job, .count = count, .reply = step.reply });
                m_taking.erase(step.job); // when it failed, a later tick lets go or tries again
                m_taken(step.job, count);
                if (step.reply)
                    step.reply(done ? Result<std::int64_t>(count) : tl::unexpected(done.error()));
            });
        },
        kTakeRows);
}

} // namespace engine::replay
