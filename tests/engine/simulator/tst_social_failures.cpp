// Failures of the social platforms, row by row.
#include "engine/simulator/failure_rows.h"
#include "platforms/linkedin.h"
#include "platforms/meta.h"
#include "platforms/pinterest.h"
#include "platforms/reddit.h"
#include "platforms/snapchat.h"
#include "platforms/tiktok.h"
#include "platforms/x.h"
#include "support/test_program.h"

namespace tst_social_failures {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

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
        .outcomes = "invalid transient",
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
    for (const LinkedinCode& row : linkedinTokenCodes())
        rows.add({ .way = "linkedin",
            .order = { .status = 401, .code = std::string(row.code) },
            .outcomes = "auth",
            .code = std::string(row.code) });
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

const std::vector<FailureRow>& allRows()
{
    static const std::vector<FailureRow> all = [] {
        Rows rows;
        addMeta(rows);
        addTiktok(rows);
        addLinkedin(rows);
        addX(rows);
        addPinterest(rows);
        addSnapchat(rows);
        addReddit(rows);
        rows.addCommon(Topic::Social);
        return rows.all();
    }();
    return all;
}

} // namespace

class TestSocialFailures final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasRows() { checkWays(Topic::Social, allRows()); }
    void eachRowComesOnCommandAndIsUnderstood_data() { addFailureColumn(allRows()); }
    void eachRowComesOnCommandAndIsUnderstood();
};

void TestSocialFailures::eachRowComesOnCommandAndIsUnderstood()
{
    QFETCH(int, number);
    checkFailure(allRows()[static_cast<std::size_t>(number)]);
}

SPILLWAY_TEST(TestSocialFailures)

} // namespace tst_social_failures

#include "tst_social_failures.moc"
