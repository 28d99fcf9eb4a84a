// Each row of each adapter's table of failures: the simulator gives it when told to, and the
// adapter understands it, in class, code and hint.
#include "engine/simulator/adapter_calls.h"
#include "platforms/criteo.h"
#include "platforms/customerio_app.h"
#include "platforms/google_errors.h"
#include "platforms/meta.h"
#include "platforms/microsoft_answers.h"
#include "platforms/outbrain.h"
#include "platforms/pinterest.h"
#include "platforms/reddit.h"
#include "platforms/snapchat.h"
#include "platforms/taboola.h"
#include "platforms/tiktok.h"
#include "platforms/x.h"

#include <QTest>

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

// What is ordered from POST /__sim/scenario, as members of "answer".
struct Order {
    int status { 0 };
    std::string code {};
    std::string message {};
    std::string more {}; // further members, JSON
    [[nodiscard]] std::string json() const
    {
        Json answer = Json::object();
        if (status != 0)
            answer.set("status", Json::number(std::int64_t { status }));
        if (!code.empty())
            answer.set("code", Json::string(code));
        if (!message.empty())
            answer.set("message", Json::string(message));
        std::string text = answer.dump();
        if (!more.empty())
            text.insert(text.size() - 1, (text.size() > 2 ? "," : "") + more);
        return text;
    }
};

struct FailureRow {
    std::string way {}; // of kPlatformCases
    Order order {};
    std::string outcomes {}; // of all records; two where a request takes two and `isPair`
    std::string code {}; // of the first
    bool isPair { false };
    std::optional<Millis> wait {}; // what the answer says of it
    std::string source {};
};

// Fits every way in: an identifier for each, a value, and a click old enough for all.
CanonicalEvent eventFor(const DestinationConfig& to, int number)
{
    std::string text = richAfterClick(
        "\"tblci\":\"GiC1\",\"obclid\":\"ob-1\",\"msclkid\":\"m-1\",\"twclid\":\"t-1\"");
    const std::string id = "\"ord-1001\"";
    text.replace(text.find(id), id.size(), "\"ord-" + std::to_string(number) + '"');
    text.insert(1, "\"audience\":{\"ids\":[\"42\"]},"); // of a broadcast
    EventType type = EventType::Track;
    if (to.platform == "customerio-app")
        type = to.options.contains("api") && to.options.at("api") == "broadcasts"
            ? EventType::Broadcast
            : EventType::Message;
    return canonical(text, type);
}

std::vector<std::string> waysInto(std::string_view platform)
{
    std::vector<std::string> ways;
    for (const PlatformCase& each : kPlatformCases) {
        if (each.platform == platform)
            ways.emplace_back(each.name);
    }
    return ways;
}

class Rows {
public:
    void add(FailureRow row) { m_rows.push_back(std::move(row)); }
    void addStatuses(const std::string& way, std::span<const StatusMeaning> table)
    {
        for (const StatusMeaning& row : table) {
            for (const int status : { std::max(row.first, 300), row.last }) {
                if (row.outcome == Outcome::Accepted || status > row.last || isTold(way, status))
                    continue;
                add({ .way = way,
                    .order = { .status = status },
                    .outcomes = toString(row.outcome),
                    .code = std::to_string(status) });
            }
        }
    }
    void addNoAnswers(const std::string& way)
    {
        add({ .way = way,
            .order = { .more = "\"fault\":\"close\"" },
            .outcomes = "unknown",
            .code = toString(TransportFailure::Kind::Closed) });
        add({ .way = way,
            .order = { .more = "\"fault\":\"cut\"" },
            .outcomes = "unknown",
            .code = toString(TransportFailure::Kind::Closed) });
        add({ .way = way,
            .order = { .more = "\"fault\":\"silence\"" },
            .outcomes = "unknown",
            .code = toString(TransportFailure::Kind::Timeout) });
    }
    [[nodiscard]] const std::vector<FailureRow>& all() const { return m_rows; }

private:
    // The first row for a status counts.
    [[nodiscard]] bool isTold(const std::string& way, int status) const
    {
        return std::any_of(m_rows.begin(), m_rows.end(), [&](const FailureRow& row) {
            return row.way == way && row.order.status == status && row.order.code.empty();
        });
    }
    std::vector<FailureRow> m_rows {};
};

