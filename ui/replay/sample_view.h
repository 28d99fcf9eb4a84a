// Three of the entries that would be sent: as they went before, and as they would go now. GUI
// thread.
#pragma once

#include "window/page.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QTableWidget;

namespace ui {

class SampleView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SampleView)
public:
    explicit SampleView(const ConsoleContext& context, QWidget* parent = nullptr);

    void load(engine::SelectionId selection); // what was loaded already is not asked for again
    void clear();

private:
    void accept(const engine::Result<std::vector<engine::ReplaySample>>& answer);
    void showSample(int index);

    const ConsoleContext& m_context;
    std::optional<engine::SelectionId> m_selection {};
    std::vector<engine::ReplaySample> m_samples {};
    QComboBox* m_choice;
    QLabel* m_verdict;
    QTableWidget* m_differences;
    QPlainTextEdit* m_before;
    QPlainTextEdit* m_after;
};

} // namespace ui
