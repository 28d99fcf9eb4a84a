// The thresholds of the states: what is in force, what each may be, and how many shards a change
// would put into another state. They belong to the engine: every change is a command. GUI thread.
#pragma once

#include "settings/settings_pages.h"

#include <engine/engine_port.h>

#include <vector>

class QGridLayout;
class QLabel;
class QLineEdit;
class QToolButton;

namespace ui {

class CommandRunner;

class ThresholdPage final : public SettingsPage {
    Q_OBJECT
public:
    ThresholdPage(engine::EnginePort& engine, const Theme& theme, QWidget* parent);

    // Every threshold as configured again.
    void reset() override;
    void applySnapshot(const engine::SnapshotPtr& snapshot);

protected:
    void showSettings() override { }

private:
    struct Field {
        engine::Threshold id {};
        QLineEdit* edit { nullptr };
        QToolButton* reset { nullptr };
    };
    void addGroup(const Theme& theme, const QString& title);
    void addRow(const QString& label, engine::Threshold value,
        std::optional<engine::Threshold> holdFor = std::nullopt);
    void addField(int column, const QString& name, engine::Threshold id);
    void preview(const Field& field);
    void send(const Field& field);
    void submit(std::map<engine::Threshold, std::optional<double>> values);
    void showField(const Field& field);

    engine::EnginePort& m_engine;
    CommandRunner* m_runner;
    engine::SnapshotPtr m_snapshot;
    QGridLayout* m_grid;
    QLabel* m_effect; // "would change 2 shards now", or what went wrong
    std::vector<Field> m_fields {};
};

// "%", "per minute", "" …
[[nodiscard]] QString unitText(engine::ThresholdUnit unit);

} // namespace ui
