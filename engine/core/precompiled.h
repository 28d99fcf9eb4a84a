// What nearly every engine source includes anyway; parsed once.
#pragma once

#include <QtCore/QObject>
#include <QtCore/QString>

#include <tl/expected.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
