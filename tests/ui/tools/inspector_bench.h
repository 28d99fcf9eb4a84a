// The inspector over the fake engine, and a shard with numbers that are easily reckoned with.
#pragma once

#include "inspector/inspector.h"
#include "support/fake_engine.h"
#include "theme/theme.h"
#include "window/ui_test_mode.h"

#include <algorithm>
#include <variant>

namespace ui::testing {

inline engine::ShardSnapshot shardLike()
{
    engine::ShardSnapshot shard;
    shard.shard = { "meta", "1" };
    shard.latencyP50 = engine::Millis { 500 };
    shard.latencyP95 = engine::Millis { 1'000 };
    shard.inPerSecond = 400;
    shard.outPerSecond = 200;
    shard.queueDepth = 60'000;
    shard.concurrency = { .now = 4, .configured = 4, .ceiling = 32.0 };
    shard.rate = { .now = 0, .configured = 0, .ceiling = 10.0 };
    shard.batch = { .now = 100, .configured = 100, .ceiling = 1'000.0 };
    return shard;
}

// With one shard selected, which is in that state.
struct InspectorBench {
    explicit InspectorBench(engine::ShardState state)
        : inspector(ConsoleContext { engine, theme, clock, false })
    {
        engine.advance(engine::Seconds { 1 });
        const engine::SnapshotPtr snapshot = engine.snapshot();
        for (const auto& shard : snapshot->shards) {
            if (shard.state == state)
                id = shard.shard;
        }
        QObject::connect(&engine, &engine::EnginePort::snapshotPublished, &inspector,
            [this](const engine::SnapshotPtr& s) { inspector.applySnapshot(s); });
        inspector.resize(360, 900);
        inspector.setSelection({ id });
        inspector.show();
    }
    template <class Widget>
    Widget* find(const char* name) const
    {
        return inspector.findChild<Widget*>(QLatin1String(name));
    }
    // Commands of one kind that reached the engine.
    template <class What>
    int sent() const
    {
        return static_cast<int>(std::count_if(engine.commands().begin(), engine.commands().end(),
            [](const auto& c) { return std::holds_alternative<What>(c.what); }));
    }

    engine::testing::FakeEngine engine { engine::testing::FakeEngineOptions {
        .scenario = "trouble" } };
    Theme theme { ThemeMode::Light };
    FixedUiClock clock { engine.now() };
    engine::ShardId id {};
    Inspector inspector;
};

} // namespace ui::testing
