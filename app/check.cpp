// check FILE [--live DESTINATION [--account ACCOUNT]]
#include "commands.h"
#include "help.h"
#include "usage.h"

#include <engine/check.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace app {
namespace {

QString utf8(const std::string& text) { return QString::fromStdString(text); }

QJsonObject toJson(const engine::CheckReport& report)
{
    QJsonArray findings;
    for (const engine::CheckFinding& finding : report.findings) {
        findings.append(QJsonObject { { QStringLiteral("file"), utf8(finding.file) },
            { QStringLiteral("line"), finding.line }, { QStringLiteral("column"), finding.column },
            { QStringLiteral("key"), utf8(finding.key) },
            { QStringLiteral("message"), utf8(finding.message) },
            { QStringLiteral("warning"), finding.isWarning } });
    }
    QJsonArray secrets;
    for (const std::string& problem : report.unreadableSecrets)
        secrets.append(utf8(problem));
    return { { QStringLiteral("valid"), report.isValid }, { QStringLiteral("findings"), findings },
        { QStringLiteral("unreadable_secrets"), secrets },
        { QStringLiteral("effective"), utf8(report.effective) } };
}

const char* nameOf(engine::LiveCheckReport::Verdict verdict)
{
    using Verdict = engine::LiveCheckReport::Verdict;
    switch (verdict) {
    case Verdict::Accepted:
        return "accepted";
    case Verdict::Refused:
        return "refused";
    case Verdict::NoAnswer:
        return "no_answer";
    case Verdict::NotPossible:
        return "not_possible";
    }
    return "";
}

ExitCode runLive(const Arguments& arguments)
{
    const auto now = std::chrono::floor<engine::Micros>(std::chrono::system_clock::now());
    const auto report = engine::checkLive(arguments.positional().front().toStdString(),
        arguments.value(QStringLiteral("live")).value_or(QString()).toStdString(),
        arguments.value(QStringLiteral("account")).value_or(QString()).toStdString(), now);
    if (!report) {
        printError(utf8(report.error().message));
        return ExitCode::Usage;
    }
    if (arguments.has(QStringLiteral("json"))) {
        QJsonArray lines;
        for (const std::string& line : report->lines)
            lines.append(utf8(line));
        print(QString::fromUtf8(QJsonDocument(
            QJsonObject { { QStringLiteral("verdict"), QLatin1String(nameOf(report->verdict)) },
                { QStringLiteral("lines"),
                    lines } }).toJson()));
    } else {
        for (const std::string& line : report->lines)
            print(utf8(line) + QLatin1Char('\n'));
    }
    return report->verdict == engine::LiveCheckReport::Verdict::Accepted ? ExitCode::Done
                                                                         : ExitCode::Failed;
}

} // namespace

ExitCode runCheck(const QStringList& words)
{
    const Arguments arguments(words,
        { { QStringLiteral("json"), false }, { QStringLiteral("live"), true },
            { QStringLiteral("account"), true } });
    if (!arguments.problem().isEmpty())
        return usageFault(QStringLiteral("check"), arguments.problem());
    if (arguments.positional().size() != 1)
        return usageFault(QStringLiteral("check"), QStringLiteral("name one configuration file"));
    if (arguments.has(QStringLiteral("live")))
        return runLive(arguments);
    const engine::CheckReport report
        = engine::checkConfiguration(arguments.positional().front().toStdString());
    const ExitCode code = report.isValid ? ExitCode::Done : ExitCode::Usage;
    if (arguments.has(QStringLiteral("json"))) {
        print(QString::fromUtf8(QJsonDocument(toJson(report)).toJson()));
        return code;
    }
    for (const engine::CheckFinding& finding : report.findings)
        printError(utf8(finding.text));
    for (const std::string& problem : report.unreadableSecrets)
        printError(QStringLiteral("warning: ") + utf8(problem));
    print(report.isValid ? utf8(report.effective) + QStringLiteral("The configuration is valid.\n")
                         : QStringLiteral("The configuration is refused.\n"));
    return code;
}

} // namespace app
