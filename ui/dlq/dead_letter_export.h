// Writes the rows of a dead-letter list to a file, page by page, outside of the GUI thread.
#pragma once

#include <engine/engine_port.h>

#include <QObject>
#include <QString>
#include <QThread>

#include <optional>

namespace ui {

enum class ExportFormat { JsonLines, Csv };

// One export per object. Rows are read through the port by key, at most one page ahead of the disk,
// and laid out and written by a thread of its own; signals arrive in the creator's thread. The file
// appears under its name only when it is complete (with FILE.meta.json beside it: scope, count,
// time); cancel() and failure leave nothing behind. JSON Lines carry payload and answer, CSV what
// fits a cell. Personal data and secrets are masked in all of it.
class DeadLetterExport final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeadLetterExport)
public:
    struct Options {
        engine::DeadLetterFilter filter {};
        QString scopeText {}; // the filter line, for the sidecar
        engine::WallTime asOf {}; // what failed first after that is not in it
        QString file {};
        ExportFormat format { ExportFormat::JsonLines };
        int pageRows { 1'000 };
    };
    DeadLetterExport(engine::EnginePort& engine, Options options, QObject* parent = nullptr);
    ~DeadLetterExport() override; // cancels and joins

    void start();
    void cancel();

Q_SIGNALS:
    void progressed(qint64 rows);
    void finished(qint64 rows); // the file is complete
    void stopped(const QString& reason); // cancelled or failed, in words

private:
    class Writer;
    void ask(std::optional<engine::DeadLetterId> after);
    void take(engine::DeadLetterPage page);
    void stop(const QString& reason);
    [[nodiscard]] QByteArray sidecar() const;

    engine::EnginePort& m_engine;
    Options m_options;
    QThread m_thread {};
    Writer* m_writer; // lives in m_thread, deleted by its finished()
    qint64 m_rows { 0 };
    bool m_isOver { false };
};

[[nodiscard]] QByteArray toJsonLine(const engine::DeadLetterRow& row);
[[nodiscard]] QByteArray toCsvLine(const engine::DeadLetterRow& row);
[[nodiscard]] QByteArray csvHead();

} // namespace ui
