#include "signals/prometheus.h"

#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>
#include <span>
#include <utility>

namespace engine::signals {

namespace {

using Label = std::pair<std::string_view, std::string_view>;

std::string_view kindName(bool isCounter) { return isCounter ? "counter" : "gauge"; }

// Writes one family after the other: HELP and TYPE once, then its rows.
class Page {
public:
    explicit Page(bool isBrief)
        : m_isBrief(isBrief)
    {
    }
    // One value of several that are told apart by a label: 0 says nothing on a brief page.
    [[nodiscard]] bool isTold(double value) const { return !m_isBrief || value != 0; }
    [[nodiscard]] bool isBrief() const { return m_isBrief; }
    void family(std::string_view name, std::string_view type, std::string_view help)
    {
        m_name = name;
        m_text.append("# HELP ").append(name).append(" ").append(help).append("\n");
        m_text.append("# TYPE ").append(name).append(" ").append(type).append("\n");
    }
    void row(std::initializer_list<Label> labels, double value) { row("", labels, {}, value); }
    void row(std::initializer_list<Label> labels, std::int64_t value)
    {
        row("", labels, {}, static_cast<double>(value));
    }
    void histogram(std::initializer_list<Label> labels, const HistogramTotals& totals,
        std::span<const double> bounds)
    {
        std::int64_t below = 0;
        for (std::size_t i = 0; i < totals.counts.size(); ++i) {
            below += totals.counts[i];
            const std::string bound = i < bounds.size() ? number(bounds[i]) : "+Inf";
            row("_bucket", labels, bound, static_cast<double>(below));
        }
        row("_sum", labels, {}, totals.sumSeconds);
        row("_count", labels, {}, static_cast<double>(below));
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    static std::string number(double value)
    {
        if (std::isnan(value))
            return "NaN";
        if (std::isinf(value))
            return value > 0 ? "+Inf" : "-Inf";
        std::array<char, 32> text {};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
        return { text.data(), end };
    }
    void label(std::string_view name, std::string_view value, bool& isFirst)
    {
        m_text.append(isFirst ? "{" : ",").append(name).append("=\"");
        isFirst = false;
        for (const char c : value) {
            if (c == '\n')
                m_text.append("\\n");
            else if (c == '\\' || c == '"')
                m_text.append("\\").push_back(c);
            else
                m_text.push_back(c);
        }
        m_text.push_back('"');
    }
    void row(std::string_view suffix, std::initializer_list<Label> labels, std::string_view bound,
        double value)
    {
        m_text.append(m_name).append(suffix);
        bool isFirst = true;
        for (const auto& [name, text] : labels)
            label(name, text, isFirst);
        if (!bound.empty())
            label("le", bound, isFirst);
        m_text.append(isFirst ? " " : "} ").append(number(value)).append("\n");
    }

    std::string m_text {};
    std::string m_name {};
    bool m_isBrief { false };
};

// Of each shard, or on a brief page of each destination: the sum of its shards.
void histograms(Page& page, const EngineSnapshot& snapshot, HistogramTotals ShardSnapshot::*totals,
    std::span<const double> bounds)
{
    if (!page.isBrief()) {
        for (const ShardSnapshot& shard : snapshot.shards)
            page.histogram(
                { { "destination", shard.shard.destination }, { "account", shard.shard.account } },
                shard.*totals, bounds);
        return;
    }
    std::map<std::string_view, HistogramTotals> sums;
    for (const ShardSnapshot& shard : snapshot.shards) {
        HistogramTotals& sum = sums[shard.shard.destination];
        for (std::size_t i = 0; i < sum.counts.size(); ++i)
            sum.counts[i] += (shard.*totals).counts[i];
        sum.sumSeconds += (shard.*totals).sumSeconds;
    }
    for (const auto& [destination, sum] : sums)
        page.histogram({ { "destination", destination } }, sum, bounds);
}

double secondsOf(Millis value) { return std::chrono::duration<double>(value).count(); }

template <class Value>
void perShard(Page& page, const EngineSnapshot& snapshot, std::string_view name, bool isCounter,
    std::string_view help, Value value)
{
    page.family(name, kindName(isCounter), help);
    for (const ShardSnapshot& shard : snapshot.shards)
        page.row({ { "destination", shard.shard.destination }, { "account", shard.shard.account } },
            value(shard));
}

// A value that may be absent, and that a destination has of its own.
template <class Value>
void perShardAndDestination(Page& page, const EngineSnapshot& snapshot, std::string_view name,
    std::string_view help, Value value)
{
    page.family(name, "gauge", help);
    for (const ShardSnapshot& shard : snapshot.shards) {
        if (const std::optional<double> known = value(shard))
            page.row(
                { { "destination", shard.shard.destination }, { "account", shard.shard.account } },
                *known);
    }
    for (const DestinationSnapshot& destination : snapshot.destinations) {
        if (const std::optional<double> known = value(destination.total))
            page.row({ { "destination", destination.name } }, *known);
    }
}

constexpr std::array kFormsOfErrors { ErrorForm::Http4xx, ErrorForm::Http5xx, ErrorForm::InBody,
    ErrorForm::NoAnswer, ErrorForm::Local };
static_assert(kFormsOfErrors.size() + 1 == kErrorForms);

struct KindFamily {
    std::string_view name {};
    std::string_view help {};
    std::string_view label {};
};

// Shares of the records of a window by outcome or form, which a destination has of its own too.
template <class Kinds, class Ratios>
void perKind(Page& page, const EngineSnapshot& snapshot, const KindFamily& family,
    const Kinds& kinds, Ratios ShardSnapshot::*ratios)
{
    page.family(family.name, "gauge", family.help);
    for (const auto kind : kinds) {
        const auto told = [&](const ShardSnapshot& shard) -> std::optional<double> {
            const double ratio = (shard.*ratios)[static_cast<std::size_t>(kind)];
            return shard.errorRatio && page.isTold(ratio) ? std::optional(ratio) : std::nullopt;
        };
        for (const ShardSnapshot& shard : snapshot.shards) {
            if (const auto ratio = told(shard))
                page.row({ { "destination", shard.shard.destination },
                             { "account", shard.shard.account }, { family.label, toString(kind) } },
                    *ratio);
        }
        for (const DestinationSnapshot& destination : snapshot.destinations) {
            if (const auto ratio = told(destination.total))
                page.row({ { "destination", destination.name }, { family.label, toString(kind) } },
                    *ratio);
        }
    }
}

template <class Totals>
void perOutcome(Page& page, const EngineSnapshot& snapshot, std::string_view name,
    std::string_view help, Totals totals)
{
    page.family(name, "counter", help);
    for (const ShardSnapshot& shard : snapshot.shards) {
        for (const Outcome outcome : kAllOutcomes) {
            const std::int64_t total = totals(shard)[static_cast<std::size_t>(outcome)];
            if (!page.isTold(static_cast<double>(total)))
                continue;
            page.row({ { "destination", shard.shard.destination },
                         { "account", shard.shard.account }, { "outcome", toString(outcome) } },
                total);
        }
    }
}

void writeQueues(Page& page, const EngineSnapshot& snapshot)
{
    perShard(page, snapshot, "spillway_queue_depth", false,
        "Deliveries waiting in the lanes live and retry.",
        [](const ShardSnapshot& shard) { return shard.queueDepth; });
    page.family("spillway_lane_depth", "gauge", "Deliveries waiting, by lane.");
    for (const ShardSnapshot& shard : snapshot.shards) {
        for (int lane = 0; lane < kLanes; ++lane) {
            const std::int64_t depth = shard.laneDepth[static_cast<std::size_t>(lane)];
            if (!page.isTold(static_cast<double>(depth)))
                continue;
            page.row(
                { { "destination", shard.shard.destination }, { "account", shard.shard.account },
                    { "lane", toString(static_cast<Lane>(lane)) } },
                depth);
        }
    }
    perShard(page, snapshot, "spillway_consumer_lag_seconds", false,
        "Age of the oldest live delivery that was never picked up; 0 when there is none.",
        [](const ShardSnapshot& shard) { return secondsOf(shard.consumerLag); });
    page.family("spillway_pickup_seconds", "histogram", "Acceptance to first pickup.");
    histograms(page, snapshot, &ShardSnapshot::pickupTotals, kPickupBounds);
    perShard(page, snapshot, "spillway_in_flight", false, "Requests in flight.",
        [](const ShardSnapshot& shard) { return std::int64_t { shard.inFlight }; });
}

void writePlatform(Page& page, const EngineSnapshot& snapshot)
{
    page.family("spillway_platform_latency_seconds", "histogram",
        "Send to last byte of a request; a timeout counts as its limit.");
    histograms(page, snapshot, &ShardSnapshot::latencyTotals, kLatencyBounds);
    perShardAndDestination(page, snapshot, "spillway_platform_latency_p95_seconds",
        "95th percentile of the last 60 s; absent with too few requests.",
        [](const ShardSnapshot& shard) {
            return shard.latencyP95 ? std::optional(secondsOf(*shard.latencyP95)) : std::nullopt;
        });
    perShardAndDestination(page, snapshot, "spillway_platform_error_ratio",
        "Share of records in error, throttled ones apart, last 60 s; absent with too few.",
        [](const ShardSnapshot& shard) { return shard.errorRatio; });
    perShardAndDestination(page, snapshot, "spillway_platform_throttle_ratio",
        "Share of requests throttled, last 60 s; absent with too few.",
        [](const ShardSnapshot& shard) { return shard.throttleRatio; });
    perKind(page, snapshot,
        { .name = "spillway_platform_outcome_ratio",
            .help = "Share of records by outcome, last 60 s; absent with too few.",
            .label = "outcome" },
        kAllOutcomes, &ShardSnapshot::outcomeRatio);
    perKind(page, snapshot,
        { .name = "spillway_platform_error_form_ratio",
            .help = "Share of records in error by how the answer showed it, last 60 s; absent with "
                    "too few.",
            .label = "form" },
        kFormsOfErrors, &ShardSnapshot::errorFormRatio);
    perOutcome(page, snapshot, "spillway_platform_records_total", "Records that got an outcome.",
        [](const ShardSnapshot& shard) { return shard.recordsTotal; });
    perOutcome(page, snapshot, "spillway_platform_requests_total", "Requests that ended.",
        [](const ShardSnapshot& shard) { return shard.requestsTotal; });
}

void writeDeadLetters(Page& page, const EngineSnapshot& snapshot)
{
    perShard(page, snapshot, "spillway_dlq_entries", false, "Dead letters waiting.",
        [](const ShardSnapshot& shard) { return shard.dlqCount; });
    perShard(page, snapshot, "spillway_dlq_growth_per_minute", false,
        "Dead letters added per minute, mean of 5 min.",
        [](const ShardSnapshot& shard) { return shard.dlqGrowthPerMinute; });
    perShard(page, snapshot, "spillway_dlq_drain_per_minute", false,
        "Dead letters replayed and accepted, or archived, per minute, mean of 5 min.",
        [](const ShardSnapshot& shard) { return shard.dlqDrainPerMinute; });
    perShard(page, snapshot, "spillway_dlq_added_total", true, "Dead letters added.",
        [](const ShardSnapshot& shard) { return shard.dlqAddedTotal; });
    perShard(page, snapshot, "spillway_dlq_removed_total", true,
        "Dead letters replayed and accepted, or archived.",
        [](const ShardSnapshot& shard) { return shard.dlqRemovedTotal; });
}

// Of shards that have any: most platforms say everything at once.
void writeLateWords(Page& page, const EngineSnapshot& snapshot)
{
    struct Family {
        std::string_view name {};
        bool isCounter { false };
        std::string_view help {};
        std::int64_t LateWord::*value { nullptr };
    };
    constexpr Family kFamilies[] {
        { "spillway_receipts_waiting", false,
            "Requests whose records the platform looks at later, and that are asked after.",
            &LateWord::waiting },
        { "spillway_records_refused_later_total", true,
            "Records that a platform took and refused later; it does not name them.",
            &LateWord::refusedTotal },
        { "spillway_receipts_lost_total", true,
            "Requests of which nobody will know what became of their records.",
            &LateWord::lostTotal },
    };
    for (const Family& family : kFamilies) {
        page.family(family.name, kindName(family.isCounter), family.help);
        for (const ShardSnapshot& shard : snapshot.shards) {
            if (shard.lateWord != LateWord {})
                page.row({ { "destination", shard.shard.destination },
                             { "account", shard.shard.account } },
                    shard.lateWord.*family.value);
        }
    }
}

void writeState(Page& page, const EngineSnapshot& snapshot)
{
    page.family("spillway_shard_state", "gauge", "1 for the state that the shard is in.");
    for (const ShardSnapshot& shard : snapshot.shards)
        page.row({ { "destination", shard.shard.destination }, { "account", shard.shard.account },
                     { "state", toString(shard.state) } },
            std::int64_t { 1 });
    perShard(page, snapshot, "spillway_shard_orphaned", false,
        "1 for a shard whose destination is not in the configuration.",
        [](const ShardSnapshot& shard) { return std::int64_t { shard.isOrphaned ? 1 : 0 }; });
    page.family("spillway_unrouted_total", "counter",
        "Events accepted without a delivery here, by design.");
    for (const DestinationSnapshot& destination : snapshot.destinations) {
        for (const auto& [reason, count] : destination.unrouted)
            page.row({ { "destination", destination.name }, { "reason", reason } }, count);
    }
}

void writeIngress(Page& page, const EngineSnapshot& snapshot)
{
    const auto perWorkspace = [&](std::string_view name, std::string_view help, auto value) {
        page.family(name, "counter", help);
        for (const IngressSnapshot& ingress : snapshot.ingress)
            page.row({ { "workspace", ingress.workspace } }, ingress.*value);
    };
    perWorkspace("spillway_ingress_accepted_total", "Events accepted and durable.",
        &IngressSnapshot::acceptedTotal);
    perWorkspace("spillway_ingress_duplicates_total", "Repeats of accepted events.",
        &IngressSnapshot::duplicatesTotal);
    perWorkspace("spillway_ingress_duplicates_differing_total",
        "Repeats whose content differs from the first copy.",
        &IngressSnapshot::duplicatesDifferingTotal);
    perWorkspace("spillway_ingress_deferred_total", "Events over the tier, released later.",
        &IngressSnapshot::deferredTotal);
    page.family("spillway_ingress_unrouted_total", "counter",
        "Events accepted without a delivery, or without one of several, by reason.");
    for (const IngressSnapshot& ingress : snapshot.ingress) {
        for (const auto& [reason, count] : ingress.unrouted)
            page.row({ { "workspace", ingress.workspace }, { "reason", reason } }, count);
    }
    page.family("spillway_ingress_month_accepted", "gauge", "Events accepted in this UTC month.");
    for (const IngressSnapshot& ingress : snapshot.ingress) {
        if (!ingress.workspace.empty())
            page.row({ { "workspace", ingress.workspace } }, ingress.monthAccepted);
    }
    page.family("spillway_ingress_month_cap", "gauge", "Monthly cap, where there is one.");
    for (const IngressSnapshot& ingress : snapshot.ingress) {
        if (ingress.monthCap)
            page.row({ { "workspace", ingress.workspace } }, *ingress.monthCap);
    }
    page.family("spillway_ingress_over_cap", "gauge",
        "Events of this UTC month accepted beyond the monthly cap.");
    for (const IngressSnapshot& ingress : snapshot.ingress) {
        if (ingress.monthCap)
            page.row({ { "workspace", ingress.workspace } }, ingress.overCap());
    }
    page.family("spillway_ingress_refused_total", "counter", "Requests refused, by HTTP status.");
    for (const IngressSnapshot& ingress : snapshot.ingress) {
        for (const auto& [status, count] : ingress.refusedByStatus)
            page.row({ { "workspace", ingress.workspace }, { "status", std::to_string(status) } },
                count);
    }
}

void writeStore(Page& page, const StoreSnapshot& store)
{
    page.family("spillway_journal_events", "gauge", "Events kept in the journal.");
    page.row({}, store.events);
    page.family("spillway_journal_bytes", "gauge", "Size of the journal.");
    page.row({}, store.journalBytes);
    page.family("spillway_disk_free_bytes", "gauge", "Free space where the journal is.");
    page.row({}, store.diskFreeBytes);
    page.family("spillway_store_can_commit", "gauge", "1 while the store can commit.");
    page.row({}, std::int64_t { store.canCommit ? 1 : 0 });
    page.family("spillway_journal_reusable_bytes", "gauge",
        "Room in the journal's file that retention has freed; looked up when the disk is short.");
    page.row({}, store.reusableBytes);
    page.family("spillway_retention_removed_total", "counter", "Events removed by retention.");
    page.row({}, store.removedByRetentionTotal);
}

} // namespace

std::string toPrometheus(const EngineSnapshot& snapshot)
{
    Page page(snapshot.shards.size() > kShardsInFull);
    writeQueues(page, snapshot);
    writePlatform(page, snapshot);
    writeDeadLetters(page, snapshot);
    writeLateWords(page, snapshot);
    writeState(page, snapshot);
    writeIngress(page, snapshot);
    writeStore(page, snapshot.store);
    page.family("spillway_sale_mode", "gauge", "1 while it is sale mode.");
    page.row({}, std::int64_t { snapshot.sale.isOn ? 1 : 0 });
    return page.take();
}

} // namespace engine::signals
