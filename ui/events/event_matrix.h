// Many events at once: a row per event, a column per destination, the state where they meet. GUI
// thread; data() touches memory only.
#pragma once

#include <engine/pages.h>

#include <QAbstractTableModel>

#include <vector>

namespace ui {

class EventMatrixModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EventMatrixModel)
public:
    enum Role { IdRole = Qt::UserRole, StateRole, SortKeyRole, RawRole }; // id: the event id

    explicit EventMatrixModel(QObject* parent = nullptr)
        : QAbstractTableModel(parent)
    {
    }

    void setPage(const engine::EventPage& page);
    // Only what some destination has not accepted, or the journal does not know.
    void setOpenOnly(bool isOpenOnly);
    [[nodiscard]] QString toCsv() const; // of what is shown
    [[nodiscard]] int all() const { return static_cast<int>(m_rows.size()); }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString eventId {};
        bool isMissing { false };
        bool isOpen { true };
        std::vector<QString> states {}; // one per destination, empty: no delivery there
    };
    [[nodiscard]] Row rowOf(const engine::EventTrace& trace) const;
    void choose();

    std::vector<QString> m_destinations {};
    std::vector<Row> m_rows {};
    std::vector<std::size_t> m_shown {}; // of m_rows
    bool m_isOpenOnly { false };
};

} // namespace ui
