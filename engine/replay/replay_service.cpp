#include "replay/replay_service.h"

#include "replay/account_finder.h"
#include "replay/forecast.h"
#include "replay/sampler.h"
#include "store/replay_jobs.h"

#include <algorithm>

namespace engine::replay {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFeedRowsMax = 2'000;
constexpr int kSamples = 3;
constexpr std::uint64_t kNewSinceTicks = 8;
constexpr std::uint64_t kTakeTicks = 4;
constexpr auto kActualOver = 10s;

} // namespace

ReplayService::ReplayService(ReplayPorts ports, std::vector<store::ReplayJobRow> jobs)
    : m_ports(std::move(ports))
    , m_selector(m_ports)
    , m_stories(m_ports)
    , m_takeBack(
          m_ports,
          [this](ReplayJobId job) {
              changed(job, store::JobState::Cancelled, {});
              noteState(job, store::JobState::Cancelled);
          },
          [this](ReplayJobId job, std::int64_t count) {
              if (count > 0)
                  m_stories.note(job, std::to_string(count) + " taken back out of the lane");
          })
    , m_rows(std::move(jobs))
{
    m_stories.load();
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
        .includeSameError = command.includeSameError,
        .guards = command.guards };
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
                        .reason = "starting",
                        .guards = job.guards });
                m_stories.note(*id, "started by " + job.who);
                reply(*id);
            });
        });
}

void ReplayService::control(
    ReplayJobId job, ReplayControlCommand::Action action, const Reply<std::int64_t>& reply)
{
    if (action == ReplayControlCommand::Action::Cancel) {
        m_held.insert(job); // as the take-back holds it
        return m_takeBack.cancel(job, reply);
    }
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
    if (!m_takeBack.isTaking(row.id))
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
        if (isLeft && m_ticks % kTakeTicks == 0)
            m_takeBack.takeLeft(row.id);
    }
    readRows();
    if (m_ticks % kNewSinceTicks == 0)
        m_stories.readNewSince(m_rows);
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
            m_stories.forgetAllBut(m_rows);
        });
    });
}

void ReplayService::readShards(const store::ReplayJobRow& row)
{
    m_stories.readShards(row, [this, id = row.id](const std::vector<ShardId>* shards) {
        const auto job = m_running.find(id);
        if (job == m_running.end())
            return;
        if (shards == nullptr) { // begin anew and ask again
            m_running.erase(job);
            return;
        }
        job->second.areShardsKnown = true;
        job->second.shards = *shards;
    });
}

void ReplayService::step(
    SteadyTime now, const store::ReplayJobRow& row, const EngineSnapshot& snapshot)
{
    auto found = m_running.find(row.id);
    if (found == m_running.end()) {
        const PaceOptions options { .perSecond = row.perSecond,
            .sharePercent = row.sharePercent,
            .isRamped = row.isRamped,
            .guards = { .limits = row.guards } };
        found = m_running.emplace(row.id, Running { .pacer = JobPacer(options) }).first;
        readShards(row);
    }
    Running& running = found->second;
    if (running.isFeeding || !running.areShardsKnown)
        return;
    if (row.isAllFed && row.outstanding() <= 0) {
        m_stories.note(row.id, "finished");
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
        m_stories.note(row.id, "stopped: " + next.stop);
        setState(row.id, store::JobState::Stopped, next.stop);
    } else if (next.count > 0 && !row.isAllFed) {
        feed(row.id, std::min(next.count, kFeedRowsMax));
    }
}

void ReplayService::tellChanges(ReplayJobId job, const Feed& before, const Feed& now)
{
    const bool isFirst = before.perSecond == 0;
    if (isFirst ? now.rampStep == 0 : now.rampStep != before.rampStep)
        m_stories.note(job, rampText(now.rampStep));
    if (before.hold.empty() && !now.hold.empty())
        m_stories.note(job, "holds: " + now.hold);
    else if (!before.hold.empty() && now.hold.empty())
        m_stories.note(job, "goes on");
}

void ReplayService::feed(ReplayJobId job, std::int64_t count)
{
    m_running.at(job).isFeeding = true;
    auto fed = std::make_shared<store::FeedStep>();
    m_ports.store->write(
        [job, count, fed, find = accountFinder(m_ports.config(), m_ports.snapshot())](
            store::WriteTransaction& transaction) -> Status {
            const auto step = store::feedReplayJob(transaction, job, static_cast<int>(count), find);
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
        m_stories.note(job, "paused");
    else if (state == store::JobState::Running)
        m_stories.note(job, "resumed");
    else if (state == store::JobState::Cancelled)
        m_stories.note(job, "cancelled");
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

void ReplayService::sample(SelectionId selection, const Reply<std::vector<ReplaySample>>& reply)
{
    m_ports.read([this, selection, reply, config = m_ports.config(), encoders = m_ports.encoders()](
                     Result<store::Reader*> reader) {
        using Samples = Result<std::vector<ReplaySample>>;
        if (!reader)
            return reply(tl::unexpected(reader.error()));
        const auto rows = (*reader)->samples(selection, kSamples);
        if (!rows)
            return reply(tl::unexpected(rows.error()));
        std::vector<ReplaySample> samples;
        for (const store::SampleRow& row : *rows) {
            const auto encoder = encoders.find(row.shard.destination);
            samples.push_back(
                sampleOf(*config, row, encoder == encoders.end() ? std::string {} : encoder->second,
                    m_ports.store->clock().wallNow()));
        }
        reply(Samples(std::move(samples)));
    });
}

std::vector<ReplayJobSnapshot> ReplayService::jobs() const
{
    std::vector<ReplayJobSnapshot> jobs;
    jobs.reserve(m_rows.size());
    for (const store::ReplayJobRow& row : m_rows) {
        const auto running = m_running.find(row.id);
        jobs.push_back(toSnapshot(row, running == m_running.end() ? nullptr : &running->second));
        m_stories.addTo(jobs.back());
    }
    return jobs;
}

} // namespace engine::replay
