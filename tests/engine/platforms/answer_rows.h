// Rows about a platform's answers: a status and a body, and what becomes of the records that were
// sent.
#pragma once

#include "engine/platforms/event_samples.h"

#include <QTest>

namespace engine::testing {

// "invalid transient* accepted": a star stands where the record is not at fault.
inline std::string outcomesWithFaults(const platforms::Decoded& decoded)
{
    std::string text;
    for (const platforms::RecordOutcome& record : decoded.records)
        text += std::string(text.empty() ? "" : " ") + toString(record.outcome)
            + (record.isNotAtFault ? "*" : "");
    return text;
}

inline platforms::Decoded decodedAnswer(
    const DestinationConfig& to, const HttpAnswer& answer, std::size_t records)
{
    const std::vector<platforms::Record> sent(records);
    return platforms::adapterFor(to.platform)->decode(answer, sent, contextOf(to));
}

inline void addAnswerColumns()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("outcomes"); // of all records that were sent
    QTest::addColumn<bool>("isSuspect"); // to be taken apart
}

inline void addAnswerRow(const char* name, int status, const std::string& body,
    const char* outcomes, bool isSuspect = false)
{
    QTest::newRow(name) << status << QString::fromStdString(body) << QString::fromUtf8(outcomes)
                        << isSuspect;
}

// The row of the moment. As many records are sent as it has outcomes.
inline platforms::Decoded checkAnswerRow(const DestinationConfig& to)
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(QString, outcomes);
    QFETCH(bool, isSuspect);
    const auto records = static_cast<std::size_t>(outcomes.count(u' ') + 1);
    const platforms::Decoded decoded
        = decodedAnswer(to, answerOf(status, body.toStdString()), records);
    [&] {
        QCOMPARE(QString::fromStdString(outcomesWithFaults(decoded)), outcomes);
        QCOMPARE(decoded.isBatchSuspect, isSuspect);
    }();
    return decoded;
}

} // namespace engine::testing
