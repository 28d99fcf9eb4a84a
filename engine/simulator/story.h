// The scripts that the console offers in its menu: which mishap where and when, over which traffic.
// Pure data.
#pragma once

#include "simulator/simulator.h"
#include "simulator/visitor.h"

#include <string_view>
#include <vector>

namespace engine::simulator {

struct Act {
    ScenarioTarget where {};
    ScenarioKind kind { ScenarioKind::Calm };
    Millis from { 0 }; // since the story began, at speed 1
    Millis duration { 0 }; // 0: until the story ends
    std::optional<ScriptedAnswer> answer {}; // to the first requests, before `kind` begins
};
struct Story {
    std::string_view name {};
    ScenarioKind everywhere { ScenarioKind::Calm }; // platforms and traffic alike
    std::vector<Act> acts {};
};

// The account whose trouble a first start shows.
inline constexpr std::string_view kHotPixel = kMarkets.front().metaPixel;

[[nodiscard]] const std::vector<Story>& stories();
// Null: there is none of that name.
[[nodiscard]] const Story* storyFor(std::string_view name);

} // namespace engine::simulator
