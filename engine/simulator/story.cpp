#include "simulator/story.h"

#include <algorithm>

namespace engine::simulator {
namespace {

using namespace std::chrono_literals;
using Kind = ScenarioKind;

ScenarioTarget hotPixel() { return { .platform = "meta", .account = std::string(kHotPixel) }; }
ScenarioTarget all(const char* platform) { return { .platform = platform }; }

} // namespace

const std::vector<Story>& stories()
{
    static const std::vector<Story> table {
        // What a new operator is to see, find out and mend, within the first minute.
        { "first_start", Kind::Sale,
            { { hotPixel(), Kind::Throttling, 6s, 90s },
                { all("customerio"), Kind::PartialFailures, 6s, 90s } } },
        { "calm", Kind::Calm, {} },
        { "black_friday", Kind::Sale, {} },
        { "meta_613", Kind::Calm, { { hotPixel(), Kind::Throttling } } },
        { "tiktok_token", Kind::Calm, { { all("tiktok"), Kind::TokenExpiry } } },
        { "snap_schema", Kind::Calm, { { all("snapchat"), Kind::SchemaRegression } } },
        { "google_slow", Kind::Calm, { { all("google"), Kind::Slow } } },
        { "outage", Kind::Calm, { { {}, Kind::Outage, 0s, 5min } } },
        { "clock_skew", Kind::Calm, { { {}, Kind::ClockSkew } } },
        { "everything", Kind::Sale,
            { { hotPixel(), Kind::Throttling }, { all("customerio"), Kind::PartialFailures },
                { all("webhook"), Kind::Slow }, { all("tiktok"), Kind::TokenExpiry },
                { all("snapchat"), Kind::SchemaRegression }, { all("google"), Kind::Slow } } },
    };
    return table;
}

const Story* storyFor(std::string_view name)
{
    const auto found = std::find_if(
        stories().begin(), stories().end(), [&](const Story& story) { return story.name == name; });
    return found == stories().end() ? nullptr : &*found;
}

} // namespace engine::simulator
