// What nearly every test includes anyway; parsed once.
#pragma once

#include <engine/commands.h>
#include <engine/engine_port.h>
#include <engine/pages.h>
#include <engine/snapshot.h>

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace QTest {

// The engine's toString() of an enum hands out a literal. Qt takes it for its own and frees it when
// a comparison fails: the test would end there, and say nothing.
template <class Enum>
requires std::is_enum_v<Enum> && requires(Enum value)
{
    {
        toString(value)
        } -> std::same_as<const char*>;
}
bool qCompare(const Enum& actual, const Enum& expected, const char* actualText,
    const char* expectedText, const char* file, int line)
{
    return compare_helper(
        actual == expected, "Compared values are not the same",
        [actual] { return qstrdup(toString(actual)); },
        [expected] { return qstrdup(toString(expected)); }, actualText, expectedText, file, line);
}

} // namespace QTest
