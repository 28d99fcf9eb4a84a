// One SQLite connection through Qt SQL, with its prepared statements. Private to this room: nothing
// outside engine/store includes it.
#pragma once

#include <engine/result.h>

#include <QSqlDatabase>
#include <QSqlQuery>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace engine::store {

// A statement's text. Objects of it live as long as the program, so that their address names the
// prepared statement: hashing 2 KiB of SQL at each use would cost more than running it.
struct Sql {
    std::string text {};
};

// SQL whose middle part repeats once per row: "… VALUES (?,?)" + ",(?,?)" × (rows − 1) + "…".
// One exec through Qt SQL costs 1.5 to 3 µs whatever it does, so rows share one; each row count
// that occurs is prepared once.
class RowsSql {
public:
    RowsSql(std::string_view head, std::string_view row, std::string_view tail = {});
    // Rows are sent in chunks of 2^k, so that at most nine forms of a statement are ever prepared.
    static constexpr std::size_t kRowsMax = 256;
    [[nodiscard]] static std::size_t chunk(std::size_t rowsLeft);
    [[nodiscard]] const Sql& forRows(std::size_t rows) const; // rows: a value of chunk()

private:
    std::vector<Sql> m_texts {};
};

// A prepared statement. Parameters are bound in order of their question marks, which are never
// numbered: Qt 6.4 counts a number used twice as two parameters. exec() runs it and starts over.
// Text and blobs that are bound must live until exec() returned.
class Statement {
public:
    Statement(const QSqlDatabase& database, const std::string& sql);

    Statement& bind(std::int64_t value);
    Statement& bind(const std::optional<std::int64_t>& value);
    Statement& bindReal(double value);
    Statement& bindText(std::string_view utf8);
    Statement& bindTextOrNull(std::string_view utf8); // empty: NULL
    Statement& bindBlob(std::string_view bytes);
    Statement& bindNull();

    [[nodiscard]] bool isPrepared() const { return m_isPrepared; }
    [[nodiscard]] Status exec();
    // Rows of a SELECT; false after the last one, and where reading broke off: end() tells which.
    // The first row is read by exec() already, so a look-up of one row needs no end().
    [[nodiscard]] bool next();
    [[nodiscard]] std::int64_t integer(int column) const; // 0 when NULL
    [[nodiscard]] std::optional<std::int64_t> integerOrNull(int column) const;
    [[nodiscard]] double real(int column) const; // 0 when NULL
    [[nodiscard]] std::string text(int column) const; // UTF-8
    [[nodiscard]] std::string blob(int column) const;
    [[nodiscard]] std::int64_t affected() const { return m_query.numRowsAffected(); }
    // Ends a SELECT. An unfinished one keeps its snapshot open and holds up checkpoints.
    void finish() { m_query.finish(); }
    // The same, with why next() was false. Whoever takes few rows for all rows asks: half a lane
    // read would be a lane that is empty behind it.
    [[nodiscard]] Status end();

private:
    QSqlQuery m_query;
    int m_bound { 0 };
    bool m_isPrepared { false };
};

// Finishes a SELECT when the reader leaves, early or not.
class Finish {
public:
    explicit Finish(Statement& statement)
        : m_statement(statement)
    {
    }
    Finish(const Finish&) = delete;
    Finish& operator=(const Finish&) = delete;
    ~Finish() { m_statement.finish(); }

private:
    Statement& m_statement;
};

// The rows, when they were read to their end.
template <class Rows>
[[nodiscard]] Result<Rows> whole(Statement& statement, Rows rows)
{
    if (Status done = statement.end(); !done)
        return tl::unexpected(done.error());
    return rows;
}

struct ConnectionOptions {
    std::string path {}; // the database file
    bool isReadOnly { true };
    int cacheKiB { 4'096 }; // SQLite's own page cache
    int busyTimeoutMs { 2'000 };
};

// Made, used and destroyed in one thread.
class Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const ConnectionOptions& options);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    // The prepared statement of that text, made at first use and kept. Every use must end before
    // the same text is used again.
    [[nodiscard]] Statement& statement(const Sql& sql);
    // One that is not kept: SQL put together from a filter.
    [[nodiscard]] Statement prepare(const std::string& sql) const;
    [[nodiscard]] Status exec(const std::string& sql); // no parameters, no rows
    // The first column of the first row; 0 when there is none.
    [[nodiscard]] Result<std::int64_t> number(const std::string& sql) const;

private:
    explicit Connection(QString name);
    [[nodiscard]] Status configure(const ConnectionOptions& options);

    QString m_name {};
    QSqlDatabase m_database {};
    std::unordered_map<const Sql*, std::unique_ptr<Statement>> m_statements {};
};

// All that is read while it lives is of one moment: what moves from one table to another in between
// would stand in neither, or in both. No checkpoint passes it, so it lives for one call.
class OneMoment {
public:
    explicit OneMoment(Connection& connection);
    ~OneMoment();
    OneMoment(const OneMoment&) = delete;
    OneMoment& operator=(const OneMoment&) = delete;
    [[nodiscard]] const Status& begun() const { return m_begun; }

private:
    Connection& m_connection;
    Status m_begun;
};

// Rolls back unless committed.
class Transaction {
public:
    [[nodiscard]] static Result<std::unique_ptr<Transaction>> begin(Connection& connection);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();
    [[nodiscard]] Status commit();

private:
    explicit Transaction(Connection& connection)
        : m_connection(connection)
    {
    }
    Connection& m_connection;
    bool m_isOpen { true };
};

} // namespace engine::store
