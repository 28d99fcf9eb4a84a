#include "ingress/cap_watch.h"

#include <algorithm>
#include <array>

namespace engine::ingress {
namespace {

constexpr std::array kSharesTold { 100, 80 }; // percent of the cap, highest first

int shareOf(const IngressSnapshot& workspace)
{
    const auto cap = static_cast<double>(*workspace.monthCap);
    const auto reached = std::find_if(kSharesTold.begin(), kSharesTold.end(), [&](int percent) {
        return static_cast<double>(workspace.monthAccepted) >= cap * percent / 100;
    });
    return reached == kSharesTold.end() ? 0 : *reached;
}

} // namespace

std::vector<std::string> CapWatch::look(std::span<const IngressSnapshot> workspaces, int month)
{
    std::vector<std::string> news;
    for (const IngressSnapshot& workspace : workspaces) {
        if (!workspace.monthCap)
            continue;
        Told& told = m_told[workspace.workspace];
        if (told.month != month || told.cap != *workspace.monthCap)
            told = { .month = month, .cap = *workspace.monthCap };
        // The count may also fall a little: duplicates give back what they were counted for.
        const int percent = shareOf(workspace);
        if (percent <= told.percent)
            continue;
        told.percent = percent;
        news.push_back("workspace " + workspace.workspace + ": " + std::to_string(percent)
            + " % of its monthly cap of " + std::to_string(*workspace.monthCap)
            + " events are reached");
    }
    return news;
}

} // namespace engine::ingress
