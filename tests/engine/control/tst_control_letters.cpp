// Dead letters and replays through the control API.
#include "desk.h"
#include "support/test_program.h"

namespace tst_control_letters {

using namespace engine;
using namespace engine::control;
using engine::testing::Desk;
using engine::testing::fieldOf;
using engine::testing::kTime;
using engine::testing::last;

class TestControlLetters final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void filtersReachTheQuery();
    void listsOfDeadLettersHaveTheAgreedForm();
    void anEmptyListOfAMistypedDestinationIsAnError();
    void aDetailShowsThePayloadWithItsNumbers();
    void wrongFiltersAreRefused_data();
    void wrongFiltersAreRefused();
    void archivingAFilterFreezesItFirst();
    void restoringLooksAmongTheArchived();
    void previewAndReplayGoTogether();
    void groupsAreShaped();
    void replayJobsAreReadAndControlled();
};

void TestControlLetters::filtersReachTheQuery()
{
    Desk desk;
    desk.ask("GET",
        "/v1/dlq?destination=meta&account=17&class=invalid,config&code=100%2F2804003&status=400"
        "&fingerprint=a%20b&event=Purchase&event_id=e1&from=2026-11-27T09:00:00+00:00"
        "&to=2026-11-27T10:00:00Z&event_from=2026-11-27T09:00:00Z&state=waiting&state=archived"
        "&id=3,4&after=7&limit=50&order=newest");
    QCOMPARE(desk.port.queries.size(), std::size_t { 1 });
    const DeadLetterQuery& query = desk.port.queries.front();
    DeadLetterFilter expected;
    expected.destinations = { "meta" };
    expected.shards = { { "meta", "17" } };
    expected.classes = { Outcome::Invalid, Outcome::Config };
    expected.code = "100/2804003";
    expected.httpStatus = 400;
    expected.fingerprint = "a b";
    expected.eventName = "Purchase";
    expected.eventId = "e1";
    expected.failedFrom = kTime;
    expected.failedTo = kTime + std::chrono::hours { 1 };
    expected.eventFrom = kTime;
    expected.states = { DeadLetterState::Waiting, DeadLetterState::Archived };
    expected.ids = { DeadLetterId { 3 }, DeadLetterId { 4 } };
    QVERIFY(query.filter == expected);
    QVERIFY(query.after == DeadLetterId { 7 });
    QVERIFY(query.isNewestFirst && query.withResponses && !query.withPayloads);
    desk.ask("GET", "/v1/dlq?payloads=1");
    QVERIFY(desk.port.queries.back().withPayloads);
    QCOMPARE(fieldOf(desk.ask("GET", "/v1/dlq?payloads=yes")), std::string("payloads"));
    QCOMPARE(query.rowsMax, 50);
    desk.ask("GET", "/v1/dlq/groups?destination=meta&destination=x");
    QCOMPARE(desk.port.groupFilters.front().destinations.size(), std::size_t { 2 });
}

