// Selections and replay jobs of the fake engine.
#include "support/fake_engine.h"

#include <algorithm>

namespace engine::testing {

void FakeEngine::stepJobs()
{
    for (auto& job : m_jobs) {
        auto& shown = job.snapshot;
        shown.newSinceCutoff = m_deadLetters.size() - job.lettersAtCutoff;
        if (shown.state != "running")
            continue;
        const auto count = std::min<std::size_t>(job.left.size(), 20);
        for (std::size_t i = 0; i < count; ++i) {
            const auto id = job.left.back();
            job.left.pop_back();
            const bool isRefused = toInt(id) % 97 == 0;
            m_deadLetters.setState(
                id, isRefused ? DeadLetterState::Waiting : DeadLetterState::Replayed);
            if (isRefused)
                m_deadLetters.setJob(id, shown.id);
            ++(isRefused ? shown.failed : shown.accepted);
        }
        shown.perSecond = static_cast<double>(count);
        shown.eta = Seconds { static_cast<std::int64_t>(job.left.size() / 20) };
        if (job.left.empty()) {
            shown.state = "finished";
            shown.perSecond = 0;
            shown.eta.reset();
        }
    }
}

CommandResult FakeEngine::run(const ReplayCommand& command)
{
    CommandResult result;
    const auto it = m_selections.find(command.selection);
    if (it == m_selections.end()) {
        result.message = "This selection is gone: preview again";
        result.error = ErrorCode::NotFound;
        return result;
    }
    for (const auto& job : m_jobs) {
        if (job.snapshot.state == "running" || job.snapshot.state == "paused") {
            const bool isShared
                = std::any_of(it->second.begin(), it->second.end(), [&](DeadLetterId id) {
                      return std::find(job.left.begin(), job.left.end(), id) != job.left.end();
                  });
            if (isShared) {
                result.message = "Already in job R-" + std::to_string(toInt(job.snapshot.id));
                result.error = ErrorCode::Conflict;
                return result;
            }
        }
    }
    Job job;
    job.left = it->second;
    std::reverse(job.left.begin(), job.left.end());
    for (const auto id : job.left)
        m_deadLetters.setState(id, DeadLetterState::Replaying);
    job.snapshot.id = ReplayJobId { static_cast<std::int64_t>(m_jobs.size()) + 17 };
    job.snapshot.title = command.title.empty()
        ? "selection S-" + std::to_string(toInt(command.selection))
        : command.title;
    job.snapshot.state = "running";
    job.snapshot.total = static_cast<std::int64_t>(job.left.size());
    job.snapshot.selection = command.selection;
    job.snapshot.createdAt = m_now;
    job.lettersAtCutoff = m_deadLetters.size();
    job.snapshot.who = "operator";
    job.snapshot.guards = command.guards;
    job.snapshot.sharePercent = command.sharePercent;
    job.snapshot.rate = command.rate;
    job.snapshot.log.push_back({ m_now, "a canary of 1 goes first" });
    result.isOk = true;
    result.job = job.snapshot.id;
    result.count = job.snapshot.total;
    result.message = "Replay R-" + std::to_string(toInt(job.snapshot.id)) + " started";
    note(Annotation::Kind::Replay, {}, result.message);
    m_jobs.push_back(std::move(job));
    return result;
}

CommandResult FakeEngine::run(const ReplayControlCommand& command)
{
    CommandResult result;
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(),
        [&](const Job& job) { return job.snapshot.id == command.job; });
    if (it == m_jobs.end()) {
        result.message = "No such job";
        result.error = ErrorCode::NotFound;
        return result;
    }
    auto& shown = it->snapshot;
    result.isOk = true;
    result.before = shown.state;
    switch (command.action) {
    case ReplayControlCommand::Action::Pause:
        shown.state = "paused";
        break;
    case ReplayControlCommand::Action::Resume:
        shown.state = "running";
        break;
    case ReplayControlCommand::Action::Cancel:
        shown.state = "cancelled";
        shown.cancelled = static_cast<std::int64_t>(it->left.size());
        for (const auto id : it->left)
            m_deadLetters.setState(id, DeadLetterState::Waiting);
        it->left.clear();
        break;
    }
    if (shown.state != "running") {
        shown.perSecond = 0;
        shown.eta.reset();
    }
    result.after = shown.state;
    result.message = "Replay R-" + std::to_string(toInt(shown.id)) + " is " + shown.state;
    return result;
}

