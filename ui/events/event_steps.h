// The life of one event as a list of steps: what the lanes draw, the table lists and "Copy trace"
// copies. Pure; personal data in messages is masked here already.
#pragma once

#include <engine/pages.h>

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace ui {

struct EventStep {
    enum class Kind {
        Accepted,
        Delivered,
        Failed,
        Throttled,
        GivenBack,
        Dead,
        Waiting,
        InFlight,
        NotRouted
    };
    Kind kind { Kind::Accepted };
    engine::WallTime at {}; // Waiting: when it is due, or the time of the look-up
    int lane { 0 }; // 0: ingest; then the deliveries in their order
    QString where {}; // "ingest", "meta · 1048…7731"
    QString what {}; // "accepted", "Invalid", "waits for a retry"
    QString http {};
    QString message {};
    std::optional<engine::DeadLetterId> deadLetter {}; // of its delivery
    QString detail {}; // everything known of an attempt, in lines; empty for the other kinds
};

// In order of time; what went nowhere stands with its reason in a lane of its own.
[[nodiscard]] std::vector<EventStep> stepsOf(const engine::EventTrace& trace, engine::WallTime now);

// "meta: the credential was refused; then until 14:21:07 it failed 3 times and is tried again": one
// line for each delivery that waits, with every gate. Empty when nothing does.
[[nodiscard]] QStringList whyWaiting(const engine::EventTrace& trace);

[[nodiscard]] QString deliveryStateWord(engine::DeliveryState state); // "Accepted"
// "3 deliveries: 1 accepted, 1 waiting, 1 in the DLQ"
[[nodiscard]] QString summaryOf(const engine::EventTrace& trace);
// Plain lines for a ticket, times in UTC.
[[nodiscard]] QString traceText(const engine::EventTrace& trace, engine::WallTime now);

// Ids as somebody pastes them: apart by white space, commas or semicolons; each once.
[[nodiscard]] std::vector<std::string> parseEventIds(const QString& text);
// One word of the form that ids have, so that any other clipboard is left alone.
[[nodiscard]] bool looksLikeEventId(const QString& text);

} // namespace ui
