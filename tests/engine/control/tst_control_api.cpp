#include "control/control.h"
#include "engine/control/recording_port.h"
#include "engine/http/raw_client.h"
#include "support/fake_clock.h"

#include <QTest>

using namespace engine;
using namespace engine::control;

namespace {

const WallTime kTime { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 }
    + std::chrono::hours { 9 } };

struct Desk {
    testing::RecordingPort port {};
    testing::FakeClock clock {};
    bool isHealthy { true };
    std::unique_ptr<ControlApi> api { makeApi() };

    [[nodiscard]] ControlPorts ports()
    {
        return { .engine = &port,
            .clock = &clock,
            .metricsText
            = [](const EngineSnapshot& s) { return "snapshot " + std::to_string(s.number); },
            .health = [this]() -> Status {
                if (isHealthy)
                    return {};
                return fail(ErrorCode::DiskFull, "The disk is full.");
            } };
    }
    [[nodiscard]] std::unique_ptr<ControlApi> makeApi()
    {
        return std::make_unique<ControlApi>(
            ports(), ControlKeys { .control = "key", .metrics = "metrics-key" });
    }
    http::ServerResponse ask(std::string method, std::string target, std::string body = {},
        const std::string& key = "key") const
    {
        http::ServerRequest request;
        request.method = std::move(method);
        request.target = std::move(target);
        request.body = std::move(body);
        if (!key.empty())
            request.headers.emplace_back("Authorization", "Bearer " + key);
        http::ServerResponse answer { .status = 0 };
        api->handle(
            request, [&answer](http::ServerResponse response) { answer = std::move(response); });
        return answer;
    }
    [[nodiscard]] Json json(std::string method, std::string target, std::string body = {}) const
    {
        const auto answer = ask(std::move(method), std::move(target), std::move(body));
        return parseJson(answer.body).value_or(Json {});
    }
};

std::string fieldOf(const http::ServerResponse& response)
{
    const auto json = parseJson(response.body);
    const Json* const field = json ? json->at("error.field") : nullptr;
    return field == nullptr ? std::string("no error") : field->text();
}

template <class What>
const What& last(const Desk& desk)
{
    return std::get<What>(desk.port.commands.back().what);
}

} // namespace

class TestControlApi final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyAddressNeedsItsKey_data();
    void everyAddressNeedsItsKey();
    void withoutAConfiguredKeyNobodyEnters();
    void newKeysCountFromTheNextRequest();
    void unknownAddressesAndMethodsAreTold();
    void aPauseCarriesTargetsModeAndEnd();
    void tuningCarriesEveryControl();
    void probeAndResumeNameTheirTargets();
    void wrongInputIsRefusedByNameAndNotSubmitted_data();
    void wrongInputIsRefusedByNameAndNotSubmitted();
    void aRefusedCommandAnswersWithItsError();
    void filtersReachTheQuery();
    void listsOfDeadLettersHaveTheAgreedForm();
    void aDetailShowsThePayloadWithItsNumbers();
    void wrongFiltersAreRefused_data();
    void wrongFiltersAreRefused();
    void archivingAFilterFreezesItFirst();
    void restoringLooksAmongTheArchived();
    void previewAndReplayGoTogether();
    void groupsAreShaped();
    void replayJobsAreReadAndControlled();
    void theAuditIsPaged();
    void anEntryIsCheckedAndTakenBack();
    void thresholdsAreListedSetAndReset();
    void statusShowsShardsAndCanBeNarrowed();
    void reloadAndOverridesAreReachable();
    void saleModeIsSwitchedAndShown();
    void metricsAndHealthAreServed();
    void metricsOfOneDestinationAreThatOnes();
    void theDoorAnswersOverASocket();
    void aDoorThatMovesAnswersWhoeverAskedAtTheOldOne();
};

void TestControlApi::everyAddressNeedsItsKey_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const char* target, const char* key, int status) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(key) << status;
    };
    row("status with the key", "/v1/status", "key", 200);
    row("status without", "/v1/status", "", 401);
    row("status with another", "/v1/status", "kez", 401);
    row("status with the metrics key", "/v1/status", "metrics-key", 401);
    row("metrics with the metrics key", "/metrics", "metrics-key", 200);
    row("metrics with the control key", "/metrics", "key", 200);
    row("metrics without", "/metrics", "", 401);
    row("health without", "/healthz", "", 200);
    row("nowhere without", "/v1/nowhere", "", 401);
}

