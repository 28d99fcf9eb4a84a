#include "events/event_steps.h"

#include "dlq/dead_letter_text.h"
#include "dlq/masking.h"
#include "format/format.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <set>

namespace ui {
namespace {

struct EventStepsText {
    Q_DECLARE_TR_FUNCTIONS(Events)
};

EventStep::Kind kindOf(const engine::AttemptRow& attempt)
{
    if (attempt.outcome == engine::Outcome::Accepted)
        return EventStep::Kind::Delivered;
    if (attempt.outcome == engine::Outcome::Throttled)
        return EventStep::Kind::Throttled;
    return attempt.number == 0 ? EventStep::Kind::GivenBack : EventStep::Kind::Failed;
}

QString detailOf(const engine::AttemptRow& attempt)
{
    QStringList lines { EventStepsText::tr("Outcome: %1").arg(outcomeWord(attempt.outcome)) };
    lines += attempt.number == 0 ? EventStepsText::tr("Attempt: given back, it spent none")
                                 : EventStepsText::tr("Attempt: %1").arg(attempt.number);
    lines += EventStepsText::tr("Lane: %1").arg(QLatin1String(engine::toString(attempt.lane)));
    lines += EventStepsText::tr("Request: %1, with %2 records")
                 .arg(engine::toInt(attempt.request))
                 .arg(attempt.batchRecords);
    lines += EventStepsText::tr("Sent: %1").arg(formatUtc(attempt.sentAt));
    if (attempt.endedAt) {
        lines += EventStepsText::tr("Ended: %1, after %2")
                     .arg(formatUtc(*attempt.endedAt),
                         formatLatency(std::chrono::duration_cast<engine::Millis>(
                             *attempt.endedAt - attempt.sentAt)));
    }
    lines += EventStepsText::tr("HTTP: %1")
                 .arg(attempt.httpStatus == 0 ? EventStepsText::tr("no answer")
                                              : QString::number(attempt.httpStatus));
    if (!attempt.code.empty())
        lines += EventStepsText::tr("Code: %1").arg(toQString(attempt.code));
    if (!attempt.message.empty())
        lines += EventStepsText::tr("Message: %1").arg(maskText(toQString(attempt.message)));
    return lines.join(u'\n');
}

EventStep stepOf(const engine::AttemptRow& attempt)
{
    EventStep step { .kind = kindOf(attempt), .at = attempt.endedAt.value_or(attempt.sentAt) };
    step.what = outcomeWord(attempt.outcome);
    if (attempt.lane == engine::Lane::Replay)
        step.what += u' ' + EventStepsText::tr("(replay)");
    step.http = attempt.httpStatus == 0 ? QString(kDash) : QString::number(attempt.httpStatus);
    step.message = maskText(toQString(attempt.message));
    if (!attempt.code.empty())
        step.message = (toQString(attempt.code) + u' ' + step.message).trimmed();
    step.detail = detailOf(attempt);
    return step;
}

// Where it stands now, when that is not what its last attempt says.
std::optional<EventStep> standOf(const engine::EventDelivery& delivery, engine::WallTime now)
{
    EventStep step { .at = now };
    switch (delivery.state) {
    case engine::DeliveryState::Waiting:
        step.kind = EventStep::Kind::Waiting;
        step.at = delivery.dueAt.value_or(now);
        step.what = EventStepsText::tr("waits in lane %1", "live, retry, replay…")
                        .arg(QLatin1String(engine::toString(delivery.lane)));
        step.message = delivery.gates.empty() ? QString()
                                              : maskText(toQString(delivery.gates.front().reason));
        return step;
    case engine::DeliveryState::InFlight:
        step.kind = EventStep::Kind::InFlight;
        step.what = EventStepsText::tr("in flight");
        return step;
    case engine::DeliveryState::Dead:
    case engine::DeliveryState::Replaying:
    case engine::DeliveryState::Archived:
        step.kind = EventStep::Kind::Dead;
        step.at = delivery.log.empty() || !delivery.log.back().endedAt
            ? now
            : *delivery.log.back().endedAt;
        step.what = deliveryStateWord(delivery.state);
        return step;
    case engine::DeliveryState::Accepted:
    case engine::DeliveryState::Ended:
        return std::nullopt;
    }
    return std::nullopt;
}

QString gateText(const engine::Hold& gate)
{
    const QString reason = maskText(toQString(gate.reason));
    return gate.until ? EventStepsText::tr("until %1: %2").arg(formatClock(*gate.until), reason)
                      : reason;
}

} // namespace

QString deliveryStateWord(engine::DeliveryState state)
{
    switch (state) {
    case engine::DeliveryState::Waiting:
        return EventStepsText::tr("Waiting");
    case engine::DeliveryState::InFlight:
        return EventStepsText::tr("In flight");
    case engine::DeliveryState::Accepted:
        return EventStepsText::tr("Accepted");
    case engine::DeliveryState::Dead:
        return EventStepsText::tr("In the DLQ");
    case engine::DeliveryState::Replaying:
        return EventStepsText::tr("Replaying");
    case engine::DeliveryState::Archived:
        return EventStepsText::tr("Archived");
    case engine::DeliveryState::Ended:
        return EventStepsText::tr("Ended");
    }
    return {};
}

std::vector<EventStep> stepsOf(const engine::EventTrace& trace, engine::WallTime now)
{
    std::vector<EventStep> steps;
    EventStep ingest { .at = trace.receivedAt, .where = EventStepsText::tr("ingest") };
    ingest.what = EventStepsText::tr("accepted and on disk");
    ingest.message = trace.isEventTimeAssigned
        ? EventStepsText::tr("no event time was given: the time of acceptance")
        : EventStepsText::tr("event time %1").arg(formatStamp(trace.eventTime));
    steps.push_back(std::move(ingest));
    for (int lane = 1; lane <= static_cast<int>(trace.deliveries.size()); ++lane) {
        const auto& delivery = trace.deliveries[static_cast<std::size_t>(lane) - 1];
        const auto add = [&](EventStep step) {
            step.lane = lane;
            step.where = shardLabel(delivery.shard);
            step.deadLetter = delivery.deadLetter;
            steps.push_back(std::move(step));
        };
        for (const auto& attempt : delivery.log)
            add(stepOf(attempt));
        if (auto stand = standOf(delivery, now))
            add(std::move(*stand));
    }
    int lane = static_cast<int>(trace.deliveries.size());
    for (const auto& [destination, reason] : trace.unrouted) {
        EventStep step { .kind = EventStep::Kind::NotRouted, .at = trace.receivedAt };
        step.lane = ++lane;
        step.where = toQString(destination);
        step.what = EventStepsText::tr("not routed");
        step.message = toQString(reason);
        steps.push_back(std::move(step));
    }
    std::stable_sort(steps.begin(), steps.end(),
        [](const EventStep& a, const EventStep& b) { return a.at < b.at; });
    return steps;
}

QStringList whyWaiting(const engine::EventTrace& trace)
{
    QStringList lines;
    for (const auto& delivery : trace.deliveries) {
        if (delivery.state != engine::DeliveryState::Waiting)
            continue;
        QStringList gates;
        for (const auto& gate : delivery.gates)
            gates += gateText(gate);
        lines += EventStepsText::tr("%1 waits: %2")
                     .arg(shardName(delivery.shard),
                         gates.isEmpty() ? EventStepsText::tr("nothing is known to hold it")
                                         : gates.join(EventStepsText::tr("; and ")));
    }
    return lines;
}

QString summaryOf(const engine::EventTrace& trace)
{
    std::map<engine::DeliveryState, int> counts;
    for (const auto& delivery : trace.deliveries)
        ++counts[delivery.state];
    QStringList parts;
    for (const auto& [state, count] : counts) {
        // The first letter alone: "1 in the DLQ".
        const QString word = deliveryStateWord(state);
        parts += QStringLiteral("%1 %2").arg(count).arg(word.left(1).toLower() + word.mid(1));
    }
    if (!trace.unrouted.empty())
        parts += EventStepsText::tr(
            "%n not routed", nullptr, static_cast<int>(trace.unrouted.size()));
    const QString head
        = EventStepsText::tr("%n deliveries", nullptr, static_cast<int>(trace.deliveries.size()));
    return parts.isEmpty() ? head : head + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

QString traceText(const engine::EventTrace& trace, engine::WallTime now)
{
    QStringList lines { EventStepsText::tr("%1 · %2 · workspace %3")
                            .arg(toQString(trace.eventId), toQString(trace.name),
                                toQString(trace.workspace)) };
    lines += summaryOf(trace);
    for (const auto& step : stepsOf(trace, now))
        lines += QStringList { formatUtc(step.at), step.where, step.what, step.http, step.message }
                     .join(u'\t')
                     .trimmed();
    lines += whyWaiting(trace);
    return lines.join(u'\n') + u'\n';
}

std::vector<std::string> parseEventIds(const QString& text)
{
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    std::vector<std::string> ids;
    std::set<QString> seen;
    for (const QString& word : text.split(separators, Qt::SkipEmptyParts)) {
        if (seen.insert(word).second)
            ids.push_back(word.toStdString());
    }
    return ids;
}

bool looksLikeEventId(const QString& text)
{
    static const QRegularExpression pattern(
        QStringLiteral("^[A-Za-z0-9][A-Za-z0-9._:#/-]{3,127}$"));
    return pattern.match(text.trimmed()).hasMatch() && !text.contains(QLatin1String("://"));
}

} // namespace ui
