#include "replay/replay_service.h"

#include "store/replay_jobs.h"

#include <algorithm>

namespace engine::replay {
namespace {

constexpr int kSelectRows = 2'000; // one step of a selection; about 10 ms of the store's thread
constexpr int kArchiveRows = 500;
constexpr std::int64_t kFeedRowsMax = 2'000;
constexpr int kJobsMax = 50;

const char* stateText(const store::ReplayJobRow& row, const std::string& hold)
{
    switch (row.state) {
    case store::JobState::Running:
        return hold.empty() ? "running" : "holding";
    case store::JobState::Paused:
        return "paused";
    case store::JobState::Finished:
        return "finished";
    case store::JobState::Cancelled:
        return "cancelled";
    case store::JobState::Stopped:
        return "failed";
    }
    return "";
}

} // namespace

ReplayService::ReplayService(ServicePorts ports)
    : m_ports(std::move(ports))
{
}

void ReplayService::preview(SelectionRequest request, Reply<ReplayPreview> reply)
{
    store::VerdictInput input { .encoders = m_ports.encoders(),
        .now = m_ports.store->clock().wallNow() };
    auto selection = std::make_shared<SelectionId>();
    m_ports.store->write(
        [selection](store::WriteTransaction& transaction) -> Status {
            const auto begun = store::beginSelection(transaction);
            if (!begun)
                return tl::unexpected(begun.error());
            *selection = *begun;
            return {};
        },
        [this, selection, request = std::move(request), input = std::move(input),
            reply = std::move(reply)](const Status& begun) {
            m_ports.post([this, selection, request, input, reply, begun] {
                if (!begun)
                    reply(tl::unexpected(begun.error()));
                else
                    grow(*selection, request, input, {}, reply);
            });
        });
}

void ReplayService::grow(SelectionId selection, const SelectionRequest& request,
    const store::VerdictInput& input, store::SelectionCursor cursor,
    const Reply<ReplayPreview>& reply)
{
    auto next = std::make_shared<store::SelectionCursor>();
    m_ports.store->write(
        [=](store::WriteTransaction& transaction) -> Status {
            const auto grown
                = store::growSelection(transaction, selection, request, input, cursor, kSelectRows);
            if (!grown)
                return tl::unexpected(grown.error());
            *next = *grown;
            return {};
        },
        [=, this](const Status& done) {
            m_ports.post([=, this] {
                if (!done)
                    reply(tl::unexpected(done.error()));
                else if (next->isDone)
                    answerPreview(selection, reply);
                else
                    grow(selection, request, input, *next, reply);
            });
        },
        kSelectRows);
}

void ReplayService::answerPreview(SelectionId selection, Reply<ReplayPreview> reply)
{
    m_ports.read([this, selection, reply = std::move(reply)](Result<store::Reader*> reader) {
        auto preview = std::make_shared<Result<ReplayPreview>>(reader
                ? (*reader)->preview(selection)
                : Result<ReplayPreview>(tl::unexpected(reader.error())));
        m_ports.post([preview, reply] { reply(std::move(*preview)); });
    });
}

void ReplayService::archive(SelectionId selection, bool restore,
    const std::function<void(Result<store::ArchiveStep>)>& reply)
{
    archiveFrom(selection, restore, { .after = 0 }, reply);
}

void ReplayService::archiveFrom(SelectionId selection, bool restore, store::ArchiveStep sum,
    const std::function<void(Result<store::ArchiveStep>)>& reply)
{
    auto total = std::make_shared<store::ArchiveStep>(sum);
    m_ports.store->write(
        [=](store::WriteTransaction& transaction) -> Status {
            const auto moved = store::archiveStep(
                transaction, selection, restore, sum.after.value_or(0), kArchiveRows);
            if (!moved)
                return tl::unexpected(moved.error());
            *total = { sum.moved + moved->moved, sum.skipped + moved->skipped, moved->after };
            return {};
        },
        [=, this](const Status& done) {
            m_ports.post([=, this] {
                if (!done)
                    reply(tl::unexpected(done.error()));
                else if (!total->after)
                    reply(*total);
                else
                    archiveFrom(selection, restore, *total, reply);
            });
        },
        kArchiveRows);
}

void ReplayService::create(const ReplayCommand& command, const std::string& title,
    const std::string& who, Reply<ReplayJobId> reply)
{
    store::NewReplayJob job { .selection = command.selection,
        .title = title,
        .who = who,
        .perSecond = command.rate,
        .sharePercent = command.sharePercent,
        .isRamped = command.isRamped,
        .includeUnknown = command.includeUnknown,
        .includeSameError = command.includeSameError };
    auto id = std::make_shared<ReplayJobId>();
    m_ports.store->write(
        [id, job](store::WriteTransaction& transaction) -> Status {
            const auto created = store::createReplayJob(transaction, job);
            if (!created)
                return tl::unexpected(created.error());
            *id = *created;
            return {};
        },
        [this, id, job, reply = std::move(reply)](const Status& done) {
            m_ports.post([this, id, reply, done, job] {
                if (!done)
                    return reply(tl::unexpected(done.error()));
                // In the list before anybody can ask for it; the next look at the table fills in
                // the counts.
                ++m_generation;
                m_rows.insert(m_rows.begin(),
                    store::ReplayJobRow { .id = *id,
                        .selection = job.selection,
                        .title = job.title,
                        .who = job.who,
                        .state = store::JobState::Paused,
                        .reason = "starting" });
                reply(*id);
            });
        });
}

void ReplayService::control(
    ReplayJobId job, ReplayControlCommand::Action action, std::function<void(Status)> reply)
{
    const store::JobState state = action == ReplayControlCommand::Action::Pause
        ? store::JobState::Paused
        : action == ReplayControlCommand::Action::Resume ? store::JobState::Running
                                                         : store::JobState::Cancelled;
    m_ports.store->write(
        [job, state](store::WriteTransaction& transaction) {
            return store::setReplayJobState(transaction, job, state, {});
        },
        [this, job, reply = std::move(reply)](const Status& done) {
            m_ports.post([this, job, reply, done] {
                m_running.erase(job); // a resumed job begins its ramp anew
                reply(done);
            });
        });
}

void ReplayService::tick(SteadyTime now, const EngineSnapshot& snapshot)
{
    for (const store::ReplayJobRow& row : m_rows) {
        if (row.state == store::JobState::Running)
            step(now, row, snapshot);
    }
    if (m_isReading)
        return;
    m_isReading = true;
    m_ports.read([this, generation = m_generation](Result<store::Reader*> reader) {
        using Rows = Result<std::vector<store::ReplayJobRow>>;
        auto rows = std::make_shared<Rows>(
            reader ? (*reader)->jobs(kJobsMax) : Rows(tl::unexpected(reader.error())));
        m_ports.post([this, rows, generation] {
            m_isReading = false;
            if (*rows
                && generation == m_generation) // read before a job was made, it lacks that job
                m_rows = std::move(**rows);
        });
    });
}

void ReplayService::step(
    SteadyTime now, const store::ReplayJobRow& row, const EngineSnapshot& snapshot)
{
    auto found = m_running.find(row.id);
    if (found == m_running.end()) {
        const PaceOptions options {
            .perSecond = row.perSecond, .sharePercent = row.sharePercent, .isRamped = row.isRamped
        };
        found = m_running.emplace(row.id, Running { .pacer = JobPacer(options) }).first;
        m_ports.read([this, row](Result<store::Reader*> reader) {
            auto preview = std::make_shared<Result<ReplayPreview>>(reader
                    ? (*reader)->preview(row.selection)
                    : Result<ReplayPreview>(tl::unexpected(reader.error())));
            m_ports.post([this, id = row.id, preview] {
                const auto job = m_running.find(id);
                if (job == m_running.end())
                    return;
                if (!*preview) { // without its shards a job has no guards: begin anew and ask again
                    m_running.erase(job);
                    return;
                }
                for (const auto& shard : (*preview)->shards)
                    job->second.shards.push_back(shard.shard);
            });
        });
    }
    Running& running = found->second;
    if (running.isFeeding)
        return;
    if (row.isAllFed && row.outstanding() <= 0) {
        setState(row.id, store::JobState::Finished, {});
        return;
    }
    const Feed next = running.pacer.next(
        now, { row.fed, row.accepted, row.failed }, look(snapshot, running.shards));
    running.hold = next.hold;
    running.perSecond = next.perSecond;
    if (!next.stop.empty())
        setState(row.id, store::JobState::Stopped, next.stop);
    else if (next.count > 0 && !row.isAllFed)
        feed(row.id, std::min(next.count, kFeedRowsMax));
}

void ReplayService::feed(ReplayJobId job, std::int64_t count)
{
    m_running.at(job).isFeeding = true;
    auto fed = std::make_shared<store::FeedStep>();
    m_ports.store->write(
        [job, count, fed](store::WriteTransaction& transaction) -> Status {
            const auto step = store::feedReplayJob(transaction, job, static_cast<int>(count));
            if (!step)
                return tl::unexpected(step.error());
            *fed = *step;
            return {};
        },
        [this, job, fed](const Status& done) {
            m_ports.post([this, job, fed, done] {
                if (const auto running = m_running.find(job); running != m_running.end())
                    running->second.isFeeding = false;
                // The next look at the table is a quarter second away; until then the row must not
                // look emptier than it is.
                const auto row = std::find_if(
                    m_rows.begin(), m_rows.end(), [job](const auto& r) { return r.id == job; });
                if (!done || row == m_rows.end())
                    return;
                row->fed += fed->fed;
                row->skipped += fed->skipped;
                row->isAllFed = fed->isAllFed;
            });
        },
        count);
}

void ReplayService::setState(ReplayJobId job, store::JobState state, std::string reason)
{
    const auto row
        = std::find_if(m_rows.begin(), m_rows.end(), [job](const auto& r) { return r.id == job; });
    if (row != m_rows.end()) {
        row->state = state;
        row->reason = reason;
    }
    m_running.erase(job);
    m_ports.store->write(
        [job, state, reason = std::move(reason)](store::WriteTransaction& transaction) {
            return store::setReplayJobState(transaction, job, state, reason);
        },
        [](const Status&) {
        }); // when it failed, the table still says running and the next tick tries again
}

Surroundings ReplayService::look(const EngineSnapshot& snapshot, const std::vector<ShardId>& shards)
{
    Surroundings around;
    for (const ShardSnapshot& shard : snapshot.shards) {
        if (std::find(shards.begin(), shards.end(), shard.shard) == shards.end())
            continue;
        if (shard.rate.ceiling)
            around.spareRecordsPerSecond
                += std::max(0.0, *shard.rate.ceiling * shard.batch.now - shard.outPerSecond);
        around.throttleRatio = std::max(around.throttleRatio, shard.throttleRatio.value_or(0));
        around.liveLag = std::max(around.liveLag, std::chrono::floor<Seconds>(shard.consumerLag));
        around.batch = std::max(around.batch, static_cast<std::int64_t>(shard.batch.now));
    }
    return around;
}

std::vector<ReplayJobSnapshot> ReplayService::jobs() const
{
    std::vector<ReplayJobSnapshot> jobs;
    for (const store::ReplayJobRow& row : m_rows) {
        const auto running = m_running.find(row.id);
        const std::string hold = running == m_running.end() ? std::string {} : running->second.hold;
        ReplayJobSnapshot job;
        job.id = row.id;
        job.title = row.title;
        job.state = stateText(row, hold);
        job.reason = row.reason.empty() ? hold : row.reason;
        job.total = row.total;
        job.accepted = row.accepted;
        job.failed = row.failed;
        job.skipped = row.skipped;
        job.perSecond = running == m_running.end() ? 0 : running->second.perSecond;
        const bool isEnded = row.state == store::JobState::Cancelled && row.outstanding() <= 0;
        if (isEnded)
            job.cancelled = job.left();
        else if (job.perSecond > 0 && job.left() > 0)
            job.eta = Seconds {
                static_cast<std::int64_t>(static_cast<double>(job.left()) / job.perSecond) + 1
            };
        jobs.push_back(std::move(job));
    }
    return jobs;
}

} // namespace engine::replay
