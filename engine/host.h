// The engine's own thread: builds the rooms, joins them, carries out commands, publishes snapshots.
#pragma once

#include "command_desk.h"
#include "config/config_file.h"
#include "config/watcher.h"
#include "control/control.h"
#include "core/clock.h"
#include "delivery/delivery_loop.h"
#include "ingress/cap_watch.h"
#include "ingress/ingress.h"
#include "reader_thread.h"
#include "replay/replay_service.h"
#include "retention.h"
#include "secrets/secret_store.h"
#include "simulator_session.h"
#include "snapshot_maker.h"
#include "store/store.h"

#include <engine/engine.h>

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace engine {

// Made anywhere, then lives in the thread "engine"; what may be called from elsewhere says so.
class Host final : public QObject {
    Q_OBJECT
public:
    using Publish = std::function<void(SnapshotPtr)>;
    Host(EngineOptions options, EnginePort& face, Publish publish);
    ~Host() override;

    [[nodiscard]] Status start();
    void stop();

    // Any thread, between start() and stop().
    void post(std::function<void()> work);
    [[nodiscard]] ReaderThread& reader() { return *m_reader; }

    // Host thread.
    [[nodiscard]] CommandDesk& desk() { return *m_desk; }
    [[nodiscard]] replay::ReplayService& replay() { return *m_replay; }
    [[nodiscard]] SnapshotMaker& snapshots() { return *m_snapshots; }
    // Answers in the reader's thread.
    void forecast(ForecastQuery query, Reply<Forecast> reply);
    void play(const SimulationPlay& play);
    // Reads the file again; the old configuration stays in force when it is refused.
    [[nodiscard]] Status reload();

    static constexpr int kTicksPerSecond = 4;

private:
    [[nodiscard]] Status loadFirst();
    [[nodiscard]] Status openSecrets();
    [[nodiscard]] Status openStore();
    [[nodiscard]] Status startDelivery();
    void deliveryTried(const Status& ready);
    void startReplays();
    void startDesk();
    void forget(std::vector<store::TakenRows> rows);
    [[nodiscard]] Status startIngress();
    [[nodiscard]] Status startControl();
    void startTimers();
    void pauseNewDestinations(const Config* before);
    void tick();
    void publish();
    void annotate(const ShardId& shard, const std::string& text);
    [[nodiscard]] std::pair<double, Seconds> arrivalsOf(const ShardSnapshot& shard) const;
    void refresh();
    // host_reload.cpp
    [[nodiscard]] Status checkReload(const Config& next);
    [[nodiscard]] Status checkPlatforms(const Config& next) const;
    void keepPlatforms();
    [[nodiscard]] Status movePorts(const Config& next);

    [[nodiscard]] Status storeHealth() const;
    [[nodiscard]] control::ControlKeys controlKeys();
    void secretsChanged();
    void keepRefreshToken(
        const DestinationConfig& destination, const std::string& account, const std::string& token);

    EngineOptions m_options;
    EnginePort& m_face;
    Publish m_publish;
    SystemClock m_clock {};
    config::PlatformSpecs m_specs {};
    std::shared_ptr<const Config> m_config {};
    std::string m_configProblem {};
    // By destination, those that are gone from the configuration too: what its waiting deliveries
    // were accepted for.
    std::map<std::string, std::string> m_platforms {};
    std::vector<store::OverrideRow> m_overrides {}; // of the last run, until the desk has them

    std::vector<store::ReplayJobRow> m_jobs {}; // of the last run, until the service has them
    std::map<std::string, WallTime> m_deferredUntil {}; // until ingress has it
    std::vector<ShardId> m_shardsAtStart {}; // without those that have retired

    // In the order in which they may use each other; destroyed the other way round.
    std::unique_ptr<SimulatorSession> m_simulator {};
    std::unique_ptr<store::Store> m_store {};
    std::unique_ptr<ReaderThread> m_reader {};
    std::unique_ptr<secrets::SecretStore> m_secrets {};
    std::unique_ptr<SnapshotMaker> m_snapshots {};
    std::unique_ptr<delivery::DeliveryLoop> m_loop {};
    std::unique_ptr<replay::ReplayService> m_replay {};
    std::unique_ptr<Retention> m_retention {};
    std::unique_ptr<CommandDesk> m_desk {};
    std::unique_ptr<ingress::Ingress> m_ingress {};
    std::unique_ptr<control::Control> m_control {};
    std::unique_ptr<config::FileWatcher> m_watcher {};
    ingress::CapWatch m_capWatch {};
    QTimer m_tick {};
    int m_ticks { 0 };
    bool m_isDeliveryLate { false }; // it could not start when the engine did
    bool m_isStopping { false };
};

} // namespace engine
