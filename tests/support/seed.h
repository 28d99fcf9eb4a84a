// The seed of a randomised test: printed, and settable as SPILLWAY_SEED to see a failure again.
#pragma once

#include <QString>

// moc of Qt 6.4 does not parse what <random> includes in C++20.
#ifndef Q_MOC_RUN
#include <random>
#endif

#include <cstdint>

namespace engine::testing {

inline std::uint64_t testSeed()
{
    const std::uint64_t seed = qEnvironmentVariableIsSet("SPILLWAY_SEED")
        ? qEnvironmentVariable("SPILLWAY_SEED").toULongLong()
        : std::random_device {}();
    qInfo("SPILLWAY_SEED=%llu", static_cast<unsigned long long>(seed));
    return seed;
}

} // namespace engine::testing