void addMeta(Rows& rows)
{
    for (const MetaCode& row : metaCodes()) {
        for (const std::int64_t number : { row.first, row.last }) {
            std::string code = std::to_string(number);
            if (row.subcode)
                code += '/' + std::to_string(*row.subcode);
            rows.add({ .way = "meta",
                .order = { .code = code },
                .outcomes = toString(row.verdict.outcome),
                .code = code,
                .wait = row.verdict.isLongBlock ? std::optional<Millis>(1h) : std::nullopt });
            if (row.first == row.last)
                break;
        }
    }
    for (const char* code : { "100/2804003", "100/2804001", "100/2804007", "100/2804009",
             "100/2804016", "100/2804017", "100/2804019", "100/2804048" })
        rows.add({ .way = "meta", .order = { .code = code }, .outcomes = "invalid", .code = code });
    for (const char* code : { "190/458", "190/459", "190/460", "190/463", "190/464", "190/467" }) {
        for (const int status : { 400, 401 })
            rows.add({ .way = "meta",
                .order = { .status = status, .code = code },
                .outcomes = "auth",
                .code = code });
    }
    rows.add({ .way = "meta",
        .order = { .code = "100/transient" },
        .outcomes = "transient",
        .code = "100" });
    rows.add(
        { .way = "meta", .order = { .code = "31415" }, .outcomes = "transient", .code = "31415" });
    rows.add({ .way = "meta",
        .order = { .status = 200, .code = "1" },
        .outcomes = "unknown unknown",
        .code = "events_received",
        .isPair = true });
    rows.add({ .way = "meta",
        .order = { .status = 400,
            .code = "80004/2446079",
            .more
            = "\"headers\":{\"X-Business-Use-Case-Usage\":\"{\\\"1\\\":[{\\\"call_count\\\":100,"
              "\\\"estimated_time_to_regain_access\\\":7}]}\"}" },
        .outcomes = "throttled",
        .code = "80004/2446079",
        .wait = 7min,
        .source = "X-Business-Use-Case-Usage" });
    rows.add({ .way = "meta",
        .order = { .status = 400,
            .code = "17/2446079",
            .more = "\"headers\":{\"X-Ad-Account-Usage\":\"{\\\"acc_id_util_pct\\\":100,"
                    "\\\"reset_time_duration\\\":90}\"}" },
        .outcomes = "throttled",
        .code = "17/2446079",
        .wait = 90s,
        .source = "X-Ad-Account-Usage" });
}

void addGoogle(Rows& rows)
{
    for (const std::string way : { "google", "google, data_manager" }) {
        for (const GoogleCode& row : googleCodes()) {
            const std::string value = row.value.empty() ? "ANY_OTHER" : std::string(row.value);
            const bool isField = row.group == "fieldViolation";
            rows.add({ .way = way,
                .order = { .code = std::string(row.group) + '.' + value },
                .outcomes = toString(row.outcome),
                .code = isField ? std::string(row.group) : value });
        }
        for (const GoogleStatus& row : googleStatuses())
            rows.add({ .way = way,
                .order = { .code = std::string(row.name) },
                .outcomes = toString(row.outcome),
                .code = std::string(row.name) });
        rows.add({ .way = way,
            .order = { .code = "fieldViolation.currency", .message = "unknown" },
            .outcomes = "invalid transient",
            .code = "fieldViolation",
            .isPair = true });
        for (const char* scope : { "ACCOUNT", "DEVELOPER" })
            rows.add({ .way = way,
                .order = { .code = std::string("quotaError.RESOURCE_EXHAUSTED/") + scope + "/30s" },
                .outcomes = "throttled",
                .code = "RESOURCE_EXHAUSTED",
                .wait = 30s,
                .source = "retryDelay in the answer" });
        rows.add({ .way = way,
            .order = { .code = "quotaError.RESOURCE_TEMPORARILY_EXHAUSTED",
                .message = "Too many requests. Retry in 45 seconds." },
            .outcomes = "throttled",
            .code = "RESOURCE_TEMPORARILY_EXHAUSTED",
            .wait = 45s,
            .source = "the text of the answer" });
    }
    // A record of its own has its own end.
    rows.add({ .way = "google",
        .order = { .status = 200, .code = "conversionUploadError.EXPIRED_EVENT" },
        .outcomes = "invalid invalid",
        .code = "EXPIRED_EVENT",
        .isPair = true });
}

