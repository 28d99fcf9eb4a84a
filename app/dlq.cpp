// dlq list|show|groups|mark|archive|restore|purge|move-orphans|export
#include "commands.h"
#include "dead_letter_options.h"
#include "dead_letter_pages.h"
#include "help.h"
#include "text_table.h"
#include "usage.h"

#include <engine/masking.h>

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>

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

ExitCode list(const Arguments& arguments, const ControlClient& client, const QString&)
{
    QString problem;
    const qint64 most = wholeNumber(arguments, QStringLiteral("max"), 100, { .min = 1 }, problem);
    if (!problem.isEmpty())
        return usageFault(kDlq, problem);
    QJsonArray all;
    ControlAnswer answer = readPages(client,
        { .filter = filterOf(arguments),
            .most = most,
            .after = arguments.value(QStringLiteral("after")).value_or(QString()) },
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

ExitCode show(const Arguments& arguments, const ControlClient& client, const QString&)
{
    bool isNumber = false;
    const qlonglong id = arguments.positional().value(1).toLongLong(&isNumber);
    if (!isNumber || id < 1)
        return usageFault(kDlq, QStringLiteral("show needs the id of an entry, a number"));
    const ControlAnswer answer = client.get(QStringLiteral("/v1/dlq/") + arguments.positional()[1]);
    // As it came: read as JSON here, a long number in the payload would lose its last digits.
    return finish(arguments, answer,
        engine::formatJson(answer.body.toStdString(),
            { .personalData = engine::PersonalData::Shown, .isIndented = true })
            + u'\n');
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

ExitCode groups(const Arguments& arguments, const ControlClient& client, const QString&)
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

ExitCode mark(const Arguments& arguments, const ControlClient& client, const QString&)
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

ExitCode moveOrphans(const Arguments& arguments, const ControlClient& client, const QString&)
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

ExitCode exportTo(const Arguments& arguments, const ControlClient& client, const QString&)
{
    return exportDeadLetters(arguments, client);
}

struct Verb {
    const char* name;
    qsizetype wordsMax; // itself included
    ExitCode (*run)(const Arguments&, const ControlClient&, const QString& verb);
};

constexpr qsizetype kAnyWords = Arguments::kWordsAny;
constexpr std::array<Verb, 13> kVerbs { {
    { "list", 1, list },
    { "show", 2, show },
    { "groups", 1, groups },
    { "mark", 2, mark },
    { "merge", kAnyWords, shape },
    { "take-out", kAnyWords, shape },
    { "split", 2, shape },
    { "join", 2, shape },
    { "archive", 1, move },
    { "restore", 1, move },
    { "purge", 1, move },
    { "move-orphans", 2, moveOrphans },
    { "export", 2, exportTo },
} };

} // namespace

ExitCode runDlq(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions(withFilterOptions(
            { { QStringLiteral("max") }, { QStringLiteral("after") }, { QStringLiteral("format") },
                { QStringLiteral("reason") }, { QStringLiteral("note") } })));
    if (!arguments.problem().isEmpty())
        return usageFault(kDlq, arguments.problem());
    const QString verb = arguments.positional().value(0);
    const auto known = std::find_if(kVerbs.begin(), kVerbs.end(),
        [&verb](const Verb& v) { return verb == QLatin1String(v.name); });
    if (known == kVerbs.end())
        return usageFault(kDlq,
            QStringLiteral("say list, show, groups, mark, merge, take-out, split, join, archive, "
                           "restore, purge, move-orphans or export"));
    if (arguments.positional().size() > known->wordsMax)
        return usageFault(kDlq,
            QStringLiteral("\"%1\" is not expected after %2")
                .arg(arguments.positional()[known->wordsMax], verb));
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(kDlq, client.problem());
    return known->run(arguments, client, verb);
}

} // namespace app
