#include "widgets/export_note.h"

#include "dlq/masking.h"
#include "widgets/command_runner.h"

namespace ui {

void noteExport(engine::EnginePort& engine, const QString& what, const QString& scope)
{
    engine.submit({ .what = engine::NoteCommand { .action = "export",
                        .target = what.toStdString(),
                        .after = maskText(scope).toStdString() },
                      .who = currentUser() },
        [](const engine::CommandResult&) {});
}

} // namespace ui