void addTiktok(Rows& rows)
{
    for (const TiktokCode& row : tiktokCodes()) {
        for (const std::int64_t number : { row.first, row.last }) {
            rows.add({ .way = "tiktok",
                .order = { .code = std::to_string(number) },
                .outcomes = toString(row.outcome),
                .code = row.outcome == Outcome::Accepted ? "" : std::to_string(number) });
            if (row.first == row.last)
                break;
        }
    }
    rows.add({ .way = "tiktok",
        .order = { .code = "20001", .message = "data.0.event_time: is too old" },
        .outcomes = "invalid accepted",
        .code = "20001",
        .isPair = true });
    rows.add({ .way = "tiktok",
        .order = { .code = "40002", .message = "Batch.0.properties.value: is wrong" },
        .outcomes = "invalid transient",
        .code = "40002",
        .isPair = true });
    rows.add({ .way = "tiktok",
        .order = { .code = "31415" },
        .outcomes = "transient",
        .code = "31415" });
    rows.addStatuses("tiktok", genericStatuses().subspan(4));
}

void addLinkedin(Rows& rows)
{
    for (const char* code : { "65600", "65601" })
        rows.add({ .way = "linkedin",
            .order = { .status = 401, .code = code },
            .outcomes = "auth",
            .code = code });
    for (const char* code :
        { "INVALID_ACCESS_TOKEN", "EMPTY_ACCESS_TOKEN", "REVOKED_ACCESS_TOKEN" })
        rows.add({ .way = "linkedin",
            .order = { .status = 401, .code = code },
            .outcomes = "auth",
            .code = code });
    rows.add({ .way = "linkedin",
        .order = { .status = 422, .message = "Index: 0, ERROR :: /user :: missing\n" },
        .outcomes = "invalid transient",
        .code = "422",
        .isPair = true });
    rows.add({ .way = "linkedin",
        .order = { .status = 400, .message = "Wrong values, indices [0] (0-indexed)" },
        .outcomes = "invalid transient",
        .code = "400",
        .isPair = true });
    rows.add({ .way = "linkedin",
        .order = { .status = 400,
            .message = "Conversion's method should be CONVERSIONS_API, indices [0] (0-indexed)" },
        .outcomes = "config config",
        .code = "400",
        .isPair = true });
    rows.add({ .way = "linkedin",
        .order = { .status = 200, .code = "422", .message = "not this one" },
        .outcomes = "invalid accepted",
        .code = "422",
        .isPair = true });
    rows.add({ .way = "linkedin",
        .order = { .status = 200 },
        .outcomes = "unknown unknown",
        .code = "elements",
        .isPair = true });
    rows.add({ .way = "linkedin", .order = { .status = 201 }, .outcomes = "accepted" });
    rows.addStatuses("linkedin", genericStatuses());
}

void addMicrosoft(Rows& rows)
{
    for (const MicrosoftCode& row : microsoftCodes()) {
        for (const int status : { 200, 400, 500 })
            rows.add({ .way = "microsoft",
                .order = { .status = status, .code = std::to_string(row.code) },
                .outcomes = toString(row.outcome),
                .code = std::to_string(row.code),
                .wait = row.outcome == Outcome::Throttled ? row.wait : std::nullopt });
    }
    rows.addStatuses("microsoft", genericStatuses());
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 200, .code = "InvalidProperty", .message = "customData" },
        .outcomes = "invalid accepted",
        .code = "InvalidProperty",
        .isPair = true });
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 400, .code = "InvalidProperty", .message = "customData" },
        .outcomes = "invalid transient",
        .code = "InvalidProperty",
        .isPair = true });
    rows.add({ .way = "microsoft, uet",
        .order = { .status = 200, .code = "1" },
        .outcomes = "unknown unknown",
        .code = "events_received",
        .isPair = true });
    rows.addStatuses("microsoft, uet", genericStatuses());
}

