#include "delivery/batch_builder.h"

#include "delivery/retry_table.h"
#include "platforms/requests.h"

namespace engine::delivery {

namespace {

// Entries looked at for one batch: what does not fit (another endpoint) is passed over, but not
// without end.
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
    }
    for (LocalRefusal& refused : m_refused) {
        if (refused.isSplitOff)
            m_shard.queue.putBisection({ std::move(refused.delivery) }, false);
        else
            batch.refused.push_back(std::move(refused));
    }
    return batch;
}

platforms::Encoded BatchBuilder::encode(const QueuedDelivery& delivery) const
{
    const auto canonical = platforms::toCanonical(delivery.event);
    if (!canonical)
        return platforms::Refusal { .field = "payload", .reason = canonical.error().message };
    return m_shard.adapter->encode(*canonical,
        { .destination = m_shard.destination.get(),
            .account = m_shard.account,
            .now = m_now.wall });
}

ShardQueue::Visit BatchBuilder::visit(QueueEntry& entry)
{
    using Visit = ShardQueue::Visit;
    const QueuedDelivery& delivery = entry.delivery;
    const auto count = static_cast<std::int64_t>(m_records.size());
    if (count >= m_recordsMax)
        return Visit::Stop;
    // Before it counts as a visit: however much of a held job lies in front, others go on.
    if (delivery.job && !m_isBisection && m_ports.mayGo && !m_ports.mayGo(*delivery.job))
        return Visit::Skip;
    if (++m_visits > m_recordsMax * kVisitsPerRecord + kVisitsMin)
        return Visit::Stop;
    const bool isHinted = entry.isEncodedOnce;
    if (isHinted && count > 0 && entry.batchKey != m_records.front().batchKey)
        return Visit::Skip;
    if (const auto judged = judgePerson(entry))
        return *judged;

    if (!delivery.event)
        return refuse(Outcome::Invalid, "payload_gone", "the payload is no longer kept");
    const Contract& contract = m_shard.contract;
    if (contract.isAgeEnforced && delivery.expiresAt && *delivery.expiresAt <= m_now.wall)
        return refuse(
            Outcome::Invalid, "expired", "expired: older than the platform accepts, not sent");
    if (delivery.attempts >= contract.retry.attempts) {
        const Outcome last = delivery.firstSentAt ? Outcome::Unknown : Outcome::Transient;
        return refuse(last, "attempts_spent",
            "no attempt left: " + std::to_string(delivery.attempts) + " of "
                + std::to_string(contract.retry.attempts) + " were spent");
    }

    if (m_ports.encoding)
        m_ports.encoding(&delivery.key);
    auto encoded = encode(delivery);
    if (m_ports.encoding)
        m_ports.encoding(nullptr);
    if (const auto* refusal = std::get_if<platforms::Refusal>(&encoded))
        return refuse(Outcome::Invalid, refusal->field, refusal->text());
    if (const auto* early = std::get_if<platforms::TooRecent>(&encoded)) {
        const auto visited
            = refuse(Outcome::Transient, "too_recent", "too recent: " + early->reason);
        m_refused.back().waitsUntil = early->until;
        return visited;
    }
    return place(entry, std::move(std::get<platforms::Record>(encoded)));
}

// The store offers only the first of a person. A replay is older than what was accepted since.
std::optional<ShardQueue::Visit> BatchBuilder::judgePerson(QueueEntry& entry)
{
    const QueuedDelivery& delivery = entry.delivery;
    if (!delivery.person)
        return std::nullopt;
    if (m_shard.personsOut.contains(*delivery.person))
        return ShardQueue::Visit::Skip;
    if (!delivery.job || !m_ports.isSuperseded)
        return std::nullopt;
    const auto isSuperseded = m_ports.isSuperseded(*delivery.person, delivery.key.seq);
    if (!isSuperseded)
        return ShardQueue::Visit::Stop;
    if (!*isSuperseded)
        return std::nullopt;
    const auto visited = refuse(
        Outcome::Accepted, "superseded", "a later record of this person was accepted: not sent");
    m_refused.back().isSuperseded = true;
    return visited;
}

ShardQueue::Visit BatchBuilder::place(QueueEntry& entry, platforms::Record record)
{
    using Visit = ShardQueue::Visit;
    entry.isEncodedOnce = true;
    entry.batchKey = record.batchKey;
    record.seq = entry.delivery.key.seq;
    const Contract& contract = m_shard.contract;
    const auto bytes = static_cast<std::int64_t>(record.body.size());
    const auto count = static_cast<std::int64_t>(m_records.size());
    const auto bytesWith = [&](std::int64_t sum, std::int64_t records) {
        return sum + m_shard.adapter->envelopeBytes(records);
    };

    if (isResendUnsafe(entry.delivery, record))
        return refuse(Outcome::Unknown, "resend_unsafe",
            "sent before without an answer, and a second send could be counted twice");
    const std::int64_t most = platforms::recordBytesMax(record, contract);
    if (bytes > most || bytesWith(bytes, 1) > contract.batchBytes) {
        return refuse(Outcome::Invalid, "too_large",
            "too large: " + std::to_string(bytes) + " bytes of at most " + std::to_string(most),
            std::move(record.body));
    }
    if (count > 0 && record.batchKey != m_records.front().batchKey)
        return Visit::Skip;
    if (count > 0 && bytesWith(m_bytes + bytes, count + 1) > contract.batchBytes)
        return Visit::Stop;
    if (entry.delivery.person)
        m_shard.personsOut.insert(*entry.delivery.person);
    m_bytes += bytes;
    m_records.push_back(std::move(record));
    m_isRefused.push_back(false);
    return Visit::Take;
}

ShardQueue::Visit BatchBuilder::refuse(
    Outcome outcome, std::string code, std::string message, std::string record)
{
    m_refused.push_back({ .delivery = {},
        .outcome = outcome,
        .code = std::move(code),
        .message = std::move(message),
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
