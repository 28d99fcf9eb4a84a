#include "replay/replay_service.h"

#include "replay/forecast.h"
#include "store/replay_jobs.h"

#include <algorithm>

namespace engine::replay {
namespace {

using namespace std::chrono_literals;

constexpr int kTakeRows = 1'000;
constexpr std::int64_t kFeedRowsMax = 2'000;
constexpr int kNewSinceMax = 10'000;
constexpr std::uint64_t kNewSinceTicks = 8;
constexpr std::uint64_t kTakeTicks = 4;
constexpr auto kActualOver = 10s;

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

const char* rampText(int step)
{
    constexpr std::array<const char*, 4> kTexts { "a canary of 1 goes first",
        "the canary was accepted; 10 go", "10 were accepted; 100 go",
        "100 were accepted; full pace" };
    return kTexts[static_cast<std::size_t>(std::clamp(step, 0, 3))];
}

} // namespace

ReplayService::ReplayService(ReplayPorts ports, std::vector<store::ReplayJobRow> jobs)
    : m_ports(std::move(ports))
    , m_selector(m_ports)
    , m_rows(std::move(jobs))
{
    for (const store::ReplayJobRow& row : m_rows)
        reconcile(row);
}

store::ReplayJobRow* ReplayService::find(ReplayJobId job)
{
    const auto row = std::find_if(
        m_rows.begin(), m_rows.end(), [job](const auto& each) { return each.id == job; });
    return row == m_rows.end() ? nullptr : &*row;
}

void ReplayService::create(const ReplayCommand& command, const std::string& title,
    const std::string& who, const Reply<ReplayJobId>& reply)
{
    const store::NewReplayJob job { .selection = command.selection,
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
        [this, id, job, reply](const Status& done) {
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
                        .createdAt = m_ports.store->clock().wallNow(),
                        .state = store::JobState::Paused,
                        .reason = "starting" });
                note(*id, "started by " + job.who);
                reply(*id);
            });
        });
}

void ReplayService::control(
    ReplayJobId job, ReplayControlCommand::Action action, const Reply<std::int64_t>& reply)
{
    if (action == ReplayControlCommand::Action::Cancel)
        return cancel(job, reply);
    const store::JobState state = action == ReplayControlCommand::Action::Pause
        ? store::JobState::Paused
        : store::JobState::Running;
    m_ports.store->write(
        [job, state](store::WriteTransaction& transaction) {
            return store::setReplayJobState(transaction, job, state, {});
        },
        [this, job, state, reply](const Status& done) {
            m_ports.post([this, job, state, reply, done] {
                if (!done)
                    return reply(tl::unexpected(done.error()));
                changed(job, state, {}); // a resumed job begins its ramp anew
                noteState(job, state);
                reply(std::int64_t { 0 });
            });
        });
}

void ReplayService::setPace(
    const ReplayPaceCommand& command, const std::function<void(Status)>& reply)
{
    m_ports.store->write(
        [command](store::WriteTransaction& transaction) {
            return store::setReplayPace(
                transaction, command.job, command.sharePercent, command.rate);
        },
        [this, command, reply](const Status& done) {
            m_ports.post([this, command, reply, done] {
                const auto running = m_running.find(command.job);
                if (done && running != m_running.end())
                    running->second.pacer.setPace(command.sharePercent, command.rate);
                if (store::ReplayJobRow* row = done ? find(command.job) : nullptr) {
                    ++m_generation;
                    row->sharePercent = command.sharePercent;
                    row->perSecond = command.rate;
                }
                reply(done);
            });
        });
}

// First nothing more goes, then what waits is taken back: in the other order a record could be on
// its way between the two.
void ReplayService::cancel(ReplayJobId job, const Reply<std::int64_t>& reply)
{
    m_held.insert(job);
    m_taking.insert(job);
    m_ports.holdJob(job, true,
        [this, job, reply] { takeBack({ .job = job, .isCancel = true, .reply = reply }); });
}

void ReplayService::takeBack(const Taking& taking)
{
    auto step = std::make_shared<store::TakeStep>();
    m_ports.store->write(
        [taking, step](store::WriteTransaction& transaction) -> Status {
            Status done;
            if (taking.isCancel)
                done = store::setReplayJobState(
                    transaction, taking.job, store::JobState::Cancelled, {});
            if (!done)
                return done;
            auto taken = store::takeBackJob(transaction, taking.job, kTakeRows);
            if (!taken)
                return tl::unexpected(taken.error());
            *step = std::move(*taken);
            return {};
        },
        [this, taking, step](const Status& done) {
            m_ports.post([this, taking, step, done] {
                if (!step->rows.empty() && done)
                    m_ports.taken(step->rows);
                if (done && taking.isCancel) {
                    changed(taking.job, store::JobState::Cancelled, {});
                    noteState(taking.job, store::JobState::Cancelled);
                }
                const std::int64_t count = taking.count + step->count;
                if (done && step->isMore)
                    return takeBack({ .job = taking.job, .count = count, .reply = taking.reply });
                m_taking.erase(taking.job); // when it failed, a later tick lets go or tries again
                if (count > 0)
                    note(taking.job, std::to_string(count) + " taken back out of the lane");
                if (taking.reply)
                    taking.reply(done ? Result<std::int64_t>(count) : tl::unexpected(done.error()));
            });
        },
        kTakeRows);
}

