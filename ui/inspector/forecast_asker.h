// Asks the engine what would happen, for one shard or a few, and forgets what nobody wants to know
// any more. GUI thread.
#pragma once

#include <engine/engine_port.h>

#include <QObject>
#include <QString>

#include <vector>

namespace ui {

// One question is under way at a time. A new set of questions cancels the old one; its answer, if
// it still comes, is dropped. However fast a slider moves, the engine has one question to answer.
class ForecastAsker final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ForecastAsker)
public:
    static constexpr std::size_t kShardsMax = 8;

    explicit ForecastAsker(engine::EnginePort& engine, QObject* parent = nullptr);
    ~ForecastAsker() override; // cancels

    // At most kShardsMax; one answer for all of them together.
    void ask(std::vector<engine::ForecastQuery> queries);
    void cancel();
    [[nodiscard]] bool isAsking() const { return m_isAsking; }

Q_SIGNALS:
    void answered(const engine::Forecast& forecast);
    void failed(const QString& why);

private:
    void askNext();
    void take(const engine::Result<engine::Forecast>& result, std::uint64_t generation);

    engine::EnginePort& m_engine;
    std::vector<engine::ForecastQuery> m_queries {};
    std::vector<engine::Forecast> m_answers {};
    std::shared_ptr<std::atomic<bool>> m_isCancelled {};
    std::uint64_t m_generation { 0 };
    bool m_isAsking { false };
    bool m_isUnderWay { false }; // also while the answer is not wanted any more
};

// Several shards as one: rates and what waits summed, the last to drain, the first refusal.
[[nodiscard]] engine::Forecast merged(const std::vector<engine::Forecast>& forecasts);

} // namespace ui
