// A draft between two runs of the program: what was chosen, how far it was, and the selection that
// was frozen for it.
#pragma once

#include "replay/replay_draft.h"

#include <engine/time.h>

#include <optional>

class QSettings;

namespace ui {

struct StoredDraft {
    ReplayDraft draft {}; // without the preview: it is counted again, or has expired
    std::optional<engine::SelectionId> selection {};
};

void saveDraft(const ReplayDraft& draft, QSettings& settings);
void forgetDraft(QSettings& settings);
// Nothing when none was kept.
[[nodiscard]] std::optional<StoredDraft> loadDraft(QSettings& settings, engine::WallTime now);

} // namespace ui