void addX(Rows& rows)
{
    for (const std::string way : { "x", "x, pixel token" }) {
        for (const XCode& row : xCodes())
            rows.add({ .way = way,
                .order = { .code = std::string(row.code) },
                .outcomes = toString(row.outcome),
                .code = std::string(row.code),
                // The end of the window that every answer names.
                .wait = row.outcome == Outcome::Throttled ? std::optional<Millis>(15min)
                                                          : std::nullopt });
        rows.add({ .way = way,
            .order = { .code = "INVALID_PARAMETER", .message = "Conversion count limit is 500" },
            .outcomes = "oversize oversize",
            .code = "INVALID_PARAMETER",
            .isPair = true });
        rows.add({ .way = way,
            .order
            = { .code = "INVALID_PARAMETER", .message = "conversion_id (ord-1000) is not valid" },
            .outcomes = "invalid transient",
            .code = "INVALID_PARAMETER",
            .isPair = true });
        rows.add({ .way = way,
            .order = { .status = 200, .code = "1" },
            .outcomes = "unknown unknown",
            .code = "conversions_processed",
            .isPair = true });
        rows.addStatuses(way, genericStatuses());
    }
}

void addPinterest(Rows& rows)
{
    for (const PinterestCode& row : pinterestCodes())
        rows.add({ .way = "pinterest",
            .order = { .code = std::to_string(row.code) },
            .outcomes = toString(row.outcome),
            .code = std::to_string(row.code) });
    for (const int status : { 200, 422 })
        rows.add({ .way = "pinterest",
            .order = { .status = status, .code = "failed", .message = "no value" },
            .outcomes = "invalid accepted",
            .code = "failed",
            .isPair = true });
    rows.add({ .way = "pinterest",
        .order = { .code = "8", .more = "\"headers\":{\"x-ratelimit-reset\":\"12\"}" },
        .outcomes = "throttled",
        .code = "8",
        .wait = 12s,
        .source = "x-ratelimit-reset" });
    for (const int status : { 404, 413, 500, 599 })
        rows.add({ .way = "pinterest",
            .order = { .status = status, .code = "11" },
            .outcomes = toString(outcomeOfStatus(status)),
            .code = "11" });
}

void addSnapchat(Rows& rows)
{
    for (const SnapchatStatus& row : kSnapchatStatuses)
        rows.add({ .way = "snapchat",
            .order = { .status = row.status },
            .outcomes = toString(row.outcome),
            .code = std::to_string(row.status) });
    rows.add({ .way = "snapchat",
        .order = { .status = 200, .code = "error_records", .message = "missing price" },
        .outcomes = "invalid accepted",
        .code = "INVALID",
        .isPair = true });
    rows.add({ .way = "snapchat",
        .order = { .status = 400, .code = "error_records", .message = "missing price" },
        .outcomes = "invalid transient",
        .code = "INVALID",
        .isPair = true });
    rows.add({ .way = "snapchat",
        .order = { .status = 200, .code = "INVALID", .message = "missing price" },
        .outcomes = "invalid invalid",
        .code = "INVALID",
        .isPair = true });
    rows.add({ .way = "snapchat",
        .order = { .status = 400, .message = "a request may hold 2000 events" },
        .outcomes = "oversize oversize",
        .code = "400",
        .isPair = true });
    rows.addStatuses("snapchat", genericStatuses());
}

void addReddit(Rows& rows)
{
    for (const std::string way : { "reddit", "reddit, v2" }) {
        for (const RedditStatus& row : kRedditStatuses)
            rows.add({ .way = way,
                .order = { .status = row.status },
                .outcomes = toString(row.outcome),
                .code = std::to_string(row.status) });
        rows.add({ .way = way,
            .order = { .status = 401, .code = "UNAUTHORIZED" },
            .outcomes = "auth",
            .code = "401" });
        rows.add({ .way = way,
            .order = { .code = "invalid_events", .message = "value is not acceptable" },
            .outcomes = "invalid transient",
            .code = "400",
            .isPair = true });
        rows.add({ .way = way,
            .order = { .status = 200, .code = "1" },
            .outcomes = "unknown unknown",
            .code = "other_count",
            .isPair = true });
        rows.add({ .way = way,
            .order = { .status = 429, .more = "\"headers\":{\"x-ratelimit-reset\":\"33\"}" },
            .outcomes = "throttled",
            .code = "429",
            .wait = 33s,
            .source = "x-ratelimit-reset" });
        rows.addStatuses(way, genericStatuses());
    }
}

