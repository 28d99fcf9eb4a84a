// Sixteen shards and their sale day: what each of them is configured as, and how its events look.
// Shared by the simulation on a fake clock and by the minute over loopback.
#pragma once

#include "config/config_file.h"
#include "config/contract_file.h"
#include "core/config.h"
#include "core/event.h"
#include "simulator/platform_model.h"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace engine::testing {

struct SalePlan {
    std::string name {};
    std::string platform {};
    std::string account {};
    std::string lines {}; // of its [[destination]] beside those
    EventType type { EventType::Track };
};

// Batches are kept small where a platform takes large ones: what is tried is the pace, and a batch
// of a thousand would only make more events. Concurrency is raised where the contract's cautious
// number and a round trip of 60 ms could not reach its rate.
inline std::vector<SalePlan> salePlans()
{
    const std::string goals = "event_names.purchase = ";
    const auto credentials = [](const std::vector<std::string>& names) {
        std::string lines;
        for (const std::string& name : names)
            lines += "credential." + name + " = \"env:SPILLWAY_SALE_KEY\"\n";
        return lines;
    };
    return {
        { "meta-shop", "meta", "1029384756", "batch = 10\n" + credentials({ "access_token" }) },
        { "google-ads", "google", "1234567890",
            "batch = 10\nconcurrency = 8\ntoken_endpoint = \"BASE/google/token\"\n" + goals
                + "\"customers/1234567890/conversionActions/987\"\n"
                + credentials({ "client_id", "client_secret", "refresh_token" }) },
        { "tiktok-shop", "tiktok", "C4PIXELCODE", "batch = 5\n" + credentials({ "access_token" }) },
        { "linkedin-b2b", "linkedin", "512345678",
            "batch = 5\n" + goals + "\"urn:lla:llaPartnerConversion:123456\"\n"
                + credentials({ "access_token" }) },
        { "bing", "microsoft", "149512345",
            "batch = 10\nrate = 5.0\ncustomer_id = \"251234567\"\n"
            "token_endpoint = \"BASE/microsoft/token\"\n"
                + goals + "\"Offline purchase\"\n"
                + credentials({ "developer_token", "client_id", "refresh_token" }) },
        { "x-ads", "x", "o8z6j",
            "batch = 1\nconcurrency = 20\n" + goals + "\"tw-o8z6j-o87ne\"\n"
                + credentials(
                    { "consumer_key", "consumer_secret", "access_token", "access_token_secret" }) },
        // Headers that name their reset in whole seconds cost up to a sixtieth of a minute's quota.
        { "pinterest-shop", "pinterest", "549755885175",
            "batch = 1\nconcurrency = 20\nrate = 80.0\n" + credentials({ "access_token" }) },
        { "snap-eu", "snapchat", "a77b1c2d-1111-4222-8333-abcdefabcdef",
            "batch = 1\nconcurrency = 20\n" + credentials({ "access_token" }) },
        { "reddit-ads", "reddit", "t2_abc123",
            "batch = 5\nconcurrency = 8\n" + credentials({ "access_token" }) },
        { "taboola-shop", "taboola", "1234567", "batch = 20\n" + goals + "\"purchase\"\n" },
        { "outbrain-shop", "outbrain", "marketer-1", goals + "\"Purchase\"\n" },
        { "criteo-shop", "criteo", "12345", "mapping_key = \"67890\"\n" },
        { "customerio-track", "customerio", "shop",
            "batch = 1\n" + credentials({ "site_id", "api_key" }) },
        // The id of the workspace tells the two ways apart in the books of the simulator.
        { "customerio-messages", "customerio-app", "shop",
            "api = \"messages\"\nworkspace_id = \"7\"\nconcurrency = 20\n" + goals + "\"12\"\n"
                + credentials({ "app_key" }),
            EventType::Message },
        { "customerio-broadcasts", "customerio-app", "shop",
            "api = \"broadcasts\"\n" + goals + "\"9\"\n" + credentials({ "app_key" }),
            EventType::Broadcast },
        { "warehouse", "webhook", "", "batch = 1\nrate = 50.0\nconcurrency = 16\n" },
    };
}

