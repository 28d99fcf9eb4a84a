#include "dlq/dead_letter_text.h"

#include "dlq/dead_letter_model.h"
#include "dlq/masking.h"
#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFontMetrics>
#include <QLocale>

namespace ui {
namespace {

struct DeadLetterText {
    Q_DECLARE_TR_FUNCTIONS(DeadLetters)
};

QString statusText(int status) { return status == 0 ? QString(kDash) : QString::number(status); }

} // namespace

QString columnTitle(int column)
{
    switch (column) {
    case DeadLetterModel::EventIdColumn:
        return DeadLetterText::tr("Event ID");
    case DeadLetterModel::ShardColumn:
        return DeadLetterText::tr("Shard");
    case DeadLetterModel::TypeColumn:
        return DeadLetterText::tr("Type");
    case DeadLetterModel::ReasonColumn:
        return DeadLetterText::tr("Reason");
    case DeadLetterModel::HttpColumn:
        return DeadLetterText::tr("HTTP");
    case DeadLetterModel::CodeColumn:
        return DeadLetterText::tr("Code");
    case DeadLetterModel::AttemptsColumn:
        return DeadLetterText::tr("Sends", "how often it was sent");
    case DeadLetterModel::FirstSeenColumn:
        return DeadLetterText::tr("First seen");
    case DeadLetterModel::LastFailedColumn:
        return DeadLetterText::tr("Last attempt");
    case DeadLetterModel::EventTimeColumn:
        return DeadLetterText::tr("Event time");
    case DeadLetterModel::ExpiresColumn:
        return DeadLetterText::tr("Expires");
    case DeadLetterModel::SizeColumn:
        return DeadLetterText::tr("Size");
    case DeadLetterModel::StateColumn:
        return DeadLetterText::tr("Status");
    default:
        return {};
    }
}

bool isNumberColumn(int column)
{
    return column == DeadLetterModel::HttpColumn || column == DeadLetterModel::AttemptsColumn
        || column == DeadLetterModel::SizeColumn;
}

QString cellText(const engine::DeadLetterRow& row, int column)
{
    switch (column) {
    case DeadLetterModel::EventIdColumn:
        return toQString(row.eventId);
    case DeadLetterModel::ShardColumn:
        return shardLabel(row.shard);
    case DeadLetterModel::TypeColumn:
        return toQString(row.eventName);
    case DeadLetterModel::ReasonColumn:
        return outcomeWord(row.outcome);
    case DeadLetterModel::HttpColumn:
        return statusText(row.httpStatus);
    case DeadLetterModel::CodeColumn:
        return row.code.empty() ? QString(kDash) : toQString(row.code);
    case DeadLetterModel::AttemptsColumn:
        return QString::number(row.attempts);
    case DeadLetterModel::FirstSeenColumn:
        return formatStamp(row.firstSeen);
    case DeadLetterModel::LastFailedColumn:
        return formatStamp(row.lastFailed);
    case DeadLetterModel::EventTimeColumn:
        return formatStamp(row.eventTime);
    case DeadLetterModel::ExpiresColumn:
        return row.expires ? formatStamp(*row.expires) : QString(kDash);
    case DeadLetterModel::SizeColumn:
        return formatBytes(row.payloadBytes);
    case DeadLetterModel::StateColumn:
        return deadLetterStateWord(row.state);
    default:
        return {};
    }
}

QString cellToolTip(const engine::DeadLetterRow& row, int column)
{
    switch (column) {
    case DeadLetterModel::ShardColumn:
        return shardName(row.shard);
    case DeadLetterModel::ReasonColumn:
    case DeadLetterModel::CodeColumn:
        return maskText(toQString(row.message));
    case DeadLetterModel::FirstSeenColumn:
        return formatUtc(row.firstSeen);
    case DeadLetterModel::LastFailedColumn:
        return formatUtc(row.lastFailed);
    case DeadLetterModel::EventTimeColumn:
        return formatUtc(row.eventTime);
    case DeadLetterModel::ExpiresColumn:
        return row.expires ? formatUtc(*row.expires)
                           : DeadLetterText::tr("The platform names no age at which it refuses");
    case DeadLetterModel::SizeColumn:
        return DeadLetterText::tr("%1 bytes").arg(formatExact(row.payloadBytes));
    default:
        return cellText(row, column);
    }
}

QVariant cellRaw(const engine::DeadLetterRow& row, int column)
{
    switch (column) {
    case DeadLetterModel::HttpColumn:
        return row.httpStatus;
    case DeadLetterModel::AttemptsColumn:
        return row.attempts;
    case DeadLetterModel::SizeColumn:
        return QVariant::fromValue<qlonglong>(row.payloadBytes);
    case DeadLetterModel::FirstSeenColumn:
        return QVariant::fromValue<qlonglong>(engine::toUnixMicros(row.firstSeen));
    case DeadLetterModel::LastFailedColumn:
        return QVariant::fromValue<qlonglong>(engine::toUnixMicros(row.lastFailed));
    case DeadLetterModel::EventTimeColumn:
        return QVariant::fromValue<qlonglong>(engine::toUnixMicros(row.eventTime));
    default:
        return cellText(row, column);
    }
}

QString outcomeWord(engine::Outcome outcome)
{
    switch (outcome) {
    case engine::Outcome::Accepted:
        return DeadLetterText::tr("Accepted");
    case engine::Outcome::Throttled:
        return DeadLetterText::tr("Throttled");
    case engine::Outcome::Transient:
        return DeadLetterText::tr("Transient");
    case engine::Outcome::Unknown:
        return DeadLetterText::tr("Unknown", "sent, but no answer came");
    case engine::Outcome::Invalid:
        return DeadLetterText::tr("Invalid");
    case engine::Outcome::Auth:
        return DeadLetterText::tr("Auth", "credential refused");
    case engine::Outcome::Config:
        return DeadLetterText::tr("Config", "id, permission or version refused");
    case engine::Outcome::Oversize:
        return DeadLetterText::tr("Oversize");
    }
    return {};
}

QString deadLetterStateWord(engine::DeadLetterState state)
{
    switch (state) {
    case engine::DeadLetterState::Waiting:
        return DeadLetterText::tr("Waiting");
    case engine::DeadLetterState::Replaying:
        return DeadLetterText::tr("Replaying");
    case engine::DeadLetterState::Replayed:
        return DeadLetterText::tr("Replayed");
    case engine::DeadLetterState::Archived:
        return DeadLetterText::tr("Archived");
    }
    return {};
}

QString formatStamp(engine::WallTime time)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
    return QLocale().toString(local, QStringLiteral("d MMM HH:mm:ss"));
}

// Months differ in length, and from language to language.
QString widestStamp(const QFontMetrics& metrics)
{
    QString widest;
    for (int month = 1; month <= 12; ++month) {
        const QDateTime time(QDate(2026, month, 28), QTime(20, 48, 48));
        const QString text
            = formatStamp(engine::WallTime { engine::Millis { time.toMSecsSinceEpoch() } });
        if (metrics.horizontalAdvance(text) > metrics.horizontalAdvance(widest))
            widest = text;
    }
    return widest;
}

} // namespace ui