CommandResult FakeEngine::run(const ReplayPaceCommand& command)
{
    CommandResult result { .isOk = true, .job = command.job };
    for (Job& job : m_jobs) {
        if (job.snapshot.id != command.job)
            continue;
        job.snapshot.sharePercent = command.sharePercent;
        job.snapshot.rate = command.rate;
    }
    result.message = "Replay R-" + std::to_string(toInt(command.job)) + " has another pace";
    return result;
}

void FakeEngine::preview(SelectionRequest request, Reply<ReplayPreview> reply, Counted counted)
{
    const auto matched = m_deadLetters.select(request.filter);
    if (counted && m_isHeld)
        counted(std::ssize(matched) / 2);
    ReplayPreview preview { .selection = SelectionId { m_nextSelection++ } };
    preview.frozenAt = m_now;
    std::map<ShardId, ReplayPreview::PerShard> perShard;
    std::vector<DeadLetterId> sent;
    for (const auto id : matched) {
        const auto row = m_deadLetters.row(id);
        auto& shard = perShard[row.shard];
        shard.shard = row.shard;
        ++shard.matched;
        ++preview.matched;
        shard.oldestEvent = std::min(shard.oldestEvent.value_or(row.eventTime), row.eventTime);
        PreviewPart part = PreviewPart::WillSend;
        if (toInt(id) % 230 == 0) {
            part = PreviewPart::AlreadyAccepted;
            ++preview.alreadyAccepted;
            ++shard.alreadyAccepted;
        } else if (toInt(id) % 171 == 0) {
            part = PreviewPart::SameError;
            ++preview.sameError;
            ++shard.sameError;
        } else if (row.outcome == Outcome::Unknown) {
            part = PreviewPart::OutcomeUnknown;
            ++preview.outcomeUnknown;
            ++shard.outcomeUnknown;
        } else {
            ++preview.willSend;
            ++shard.willSend;
            sent.push_back(id);
        }
        m_parts[{ preview.selection, part }].push_back(id);
        shard.eta = Seconds { shard.willSend / 20 };
    }
    for (auto& [id, shard] : perShard)
        preview.shards.push_back(std::move(shard));
    preview.perSecond = 20;
    m_selections[preview.selection] = std::move(sent);
    m_previews[preview.selection] = preview;
    answer(std::move(reply), std::move(preview));
}

void FakeEngine::selection(SelectionId id, Reply<ReplayPreview> reply)
{
    if (const auto preview = m_previews.find(id); preview != m_previews.end())
        return answer(std::move(reply), preview->second);
    ++m_questions;
    post([reply = std::move(reply)] {
        reply(fail(ErrorCode::NotFound, "the selection has expired; preview again"));
    });
}

void FakeEngine::selectionItems(SelectionItemsQuery query, Reply<SelectionItemsPage> reply)
{
    SelectionItemsPage page;
    for (const auto id : m_parts[{ query.selection, query.part }]) {
        if (static_cast<int>(page.items.size()) == query.rowsMax) {
            page.isLast = false;
            break;
        }
        const auto row = m_deadLetters.row(id);
        page.items.push_back({ .shard = row.shard,
            .eventId = row.eventId,
            .eventName = row.eventName,
            .eventTime = row.eventTime,
            .deadLetter = id,
            .expires = row.expires,
            .message = row.message });
    }
    answer(std::move(reply), std::move(page));
}

// The first as it was, the second mended since, the third still refused.
void FakeEngine::replaySamples(SelectionId id, Reply<std::vector<ReplaySample>> reply)
{
    std::vector<ReplaySample> samples;
    for (const auto letter : m_parts[{ id, PreviewPart::WillSend }]) {
        if (samples.size() == 3)
            break;
        const auto detail = m_deadLetters.detail(letter);
        ReplaySample sample { .shard = detail.row.shard, .eventId = detail.row.eventId };
        sample.eventTime = detail.row.eventTime;
        sample.before = detail.record;
        sample.encoderBefore = detail.encoder;
        sample.encoderNow = detail.encoder;
        if (samples.size() == 1) {
            sample.after = R"({"event_id":")" + detail.row.eventId
                + R"(","price":12.90,"email":"anna.berg@example.org"})";
            sample.encoderNow = detail.row.shard.destination + "-2/11c0";
        } else if (samples.size() == 2) {
            sample.problem = "/price: is no number";
        } else {
            sample.after = detail.record;
        }
        samples.push_back(std::move(sample));
    }
    answer(std::move(reply), std::move(samples));
}

} // namespace engine::testing
