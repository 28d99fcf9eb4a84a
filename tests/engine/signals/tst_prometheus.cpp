// The metrics page, read back by a parser of the text format.
#include "signals/prometheus.h"
#include "support/test_program.h"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace tst_prometheus {

using namespace std::chrono_literals;
using namespace engine;
using namespace engine::signals;

namespace {

struct Sample {
    std::string name {};
    std::map<std::string, std::string> labels {};
    double value { 0 };
};
struct Parsed {
    std::vector<Sample> samples {};
    std::map<std::string, std::string> types {};
    std::vector<std::string> problems {};
};

// Reads name{label="value",…} number, as strictly as the format is described.
class Parser {
public:
    explicit Parser(std::string_view text)
        : m_text(text)
    {
    }
    Parsed parse()
    {
        while (!m_text.empty()) {
            const std::size_t end = m_text.find('\n');
            if (end == std::string_view::npos) {
                problem("the last line does not end");
                break;
            }
            line(std::string(m_text.substr(0, end)));
            m_text.remove_prefix(end + 1);
        }
        return std::move(m_parsed);
    }

private:
    void problem(const std::string& what) { m_parsed.problems.push_back(what); }
    static bool isName(const std::string& text)
    {
        const std::string first = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:";
        return !text.empty() && first.find(text[0]) != std::string::npos
            && text.find_first_not_of(first + "0123456789") == std::string::npos;
    }
    void line(const std::string& text)
    {
        if (text.rfind("# HELP ", 0) == 0) {
            const std::string name = text.substr(7, text.find(' ', 7) - 7);
            if (!m_helped.insert(name).second)
                problem("HELP twice: " + name);
        } else if (text.rfind("# TYPE ", 0) == 0) {
            const std::size_t gap = text.find(' ', 7);
            m_family = text.substr(7, gap - 7);
            if (!m_parsed.types.emplace(m_family, text.substr(gap + 1)).second)
                problem("TYPE twice: " + m_family);
        } else if (!sample(text)) {
            problem("not a sample: " + text);
        }
    }
    bool sample(const std::string& text)
    {
        Sample sample;
        std::size_t at = text.find_first_of("{ ");
        if (at == std::string::npos)
            return false;
        sample.name = text.substr(0, at);
        if (!isName(sample.name) || sample.name.rfind(m_family, 0) != 0)
            return false;
        if (text[at] == '{' && !labels(text, at, sample))
            return false;
        if (at >= text.size() || text[at] != ' ')
            return false;
        std::size_t used = 0;
        const std::string number = text.substr(at + 1);
        sample.value = number == "+Inf" ? INFINITY : std::stod(number, &used);
        std::string key = sample.name;
        for (const auto& [name, value] : sample.labels)
            key.append("|").append(name).append("=").append(value);
        if (!m_seen.insert(key).second)
            problem("sample twice: " + text);
        m_parsed.samples.push_back(sample);
        return number == "+Inf" || used == number.size();
    }
    static bool labels(const std::string& text, std::size_t& at, Sample& sample)
    {
        ++at;
        while (true) {
            const std::size_t equals = text.find("=\"", at);
            if (equals == std::string::npos || !isName(text.substr(at, equals - at)))
                return false;
            const std::string name = text.substr(at, equals - at);
            std::string value;
            for (at = equals + 2; at < text.size() && text[at] != '"'; ++at) {
                if (text[at] == '\\') {
                    ++at;
                    value.push_back(text[at] == 'n' ? '\n' : text[at]);
                } else {
                    value.push_back(text[at]);
                }
            }
            if (at >= text.size() || !sample.labels.emplace(name, value).second)
                return false;
            ++at;
            if (text[at] == '}') {
                ++at;
                return true;
            }
            if (text[at++] != ',')
                return false;
        }
    }