// The events of all shards look alike: every identifier that one of the platforms wants.
inline std::string salePayload(const SalePlan& plan, std::int64_t number, std::int64_t clickUs)
{
    const std::string id = plan.name + "-" + std::to_string(number);
    const std::string person = "u" + std::to_string(number);
    if (plan.type == EventType::Message)
        return R"({"type":"message","event_name":"purchase","event_id":")" + id
            + R"(","user":{"external_id":")" + person + R"(","email":")" + person
            + R"(@example.com"},"properties":{"order":1}})";
    if (plan.type == EventType::Broadcast)
        return R"({"type":"broadcast","event_name":"purchase","event_id":")" + id
            + R"(","audience":{"ids":[")" + person + R"("]},"properties":{"sale":1}})";
    return R"({"event_id":")" + id
        + R"(","event_name":"purchase","action_source":"website",)"
          R"("event_source_url":"https://shop.example/thanks","user":{"email":"u)"
        + std::to_string(number) + R"(@example.com","phone_e164":"+15551234567","external_id":"u)"
        + std::to_string(number)
        + R"(","ip":"203.0.113.9","user_agent":"Mozilla/5.0"},"click":{"time_us":)"
        + std::to_string(clickUs)
        + R"(,"gclid":"EAIaIQobChMI","msclkid":"f894f652ea334e739002f7167ab8f8e3",)"
          R"("twclid":"23opevjt88psuo13lu8d020qkn","li_fat_id":"9a0b8e3c-1111-4222-8333-abcdefabcdef",)"
          R"("tblci":"GiCxyz123","obclid":"AbC123","crto_mapped_user_id":"m-1"},)"
          R"("value":"99.90","currency":"EUR","order_id":")"
        + id
        + R"(","num_items":1,"items":[{"id":"sku1","name":"Tea","price":"99.90","quantity":1}],)"
          R"("consent":{"ad_user_data":"granted","ad_personalization":"granted"}})";
}

// The configuration of every plan under the contract of its platform, sent to `base`/<platform>.
inline std::string saleText(const std::vector<SalePlan>& plans, const std::string& base)
{
    std::string text = "[[workspace]]\nname = \"shop\"\nwrite_key = \"env:SPILLWAY_SALE_KEY\"\n"
                       "tier = \"enterprise\"\nrate = 100000.0\nburst = 1000000\n"
                       "[control]\nlisten = \"127.0.0.1:0\"\nkey = \"env:SPILLWAY_SALE_KEY\"\n"
                       "[ingress]\nlisten = \"127.0.0.1:0\"\n";
    for (const SalePlan& plan : plans) {
        std::string lines = plan.lines;
        for (auto at = lines.find("BASE"); at != std::string::npos; at = lines.find("BASE"))
            lines.replace(at, 4, base);
        text += "[[destination]]\nname = \"" + plan.name + "\"\nplatform = \"" + plan.platform
            + "\"\nendpoint = \"" + base + '/' + plan.platform + "\"\n" + lines;
        if (!plan.account.empty())
            text += "account = \"" + plan.account + "\"\n";
    }
    return text;
}

inline std::shared_ptr<const Config> saleConfig(
    const std::vector<SalePlan>& plans, const std::string& base)
{
    config::Problems builtIn("built-in contracts");
    const config::PlatformSpecs specs = config::builtInSpecs(builtIn);
    const config::Loaded loaded = config::parseConfig(saleText(plans, base), "sale day", specs);
    if (!loaded.config) {
        std::string why;
        for (const config::Problem& problem : loaded.problems)
            why += toString(problem) + '\n';
        throw std::invalid_argument(why);
    }
    return loaded.config;
}

// What the contract lets through, in records and in requests a second.
struct Pace {
    double records { 0 };
    double requests { 0 };
};

inline Pace paceOf(const DestinationConfig& destination)
{
    double requests = destination.rate.value_or(1e9);
    for (const Limit& limit : destination.contract.limits) {
        // A daily quota does not bind in three hours.
        if (!limit.isEnabled || limit.amount == 0 || limit.period > std::chrono::hours { 1 })
            continue;
        const double perSecond = static_cast<double>(limit.amount)
            / std::chrono::duration<double>(limit.period).count();
        requests = std::min(requests,
            limit.unit == LimitUnit::Requests ? perSecond : perSecond / destination.batch);
    }
    return { .records = requests * destination.batch, .requests = requests };
}

// Requests that reached the platform of a plan. Two plans on one platform differ by the account
// under which it keeps its books.
inline std::int64_t requestsOf(
    const SalePlan& plan, const std::map<std::string, simulator::AccountStats>& stats)
{
    std::int64_t sum = 0;
    for (const auto& [account, of] : stats) {
        const bool isApi = plan.platform != "customerio-app"
            || account.ends_with("/7") == (plan.type == EventType::Message);
        const bool isToken = account.ends_with("/token");
        if (account.starts_with(plan.platform + '/') && isApi && !isToken)
            sum += of.requests;
    }
    return sum;
}

} // namespace engine::testing
