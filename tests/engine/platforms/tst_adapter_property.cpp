// What holds for every platform, whatever comes in: no event makes an adapter crash or send what
// the platform would call malformed, and no answer leaves a record without an outcome. RapidCheck
// prints its seed.
#include "engine/platforms/platform_cases.h"
#include "engine/platforms/random_events.h"
#include "platforms/hashing.h"
#include "simulator/simulator.h"
#include "simulator/traffic.h"
#include "support/test_program.h"

namespace tst_adapter_property {

using namespace engine;
using namespace engine::platforms;
using namespace engine::simulator;
using namespace engine::testing;

namespace {

const Moment kMoment { .steady = SteadyTime { 1h }, .wall = kNow };

// The event and a second one that differs in nothing but its identity.
CanonicalEvent twinOf(const CanonicalEvent& event)
{
    CanonicalEvent twin = event;
    auto stored = std::make_shared<StoredEvent>(*event.stored);
    stored->seq = EventSeq { toInt(event.stored->seq) + 1 };
    stored->eventId += "-2";
    twin.stored = std::move(stored);
    return twin;
}

bool mayShareARequest(const Record& a, const Record& b, const DestinationConfig& destination)
{
    return destination.batch > 1 && a.batchKey == b.batchKey && a.personKey.empty();
}

void checkRequest(const Adapter& adapter, std::span<const Record> records,
    const EncodeContext& context, const HttpRequest& request)
{
    std::size_t bytes = 0;
    for (const Record& record : records) {
        const auto body = parseJson(record.body);
        RC_ASSERT(record.body.empty() || (body.has_value() && body->isObject()));
        RC_ASSERT(!record.batchKey.empty());
        bytes += record.body.size();
        for (const char* hashed : { kHashedIdfa, kHashedGaid }) {
            const std::string hash = parseJson(hashed)->text();
            RC_ASSERT(record.body.find(sha256Hex(hash)) == std::string::npos);
        }
    }
    const auto count = static_cast<std::int64_t>(records.size());
    RC_ASSERT(request.body.empty() || parseJson(request.body).has_value());
    RC_ASSERT(
        request.body.size() <= bytes + static_cast<std::size_t>(adapter.envelopeBytes(count)));
    RC_ASSERT(request.timeout == context.destination->contract.timeout);
    for (const auto& [name, value] : request.headers)
        RC_ASSERT((name + value).find_first_of("\r\n") == std::string::npos);
    RC_ASSERT(request.url.find_first_of(" \r\n\"<>") == std::string::npos);
    // No log line gives a credential away.
    const std::string head = adapter.redactedHead(request, secretsOf(*context.destination));
    RC_ASSERT(head.find("value-of-") == std::string::npos);
    RC_ASSERT(head.find("token-1") == std::string::npos);
}

void checkTaken(const Adapter& adapter, std::span<const Record> records,
    const EncodeContext& context, const HttpRequest& request)
{
    Simulator simulator({});
    const Exchange answer = exchange(simulator, request, kMoment);
    RC_ASSERT(answer.has_value());
    const Decoded decoded = adapter.decode(*answer, records, context);
    const AccountStats stats = simulator.stats().begin()->second;
    RC_LOG() << request.url << '\n'
             << request.body << '\n'
             << (stats.samples.empty() ? answer->body : stats.samples.front());
    RC_ASSERT(stats.violations == 0);
    RC_ASSERT(decoded.records.size() == records.size());
    for (const RecordOutcome& record : decoded.records)
        RC_ASSERT(std::string(toString(record.outcome)) == "accepted");
}

} // namespace

class TestAdapterProperty final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPlatformIsTried();
    void anyEventIsRefusedOrTakenByThePlatform_data();
    void anyEventIsRefusedOrTakenByThePlatform();
    void anyAnswerGivesEveryRecordAnOutcome_data();
    void anyAnswerGivesEveryRecordAnOutcome();
    void theTrafficOfAShopIsTaken_data();
    void theTrafficOfAShopIsTaken();
};

