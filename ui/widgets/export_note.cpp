#include "widgets/export_note.h"

#include "dlq/masking.h"
#include "widgets/command_runner.h"

namespace ui {

void noteExport(
    engine::EnginePort& engine, const QString& what, std::int64_t rows, const QString& remark)
{
    QString scope = rows == 1 ? QStringLiteral("1 row") : QStringLiteral("%1 rows").arg(rows);
    if (!remark.isEmpty())
        scope += QStringLiteral(", ") + maskText(remark);
    engine.submit({ .what = engine::NoteCommand { .action = "export",
                        .target = what.toStdString(),
                        .after = scope.toStdString() },
                      .who = currentUser() },
        [](const engine::CommandResult&) {});
}

} // namespace ui