// Status and attempts are numbers; the response is cut at 4 KiB, and a byte that is no UTF-8 does
// not break the JSON.
void TestControlLetters::listsOfDeadLettersHaveTheAgreedForm()
{
    Desk desk;
    DeadLetterRow row;
    row.id = DeadLetterId { 42 };
    row.eventId = "e1";
    row.shard = { "meta", "17" };
    row.eventName = "Purchase";
    row.outcome = Outcome::Invalid;
    row.httpStatus = 400;
    row.code = "100";
    row.message = "bad \xff";
    row.response = std::string(5'000, 'r');
    row.attempts = 3;
    row.firstSeen = row.lastFailed = row.eventTime = kTime;
    row.fingerprint = "f";
    desk.port.page = { .rows = { row }, .isLast = false, .next = row.id, .waitingTotal = 7 };
    const Json answer = desk.json("GET", "/v1/dlq");
    QCOMPARE(answer.at("entries.0.response")->text().size(), std::size_t { 4'096 });
    Json entry = *answer.at("entries.0");
    entry.set("response", Json::string("cut"));
    const std::string expected
        = R"({"id":42,"event_id":"e1","destination":"meta","account":"17","class":"invalid",)"
          R"("status":400,"code":"100","message":"bad �","response":"cut","attempts":3,)"
          R"("first_seen":"2026-11-27T09:00:00.000Z","last_failed":"2026-11-27T09:00:00.000Z",)"
          R"("event_time":"2026-11-27T09:00:00.000Z","fingerprint":"f","event_name":"Purchase",)"
          R"("expires":null,"payload_bytes":0,"state":"waiting"})";
    QCOMPARE(entry.dump(), expected);
    QCOMPARE(answer.find("next")->asInt(), std::optional<std::int64_t>(42));
    desk.port.page.isLast = true;
    desk.port.page.next.reset();
    QVERIFY(desk.json("GET", "/v1/dlq").find("next")->isNull());
    desk.port.page.rows.front().payload = R"({"order":12345678901234567890})";
    const Json full = desk.json("GET", "/v1/dlq?payloads=1");
    QCOMPARE(full.at("entries.0.payload_text")->text(), desk.port.page.rows.front().payload);
}

// A slip in a name must not look like an empty queue, nor end a script with success.
void TestControlLetters::anEmptyListOfAMistypedDestinationIsAnError()
{
    Desk desk;
    desk.port.published->destinations.push_back({ .name = "meta" });
    desk.port.published->shards.resize(1);
    desk.port.published->shards[0].shard = { "gone", "1" };
    const std::string filter = R"({"filter":{"destination":"mela"}})";
    QCOMPARE(desk.ask("GET", "/v1/dlq?destination=mela").status, 404);
    QCOMPARE(fieldOf(desk.ask("GET", "/v1/dlq?destination=mela")), std::string("destination"));
    QCOMPARE(desk.ask("POST", "/v1/dlq/archive", filter).status, 404);
    QCOMPARE(desk.ask("POST", "/v1/replay/preview", filter).status, 404);
    QVERIFY(desk.port.commands.empty());
    for (const char* known : { "meta", "gone" })
        QCOMPARE(desk.ask("GET", std::string("/v1/dlq?destination=") + known).status, 200);
    desk.port.previewed.matched = 3; // found in the archive of a destination that is long gone
    QCOMPARE(desk.ask("POST", "/v1/dlq/archive", filter).status, 200);
}

void TestControlLetters::aDetailShowsThePayloadWithItsNumbers()
{
    Desk desk;
    desk.port.detail.payload = R"({ "order_id" : 12345678901234567890, "value":1.10 })";
    desk.port.detail.attempts.push_back(
        { .request = RequestId { 5 }, .number = 1, .sentAt = kTime });
    const Json answer = desk.json("GET", "/v1/dlq/9");
    QCOMPARE(toInt(desk.port.details.front()), 9);
    const std::string payload = R"({"order_id":12345678901234567890,"value":1.10})";
    QCOMPARE(answer.find("payload")->dump(), payload);
    QCOMPARE(answer.at("attempt_log.0.request")->asInt(), std::optional<std::int64_t>(5));
    QVERIFY(answer.find("attempts")->isNumber());
    desk.port.detail.isPayloadGone = true;
    QVERIFY(desk.json("GET", "/v1/dlq/9").find("payload")->isNull());
    desk.port.failure = Error { .code = ErrorCode::NotFound, .message = "No entry 9." };
    QCOMPARE(desk.ask("GET", "/v1/dlq/9").status, 404);
}

void TestControlLetters::wrongFiltersAreRefused_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* query, const char* field) {
        QTest::newRow(query) << QByteArray(query) << QByteArray(field);
    };
    row("color=red", "color");
    row("account=17", "account");
    row("destination=a&destination=b&account=17", "account");
    row("class=bad", "class");
    row("state=gone", "state");
    row("status=abc", "status");
    row("status=1000", "status");
    row("from=yesterday", "from");
    row("from=2026-11-27T09:00:00", "from");
    row("id=x", "id");
    row("id=", "id");
    row("limit=0", "limit");
    row("limit=1001", "limit");
    row("after=-1", "after");
    row("order=random", "order");
    row("code=%zz", "code");
}

void TestControlLetters::wrongFiltersAreRefused()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, field);
    const Desk desk;
    const auto answer = desk.ask("GET", "/v1/dlq?" + query.toStdString());
    QCOMPARE(answer.status, 400);
    QCOMPARE(fieldOf(answer), field.toStdString());
    QVERIFY(desk.port.queries.empty());
}

void TestControlLetters::archivingAFilterFreezesItFirst()
{
    Desk desk;
    desk.port.previewed.matched = 2;
    desk.ask("POST", "/v1/dlq/archive", R"({"filter":{"destination":"meta"},"reason":"old"})");
    QCOMPARE(desk.port.selections.front().filter.destinations.front(), std::string("meta"));
    QVERIFY(last<ArchiveCommand>(desk).selection == desk.port.previewed.selection);
    QVERIFY(!last<ArchiveCommand>(desk).restore);
    QCOMPARE(desk.port.commands.back().reason, std::string("old"));
    desk.ask("POST", "/v1/dlq/archive", R"({"selection":5})");
    QVERIFY(last<ArchiveCommand>(desk).selection == SelectionId { 5 });
    desk.port.failure = Error { .code = ErrorCode::Unavailable, .message = "stopping" };
    QCOMPARE(desk.ask("POST", "/v1/dlq/archive", R"({"filter":{"code":"1"}})").status, 503);
    QCOMPARE(desk.port.commands.size(), std::size_t { 2 });
}

