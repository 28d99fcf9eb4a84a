// What a page shows, as a file for other programs: names that never change, plain numbers, times in
// UTC. GUI thread only.
#pragma once

#include <engine/engine_port.h>

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVariant>

#include <functional>
#include <vector>

class QWidget;

namespace ui {

struct ExportTable {
    QStringList columns {};
    std::vector<QVariantList> rows {}; // as many cells as columns; invalid: no value
};

// RFC 4180 with a line of titles; what has no value is empty.
[[nodiscard]] QByteArray toCsv(const ExportTable& table);
// An object per line; what has no value is left out.
[[nodiscard]] QByteArray toJsonLines(const ExportTable& table);

struct ExportQuestion {
    QString objectName {}; // of the dialog
    QString title {};
    QString fileName {}; // without suffix
    QString what {}; // as the audit calls it: "samples of snap/a77-eu"
};
// Asks for a file, CSV or JSONL, and writes what `make` returns when it was chosen: the newest
// values, not those of when the question came up. The audit is told before the file is there,
// `told` hears one sentence about the result.
void askForExport(QWidget* parent, engine::EnginePort& engine, const ExportQuestion& question,
    const std::function<ExportTable()>& make, const std::function<void(QString)>& told);

} // namespace ui
