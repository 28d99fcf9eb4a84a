// Events and destinations that the tests of platforms and simulator share. Raw JSON lives here and
// not in the test files, because moc loses its way in long raw strings.
#pragma once

#include "platforms/adapter.h"
#include "platforms/times.h"

#include <stdexcept>

namespace engine::testing {

using namespace std::chrono_literals;

inline constexpr WallTime kNow { std::chrono::sys_days { std::chrono::year { 2026 } / 11 / 27 } };

// A purchase two seconds before midnight, an hour ahead of UTC and with milliseconds.
inline constexpr const char* kRichPurchase = R"({"event_id":"ord-1001",
 "event_name":"Order Completed", "event_time":"2026-11-27T00:59:58.750+01:00",
 "action_source":"website","event_source_url":"https://shop.example/thanks?o=1001",
 "user":{"email":" Jane.Doe@Example.com ","phone_e164":"+1 (555) 123-4567","first_name":"Jane",
 "last_name":"Doe!","city":"Berlin","zip":"10115","country_iso2":"DE","external_id":"customer-42",
 "ip":"203.0.113.9","user_agent":"Mozilla/5.0"},
 "click":{"fbclid":"IwAR2x","time_us":1795650000123456,"fbp":"fb.1.1759980000000.123456789"},
 "value":"99.90","currency":"eur","order_id":"1001","num_items":3,
 "items":[{"id":"sku1","name":"Tea","price":"49.95","quantity":1},
          {"id":"sku2","price":12.50,"quantity":2},{"name":"gift wrap"}],
 "consent":{"ad_user_data":"granted","limited_data_use":true},
 "properties":{"coupon":"BF26","vip":true,"big":12345678901234567890}})";

// The same after a click on another platform's advertisement: members of "click". Without its limit
// on the use of data, for which some of these platforms have no word.
inline std::string richAfterClick(const std::string& members)
{
    std::string text = kRichPurchase;
    constexpr std::string_view kClick = "\"click\":{";
    text.insert(text.find(kClick) + kClick.size(), members + ',');
    constexpr std::string_view kLimited = ",\"limited_data_use\":true";
    text.erase(text.find(kLimited), kLimited.size());
    return text;
}

inline constexpr const char* kRichForMeta
    = R"({"event_name":"Purchase","event_time":1795737598,"event_id":"ord-1001",)"
      R"("action_source":"website","event_source_url":"https://shop.example/thanks?o=1001",)"
      R"("data_processing_options":["LDU"],"data_processing_options_country":0,)"
      R"("data_processing_options_state":0,"user_data":{)"
      R"("em":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"],)"
      R"("ph":["d6736136ea896c1bfdc553e0e86e702c70d060d805696ca3e4e9e0961353860a"],)"
      R"("fn":["81f8f6dde88365f3928796ec7aa53f72820b06db8664f5fe76a7eb13e24546a2"],)"
      R"("ln":["799ef92a11af918e3fb741df42934f3b568ed2d93ac1df74f1b8d41a27932a6f"],)"
      R"("ct":["fb38a93fd89e1a5fc7852a5d7109e321d23a721a1899292273ac5a21dc4db378"],)"
      R"("zp":["ac7bb74de6884ffce919c15fef4193749d4588026c643973946713ac46da540d"],)"
      R"("country":["959a45d44e6fcf58361ed004681556fe50129f2109e817dec098c00c9e5d2578"],)"
      R"("external_id":["a045eb33f8797f35ea7d5fad7c5e0d021e2142e9c1bb6e9dc9f45b4f503b03e8"],)"
      R"("client_ip_address":"203.0.113.9","client_user_agent":"Mozilla/5.0",)"
      R"("fbp":"fb.1.1759980000000.123456789","fbc":"fb.1.1795650000123.IwAR2x"},)"
      R"("custom_data":{"currency":"EUR","value":99.90,"order_id":"1001","num_items":3,)"
      R"("content_ids":["sku1","sku2"],"contents":[{"id":"sku1","quantity":1,"item_price":49.95},)"
      R"({"id":"sku2","quantity":2,"item_price":12.50}]}})";

inline constexpr const char* kRichForCustomerIo
    = R"({"type":"person","action":"event","identifiers":{"id":"customer-42"},)"
      R"("name":"Order Completed","id":"01M8D4TERY3KW0KMZNFGX3G403","timestamp":1795737598,)"
      R"("attributes":{"coupon":"BF26","vip":true,"big":12345678901234567890,"value":99.90,)"
      R"("currency":"eur","order_id":"1001","num_items":3,"items":[{"id":"sku1","name":"Tea",)"
      R"("price":"49.95","quantity":1},{"id":"sku2","price":12.50,"quantity":2},)"
      R"({"name":"gift wrap"}],"url":"https://shop.example/thanks?o=1001"}})";

// The least that Meta takes: a custom event with one match key.
inline constexpr const char* kMinimal
    = R"({"event_id":"e-1","event_name":"quiz_done","action_source":"other",)"
      R"("user":{"email":"jane.doe@example.com"}})";
inline constexpr const char* kMinimalForMeta
    = R"({"event_name":"quiz_done","event_time":1795737600,"event_id":"e-1",)"
      R"("action_source":"other","user_data":{)"
      R"("em":["86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d"]}})";

