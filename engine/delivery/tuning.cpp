#include "delivery/tuning.h"

#include <cstdio>

namespace engine::delivery {

std::string toString(const Tuning& tuning)
{
    std::string text;
    const auto append
        = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (tuning.concurrency)
        append("concurrency " + std::to_string(*tuning.concurrency));
    if (tuning.rate) {
        char rate[32];
        std::snprintf(rate, sizeof rate, "%.6g", *tuning.rate);
        append(std::string("rate ") + rate + "/s");
    }
    if (tuning.batch)
        append("batch " + std::to_string(*tuning.batch));
    return text.empty() ? "as configured" : text;
}

} // namespace engine::delivery
