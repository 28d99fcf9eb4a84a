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
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>