void ReplayService::hold(ReplayJobId job, bool isHeld)
{
    if (isHeld == m_held.contains(job))
        return;
    if (isHeld)
        m_held.insert(job);
    else
        m_held.erase(job);
    m_ports.holdJob(job, isHeld, {});
}

// What does not run keeps still, also what lies in the lanes already.
void ReplayService::reconcile(const store::ReplayJobRow& row)
{
    if (!m_taking.contains(row.id))
        hold(row.id, row.state != store::JobState::Running && row.outstanding() > 0);
}

void ReplayService::tick(SteadyTime now, const EngineSnapshot& snapshot)
{
    ++m_ticks;
    for (const store::ReplayJobRow& row : std::vector<store::ReplayJobRow>(m_rows)) {
        reconcile(row);
        if (row.state == store::JobState::Running)
            step(now, row, snapshot);
        // Requests that were in flight at the cancel may come back as retries.
        const bool isLeft = row.state == store::JobState::Cancelled && row.outstanding() > 0;
        if (isLeft && m_ticks % kTakeTicks == 0 && m_taking.insert(row.id).second)
            takeBack({ .job = row.id });
    }
    readRows();
    if (m_ticks % kNewSinceTicks == 0)
        readNewSince();
}

void ReplayService::readRows()
{
    if (m_isReading)
        return;
    m_isReading = true;
    m_ports.read([this, generation = m_generation](Result<store::Reader*> reader) {
        using Rows = Result<std::vector<store::ReplayJobRow>>;
        auto rows = std::make_shared<Rows>(
            reader ? (*reader)->jobs(kJobsMax) : Rows(tl::unexpected(reader.error())));
        m_ports.post([this, rows, generation] {
            m_isReading = false;
            if (!*rows || generation != m_generation) // read before a job was changed here
                return;
            m_rows = std::move(**rows);
            std::erase_if(m_stories, [this](const auto& story) { return !find(story.first); });
        });
    });
}

void ReplayService::readShards(const store::ReplayJobRow& row)
{
    m_ports.read([this, row](Result<store::Reader*> reader) {
        auto preview = std::make_shared<Result<ReplayPreview>>(reader
                ? (*reader)->preview(row.selection)
                : Result<ReplayPreview>(tl::unexpected(reader.error())));
        m_ports.post([this, id = row.id, preview] {
            const auto job = m_running.find(id);
            if (job == m_running.end())
                return;
            if (!*preview) { // begin anew and ask again
                m_running.erase(job);
                return;
            }
            job->second.areShardsKnown = true;
            for (const auto& shard : (*preview)->shards)
                job->second.shards.push_back(shard.shard);
            m_stories[id].shards = job->second.shards;
        });
    });
}

void ReplayService::readNewSince()
{
    for (const store::ReplayJobRow& row : m_rows) {
        const auto story = m_stories.find(row.id);
        if (row.isEnded() || story == m_stories.end() || story->second.shards.empty())
            continue;
        m_ports.read([this, id = row.id, selection = row.selection, shards = story->second.shards](
                         Result<store::Reader*> reader) {
            if (!reader)
                return;
            const auto count = (*reader)->newSince(selection, shards, kNewSinceMax);
            m_ports.post([this, id, count] {
                if (const auto told = m_stories.find(id); count && told != m_stories.end())
                    told->second.newSince = *count;
            });
        });
    }
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
        readShards(row);
    }
    Running& running = found->second;
    if (running.isFeeding || !running.areShardsKnown)
        return;
    if (row.isAllFed && row.outstanding() <= 0) {
        note(row.id, "finished");
        setState(row.id, store::JobState::Finished, {});
        return;
    }
    const Progress progress { row.fed, row.accepted, row.failed, row.sameError };
    running.ended.emplace_back(now, progress.ended());
    while (running.ended.size() > 2 && now - running.ended.front().first > kActualOver)
        running.ended.pop_front();
    running.around = look(snapshot, running.shards);
    const Feed next = running.pacer.next(now, progress, running.around);
    tellChanges(row.id, running.last, next);
    running.last = next;
    if (!next.stop.empty()) {
        note(row.id, "stopped: " + next.stop);
        setState(row.id, store::JobState::Stopped, next.stop);
    } else if (next.count > 0 && !row.isAllFed) {
        feed(row.id, std::min(next.count, kFeedRowsMax));
    }
}

