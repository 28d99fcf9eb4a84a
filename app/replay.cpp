// replay: freeze, preview, start, follow; and the jobs.
#include "commands.h"
#include "dead_letter_options.h"
#include "help.h"
#include "text_table.h"
#include "usage.h"

#include <QJsonArray>
#include <QThread>

#include <cmath>
#include <utility>

namespace app {
namespace {

const QString kName = QStringLiteral("replay");

QString previewText(const QJsonObject& preview)
{
    const auto line = [&](const char* name, const QString& words) {
        const qint64 count = preview.value(QLatin1String(name)).toInteger();
        return count == 0 ? QString() : QStringLiteral("  %1 %2\n").arg(countText(count), words);
    };
    return QStringLiteral("%1 matched\n").arg(countText(preview.value(u"matched").toInteger()))
        + line("will_send", QStringLiteral("will be sent"))
        + line("already_accepted", QStringLiteral("already accepted"))
        + line("superseded", QStringLiteral("superseded by a later record"))
        + line("payload_gone", QStringLiteral("without payload: retention has removed it"))
        + line("too_old", QStringLiteral("too old for the platform"))
        + line("same_error",
            QStringLiteral("would fail again in the same way (--include-same-error sends them)"))
        + line(
            "outcome_unknown", QStringLiteral("of unknown outcome (--include-unknown sends them)"));
}

QString jobText(const QJsonObject& job)
{
    QString text
        = QStringLiteral("R-%1 %2: %3 of %4 accepted, %5 failed, %6 skipped, %7 cancelled, %8 left")
              .arg(job.value(u"id").toInteger())
              .arg(job.value(u"state").toString(), countText(job.value(u"accepted").toInteger()),
                  countText(job.value(u"total").toInteger()),
                  countText(job.value(u"failed").toInteger()),
                  countText(job.value(u"skipped").toInteger()),
                  countText(job.value(u"cancelled").toInteger()),
                  countText(job.value(u"left").toInteger()));
    const QString reason = job.value(u"reason").toString();
    return text + (reason.isEmpty() ? QStringLiteral("\n") : QStringLiteral(" (%1)\n").arg(reason));
}

// Follows a job to its end; 1 when something failed again or it was stopped.
ExitCode follow(const Arguments& arguments, const ControlClient& client, qint64 job)
{
    for (;;) {
        const ControlAnswer answer = client.get(QStringLiteral("/v1/replay/%1").arg(job));
        const QString state = answer.json.value(u"state").toString();
        const bool isOver = state == u"finished" || state == u"cancelled" || state == u"failed";
        if (!answer.isOk() || isOver) {
            const ExitCode code = finish(arguments, answer, jobText(answer.json));
            const bool isGood
                = state == u"finished" && answer.json.value(u"failed").toInteger() == 0;
            return code == ExitCode::Done && !isGood ? ExitCode::Failed : code;
        }
        QThread::msleep(500);
    }
}

QJsonObject jobBody(const Arguments& arguments, qint64 selection, QString& problem)
{
    QJsonObject body { { QStringLiteral("selection"), selection } };
    const auto addNumber = [&](const QString& option, const QString& name) {
        const auto text = arguments.value(option);
        if (!text)
            return;
        bool isNumber = false;
        const double number = text->toDouble(&isNumber);
        body.insert(name, number);
        if (!isNumber || !std::isfinite(number))
            problem = QStringLiteral("--%1 wants a number, not \"%2\"").arg(option, *text);
    };
    addNumber(QStringLiteral("share"), QStringLiteral("share"));
    addNumber(QStringLiteral("pace"), QStringLiteral("rate"));
    for (const auto& [option, name] :
        { std::pair { "error-stop", "error_stop" }, { "throttle-hold", "throttle_hold" } }) {
        const QString field = QString::fromLatin1(name);
        addNumber(QString::fromLatin1(option), field);
        if (body.contains(field)) // percent on the command line, a share in the API
            body.insert(field, body.value(field).toDouble() / 100);
    }
    addNumber(QStringLiteral("lag-hold"), QStringLiteral("lag_hold"));
    if (arguments.has(QStringLiteral("no-ramp")))
        body.insert(QStringLiteral("ramp"), false);
    if (arguments.has(QStringLiteral("include-unknown")))
        body.insert(QStringLiteral("include_unknown"), true);
    if (arguments.has(QStringLiteral("include-same-error")))
        body.insert(QStringLiteral("include_same_error"), true);
    if (const auto reason = arguments.value(QStringLiteral("reason")))
        body.insert(QStringLiteral("reason"), *reason);
    return body;
}

ExitCode start(const Arguments& arguments, const ControlClient& client)
{
    const QJsonObject filter = filterOf(arguments);
    if (filter.isEmpty())
        return usageFault(kName,
            QStringLiteral(
                "say what to send again: --destination, --from, --to or another filter"));
    QString problem;
    (void)jobBody(arguments, 0, problem);
    if (!problem.isEmpty())
        return usageFault(kName, problem);
    QJsonObject selection { { QStringLiteral("filter"), filter } };
    if (arguments.has(QStringLiteral("include-delivered")))
        selection.insert(QStringLiteral("include_delivered"), true);
    // What is too old when its turn comes depends on the pace.
    const QJsonObject job = jobBody(arguments, 0, problem);
    for (const QString& name : { QStringLiteral("share"), QStringLiteral("rate") }) {
        if (job.contains(name))
            selection.insert(name, job.value(name));
    }
    const ControlAnswer preview = client.post(QStringLiteral("/v1/replay/preview"), selection);
    if (!preview.isOk() || arguments.has(QStringLiteral("dry-run")))
        return finish(arguments, preview, previewText(preview.json));
    const bool isJson = arguments.has(QStringLiteral("json"));
    if (!isJson || preview.json.value(u"matched").toInteger() == 0) {
        // Nothing matched: that is said, and no job is made of it.
        const ExitCode code = finish(arguments, preview, previewText(preview.json));
        if (preview.json.value(u"matched").toInteger() == 0)
            return code;
    }
    const ControlAnswer created = client.post(QStringLiteral("/v1/replay"),
        jobBody(arguments, preview.json.value(u"selection").toInteger(), problem));
    if (!created.isOk() || !arguments.has(QStringLiteral("wait")))
        return finish(arguments, created, created.json.value(u"message").toString() + u'\n');
    return follow(arguments, client, created.json.value(u"job").toInteger());
}

ExitCode list(const Arguments& arguments, const ControlClient& client)
{
    const ControlAnswer answer = client.get(QStringLiteral("/v1/replay"));
    QString text;
    for (const auto& job : answer.json.value(u"jobs").toArray())
        text += jobText(job.toObject());
    return finish(arguments, answer, text.isEmpty() ? QStringLiteral("No replays yet.\n") : text);
}

} // namespace

ExitCode runReplay(const QStringList& words)
{
    const Arguments arguments(words,
        withControlOptions(
            withFilterOptions({ { QStringLiteral("dry-run"), false }, { QStringLiteral("share") },
                { QStringLiteral("pace") }, { QStringLiteral("error-stop") },
                { QStringLiteral("throttle-hold") }, { QStringLiteral("lag-hold") },
                { QStringLiteral("no-ramp"), false }, { QStringLiteral("include-unknown"), false },
                { QStringLiteral("include-same-error"), false },
                { QStringLiteral("include-delivered"), false }, { QStringLiteral("wait"), false },
                { QStringLiteral("reason") } })),
        2);
    if (!arguments.problem().isEmpty())
        return usageFault(kName, arguments.problem());
    const QString verb = arguments.positional().value(0);
    const QStringList verbs { QStringLiteral("list"), QStringLiteral("show"),
        QStringLiteral("report"), QStringLiteral("pace"), QStringLiteral("pause"),
        QStringLiteral("resume"), QStringLiteral("cancel") };
    if (!verb.isEmpty() && !verbs.contains(verb))
        return usageFault(kName,
            QStringLiteral("say list, show, report, pace, pause, resume or cancel, or give "
                           "filters"));
    if (verb == u"list" && arguments.positional().size() > 1)
        return usageFault(kName,
            QStringLiteral("\"%1\" is not expected after list").arg(arguments.positional()[1]));
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(kName, client.problem());
    if (verb.isEmpty())
        return start(arguments, client);
    if (verb == u"list")
        return list(arguments, client);
    QString job = arguments.positional().value(1);
    if (job.startsWith(u"R-"))
        job = job.mid(2);
    bool isNumber = false;
    const qlonglong number = job.toLongLong(&isNumber);
    if (!isNumber || number < 1)
        return usageFault(kName, verb + QStringLiteral(" needs the number of a job"));
    if (verb == u"show") {
        const ControlAnswer answer = client.get(QStringLiteral("/v1/replay/") + job);
        return finish(arguments, answer, jobText(answer.json));
    }
    if (verb == u"report") {
        const ControlAnswer answer = client.get(QStringLiteral("/v1/replay/%1/report").arg(job));
        return finish(arguments, answer,
            jobText(answer.json.value(u"job").toObject())
                + previewText(answer.json.value(u"preview").toObject()));
    }
    if (verb == u"pace") {
        QString problem;
        QJsonObject body;
        const QJsonObject wanted = jobBody(arguments, 0, problem);
        for (const QString& name :
            { QStringLiteral("share"), QStringLiteral("rate"), QStringLiteral("reason") }) {
            if (wanted.contains(name))
                body.insert(name, wanted.value(name));
        }
        if (!problem.isEmpty())
            return usageFault(kName, problem);
        const ControlAnswer answer
            = client.post(QStringLiteral("/v1/replay/%1/pace").arg(job), body);
        return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
    }
    const ControlAnswer answer = client.post(QStringLiteral("/v1/replay/%1/%2").arg(job, verb), {});
    return finish(arguments, answer, answer.json.value(u"message").toString() + u'\n');
}

} // namespace app
