// events show: what became of an event, destination by destination, and why it waits.
#include "commands.h"
#include "help.h"
#include "text_table.h"
#include "usage.h"

#include <QJsonArray>

namespace app {
namespace {

const QString kEvents = QStringLiteral("events");

QString textOf(const QJsonObject& object, const char* name)
{
    return object.value(QLatin1String(name)).toString();
}

QString shardOf(const QJsonObject& delivery)
{
    return textOf(delivery, "destination") + u'/' + textOf(delivery, "account");
}

QString gatesText(const QJsonObject& delivery)
{
    QString text;
    for (const auto& value : delivery.value(u"gates").toArray()) {
        const QJsonObject gate = value.toObject();
        const QString until = textOf(gate, "until");
        text += QStringLiteral("  %1 waits%2: %3\n")
                    .arg(shardOf(delivery),
                        until.isEmpty() ? QString() : QStringLiteral(" until ") + until,
                        textOf(gate, "reason"));
    }
    return text;
}

QString eventText(const QJsonObject& event)
{
    QString text = QStringLiteral("%1  %2  workspace %3  happened %4  accepted %5\n")
                       .arg(textOf(event, "event_id"), textOf(event, "event_name"),
                           textOf(event, "workspace"), textOf(event, "event_time"),
                           textOf(event, "received_at"));
    TextTable table({ QStringLiteral("shard"), QStringLiteral("state"), QStringLiteral("tries"),
        QStringLiteral("last attempt"), QStringLiteral("http"), QStringLiteral("message") });
    QString gates;
    for (const auto& value : event.value(u"deliveries").toArray()) {
        const QJsonObject delivery = value.toObject();
        const QJsonArray log = delivery.value(u"attempt_log").toArray();
        const QJsonObject last = log.isEmpty() ? QJsonObject() : log.last().toObject();
        table.addRow({ shardOf(delivery), textOf(delivery, "state"),
            QString::number(delivery.value(u"attempts").toInt()), textOf(last, "sent_at"),
            QString::number(last.value(u"status").toInt()), textOf(last, "message").left(80) });
        gates += gatesText(delivery);
    }
    text += table.text() + gates;
    for (const auto& value : event.value(u"unrouted").toArray()) {
        const QJsonObject one = value.toObject();
        text += QStringLiteral("  not routed to %1: %2\n")
                    .arg(textOf(one, "destination"), textOf(one, "reason"));
    }
    return text;
}

} // namespace

ExitCode runEvents(const QStringList& words)
{
    const Arguments arguments(words, withControlOptions({}));
    if (!arguments.problem().isEmpty())
        return usageFault(kEvents, arguments.problem());
    const ControlClient client(arguments);
    if (!client.problem().isEmpty())
        return usageFault(kEvents, client.problem());
    const QStringList ids = arguments.positional().mid(1);
    if (arguments.positional().value(0) != u"show" || ids.isEmpty())
        return usageFault(kEvents, QStringLiteral("say show and one event id or more"));
    QUrlQuery query;
    for (const QString& id : ids)
        query.addQueryItem(QStringLiteral("id"), QString::fromLatin1(QUrl::toPercentEncoding(id)));
    const ControlAnswer answer = client.get(QStringLiteral("/v1/events"), query);
    QString text;
    for (const auto& event : answer.json.value(u"events").toArray())
        text += eventText(event.toObject());
    const QJsonArray missing = answer.json.value(u"missing").toArray();
    for (const auto& id : missing)
        text += QStringLiteral("%1 was not found; the journal goes back to %2\n")
                    .arg(id.toString(), textOf(answer.json, "kept_since"));
    const ExitCode code = finish(arguments, answer, text);
    return code == ExitCode::Done && !missing.isEmpty() ? ExitCode::Failed : code;
}

} // namespace app
