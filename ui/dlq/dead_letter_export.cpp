#include "dlq/dead_letter_export.h"

#include "dlq/masking.h"
#include "format/format.h"
#include "widgets/export_note.h"

#include <QDateTime>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace ui {
namespace {

QJsonObject toJson(const engine::DeadLetterRow& row)
{
    QJsonObject json;
    json[u"id"] = static_cast<qint64>(engine::toInt(row.id));
    json[u"event_id"] = toQString(row.eventId);
    json[u"event_name"] = toQString(row.eventName);
    json[u"destination"] = toQString(row.shard.destination);
    json[u"account"] = toQString(row.shard.account);
    json[u"class"] = QLatin1String(engine::toString(row.outcome));
    json[u"status"] = row.httpStatus;
    json[u"code"] = toQString(row.code);
    json[u"message"] = maskText(toQString(row.message));
    json[u"attempts"] = row.attempts;
    json[u"first_seen"] = formatUtc(row.firstSeen);
    json[u"last_failed"] = formatUtc(row.lastFailed);
    json[u"event_time"] = formatUtc(row.eventTime);
    json[u"fingerprint"] = toQString(row.fingerprint);
    json[u"state"] = QLatin1String(engine::toString(row.state));
    return json;
}

// As it stands where it is JSON, so that numbers keep their digits; else as a string.
QByteArray jsonOf(const std::string& text)
{
    const QByteArray masked = formatJson(text, { .isIndented = false }).toUtf8();
    QJsonParseError problem {};
    (void)QJsonDocument::fromJson(masked, &problem);
    if (problem.error == QJsonParseError::NoError)
        return masked;
    const QByteArray list
        = QJsonDocument(QJsonArray { QString::fromUtf8(masked) }).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

// Quoted always. A cell that a spreadsheet would run as a formula gets an apostrophe in front.
QByteArray csvCell(QString text)
{
    static const QString formulaStarts = QStringLiteral("=+-@\t\r");
    if (!text.isEmpty() && formulaStarts.contains(text.at(0)))
        text.prepend(u'\'');
    return '"' + text.replace(u'"', QStringLiteral("\"\"")).toUtf8() + '"';
}

} // namespace

// Only the writing thread touches the file. Replies are posted back to the owner, which joins this
// thread before it goes.
class DeadLetterExport::Writer final : public QObject {
public:
    using Reply = std::function<void(const QString& problem)>;

    Writer(DeadLetterExport& owner, const Options& options)
        : m_owner(owner)
        , m_format(options.format)
        , m_file(std::make_unique<QSaveFile>(options.file))
    {
    }

    void write(const std::vector<engine::DeadLetterRow>& rows, const Reply& reply)
    {
        bool isGood = m_file->isOpen() || m_file->open(QIODevice::WriteOnly);
        if (isGood && m_format == ExportFormat::Csv && m_file->pos() == 0)
            isGood = m_file->write(csvHead()) >= 0;
        for (const auto& row : rows) {
            const QByteArray line
                = m_format == ExportFormat::Csv ? toCsvLine(row) : toJsonLine(row);
            isGood = isGood && m_file->write(line) == line.size();
        }
        answer(reply, isGood ? QString() : m_file->errorString());
    }

    void finish(const QByteArray& sidecar, const Reply& reply)
    {
        QSaveFile meta(m_file->fileName() + QStringLiteral(".meta.json"));
        if (!m_file->commit())
            return answer(reply, m_file->errorString());
        const bool isGood
            = meta.open(QIODevice::WriteOnly) && meta.write(sidecar) >= 0 && meta.commit();
        answer(reply, isGood ? QString() : meta.errorString());
    }

private:
    void answer(const Reply& reply, const QString& problem)
    {
        QMetaObject::invokeMethod(
            &m_owner, [reply, problem] { reply(problem); }, Qt::QueuedConnection);
    }

