// The access token of one credential, where the platform wants the configured secrets exchanged for
// one: when to fetch it, whom to make wait, and what a refusal of it means. Pure; delivery thread.
#pragma once

#include "platforms/adapter.h"

#include <engine/time.h>

#include <optional>
#include <string>

namespace engine::delivery {

class TokenKeeper {
public:
    enum class Step : std::uint8_t {
        Go, // there is one; use it
        GoAndFetch, // there is one, and it is time for the next
        Fetch, // there is none: fetch, and wait for wakeUp()
        Wait,
    };
    [[nodiscard]] Step step(SteadyTime now) const;
    [[nodiscard]] bool isUsable(SteadyTime now) const { return !m_value.empty() && now < m_endsAt; }
    // When Step::Wait ends by itself; SteadyTime::max(): with the answer under way.
    [[nodiscard]] SteadyTime waitUntil() const;

    void fetchStarted() { m_isFetching = true; }
    void fetched(SteadyTime now, const platforms::AccessToken& token);
    // The token endpoint is down or busy: 1 s, doubling to a minute, or as long as it says.
    void fetchFailed(SteadyTime now, std::optional<Millis> retryAfter);
    // The secrets themselves were refused: the credential's own probe decides when to try again.
    void fetchRefused();

    // The platform refused a request that carried token `number`. True when a new token may mend
    // it: all that wait share one. False: this one was fetched for that very reason, so it is not
    // the token.
    [[nodiscard]] bool refused(int number);
    void accepted(int number);

    [[nodiscard]] int number() const { return m_number; } // of the present token; 0: none yet
    [[nodiscard]] const std::string& trouble() const { return m_trouble; }
    void setTrouble(std::string text) { m_trouble = std::move(text); }

    static constexpr Millis kRetryFirst { 1'000 };
    static constexpr Millis kRetryMost { 60'000 };
    // A token is renewed when a tenth of its life is left, at most five minutes before its end.
    static constexpr Seconds kRenewBeforeMost { 300 };

private:
    std::string m_value {};
    int m_number { 0 };
    SteadyTime m_renewAt { SteadyTime::min() };
    SteadyTime m_endsAt { SteadyTime::min() };
    SteadyTime m_retryAt { SteadyTime::min() };
    int m_failures { 0 };
    bool m_isFetching { false };
    bool m_isReplacement { false }; // fetched because the one before was refused
    std::string m_trouble {}; // why there is none, in plain words
};

} // namespace engine::delivery
