// Canonical events as a careless sender might write them: every known field absent, empty, right,
// wrong or of another kind. For property tests; the values come from RapidCheck, which prints its
// seed and reads one from RC_PARAMS.
#pragma once

#include "engine/platforms/event_samples.h"

#include <rapidcheck.h>

#include <random>

namespace engine::testing {

struct FieldSample {
    const char* path { nullptr };
    const char* good { nullptr }; // JSON
    const char* other { nullptr }; // JSON: as right, and what half of the events have instead
};
// Device ids that a sender hashed. No platform may hash them again.
inline constexpr const char* kHashedIdfa
    = "\"4d7d3e9e3a6a2c3fb5d3b5c6f1c0f8a9e7d6c5b4a39281706f5e4d3c2b1a0918\"";
inline constexpr const char* kHashedGaid
    = "\"0918a1b2c3d4e5f60718293a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0f1a2b3c\"";
inline constexpr FieldSample kFieldSamples[] {
    { "event_id", "\"ord-1001\"" },
    { "action_source", "\"website\"" },
    { "event_source_url", "\"https://shop.example/thanks\"" },
    { "referrer_url", "\"https://shop.example/\"" },
    { "user.email", "\"Jane.Doe@Example.com\"" },
    { "user.email_sha256", "\"86e0b9e56c17cc4d12387e1949b85053fbe73bc3ce5a1188713a9d300cc6133d\"" },
    { "user.phone_e164", "\"+15551234567\"" },
    { "user.email_sha256_google",
        "\"d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69\"" },
    { "user.email_md5", "\"0cba00ca3da1b283a57287bcceb17e35\"" },
    { "user.email_sha256_md5",
        "\"861a02f31e82e3e351245b890b77cd9dcf6d2a41cae117e1fb55d79a1c9a2b8f\"" },
    { "user.phone_sha256_digits",
        "\"d6736136ea896c1bfdc553e0e86e702c70d060d805696ca3e4e9e0961353860a\"" },
    { "user.phone_sha256_plus",
        "\"8a59780bb8cd2ba022bfa5ba2ea3b6e07af17a7d8b30c1f9b3390e36f69019e4\"" },
    { "user.external_id", "\"customer-42\"" },
    { "user.first_name", "\"\xc3\x89mile\"" },
    { "user.last_name", "\"O'Neil\"" },
    { "user.city", "\"New York\"" },
    { "user.zip", "\"10115\"" },
    { "user.country_iso2", "\"DE\"" },
    { "user.gender", "\"f\"" },
    { "user.dob", "\"1990-01-31\"" },
    { "user.state", "\"CA\"" },
    { "user.company", "\"Tea & Co\"" },
    { "user.title", "\"Head of Tea\"" },
    { "user.locale", "\"de_DE\"" },
    { "user.ip", "\"203.0.113.9\"" },
    { "user.user_agent", "\"Mozilla/5.0\"" },
    { "user.anonymous_id", "\"a-77\"" },
    { "user.cio_id", "\"0a1b\"" },
    { "device.idfa", "\"6D92078A-8246-4BA4-AE5B-76104861E7DC\"", kHashedIdfa },
    { "device.gaid", "\"38400000-8cf0-11bd-b23e-10b96e40000d\"", kHashedGaid },
    { "device.idfv", "\"9C287922-EE26-4501-94B5-DDE6F83E1475\"" },
    { "device.app_version", "\"1.2.3\"" },
    { "device.att_status", "\"authorized\"" },
    { "device.os", "\"iOS 19\"" },
    { "device.token", "\"tok\"" },
    { "device.app_id", "\"example.shop\"" },
    { "click.fbclid", "\"IwAR2x\"" },
    { "click.fbp", "\"fb.1.1759980000000.1234\"" },
    { "click.gclid", "\"Cj0KCQiA\"" },
    { "click.gbraid", "\"0AAAAAo\"" },
    { "click.wbraid", "\"Clg8bR\"" },
    { "click.ttclid", "\"E.C.P.x\"" },
    { "click.ttp", "\"94e2a4j9-h3ss-k5h5-98cc-c84n745mk242\"" },
    { "click.li_fat_id", "\"df5gf5-gh6t7-ph4j7h-fgf6n1\"" },
    { "click.msclkid", "\"f6f6a2c1d4e34b9a8c7d6e5f4a3b2c1d\"" },
    { "click.twclid", "\"26l6412g5p4iyj65a2oic2ayg2\"" },
    { "click.epik", "\"dj0yJnU9\"" },
    { "click.sccid", "\"4b1f-11\"" },
    { "click.scid", "\"cc3a-22\"" },
    { "click.rdt_cid", "\"3184742045291813272\"" },
    { "click.rdt_uuid", "\"1684189007728.7c73ef5b\"" },
    { "click.tblci", "\"GiBxY\"" },
    { "click.obclid", "\"v1-0b\"" },
    { "click.crto_mapped_user_id", "\"m-1\"" },
    { "click.criteo_page_view_id", "\"pv-1\"" },
    { "click.time_us", "1795650000123456" },
    { "value", "\"99.90\"" },
    { "currency", "\"EUR\"" },
    { "order_id", "\"1001\"" },
    { "num_items", "3" },
    { "items",
        "[{\"id\":\"sku1\",\"brand\":\"T\",\"category\":\"tea\",\"price\":\"49.95\",\"quantity\":1}"
        ",{\"name\":\"wrap\"}]" },
    { "description", "\"Tea for two\"" },
    { "content_type", "\"product\"" },
    { "search_string", "\"tea\"" },
    { "predicted_ltv", "\"12.5\"" },
    { "consent.ad_user_data", "\"granted\"" },
    { "consent.ad_personalization", "\"denied\"", "\"granted\"" },
    { "consent.limited_data_use", "true", "false" },
    { "consent.ldu_country", "\"US\"" },
    { "consent.ldu_region", "\"CA\"" },
    { "opt_out", "false" },
    { "audience", "{\"ids\":[\"42\",43],\"id_ignore_missing\":true}" },
    { "message.channel", "\"email\"" },
    { "message.subject", "\"Your tea\"" },
    { "message.tracked", "false" },
    { "message.send_at", "1795740000" },
    { "properties", "{\"coupon\":\"BF26\",\"nested\":{\"a\":[1,2]}}" },
};

inline constexpr const char* kOddValues[] { "null", "\"\"", "\" \"", "true", "[]", "{}",
    "[1,\"a\"]", "-1", "1e400", "123456789012345678901234567890", "\"99,90\"",
    "\"\\u0000\\u001f\\\"\\\\\"", "\"\\ud83d\\ude00 \\u202e\"", "\"a@b\"", "\"+++\"", "\"0\"",
    "[{\"id\":null,\"price\":{}}]", "\"line\\r\\nbreak: 1\"" };

inline void setPath(Json& json, std::string_view path, Json value)
{
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
        json.set(std::string(path), std::move(value));
        return;
    }
    const std::string key(path.substr(0, dot));
    const Json* const inner = json.find(key);
    Json object = inner != nullptr && inner->isObject() ? *inner : Json::object();
    object.set(std::string(path.substr(dot + 1)), std::move(value));
    json.set(key, std::move(object));
}

