// The columns of a table by hand: which are shown, in which order, how wide. GUI thread.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

class QMenu;
class QSettings;
class QTableView;

namespace ui {

// Give it the table when its model and its widths are set: that is what reset() goes back to. Until
// somebody chooses, nothing is remembered, and another language or font finds its own widths.
class ColumnChooser final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ColumnChooser)
public:
    ColumnChooser(QTableView& table, QString key);

    void addColumns(QMenu& menu); // one entry each; at least one column stays
    void save(QSettings& settings) const;
    void restore(QSettings& settings); // what is broken changes nothing
    void reset();

private:
    void showMenu(const QPoint& position);
    [[nodiscard]] int shownColumns() const;

    QTableView& m_table;
    QString m_key;
    QByteArray m_default;
    bool m_isChosen { false };
};

} // namespace ui
