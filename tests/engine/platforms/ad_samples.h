// Events and expectations that the tests of Pinterest, Snapchat and Reddit share. Raw JSON lives
// here and not in the test files, because moc loses its way in long raw strings.
#pragma once

#include "engine/platforms/event_samples.h"
#include "engine/platforms/platform_cases.h"

#include <string>

namespace engine::testing {

inline constexpr const char* kJaneHash
    = "86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d";

// kRichPurchase's person as most platforms want to see her.
inline const std::string kRichPerson
    = R"("em":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"],)"
      R"("ph":["d6736136ea896c1bfdc553e0e86e702c70d060d805696ca3e4e9e0961353860a"],)"
      R"("fn":["81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2"],)"
      R"("ln":["799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f"],)"
      R"("ct":["fb38a93fd89e1a5fc7852a5d7109e321d23a721a1899292273ac5a21dc4db378"],)"
      R"("zp":["ac7bb74de6884ffce919c15fef4193749d4588026c643973946713ac46da540d"],)"
      R"("country":["959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578"],)"
      R"("external_id":["a045eb33f8797f35ea7d5fad7c5e0d021e2142e9c1bb6e9dc9f45b4f503b03e8"],)"
      R"("client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0")";

inline const std::string kRichForPinterest
    = R"({"event_name":"checkout","action_source":"web","event_time":1795737598,)"
      R"("event_id":"ord-1001","event_source_url":"https://shop.example/thanks?o=1001",)"
      R"("user_data":{)"
    + kRichPerson
    + R"(},"custom_data":{"currency":"EUR","value":"99.90","order_id":"1001","num_items":3,)"
      R"("content_ids":["sku1","sku2"],"contents":[)"
      R"({"id":"sku1","item_price":"49.95","quantity":1,"item_name":"Tea"},)"
      R"({"id":"sku2","item_price":"12.50","quantity":2}],"opt_out_type":"LDP"}})";
inline const std::string kMinimalForPinterest
    = R"({"event_name":"custom","action_source":"offline","event_time":1795737600,)"
      R"("event_id":"e-1","user_data":{"em":[")"
    + std::string(kJaneHash) + R"("]}})";

inline const std::string kRichForSnapchat
    = R"({"event_name":"PURCHASE","event_time":1795737598,"event_id":"ord-1001",)"
      R"("action_source":"WEB","event_source_url":"https://shop.example/thanks?o=1001",)"
      R"("integration":"spillway","data_processing_options":["LDU"],)"
      R"("data_processing_options_country":0,"data_processing_options_state":0,"user_data":{)"
    + kRichPerson
    + R"(},"custom_data":{"currency":"EUR","value":"99.90","order_id":"1001","num_items":"3",)"
      R"("content_ids":["sku1","sku2"],"contents":[)"
      R"({"id":"sku1","quantity":"1","item_price":"49.95"},)"
      R"({"id":"sku2","quantity":"2","item_price":"12.50"}]}})";
// Of a name that the platform has: it takes no others.
inline constexpr const char* kMinimalLead
    = R"({"event_id":"e-1","event_name":"Signed Up","action_source":"other",)"
      R"("user":{"email":"jane.doe@example.com"}})";
inline const std::string kMinimalForSnapchat
    = R"({"event_name":"SIGN_UP","event_time":1795737600,"event_id":"e-1",)"
      R"("action_source":"OFFLINE","integration":"spillway","user_data":{"em":[")"
    + std::string(kJaneHash) + R"("]}})";

// janedoe@example.com: Reddit's form of the address has no dots.
inline const std::string kRichForReddit
    = R"({"event_at":1795737598750,"action_source":"WEBSITE",)"
      R"("event_source_url":"https://shop.example/thanks?o=1001",)"
      R"("type":{"tracking_type":"PURCHASE"},"metadata":{"conversion_id":"ord-1001",)"
      R"("currency":"EUR","value":99.90,"item_count":3,"products":[)"
      R"({"id":"sku1","name":"Tea","quantity":1,"item_price":49.95},)"
      R"({"id":"sku2","quantity":2,"item_price":12.50}]},"user":{)"
      R"("email":"%1","phone_number":"%2",)"
      R"("external_id":"a045eb33f8797f35ea7d5fad7c5e0d021e2142e9c1bb6e9dc9f45b4f503b03e8",)"
      R"("ip_address":"%3","user_agent":"Mozilla/5.0",)"
      R"("data_processing_options":{"modes":["LDU"]}}})";
inline const std::string kRichForRedditV2
    = R"({"event_at":"2026-11-26T23:59:58.750Z","event_type":{"tracking_type":"Purchase"},)"
      R"("event_metadata":{"conversion_id":"ord-1001","currency":"EUR","value_decimal":99.90,)"
      R"("item_count":3,"products":[{"id":"sku1","name":"Tea","quantity":1,"item_price":49.95},)"
      R"({"id":"sku2","quantity":2,"item_price":12.50}]},"user":{)"
      R"("email":"%1","phone_number":"%2",)"
      R"("external_id":"a045eb33f8797f35ea7d5fad7c5e0d021e2142e9c1bb6e9dc9f45b4f503b03e8",)"
      R"("ip_address":"%3","user_agent":"Mozilla/5.0",)"
      R"("data_processing_options":{"modes":["LDU"]}}})";
inline const std::string kMinimalForReddit
    = R"({"event_at":1795737600000,"action_source":"OTHER",)"
      R"("type":{"tracking_type":"CUSTOM","custom_event_name":"quiz_done"},)"
      R"("metadata":{"conversion_id":"e-1"},"user":{"email":"%1"}})";

// A purchase in an app, with a device and the click ids of every platform.
inline constexpr const char* kAppPurchase = R"({"event_id":"a-1","event_name":"Purchase",
 "action_source":"app","value":"5","currency":"USD",
 "user":{"external_id":"42","locale":"de_DE"},
 "device":{"idfa":"6D92078A-8246-4BA4-AE5B-76104861E7DC","idfv":"V-1","os":"iOS 19",
 "app_id":"example.shop","app_version":"1.2","os_version":"19.1","att_status":"authorized"},
 "click":{"epik":"dj0y","sccid":"sc-1","scid":"ck-1","rdt_cid":"r-1","rdt_uuid":"u-1"}})";

inline platforms::CanonicalEvent changedEvent(
    const char* sample, const std::string& field, const std::string& json)
{
    auto event = parseJson(sample);
    event->set(field, *parseJson(json));
    return canonical(event->dump());
}

inline platforms::CanonicalEvent eventOfAge(const platforms::CanonicalEvent& event, Micros age)
{
    platforms::CanonicalEvent moved = event;
    auto aged = std::make_shared<StoredEvent>(*event.stored);
    aged->eventTime = kNow - age;
    moved.stored = std::move(aged);
    return moved;
}

// "taken", "refused <field>" or "waits".
inline std::string judged(const platforms::Encoded& encoded)
{
    if (std::holds_alternative<platforms::TooRecent>(encoded))
        return "waits";
    const auto* const refusal = std::get_if<platforms::Refusal>(&encoded);
    return refusal == nullptr ? "taken" : "refused " + refusal->field;
}

} // namespace engine::testing
