// What the fake engine answers from its store.
#include "support/fake_engine.h"

#include <algorithm>

namespace engine::testing {

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

} // namespace engine::testing