void TestControlApi::everyAddressNeedsItsKey()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, key);
    QFETCH(int, status);
    const Desk desk;
    QCOMPARE(desk.ask("GET", target.toStdString(), {}, key.toStdString()).status, status);
}

void TestControlApi::withoutAConfiguredKeyNobodyEnters()
{
    Desk desk;
    desk.api->setKeys({});
    QCOMPARE(desk.ask("GET", "/v1/status").status, 401);
    QCOMPARE(desk.ask("GET", "/metrics", {}, "").status, 401);
    http::ServerRequest request;
    request.target = "/v1/status";
    request.headers.emplace_back("Authorization", "Bearer ");
    QVERIFY(desk.api->precheck(request).has_value());
}

void TestControlApi::newKeysCountFromTheNextRequest()
{
    Desk desk;
    desk.api->setKeys({ .control = "new" });
    QCOMPARE(desk.ask("GET", "/v1/status", {}, "key").status, 401);
    QCOMPARE(desk.ask("GET", "/v1/status", {}, "new").status, 200);
}

void TestControlApi::unknownAddressesAndMethodsAreTold()
{
    const Desk desk;
    for (const char* target : { "/", "/v1", "/v1/dlq/x", "/v1/dlq/0", "/v1/dlq/-1", "/v1/dlq/1/2",
             "/v1/dlq/1x", "/v1/replay/7/stop" })
        QCOMPARE(desk.ask("POST", target).status, 404);
    const auto answer = desk.ask("GET", "/v1/pause");
    QCOMPARE(answer.status, 405);
    QCOMPARE(answer.headers.front().second, std::string("POST"));
    QCOMPARE(desk.ask("HEAD", "/v1/status").status, 200);
}

void TestControlApi::aPauseCarriesTargetsModeAndEnd()
{
    Desk desk;
    desk.port.commandResult = { .id = CommandId { 5 },
        .isOk = true,
        .message = "paused",
        .before = "running",
        .after = "paused",
        .audit = AuditId { 9 },
        .count = 2 };
    const Json answer = desk.json("POST", "/v1/pause",
        R"({"targets":["meta/1","tiktok"],"mode":"retries_paused","for":"15m","reason":"sale"})");
    const auto& pause = last<PauseCommand>(desk);
    const std::vector<ShardId> targets { { "meta", "1" }, { "tiktok", "" } };
    QVERIFY(pause.targets == targets);
    QVERIFY(pause.mode == Desired::RetriesPaused);
    QVERIFY(pause.until == desk.clock.wallNow() + std::chrono::minutes { 15 });
    QCOMPARE(desk.port.commands.back().who, std::string("api"));
    QCOMPARE(desk.port.commands.back().reason, std::string("sale"));
    const std::string expected = R"({"id":5,"message":"paused","before":"running",)"
                                 R"("after":"paused","audit":9,"job":null,"count":2,"kept":true})";
    QCOMPARE(answer.dump(), expected);

    desk.ask("POST", "/v1/pause", R"({"targets":"meta","until":"2026-11-28T00:00:00Z"})");
    QVERIFY(last<PauseCommand>(desk).mode == Desired::Paused);
    QVERIFY(last<PauseCommand>(desk).until == parseIso8601("2026-11-28T00:00:00Z"));
}

void TestControlApi::tuningCarriesEveryControl()
{
    Desk desk;
    desk.ask("POST", "/v1/tune",
        R"({"targets":["meta"],"concurrency":8,"rate":0.167,"batch":100,"for":"10m",)"
        R"("above_ceiling":true})");
    const auto& tune = last<TuneCommand>(desk);
    QVERIFY(tune.concurrency == 8 && tune.batch == 100 && tune.rate == 0.167);
    QVERIFY(tune.keepFor == std::chrono::minutes { 10 } && tune.isAboveCeilingAllowed);
    desk.ask("POST", "/v1/tune", R"({"targets":["meta"],"reset":true})");
    QVERIFY(last<TuneCommand>(desk).reset && !last<TuneCommand>(desk).rate);
}

