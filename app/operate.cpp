// status, pause, resume, tune, sale, reload, overrides, audit: a running engine through its control
// API.
#include "commands.h"
#include "help.h"
#include "status_table.h"
#include "text_table.h"
#include "usage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QThread>

#include <chrono>
#include <cmath>

namespace app {
namespace {

using namespace std::chrono_literals;

QJsonArray toArray(const QStringList& texts) { return QJsonArray::fromStringList(texts); }

// A command that takes targets, a body and gives a message.
ExitCode sendCommand(
    const Arguments& arguments, const QString& command, const QString& path, QJsonObject body)
{
    if (!arguments.problem().isEmpty())
        return usageFault(command, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(command, client.problem());
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    const ControlAnswer answer = client.post(path, body);
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

std::optional<QString> addNumbers(const Arguments& arguments, QJsonObject& body)
{
    for (const char* name : { "concurrency", "batch", "rate" }) {
        const QString key = QString::fromLatin1(name);
        const auto text = arguments.value(key);
        if (!text)
            continue;
        bool isNumber = false;
        const double number = text->toDouble(&isNumber);
        if (!isNumber || !std::isfinite(number))
            return QStringLiteral("--%1 wants a number, as 2 or 0.5, not \"%2\"").arg(key, *text);
        body.insert(key, number);
    }
    return std::nullopt;
}

// --keep and --revert end a trial; nothing is set beside them.
ExitCode endTrial(const Arguments& arguments, const QJsonObject& body, bool isKept)
{
    const QString command = QStringLiteral("tune");
    if (isKept && arguments.has(QStringLiteral("revert")))
        return usageFault(command, QStringLiteral("--keep and --revert exclude each other"));
    bool isAlone = body.size() == 1; // the targets
    for (const char* other : { "for", "reset", "above-ceiling" })
        isAlone = isAlone && !arguments.has(QString::fromLatin1(other));
    if (!isAlone)
        return usageFault(command, QStringLiteral("--keep and --revert take no other change"));
    return sendCommand(arguments, command,
        isKept ? QStringLiteral("/v1/tune/keep") : QStringLiteral("/v1/tune/revert"), body);
}

ExitCode undoEntry(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions({ { QStringLiteral("reason") }, { QStringLiteral("dry-run"), false } }));
    const QString command = QStringLiteral("audit");
    bool isNumber = false;
    const qlonglong entry = arguments.positional().value(0).toLongLong(&isNumber);
    if (arguments.problem().isEmpty()
        && (!isNumber || entry < 1 || arguments.positional().size() != 1))
        return usageFault(command, QStringLiteral("undo wants the number of one entry"));
    const QString path = QStringLiteral("/v1/audit/%1/revert").arg(entry);
    if (!arguments.has(QStringLiteral("dry-run")))
        return sendCommand(arguments, command, path, {});
    if (!arguments.problem().isEmpty())
        return usageFault(command, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(command, client.problem());
    const ControlAnswer answer = client.get(path);
    const bool isPossible = answer.json.value(u"is_possible").toBool();
    const ExitCode code = finish(arguments, answer,
        isPossible
            ? QStringLiteral("would bring back: %1\n").arg(answer.json.value(u"what").toString())
            : QStringLiteral("no way back: %1\n").arg(answer.json.value(u"why_not").toString()));
    return code == ExitCode::Done && !isPossible ? ExitCode::Failed : code;
}

} // namespace

ExitCode runStatus(const QStringList& words)
{
    const Arguments arguments(words, withControlOptions({ { QStringLiteral("watch"), false } }), 1);
    if (!arguments.problem().isEmpty())
        return usageFault(QStringLiteral("status"), arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(QStringLiteral("status"), client.problem());
    QUrlQuery query;
    if (!arguments.positional().isEmpty()) {
        const QStringList parts = arguments.positional().front().split(u'/');
        query.addQueryItem(QStringLiteral("destination"), parts[0]);
        if (parts.size() > 1)
            query.addQueryItem(QStringLiteral("account"), parts.mid(1).join(u'/'));
    }
    for (;;) {
        const ControlAnswer answer = client.get(QStringLiteral("/v1/status"), query);
        const bool isNothing = answer.json.value(u"shards").toArray().isEmpty()
            && answer.json.value(u"destinations").toArray().isEmpty();
        if (answer.isOk() && isNothing && !arguments.positional().isEmpty()) {
            printError(QStringLiteral("there is no destination or shard \"%1\"")
                           .arg(arguments.positional().front()));
            return ExitCode::Failed;
        }
        const ExitCode code = finish(arguments, answer, statusText(answer.json));
        if (code != ExitCode::Done || !arguments.has(QStringLiteral("watch")))
            return code;
        QThread::sleep(2);
    }
}

ExitCode runPause(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions({ { QStringLiteral("retries-only"), false }, { QStringLiteral("for") },
            { QStringLiteral("until") }, { QStringLiteral("reason") } }));
    if (arguments.problem().isEmpty() && arguments.positional().isEmpty())
        return usageFault(
            QStringLiteral("pause"), QStringLiteral("name a destination, or destination/account"));
    QJsonObject body { { QStringLiteral("targets"), toArray(arguments.positional()) },
        { QStringLiteral("mode"),
            arguments.has(QStringLiteral("retries-only")) ? QStringLiteral("retries_paused")
                                                          : QStringLiteral("paused") } };
    for (const QString& name : { QStringLiteral("for"), QStringLiteral("until") }) {
        if (const auto value = arguments.value(name))
            body.insert(name, *value);
    }
    return sendCommand(arguments, QStringLiteral("pause"), QStringLiteral("/v1/pause"), body);
}

ExitCode runResume(const QStringList& words)
{
    const Arguments arguments(words, withControlOptions({ { QStringLiteral("reason") } }));
    if (arguments.problem().isEmpty() && arguments.positional().isEmpty())
        return usageFault(
            QStringLiteral("resume"), QStringLiteral("name a destination, or destination/account"));
    return sendCommand(arguments, QStringLiteral("resume"), QStringLiteral("/v1/resume"),
        { { QStringLiteral("targets"), toArray(arguments.positional()) } });
}

ExitCode runTune(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions({ { QStringLiteral("concurrency") }, { QStringLiteral("rate") },
            { QStringLiteral("batch") }, { QStringLiteral("for") },
            { QStringLiteral("above-ceiling"), false }, { QStringLiteral("reset"), false },
            { QStringLiteral("keep"), false }, { QStringLiteral("revert"), false },
            { QStringLiteral("reason") } }));
    if (arguments.problem().isEmpty() && arguments.positional().isEmpty())
        return usageFault(
            QStringLiteral("tune"), QStringLiteral("name a destination, or destination/account"));
    QJsonObject body { { QStringLiteral("targets"), toArray(arguments.positional()) } };
    if (const auto problem = addNumbers(arguments, body))
        return usageFault(QStringLiteral("tune"), *problem);
    const bool isKept = arguments.has(QStringLiteral("keep"));
    if (isKept || arguments.has(QStringLiteral("revert")))
        return endTrial(arguments, body, isKept);
    if (const auto length = arguments.value(QStringLiteral("for")))
        body.insert(QStringLiteral("for"), *length);
    if (arguments.has(QStringLiteral("above-ceiling")))
        body.insert(QStringLiteral("above_ceiling"), true);
    if (arguments.has(QStringLiteral("reset")))
        body.insert(QStringLiteral("reset"), true);
    return sendCommand(arguments, QStringLiteral("tune"), QStringLiteral("/v1/tune"), body);
}

ExitCode runSale(const QStringList& words)
{
    const QString command = QStringLiteral("sale");
    const Arguments arguments(words,
        withControlOptions({ { QStringLiteral("for") }, { QStringLiteral("until") },
            { QStringLiteral("reason") } }),
        1);
    const QString mode = arguments.positional().value(0, QStringLiteral("status"));
    const QStringList modes { QStringLiteral("status"), QStringLiteral("on"), QStringLiteral("off"),
        QStringLiteral("auto") };
    if (arguments.problem().isEmpty() && !modes.contains(mode))
        return usageFault(command, QStringLiteral("say on, off, auto or status"));
    if (mode != u"status") {
        QJsonObject body { { QStringLiteral("mode"), mode } };
        for (const QString& name : { QStringLiteral("for"), QStringLiteral("until") }) {
            if (const auto value = arguments.value(name))
                body.insert(name, *value);
        }
        return sendCommand(arguments, command, QStringLiteral("/v1/sale"), body);
    }
    if (!arguments.problem().isEmpty())
        return usageFault(command, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(command, client.problem());
    ControlAnswer answer = client.get(QStringLiteral("/v1/status"),
        QUrlQuery { { QStringLiteral("destination"), QStringLiteral("-") } });
    const QJsonObject sale = answer.json.value(u"sale_mode").toObject();
    if (answer.isOk())
        answer.body = QJsonDocument(sale).toJson(QJsonDocument::Compact);
    return finish(arguments, answer, saleText(sale));
}

ExitCode runReload(const QStringList& words)
{
    const Arguments arguments(words, withControlOptions({ { QStringLiteral("reason") } }), 0);
    return sendCommand(
        arguments, QStringLiteral("reload"), QStringLiteral("/v1/config/reload"), {});
}

ExitCode runOverrides(const QStringList& words)
{
    const Arguments arguments(words, withControlOptions({}), 0);
    if (!arguments.problem().isEmpty())
        return usageFault(QStringLiteral("overrides"), arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(QStringLiteral("overrides"), client.problem());
    const ControlAnswer answer = client.get(QStringLiteral("/v1/config/overrides"));
    return finish(arguments, answer, QString::fromUtf8(answer.body));
}

// NAME VALUE, in pairs; without any the list.
ExitCode runThresholds(const QStringList& words)
{
    const QString command = QStringLiteral("thresholds");
    const Arguments arguments(
        words, withControlOptions({ { QStringLiteral("reset") }, { QStringLiteral("reason") } }));
    const QStringList pairs = arguments.positional();
    if (arguments.problem().isEmpty() && pairs.size() % 2 != 0)
        return usageFault(command, QStringLiteral("%1 stands without a value").arg(pairs.last()));
    if (!pairs.isEmpty() || arguments.has(QStringLiteral("reset"))) {
        QJsonObject values;
        for (qsizetype i = 0; i < pairs.size(); i += 2)
            values.insert(pairs.at(i), pairs.at(i + 1));
        return sendCommand(arguments, command, QStringLiteral("/v1/thresholds"),
            { { QStringLiteral("values"), values },
                { QStringLiteral("reset"), toArray(arguments.values(QStringLiteral("reset"))) } });
    }
    if (!arguments.problem().isEmpty())
        return usageFault(command, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(command, client.problem());
    const ControlAnswer answer = client.get(QStringLiteral("/v1/thresholds"));
    TextTable table({ QStringLiteral("name"), QStringLiteral("in force"),
        QStringLiteral("configured"), QStringLiteral("default"), QStringLiteral("range") });
    for (const auto& value : answer.json.value(u"thresholds").toArray()) {
        const QJsonObject row = value.toObject();
        table.addRow({ row.value(u"name").toString(), row.value(u"value").toString(),
            row.value(u"configured").toString(), row.value(u"default").toString(),
            row.value(u"range").toString() });
    }
    return finish(arguments, answer, table.text());
}

ExitCode runAudit(const QStringList& words)
{
    if (words.value(0) == u"undo")
        return undoEntry(words.mid(1));
    const Arguments arguments(words,
        withControlOptions({ { QStringLiteral("max") }, { QStringLiteral("who") },
            { QStringLiteral("action") }, { QStringLiteral("target") },
            { QStringLiteral("profile") }, { QStringLiteral("job") }, { QStringLiteral("result") },
            { QStringLiteral("text") }, { QStringLiteral("from") }, { QStringLiteral("to") } }));
    if (arguments.problem().isEmpty() && !arguments.positional().isEmpty())
        return usageFault(QStringLiteral("audit"),
            QStringLiteral("there is no \"%1\" here, only undo").arg(arguments.positional()[0]));
    if (!arguments.problem().isEmpty())
        return usageFault(QStringLiteral("audit"), arguments.problem());
    const ControlClient client(arguments);
    QString problem = client.problem();
    const qint64 most = wholeNumber(arguments, QStringLiteral("max"), 50, { 1, 1'000 }, problem);
    if (!problem.isEmpty())
        return usageFault(QStringLiteral("audit"), problem);
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("limit"), QString::number(most));
    for (const char* name :
        { "who", "action", "target", "profile", "job", "result", "text", "from", "to" }) {
        if (const auto value = arguments.value(QLatin1String(name)))
            query.addQueryItem(
                QLatin1String(name), QString::fromLatin1(QUrl::toPercentEncoding(*value)));
    }
    const ControlAnswer answer = client.get(QStringLiteral("/v1/audit"), query);
    TextTable table({ QStringLiteral("entry"), QStringLiteral("time"), QStringLiteral("who"),
        QStringLiteral("action"), QStringLiteral("target"), QStringLiteral("before"),
        QStringLiteral("after"), QStringLiteral("result") });
    for (const auto& value : answer.json.value(u"entries").toArray()) {
        const QJsonObject row = value.toObject();
        table.addRow({ QString::number(row.value(u"id").toInteger()), row.value(u"at").toString(),
            row.value(u"who").toString(), row.value(u"action").toString(),
            row.value(u"target").toString(), row.value(u"before").toString(),
            row.value(u"after").toString(), row.value(u"result").toString() });
    }
    return finish(arguments, answer, table.text());
}

} // namespace app
