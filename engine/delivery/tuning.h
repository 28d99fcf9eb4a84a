// A live override of one shard or destination. What is absent is as configured. A value.
#pragma once

#include <optional>
#include <string>

namespace engine::delivery {

struct Tuning {
    std::optional<int> concurrency {};
    std::optional<double> rate {}; // requests per second
    std::optional<int> batch {};
    bool isAboveCeilingAllowed { false };
    bool isCutToCeiling { false }; // above a ceiling it is cut, in place of being refused
    [[nodiscard]] bool isEmpty() const { return !concurrency && !rate && !batch; }
    friend bool operator==(const Tuning&, const Tuning&) = default;
};

// "concurrency 8, rate 2.5/s", "as configured": for the audit.
[[nodiscard]] std::string toString(const Tuning& tuning);

} // namespace engine::delivery
