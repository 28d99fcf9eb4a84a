// Aligned columns for a terminal.
#pragma once

#include <QStringList>

#include <vector>

namespace app {

class TextTable {
public:
    // `gap`: blanks between columns.
    explicit TextTable(QStringList header, int gap = 2);
    void addRow(QStringList cells);
    // Columns that hold numbers only (and dashes) are right-aligned; no blanks at line
    // ends.
    [[nodiscard]] QString text() const;

private:
    std::vector<QStringList> m_rows {};
    QString m_gap;
};

} // namespace app
