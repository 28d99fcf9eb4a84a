// The arguments of `--ui-test`: a window that looks the same on every machine and every run, for
// screenshots and for tests that drive it from outside.
#pragma once

#include "theme/theme.h"
#include "window/page.h"
#include "window/ui_clock.h"

#include <engine/result.h>

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>

class QApplication;

namespace ui {

class MainWindow;

// A clock that stands still until it is told otherwise.
class FixedUiClock final : public UiClock {
public:
    explicit FixedUiClock(engine::WallTime now)
        : m_now(now)
    {
    }
    [[nodiscard]] engine::SteadyTime steadyNow() const override
    {
        return engine::SteadyTime { m_now.time_since_epoch() };
    }
    [[nodiscard]] engine::WallTime wallNow() const override { return m_now; }
    void setNow(engine::WallTime now) { m_now = now; }

private:
    engine::WallTime m_now;
};

struct UiTestMode {
    bool isOn { false }; // --ui-test
    std::string scenario { "calm" }; // --scenario NAME
    engine::Seconds at { 0 }; // --at SECONDS: how long the scenario has been running
    std::uint32_t seed { 7 }; // --seed N
    int shards { 16 }; // --shards N
    std::int64_t deadLetters { 4'812 }; // --dead-letters N
    PageId page { PageId::Overview }; // --page NAME
    QSize size { 1'440, 900 }; // --size WxH
    ThemeMode theme { ThemeMode::Light }; // --theme light|dark
    std::string profileKind { "simulator" }; // --profile live|practice|simulator
    QString language { QStringLiteral("en") }; // --language CODE, whatever the desktop speaks
    QString filter {}; // --filter TEXT, of the overview
    QString select {}; // --select DESTINATION/ACCOUNT
    QString screenshot {}; // --screenshot FILE, then exit 0

    // Reads the arguments after the program's name; unknown ones are refused.
    [[nodiscard]] static engine::Result<UiTestMode> parse(const QStringList& arguments);
    // DejaVu Sans 9 pt, before Theme::install(): text is as wide here as there.
    void prepare() const;
    // Size, page, filter and selection; then, with a screenshot wanted, takes it when everything
    // is laid out and ends the event loop: 0, or 1 when the file could not be written.
    void apply(MainWindow& window) const;
};

} // namespace ui
