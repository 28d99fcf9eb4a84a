#include "delivery/token_keeper.h"

#include <algorithm>

namespace engine::delivery {

TokenKeeper::Step TokenKeeper::step(SteadyTime now) const
{
    const bool mayFetch = !m_isFetching && now >= m_retryAt;
    if (isUsable(now))
        return mayFetch && now >= m_renewAt ? Step::GoAndFetch : Step::Go;
    return mayFetch ? Step::Fetch : Step::Wait;
}

SteadyTime TokenKeeper::waitUntil() const { return m_isFetching ? SteadyTime::max() : m_retryAt; }

void TokenKeeper::fetched(SteadyTime now, const platforms::AccessToken& token)
{
    m_isFetching = false;
    m_failures = 0;
    m_retryAt = SteadyTime::min();
    m_trouble.clear();
    m_value = token.value;
    ++m_number;
    m_endsAt = now + token.lifetime;
    m_renewAt = m_endsAt - std::min(token.lifetime / 10, kRenewBeforeMost);
}

void TokenKeeper::fetchFailed(SteadyTime now, std::optional<Millis> retryAfter)
{
    m_isFetching = false;
    Millis wait = kRetryFirst;
    for (int n = 0; n < m_failures && wait < kRetryMost; ++n)
        wait *= 2;
    ++m_failures;
    m_retryAt = now + std::max(std::min(wait, kRetryMost), retryAfter.value_or(Millis { 0 }));
}

void TokenKeeper::fetchRefused()
{
    m_isFetching = false;
    m_value.clear();
    m_retryAt = SteadyTime::min();
}

bool TokenKeeper::refused(int number)
{
    if (number != m_number || m_value.empty())
        return true; // its successor is there or under way
    if (m_isReplacement)
        return false;
    m_isReplacement = true;
    m_value.clear();
    return true;
}

void TokenKeeper::accepted(int number)
{
    if (number == m_number)
        m_isReplacement = false;
}

} // namespace engine::delivery
