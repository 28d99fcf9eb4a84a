// Rows of the adapters' tables of failures as the simulator gives them on command, and the one
// check of such a row. Each topic of platforms has a test of its own.
#pragma once

#include "engine/simulator/adapter_calls.h"
#include "platforms/answers.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

namespace engine::testing {

// Which test has a platform's rows. A platform without a topic fails tst_failure_orders.
enum class Topic : std::uint8_t { Social, Search, Clicks, Messages };
struct PlatformTopic {
    const char* platform { nullptr };
    Topic topic { Topic::Social };
};
inline constexpr PlatformTopic kPlatformTopics[] {
    { "criteo", Topic::Clicks },
    { "customerio", Topic::Messages },
    { "customerio-app", Topic::Messages },
    { "google", Topic::Search },
    { "linkedin", Topic::Social },
    { "meta", Topic::Social },
    { "microsoft", Topic::Search },
    { "outbrain", Topic::Clicks },
    { "pinterest", Topic::Social },
    { "reddit", Topic::Social },
    { "snapchat", Topic::Social },
    { "taboola", Topic::Clicks },
    { "tiktok", Topic::Social },
    { "webhook", Topic::Messages },
    { "x", Topic::Social },
};

inline bool isOf(Topic topic, const PlatformCase& way)
{
    return std::any_of(
        std::begin(kPlatformTopics), std::end(kPlatformTopics), [&](const PlatformTopic& each) {
            return each.topic == topic && std::string_view(each.platform) == way.platform;
        });
}

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
inline platforms::CanonicalEvent eventFor(const DestinationConfig& to, int number)
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

class Rows {
public:
    void add(FailureRow row) { m_rows.push_back(std::move(row)); }
    void addStatuses(const std::string& way, std::span<const platforms::StatusMeaning> table)
    {
        for (const platforms::StatusMeaning& row : table) {
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
    // What may come from any of them.
    void addCommon(Topic topic)
    {
        for (const PlatformCase& way : kPlatformCases) {
            if (isOf(topic, way))
                addCommonOf(way);
        }
    }
    [[nodiscard]] const std::vector<FailureRow>& all() const { return m_rows; }

private:
    void addCommonOf(const PlatformCase& way)
    {
        const bool isApp = std::string_view(way.platform) == "customerio-app";
        const bool isCriteo = std::string_view(way.platform) == "criteo";
        addNoAnswers(way.name);
        // What a gateway says in its own language.
        add({ .way = way.name,
            .order = { .status = 502, .more = "\"body\":\"<html>Bad gateway</html>\"" },
            .outcomes = isApp ? "unknown" : "transient",
            .code = "502" });
        for (const char* delay : { "30", "Fri, 27 Nov 2026 00:00:30 GMT" })
            add({ .way = way.name,
                .order = { .status = 429,
                    .code = isCriteo ? "slow down" : "",
                    .more = "\"retry_after\":\"" + std::string(delay) + '"' },
                .outcomes = "throttled",
                .wait = 30s,
                .source = "Retry-After" });
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
    // The first row for a status counts.
    [[nodiscard]] bool isTold(const std::string& way, int status) const
    {
        return std::any_of(m_rows.begin(), m_rows.end(), [&](const FailureRow& row) {
            return row.way == way && row.order.status == status && row.order.code.empty();
        });
    }
    std::vector<FailureRow> m_rows {};
};

// The rows of a test, by number.
inline void addFailureColumn(const std::vector<FailureRow>& rows)
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const FailureRow& row : rows)
        QTest::addRow("%s %.90s", row.way.c_str(), row.order.json().c_str()) << number++;
}

// Every way of the topic has rows enough, and no other way has any here.
inline void checkWays(Topic topic, const std::vector<FailureRow>& rows)
{
    std::ptrdiff_t sum = 0;
    for (const PlatformCase& way : kPlatformCases) {
        if (!isOf(topic, way))
            continue;
        const auto count = std::count_if(
            rows.begin(), rows.end(), [&](const FailureRow& row) { return row.way == way.name; });
        QVERIFY2(count >= 10, way.name);
        sum += count;
    }
    QCOMPARE(sum, std::ssize(rows));
}

// The simulator gives the row when told to, and the adapter understands it, in class, code and
// hint.
inline void checkFailure(const FailureRow& row)
{
    const DestinationConfig to = simulatedDestination(row.way);
    simulator::Simulator simulator({});
    const http::ServerRequest order { .method = "POST",
        .target = "/__sim/scenario",
        .body = "{\"scenario\":\"calm\",\"platform\":\"" + to.platform
            + "\",\"answer\":" + row.order.json() + '}' };
    const auto ordered = simulator.handle(order, momentAt({}));
    QVERIFY2(ordered.status == 200, ordered.body.c_str());
    std::vector<platforms::Record> records;
    for (int i = 0; i < (row.isPair ? 2 : 1); ++i)
        records.push_back(recordFor(eventFor(to, 1'000 + i), to));
    const platforms::Decoded decoded = deliver(simulator, records, to);
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

} // namespace engine::testing
