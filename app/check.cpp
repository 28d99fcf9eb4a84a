// check FILE
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

} // namespace

ExitCode runCheck(const QStringList& words)
{
    const Arguments arguments(words, { { QStringLiteral("json"), false } });
    if (!arguments.problem().isEmpty())
        return usageFault(QStringLiteral("check"), arguments.problem());
    if (arguments.positional().size() != 1)
        return usageFault(QStringLiteral("check"), QStringLiteral("name one configuration file"));
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