void TestControlApi::probeAndResumeNameTheirTargets()
{
    Desk desk;
    desk.ask("POST", "/v1/probe", R"({"target":"meta/1"})");
    QCOMPARE(toString(last<ProbeCommand>(desk).target), std::string("meta/1"));
    desk.ask("POST", "/v1/resume", R"({"targets":["a","b/c"]})");
    QCOMPARE(last<ResumeCommand>(desk).targets.size(), std::size_t { 2 });
}

void TestControlApi::wrongInputIsRefusedByNameAndNotSubmitted_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* name, const char* target, const char* body, const char* field) {
        QTest::newRow(name) << QByteArray(target) << QByteArray(body) << QByteArray(field);
    };
    row("no body", "/v1/pause", "", "targets");
    row("no JSON", "/v1/pause", "{", "");
    row("an array", "/v1/pause", "[]", "");
    row("unknown field", "/v1/pause", R"({"targets":["a"],"mod":"paused"})", "mod");
    row("member twice", "/v1/pause", R"({"targets":["a"],"targets":["b"]})", "");
    row("empty target", "/v1/pause", R"({"targets":["/x"]})", "targets");
    row("targets as a number in a list", "/v1/resume", R"({"targets":[{}]})", "targets");
    row("unknown mode", "/v1/pause", R"({"targets":["a"],"mode":"off"})", "mode");
    row("time without zone", "/v1/pause", R"({"targets":["a"],"until":"2026-11-28T00:00:00"})",
        "until");
    row("end in the past", "/v1/pause", R"({"targets":["a"],"until":"2020-01-01T00:00:00Z"})",
        "until");
    row("two ends", "/v1/pause", R"({"targets":["a"],"for":"1m","until":"2030-01-01T00:00:00Z"})",
        "for");
    row("duration without unit", "/v1/pause", R"({"targets":["a"],"for":"15"})", "for");
    row("nothing to tune", "/v1/tune", R"({"targets":["a"]})", "concurrency");
    row("no concurrency", "/v1/tune", R"({"targets":["a"],"concurrency":0})", "concurrency");
    row("reset beside a value", "/v1/tune", R"({"targets":["a"],"reset":true,"rate":2})", "reset");
    row("half a worker", "/v1/tune", R"({"targets":["a"],"concurrency":1.5})", "concurrency");
    row("no rate", "/v1/tune", R"({"targets":["a"],"rate":0})", "rate");
    row("rate as a word", "/v1/tune", R"({"targets":["a"],"rate":"fast"})", "rate");
    row("no target to probe", "/v1/probe", "{}", "target");
    row("replay without a selection", "/v1/replay", "{}", "selection");
    row("share above all", "/v1/replay", R"({"selection":1,"share":101})", "share");
    row("lag above an hour", "/v1/replay", R"({"selection":1,"lag_hold":3601})", "lag_hold");
    row("group made nothing of", "/v1/dlq/groups/shape", R"({"fingerprint":"a"})", "action");
    row("archive without a scope", "/v1/dlq/archive", "{}", "filter");
    row("archive of everything", "/v1/dlq/archive", R"({"filter":{}})", "filter");
    row("archive with both", "/v1/dlq/archive", R"({"selection":1,"filter":{"code":"x"}})",
        "filter");
    row("unknown name in a filter", "/v1/replay/preview", R"({"filter":{"dest":"a"}})",
        "filter.dest");
    row("wrong time in a filter", "/v1/replay/preview", R"({"filter":{"from":"x"}})",
        "filter.from");
    row("reload with more", "/v1/config/reload", R"({"file":"x"})", "file");
}

void TestControlApi::wrongInputIsRefusedByNameAndNotSubmitted()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, field);
    const Desk desk;
    const auto answer = desk.ask("POST", target.toStdString(), body.toStdString());
    QCOMPARE(answer.status, 400);
    QCOMPARE(fieldOf(answer), field.toStdString());
    QVERIFY(desk.port.commands.empty());
    QVERIFY(desk.port.selections.empty());
}

