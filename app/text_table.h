// Aligned columns for a terminal.
#pragma once

#include <QStringList>

#include <vector>

namespace app {

class TextTable {
public:
    explicit TextTable(QStringList header);
    void addRow(QStringList cells);
    // Columns that hold numbers only (and dashes) are right-aligned; two blanks between columns,
    // none at line ends.
    [[nodiscard]] QString text() const;

private:
    std::vector<QStringList> m_rows {};
};

} // namespace app
