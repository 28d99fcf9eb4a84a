// Whether it is sale mode now: the days that matter, as the configuration's [[sale_window]]s say or
// as an operator has said last.
#pragma once

#include "core/config.h"
#include "store/reader.h"

#include <engine/commands.h>
#include <engine/snapshot.h>

#include <optional>
#include <string>
#include <vector>

namespace engine {

// Pure; host thread.
class SaleBook {
public:
    using Windows = std::vector<SaleWindow>;
    // Those rows of the last run that are about sale mode; others are passed over.
    explicit SaleBook(const std::vector<store::OverrideRow>& rows);

    [[nodiscard]] SaleMode at(const Windows& windows, WallTime now) const;

    // The row to keep. Off without an end lasts as long as the present window; outside of one there
    // is nothing to switch off but what an operator has switched on.
    [[nodiscard]] Result<store::OverrideRow> set(
        const SaleCommand& command, const std::string& who, const Windows& windows, WallTime now);

    [[nodiscard]] static bool isAbout(const store::OverrideRow& row);

private:
    struct Switch {
        bool isOn { false };
        std::optional<WallTime> until {};
        std::string who {};
    };
    std::optional<Switch> m_switch {};
};

// "on until 2026-11-27T23:59:00Z (ann)", "off"; plain words for audit, log and status.
[[nodiscard]] std::string toString(const SaleMode& mode);

} // namespace engine
