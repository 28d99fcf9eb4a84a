// Deliveries that wait for a destination which is not in the configuration: said, and moved to the
// dead letters when the operator wants that. GUI thread.
#pragma once

#include "guards/guard_rules.h"

#include <engine/snapshot.h>

#include <QFrame>

#include <string>

class QLabel;
class QPushButton;

namespace ui {

class CommandRunner;

class OrphanBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OrphanBar)
public:
    OrphanBar(CommandRunner& runner, QWidget* parent = nullptr);

    void setGuard(const Guard& guard);
    void applySnapshot(const engine::EngineSnapshot& snapshot);

private:
    void move();

    CommandRunner& m_runner;
    std::string m_destination {}; // the first of them
    bool m_isAllowed { true };
    bool m_isPending { false };
    QLabel* m_text;
    QPushButton* m_move;
};

} // namespace ui
