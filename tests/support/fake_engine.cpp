#include "support/fake_engine.h"

#include <algorithm>
#include <cmath>

namespace engine::testing {

namespace {

// The shard with the broken payload first: most dead letters are there.
std::vector<ShardId> failingFirst(const std::vector<ShardSnapshot>& shards)
{
    std::vector<ShardId> ids;
    for (const auto& shard : shards)
        ids.push_back(shard.shard);
    const auto snap = std::find_if(
        ids.begin(), ids.end(), [](const ShardId& id) { return id.destination == "snap"; });
    if (snap != ids.end())
        std::rotate(ids.begin(), snap, snap + 1);
    return ids;
}

std::string names(const std::vector<ShardId>& targets)
{
    std::string text;
    for (const auto& target : targets)
        text += (text.empty() ? "" : ", ") + toString(target);
    return text;
}

std::string brief(const ShardSnapshot& shard)
{
    return std::string { toString(shard.desired) } + ", concurrency "
        + std::to_string(static_cast<int>(shard.concurrency.now)) + ", batch "
        + std::to_string(static_cast<int>(shard.batch.now));
}

} // namespace

FakeEngine::FakeEngine(FakeEngineOptions options, QObject* parent)
    : EnginePort(parent)
    , m_options(std::move(options))
    , m_now(m_options.startedAt)
    , m_shards({ m_options.scenario, m_options.seed, m_options.shards }, m_now)
    , m_deadLetters(
          { m_options.deadLetters, m_options.seed, failingFirst(m_shards.shards()), m_now })
{
    if (m_options.scenario == "trouble")
        m_annotations.push_back({ Annotation::Kind::Tune, m_now - Seconds { 410 }, std::nullopt,
            { "meta", "104839275777731" }, "concurrency 16 → 24" });
    publish();
}

void FakeEngine::advance(Seconds by)
{
    for (auto i = by.count(); i > 0; --i) {
        m_now += Seconds { 1 };
        m_shards.step(m_now);
        double growth = 0;
        for (const auto& shard : m_shards.shards())
            growth += shard.dlqGrowthPerMinute / 60;
        m_deadLetters.grow(std::llround(growth), m_now);
        stepJobs();
        endTrials();
    }
    publish();
}

// As the engine does: an end is a command of its own, and audited.
void FakeEngine::endTrials()
{
    for (const auto& shard : m_shards.shards()) {
        if (!shard.trial || shard.trial->until > m_now)
            continue;
        Command command { .what = TrialCommand { { shard.shard }, TrialCommand::Action::Revert },
            .who = "engine",
            .reason = "the trial is over" };
        const CommandResult result = apply(command);
        addAudit(command, result);
    }
}

void FakeEngine::setSafety(SafetyLevel safety)
{
    m_options.safety = safety;
    publish();
}

void FakeEngine::publish()
{
    for (std::size_t i = 0; i < m_shards.shards().size(); ++i) {
        const auto id = m_shards.shards()[i].shard;
        m_shards.setDeadLetters(i, m_deadLetters.waitingOf(id), m_deadLetters.topFingerprintOf(id));
    }
    EngineSnapshot next;
    next.number = ++m_number;
    next.takenAt = m_now;
    next.takenAtSteady = SteadyTime { m_now.time_since_epoch() };
    next.profileKind = m_options.profileKind;
    next.profile = m_options.profileKind == "live" ? "PRODUCTION"
        : m_options.profileKind == "practice"      ? "PRACTICE"
                                                   : "SIMULATOR";
    next.safety = m_options.safety;
    next.isAboveCeilingAllowed = m_options.isAboveCeilingAllowed;
    next.thresholds = m_thresholds;
    next.retention = { std::chrono::hours { 336 }, std::chrono::hours { 720 },
        std::chrono::hours { 8760 }, std::chrono::hours { 168 }, 0 };
    next.ingressUrl = "http://127.0.0.1:8787";
    next.controlUrl = "http://127.0.0.1:8788";
    next.sale = m_sale;
    next.shards = m_shards.shards();
    next.destinations = m_shards.destinations();
    IngressSnapshot ingress { .workspace = "shop" };
    for (const auto& shard : next.shards)
        ingress.acceptedPerSecond += shard.inPerSecond;
    next.ingress.push_back(std::move(ingress));
    for (auto job = m_jobs.rbegin(); job != m_jobs.rend(); ++job)
        next.jobs.push_back(job->snapshot);
    next.annotations = m_annotations;
    next.store.journalBytes = 212'000'000 + static_cast<std::int64_t>(m_number) * 40'000;
    next.store.diskFreeBytes = 82'000'000'000;
    next.store.diskTotalBytes = 240'000'000'000;
    next.store.deadLetters = m_deadLetters.waiting();
    for (const auto& shard : next.shards)
        next.store.waiting += shard.queueDepth;
    m_snapshot = std::make_shared<const EngineSnapshot>(std::move(next));
    Q_EMIT snapshotPublished(m_snapshot);
}

void FakeEngine::stepJobs()
{
    for (auto& job : m_jobs) {
        auto& shown = job.snapshot;
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

void FakeEngine::holdReplies(bool isHeld)
{
    m_isHeld = isHeld;
    while (!m_isHeld && !m_heldReplies.empty()) {
        QMetaObject::invokeMethod(this, std::move(m_heldReplies.front()), Qt::QueuedConnection);
        m_heldReplies.pop_front();
    }
}

void FakeEngine::failNext(ErrorCode code) { m_nextFailure = code; }

void FakeEngine::post(std::function<void()> reply)
{
    if (m_isHeld)
        m_heldReplies.push_back(std::move(reply));
    else
        QMetaObject::invokeMethod(this, std::move(reply), Qt::QueuedConnection);
}

std::optional<Error> FakeEngine::takeFailure()
{
    if (!m_nextFailure)
        return std::nullopt;
    Error error { *m_nextFailure, "the store did not answer", {}, {} };
    m_nextFailure.reset();
    return error;
}

template <class T>
void FakeEngine::answer(Reply<T> reply, T value)
{
    ++m_questions;
    if (auto error = takeFailure()) {
        post([reply = std::move(reply), failure = *error] {
            reply(tl::unexpected<Error>(failure));
        });
        return;
    }
    post([reply = std::move(reply), value = std::move(value)] { reply(value); });
}

void FakeEngine::submit(Command command, std::function<void(CommandResult)> reply)
{
    m_commands.push_back(command);
    CommandResult result;
    const bool isAllowed = std::holds_alternative<ReloadCommand>(command.what)
        || std::holds_alternative<NoteCommand>(command.what);
    if (m_options.safety == SafetyLevel::Observe && !isAllowed) {
        result.message = "the safety level is Observe: nothing may be changed";
        result.error = ErrorCode::Conflict;
    } else if (const auto error = takeFailure()) {
        result.message = error->message;
        result.error = error->code;
    } else {
        result = apply(command);
    }
    result.id = CommandId { m_nextCommand++ };
    addAudit(command, result);
    result.audit = m_audit.back().id;
    publish();
    post([reply = std::move(reply), result = std::move(result)] { reply(result); });
}

namespace {

// Action and target as the engine writes them.
struct AuditWords {
    AuditRow operator()(const PauseCommand& what) const
    {
        const bool isRetries = what.mode == Desired::RetriesPaused;
        return { .action = isRetries ? "pause_retries" : "pause", .target = names(what.targets) };
    }
    AuditRow operator()(const ResumeCommand& what) const
    {
        return { .action = "resume", .target = names(what.targets) };
    }
    AuditRow operator()(const TuneCommand& what) const
    {
        return { .action = what.reset ? "revert_tuning" : "tune", .target = names(what.targets) };
    }
    AuditRow operator()(const TrialCommand& what) const
    {
        const bool isKept = what.action == TrialCommand::Action::Keep;
        return { .action = isKept ? "keep_tuning" : "revert_trial", .target = names(what.targets) };
    }
    AuditRow operator()(const ArchiveCommand& what) const
    {
        return { .action = what.restore ? "restore" : "archive",
            .target = "S-" + std::to_string(toInt(what.selection)) };
    }
    AuditRow operator()(const GroupStatusCommand& what) const
    {
        return { .action = "group_status", .target = what.fingerprint };
    }
    AuditRow operator()(const ReplayCommand& what) const
    {
        return { .action = "replay", .target = "S-" + std::to_string(toInt(what.selection)) };
    }
    AuditRow operator()(const ReloadCommand& /*what*/) const
    {
        return { .action = "reload", .target = "configuration" };
    }
    AuditRow operator()(const ThresholdsCommand& what) const
    {
        AuditRow row { .action = "thresholds" };
        for (const auto& [id, value] : what.values)
            row.target += (row.target.empty() ? "" : "; ") + std::string(specOf(id).key);
        return row;
    }
    AuditRow operator()(const RevertCommand& what) const
    {
        AuditRow row { .action = "undo" };
        row.undoOf = what.entry;
        return row;
    }
    AuditRow operator()(const NoteCommand& what) const
    {
        return { .action = what.action, .target = what.target };
    }
    template <class What>
    AuditRow operator()(const What& /*what*/) const
    {
        return { .action = "other" };
    }
};

} // namespace

void FakeEngine::addAudit(const Command& command, const CommandResult& result)
{
    AuditRow row = std::visit(AuditWords {}, command.what);
    row.id = AuditId { static_cast<std::int64_t>(m_audit.size()) + 1 };
    row.at = m_now;
    row.who = command.who;
    row.before = result.before;
    row.after = result.after;
    row.reason = command.reason;
    row.result = result.isOk ? "ok" : result.message;
    row.profile = m_snapshot->profile;
    m_audit.push_back(std::move(row));
}

CommandResult FakeEngine::apply(const Command& command)
{
    return std::visit([this](const auto& what) { return run(what); }, command.what);
}

void FakeEngine::note(Annotation::Kind kind, const ShardId& shard, std::string text)
{
    m_annotations.push_back({ kind, m_now, std::nullopt, shard, std::move(text) });
}

CommandResult FakeEngine::run(const PauseCommand& command)
{
    CommandResult result { .isOk = true };
    const auto covered
        = command.targets.empty() ? std::vector<std::size_t> {} : m_shards.covered(command.targets);
    for (const auto index : covered) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.pause(index, command);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Pause, m_shards.shards()[index].shard, "paused");
    }
    m_shards.step(m_now);
    result.count = static_cast<std::int64_t>(covered.size());
    result.isOk = !covered.empty();
    result.error = ErrorCode::NotFound;
    result.message = result.isOk ? "Paused " + names(command.targets) : "No such shard";
    return result;
}

CommandResult FakeEngine::run(const ResumeCommand& command)
{
    CommandResult result { .isOk = true };
    for (const auto index : m_shards.covered(command.targets)) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.resume(index);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Resume, m_shards.shards()[index].shard, "resumed");
        ++result.count;
    }
    m_shards.step(m_now);
    result.message = "Resumed " + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const TuneCommand& command)
{
    CommandResult result { .isOk = true };
    for (const auto index : m_shards.covered(command.targets)) {
        result.before = brief(m_shards.shards()[index]);
        m_shards.tune(index, command, {}, m_now);
        result.after = brief(m_shards.shards()[index]);
        note(Annotation::Kind::Tune, m_shards.shards()[index].shard, result.after);
        ++result.count;
    }
    result.message = "Tuned " + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const TrialCommand& command)
{
    CommandResult result { .isOk = true };
    const bool isKept = command.action == TrialCommand::Action::Keep;
    for (const auto index : m_shards.covered(command.targets)) {
        m_shards.endTrial(index, command.action);
        note(Annotation::Kind::Tune, m_shards.shards()[index].shard, isKept ? "kept" : "reverted");
        ++result.count;
    }
    result.message = (isKept ? "Kept " : "Reverted ") + names(command.targets);
    return result;
}

