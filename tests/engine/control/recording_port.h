// An engine that remembers what it was asked and answers what a test put in, at once.
#pragma once

#include <engine/engine_port.h>

namespace engine::testing {

class RecordingPort final : public EnginePort {
public:
    // Asked, newest last.
    std::vector<Command> commands {};
    std::vector<DeadLetterQuery> queries {};
    std::vector<DeadLetterFilter> groupFilters {};
    std::vector<DeadLetterId> details {};
    std::vector<SelectionRequest> selections {};
    std::vector<AuditQuery> auditQueries {};
    std::vector<AuditId> revertsAsked {};

    // Answered.
    std::shared_ptr<EngineSnapshot> published { std::make_shared<EngineSnapshot>() };
    CommandResult commandResult { .isOk = true };
    DeadLetterPage page {};
    DeadLetterDetail detail {};
    std::vector<DeadLetterGroup> groups {};
    ReplayPreview previewed { .selection = SelectionId { 118 } };
    AuditPage auditPage {};
    EventPage eventPage {};
    std::vector<SelectionId> counted {};
    std::vector<EventQuery> eventQueries {};
    std::string overrides {};
    std::optional<Error> failure {}; // of every question, while set

    [[nodiscard]] SnapshotPtr snapshot() const override { return published; }
    void submit(Command command, std::function<void(CommandResult)> reply) override
    {
        commands.push_back(std::move(command));
        reply(commandResult);
    }
    void deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply) override
    {
        queries.push_back(std::move(query));
        answer(reply, page);
    }
    void deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply) override
    {
        details.push_back(id);
        answer(reply, detail);
    }
    void deadLetterGroups(
        DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply) override
    {
        groupFilters.push_back(std::move(filter));
        answer(reply, groups);
    }
    void preview(SelectionRequest request, Reply<ReplayPreview> reply, Counted) override
    {
        selections.push_back(std::move(request));
        answer(reply, previewed);
    }
    void selection(SelectionId id, Reply<ReplayPreview> reply) override
    {
        counted.push_back(id);
        answer(reply, previewed);
    }
    void selectionItems(SelectionItemsQuery, Reply<SelectionItemsPage> reply) override
    {
        answer(reply, SelectionItemsPage {});
    }
    void replaySamples(SelectionId, Reply<std::vector<ReplaySample>> reply) override
    {
        answer(reply, std::vector<ReplaySample> {});
    }
    void requests(RequestsQuery, Reply<RequestsPage> reply) override
    {
        answer(reply, RequestsPage {});
    }
    void events(EventQuery query, Reply<EventPage> reply) override
    {
        eventQueries.push_back(std::move(query));
        answer(reply, eventPage);
    }
    void audit(AuditQuery query, Reply<AuditPage> reply) override
    {
        auditQueries.push_back(query);
        answer(reply, auditPage);
    }
    void checkRevert(AuditId entry, Reply<RevertCheck> reply) override
    {
        revertsAsked.push_back(entry);
        answer(reply, RevertCheck { .isPossible = true });
    }
    void history(HistoryQuery, Reply<HistoryPage> reply) override { answer(reply, HistoryPage {}); }
    void past(PastQuery, Reply<PastPage> reply) override { answer(reply, PastPage {}); }
    void forecast(ForecastQuery, Reply<Forecast> reply) override { answer(reply, Forecast {}); }
    void exportOverrides(Reply<std::string> reply) override { answer(reply, overrides); }

private:
    template <class T>
    void answer(const Reply<T>& reply, const T& value) const
    {
        if (failure)
            reply(tl::unexpected(*failure));
        else
            reply(value);
    }
};

} // namespace engine::testing