void TestControlLetters::restoringLooksAmongTheArchived()
{
    Desk desk;
    desk.ask("POST", "/v1/dlq/restore", R"({"filter":{"id":[3,"4"]}})");
    const DeadLetterFilter& filter = desk.port.selections.front().filter;
    QVERIFY(filter.states == std::vector { DeadLetterState::Archived });
    QCOMPARE(filter.ids.size(), std::size_t { 2 });
    QVERIFY(last<ArchiveCommand>(desk).restore);
}

void TestControlLetters::previewAndReplayGoTogether()
{
    Desk desk;
    desk.port.previewed.matched = 10;
    desk.port.previewed.willSend = 8;
    desk.port.previewed.tooOld = 2;
    desk.port.previewed.shards.push_back(
        { .shard = { "meta", "17" }, .matched = 10, .willSend = 8 });
    const Json preview = desk.json("POST", "/v1/replay/preview",
        R"({"filter":{"destination":"meta","from":"2026-11-27T09:00:00Z"},"include_delivered":true})");
    QVERIFY(desk.port.selections.front().includeDelivered);
    QVERIFY(desk.port.selections.front().filter.failedFrom == kTime);
    QCOMPARE(preview.find("selection")->asInt(), std::optional<std::int64_t>(118));
    QCOMPARE(preview.find("too_old")->asInt(), std::optional<std::int64_t>(2));
    QCOMPARE(preview.at("shards.0.account")->text(), std::string("17"));

    desk.port.commandResult.job = ReplayJobId { 4 };
    const Json started = desk.json("POST", "/v1/replay",
        R"({"selection":118,"share":35,"rate":12.5,"ramp":false,"include_unknown":true,)"
        R"("error_stop":0.02,"lag_hold":12})");
    const auto& replay = last<ReplayCommand>(desk);
    QVERIFY(replay.selection == SelectionId { 118 });
    QVERIFY(replay.sharePercent == 35 && replay.rate == 12.5 && !replay.isRamped);
    QVERIFY(replay.includeUnknown && !replay.includeSameError);
    QVERIFY((replay.guards == ReplayGuards { .errorStop = 0.02, .liveLagHold = Seconds { 12 } }));
    QCOMPARE(started.find("job")->asInt(), std::optional<std::int64_t>(4));
}

void TestControlLetters::groupsAreShaped()
{
    Desk desk;
    (void)desk.json("POST", "/v1/dlq/groups/shape",
        R"({"fingerprint":"a","action":"take_out","others":["b","c"]})");
    const auto& shape = last<GroupShapeCommand>(desk);
    QVERIFY(shape.action == GroupShapeCommand::Action::TakeOut);
    QCOMPARE(shape.fingerprint, std::string("a"));
    QVERIFY((shape.others == std::vector<std::string> { "b", "c" }));
}

void TestControlLetters::replayJobsAreReadAndControlled()
{
    Desk desk;
    desk.port.published->jobs.push_back({ .id = ReplayJobId { 4 },
        .state = "running",
        .total = 10,
        .accepted = 3,
        .failed = 1,
        .eta = Seconds { 90 } });
    const Json job = desk.json("GET", "/v1/replay/4");
    QCOMPARE(job.find("state")->text(), std::string("running"));
    QCOMPARE(job.find("left")->asInt(), std::optional<std::int64_t>(6));
    QCOMPARE(job.find("eta_seconds")->asInt(), std::optional<std::int64_t>(90));
    QCOMPARE(desk.json("GET", "/v1/replay").find("jobs")->items().size(), std::size_t { 1 });
    QCOMPARE(desk.ask("GET", "/v1/replay/5").status, 404);
    using Action = ReplayControlCommand::Action;
    const std::vector<std::pair<std::string, Action>> actions { { "pause", Action::Pause },
        { "resume", Action::Resume }, { "cancel", Action::Cancel } };
    for (const auto& [name, action] : actions) {
        QCOMPARE(desk.ask("POST", "/v1/replay/4/" + name).status, 200);
        QVERIFY(last<ReplayControlCommand>(desk).job == ReplayJobId { 4 });
        QVERIFY(last<ReplayControlCommand>(desk).action == action);
    }
}

SPILLWAY_TEST(TestControlLetters)

} // namespace tst_control_letters

#include "tst_control_letters.moc"
