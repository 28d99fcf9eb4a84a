// The original time of an event in every platform's own form: zones, a clock that is set back, and
// parts of a second.
#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"
#include "support/test_program.h"

namespace tst_platform_times {

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

// Half past two came twice in Berlin that night; these are the first one in four zones and the
// second one, an hour later.
constexpr const char* kFirst[] { "2026-10-25T02:30:00.129999+02:00", "2026-10-25T00:30:00.129999Z",
    "2026-10-25T06:00:00.129999+05:30", "2026-10-24T20:30:00.129999-04:00" };
constexpr const char* kSecond = "2026-10-25T02:30:00.129999+01:00";

// What a way in makes of both: where it stands in the record's body, and in which form.
struct TimeRow {
    const char* way { nullptr }; // of kPlatformCases
    const char* path { nullptr }; // empty: the platform takes no time of an event
    const char* first { nullptr };
    const char* second { nullptr };
};
constexpr const char* kSeconds = "1792888200";
constexpr const char* kSecondsLater = "1792891800";
constexpr const char* kMillis = "1792888200129";
constexpr const char* kMillisLater = "1792891800129";
constexpr const char* kIso = "2026-10-25T00:30:00.129Z";
constexpr const char* kIsoLater = "2026-10-25T01:30:00.129Z";
constexpr TimeRow kRows[] {
    { "meta", "event_time", kSeconds, kSecondsLater },
    { "pinterest", "event_time", kSeconds, kSecondsLater },
    { "snapchat", "event_time", kSeconds, kSecondsLater },
    { "tiktok", "event_time", kSeconds, kSecondsLater },
    { "microsoft, uet", "eventTime", kSeconds, kSecondsLater },
    { "customerio", "timestamp", kSeconds, kSecondsLater },
    { "customerio, v1", "timestamp", kSeconds, kSecondsLater },
    { "linkedin", "conversionHappenedAt", kMillis, kMillisLater },
    { "reddit", "event_at", kMillis, kMillisLater },
    { "taboola", "timestamp", kMillis, kMillisLater },
    { "reddit, v2", "event_at", kIso, kIsoLater },
    { "x", "conversion_time", kIso, kIsoLater },
    { "x, pixel token", "conversion_time", kIso, kIsoLater },
    { "criteo", "events.0.timestamp", kIso, kIsoLater },
    { "google, data_manager", "eventTimestamp", kIso, kIsoLater },
    { "google", "conversionDateTime", "2026-10-25 00:30:00+00:00", "2026-10-25 01:30:00+00:00" },
    { "microsoft", "ConversionTime", "2026-10-25T00:30:00.1299990Z",
        "2026-10-25T01:30:00.1299990Z" },
    { "outbrain", "timestamp", "2026-10-25 00:30:00", "2026-10-25 01:30:00" },
    { "webhook", "event_time", nullptr, kSecond }, // the accepted bytes: as it was given
    { "taboola, single", "" },
    { "customerio-app", "" },
    { "customerio-app, broadcasts", "" },
};

Json encodedAt(const DestinationConfig& to, const std::string& time)
{
    const std::string event = "{\"event_id\":\"e-1\",\"event_name\":\"purchase\","
                              "\"action_source\":\"other\",\"event_time\":\""
        + time
        + "\",\"value\":\"1\",\"currency\":\"EUR\",\"user\":{\"external_id\":\"42\","
          "\"email\":\"jane.doe@example.com\"},\"audience\":{\"ids\":[\"42\"]},"
          "\"click\":{\"tblci\":\"GiC1\",\"obclid\":\"ob-1\"},"
          "\"items\":[{\"id\":\"sku1\",\"price\":\"1\"}]}";
    const bool isApp = to.platform == "customerio-app";
    const EventType type = !isApp                                            ? EventType::Track
        : to.options.contains("api") && to.options.at("api") == "broadcasts" ? EventType::Broadcast
                                                                             : EventType::Message;
    EncodeContext context = contextOf(to);
    context.now = *parseIso8601("2026-10-25T12:00:00Z");
    const auto encoded = adapterFor(to.platform)->encode(canonical(event, type), context);
    if (!std::holds_alternative<Record>(encoded))
        throw std::invalid_argument(encodedText(encoded));
    return *parseJson(std::get<Record>(encoded).body);
}

std::string textAtPath(const Json& body, std::string_view path)
{
    const Json* const value = body.at(path);
    return value != nullptr ? value->text() : std::string("absent");
}

} // namespace

class TestPlatformTimes final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyWayInHasARow();
    void anInstantIsTheSameInEveryZone_data();
    void anInstantIsTheSameInEveryZone();
};

void TestPlatformTimes::everyWayInHasARow()
{
    for (const PlatformCase& way : kPlatformCases) {
        const auto count = std::count_if(std::begin(kRows), std::end(kRows),
            [&](const TimeRow& row) { return std::string_view(row.way) == way.name; });
        QVERIFY2(count == 1, way.name);
    }
}

void TestPlatformTimes::anInstantIsTheSameInEveryZone_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const TimeRow& row : kRows)
        QTest::newRow(row.way) << number++;
}

void TestPlatformTimes::anInstantIsTheSameInEveryZone()
{
    QFETCH(int, number);
    const TimeRow& row = kRows[number];
    const DestinationConfig to = destinationOf(caseOf(row.way));
    if (*row.path == '\0') {
        // Nothing of the body depends on when it happened.
        QCOMPARE(encodedAt(to, kFirst[0]).dump(), encodedAt(to, kSecond).dump());
        return;
    }
    for (const char* time : kFirst)
        QCOMPARE(textAtPath(encodedAt(to, time), row.path),
            std::string(row.first != nullptr ? row.first : time));
    QCOMPARE(textAtPath(encodedAt(to, kSecond), row.path), std::string(row.second));
}

SPILLWAY_TEST(TestPlatformTimes)

} // namespace tst_platform_times

#include "tst_platform_times.moc"