void TestControlApi::aRefusedCommandAnswersWithItsError()
{
    Desk desk;
    desk.port.commandResult
        = { .message = "A replay of these already runs.", .error = ErrorCode::Conflict };
    const auto answer = desk.ask("POST", "/v1/replay", R"({"selection":3})");
    QCOMPARE(answer.status, 409);
    const std::string expected
        = R"({"error":{"code":"conflict","message":"A replay of these already runs.","field":""}})";
    QCOMPARE(answer.body, expected);
}

void TestControlApi::filtersReachTheQuery()
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
    QVERIFY(query.isNewestFirst && query.withResponses);
    QCOMPARE(query.rowsMax, 50);
    desk.ask("GET", "/v1/dlq/groups?destination=meta&destination=x");
    QCOMPARE(desk.port.groupFilters.front().destinations.size(), std::size_t { 2 });
}

// Status and attempts are numbers; the response is cut at 4 KiB, and a byte that is no UTF-8 does
// not break the JSON.
void TestControlApi::listsOfDeadLettersHaveTheAgreedForm()
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
}

void TestControlApi::aDetailShowsThePayloadWithItsNumbers()
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

void TestControlApi::wrongFiltersAreRefused_data()
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

void TestControlApi::wrongFiltersAreRefused()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, field);
    const Desk desk;
    const auto answer = desk.ask("GET", "/v1/dlq?" + query.toStdString());
    QCOMPARE(answer.status, 400);
    QCOMPARE(fieldOf(answer), field.toStdString());
    QVERIFY(desk.port.queries.empty());
}