    std::string_view m_text {};
    std::string m_family {};
    std::set<std::string> m_helped {};
    std::set<std::string> m_seen {};
    Parsed m_parsed {};
};

std::optional<double> valueOf(
    const Parsed& page, const std::string& name, const std::map<std::string, std::string>& labels)
{
    for (const Sample& sample : page.samples) {
        if (sample.name == name && sample.labels == labels)
            return sample.value;
    }
    return std::nullopt;
}

const std::string kOddAccount = "10\"29\\3\n84";

EngineSnapshot busy()
{
    EngineSnapshot snapshot;
    ShardSnapshot shard;
    shard.shard = { .destination = "meta-main", .account = kOddAccount };
    shard.queueDepth = 1'234'567'890'123;
    shard.consumerLag = 1'500ms;
    shard.errorRatio = 0.25;
    shard.outcomeRatio[static_cast<std::size_t>(Outcome::Invalid)] = 0.25;
    shard.errorFormRatio[static_cast<std::size_t>(ErrorForm::InBody)] = 0.25;
    shard.dlqCount = 3;
    shard.requestsTotal[static_cast<std::size_t>(Outcome::Throttled)] = 7;
    shard.laneDepth[static_cast<std::size_t>(Lane::Replay)] = 9;
    shard.latencyTotals.counts = { 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4 };
    shard.latencyTotals.sumSeconds = 300.5;
    snapshot.shards.push_back(shard);
    shard.shard.account = "other";
    shard.errorRatio.reset();
    shard.lateWord = { .waiting = 5, .refusedTotal = 12, .lostTotal = 1 };
    snapshot.shards.push_back(shard);
    DestinationSnapshot destination { .name = "meta-main" };
    destination.total.latencyP95 = 250ms;
    destination.total.errorRatio = 0.125;
    destination.total.outcomeRatio[static_cast<std::size_t>(Outcome::Invalid)] = 0.125;
    destination.total.errorFormRatio[static_cast<std::size_t>(ErrorForm::InBody)] = 0.125;
    destination.unrouted = { { "consent_denied", 12 } };
    snapshot.destinations.push_back(destination);
    IngressSnapshot ingress { .workspace = "shop", .acceptedTotal = 42 };
    ingress.refusedByStatus = { { 413, 2 } };
    ingress.unrouted = { { "no_destination", 6 } };
    ingress.monthAccepted = 1'030;
    ingress.monthCap = 1'000;
    snapshot.ingress.push_back(ingress);
    return snapshot;
}

} // namespace

class TestPrometheus : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyLineIsWellFormedAndDescribedOnce();
    void theNamesOfTheDesignAreThere();
    void theErrorRatioIsSplitByClassAndForm();
    void ingressTellsWhatWentNowhereAndWhatIsOverTheCap();
    void labelsSurviveQuotesBackslashesAndLineEnds();
    void largeNumbersKeepEveryDigit();
    void anAbsentValueHasNoRow();
    void aHistogramIsCumulativeAndEndsWithItsCount();
    void anEmptyEngineStillHasAPage();
    void twoThousandShardsMakeABriefPage();
};

void TestPrometheus::everyLineIsWellFormedAndDescribedOnce()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    QVERIFY2(page.problems.empty(), page.problems.empty() ? "" : page.problems.front().c_str());
    QVERIFY(page.samples.size() > 100);
}