void addCriteo(Rows& rows)
{
    for (const CriteoErrorWord& row : kCriteoErrors)
        rows.add({ .way = "criteo",
            .order = { .status = 200, .code = std::string(row.word) + " is not known" },
            .outcomes = toString(row.outcome),
            .code = std::string(row.word) + " is not known" });
    rows.add({ .way = "criteo",
        .order = { .status = 200, .code = "UserIdentifierMissing" },
        .outcomes = "invalid",
        .code = "UserIdentifierMissing" });
    rows.addStatuses("criteo", kCriteoStatuses);
    rows.addStatuses("criteo", genericStatuses());
}

void addCustomerIo(Rows& rows)
{
    for (const std::string way : { "customerio", "customerio, v1" })
        rows.addStatuses(way, genericStatuses());
    rows.add({ .way = "customerio",
        .order = { .status = 207, .code = "required", .message = "is required" },
        .outcomes = "invalid accepted",
        .code = "required",
        .isPair = true });
    rows.add({ .way = "customerio",
        .order = { .status = 400, .code = "required", .message = "is required" },
        .outcomes = "invalid transient",
        .code = "required",
        .isPair = true });
    for (const std::string way : { "customerio-app", "customerio-app, broadcasts" }) {
        rows.addStatuses(way, kCustomerIoAppStatuses);
        rows.addStatuses(way, genericStatuses());
        for (const std::string_view word : kCustomerIoAppConfigWords) {
            for (const int status : { 400, 422 })
                rows.add({ .way = way,
                    .order = { .status = status, .message = "no such " + std::string(word) },
                    .outcomes = "config",
                    .code = std::to_string(status) });
        }
        rows.add({ .way = way,
            .order = { .status = 200 },
            .outcomes = "unknown",
            .code = "unreadable_answer" });
    }
}

const std::vector<FailureRow>& allRows()
{
    static const std::vector<FailureRow> all = [] {
        Rows rows;
        addMeta(rows);
        addGoogle(rows);
        addTiktok(rows);
        addLinkedin(rows);
        addMicrosoft(rows);
        addX(rows);
        addPinterest(rows);
        addSnapchat(rows);
        addReddit(rows);
        for (const std::string way : { "taboola", "taboola, single" })
            rows.addStatuses(way, kTaboolaStatuses);
        rows.addStatuses("outbrain", kOutbrainStatuses);
        rows.add({ .way = "outbrain",
            .order = { .status = 429, .more = "\"headers\":{\"rate-limit-msec-left\":\"850\"}" },
            .outcomes = "throttled",
            .code = "429",
            .wait = 850ms,
            .source = "rate-limit-msec-left" });
        addCriteo(rows);
        addCustomerIo(rows);
        rows.addStatuses("webhook", genericStatuses());
        for (const PlatformCase& each : kPlatformCases) {
            rows.addNoAnswers(each.name);
            // What a gateway says in its own language.
            rows.add({ .way = each.name,
                .order = { .status = 502, .more = "\"body\":\"<html>Bad gateway</html>\"" },
                .outcomes
                = std::string_view(each.platform) == "customerio-app" ? "unknown" : "transient",
                .code = "502" });
            for (const char* delay : { "30", "Fri, 27 Nov 2026 00:00:30 GMT" })
                rows.add({ .way = each.name,
                    .order = { .status = 429,
                        .code = std::string_view(each.platform) == "criteo" ? "slow down" : "",
                        .more = "\"retry_after\":\"" + std::string(delay) + '"' },
                    .outcomes = "throttled",
                    .wait = 30s,
                    .source = "Retry-After" });
        }
        return rows.all();
    }();
    return all;
}

} // namespace

class TestFailureTables final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasRows();
    void eachRowComesOnCommandAndIsUnderstood_data();
    void eachRowComesOnCommandAndIsUnderstood();
    void whatTheDataManagerSaysLaterComesOnCommand();
    void aStrangeOrderIsRefused_data();
    void aStrangeOrderIsRefused();
};

void TestFailureTables::everyPlatformHasRows()
{
    for (const std::string& platform : platformNames()) {
        QVERIFY2(!waysInto(platform).empty(), platform.c_str());
        for (const std::string& way : waysInto(platform)) {
            const auto count = std::count_if(allRows().begin(), allRows().end(),
                [&](const FailureRow& row) { return row.way == way; });
            QVERIFY2(count >= 10, way.c_str());
        }
    }
}

void TestFailureTables::eachRowComesOnCommandAndIsUnderstood_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const FailureRow& row : allRows())
        QTest::addRow("%s %.90s", row.way.c_str(), row.order.json().c_str()) << number++;
}