inline constexpr const char* kMinimalForCustomerIo
    = R"({"type":"person","action":"event","identifiers":{"email":"jane.doe@example.com"},)"
      R"("name":"quiz_done","id":"01M8D4TG007XH9BR1HMZW1YZ8E","timestamp":1795737600,)"
      R"("attributes":{}})";

inline constexpr const char* kIdentify
    = R"({"event_id":"i-1","event_name":"identify","user":{"email":"jane.doe@example.com",)"
      R"("phone_e164":"+15551234567","first_name":"Jane","city":"Berlin","state":"BE",)"
      R"("zip":"10115"},"properties":{"plan":"pro"}})";
inline constexpr const char* kIdentifyForCustomerIo
    = R"({"type":"person","action":"identify","identifiers":{"email":"jane.doe@example.com"},)"
      R"("attributes":{"plan":"pro","phone":"+15551234567","first_name":"Jane",)"
      R"("city":"Berlin","state":"BE","zip":"10115"}})";

inline constexpr const char* kAnonymous
    = R"({"event_id":"01J9ZZZZZZZZZZZZZZZZZZZZZZ","event_name":"Product Viewed",)"
      R"("user":{"anonymous_id":"a-77"},"properties":{"sku":"x"}})";
inline constexpr const char* kAnonymousForCustomerIo
    = R"({"anonymous_id":"a-77","name":"Product Viewed","id":"01J9ZZZZZZZZZZZZZZZZZZZZZZ",)"
      R"("type":"event","timestamp":1795737600,"data":{"sku":"x"}})";

inline constexpr const char* kDevice
    = R"({"event_id":"d-1","event_name":"Device Created or Updated",)"
      R"("user":{"external_id":"42 a/b"},"device":{"token":"tok:1","os":"iOS 19"}})";

inline std::string textOf(const Json& event, std::string_view key)
{
    const Json* const value = event.find(key);
    return value != nullptr ? value->text() : std::string {};
}

// As ingress would have stored it at kNow. Throws on a sample that is no JSON: a mistake of the
// test.
inline StoredEventPtr stored(const std::string& payload, EventType type = EventType::Track)
{
    const auto json = parseJson(payload);
    if (!json)
        throw std::invalid_argument(json.error().message);
    auto event = std::make_shared<StoredEvent>();
    event->seq = EventSeq { 7 };
    event->workspace = "shop";
    event->eventId = textOf(*json, "event_id");
    event->name = textOf(*json, "event_name");
    event->type = type;
    const auto time = parseIso8601(textOf(*json, "event_time"));
    event->eventTime = time.value_or(kNow);
    event->isEventTimeAssigned = !time.has_value();
    event->receivedAt = kNow;
    event->payload = payload;
    return event;
}

inline platforms::CanonicalEvent canonical(
    const std::string& payload, EventType type = EventType::Track)
{
    auto event = platforms::toCanonical(stored(payload, type));
    if (!event)
        throw std::invalid_argument(event.error().message);
    return *event;
}

inline DestinationConfig metaDestination()
{
    DestinationConfig destination;
    destination.name = "meta-main";
    destination.platform = "meta";
    destination.account = "1029384756";
    destination.endpoint = "https://graph.facebook.com/v25.0";
    destination.batch = 100;
    destination.contract.batchRecords = 1'000;
    destination.contract.acceptedAge = std::chrono::hours { 24 * 7 };
    destination.contract.isAgeEnforced = true;
    destination.contract.futureSkew = 60s;
    destination.contract.cooldownMax = 1h;
    return destination;
}

inline DestinationConfig customerIoDestination()
{
    DestinationConfig destination;
    destination.name = "crm";
    destination.platform = "customerio";
    destination.account = "main";
    destination.endpoint = "https://track.customer.io";
    destination.batch = 100;
    destination.contract.batchBytes = 499'999;
    destination.contract.recordBytes = 32'000;
    return destination;
}

inline DestinationConfig webhookDestination(int batch)
{
    DestinationConfig destination;
    destination.name = "warehouse";
    destination.platform = "webhook";
    destination.account = "default";
    destination.endpoint = "https://hooks.example/in";
    destination.batch = batch;
    return destination;
}

inline platforms::EncodeContext contextOf(const DestinationConfig& destination)
{
    return { .destination = &destination, .account = destination.account, .now = kNow };
}

inline HttpAnswer answerOf(int status, std::string body, HttpHeaders headers = {})
{
    HttpAnswer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.bodyBytes = static_cast<std::int64_t>(body.size());
    answer.body = std::move(body);
    return answer;
}

inline std::string headerOf(const HttpRequest& request, std::string_view name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name)
            return value;
    }
    return {};
}

// What encode() made, or its refusal as text with a mark in front, so that one comparison shows
// both.
inline std::string encodedText(const platforms::Encoded& encoded)
{
    if (const auto* record = std::get_if<platforms::Record>(&encoded))
        return record->body;
    if (const auto* early = std::get_if<platforms::TooRecent>(&encoded))
        return "waits until " + platforms::toIsoMillis(early->until) + ": " + early->reason;
    return "refused " + std::get<platforms::Refusal>(encoded).text();
}

} // namespace engine::testing