void TestPrometheus::theNamesOfTheDesignAreThere()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    const std::map<std::string, std::string> wanted { { "spillway_queue_depth", "gauge" },
        { "spillway_lane_depth", "gauge" }, { "spillway_consumer_lag_seconds", "gauge" },
        { "spillway_pickup_seconds", "histogram" },
        { "spillway_platform_latency_seconds", "histogram" },
        { "spillway_platform_latency_p95_seconds", "gauge" },
        { "spillway_platform_error_ratio", "gauge" },
        { "spillway_platform_records_total", "counter" },
        { "spillway_platform_requests_total", "counter" },
        { "spillway_dlq_growth_per_minute", "gauge" }, { "spillway_dlq_added_total", "counter" },
        { "spillway_dlq_removed_total", "counter" }, { "spillway_dlq_entries", "gauge" },
        { "spillway_receipts_waiting", "gauge" }, { "spillway_shard_orphaned", "gauge" },
        { "spillway_records_refused_later_total", "counter" },
        { "spillway_receipts_lost_total", "counter" } };
    for (const auto& [name, type] : wanted) {
        QVERIFY2(page.types.contains(name), name.c_str());
        QCOMPARE(page.types.at(name), type);
    }
    const std::map<std::string, std::string> shard { { "destination", "meta-main" },
        { "account", "other" } };
    auto labels = shard;
    QCOMPARE(valueOf(page, "spillway_dlq_entries", labels), 3.0);
    QCOMPARE(valueOf(page, "spillway_shard_orphaned", labels), 0.0);
    EngineSnapshot gone = busy();
    for (ShardSnapshot& one : gone.shards)
        one.isOrphaned = true;
    const Parsed held = Parser { toPrometheus(gone) }.parse();
    QCOMPARE(valueOf(held, "spillway_shard_orphaned", labels), 1.0);
    QCOMPARE(valueOf(page, "spillway_receipts_waiting", labels), 5.0);
    QCOMPARE(valueOf(page, "spillway_records_refused_later_total", labels), 12.0);
    QCOMPARE(valueOf(page, "spillway_receipts_lost_total", labels), 1.0);
    QVERIFY(!valueOf(page, "spillway_receipts_lost_total",
        { { "destination", "meta-main" }, { "account", kOddAccount } }));
    QCOMPARE(valueOf(page, "spillway_consumer_lag_seconds", labels), 1.5);
    labels["outcome"] = "throttled";
    QCOMPARE(valueOf(page, "spillway_platform_requests_total", labels), 7.0);
    labels = shard;
    labels["lane"] = "replay";
    QCOMPARE(valueOf(page, "spillway_lane_depth", labels), 9.0);
    QCOMPARE(valueOf(page, "spillway_ingress_refused_total",
                 { { "workspace", "shop" }, { "status", "413" } }),
        2.0);
    QCOMPARE(valueOf(page, "spillway_unrouted_total",
                 { { "destination", "meta-main" }, { "reason", "consent_denied" } }),
        12.0);
}

void TestPrometheus::theErrorRatioIsSplitByClassAndForm()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    std::map<std::string, std::string> labels { { "destination", "meta-main" },
        { "account", kOddAccount }, { "outcome", "invalid" } };
    QCOMPARE(valueOf(page, "spillway_platform_outcome_ratio", labels), 0.25);
    labels.erase("outcome");
    labels["form"] = "in_body";
    QCOMPARE(valueOf(page, "spillway_platform_error_form_ratio", labels), 0.25);
    labels["account"] = "other"; // too few: no row, not even a zero
    QVERIFY(!valueOf(page, "spillway_platform_error_form_ratio", labels));
    // The destination's share cannot be had from those of its shards.
    const auto whole = [&page](const std::string& name, const char* label, const char* kind) {
        return valueOf(page, name, { { "destination", "meta-main" }, { label, kind } });
    };
    QCOMPARE(whole("spillway_platform_outcome_ratio", "outcome", "invalid"), 0.125);
    QCOMPARE(whole("spillway_platform_error_form_ratio", "form", "in_body"), 0.125);
}

void TestPrometheus::ingressTellsWhatWentNowhereAndWhatIsOverTheCap()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    std::map<std::string, std::string> labels { { "workspace", "shop" } };
    QCOMPARE(valueOf(page, "spillway_ingress_month_accepted", labels), 1'030.0);
    QCOMPARE(valueOf(page, "spillway_ingress_month_cap", labels), 1'000.0);
    QCOMPARE(valueOf(page, "spillway_ingress_over_cap", labels), 30.0);
    labels["reason"] = "no_destination";
    QCOMPARE(valueOf(page, "spillway_ingress_unrouted_total", labels), 6.0);
}

void TestPrometheus::labelsSurviveQuotesBackslashesAndLineEnds()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    QVERIFY(valueOf(page, "spillway_queue_depth",
        { { "destination", "meta-main" }, { "account", kOddAccount } }));
}

