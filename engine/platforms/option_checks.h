// What a destination's own options may hold, checked one after the other and said in words that
// name the option, what was expected and what was found. An option that is not set is right, unless
// it is needed. Pure; any thread.
#pragma once

#include "platforms/adapter.h"

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace engine::platforms {

class OptionChecks {
public:
    explicit OptionChecks(const DestinationConfig& destination)
        : m_destination(destination)
    {
    }

    using IsRight = std::function<bool(std::string_view value)>;

    void need(std::string_view option, std::string_view expected);
    void is(std::string_view option, const IsRight& isRight, std::string_view expected);
    void isOneOf(std::string_view option, std::initializer_list<std::string_view> values);
    void isDuration(std::string_view option); // "6h", above zero
    void isWholeNumber(std::string_view option, std::int64_t least, std::int64_t most);
    void isAddress(std::string_view option); // http:// or https://; clear text is warned of
    void isLetters(std::string_view option, std::size_t count, std::string_view example);
    void isActionSource(); // option action_source: one of the canonical sources
    // Every value of event_names.
    void areNames(const IsRight& isRight, std::string_view expected);
    // Options test_traffic and `code`: what shows events in a test view instead of counting them.
    void isTestTraffic(std::string_view code);

    [[nodiscard]] std::vector<OptionProblem> take() { return std::move(m_problems); }

private:
    void wrong(std::string_view key, std::string_view expected, std::string_view found);

    const DestinationConfig& m_destination;
    std::vector<OptionProblem> m_problems {};
};

[[nodiscard]] bool isAllDigits(std::string_view text); // at least one

} // namespace engine::platforms
