// What operators change through the control API, and how wrong input is told.
#include "desk.h"
#include "support/test_program.h"

namespace tst_control_commands {

using namespace engine;
using namespace engine::control;
using engine::testing::Desk;
using engine::testing::fieldOf;
using engine::testing::kTime;
using engine::testing::last;

class TestControlCommands final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aPauseCarriesTargetsModeAndEnd();
    void tuningCarriesEveryControl();
    void probeAndResumeNameTheirTargets();
    void wrongInputIsRefusedByNameAndNotSubmitted_data();
    void wrongInputIsRefusedByNameAndNotSubmitted();
    void aRefusedCommandAnswersWithItsError();
    void theAuditIsPaged();
    void anEntryIsCheckedAndTakenBack();
    void thresholdsAreListedSetAndReset();
    void reloadAndOverridesAreReachable();
    void saleModeIsSwitchedAndShown();
};

void TestControlCommands::aPauseCarriesTargetsModeAndEnd()
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

void TestControlCommands::tuningCarriesEveryControl()
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

void TestControlCommands::probeAndResumeNameTheirTargets()
{
    Desk desk;
    desk.ask("POST", "/v1/probe", R"({"target":"meta/1"})");
    QCOMPARE(toString(last<ProbeCommand>(desk).target), std::string("meta/1"));
    desk.ask("POST", "/v1/resume", R"({"targets":["a","b/c"]})");
    QCOMPARE(last<ResumeCommand>(desk).targets.size(), std::size_t { 2 });
}

void TestControlCommands::wrongInputIsRefusedByNameAndNotSubmitted_data()
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

void TestControlCommands::wrongInputIsRefusedByNameAndNotSubmitted()
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

void TestControlCommands::aRefusedCommandAnswersWithItsError()
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

void TestControlCommands::theAuditIsPaged()
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

void TestControlCommands::anEntryIsCheckedAndTakenBack()
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

void TestControlCommands::thresholdsAreListedSetAndReset()
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

void TestControlCommands::reloadAndOverridesAreReachable()
{
    Desk desk;
    QCOMPARE(desk.ask("POST", "/v1/config/reload").status, 200);
    QVERIFY(std::holds_alternative<ReloadCommand>(desk.port.commands.back().what));
    desk.port.overrides = "[[destination]]\n";
    const auto answer = desk.ask("GET", "/v1/config/overrides");
    QCOMPARE(answer.body, desk.port.overrides);
    QVERIFY(answer.contentType.starts_with("application/toml"));
}

void TestControlCommands::saleModeIsSwitchedAndShown()
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

SPILLWAY_TEST(TestControlCommands)

} // namespace tst_control_commands

#include "tst_control_commands.moc"
