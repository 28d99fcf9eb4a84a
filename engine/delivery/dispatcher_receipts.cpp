// What became later of records that the platform only took in: asked at the platform's pace, and
// told. It counts them and does not name them, so nothing of it changes a delivery.
#include "delivery/dispatcher.h"
#include "delivery/flight.h"
#include "platforms/requests.h"

#include <QLoggingCategory>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcReceipts, "engine.delivery.receipts")

// Each counts against the limits of the platform like a delivery. A backlog gives up one request in
// a minute for them, which is a third of a percent of 300.
constexpr Seconds kGapIdle { 1 };
constexpr Seconds kGapBusy { 60 };
constexpr Seconds kLater { 60 };

} // namespace

void Dispatcher::noteReceipt(
    const Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    if (decoded.receipt.empty())
        return;
    const auto forgotten = m_receipts.add({ .shard = flight.shard,
                                              .name = decoded.receipt,
                                              .records = std::ssize(flight.records),
                                              .sentAt = flight.sentAtWall },
        moment.steady);
    ++m_shards.find(flight.shard)->lateWord.waiting;
    if (!forgotten)
        return;
    endReceipt(*forgotten, Known::No);
    constexpr std::int64_t kTellEach { 1'000 };
    if (++m_receiptsForgotten % kTellEach == 1)
        qCWarning(lcReceipts, "too many to ask after: what became of %lld requests stays unknown",
            static_cast<long long>(m_receiptsForgotten));
}

void Dispatcher::endReceipt(const Receipt& receipt, Known known)
{
    Shard* const shard = m_shards.find(receipt.shard);
    if (!shard)
        return;
    --shard->lateWord.waiting;
    shard->lateWord.lostTotal += known == Known::No ? 1 : 0;
}

// One at a time, and its shard asks when every gate agrees: a backlog would take each place before
// the next tick.
void Dispatcher::takeReceipt(const Moment& moment)
{
    if (m_isReceiptAsked || m_isStopping || moment.steady < m_nextReceipt)
        return;
    if (m_receipt && moment.steady >= m_receiptGivesWayAt) // its shard is held
        m_receipts.postpone(*std::exchange(m_receipt, std::nullopt), moment.steady + kLater);
    if (!m_receipt) {
        m_receipt = m_receipts.takeDue(moment.steady);
        m_receiptGivesWayAt = moment.steady + kLater;
    }
    Shard* const shard = m_receipt ? m_shards.find(m_receipt->shard) : nullptr;
    if (m_receipt && (!shard || shard->isOrphaned)) // its destination is gone, its credential too
        endReceipt(*std::exchange(m_receipt, std::nullopt), Known::No);
    else if (shard)
        wakeShard(*shard, moment.steady);
}

void Dispatcher::askReceipt(Shard& shard, const Moment& moment)
{
    const bool isMine = m_receipt && m_receipt->shard == shard.key && !m_isReceiptAsked;
    // What an open breaker lets through belongs to a delivery.
    if (!isMine || !shard.secrets || shard.pacer->breaker() != BreakerState::Closed)
        return;
    const auto secrets = shard.needsToken ? shard.credential->withToken : shard.secrets;
    const platforms::EncodeContext context {
        .destination = shard.destination.get(), .account = shard.id.account, .now = moment.wall
    };
    auto request = shard.adapter->receiptRequest(m_receipt->name, context, *secrets);
    Transport* const transport
        = request && *request ? m_ports.transportFor(*shard.destination) : nullptr;
    auto place = transport ? shard.pacer->reserve(moment.steady, { .events = 1, .isBulk = true })
                           : std::nullopt;
    if (!place)
        return;
    const ReceiptCall call { .receipt = *std::exchange(m_receipt, std::nullopt),
        .place = *place,
        .adapter = shard.adapter,
        .secrets = secrets,
        .sentAt = moment.steady };
    m_isReceiptAsked = true;
    m_nextReceipt = moment.steady + (shard.queue.isEmpty() ? kGapIdle : kGapBusy);
    ++shard.requestsInFlight; // so that it stays
    (void)transport->send(
        std::move(**request), [self = m_self, call](const TransferResult& result) {
            if (*self)
                (*self)->onReceipt(call, result);
        });
}

void Dispatcher::onReceipt(const ReceiptCall& call, const TransferResult& result)
{
    const Moment moment = now();
    m_isReceiptAsked = false;
    Shard& shard = *m_shards.find(call.receipt.shard);
    --shard.requestsInFlight;
    const Outcome outcome
        = result ? platforms::outcomeOfStatus(result->status) : Outcome::Transient;
    shard.pacer->ended(moment.steady, call.place,
        { .sentAt = call.sentAt,
            .endedAt = moment.steady,
            .wasSent = result || result.error().wasSent,
            .isAnswered = result.has_value(),
            .outcome = outcome,
            .latency = result ? result->latency : result.error().latency,
            .retryAfter = result ? platforms::retryAfterOf(*result, moment.wall) : std::nullopt,
            .u01 = m_ports.random01() });
    shard.pacer->released(call.place);
    wakeParkedSharers(shard, moment);
    using State = platforms::ReceiptAnswer::State;
    platforms::ReceiptAnswer answer
        = result ? call.adapter->decodeReceipt(*result) : platforms::ReceiptAnswer {};
    answer.text = platforms::redacted(std::move(answer.text), *call.secrets);
    const std::string whose
        = std::to_string(call.receipt.records) + " records of " + toIso8601(call.receipt.sentAt);
    if (answer.state == State::Done && answer.refused > 0)
        tellLate(shard,
            "Of " + whose + " the platform refused " + std::to_string(answer.refused)
                + " later: " + answer.text);
    else if (answer.state == State::Done && !answer.text.empty())
        tellLate(shard, "Of " + whose + " the platform took all, and remarked: " + answer.text);
    shard.lateWord.refusedTotal += answer.refused;
    const bool isLost = answer.state == State::Gone
        || (answer.state == State::Pending && !m_receipts.askLater(call.receipt, moment.steady));
    if (isLost)
        tellLate(shard, "The platform does not say what became of " + whose + '.');
    if (isLost || answer.state == State::Done)
        endReceipt(call.receipt, isLost ? Known::No : Known::Yes);
    wakeShard(shard, moment.steady);
    m_ports.wake();
}

void Dispatcher::tellLate(const Shard& shard, const std::string& text)
{
    qCWarning(lcReceipts, "%s: %s", toString(shard.id).c_str(), text.c_str());
    if (m_ports.toldLater)
        m_ports.toldLater(shard.id, text);
}

} // namespace engine::delivery
