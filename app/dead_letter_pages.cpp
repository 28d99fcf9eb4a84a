#include "dead_letter_pages.h"

#include "dead_letter_options.h"
#include "help.h"
#include "usage.h"

#include <engine/masking.h>

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace app {
namespace {

const QString kName = QStringLiteral("dlq");
constexpr qint64 kPageRows = 1'000; // the most that the control API gives at once

QByteArray csvLine(const QJsonObject& entry)
{
    QByteArray line;
    for (const char* name :
        { "id", "event_id", "destination", "account", "class", "status", "code", "message",
            "attempts", "first_seen", "last_failed", "event_time", "fingerprint", "response" }) {
        QString cell = entry.value(QLatin1String(name)).toVariant().toString();
        // An answer may be JSON, where names say what is secret.
        cell = QLatin1String(name) == QLatin1String("response")
            ? engine::formatJson(cell.toStdString(), { .isIndented = false })
            : engine::maskText(cell);
        // A cell that a spreadsheet would run as a formula is made text.
        if (!cell.isEmpty() && QStringView(u"=+-@").contains(cell[0]))
            cell.prepend(u'\'');
        line += (line.isEmpty() ? "\"" : ",\"")
            + cell.replace(u'"', QStringLiteral("\"\"")).toUtf8() + '"';
    }
    return line + '\n';
}

QByteArray csvHead()
{
    return "id,event_id,destination,account,class,status,code,message,attempts,first_seen,"
           "last_failed,event_time,fingerprint,response\n";
}

QByteArray masked(const QByteArray& json)
{
    return engine::formatJson(json.toStdString(), { .isIndented = false }).toUtf8();
}

// As it stands where it is JSON, so that numbers keep their digits; else as a string.
QByteArray maskedValue(const QString& text)
{
    QByteArray value = masked(text.toUtf8());
    QJsonParseError problem {};
    (void)QJsonDocument::fromJson(value, &problem);
    if (problem.error == QJsonParseError::NoError)
        return value;
    const QByteArray list
        = QJsonDocument(QJsonArray { QString::fromUtf8(value) }).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

QByteArray jsonLine(QJsonObject entry)
{
    const std::array large {
        std::pair {
            QByteArrayLiteral("payload"), entry.take(QStringLiteral("payload_text")).toString() },
        std::pair {
            QByteArrayLiteral("response"), entry.take(QStringLiteral("response")).toString() },
    };
    QByteArray line = masked(QJsonDocument(entry).toJson(QJsonDocument::Compact));
    line.chop(1); // the closing brace
    for (const auto& [name, text] : large) {
        if (!text.isEmpty())
            line += ",\"" + name + "\":" + maskedValue(text);
    }
    return line + "}\n";
}

struct Sidecar {
    QString file {};
    QJsonObject filter {};
    qint64 rows { 0 };
    bool hasPayloads { false };
};
QByteArray sidecarOf(const Sidecar& about)
{
    const QJsonObject json { { QStringLiteral("file"), about.file },
        { QStringLiteral("scope"), about.filter }, { QStringLiteral("rows"), about.rows },
        { QStringLiteral("masked"), true }, { QStringLiteral("with_payloads"), about.hasPayloads },
        { QStringLiteral("written_at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODate) } };
    return QJsonDocument(json).toJson();
}

ExitCode notWritten(const QSaveFile& file)
{
    printError(
        QStringLiteral("%1 could not be written: %2").arg(file.fileName(), file.errorString()));
    return ExitCode::Failed;
}

} // namespace

ControlAnswer readPages(const ControlClient& client, const PagesWanted& wanted,
    const std::function<bool(const QJsonArray&)>& take)
{
    QString next = wanted.after;
    qint64 most = wanted.most;
    ControlAnswer answer;
    while (most > 0) {
        QUrlQuery query = queryOf(wanted.filter);
        query.addQueryItem(QStringLiteral("limit"), QString::number(std::min(most, kPageRows)));
        if (wanted.withPayloads)
            query.addQueryItem(QStringLiteral("payloads"), QStringLiteral("1"));
        if (!next.isEmpty())
            query.addQueryItem(QStringLiteral("after"), next);
        answer = client.get(QStringLiteral("/v1/dlq"), query);
        if (!answer.isOk())
            return answer;
        const QJsonArray entries = answer.json.value(u"entries").toArray();
        if (!take(entries))
            return answer;
        most -= entries.size();
        const QJsonValue nextId = answer.json.value(u"next");
        if (nextId.isNull()) // a page may be empty and yet not the last: a search takes its time
            return answer;
        next = QString::number(nextId.toInteger());
    }
    return answer;
}

ExitCode exportDeadLetters(const Arguments& arguments, const ControlClient& client)
{
    if (arguments.positional().size() < 2)
        return usageFault(kName, QStringLiteral("export needs the name of a file"));
    const QString format
        = arguments.value(QStringLiteral("format")).value_or(QStringLiteral("jsonl"));
    if (format != u"jsonl" && format != u"csv")
        return usageFault(kName, QStringLiteral("--format is jsonl or csv"));
    const QString name = arguments.positional()[1];
    if (QFile::exists(name)) {
        printError(QStringLiteral("%1 is there already").arg(name));
        return ExitCode::Failed;
    }
    QSaveFile file(name); // appears under its name only when it is whole
    const QJsonObject filter = filterOf(arguments);
    const bool isCsv = format == u"csv";
    if (!file.open(QIODevice::WriteOnly))
        return notWritten(file);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (isCsv)
        file.write(csvHead());
    qint64 written = 0;
    bool isWritten = true;
    const ControlAnswer answer = readPages(client,
        { .filter = filter, .most = std::numeric_limits<qint64>::max(), .withPayloads = !isCsv },
        [&](const QJsonArray& entries) {
            for (const auto& entry : entries) {
                const QByteArray line
                    = isCsv ? csvLine(entry.toObject()) : jsonLine(entry.toObject());
                isWritten = isWritten && file.write(line) == line.size();
            }
            written += entries.size();
            return isWritten;
        });
    if (!answer.isOk())
        return finish(arguments, answer, {});
    QSaveFile meta(name + QStringLiteral(".meta.json"));
    if (!isWritten || !file.commit())
        return notWritten(file);
    const QByteArray sidecar = sidecarOf({ .file = QFileInfo(name).fileName(),
        .filter = filter,
        .rows = written,
        .hasPayloads = !isCsv });
    if (!meta.open(QIODevice::WriteOnly) || meta.write(sidecar) != sidecar.size() || !meta.commit())
        return notWritten(meta);
    print(QStringLiteral("%1 entries written to %2\n").arg(countText(written), name));
    return ExitCode::Done;
}

} // namespace app