void TestFailureTables::eachRowComesOnCommandAndIsUnderstood()
{
    QFETCH(int, number);
    const FailureRow& row = allRows()[static_cast<std::size_t>(number)];
    const DestinationConfig to = simulatedDestination(row.way);
    Simulator simulator({});
    const http::ServerRequest order { .method = "POST",
        .target = "/__sim/scenario",
        .body = "{\"scenario\":\"calm\",\"platform\":\"" + to.platform
            + "\",\"answer\":" + row.order.json() + '}' };
    const auto ordered = simulator.handle(order, momentAt({}));
    QVERIFY2(ordered.status == 200, ordered.body.c_str());
    std::vector<Record> records;
    for (int i = 0; i < (row.isPair ? 2 : 1); ++i)
        records.push_back(recordFor(eventFor(to, 1'000 + i), to));
    const Decoded decoded = deliver(simulator, records, to);
    QCOMPARE(outcomesOf(decoded), row.outcomes);
    if (!row.code.empty())
        QCOMPARE(decoded.records[0].code, row.code);
    if (row.wait)
        QCOMPARE(decoded.hint.retryAfter, row.wait);
    if (!row.source.empty())
        QCOMPARE(decoded.hint.source, row.source);
    const bool isDeveloper = row.order.code.find("/DEVELOPER/") != std::string::npos;
    QCOMPARE(decoded.hint.isCredentialWide, isDeveloper);
    for (const auto& [account, stats] : simulator.stats()) {
        QCOMPARE(stats.scripted, std::int64_t { 1 });
        QCOMPARE(stats.accepted, std::int64_t { 0 });
        QCOMPARE(stats.violations, std::int64_t { 0 });
    }
}

void TestFailureTables::whatTheDataManagerSaysLaterComesOnCommand()
{
    const DestinationConfig to = simulatedDestination("google, data_manager");
    const Adapter* const adapter = adapterFor("google");
    const auto told = [&](const std::string& answer) {
        Simulator simulator({});
        if (!answer.empty()) {
            const http::ServerRequest order { .method = "POST",
                .target = "/__sim/scenario",
                .body
                = "{\"scenario\":\"calm\",\"platform\":\"google\",\"answer\":" + answer + '}' };
            (void)simulator.handle(order, momentAt({}));
        }
        const auto request = adapter->receiptRequest("sim-1", contextOf(to), secretsOf(to));
        return adapter->decodeReceipt(*exchange(simulator, **request, momentAt({})));
    };
    using State = ReceiptAnswer::State;
    QVERIFY(told({}).state == State::Done);
    QCOMPARE(told({}).refused, std::int64_t { 0 });
    for (const char* state : { "PARTIAL_SUCCESS", "FAILED" }) {
        const ReceiptAnswer answer = told("{\"status\":200,\"code\":\"" + std::string(state)
            + "\",\"message\":\"EXPIRED_CLICK\"}");
        QVERIFY(answer.state == State::Done);
        QCOMPARE(answer.refused, std::int64_t { 1 });
        QCOMPARE(answer.text, std::string("EXPIRED_CLICK (1)"));
    }
    QVERIFY(told("{\"status\":200,\"code\":\"PROCESSING\"}").state == State::Pending);
    QVERIFY(told("{\"status\":503}").state == State::Pending);
    QVERIFY(told("{\"status\":404}").state == State::Gone);
}

void TestFailureTables::aStrangeOrderIsRefused_data()
{
    QTest::addColumn<QString>("answer");
    for (const char* answer : { "{\"status\":199}", "{\"status\":600}", "{\"times\":-1}",
             "{\"fault\":\"explode\"}", "{\"retry_after\":\"1\\n2\"}", "[]" })
        QTest::newRow(answer) << QString::fromUtf8(answer);
}

void TestFailureTables::aStrangeOrderIsRefused()
{
    QFETCH(QString, answer);
    Simulator simulator({});
    const http::ServerRequest order { .method = "POST",
        .target = "/__sim/scenario",
        .body = "{\"scenario\":\"calm\",\"answer\":" + answer.toStdString() + '}' };
    QCOMPARE(simulator.handle(order, momentAt({})).status, 400);
}

QTEST_GUILESS_MAIN(TestFailureTables)
#include "tst_failure_tables.moc"