    DeadLetterExport& m_owner;
    ExportFormat m_format;
    std::unique_ptr<QSaveFile> m_file; // discards what was written unless it is committed
};

DeadLetterExport::DeadLetterExport(engine::EnginePort& engine, Options options, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_options(std::move(options))
    , m_writer(new Writer(*this, m_options))
{
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    m_thread.start();
}

DeadLetterExport::~DeadLetterExport()
{
    m_thread.quit();
    m_thread.wait(); // at most one page of writing
}

void DeadLetterExport::start()
{
    // What is selected by hand is frozen by its ids; anything else by this time.
    auto& filter = m_options.filter;
    const auto until = m_options.asOf + engine::Millis { 1 };
    if (filter.ids.empty() && m_options.asOf != engine::WallTime {})
        filter.firstTo = std::min(filter.firstTo.value_or(until), until);
    ask(std::nullopt);
}

void DeadLetterExport::cancel() { stop(tr("Cancelled; no file was left behind.")); }

void DeadLetterExport::ask(std::optional<engine::DeadLetterId> after)
{
    engine::DeadLetterQuery query;
    query.filter = m_options.filter;
    query.after = after;
    query.rowsMax = m_options.pageRows;
    query.withPayloads = m_options.format == ExportFormat::JsonLines;
    query.withResponses = query.withPayloads;
    using Answer = engine::Result<engine::DeadLetterPage>;
    m_engine.deadLetters(std::move(query), m_engine.replyTo<Answer>(this, [this](Answer answer) {
        if (m_isOver)
            return;
        if (answer)
            take(std::move(*answer));
        else
            stop(toQString(answer.error().message));
    }));
}

void DeadLetterExport::take(engine::DeadLetterPage page)
{
    const auto rows = static_cast<qint64>(page.rows.size());
    const auto last = page.next;
    const auto written = [this, rows, last](const QString& problem) {
        if (m_isOver)
            return;
        if (!problem.isEmpty())
            return stop(problem);
        m_rows += rows;
        Q_EMIT progressed(m_rows);
        if (last)
            return ask(last);
        const bool hasPayloads = m_options.format == ExportFormat::JsonLines;
        noteExport(m_engine, QStringLiteral("dead letters"), m_rows,
            (hasPayloads ? QStringLiteral("payloads masked") : QStringLiteral("no payloads"))
                + (m_options.scopeText.isEmpty() ? QString()
                                                 : QStringLiteral("; ") + m_options.scopeText));
        QMetaObject::invokeMethod(m_writer, [this, writer = m_writer, text = sidecar()] {
            writer->finish(text, [this](const QString& trouble) {
                if (!trouble.isEmpty())
                    return stop(trouble);
                m_isOver = true;
                Q_EMIT finished(m_rows);
            });
        });
    };
    QMetaObject::invokeMethod(m_writer, [writer = m_writer, written, moved = std::move(page.rows)] {
        writer->write(moved, written);
    });
}

void DeadLetterExport::stop(const QString& reason)
{
    if (m_isOver)
        return;
    m_isOver = true;
    Q_EMIT stopped(reason);
}

QByteArray DeadLetterExport::sidecar() const
{
    QJsonObject json;
    json[u"file"] = QFileInfo(m_options.file).fileName();
    json[u"scope"] = m_options.scopeText;
    json[u"rows"] = m_rows;
    json[u"masked"] = true;
    json[u"with_payloads"] = m_options.format == ExportFormat::JsonLines;
    if (m_options.asOf != engine::WallTime {})
        json[u"as_of"] = formatUtc(m_options.asOf);
    json[u"written_at"] = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    return QJsonDocument(json).toJson();
}

QByteArray toJsonLine(const engine::DeadLetterRow& row)
{
    QByteArray line = QJsonDocument(toJson(row)).toJson(QJsonDocument::Compact);
    line.chop(1); // the closing brace
    for (const auto& [name, text] :
        { std::pair { "payload", &row.payload }, std::pair { "response", &row.response } }) {
        if (!text->empty())
            line += QByteArray(",\"") + name + "\":" + jsonOf(*text);
    }
    return line + "}\n";
}

QByteArray csvHead()
{
    return "id,event_id,event_name,destination,account,class,status,code,message,attempts,"
           "first_seen,last_failed,event_time,fingerprint,state\r\n";
}

QByteArray toCsvLine(const engine::DeadLetterRow& row)
{
    QByteArrayList cells;
    for (const QString& text :
        { QString::number(engine::toInt(row.id)), toQString(row.eventId), toQString(row.eventName),
            toQString(row.shard.destination), toQString(row.shard.account),
            QString::fromLatin1(engine::toString(row.outcome)), QString::number(row.httpStatus),
            toQString(row.code), maskText(toQString(row.message)), QString::number(row.attempts),
            formatUtc(row.firstSeen), formatUtc(row.lastFailed), formatUtc(row.eventTime),
            toQString(row.fingerprint), QString::fromLatin1(engine::toString(row.state)) })
        cells += csvCell(text);
    return cells.join(',') + "\r\n";
}

} // namespace ui
