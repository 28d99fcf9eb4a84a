#include "replay/job_stories.h"

#include "store/replay_jobs.h"

#include <algorithm>

namespace engine::replay {
namespace {

constexpr int kNewSinceMax = 10'000;
constexpr int kJobsLoaded = 50;

} // namespace

void JobStories::load()
{
    m_ports.read([this](Result<store::Reader*> reader) {
        using Logs = Result<std::map<ReplayJobId, std::vector<ReplayJobEvent>>>;
        auto logs = std::make_shared<Logs>(reader
                ? (*reader)->jobLogs(kJobsLoaded, static_cast<int>(kLogMax))
                : Logs(tl::unexpected(reader.error())));
        m_ports.post([this, logs] {
            if (!*logs)
                return; // the jobs go on; what they went through before is only not told
            for (const auto& [job, lines] : **logs) {
                auto& log = m_stories[job].log; // may have lines of this run already
                for (const ReplayJobEvent& line : lines) {
                    const bool isThere = std::find(log.begin(), log.end(), line) != log.end();
                    if (!isThere && log.size() < kLogMax)
                        log.push_front(line);
                }
            }
        });
    });
}

void JobStories::note(ReplayJobId job, std::string text)
{
    // As the store keeps it, so that a line read back is the same line.
    const ReplayJobEvent event { std::chrono::floor<Micros>(m_ports.store->clock().wallNow()),
        std::move(text) };
    auto& log = m_stories[job].log;
    log.push_back(event);
    if (log.size() > kLogMax)
        log.pop_front();
    m_ports.store->write(
        [job, event](store::WriteTransaction& transaction) {
            return store::addJobEvent(transaction, job, event);
        },
        [](const Status&) {
        }); // it is told for as long as this run lasts; the job itself does not depend on it
}

void JobStories::readShards(
    const store::ReplayJobRow& row, std::function<void(const std::vector<ShardId>*)> known)
{
    m_ports.read([this, id = row.id, selection = row.selection, known = std::move(known)](
                     Result<store::Reader*> reader) {
        auto preview = std::make_shared<Result<ReplayPreview>>(reader
                ? (*reader)->preview(selection)
                : Result<ReplayPreview>(tl::unexpected(reader.error())));
        m_ports.post([this, id, preview, known] {
            if (!*preview)
                return known(nullptr);
            auto& shards = m_stories[id].shards;
            shards.clear();
            for (const auto& shard : (*preview)->shards)
                shards.push_back(shard.shard);
            known(&shards);
        });
    });
}

void JobStories::readNewSince(const Rows& rows)
{
    for (const store::ReplayJobRow& row : rows) {
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

void JobStories::forgetAllBut(const Rows& rows)
{
    std::erase_if(m_stories, [&rows](const auto& story) {
        return std::none_of(
            rows.begin(), rows.end(), [&](const auto& row) { return row.id == story.first; });
    });
}

void JobStories::addTo(ReplayJobSnapshot& job) const
{
    const auto story = m_stories.find(job.id);
    if (story == m_stories.end())
        return;
    job.log.assign(story->second.log.begin(), story->second.log.end());
    job.newSinceCutoff = story->second.newSince;
}

} // namespace engine::replay
