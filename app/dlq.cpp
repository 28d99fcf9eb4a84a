// dlq list|show|groups|mark|archive|restore|purge|move-orphans|export
#include "commands.h"
#include "dead_letter_options.h"
#include "help.h"
#include "text_table.h"
#include "usage.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace app {
namespace {

const QString kName = QStringLiteral("dlq");
constexpr qint64 kPageRows = 1'000; // the most that the control API gives at once

// Pages until `most` entries are there or the list ends; stops at the first fault, which is then in
// `answer`.
template <class Take>
ControlAnswer readPages(const ControlClient& client, const QJsonObject& filter, qint64 most,
    const QString& after, Take take)
{
    QString next = after;
    ControlAnswer answer;
    while (most > 0) {
        QUrlQuery query = queryOf(filter);
        query.addQueryItem(QStringLiteral("limit"), QString::number(std::min(most, kPageRows)));
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

QString listText(const QJsonArray& entries)
{
    if (entries.isEmpty())
        return QStringLiteral("No dead letters match.\n");
    TextTable table({ QStringLiteral("id"), QStringLiteral("shard"), QStringLiteral("event id"),
        QStringLiteral("class"), QStringLiteral("http"), QStringLiteral("code"),
        QStringLiteral("tries"), QStringLiteral("last failed"), QStringLiteral("message") });
    for (const auto& value : entries) {
        const QJsonObject entry = value.toObject();
        table.addRow({ QString::number(entry.value(u"id").toInteger()),
            entry.value(u"destination").toString() + u'/' + entry.value(u"account").toString(),
            entry.value(u"event_id").toString(), entry.value(u"class").toString(),
            QString::number(entry.value(u"status").toInt()), entry.value(u"code").toString(),
            QString::number(entry.value(u"attempts").toInt()),
            entry.value(u"last_failed").toString(), entry.value(u"message").toString().left(80) });
    }
    return table.text();
}

ExitCode list(const Arguments& arguments, const ControlClient& client)
{
    QString problem;
    const qint64 most = wholeNumber(arguments, QStringLiteral("max"), 100, 1, problem);
    if (!problem.isEmpty())
        return usageFault(kName, problem);
    QJsonArray all;
    ControlAnswer answer = readPages(client, filterOf(arguments), most,
        arguments.value(QStringLiteral("after")).value_or(QString()),
        [&all](const QJsonArray& entries) {
            for (const auto& entry : entries)
                all.append(entry);
            return true;
        });
    if (answer.isOk()) {
        answer.json.insert(
            QStringLiteral("entries"), all); // of all pages; "next" is that of the last one
        answer.body = QJsonDocument(answer.json).toJson(QJsonDocument::Compact);
    }
    return finish(arguments, answer, listText(all));
}

ExitCode show(const Arguments& arguments, const ControlClient& client)
{
    bool isNumber = false;
    static_cast<void>(arguments.positional().value(1).toLongLong(&isNumber));
    if (!isNumber)
        return usageFault(kName, QStringLiteral("show needs the id of an entry, a number"));
    const ControlAnswer answer = client.get(QStringLiteral("/v1/dlq/") + arguments.positional()[1]);
    return finish(arguments, answer, QString::fromUtf8(QJsonDocument(answer.json).toJson()));
}

ExitCode groups(const Arguments& arguments, const ControlClient& client)
{
    const ControlAnswer answer
        = client.get(QStringLiteral("/v1/dlq/groups"), queryOf(filterOf(arguments)));
    TextTable table({ QStringLiteral("count"), QStringLiteral("shards"), QStringLiteral("first"),
        QStringLiteral("last"), QStringLiteral("fingerprint") });
    for (const auto& value : answer.json.value(u"groups").toArray()) {
        const QJsonObject group = value.toObject();
        table.addRow({ QString::number(group.value(u"count").toInteger()),
            QString::number(group.value(u"shards").toInt()), group.value(u"first").toString(),
            group.value(u"last").toString(), group.value(u"fingerprint").toString() });
    }
    return finish(arguments, answer, table.text());
}

ExitCode move(const Arguments& arguments, const ControlClient& client, const QString& verb)
{
    const QJsonObject filter = filterOf(arguments);
    if (filter.isEmpty())
        return usageFault(
            kName, verb + QStringLiteral(" needs a filter: all of it is never meant by accident"));
    QJsonObject body { { QStringLiteral("filter"), filter } };
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/") + verb, body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

ExitCode mark(const Arguments& arguments, const ControlClient& client)
{
    const QString fingerprint = arguments.positional().value(1);
    const auto status = arguments.value(QStringLiteral("status"));
    if (fingerprint.isEmpty() || !status)
        return usageFault(kName, QStringLiteral("mark needs a fingerprint and --status"));
    const QJsonObject body { { QStringLiteral("fingerprint"), fingerprint },
        { QStringLiteral("status"), *status },
        { QStringLiteral("note"), arguments.value(QStringLiteral("note")).value_or(QString()) } };
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/groups/status"), body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

ExitCode moveOrphans(const Arguments& arguments, const ControlClient& client)
{
    const QString destination = arguments.positional().value(1);
    if (destination.isEmpty())
        return usageFault(kName, QStringLiteral("move-orphans needs the name of a destination"));
    QJsonObject body { { QStringLiteral("destination"), destination } };
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/orphans"), body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

QByteArray csvLine(const QJsonObject& entry)
{
    QByteArray line;
    for (const char* name :
        { "id", "event_id", "destination", "account", "class", "status", "code", "message",
            "attempts", "first_seen", "last_failed", "event_time", "fingerprint", "response" }) {
        QString cell = entry.value(QLatin1String(name)).toVariant().toString();
        // A cell that a spreadsheet would run as a formula is made text.
        if (!cell.isEmpty() && QStringView(u"=+-@").contains(cell[0]))
            cell.prepend(u'\'');
        line += (line.isEmpty() ? "\"" : ",\"")
            + cell.replace(u'"', QStringLiteral("\"\"")).toUtf8() + '"';
    }
    return line + '\n';
}

ExitCode exportTo(const Arguments& arguments, const ControlClient& client)
{
    if (arguments.positional().size() < 2)
        return usageFault(kName, QStringLiteral("export needs the name of a file"));
    const QString format
        = arguments.value(QStringLiteral("format")).value_or(QStringLiteral("jsonl"));
    if (format != u"jsonl" && format != u"csv")
        return usageFault(kName, QStringLiteral("--format is jsonl or csv"));
    QFile file(arguments.positional()[1]);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
        printError(
            QStringLiteral("%1 cannot be written: %2").arg(file.fileName(), file.errorString()));
        return ExitCode::Failed;
    }
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    if (format == u"csv")
        file.write("id,event_id,destination,account,class,status,code,message,attempts,first_seen,"
                   "last_failed,event_time,fingerprint,response\n");
    qint64 written = 0;
    bool isWritten = true;
    const ControlAnswer answer = readPages(client, filterOf(arguments),
        std::numeric_limits<qint64>::max(), {}, [&](const QJsonArray& entries) {
            for (const auto& entry : entries) {
                const QByteArray line = format == u"csv"
                    ? csvLine(entry.toObject())
                    : QJsonDocument(entry.toObject()).toJson(QJsonDocument::Compact) + '\n';
                isWritten = isWritten && file.write(line) == line.size();
            }
            written += entries.size();
            return isWritten;
        });
    if (!isWritten || !file.flush()) {
        printError(QStringLiteral("%1 could not be written to its end: %2")
                       .arg(file.fileName(), file.errorString()));
        return ExitCode::Failed;
    }
    if (!answer.isOk())
        return finish(arguments, answer, {});
    print(QStringLiteral("%1 entries written to %2\n").arg(countText(written), file.fileName()));
    return ExitCode::Done;
}

} // namespace

ExitCode runDlq(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions(withFilterOptions(
            { { QStringLiteral("max") }, { QStringLiteral("after") }, { QStringLiteral("format") },
                { QStringLiteral("reason") }, { QStringLiteral("note") } })),
        2);
    if (!arguments.problem().isEmpty())
        return usageFault(kName, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(kName, client.problem());
    const QString verb = arguments.positional().value(0);
    if (verb == u"list")
        return list(arguments, client);
    if (verb == u"show")
        return show(arguments, client);
    if (verb == u"groups")
        return groups(arguments, client);
    if (verb == u"archive" || verb == u"restore" || verb == u"purge")
        return move(arguments, client, verb);
    if (verb == u"mark")
        return mark(arguments, client);
    if (verb == u"move-orphans")
        return moveOrphans(arguments, client);
    if (verb == u"export")
        return exportTo(arguments, client);
    return usageFault(kName,
        QStringLiteral(
            "say list, show, groups, mark, archive, restore, purge, move-orphans or export"));
}

} // namespace app