void ReplayService::tellChanges(ReplayJobId job, const Feed& before, const Feed& now)
{
    const bool isFirst = before.perSecond == 0;
    if (isFirst ? now.rampStep == 0 : now.rampStep != before.rampStep)
        note(job, rampText(now.rampStep));
    if (before.hold.empty() && !now.hold.empty())
        note(job, "holds: " + now.hold);
    else if (!before.hold.empty() && now.hold.empty())
        note(job, "goes on");
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
                store::ReplayJobRow* row = done ? find(job) : nullptr;
                if (row == nullptr)
                    return;
                row->fed += fed->fed;
                row->skipped += fed->skipped;
                row->isAllFed = fed->isAllFed;
            });
        },
        count);
}

// The table says so; the list does from now on.
void ReplayService::changed(ReplayJobId job, store::JobState state, const std::string& reason)
{
    ++m_generation;
    m_running.erase(job);
    if (store::ReplayJobRow* row = find(job)) {
        row->state = state;
        row->reason = reason;
        reconcile(*row);
    }
}

void ReplayService::noteState(ReplayJobId job, store::JobState state)
{
    if (state == store::JobState::Paused)
        note(job, "paused");
    else if (state == store::JobState::Running)
        note(job, "resumed");
    else if (state == store::JobState::Cancelled)
        note(job, "cancelled");
}

void ReplayService::setState(ReplayJobId job, store::JobState state, const std::string& reason)
{
    changed(job, state, reason);
    m_ports.store->write(
        [job, state, reason](store::WriteTransaction& transaction) {
            return store::setReplayJobState(transaction, job, state, reason);
        },
        [](const Status&) {
        }); // when it failed, the table still says running and the next tick tries again
}

void ReplayService::note(ReplayJobId job, std::string text)
{
    auto& log = m_stories[job].log;
    log.push_back({ m_ports.store->clock().wallNow(), std::move(text) });
    if (log.size() > kLogMax)
        log.pop_front();
}

ReplayJobSnapshot ReplayService::toSnapshot(const store::ReplayJobRow& row) const
{
    ReplayJobSnapshot job { .id = row.id, .selection = row.selection, .title = row.title };
    const auto running = m_running.find(row.id);
    const std::string hold
        = running == m_running.end() ? std::string {} : running->second.last.hold;
    job.state = stateText(row, hold);
    job.reason = row.reason.empty() ? hold : row.reason;
    job.total = row.total;
    job.accepted = row.accepted;
    job.failed = row.failed;
    job.sameError = row.sameError;
    job.skipped = row.skipped;
    job.takenBack = row.takenBack;
    job.who = row.who;
    job.createdAt = row.createdAt;
    job.endedAt = row.endedAt;
    job.sharePercent = row.sharePercent;
    job.rate = row.perSecond;
    if (const auto story = m_stories.find(row.id); story != m_stories.end()) {
        job.log.assign(story->second.log.begin(), story->second.log.end());
        job.newSinceCutoff = story->second.newSince;
    }
    if (row.state == store::JobState::Cancelled && row.outstanding() <= 0)
        job.cancelled = job.left();
    if (running == m_running.end())
        return job;
    const Running& live = running->second;
    job.perSecond = live.last.perSecond;
    job.rampStep = live.last.rampStep;
    job.errorRatio = live.last.errorRatio;
    job.throttleRatio = live.around.throttleRatio;
    job.liveLag = live.around.liveLag;
    if (live.ended.size() > 1) {
        const std::chrono::duration<double> over
            = live.ended.back().first - live.ended.front().first;
        const std::int64_t ended = live.ended.back().second - live.ended.front().second;
        job.actualPerSecond = over.count() > 0 ? static_cast<double>(ended) / over.count() : 0;
    }
    if (job.perSecond > 0 && job.left() > 0)
        job.eta = Seconds {
            static_cast<std::int64_t>(static_cast<double>(job.left()) / job.perSecond) + 1
        };
    return job;
}

std::vector<ReplayJobSnapshot> ReplayService::jobs() const
{
    std::vector<ReplayJobSnapshot> jobs;
    jobs.reserve(m_rows.size());
    for (const store::ReplayJobRow& row : m_rows)
        jobs.push_back(toSnapshot(row));
    return jobs;
}

} // namespace engine::replay
