// The rich purchase with the identifiers of TikTok, X and LinkedIn, what each of them gets of it,
// and what is common to the tests of their adapters. Raw JSON lives here and not in the test files,
// because moc loses its way in long raw strings.
#pragma once

#include "engine/platforms/answer_rows.h"
#include "engine/platforms/platform_cases.h"
#include "engine/platforms/random_events.h"

#include <functional>

namespace engine::testing {

// The sample with some of its fields replaced; "null" takes one away.
using Changes = std::vector<std::pair<std::string, std::string>>; // path, JSON
inline platforms::CanonicalEvent changedEvent(
    const char* sample, const Changes& changes, EventType type = EventType::Track)
{
    Json json = *parseJson(sample);
    for (const auto& [path, value] : changes)
        setPath(json, path, *parseJson(value));
    return canonical(json.dump(), type);
}

inline platforms::CanonicalEvent adPurchase(const Changes& changes = {})
{
    Changes all { { "click.ttclid", "\"E.C.P.abc\"" }, { "click.ttp", "\"94e2a4j9\"" },
        { "click.twclid", "\"26l6412g5p\"" }, { "click.li_fat_id", "\"df5gf5-gh6t7\"" },
        { "user.company", "\"Shop GmbH\"" }, { "user.title", "\"Buyer\"" },
        { "user.locale", "\"de-DE\"" }, { "user.state", "\"BE\"" } };
    all.insert(all.end(), changes.begin(), changes.end());
    return changedEvent(kRichPurchase, all);
}

// The same event at another time.
inline platforms::CanonicalEvent movedTo(platforms::CanonicalEvent event, WallTime time)
{
    auto moved = std::make_shared<StoredEvent>(*event.stored);
    moved->eventTime = time;
    event.stored = std::move(moved);
    return event;
}

inline platforms::Decoded decodedFor(
    const char* caseName, const HttpAnswer& answer, std::span<const platforms::Record> records)
{
    const DestinationConfig destination = destinationOf(caseOf(caseName));
    return platforms::adapterFor(destination.platform)
        ->decode(answer, records, contextOf(destination));
}

inline constexpr const char* kRichForTiktok
    = R"({"event":"Purchase","event_time":1795737598,"event_id":"ord-1001","user":{)"
      R"("email":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"],)"
      R"("phone":["8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"],)"
      R"("external_id":["a045eb33f8797f35ea7d5fad7c5e0d021e2142e9c1bb6e9dc9f45b4f503b03e8"],)"
      R"("first_name":"81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2",)"
      R"("last_name":"799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f",)"
      R"("zip_code":"ac7bb74de6884ffce919c15fef4193749d4588026c643973946713ac46da540d",)"
      R"("ttclid":"E.C.P.abc","ttp":"94e2a4j9","ip":"203.0.113.9","user_agent":"Mozilla/5.0",)"
      R"("locale":"de-DE","city":"berlin","state":"be","country":"de"},)"
      R"("properties":{"currency":"EUR","value":99.90,"order_id":"1001","contents":[)"
      R"({"content_id":"sku1","content_name":"Tea","price":49.95,"quantity":1},)"
      R"({"content_id":"sku2","price":12.50,"quantity":2}],"num_items":3},)"
      R"("page":{"url":"https://shop.example/thanks?o=1001"},"limited_data_use":true})";
inline constexpr const char* kMinimalForTiktok
    = R"({"event":"quiz_done","event_time":1795737600,"event_id":"e-1","user":{)"
      R"("email":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"]}})";

inline constexpr const char* kRichForX
    = R"({"conversion_time":"2026-11-26T23:59:58.750Z","event_id":"tw-o8z6j-o87ne",)"
      R"("identifiers":[{"twclid":"26l6412g5p"},)"
      R"({"hashed_email":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"},)"
      R"({"hashed_phone_number":)"
      R"("8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4"},)"
      R"({"ip_address":"203.0.113.9","user_agent":"Mozilla/5.0"}],"conversion_id":"ord-1001",)"
      R"("value":"99.90","price_currency":"EUR","number_items":3,"contents":[)"
      R"({"content_id":"sku1","content_name":"Tea","content_price":"49.95","num_items":1},)"
      R"({"content_id":"sku2","content_price":"12.50","num_items":2},)"
      R"({"content_name":"gift wrap","num_items":1}]})";
inline constexpr const char* kMinimalForX
    = R"({"conversion_time":"2026-11-27T00:00:00.000Z","event_id":"tw-o8z6j-o87ne",)"
      R"("identifiers":[)"
      R"({"hashed_email":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"}],)"
      R"("conversion_id":"e-1"})";

inline constexpr const char* kRichForLinkedin
    = R"({"conversion":"urn:lla:llaPartnerConversion:123456",)"
      R"("conversionHappenedAt":1795737598750,)"
      R"("conversionValue":{"currencyCode":"EUR","amount":"99.90"},"eventId":"ord-1001","user":{)"
      R"("userIds":[{"idType":"SHA256_EMAIL",)"
      R"("idValue":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"},)"
      R"({"idType":"LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID","idValue":"df5gf5-gh6t7"},)"
      R"({"idType":"PLAINTEXT_IP_ADDRESS","idValue":"203.0.113.9"}],)"
      R"("userInfo":{"firstName":"Jane","lastName":"Doe!","title":"Buyer",)"
      R"("companyName":"Shop GmbH","countryCode":"DE"},"externalIds":["customer-42"]}})";
inline constexpr const char* kMinimalForLinkedin
    = R"({"conversion":"urn:lla:llaPartnerConversion:123456",)"
      R"("conversionHappenedAt":1795737600000,"eventId":"e-1","user":{"userIds":[)"
      R"({"idType":"SHA256_EMAIL",)"
      R"("idValue":"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"}]}})";

} // namespace engine::testing
