// A tuning on trial: how long it still lasts, what comes after, and the two ways to end it now.
// GUI thread.
#pragma once

#include <engine/snapshot.h>

#include <QFrame>

#include <vector>

class QLabel;
class QPushButton;

namespace ui {

// Hidden while none of the shards is on trial. Decides nothing: the panel sends the command.
class TrialBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TrialBar)
public:
    explicit TrialBar(QWidget* parent = nullptr);

    void show(const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now);
    void setAllowed(bool isAllowed, const QString& whyNot);
    [[nodiscard]] const std::vector<engine::ShardId>& onTrial() const { return m_onTrial; }

Q_SIGNALS:
    void keepRequested();
    void revertRequested();

private:
    QLabel* m_text;
    QPushButton* m_keep;
    QPushButton* m_revert;
    std::vector<engine::ShardId> m_onTrial {};
};

// "Trial: 8:12 left, then concurrency 8." or of several shards the first to end. Pure.
[[nodiscard]] QString trialText(
    const std::vector<engine::ShardSnapshot>& shards, engine::WallTime now);
// "8:12", "1:02:05"; never below 0.
[[nodiscard]] QString countdown(engine::WallTime until, engine::WallTime now);

} // namespace ui
