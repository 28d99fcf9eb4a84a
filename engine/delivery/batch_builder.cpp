#include "delivery/batch_builder.h"

#include "delivery/retry_table.h"
#include "platforms/requests.h"

namespace engine::delivery {

namespace {

// Entries looked at for one batch: what does not fit (another endpoint, a person who waits) is
// passed over, but not without end.
constexpr std::int64_t kVisitsPerRecord = 4;
constexpr std::int64_t kVisitsMin = 256;

} // namespace

Batch BatchBuilder::build(Lane lane, std::int64_t recordsMax)
{
    m_recordsMax = recordsMax;
    Batch batch;
    std::vector<QueuedDelivery> taken;
    if (lane == Lane::Retry && m_shard.queue.hasBisection()) {
        batch.isBisection = m_isBisection = true;
        taken = m_shard.queue.takeBisection(static_cast<std::size_t>(recordsMax));
        for (QueuedDelivery& delivery : taken) {
            QueueEntry entry { .delivery = delivery };
            if (visit(entry) != ShardQueue::Visit::Take) {
                // It cannot stand beside the others any more: alone it will.
                m_isRefused.push_back(true);
                m_refused.push_back({ .delivery = delivery, .isSplitOff = true });
            }
        }
    } else {
        taken = m_shard.queue.take(
            lane, m_now.due, [this](QueueEntry& entry) { return visit(entry); });
    }
    Q_ASSERT(taken.size() == m_isRefused.size());
    auto record = m_records.begin();
    auto refusal = m_refused.begin();
    for (std::size_t i = 0; i < taken.size(); ++i) {
        if (m_isRefused[i])
            (refusal++)->delivery = std::move(taken[i]);
        else
            batch.items.push_back({ std::move(taken[i]), std::move(*record++) });
        if (!m_isRefused[i] && !batch.items.back().record.personKey.empty())
            batch.hasUnknownPersons = !m_shard.arePersonsKnown;
    }
    for (LocalRefusal& refused : m_refused) {
        if (refused.isSplitOff)
            m_shard.queue.putBisection({ std::move(refused.delivery) }, false);
        else
            batch.refused.push_back(std::move(refused));
    }
    return batch;
}

ShardQueue::Visit BatchBuilder::visit(QueueEntry& entry)
{
    using Visit = ShardQueue::Visit;
    const QueuedDelivery& delivery = entry.delivery;
    const auto count = static_cast<std::int64_t>(m_records.size());
    if (count >= m_recordsMax)
        return Visit::Stop;
    // Before it counts as a visit: however much of a held job lies in front, others go on.
    if (delivery.job && !m_isBisection && m_jobGate && !m_jobGate(*delivery.job))
        return Visit::Skip;
    if (++m_visits > m_recordsMax * kVisitsPerRecord + kVisitsMin)
        return Visit::Stop;
    const bool isHinted = entry.isEncodedOnce;
    if (isHinted && count > 0 && entry.batchKey != m_records.front().batchKey)
        return Visit::Skip;
    if (isHinted && !entry.personKey.empty()
        && !m_shard.persons.mayGo(entry.personKey, delivery.key.seq))
        return Visit::Skip;

    if (!delivery.event)
        return refuse(entry, Outcome::Invalid, "payload_gone", "the payload is no longer kept");
    const Contract& contract = m_shard.contract;
    if (contract.isAgeEnforced && delivery.expiresAt && *delivery.expiresAt <= m_now.wall)
        return refuse(entry, Outcome::Invalid, "expired",
            "expired: older than the platform accepts, not sent");
    if (delivery.attempts >= contract.retry.attempts) {
        const Outcome last = delivery.firstSentAt ? Outcome::Unknown : Outcome::Transient;
        return refuse(entry, last, "attempts_spent",
            "no attempt left: " + std::to_string(delivery.attempts) + " of "
                + std::to_string(contract.retry.attempts) + " were spent");
    }

    auto canonical = platforms::toCanonical(delivery.event);
    if (!canonical)
        return refuse(entry, Outcome::Invalid, "payload", canonical.error().message);
    const platforms::EncodeContext context {
        .destination = m_shard.destination.get(), .account = m_shard.account, .now = m_now.wall
    };
    auto encoded = m_shard.adapter->encode(*canonical, context);
    if (const auto* refusal = std::get_if<platforms::Refusal>(&encoded))
        return refuse(entry, Outcome::Invalid, refusal->field, refusal->text());
    if (const auto* early = std::get_if<platforms::TooRecent>(&encoded)) {
        const auto visited
            = refuse(entry, Outcome::Transient, "too_recent", "too recent: " + early->reason);
        m_refused.back().waitsUntil = early->until;
        return visited;
    }
    return place(entry, std::move(std::get<platforms::Record>(encoded)));
}

ShardQueue::Visit BatchBuilder::place(QueueEntry& entry, platforms::Record record)
{
    using Visit = ShardQueue::Visit;
    entry.isEncodedOnce = true;
    entry.batchKey = record.batchKey;
    entry.personKey = record.personKey;
    record.seq = entry.delivery.key.seq;
    const Contract& contract = m_shard.contract;
    const auto bytes = static_cast<std::int64_t>(record.body.size());
    const auto count = static_cast<std::int64_t>(m_records.size());
    const auto bytesWith = [&](std::int64_t sum, std::int64_t records) {
        return sum + m_shard.adapter->envelopeBytes(records);
    };

    if (isResendUnsafe(entry.delivery, record))
        return refuse(entry, Outcome::Unknown, "resend_unsafe",
            "sent before without an answer, and a second send could be counted twice");
    const std::int64_t most = platforms::recordBytesMax(record, contract);
    if (bytes > most || bytesWith(bytes, 1) > contract.batchBytes) {
        return refuse(entry, Outcome::Invalid, "too_large",
            "too large: " + std::to_string(bytes) + " bytes of at most " + std::to_string(most),
            std::move(record.body));
    }
    if (count > 0 && record.batchKey != m_records.front().batchKey)
        return Visit::Skip;
    if (count > 0 && bytesWith(m_bytes + bytes, count + 1) > contract.batchBytes)
        return Visit::Stop;
    if (!record.personKey.empty()) {
        if (!m_shard.persons.mayGo(record.personKey, record.seq))
            return Visit::Skip;
        m_shard.persons.sent(record.personKey);
    }
    m_bytes += bytes;
    m_records.push_back(std::move(record));
    m_isRefused.push_back(false);
    return Visit::Take;
}

ShardQueue::Visit BatchBuilder::refuse(
    QueueEntry& entry, Outcome outcome, std::string code, std::string message, std::string record)
{
    m_refused.push_back({ .delivery = {},
        .outcome = outcome,
        .code = std::move(code),
        .message = std::move(message),
        .personKey = entry.personKey,
        .record = std::move(record) });
    m_isRefused.push_back(true);
    return ShardQueue::Visit::Take;
}

// In lane replay an operator has decided to send it all the same.
bool BatchBuilder::isResendUnsafe(
    const QueuedDelivery& delivery, const platforms::Record& record) const
{
    return delivery.firstSentAt && delivery.key.lane != Lane::Replay
        && !isResendSafe(m_shard.contract,
            { .doesOverwrite = !record.personKey.empty(),
                .hasDedupKey = record.hasDedupKey,
                .firstSentAt = *delivery.firstSentAt,
                .at = m_now.wall });
}

} // namespace engine::delivery
