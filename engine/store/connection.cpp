#include "store/connection.h"

#include <QSqlError>
#include <QVariant>

#include <array>
#include <atomic>
#include <bit>

namespace engine::store {
namespace {

const Sql kBegin { "BEGIN IMMEDIATE" };
const Sql kCommit { "COMMIT" };
const Sql kBeginRead { "BEGIN DEFERRED" };
const Sql kEndRead { "COMMIT" };

tl::unexpected<Error> sqlFailure(const QSqlError& error)
{
    // 13 is SQLITE_FULL: the only failure that its callers answer differently.
    const bool isFull = error.nativeErrorCode() == QLatin1String("13");
    return fail(isFull ? ErrorCode::DiskFull : ErrorCode::Storage,
        isFull ? "The disk is full." : "The store could not be read or written.", {},
        error.text().toStdString());
}

} // namespace

RowsSql::RowsSql(std::string_view head, std::string_view row, std::string_view tail)
{
    for (std::size_t rows = 1; rows <= kRowsMax; rows *= 2) {
        std::string text(head);
        for (std::size_t i = 0; i < rows; ++i) {
            if (i > 0)
                text += ',';
            text += row;
        }
        text += tail;
        m_texts.push_back({ std::move(text) });
    }
}

std::size_t RowsSql::chunk(std::size_t rowsLeft)
{
    return std::min(std::bit_floor(rowsLeft), kRowsMax);
}

const Sql& RowsSql::forRows(std::size_t rows) const
{
    Q_ASSERT(rows == chunk(rows));
    return m_texts[static_cast<std::size_t>(std::countr_zero(rows))];
}

Statement::Statement(const QSqlDatabase& database, const std::string& sql)
    : m_query(database)
{
    // Forward only: Qt would otherwise keep a copy of every row that was read.
    m_query.setForwardOnly(true);
    m_isPrepared = m_query.prepare(QString::fromStdString(sql));
}

Statement& Statement::bind(std::int64_t value)
{
    m_query.bindValue(m_bound++, QVariant::fromValue<qlonglong>(value));
    return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value)
{
    return value ? bind(*value) : bindNull();
}

Statement& Statement::bindReal(double value)
{
    m_query.bindValue(m_bound++, QVariant(value));
    return *this;
}

Statement& Statement::bindText(std::string_view utf8)
{
    // An empty QString may be a null one, which would be stored as NULL.
    QString text = utf8.empty()
        ? QStringLiteral("")
        : QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    // U+FEFF in front is a byte order mark to Qt, which leaves it out, and to SQLite, which does so
    // once more with UTF-16. An id keeps it: what is not found again is no duplicate.
    if (utf8.starts_with("\xef\xbb\xbf"))
        text.prepend(QString(2, QChar(QChar::ByteOrderMark)));
    m_query.bindValue(m_bound++, text);
    return *this;
}

Statement& Statement::bindTextOrNull(std::string_view utf8)
{
    return utf8.empty() ? bindNull() : bindText(utf8);
}

Statement& Statement::bindBlob(std::string_view bytes)
{
    m_query.bindValue(m_bound++,
        bytes.empty()
            ? QByteArray("")
            : QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return *this;
}

Statement& Statement::bindNull()
{
    m_query.bindValue(m_bound++, QVariant());
    return *this;
}

Status Statement::exec()
{
    m_bound = 0;
    if (!m_isPrepared || !m_query.exec())
        return sqlFailure(m_query.lastError());
    return {};
}

bool Statement::next() { return m_query.next(); }

Status Statement::end()
{
    const QSqlError error = m_query.lastError();
    m_query.finish();
    if (error.isValid())
        return sqlFailure(error);
    return {};
}

std::int64_t Statement::integer(int column) const { return m_query.value(column).toLongLong(); }

std::optional<std::int64_t> Statement::integerOrNull(int column) const
{
    const QVariant value = m_query.value(column);
    if (value.isNull())
        return std::nullopt;
    return value.toLongLong();
}

double Statement::real(int column) const { return m_query.value(column).toDouble(); }

std::string Statement::text(int column) const
{
    return m_query.value(column).toString().toStdString();
}

std::string Statement::blob(int column) const
{
    const QByteArray bytes = m_query.value(column).toByteArray();
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

Connection::Connection(QString name)
    : m_name(std::move(name))
{
}

Connection::~Connection()
{
    // Statements before their database, the database before its name: Qt warns otherwise.
    m_statements.clear();
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionOptions& options)
{
    // Qt knows connections by name only, program-wide.
    static std::atomic<std::int64_t> opened { 0 };
    std::unique_ptr<Connection> connection(
        new Connection(QStringLiteral("store-%1").arg(opened.fetch_add(1))));
    connection->m_database
        = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->m_name);
    connection->m_database.setDatabaseName(QString::fromStdString(options.path));
    QString settings = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(options.busyTimeoutMs);
    if (options.isReadOnly)
        settings += QStringLiteral(";QSQLITE_OPEN_READONLY");
    connection->m_database.setConnectOptions(settings);
    if (!connection->m_database.open())
        return sqlFailure(connection->m_database.lastError());
    const Status configured = connection->configure(options);
    if (!configured)
        return tl::unexpected(configured.error());
    return connection;
}

Status Connection::configure(const ConnectionOptions& options)
{
    // 4 KiB pages: dedup entries have random keys, so each dirties a page of its own, and the
    // write-ahead log takes whole pages. No mmap: its pages would count as resident memory without
    // any bound that we set. No automatic checkpoint: it would run inside COMMIT, before the
    // replies.
    const std::array<std::string, 6> writing { "PRAGMA page_size=4096", "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0",
        "PRAGMA journal_size_limit=67108864", "PRAGMA temp_store=MEMORY" };
    if (!options.isReadOnly) {
        for (const std::string& pragma : writing) {
            if (Status done = exec(pragma); !done)
                return done;
        }
    }
    return exec("PRAGMA cache_size=-" + std::to_string(options.cacheKiB));
}

Statement& Connection::statement(const Sql& sql)
{
    auto& slot = m_statements[&sql];
    // What could not be prepared once (the file was busy, or could not be read) may be now.
    if (!slot || !slot->isPrepared())
        slot = std::make_unique<Statement>(m_database, sql.text);
    return *slot;
}

Statement Connection::prepare(const std::string& sql) const { return { m_database, sql }; }

Status Connection::exec(const std::string& sql)
{
    Statement once(m_database, sql);
    Status done = once.exec();
    once.finish();
    return done;
}

Result<std::int64_t> Connection::number(const std::string& sql) const
{
    Statement once(m_database, sql);
    if (Status done = once.exec(); !done)
        return tl::unexpected(done.error());
    const std::int64_t value = once.next() ? once.integer(0) : 0;
    once.finish();
    return value;
}

OneMoment::OneMoment(Connection& connection)
    : m_connection(connection)
    , m_begun(connection.statement(kBeginRead).exec())
{
}

OneMoment::~OneMoment()
{
    if (m_begun)
        static_cast<void>(m_connection.statement(kEndRead).exec());
}

Result<std::unique_ptr<Transaction>> Transaction::begin(Connection& connection)
{
    if (Status begun = connection.statement(kBegin).exec(); !begun)
        return tl::unexpected(begun.error());
    return std::unique_ptr<Transaction>(new Transaction(connection));
}

Transaction::~Transaction()
{
    // SQLite rolls back by itself after some failures; a second time then is refused, harmlessly.
    if (m_isOpen)
        static_cast<void>(m_connection.exec("ROLLBACK"));
}

Status Transaction::commit()
{
    Status done = m_connection.statement(kCommit).exec();
    if (done)
        m_isOpen = false;
    return done;
}

} // namespace engine::store