// `oddShare` of ten fields are odd, as many absent, the rest right. One number of RapidCheck's
// makes the whole event: a draw for each field would cost most of the test's time. Every check of
// a process draws the same numbers, so `round` makes other events of them.
inline platforms::CanonicalEvent randomEvent(int oddShare, unsigned round)
{
    std::seed_seq seed { *rc::gen::arbitrary<std::uint32_t>(), round };
    std::mt19937 dice(seed);
    const auto below = [&](std::size_t count) { return static_cast<std::size_t>(dice()) % count; };
    Json json = Json::object();
    for (const FieldSample& field : kFieldSamples) {
        const auto draw = static_cast<int>(below(10));
        if (draw < oddShare)
            setPath(json, field.path, *parseJson(kOddValues[below(std::size(kOddValues))]));
        else if (draw >= 2 * oddShare)
            setPath(json, field.path,
                *parseJson(field.other != nullptr && below(2) == 0 ? field.other : field.good));
    }
    constexpr const char* kNames[] { "Order Completed", "Purchase", "quiz \"done\"\n",
        "Product Viewed", "Device Created or Updated", "" };
    auto event = std::make_shared<StoredEvent>();
    event->seq = EventSeq { static_cast<std::int64_t>(below(1'000'000)) + 1 };
    event->name = kNames[below(std::size(kNames))];
    // Conversions and messages weigh more because some platforms take nothing else.
    constexpr EventType kTypes[] { EventType::Track, EventType::Track, EventType::Track,
        EventType::Page, EventType::Screen, EventType::Identify, EventType::Suppress,
        EventType::Unsuppress, EventType::Delete, EventType::Message, EventType::Message,
        EventType::Broadcast, EventType::Broadcast };
    event->type = kTypes[below(std::size(kTypes))];
    event->eventId = "e-" + std::to_string(below(1'000'000));
    event->isEventIdGenerated = below(2) == 0;
    event->eventTime = kNow + Seconds { 50 } - Seconds { below(6 * 86'400) };
    event->receivedAt = kNow;
    event->payload = json.dump();
    auto made = platforms::toCanonical(event);
    RC_ASSERT(made.has_value());
    return *made;
}

} // namespace engine::testing
