#include "audit/audit_filter.h"

#include "dlq/dlq_filter.h"

#include <QCoreApplication>
#include <QStringList>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(AuditFilter)
};

} // namespace

ParsedAuditFilter parseAuditFilter(const QString& line, engine::WallTime now)
{
    ParsedAuditFilter result;
    QStringList words;
    for (const QString& word : line.split(u' ', Qt::SkipEmptyParts)) {
        const auto split = word.indexOf(u':');
        const QString key = split > 0 ? word.left(split).toLower() : QString();
        const QString value = word.mid(split + 1);
        if (key == u"who") {
            result.filter.who = value.toStdString();
        } else if (key == u"action") {
            result.filter.action = value.toStdString();
        } else if (key == u"after" || key == u"before") {
            const auto time = parseFilterTime(value, now);
            if (!time) {
                result.error
                    = Text::tr("“%1” is no time: write 14:00, 15m (ago) or 2026-11-27").arg(value);
                return result;
            }
            (key == u"after" ? result.filter.from : result.filter.to) = *time;
        } else {
            words += word;
        }
    }
    result.filter.text = words.join(u' ').toStdString();
    return result;
}

} // namespace ui
