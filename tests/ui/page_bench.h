// One page over the fake engine, without the window around it. For tests.
#pragma once

#include "support/fake_engine.h"
#include "theme/theme.h"
#include "window/page.h"
#include "window/ui_test_mode.h"

#include <QFile>

namespace ui::testing {

template <class ThePage>
struct PageBench {
    explicit PageBench(engine::SafetyLevel safety = engine::SafetyLevel::Standard)
        : engine(engine::testing::FakeEngineOptions {
            .scenario = "trouble", .deadLetters = 2'000, .safety = safety })
        , page(ConsoleContext { engine, theme, clock, false })
    {
        QObject::connect(&engine, &engine::EnginePort::snapshotPublished, &page,
            [this](const engine::SnapshotPtr& snapshot) { page.applySnapshot(snapshot); });
        page.resize(1'300, 800);
        page.show();
    }
    template <class Widget>
    Widget* find(const char* name)
    {
        return page.template findChild<Widget*>(QLatin1String(name));
    }

    engine::testing::FakeEngine engine;
    Theme theme { ThemeMode::Light };
    FixedUiClock clock { engine.now() };
    ThePage page;
};

inline QByteArray contentOf(const QString& file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

} // namespace ui::testing
