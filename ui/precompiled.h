// What nearly every source of the console includes anyway; parsed once.
#pragma once

#include <engine/engine_port.h>

#include <QAction>
#include <QBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPointer>
#include <QTimer>
#include <QToolButton>
#include <QWidget>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>
