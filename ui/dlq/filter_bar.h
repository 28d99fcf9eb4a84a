// The filter line with its chips, its complaint and the count beside it. GUI thread.
#pragma once

#include "dlq/dlq_filter.h"
#include "window/page.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSettings;

namespace ui {

// filterChanged() comes 250 ms after the last key, or at once on Return, and only for a line that
// can be read: while there is a mistake the list stays as it was.
class FilterBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterBar)
public:
    explicit FilterBar(const ConsoleContext& context, QWidget* parent = nullptr);

    void setLine(const QString& line); // as if typed and Return pressed
    [[nodiscard]] QString line() const;
    [[nodiscard]] const engine::DeadLetterFilter& filter() const { return m_filter; }
    void setCount(const QString& text, const QString& toolTip);
    void focusLine();
    void saveHistory(QSettings& settings) const;
    void restoreHistory(QSettings& settings);
    static constexpr int kHistoryMax = 20;

Q_SIGNALS:
    void filterChanged(const engine::DeadLetterFilter& filter);

private:
    void read();
    void showChips(const std::vector<FilterTerm>& terms);
    void remember();

    const ConsoleContext& m_context;
    engine::DeadLetterFilter m_filter {};
    QComboBox* m_history; // lines that were used, the newest first
    QLineEdit* m_line; // of the history
    QLabel* m_error;
    QLabel* m_count;
    QWidget* m_chips;
    QTimer m_delay {};
};

} // namespace ui
