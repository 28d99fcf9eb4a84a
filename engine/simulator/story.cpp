#include "simulator/story.h"

#include <algorithm>

namespace engine::simulator {
namespace {

using namespace std::chrono_literals;
using Kind = ScenarioKind;

ScenarioTarget all(const char* platform) { return { .platform = platform }; }

// Code 613 with a time to wait, `times` times; then the pixel is allowed a third of its pace.
Act tooManyCalls(Millis from, Millis duration, std::int64_t times)
{
    return { .where = { .platform = "meta", .account = std::string(kHotPixel) },
        .kind = Kind::Throttling,
        .from = from,
        .duration = duration,
        .answer = ScriptedAnswer { .status = 400,
            .code = "613",
            .message = "Calls to this api have exceeded the rate limit",
            .retryAfter = "45",
            .times = times } };
}

} // namespace

const std::vector<Story>& stories()
{
    static const std::vector<Story> table {
        // What a new operator is to see, find out and mend, within the first minute.
        { "first_start", Kind::Sale,
            { tooManyCalls(6s, 90s, 1), { all("customerio"), Kind::PartialFailures, 6s, 90s } } },
        { "calm", Kind::Calm, {} },
        { "black_friday", Kind::Sale, {} },
        { "meta_613", Kind::Calm, { tooManyCalls(0s, 0s, 4) } },
        { "tiktok_token", Kind::Calm, { { all("tiktok"), Kind::TokenExpiry } } },
        { "snap_schema", Kind::Calm, { { all("snapchat"), Kind::SchemaRegression } } },
        { "google_slow", Kind::Calm, { { all("google"), Kind::Slow } } },
        { "outage", Kind::Calm, { { all("meta"), Kind::Outage, 0s, 5min } } },
        { "clock_skew", Kind::Calm, { { {}, Kind::ClockSkew } } },
        { "everything", Kind::Sale,
            { tooManyCalls(0s, 0s, 4), { all("customerio"), Kind::PartialFailures },
                { all("webhook"), Kind::Slow }, { all("tiktok"), Kind::TokenExpiry },
                { all("snapchat"), Kind::SchemaRegression }, { all("google"), Kind::Slow },
                { all("reddit"), Kind::Outage } } },
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
