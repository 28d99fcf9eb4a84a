#include "delivery/lane_picker.h"

#include <algorithm>

namespace engine::delivery {

int LanePicker::classOf(Lane lane)
{
    switch (lane) {
    case Lane::Live:
    case Lane::Deferred:
        return 0;
    case Lane::Retry:
        return 1;
    case Lane::Replay:
    case Lane::Import:
        return 2;
    }
    return 0;
}

void LanePicker::setShares(const LaneShares& shares)
{
    // A share of nothing would starve its lane for ever.
    m_shares = { std::max(shares.live, 1), std::max(shares.retry, 1), std::max(shares.replay, 1) };
}

std::optional<Lane> LanePicker::pick(const Work& work)
{
    const auto has = [&](Lane lane) { return work[static_cast<std::size_t>(lane)]; };
    const bool hasReplay = has(Lane::Replay);
    const bool hasImport = has(Lane::Import);
    const std::array<bool, kClasses> hasWork { has(Lane::Live), has(Lane::Retry),
        hasReplay || hasImport };
    if (std::none_of(hasWork.begin(), hasWork.end(), [](bool any) { return any; }))
        return std::nullopt;

    std::optional<std::size_t> best;
    const auto choose = [&] {
        // The fullest credit by share: lanes interleave instead of taking turns in blocks.
        for (std::size_t i = 0; i < kClasses; ++i) {
            if (!hasWork[i] || m_credit[i] <= 0)
                continue;
            if (!best || m_credit[i] * m_shares[*best] > m_credit[*best] * m_shares[i])
                best = i;
        }
    };
    for (choose(); !best; choose())
        newRound(hasWork);

    if (*best == 0)
        return Lane::Live;
    if (*best == 1)
        return Lane::Retry;
    if (hasReplay && hasImport)
        return m_wasReplayLast ? Lane::Import : Lane::Replay;
    return hasReplay ? Lane::Replay : Lane::Import;
}

void LanePicker::charge(Lane lane, std::int64_t records)
{
    m_credit[static_cast<std::size_t>(classOf(lane))] -= records;
    if (classOf(lane) == 2)
        m_wasReplayLast = lane == Lane::Replay;
}

void LanePicker::newRound(const std::array<bool, kClasses>& hasWork)
{
    std::array<std::int64_t, kClasses> grant {};
    std::size_t first = 0; // who takes what others leave: live, or the first that has work
    while (!hasWork[first])
        ++first;
    for (std::size_t i = 0; i < kClasses; ++i)
        grant[hasWork[i] ? i : first] += m_shares[i];

    // As many rounds as it takes until somebody is out of debt: a batch of thousands leaves one.
    std::int64_t rounds = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < kClasses; ++i) {
        if (hasWork[i])
            rounds = std::min(rounds, std::max<std::int64_t>(-m_credit[i] / grant[i] + 1, 1));
    }
    for (std::size_t i = 0; i < kClasses; ++i) {
        // Without work nothing is saved up, and nothing stays owed.
        m_credit[i] = hasWork[i] ? m_credit[i] + rounds * grant[i] : 0;
    }
}

} // namespace engine::delivery
