// The window over a fake engine, in test mode: fixed clock, nothing staggered. For tests.
#pragma once

#include "models/shard_table_model.h"
#include "overview/overview_page.h"
#include "shard/shard_page.h"
#include "support/fake_engine.h"
#include "window/main_window.h"
#include "window/ui_test_mode.h"

#include <QApplication>
#include <QTableView>

namespace ui::testing {

using namespace std::chrono_literals;

class EmptyInspector final : public InspectorPage {
public:
    EmptyInspector() { setMinimumWidth(300); }
    QString title() const override { return QStringLiteral("Inspector"); }
    void applySnapshot(const engine::SnapshotPtr& /*snapshot*/) override { ++snapshots; }
    void setSelection(const std::vector<engine::ShardId>& shards) override { selection = shards; }
    void showPauseSheet(const std::vector<engine::ShardId>& shards) override { sheet = shards; }
    void focusTuning() override { }
    void askResume(const std::vector<engine::ShardId>& shards) override { resumed = shards; }

    std::vector<engine::ShardId> selection;
    std::vector<engine::ShardId> resumed;
    std::vector<engine::ShardId> sheet;
    int snapshots { 0 };
};

struct Console {
    explicit Console(engine::testing::FakeEngineOptions options = {}, QSettings* settings = nullptr,
        QSize size = { 1'440, 900 })
        : engine(std::move(options))
        , clock(engine.now())
        , window({ engine, theme, clock, false }, settings)
    {
        window.addPage(
            PageId::Shard, new ShardPage({ engine, theme, clock, false }), QStringLiteral("shard"));
        window.setInspector(inspector);
        window.resize(size);
        window.show();
        QApplication::processEvents();
    }
    void advance(engine::Seconds by = 1s)
    {
        clock.setNow(clock.wallNow() + by);
        engine.advance(by);
        QApplication::processEvents();
    }
    template <class T>
    T& find(const char* name)
    {
        auto* found = window.findChild<T*>(QLatin1String(name));
        if (found == nullptr)
            qFatal("no %s", name);
        return *found;
    }
    QTableView& table() { return find<QTableView>("overview_table"); }
    QStringList order()
    {
        QStringList ids;
        for (int row = 0; row < table().model()->rowCount(); ++row)
            ids << table().model()->index(row, 0).data(ShardTableModel::IdRole).toString();
        return ids;
    }

    Theme theme { ThemeMode::Light };
    engine::testing::FakeEngine engine;
    FixedUiClock clock;
    EmptyInspector* inspector { new EmptyInspector }; // the window takes it
    MainWindow window;
};

} // namespace ui::testing
