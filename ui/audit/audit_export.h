// Writes the audit, as filtered, as JSON Lines: page by page from the engine, to disk in a worker
// thread. GUI thread.
#pragma once

#include <engine/engine_port.h>

#include <QObject>

namespace ui {

class AuditExport final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditExport)
public:
    static constexpr int kRowsMax = 100'000; // newest first; it says when there were more

    AuditExport(engine::EnginePort& engine, engine::AuditFilter filter, QString file,
        QObject* parent = nullptr);

    void start();

Q_SIGNALS:
    void finished(const QString& message); // once, good or bad

private:
    void ask(std::optional<engine::AuditId> before);
    void take(const engine::AuditPage& page);
    void write(bool isCut);

    engine::EnginePort& m_engine;
    engine::AuditFilter m_filter;
    QString m_file;
    QByteArray m_text {};
    int m_rows { 0 };
};

} // namespace ui
