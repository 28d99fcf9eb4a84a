// Whether personal data in payloads is shown in clear: for ten minutes, with a reason, and in the
// audit. Copies, exports and what is logged stay masked whatever is set here. GUI thread.
#pragma once

#include "dlq/masking.h"

#include <engine/engine_port.h>

#include <QFrame>
#include <QObject>
#include <QTimer>

class QLabel;

namespace ui {

class Privacy final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Privacy)
public:
    static constexpr engine::Seconds kShownFor { 600 };

    explicit Privacy(engine::EnginePort& engine, QObject* parent = nullptr);

    [[nodiscard]] PersonalData mode() const;
    [[nodiscard]] engine::Seconds left() const; // 0 while it is masked
    // Shows it when the audit has taken the reason; a second call begins the ten minutes again.
    void show(const QString& reason);
    void hide(); // at once

public Q_SLOTS:
    void tick(); // one second passed

Q_SIGNALS:
    void changed(); // shown or masked
    void ticked();
    void refused(const QString& why);

private:
    void end(const std::string& reason);

    engine::EnginePort& m_engine;
    QTimer m_timer {};
    engine::Seconds m_left { 0 };
};

// Asks for the reason, and shows personal data once it is given. Does not block.
void askUnmask(Privacy& privacy, QWidget* parent);

// The line that reminds everybody in front of the screen, with the way to end it. Visible only
// while something is shown.
class PrivacyBar final : public QFrame {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PrivacyBar)
public:
    explicit PrivacyBar(Privacy& privacy, QWidget* parent = nullptr);

private:
    void showTime();

    Privacy& m_privacy;
    QLabel* m_text;
};

} // namespace ui