CommandResult FakeEngine::run(const ProbeCommand& command)
{
    for (const auto index : m_shards.covered({ command.target }))
        m_shards.probe(index);
    CommandResult result { .isOk = true };
    result.message = "Probed " + toString(command.target);
    return result;
}

CommandResult FakeEngine::run(const ArchiveCommand& command)
{
    CommandResult result;
    const auto it = m_selections.find(command.selection);
    if (it == m_selections.end()) {
        result.message = "This selection is gone: preview again";
        result.error = ErrorCode::NotFound;
        return result;
    }
    for (const auto id : it->second)
        m_deadLetters.setState(
            id, command.restore ? DeadLetterState::Waiting : DeadLetterState::Archived);
    result.isOk = true;
    result.count = static_cast<std::int64_t>(it->second.size());
    result.message = (command.restore ? "Restored " : "Archived ") + std::to_string(result.count);
    return result;
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

CommandResult FakeEngine::run(const SaleCommand& command)
{
    const bool isOn = command.mode == SaleCommand::Mode::On;
    m_sale = { .isOn = isOn,
        .cause = isOn ? SaleMode::Cause::Operator : SaleMode::Cause::None,
        .until = command.until,
        .who = isOn ? "ann" : "" };
    publish();
    return { .isOk = true, .message = isOn ? "sale mode on" : "sale mode off" };
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

CommandResult FakeEngine::run(const PurgeCommand& command)
{
    CommandResult result { .isOk = true };
    result.count = static_cast<std::int64_t>(m_selections[command.selection].size());
    result.message = "Purged " + std::to_string(result.count);
    return result;
}

CommandResult FakeEngine::run(const GroupShapeCommand& command)
{
    CommandResult result { .isOk = true };
    m_deadLetters.shape(command);
    result.count = static_cast<std::int64_t>(command.others.size());
    result.message = "Shaped " + command.fingerprint;
    return result;
}

CommandResult FakeEngine::run(const GroupStatusCommand& command)
{
    m_deadLetters.setStatus(command.fingerprint, command.status, command.note);
    CommandResult result { .isOk = true };
    result.message = std::string("Group is ") + toString(command.status);
    return result;
}

CommandResult FakeEngine::run(const MoveOrphansCommand& command)
{
    CommandResult result { .isOk = true };
    result.message = "Moved what waits for " + command.destination;
    return result;
}

CommandResult FakeEngine::run(const ReloadCommand& /*command*/)
{
    CommandResult result { .isOk = true };
    result.message = "Configuration reloaded";
    return result;
}

CommandResult FakeEngine::run(const ThresholdsCommand& command)
{
    CommandResult result { .isOk = true };
    const Thresholds standard;
    for (const auto& [id, value] : command.values) {
        result.before += thresholdText(id, m_thresholds.at(id));
        m_thresholds.set(id, value.value_or(standard.at(id)));
        result.after += thresholdText(id, m_thresholds.at(id));
    }
    if (const auto conflict = conflictIn(m_thresholds)) {
        result.isOk = false;
        result.error = ErrorCode::BadRequest;
        result.message = std::string(specOf(conflict->id).key) + " may not be above "
            + std::string(specOf(conflict->against).key);
        for (const auto& [id, value] : command.values)
            m_thresholds.set(id, standard.at(id));
        return result;
    }
    result.message = "Set thresholds";
    return result;
}

// A pause that still stands can be taken back, as the one case that a window needs to see.
RevertCheck FakeEngine::revertCheck(AuditId entry) const
{
    const auto row = std::find_if(
        m_audit.begin(), m_audit.end(), [&](const AuditRow& one) { return one.id == entry; });
    if (row == m_audit.end() || row->result != "ok" || row->action != "pause")
        return { .whyNot = "this kind of action cannot be taken back" };
    const auto covered = m_shards.covered({ parseShardId(row->target) });
    const bool isStill = std::all_of(covered.begin(), covered.end(),
        [&](std::size_t i) { return m_shards.shards()[i].desired == Desired::Paused; });
    if (!isStill)
        return { .whyNot = "it was paused or resumed since: now running" };
    return { .isPossible = true, .what = "running" };
}

CommandResult FakeEngine::run(const RevertCommand& command)
{
    CommandResult result;
    const RevertCheck check = revertCheck(command.entry);
    if (!check.isPossible) {
        result.message = check.whyNot;
        result.error = ErrorCode::Conflict;
        return result;
    }
    const auto row = std::find_if(m_audit.begin(), m_audit.end(),
        [&](const AuditRow& one) { return one.id == command.entry; });
    return run(ResumeCommand { .targets = { parseShardId(row->target) } });
}

CommandResult FakeEngine::run(const NoteCommand& command)
{
    CommandResult result { .isOk = true };
    result.message = command.action + ' ' + command.target;
    result.before = command.before;
    result.after = command.after;
    return result;
}

void FakeEngine::checkRevert(AuditId entry, Reply<RevertCheck> reply)
{
    answer(std::move(reply), revertCheck(entry));
}

void FakeEngine::deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply)
{
    answer(std::move(reply), m_deadLetters.page(query));
}

void FakeEngine::deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply)
{
    answer(std::move(reply), m_deadLetters.detail(id));
}