void TestControlApi::archivingAFilterFreezesItFirst()
{
    Desk desk;
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

void TestControlApi::restoringLooksAmongTheArchived()
{
    Desk desk;
    desk.ask("POST", "/v1/dlq/restore", R"({"filter":{"id":[3,"4"]}})");
    const DeadLetterFilter& filter = desk.port.selections.front().filter;
    QVERIFY(filter.states == std::vector { DeadLetterState::Archived });
    QCOMPARE(filter.ids.size(), std::size_t { 2 });
    QVERIFY(last<ArchiveCommand>(desk).restore);
}

void TestControlApi::previewAndReplayGoTogether()
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

void TestControlApi::groupsAreShaped()
{
    Desk desk;
    (void)desk.json("POST", "/v1/dlq/groups/shape",
        R"({"fingerprint":"a","action":"take_out","others":["b","c"]})");
    const auto& shape = last<GroupShapeCommand>(desk);
    QVERIFY(shape.action == GroupShapeCommand::Action::TakeOut);
    QCOMPARE(shape.fingerprint, std::string("a"));
    QVERIFY((shape.others == std::vector<std::string> { "b", "c" }));
}

void TestControlApi::replayJobsAreReadAndControlled()
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

void TestControlApi::theAuditIsPaged()
{
    Desk desk;
    desk.port.auditPage
        = { .rows = { { .id = AuditId { 8 }, .at = kTime, .who = "api" } }, .isLast = false };
    const Json page = desk.json("GET", "/v1/audit?before=9&limit=1");
    QVERIFY(desk.port.auditQueries.front().before == AuditId { 9 });
    QCOMPARE(desk.port.auditQueries.front().rowsMax, 1);
    QCOMPARE(page.at("entries.0.who")->text(), std::string("api"));
    QCOMPARE(page.find("next")->asInt(), std::optional<std::int64_t>(8));
}

void TestControlApi::anEntryIsCheckedAndTakenBack()
{
    Desk desk;
    const Json check = desk.json("GET", "/v1/audit/311/revert");
    QVERIFY(desk.port.revertsAsked == std::vector { AuditId { 311 } });
    QVERIFY(check.find("is_possible")->asBool());
    QCOMPARE(desk.ask("POST", "/v1/audit/311/revert", R"({"reason":"a slip"})").status, 200);
    QVERIFY(last<RevertCommand>(desk).entry == AuditId { 311 });
    QCOMPARE(desk.port.commands.back().reason, std::string("a slip"));
    desk.port.auditPage = {};
    (void)desk.json("GET", "/v1/audit?result=refused&job=R-17&target=meta");
    QVERIFY(desk.port.auditQueries.back().filter.isOk == false);
    QCOMPARE(desk.port.auditQueries.back().filter.correlation, std::string("R-17"));
    QCOMPARE(desk.ask("GET", "/v1/audit?result=maybe").status, 400);
}

void TestControlApi::thresholdsAreListedSetAndReset()
{
    Desk desk;
    const Json list = desk.json("GET", "/v1/thresholds");
    QCOMPARE(list.find("thresholds")->items().size(), kThresholds);
    QCOMPARE(list.at("thresholds.0.name")->text(), std::string("failing_error_percent"));
    QCOMPARE(list.at("thresholds.0.value")->text(), std::string("25"));
    const auto set = desk.ask("POST", "/v1/thresholds",
        R"({"values":{"failing_error_percent":30,"backlogged_lag":"2m"},"reset":["idle_after"]})");
    QCOMPARE(set.status, 200);
    const auto& values = last<ThresholdsCommand>(desk).values;
    QVERIFY(values.at(Threshold::FailingErrors) == 0.3);
    QVERIFY(values.at(Threshold::BackloggedLag) == 120.0);
    QVERIFY(!values.at(Threshold::IdleAfter).has_value());
    for (const char* bad : { R"({})", R"({"values":{"lag":"2m"}})",
             R"({"values":{"backlogged_lag":"soon"}})", R"({"reset":["lag"]})" })
        QCOMPARE(desk.ask("POST", "/v1/thresholds", bad).status, 400);
}

void TestControlApi::statusShowsShardsAndCanBeNarrowed()
{
    Desk desk;
    for (const char* account : { "1", "2" }) {
        ShardSnapshot shard;
        shard.shard = { "meta", account };
        shard.consumerLag = Millis { 1'500 };
        shard.stateSince = kTime;
        desk.port.published->shards.push_back(shard);
    }
    desk.port.published->destinations.push_back(
        { .name = "meta", .unrouted = { { "no_identifier", 3 } }, .shards = 2 });
    desk.port.published->destinations.push_back({ .name = "tiktok" });
    const Json all = desk.json("GET", "/v1/status");
    QCOMPARE(all.find("shards")->items().size(), std::size_t { 2 });
    QCOMPARE(all.at("shards.0.consumer_lag_seconds")->asDouble(), std::optional(1.5));
    QVERIFY(all.at("shards.0.platform_latency_p95_ms")->isNull()); // too few samples, not 0
    QVERIFY(all.at("shards.0.pause")->isNull());
    QCOMPARE(
        all.at("destinations.0.unrouted.no_identifier")->asInt(), std::optional<std::int64_t>(3));
    const Json one = desk.json("GET", "/v1/status?destination=meta&account=2");
    QCOMPARE(one.find("shards")->items().size(), std::size_t { 1 });
    QCOMPARE(one.at("shards.0.account")->text(), std::string("2"));
    QCOMPARE(one.find("destinations")->items().size(), std::size_t { 1 });
    QCOMPARE(desk.ask("GET", "/v1/status?x=1").status, 400);
}

void TestControlApi::reloadAndOverridesAreReachable()
{
    Desk desk;
    QCOMPARE(desk.ask("POST", "/v1/config/reload").status, 200);
    QVERIFY(std::holds_alternative<ReloadCommand>(desk.port.commands.back().what));
    desk.port.overrides = "[[destination]]\n";
    const auto answer = desk.ask("GET", "/v1/config/overrides");
    QCOMPARE(answer.body, desk.port.overrides);
    QVERIFY(answer.contentType.starts_with("application/toml"));
}

void TestControlApi::metricsAndHealthAreServed()
{
    Desk desk;
    desk.port.published->number = 12;
    const auto metrics = desk.ask("GET", "/metrics");
    QCOMPARE(metrics.body, std::string("snapshot 12"));
    QVERIFY(metrics.contentType.starts_with("text/plain; version=0.0.4"));
    QCOMPARE(desk.ask("GET", "/healthz").status, 200);
    desk.isHealthy = false;
    QCOMPARE(desk.ask("GET", "/healthz").status, 503);
}

void TestControlApi::saleModeIsSwitchedAndShown()
{
    Desk desk;
    QCOMPARE(
        desk.ask("POST", "/v1/sale", R"({"mode":"on","for":"6h","reason":"black friday"})").status,
        200);
    QCOMPARE(last<SaleCommand>(desk).mode, SaleCommand::Mode::On);
    QCOMPARE(last<SaleCommand>(desk).until, desk.clock.wallNow() + std::chrono::hours { 6 });
    QCOMPARE(desk.port.commands.back().reason, std::string("black friday"));
    QCOMPARE(desk.ask("POST", "/v1/sale", R"({"mode":"auto"})").status, 200);
    QCOMPARE(last<SaleCommand>(desk).mode, SaleCommand::Mode::AsConfigured);
    const auto before = desk.port.commands.size();
    QCOMPARE(fieldOf(desk.ask("POST", "/v1/sale", R"({"mode":"maybe"})")), std::string("mode"));
    QCOMPARE(fieldOf(desk.ask("POST", "/v1/sale", R"({"mode":"auto","for":"1h"})")),
        std::string("until"));
    QCOMPARE(desk.port.commands.size(), before);
    desk.port.published->sale
        = { .isOn = true, .cause = SaleMode::Cause::Operator, .until = kTime, .who = "ann" };
    const Json status = desk.json("GET", "/v1/status");
    QCOMPARE(status.at("sale_mode.is_on")->asBool(), true);
    QCOMPARE(status.at("sale_mode.who")->text(), std::string("ann"));
    QCOMPARE(status.at("sale_mode.cause")->text(), std::string("operator"));
}

void TestControlApi::metricsOfOneDestinationAreThatOnes()
{
    Desk desk;
    desk.port.published->shards.resize(3);
    desk.port.published->shards[0].shard = { "meta", "1" };
    desk.port.published->shards[1].shard = { "hook", "1" };
    desk.port.published->shards[2].shard = { "meta", "2" };
    ControlPorts ports = desk.ports();
    ports.metricsText = [](const EngineSnapshot& s) { return std::to_string(s.shards.size()); };
    desk.api = std::make_unique<ControlApi>(std::move(ports), ControlKeys { .control = "key" });
    QCOMPARE(desk.ask("GET", "/metrics").body, std::string("3"));
    QCOMPARE(desk.ask("GET", "/metrics?destination=meta").body, std::string("2"));
    QCOMPARE(desk.ask("GET", "/metrics?shard=meta").status, 400);
}

void TestControlApi::theDoorAnswersOverASocket()
{
    Desk desk;
    ControlConfig config;
    config.listen.port = 0;
    Control control(desk.ports(), config, { .control = "key" });
    QVERIFY(control.start().has_value());
    QCOMPARE(control.url(), "http://127.0.0.1:" + std::to_string(control.port()));
    testing::RawClient stranger(control.port());
    stranger.send("POST /v1/pause HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
    QCOMPARE(testing::statusIn(stranger.answer()), 401);
    testing::RawClient client(control.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::bodyOf(client.answer()), std::string("snapshot 0"));
}

// The reload that moves the door came through it: its answer goes where the question came from.
void TestControlApi::aDoorThatMovesAnswersWhoeverAskedAtTheOldOne()
{
    Desk desk;
    ControlConfig config;
    config.listen.port = 0;
    Control control(desk.ports(), config, { .control = "key" });
    QVERIFY(control.start());
    const std::uint16_t old = control.port();
    testing::RawClient client(old);
    client.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(client.answer()), 200);
    config.limits.connectionsMax = 3; // a changed limit needs a new port as well
    QVERIFY(control.move(config));
    QVERIFY(control.port() != old);
    client.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(client.answer()), 200);
    testing::RawClient fresh(control.port());
    fresh.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(fresh.answer()), 200);
    control.sweep();
    control.sweep();
    QCOMPARE(client.rest(), std::string()); // closed
    config.listen.host = "192.0.2.1"; // nobody's here
    QVERIFY(!control.move(config));
    testing::RawClient again(control.port());
    again.send("GET /v1/status HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key\r\n\r\n");
    QCOMPARE(testing::statusIn(again.answer()), 200);
    QVERIFY(control.url().starts_with("http://127.0.0.1:"));
}

QTEST_GUILESS_MAIN(TestControlApi)
#include "tst_control_api.moc"
