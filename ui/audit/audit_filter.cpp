#include "audit/audit_filter.h"

#include "dlq/dlq_filter.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace ui {
namespace {

struct AuditFilterText {
    Q_DECLARE_TR_FUNCTIONS(AuditFilter)
};

// One condition; a sentence when it is none.
QString take(
    engine::AuditFilter& filter, const QString& key, const QString& value, engine::WallTime now)
{
    const std::string text = value.toStdString();
    if (key == u"who") {
        filter.who = text;
    } else if (key == u"action") {
        filter.action = text;
    } else if (key == u"shard" || key == u"dest" || key == u"target") {
        filter.target = text;
    } else if (key == u"profile") {
        filter.profile = text;
    } else if (key == u"job") {
        filter.correlation = text;
    } else if (key == u"result") {
        if (value != u"ok" && value != u"refused")
            return AuditFilterText::tr("A result is ok or refused, not “%1”").arg(value);
        filter.isOk = value == u"ok";
    } else if (key == u"undo") {
        bool isNumber = false;
        filter.undoOf = engine::AuditId { value.toLongLong(&isNumber) };
        if (!isNumber)
            return AuditFilterText::tr("“%1” is no number of an entry").arg(value);
    } else if (key == u"after" || key == u"before") {
        const auto time = parseFilterTime(value, now);
        if (!time)
            return AuditFilterText::tr("“%1” is no time: write 14:00, 15m (ago) or 2026-11-27")
                .arg(value);
        (key == u"after" ? filter.from : filter.to) = *time;
    } else {
        return AuditFilterText::tr(
            "No condition is called “%1”. There are who, action, shard, profile, "
            "result, undo, job, after and before; quotes search for the text itself.")
            .arg(key);
    }
    return {};
}

} // namespace

ParsedAuditFilter parseAuditFilter(const QString& line, engine::WallTime now)
{
    static const QRegularExpression kWord(QStringLiteral(R"((?:[^\s"]|"[^"]*")+)"));
    static const QRegularExpression kCondition(
        QStringLiteral("^([A-Za-z]+):(.*)$"), QRegularExpression::DotMatchesEverythingOption);
    ParsedAuditFilter result;
    if (line.count(u'"') % 2 != 0) {
        result.error = AuditFilterText::tr("A quote is not closed");
        return result;
    }
    QStringList words;
    for (auto found = kWord.globalMatch(line); found.hasNext();) {
        const QString word = found.next().captured();
        const auto condition = kCondition.match(word);
        if (!condition.hasMatch()) {
            words += QString(word).remove(u'"');
            continue;
        }
        const QString value = condition.captured(2).remove(u'"');
        result.error = value.isEmpty()
            ? AuditFilterText::tr("“%1” needs a value").arg(word)
            : take(result.filter, condition.captured(1).toLower(), value, now);
        if (!result.error.isEmpty())
            return result;
    }
    result.filter.text = words.join(u' ').toStdString();
    return result;
}

} // namespace ui
