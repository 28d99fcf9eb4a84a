// The audit list, newest first, read page by page as it is scrolled. GUI thread.
#pragma once

#include <engine/engine_port.h>

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace ui {

class AuditModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AuditModel)
public:
    enum Column {
        TimeColumn,
        WhoColumn,
        ProfileColumn,
        ActionColumn,
        TargetColumn,
        ChangeColumn,
        ReasonColumn,
        ResultColumn,
        UndoOfColumn,
        CorrelationColumn,
        kColumns
    };
    enum Role { IdRole = Qt::UserRole, StateRole, SortKeyRole, RawRole };
    static constexpr int kPageRows = 256;
    static constexpr int kRowsMax = 100'000; // more is for the command line, not for reading

    explicit AuditModel(engine::EnginePort& engine, QObject* parent = nullptr);

    void load(engine::AuditFilter filter);
    void reload();
    void retry();
    [[nodiscard]] const engine::AuditFilter& filter() const { return m_filter; }
    [[nodiscard]] const engine::AuditRow* rowAt(int row) const;
    [[nodiscard]] const std::optional<engine::Error>& failure() const { return m_failure; }
    [[nodiscard]] bool isLoading() const { return m_isReplacing; }
    [[nodiscard]] bool isLastSeen() const { return m_isLastSeen; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void statusChanged();

private:
    void ask(std::optional<engine::AuditId> before);
    void accept(engine::AuditPage page);
    [[nodiscard]] static QString text(const engine::AuditRow& row, int column);

    engine::EnginePort& m_engine;
    engine::AuditFilter m_filter {};
    std::vector<engine::AuditRow> m_rows {};
    std::uint64_t m_generation { 0 };
    bool m_isReplacing { false };
    bool m_isPageInFlight { false };
    bool m_isLastSeen { true };
    std::optional<engine::Error> m_failure {};
};

} // namespace ui
