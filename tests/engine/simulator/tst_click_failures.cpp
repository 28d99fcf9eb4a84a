// Failures of the platforms that know people by a click, row by row.
#include "engine/simulator/failure_rows.h"
#include "platforms/criteo.h"
#include "platforms/outbrain.h"
#include "platforms/taboola.h"
#include "support/test_program.h"

namespace tst_click_failures {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

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

const std::vector<FailureRow>& allRows()
{
    static const std::vector<FailureRow> all = [] {
        Rows rows;
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
        rows.addCommon(Topic::Clicks);
        return rows.all();
    }();
    return all;
}

} // namespace

class TestClickFailures final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformHasRows() { checkWays(Topic::Clicks, allRows()); }
    void eachRowComesOnCommandAndIsUnderstood_data() { addFailureColumn(allRows()); }
    void eachRowComesOnCommandAndIsUnderstood();
};

void TestClickFailures::eachRowComesOnCommandAndIsUnderstood()
{
    QFETCH(int, number);
    checkFailure(allRows()[static_cast<std::size_t>(number)]);
}

SPILLWAY_TEST(TestClickFailures)

} // namespace tst_click_failures

#include "tst_click_failures.moc"
