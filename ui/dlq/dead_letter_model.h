// Dead letters for a table, over a list that may hold a million of them.
#pragma once

#include <engine/engine_port.h>

#include <QAbstractTableModel>

#include <map>
#include <optional>
#include <vector>

namespace ui {

// Memory holds at most kWindowsMax windows of rows; the view says what it shows and the model reads
// that, one page at a time and the newest wish first. Rows not read yet show "…". data() touches
// memory only.
//
// The engine reads by key alone, so the model must know the id before a row to read it. Rows that
// hang together with one that was read are exact. Where somebody drags the scroll bar into the
// unread middle, the id there is interpolated between the nearest known rows: the rows shown are
// true and in order, only their distance from the top is an estimate, and it is put right
// (rows inserted or removed at an end, see contentShifted) as soon as reading meets an end.
class DeadLetterModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DeadLetterModel)
public:
    enum Column {
        EventIdColumn,
        ShardColumn,
        TypeColumn,
        ReasonColumn,
        HttpColumn,
        CodeColumn,
        AttemptsColumn,
        FirstSeenColumn,
        LastFailedColumn,
        EventTimeColumn,
        ExpiresColumn,
        SizeColumn,
        StateColumn,
        kColumns
    };
    // Qt::UserRole id, +1 state, +2 sort key, +3 raw value, as in every list of the console.
    enum Role { IdRole = Qt::UserRole, StateRole, SortKeyRole, RawRole };
    static constexpr int kWindowRows = 256;
    static constexpr int kWindowsMax = 64;
    static constexpr int kRowsMax = 20'000'000; // a header of 24 px rows stays within an int

    explicit DeadLetterModel(engine::EnginePort& engine, QObject* parent = nullptr);

    // Starts a new list. The old rows stay until the first page is here, so nothing flashes.
    // `expected`: how many there will be, when a maintained counter knows; otherwise the list grows
    // as it is read. With neither filter nor `expected` the store's own counter is taken.
    struct Query {
        engine::DeadLetterFilter filter {};
        bool isNewestFirst { false };
        std::optional<std::int64_t> expected {};
    };
    void load(Query query);
    void reload() { load(m_query); }
    void retry(); // after a failed page, or one that was given up
    void cancel(); // a new list that is still being looked for; the old one stays
    void setVisibleRows(int first, int last);

    [[nodiscard]] const Query& query() const { return m_query; }
    [[nodiscard]] const engine::DeadLetterRow* rowAt(int row) const; // null: not read yet
    [[nodiscard]] int rowOf(engine::DeadLetterId id) const; // -1: not in memory
    [[nodiscard]] bool isLoading() const { return m_isReplacing; }
    [[nodiscard]] bool isCancelled() const { return m_isCancelled; }
    [[nodiscard]] bool isTotalKnown() const { return m_isTotalKnown; }
    [[nodiscard]] const std::optional<engine::Error>& failure() const { return m_failure; }
    [[nodiscard]] int windowsHeld() const { return static_cast<int>(m_windows.size()); }
    [[nodiscard]] std::int64_t waitingTotal() const { return m_waitingTotal; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(
        int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void statusChanged(); // loading, failure, total: whatever stands around the table
    void contentShifted(int rows); // the rows on screen now lie this much further down

private:
    struct Window {
        std::vector<engine::DeadLetterRow> rows {};
        int chain { 0 };
        std::uint64_t usedAt { 0 };
    };
    struct Anchor {
        engine::DeadLetterId id {};
        int chain { 0 };
    };
    enum class Place { Head, Tail, Forward, Backward, Estimate };
    // One page to read: where it goes and after which id. `row` is the first row of the page
    // (Forward, Estimate), or the one behind its last (Backward).
    struct Ask {
        Place place { Place::Head };
        int row { 0 };
        std::optional<engine::DeadLetterId> after {};
        int chain { 0 };
    };
    using Windows = std::map<int, Window>;

    void askMore();
    void send(const Ask& ask);
    void read(const Ask& ask, std::optional<engine::DeadLetterId> after);
    [[nodiscard]] bool isPageWanted(const engine::DeadLetterPage& page) const;
    void accept(const Ask& ask, engine::DeadLetterPage page);
    void startList(engine::DeadLetterPage& page);
    [[nodiscard]] std::optional<Ask> nextAsk() const;
    [[nodiscard]] Ask askFor(int row) const;
    [[nodiscard]] Ask estimateFor(int row) const;
    [[nodiscard]] int firstMissing(int first, int last) const;
    [[nodiscard]] Windows::const_iterator windowAt(int row) const;

    void placeForward(const Ask& ask, engine::DeadLetterPage& page);
    void placeBackward(const Ask& ask, engine::DeadLetterPage& page);
    void placeTail(engine::DeadLetterPage& page);
    void placeEstimate(const Ask& ask, engine::DeadLetterPage& page);
    void put(int first, int chain, std::vector<engine::DeadLetterRow> rows);
    void keep(int first, int chain, std::vector<engine::DeadLetterRow> rows);
    void forgetOtherChains(int first, int last, int chain);
    void setCount(int count);
    void shift(int by);
    void evict();

    engine::EnginePort& m_engine;
    Query m_query {};
    std::uint64_t m_generation { 0 };
    bool m_isReplacing { false }; // a new list was asked for and has not begun
    bool m_isPageInFlight { false };
    bool m_isCancelled { false };
    bool m_isTotalKnown { false };
    bool m_isTailWanted { false }; // both ends known: better estimates
    std::int64_t m_waitingTotal { 0 };
    std::optional<engine::Error> m_failure {};
    std::vector<engine::DeadLetterRow> m_gathered {}; // of a page that comes in pieces

    int m_count { 0 };
    int m_visibleFirst { 0 };
    int m_visibleLast { 0 };
    Windows m_windows {}; // by first row; never overlap
    std::map<int, Anchor> m_anchors {}; // ids at the ends of every window read, also evicted ones
    int m_lastChain { 0 };
    std::uint64_t m_useCount { 0 };
};

} // namespace ui
