// Ctrl+C in a table copies the rows that are selected, as spreadsheets take them: cells between
// tabs, in the order of the screen. GUI thread only.
#pragma once

class QTableView;

namespace ui {

// At most 10,000 rows. What is copied is what is shown, so masked where it is masked.
void copyCellsByKey(QTableView& table);

} // namespace ui
