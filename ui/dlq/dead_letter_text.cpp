#include "dlq/dead_letter_text.h"

#include "dlq/dead_letter_model.h"
#include "dlq/masking.h"
#include "format/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DeadLetters)
};

QString statusText(int status) { return status == 0 ? QString(kDash) : QString::number(status); }

} // namespace

QString columnTitle(int column)
{
    switch (column) {
    case DeadLetterModel::EventIdColumn:
        return Text::tr("Event ID");
    case DeadLetterModel::ShardColumn:
        return Text::tr("Shard");
    case DeadLetterModel::TypeColumn:
        return Text::tr("Type");
    case DeadLetterModel::ReasonColumn:
        return Text::tr("Reason");
    case DeadLetterModel::HttpColumn:
        return Text::tr("HTTP");
    case DeadLetterModel::CodeColumn:
        return Text::tr("Code");
    case DeadLetterModel::AttemptsColumn:
        return Text::tr("Sends", "how often it was sent");
    case DeadLetterModel::FirstSeenColumn:
        return Text::tr("First seen");
    case DeadLetterModel::LastFailedColumn:
        return Text::tr("Last attempt");
    case DeadLetterModel::EventTimeColumn:
        return Text::tr("Event time");
    case DeadLetterModel::ExpiresColumn:
        return Text::tr("Expires");
    case DeadLetterModel::SizeColumn:
        return Text::tr("Size");
    case DeadLetterModel::StateColumn:
        return Text::tr("Status");
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
                           : Text::tr("The platform names no age at which it refuses");
    case DeadLetterModel::SizeColumn:
        return Text::tr("%1 bytes").arg(formatExact(row.payloadBytes));
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
        return Text::tr("Accepted");
    case engine::Outcome::Throttled:
        return Text::tr("Throttled");
    case engine::Outcome::Transient:
        return Text::tr("Transient");
    case engine::Outcome::Unknown:
        return Text::tr("Unknown", "sent, but no answer came");
    case engine::Outcome::Invalid:
        return Text::tr("Invalid");
    case engine::Outcome::Auth:
        return Text::tr("Auth", "credential refused");
    case engine::Outcome::Config:
        return Text::tr("Config", "id, permission or version refused");
    case engine::Outcome::Oversize:
        return Text::tr("Oversize");
    }
    return {};
}

QString deadLetterStateWord(engine::DeadLetterState state)
{
    switch (state) {
    case engine::DeadLetterState::Waiting:
        return Text::tr("Waiting");
    case engine::DeadLetterState::Replaying:
        return Text::tr("Replaying");
    case engine::DeadLetterState::Replayed:
        return Text::tr("Replayed");
    case engine::DeadLetterState::Archived:
        return Text::tr("Archived");
    }
    return {};
}

QString formatStamp(engine::WallTime time)
{
    const auto local = QDateTime::fromMSecsSinceEpoch(engine::toUnixMicros(time) / 1'000);
    return QLocale(QLocale::English).toString(local, QStringLiteral("d MMM HH:mm:ss"));
}

} // namespace ui
