#include "delivery/receipts.h"

#include <algorithm>

namespace engine::delivery {

std::optional<Receipt> Receipts::add(Receipt receipt, SteadyTime now)
{
    receipt.wait = kFirst;
    receipt.askAt = now + kFirst;
    m_waiting.push_back(std::move(receipt));
    if (m_waiting.size() <= kMost)
        return std::nullopt;
    Receipt forgotten = std::move(m_waiting.front());
    m_waiting.pop_front();
    return forgotten;
}

std::optional<Receipt> Receipts::takeDue(SteadyTime now)
{
    const auto due = std::find_if(m_waiting.begin(), m_waiting.end(),
        [now](const Receipt& receipt) { return receipt.askAt <= now; });
    if (due == m_waiting.end())
        return std::nullopt;
    Receipt receipt = std::move(*due);
    m_waiting.erase(due);
    return receipt;
}

void Receipts::postpone(Receipt receipt, SteadyTime at)
{
    receipt.askAt = at;
    m_waiting.push_back(std::move(receipt));
}

bool Receipts::askLater(Receipt receipt, SteadyTime now)
{
    if (receipt.wait >= kLast)
        return false;
    receipt.wait *= 2;
    postpone(std::move(receipt), now + receipt.wait);
    return true;
}

} // namespace engine::delivery
