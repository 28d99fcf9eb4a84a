// An export while it is written: how far it is, Cancel, and what came of it. GUI thread.
#pragma once

#include "dlq/dead_letter_export.h"

#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class ExportBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExportBar)
public:
    explicit ExportBar(engine::EnginePort& engine, QWidget* parent = nullptr);
    ~ExportBar() override;

    // `expected`: rows, where they are known.
    void start(const DeadLetterExport::Options& options, std::optional<std::int64_t> expected);
    [[nodiscard]] bool isWriting() const { return m_export != nullptr; }

private:
    void cancel();
    void over(const QString& text);

    engine::EnginePort& m_engine;
    std::unique_ptr<DeadLetterExport> m_export {};
    QLabel* m_text;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
};

} // namespace ui
