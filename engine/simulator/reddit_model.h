// Reddit Conversions API from the platform's side: POST [/api/v3]/pixels/{pixel}/conversion_events
// and POST [/api/v2.0]/conversions/events/{account}. A batch is taken or refused whole. One thread.
#pragma once

#include "simulator/platform_model.h"
#include "simulator/reddit_rules.h"

#include <map>
#include <string>

namespace engine::simulator {

class RedditModel final : public PlatformModel {
public:
    using PlatformModel::PlatformModel;
    [[nodiscard]] std::string accountOf(
        const http::ServerRequest& request, std::string_view path) const override;

private:
    [[nodiscard]] http::ServerResponse process(Call& call) override;
    [[nodiscard]] http::ServerResponse unavailable(Call& call) const override;
    [[nodiscard]] http::ServerResponse unauthorized(Call& call) const override;
    [[nodiscard]] http::ServerResponse throttled(Call& call, Millis untilFree) const override;
    // "invalid_events" echoes the first event with the message. Under 200 how many were processed;
    // 401 in both of its forms, with a code and without.
    [[nodiscard]] http::ServerResponse scripted(
        Call& call, const ScriptedAnswer& answer) const override;
    [[nodiscard]] Millis dedupWindow() const override { return std::chrono::hours { 48 }; }

    [[nodiscard]] http::ServerResponse take(
        Call& call, const Json& events, RedditForm form, bool isTest) const;
    void addQuotaHeaders(const Call& call, const std::string& token, http::ServerResponse& reply);

    // Requests by token that were let in, in the present period of the quota.
    std::map<std::string, std::int64_t> m_used {};
    std::int64_t m_period { 0 };
};

// Does this path belong to the platform? For requests without a prefix that names it.
[[nodiscard]] bool isRedditPath(std::string_view path);

} // namespace engine::simulator
