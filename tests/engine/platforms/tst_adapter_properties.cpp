#include "engine/platforms/random_events.h"
#include "platforms/adapter.h"

#include <QTest>

using namespace engine;
using namespace engine::platforms;
using namespace engine::testing;

namespace {

const Secrets kSecrets { { "access_token", "token" }, { "site_id", "site" }, { "api_key", "key" },
    { "signing_secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } };

DestinationConfig destinationFor(std::string_view platform)
{
    if (platform == "meta")
        return metaDestination();
    return platform == "customerio" ? customerIoDestination() : webhookDestination(10);
}

void checkRequest(const Adapter& adapter, const Record& record, const EncodeContext& context)
{
    const auto body = parseJson(record.body);
    RC_ASSERT(record.body.empty() || (body.has_value() && body->isObject()));
    RC_ASSERT(!record.batchKey.empty());
    const std::vector<Record> twice { record, record };
    const bool isAlone = !record.batchKey.starts_with("v2") && record.batchKey != "events"
        && record.batchKey != "array";
    const auto request
        = adapter.request(std::span(twice).first(isAlone ? 1 : 2), context, kSecrets);
    RC_ASSERT(request.has_value());
    RC_ASSERT(request->body.empty() || parseJson(request->body).has_value());
    RC_ASSERT(request->body.size() <= (isAlone ? 1 : 2) * record.body.size()
            + static_cast<std::size_t>(adapter.envelopeBytes(2)));
    for (const auto& [name, value] : request->headers)
        RC_ASSERT((name + value).find_first_of("\r\n") == std::string::npos);
    RC_ASSERT(request->url.find_first_of(" \r\n\"<>") == std::string::npos);
}

} // namespace

class TestAdapterProperties final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anyEventIsRefusedOrBecomesWellFormedJson_data();
    void anyEventIsRefusedOrBecomesWellFormedJson();
    void anyAnswerGivesEveryRecordAnOutcome_data();
    void anyAnswerGivesEveryRecordAnOutcome();
};

void TestAdapterProperties::anyEventIsRefusedOrBecomesWellFormedJson_data()
{
    QTest::addColumn<QString>("platform");
    for (const std::string& name : platformNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void TestAdapterProperties::anyEventIsRefusedOrBecomesWellFormedJson()
{
    QFETCH(QString, platform);
    const Adapter* const adapter = adapterFor(platform.toStdString());
    const DestinationConfig destination = destinationFor(platform.toStdString());
    const EncodeContext context = contextOf(destination);
    int encodedCount = 0;
    for (const int oddShare : { 0, 1, 3 }) {
        QVERIFY(rc::check("any event", [&] {
            const CanonicalEvent event = randomEvent(oddShare);
            const auto route = adapter->unroutable(event, destination);
            const auto encoded = adapter->encode(event, context);
            if (const auto* refusal = std::get_if<Refusal>(&encoded)) {
                RC_ASSERT(!refusal->reason.empty());
                return;
            }
            encodedCount += route ? 0 : 1;
            checkRequest(*adapter, std::get<Record>(encoded), context);
            // Encoding again gives the same bytes: a retry is the same record.
            RC_ASSERT(std::get<Record>(adapter->encode(event, context)).body
                == std::get<Record>(encoded).body);
        }));
    }
    QVERIFY2(encodedCount > 0, "the generator made nothing that the platform takes");
}

void TestAdapterProperties::anyAnswerGivesEveryRecordAnOutcome_data()
{
    anyEventIsRefusedOrBecomesWellFormedJson_data();
}

void TestAdapterProperties::anyAnswerGivesEveryRecordAnOutcome()
{
    QFETCH(QString, platform);
    const Adapter* const adapter = adapterFor(platform.toStdString());
    const DestinationConfig destination = destinationFor(platform.toStdString());
    constexpr const char* kBodies[] { "", "{}", "[]", "null", "{\"errors\":{}}",
        "{\"errors\":[1,null,{}]}", "{\"errors\":[{\"batch_index\":1e9}]}",
        "{\"errors\":[{\"batch_index\":0},{\"batch_index\":0}]}", "{\"meta\":[]}", "{\"error\":{}}",
        "{\"error\":[]}", "{\"error\":{\"code\":\"190\"}}", "{\"events_received\":1}",
        "{\"events_received\":{}}", "<html>\xff", "{\"errors\":\"x\"}" };
    QVERIFY(rc::check("any answer", [&] {
        const auto records = *rc::gen::inRange<std::size_t>(1, 5);
        const int status = *rc::gen::element(
            200, 204, 207, 302, 400, 401, 403, 413, 422, 429, 500, *rc::gen::inRange(-1, 1'000));
        const std::string body = kBodies[*rc::gen::inRange<std::size_t>(0, std::size(kBodies))];
        const auto header = *rc::gen::string<std::string>();
        const Decoded decoded = adapter->decode(
            answerOf(status, body,
                { { "Retry-After", header }, { "X-Business-Use-Case-Usage", header } }),
            std::vector<Record>(records), contextOf(destination));
        RC_ASSERT(decoded.records.size() == records);
        RC_ASSERT(!decoded.isBatchSuspect || records > 1);
        if (decoded.hint.retryAfter) {
            RC_ASSERT(*decoded.hint.retryAfter >= Millis { 0 });
            RC_ASSERT(*decoded.hint.retryAfter <= Millis { 24h });
        }
        // An answer that is no success never accepts anything.
        if (status < 200 || status > 299) {
            for (const RecordOutcome& record : decoded.records)
                RC_ASSERT(record.outcome != Outcome::Accepted);
        }
    }));
}

QTEST_GUILESS_MAIN(TestAdapterProperties)
#include "tst_adapter_properties.moc"