// And may be simulated by its name.
void TestAdapterProperty::everyPlatformIsTried()
{
    const auto simulated = defaultPlatforms();
    for (const std::string& name : platformNames()) {
        const bool isSimulated = std::any_of(simulated.begin(), simulated.end(),
            [&](const SimulatedPlatform& platform) { return platform.platform == name; });
        QVERIFY2(isSimulated, (name + " is missing in defaultPlatforms()").c_str());
        const bool isTried = std::any_of(std::begin(kPlatformCases), std::end(kPlatformCases),
            [&](const PlatformCase& tried) { return tried.platform == name; });
        QVERIFY2(isTried, (name + " needs a line in platform_cases.h").c_str());
    }
}

void TestAdapterProperty::anyEventIsRefusedOrTakenByThePlatform_data()
{
    QTest::addColumn<QString>("name");
    for (const PlatformCase& platformCase : kPlatformCases)
        QTest::newRow(platformCase.name) << QString::fromUtf8(platformCase.name);
}

void TestAdapterProperty::anyEventIsRefusedOrTakenByThePlatform()
{
    QFETCH(QString, name);
    const DestinationConfig destination = destinationOf(caseOf(name.toStdString()));
    const Adapter* const adapter = adapterFor(destination.platform);
    const EncodeContext context = contextOf(destination);
    const Secrets secrets = secretsOf(destination);
    int sent = 0;
    unsigned round = 0;
    // Mostly plain events: a platform that wants a click id of its own takes few of them.
    for (const int oddShare : { 0, 0, 0, 0, 0, 0, 1, 3 }) {
        ++round;
        QVERIFY(rc::check("any event", [&] {
            const CanonicalEvent event = randomEvent(oddShare, round);
            const auto route = adapter->unroutable(event, destination);
            const auto encoded = adapter->encode(event, context);
            if (const auto* refusal = std::get_if<Refusal>(&encoded))
                RC_ASSERT(!refusal->reason.empty());
            if (const auto* wait = std::get_if<TooRecent>(&encoded))
                RC_ASSERT(wait->until > context.now && !wait->reason.empty());
            const auto* const record = std::get_if<Record>(&encoded);
            if (record == nullptr || route)
                return;
            ++sent;
            // Encoding again gives the same bytes: a retry is the same record.
            RC_ASSERT(std::get<Record>(adapter->encode(event, context)).body == record->body);
            std::vector<Record> records { *record };
            const auto second = adapter->encode(twinOf(event), context);
            const auto* const twin = std::get_if<Record>(&second);
            if (twin != nullptr && mayShareARequest(*record, *twin, destination))
                records.push_back(*twin);
            const auto request = adapter->request(records, context, secrets);
            RC_ASSERT(request.has_value());
            checkRequest(*adapter, records, context, *request);
            checkTaken(*adapter, records, context, *request);
        }));
    }
    QVERIFY2(sent > 5, "the generator made next to nothing that the platform takes");
}

void TestAdapterProperty::anyAnswerGivesEveryRecordAnOutcome_data()
{
    anyEventIsRefusedOrTakenByThePlatform_data();
}

