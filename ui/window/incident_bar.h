// The bar on top of every page: which profile, how many shards are in trouble and how, totals,
// running jobs, the clock. Chips filter the overview. GUI thread only.
#pragma once

#include <engine/snapshot.h>

#include <QWidget>

#include <optional>
#include <vector>

class QAction;
class QHBoxLayout;
class QLabel;
class QToolButton;

namespace ui {

class QuietLabel;
class Theme;

class IncidentBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IncidentBar)
public:
    IncidentBar(Theme& theme, QAction* pauseAll, QWidget* parent = nullptr);

    void applySnapshot(const engine::EngineSnapshot& snapshot);
    void setSampleAge(engine::Millis age);
    void setTime(engine::WallTime now);
    [[nodiscard]] QString headline() const;

Q_SIGNALS:
    void stateChosen(engine::ShardState state);
    void jobChosen(qint64 job);
    void announced(const QString& text); // a screen reader has been told

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Chip {
        engine::ShardState state { engine::ShardState::NoData };
        QToolButton* button { nullptr };
        int count { 0 };
    };
    void build(QAction* pauseAll);
    QHBoxLayout* buildChips();
    QWidget* buildTotals();
    void restyle();
    void showHeadline();
    void showChips(const engine::EngineSnapshot& snapshot);
    void showJobs(const engine::EngineSnapshot& snapshot);
    void showSale(const engine::SaleMode& sale);
    void fitChips();
    void showMore(const std::vector<const Chip*>& leftOut);
    void announce();

    Theme& m_theme;
    QLabel* m_profile;
    QLabel* m_sale;
    QLabel* m_staleShape; // a clock, before a headline that is old
    QLabel* m_headline;
    QLabel* m_calm; // where the chips are when there are some
    std::vector<Chip> m_chips;
    QToolButton* m_more { nullptr }; // the chips that have no room
    QToolButton* m_jobs;
    std::optional<engine::ReplayJobId> m_job; // that the button names
    std::vector<QLabel*> m_totalCaptions; // before m_totals: building it fills them
    std::vector<QuietLabel*> m_totalValues; // In, Out, Queue, DLQ
    QWidget* m_totals;
    QToolButton* m_pauseAll;
    QuietLabel* m_clock;
    QLabel* m_zone;
    bool m_isLive { false };
    bool m_isStale { false };
    int m_shards { 0 };
    bool m_hasDestinations { false }; // a shard is there once its first event is
    int m_inTrouble { 0 };
    engine::Millis m_age { 0 };
    QString m_problem;
    engine::WallTime m_now {};
    std::optional<engine::WallTime> m_announcedAt;
    bool m_isAlertDue { false };
};

} // namespace ui
