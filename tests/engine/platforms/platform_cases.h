// One line per way into a platform: what the shared properties are tried on. A platform that is
// added to the program adds its line here, or its test fails.
#pragma once

#include "config/config_file.h"
#include "platforms/adapter.h"

#include <stdexcept>

namespace engine::testing {

struct PlatformCase {
    const char* name { nullptr }; // of the test's row
    const char* platform { nullptr };
    // What stands in its [[destination]] beside name, platform, endpoint and required credentials.
    const char* settings { nullptr };
    // Of 1,000 events of the simulator's shop so many at least are for this platform.
    int trafficMin { 850 };
};
// Every name that the random events have, for platforms without a vocabulary.
#define SPILLWAY_TEST_NAMES(name)                                                                  \
    "event_names.purchase = \"" name "\"\nevent_names.view_content = \"" name                      \
    "\"\nevent_names.quiz_done = \"" name "\"\nevent_names.message = \"" name                      \
    "\"\nevent_names.broadcast = \"" name "\"\nevent_names.page_view = \"" name                    \
    "\"\nevent_names.\"Device Created or Updated\" = \"" name "\"\n"
inline constexpr PlatformCase kPlatformCases[] {
    { "meta", "meta", "account = \"1029384756\"\nbatch = 100\n" },
    { "pinterest", "pinterest", "account = \"549755885175\"\nbatch = 100\n" },
    { "snapchat", "snapchat", "account = \"0f6d5a3e-1111-4c2b-9c5d-7b1f5c1a2b3c\"\nbatch = 100\n" },
    { "reddit", "reddit", "account = \"t2_abc123\"\nbatch = 100\n" },
    { "reddit, v2", "reddit", "account = \"t2_abc123\"\nbatch = 100\napi = \"v2\"\n" },
    { "customerio", "customerio", "account = \"main\"\nbatch = 100\n", 350 },
    { "customerio, v1", "customerio", "account = \"main\"\napi = \"v1\"\n", 350 },
    { "linkedin", "linkedin",
        "account = \"main\"\nbatch = 100\ncredential.access_token = "
        "\"env:T\"\n" SPILLWAY_TEST_NAMES("123456"),
        100 },
    { "tiktok", "tiktok", "account = \"C4PIXELCODE\"\nbatch = 100\n" },
    { "criteo", "criteo", "account = \"12345\"\nmapping_key = \"67890\"\nbatch = 3\n", 280 },
    { "customerio-app", "customerio-app",
        "account = \"main\"\nworkspace_id = \"7\"\n" SPILLWAY_TEST_NAMES("12"), 0 },
    { "customerio-app, broadcasts", "customerio-app",
        "account = \"main\"\napi = \"broadcasts\"\n" SPILLWAY_TEST_NAMES("12"), 0 },
    { "outbrain", "outbrain", "account = \"00a1\"\n" SPILLWAY_TEST_NAMES("Web Purchase"), 1 },
    { "taboola", "taboola",
        "account = \"12345\"\nbatch = 100\n" SPILLWAY_TEST_NAMES("web_purchase"), 2 },
    { "taboola, single", "taboola",
        "account = \"12345\"\napi = \"single\"\n" SPILLWAY_TEST_NAMES("web_purchase"), 0 },
    { "google", "google",
        "account = \"1234567890\"\nbatch = 100\ncredential.access_token = \"env:T\"\n"
        "event_names = { page_view = \"1\", view_content = \"2\", search = \"3\", add_to_cart = "
        "\"4\", begin_checkout = \"5\", purchase = \"6\", lead = \"7\", sign_up = \"8\", "
        "quiz_done = \"9\" }\n",
        400 },
    { "google, data_manager", "google",
        "api = \"data_manager\"\naccount = \"1234567890\"\nbatch = 100\n"
        "credential.access_token = \"env:T\"\nevent_names = { page_view = \"1\", view_content = "
        "\"2\", search = \"3\", add_to_cart = \"4\", begin_checkout = \"5\", purchase = \"6\", "
        "lead = \"7\", sign_up = \"8\", quiz_done = \"9\" }\n",
        400 },
    { "microsoft", "microsoft",
        "account = \"180012345\"\nbatch = 100\ncustomer_id = \"42\"\n"
        "credential.access_token = \"env:T\"\ncredential.developer_token = \"env:D\"\n"
        "event_names = { page_view = \"Visit\", view_content "
        "= \"View\", search = \"Search\", add_to_cart = \"Cart\", begin_checkout = \"Checkout\", "
        "purchase = \"Purchase\", lead = \"Lead\", sign_up = \"Sign-up\", quiz_done = \"Quiz\" "
        "}\n",
        350 },
    { "microsoft, uet", "microsoft",
        "api = \"uet\"\naccount = \"187654321\"\nbatch = 100\n"
        "credential.access_token = \"env:T\"\n",
        850 },
    { "webhook", "webhook", "batch = 10\ncredential.signing_secret = \"env:SIGNING_SECRET\"\n" },
    { "x", "x", "account = \"o8z6j\"\nbatch = 100\n" SPILLWAY_TEST_NAMES("tw-o8z6j-o87ne"), 100 },
    { "x, pixel token", "x",
        "account = \"o8z6j\"\nbatch = 100\napi = \"pixel_token\"\n" SPILLWAY_TEST_NAMES(
            "tw-o8z6j-o87ne"),
        50 },
};

// The way in that the settings choose; empty: the default one.
inline std::string apiOf(const PlatformCase& platformCase)
{
    constexpr std::string_view kKey = "api = \"";
    const std::string_view settings = platformCase.settings;
    const auto at = settings.find(kKey);
    if (at == settings.npos)
        return {};
    const std::string_view rest = settings.substr(at + kKey.size());
    return std::string(rest.substr(0, rest.find('"')));
}

// Under the contract that is compiled in, as `spillway check` would read it. Throws what is wrong.
inline DestinationConfig destinationOf(const PlatformCase& platformCase)
{
    config::Problems problems("built in");
    static const config::PlatformSpecs specs = config::builtInSpecs(problems);
    const std::string platform = platformCase.platform;
    const auto spec = specs.find(platform);
    if (spec == specs.end())
        throw std::invalid_argument("no contract file for " + platform);
    std::string text = "[control]\nkey = \"env:KEY\"\n[[workspace]]\nname = \"shop\"\n"
                       "write_key = \"env:KEY\"\n[[destination]]\nname = \"tried\"\nplatform = \""
        + platform + "\"\nendpoint = \"http://127.0.0.1:9100/" + platform + "\"\n";
    const config::PlatformSpec* const way = config::specFor(spec->second, apiOf(platformCase));
    if (way == nullptr)
        throw std::invalid_argument("no such way into " + platform);
    for (const std::string& name : way->credentials)
        text += "credential." + name + " = \"env:KEY\"\n";
    const auto loaded = config::parseConfig(text + platformCase.settings, "case", specs);
    if (loaded.config == nullptr)
        throw std::invalid_argument(config::toString(loaded.problems.front()));
    return loaded.config->destinations.front();
}

inline const PlatformCase& caseOf(std::string_view name)
{
    for (const PlatformCase& platformCase : kPlatformCases) {
        if (platformCase.name == name)
            return platformCase;
    }
    throw std::invalid_argument("no such case");
}

// A value for every credential that the destination names, and for what a token exchange gives.
inline platforms::Secrets secretsOf(const DestinationConfig& destination)
{
    platforms::Secrets secrets { { "access_token", "token-1" } };
    for (const auto& [name, reference] : destination.credentials)
        secrets.emplace(name, "value-of-" + name);
    if (secrets.contains("signing_secret"))
        secrets["signing_secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    if (secrets.contains("site_id"))
        secrets["site_id"] = "site123"; // an account of the simulator is told by it
    return secrets;
}

} // namespace engine::testing