void TestAdapterProperty::anyAnswerGivesEveryRecordAnOutcome()
{
    QFETCH(QString, name);
    const DestinationConfig destination = destinationOf(caseOf(name.toStdString()));
    const Adapter* const adapter = adapterFor(destination.platform);
    constexpr const char* kBodies[] { "", "{}", "[]", "null", "{\"errors\":{}}",
        "{\"errors\":[1,null,{}]}", "{\"errors\":[{\"batch_index\":1e9}]}",
        "{\"errors\":[{\"batch_index\":0},{\"batch_index\":0}]}", "{\"meta\":[]}", "{\"error\":{}}",
        "{\"error\":[]}", "{\"error\":{\"code\":\"190\"}}", "{\"events_received\":1}",
        "{\"events_received\":{}}", "<html>\xff", "{\"errors\":\"x\"}", "{\"events\":[]}",
        "{\"events\":[{\"status\":\"failed\"}]}", "{\"details\":{\"events\":[null,1]}}",
        "{\"status\":\"INVALID\",\"error_records\":[{\"record_indexes\":[0,-1,1e9,\"x\"]}]}",
        "{\"invalid_events\":[{\"event\":{}},null]}", "{\"code\":40002,\"data\":null}",
        "{\"PartialErrors\":[{\"Index\":99}]}", "{\"results\":[]}" };
    constexpr const char* kHeaders[] { "Retry-After", "X-Business-Use-Case-Usage",
        "x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-limit", "x-rate-limit-reset",
        "rate-limit-msec-left" };
    QVERIFY(rc::check("any answer", [&] {
        const auto records = *rc::gen::inRange<std::size_t>(1, 5);
        const int status = *rc::gen::element(
            200, 204, 207, 302, 400, 401, 403, 413, 422, 429, 500, *rc::gen::inRange(-1, 1'000));
        const std::string body = kBodies[*rc::gen::inRange<std::size_t>(0, std::size(kBodies))];
        HttpHeaders headers;
        for (const char* header : kHeaders)
            headers.emplace_back(header,
                *rc::gen::oneOf(rc::gen::string<std::string>(),
                    rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                        [](std::int64_t value) { return std::to_string(value); })));
        const Decoded decoded = adapter->decode(answerOf(status, body, std::move(headers)),
            std::vector<Record>(records), contextOf(destination));
        RC_ASSERT(decoded.records.size() == records);
        RC_ASSERT(!decoded.isBatchSuspect || records > 1);
        if (decoded.hint.retryAfter) {
            RC_ASSERT(*decoded.hint.retryAfter >= Millis { 0 });
            RC_ASSERT(*decoded.hint.retryAfter <= Millis { 24h });
        }
        if (decoded.hint.quota)
            RC_ASSERT(decoded.hint.quota->untilReset >= Millis { 0 });
        // Whoever stands beside a fault comes back only when there is one: no endless round.
        const auto is = [&](auto condition) {
            return std::any_of(decoded.records.begin(), decoded.records.end(), condition);
        };
        RC_ASSERT(!is([](const RecordOutcome& each) { return each.isNotAtFault; })
            || is([](const RecordOutcome& each) { return each.outcome == Outcome::Invalid; }));
        RC_ASSERT(decoded.request == Outcome::Accepted
            || !is([](const RecordOutcome& each) { return each.outcome == Outcome::Accepted; }));
    }));
}

void TestAdapterProperty::theTrafficOfAShopIsTaken_data()
{
    anyEventIsRefusedOrTakenByThePlatform_data();
}

void TestAdapterProperty::theTrafficOfAShopIsTaken()
{
    QFETCH(QString, name);
    const PlatformCase& platformCase = caseOf(name.toStdString());
    const DestinationConfig destination = destinationOf(platformCase);
    const Adapter* const adapter = adapterFor(destination.platform);
    const EncodeContext context = contextOf(destination);
    const Secrets secrets = secretsOf(destination);
    Simulator simulator({ .platforms = { { .platform = destination.platform } } });
    int routed = 0;
    for (std::uint64_t number = 0; number < 1'000; ++number) {
        // A second apart: some platforms know a conversion by its click and its second.
        const std::string payload
            = trafficEvent({ .seed = 5, .number = number, .time = kNow - Seconds { number } });
        const auto json = parseJson(payload);
        QVERIFY(json.has_value());
        const auto type = parseEventType(textOf(*json, "type"));
        QVERIFY(type.has_value());
        const CanonicalEvent event = canonical(payload, *type);
        QCOMPARE(event.stored->isEventTimeAssigned, false);
        if (adapter->unroutable(event, destination))
            continue;
        ++routed;
        const auto encoded = adapter->encode(event, context);
        const auto* const record = std::get_if<Record>(&encoded);
        QVERIFY2(record != nullptr, encodedText(encoded).c_str());
        const auto request = adapter->request({ record, 1 }, context, secrets);
        QVERIFY(request.has_value());
        const Exchange answer = exchange(simulator, *request, kMoment);
        QVERIFY(answer.has_value());
        QCOMPARE(toString(adapter->decode(*answer, { record, 1 }, context).records[0].outcome),
            "accepted");
    }
    QVERIFY2(routed >= platformCase.trafficMin, std::to_string(routed).c_str());
    QVERIFY(routed == 0 || simulator.stats().begin()->second.duplicates == 0);
}

SPILLWAY_TEST(TestAdapterProperty)

} // namespace tst_adapter_property

#include "tst_adapter_property.moc"