void FakeEngine::deadLetterGroups(
    DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply)
{
    answer(std::move(reply), m_deadLetters.groups(filter));
}

void FakeEngine::preview(SelectionRequest request, Reply<ReplayPreview> reply)
{
    const auto matched = m_deadLetters.select(request.filter);
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

void FakeEngine::requests(RequestsQuery query, Reply<RequestsPage> reply)
{
    RequestsPage page;
    for (int i = 0; i < query.rowsMax; ++i) {
        RequestRow row { .id = RequestId { 9'000 - i }, .shard = query.shard };
        row.endedAt = query.to - Millis { 700 } * (i + 1);
        row.sentAt = row.endedAt - Millis { 180 + i % 7 * 40 };
        if (row.endedAt < query.from)
            break;
        row.records = 50;
        row.httpStatus = i % 5 == 0 ? 400 : 200;
        row.outcome = i % 5 == 0 ? Outcome::Invalid : Outcome::Accepted;
        if (i % 5 == 0)
            row.answer = R"({"error":{"message":"anna.berg@example.org is no hash"}})";
        page.rows.push_back(std::move(row));
    }
    page.isLast = static_cast<int>(page.rows.size()) < query.rowsMax;
    answer(std::move(reply), std::move(page));
}

EventTrace FakeEngine::traceOf(const DeadLetterRow& row) const
{
    EventTrace trace { .seq = row.event, .workspace = "shop", .eventId = row.eventId };
    trace.name = row.eventName;
    trace.eventTime = row.eventTime;
    trace.receivedAt = row.eventTime + Millis { 400 };
    const auto detail = m_deadLetters.detail(row.id);
    trace.payload = detail.payload;
    trace.payloadBytes = static_cast<std::int64_t>(detail.payload.size());
    trace.unrouted.emplace_back("linkedin", "no_identifier");
    EventDelivery dead { .shard = row.shard, .state = DeliveryState::Dead };
    dead.deadLetter = row.id;
    dead.attempts = row.attempts;
    dead.log = detail.attempts;
    EventDelivery accepted { .shard = { "x", "tw-o8x2" }, .state = DeliveryState::Accepted };
    accepted.attempts = 1;
    AttemptRow attempt { .request = RequestId { 9 } };
    attempt.number = 1;
    attempt.sentAt = trace.receivedAt + Millis { 80 };
    attempt.endedAt = attempt.sentAt + Millis { 120 };
    attempt.httpStatus = 200;
    accepted.log.push_back(attempt);
    EventDelivery waiting { .shard = { "tiktok", "C9F2" }, .state = DeliveryState::Waiting };
    waiting.lane = Lane::Retry;
    waiting.attempts = 3;
    waiting.dueAt = m_now + Seconds { 8 };
    waiting.gates.push_back(
        { Hold::Gate::Credential, std::nullopt, "the credential was refused: token expired" });
    waiting.gates.push_back(
        { Hold::Gate::Backoff, waiting.dueAt, "it failed 3 times and is tried again then" });
    trace.deliveries = { dead, waiting, accepted };
    return trace;
}

void FakeEngine::events(EventQuery query, Reply<EventPage> reply)
{
    EventPage page { .generation = query.generation };
    page.keptSince = m_now - std::chrono::hours { 14 * 24 };
    for (const std::string& id : query.eventIds) {
        const auto found = m_deadLetters.page({ .filter = { .eventId = id }, .rowsMax = 1 });
        if (found.rows.empty())
            page.missing.push_back(id);
        else
            page.events.push_back(traceOf(found.rows.front()));
    }
    // What a part of an id finds: those of the dead letters that contain it.
    if (query.withSuggestions && page.events.empty() && query.eventIds.size() == 1) {
        for (const auto& row : m_deadLetters.page({ .rowsMax = 1'000 }).rows) {
            const bool isFull = page.suggestions.size() == EventQuery::kSuggestionsMax;
            if (!isFull && row.eventId.find(query.eventIds.front()) != std::string::npos)
                page.suggestions.push_back(row.eventId);
        }
        page.suggestedFrom = 50'000;
    }
    answer(std::move(reply), std::move(page));
}

void FakeEngine::audit(AuditQuery query, Reply<AuditPage> reply)
{
    AuditPage page { .generation = query.generation };
    for (auto row = m_audit.rbegin(); row != m_audit.rend(); ++row) {
        if (query.before && row->id >= *query.before)
            continue;
        const AuditFilter& filter = query.filter;
        const bool isWanted = (filter.who.empty() || filter.who == row->who)
            && (filter.action.empty() || filter.action == row->action)
            && (filter.text.empty() || row->target.find(filter.text) != std::string::npos)
            && (filter.target.empty() || row->target.find(filter.target) != std::string::npos)
            && (!filter.isOk || *filter.isOk == (row->result == "ok"))
            && (!filter.from || row->at >= *filter.from) && (!filter.to || row->at < *filter.to);
        if (!isWanted)
            continue;
        if (static_cast<int>(page.rows.size()) == query.rowsMax) {
            page.isLast = false;
            break;
        }
        page.rows.push_back(*row);
    }
    answer(std::move(reply), std::move(page));
}

void FakeEngine::history(HistoryQuery query, Reply<HistoryPage> reply)
{
    HistoryPage page { .generation = query.generation, .span = query.span, .until = m_now };
    for (const auto& shard : query.shards)
        page.series.push_back(m_shards.history(shard, query.span));
    answer(std::move(reply), std::move(page));
}

// Not the pacing of the engine: the tightest of three limits, enough to tell answers apart.
void FakeEngine::forecast(ForecastQuery query, Reply<Forecast> reply)
{
    m_forecasts.push_back(query);
    const auto& shards = m_shards.shards();
    const auto shard = std::find_if(
        shards.begin(), shards.end(), [&](const auto& s) { return s.shard == query.shard; });
    if (shard == shards.end() || !shard->latencyP50) {
        ++m_questions;
        return post([reply = std::move(reply)] {
            reply(fail(ErrorCode::Unavailable, "too few requests ran lately"));
        });
    }
    Forecast forecast { .waiting = shard->queueDepth, .inPerSecond = shard->inPerSecond };
    forecast.inOver = Seconds { 600 };
    const double batch = query.batch.value_or(static_cast<int>(shard->batch.now));
    const double concurrency = query.concurrency.value_or(static_cast<int>(shard->concurrency.now));
    const auto run = [&](Millis requestTime) {
        ForecastRun out { .requestTime = requestTime };
        out.outPerSecond = concurrency * batch * 1'000
            / static_cast<double>(std::max<std::int64_t>(requestTime.count(), 1));
        out.gate = Hold::Gate::Concurrency;
        if (query.rate && *query.rate * batch < out.outPerSecond) {
            out.outPerSecond = *query.rate * batch;
            out.gate = Hold::Gate::Rate;
        }
        if (shard->rate.ceiling && *shard->rate.ceiling * batch < out.outPerSecond) {
            out.outPerSecond = *shard->rate.ceiling * batch;
            out.gate = Hold::Gate::Window;
        }
        out.gateAfter = Seconds { 0 };
        const double surplus = out.outPerSecond - shard->inPerSecond;
        if (surplus > 0)
            out.drained
                = Seconds { std::llround(static_cast<double>(shard->queueDepth) / surplus) };
        else
            out.shortBy = -surplus;
        return out;
    };
    forecast.typical = run(*shard->latencyP50);
    forecast.slow = run(shard->latencyP95.value_or(*shard->latencyP50));
    answer(std::move(reply), std::move(forecast));
}

void FakeEngine::exportOverrides(Reply<std::string> reply)
{
    std::string text;
    for (const auto& shard : m_shards.shards()) {
        if (shard.concurrency.overridden)
            text += "[[destination]]\nname = \"" + shard.shard.destination + "\"\nconcurrency = "
                + std::to_string(static_cast<int>(*shard.concurrency.overridden)) + "\n";
    }
    answer(std::move(reply), std::move(text));
}

} // namespace engine::testing
