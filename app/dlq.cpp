// dlq list|show|groups|mark|archive|restore|purge|move-orphans|export
#include "commands.h"
#include "dead_letter_options.h"
#include "dead_letter_pages.h"
#include "help.h"
#include "text_table.h"
#include "usage.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace app {
namespace {

const QString kDlq = QStringLiteral("dlq");

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
        return usageFault(kDlq, problem);
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
        return usageFault(kDlq, QStringLiteral("show needs the id of an entry, a number"));
    const ControlAnswer answer = client.get(QStringLiteral("/v1/dlq/") + arguments.positional()[1]);
    return finish(arguments, answer, QString::fromUtf8(QJsonDocument(answer.json).toJson()));
}

// What an operator made of it stands beside the fingerprint.
QString nameOf(const QJsonObject& group)
{
    QString name = group.value(u"fingerprint").toString();
    if (const QString account = group.value(u"account").toString(); !account.isEmpty())
        name += QStringLiteral(" [%1]").arg(account);
    if (const auto merged = group.value(u"merged").toArray(); !merged.isEmpty())
        name += QStringLiteral(" +%1 merged").arg(merged.size());
    return name;
}

ExitCode groups(const Arguments& arguments, const ControlClient& client)
{
    const ControlAnswer answer
        = client.get(QStringLiteral("/v1/dlq/groups"), queryOf(filterOf(arguments)));
    TextTable table({ QStringLiteral("count"), QStringLiteral("shards"), QStringLiteral("first"),
        QStringLiteral("last"), QStringLiteral("status"), QStringLiteral("fingerprint") });
    for (const auto& value : answer.json.value(u"groups").toArray()) {
        const QJsonObject group = value.toObject();
        table.addRow({ QString::number(group.value(u"count").toInteger()),
            QString::number(group.value(u"shards").toInt()), group.value(u"first").toString(),
            group.value(u"last").toString(), group.value(u"status").toString(), nameOf(group) });
    }
    return finish(arguments, answer, table.text());
}

ExitCode move(const Arguments& arguments, const ControlClient& client, const QString& verb)
{
    const QJsonObject filter = filterOf(arguments);
    if (filter.isEmpty())
        return usageFault(
            kDlq, verb + QStringLiteral(" needs a filter: all of it is never meant by accident"));
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
        return usageFault(kDlq, QStringLiteral("mark needs a fingerprint and --status"));
    const QJsonObject body { { QStringLiteral("fingerprint"), fingerprint },
        { QStringLiteral("status"), *status },
        { QStringLiteral("note"), arguments.value(QStringLiteral("note")).value_or(QString()) } };
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/groups/status"), body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

// merge and take-out name the group and then those that go into it, or out of it.
ExitCode shape(const Arguments& arguments, const ControlClient& client, const QString& verb)
{
    const QStringList names = arguments.positional().mid(1);
    const bool isMerge = verb == u"merge";
    if (names.isEmpty() || (isMerge && names.size() < 2))
        return usageFault(kDlq,
            isMerge ? QStringLiteral("merge needs the group that stays and those that go into it")
                    : verb + QStringLiteral(" needs the fingerprint of a group"));
    QJsonObject body { { QStringLiteral("fingerprint"), names.front() },
        { QStringLiteral("action"), QString(verb).replace(u'-', u'_') } };
    if (names.size() > 1)
        body.insert(QStringLiteral("others"), QJsonArray::fromStringList(names.mid(1)));
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/groups/shape"), body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

ExitCode moveOrphans(const Arguments& arguments, const ControlClient& client)
{
    const QString destination = arguments.positional().value(1);
    if (destination.isEmpty())
        return usageFault(kDlq, QStringLiteral("move-orphans needs the name of a destination"));
    QJsonObject body { { QStringLiteral("destination"), destination } };
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    const ControlAnswer answer = client.post(QStringLiteral("/v1/dlq/orphans"), body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
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
        return usageFault(kDlq, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(kDlq, client.problem());
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
        return exportDeadLetters(arguments, client);
    if (verb == u"merge" || verb == u"take-out" || verb == u"split" || verb == u"join")
        return shape(arguments, client, verb);
    return usageFault(kDlq,
        QStringLiteral("say list, show, groups, mark, merge, take-out, split, join, archive, "
                       "restore, purge, move-orphans or export"));
}

} // namespace app