void TestPrometheus::largeNumbersKeepEveryDigit()
{
    QVERIFY(toPrometheus(busy()).find("account=\"other\"} 1234567890123\n") != std::string::npos);
}

// A ratio for the first shard and the destination, a percentile only for the destination.
void TestPrometheus::anAbsentValueHasNoRow()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    const auto rows = [&](const std::string& name) {
        return std::count_if(page.samples.begin(), page.samples.end(),
            [&](const Sample& sample) { return sample.name == name; });
    };
    QCOMPARE(rows("spillway_platform_error_ratio"), 2);
    QCOMPARE(rows("spillway_platform_latency_p95_seconds"), 1);
    QCOMPARE(
        valueOf(page, "spillway_platform_latency_p95_seconds", { { "destination", "meta-main" } }),
        0.25);
}

// 1 up to 5 ms, 2 up to 25 ms, 4 above everything.
void TestPrometheus::aHistogramIsCumulativeAndEndsWithItsCount()
{
    const Parsed page = Parser { toPrometheus(busy()) }.parse();
    const std::string name = "spillway_platform_latency_seconds";
    std::map<std::string, std::string> labels { { "destination", "meta-main" },
        { "account", "other" } };
    QCOMPARE(valueOf(page, name + "_sum", labels), 300.5);
    QCOMPARE(valueOf(page, name + "_count", labels), 7.0);
    for (const auto& [bound, count] : std::vector<std::pair<std::string, double>> {
             { "0.005", 1 }, { "0.01", 1 }, { "0.025", 3 }, { "60", 3 }, { "+Inf", 7 } }) {
        labels["le"] = bound;
        QCOMPARE(valueOf(page, name + "_bucket", labels), count);
    }
}

void TestPrometheus::anEmptyEngineStillHasAPage()
{
    const Parsed page = Parser { toPrometheus(EngineSnapshot {}) }.parse();
    QVERIFY(page.problems.empty());
    QCOMPARE(valueOf(page, "spillway_store_can_commit", {}), 1.0);
}

// All busy. Histograms of the destination stand for those of its shards; what is 0 of several is
// left out; the signals of each shard are there.
void TestPrometheus::twoThousandShardsMakeABriefPage()
{
    EngineSnapshot snapshot = busy();
    const ShardSnapshot shard = snapshot.shards.front();
    snapshot.shards.clear();
    for (int i = 0; i < 2'000; ++i) {
        snapshot.shards.push_back(shard);
        snapshot.shards.back().shard.account = std::to_string(1'000'000'000 + i);
    }
    const std::string text = toPrometheus(snapshot);
    QVERIFY2(text.size() < 4'000'000, qPrintable(QString::number(text.size())));
    const Parsed page = Parser { text }.parse();
    QVERIFY2(page.problems.empty(), page.problems.empty() ? "" : page.problems.front().c_str());
    const std::map<std::string, std::string> whole { { "destination", "meta-main" } };
    std::map<std::string, std::string> one = whole;
    one["account"] = "1000000007";
    const std::string latency = "spillway_platform_latency_seconds_count";
    QCOMPARE(valueOf(page, latency, whole), 14'000.0);
    QVERIFY(!valueOf(page, latency, one));
    QCOMPARE(valueOf(page, "spillway_dlq_entries", one), 3.0);
    QCOMPARE(valueOf(page, "spillway_platform_error_ratio", one), 0.25);
    one["outcome"] = "throttled";
    QCOMPARE(valueOf(page, "spillway_platform_requests_total", one), 7.0);
    one["outcome"] = "auth";
    QVERIFY(!valueOf(page, "spillway_platform_requests_total", one));
}

SPILLWAY_TEST(TestPrometheus)

} // namespace tst_prometheus

#include "tst_prometheus.moc"
