// What became of a request: read the answer, decide for each record, commit, and only then go on.
#include "core/fingerprint.h"
#include "delivery/dispatcher.h"
#include "delivery/flight.h"
#include "platforms/requests.h"

#include <QLoggingCategory>

namespace engine::delivery {

namespace {

Q_LOGGING_CATEGORY(lcAnswers, "engine.delivery.answers")

constexpr std::size_t kMessageBytesMax = 512;
constexpr std::size_t kRecordBytesMax = 64 * 1024;
constexpr std::size_t kResponseBytesMax = 64 * 1024;

// Cuts in front of a UTF-8 sequence, never inside it, and says that it did.
std::string cutText(std::string text, std::size_t bytesMax)
{
    if (text.size() <= bytesMax)
        return text;
    const std::string note = " \u2026 cut, " + std::to_string(text.size()) + " bytes in all";
    std::size_t end = bytesMax - note.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    text.resize(end);
    return text + note;
}

bool isSuccess(int status) { return status >= 200 && status < 300; }

ErrorForm formOf(const TransferResult& result, const platforms::Decoded& decoded)
{
    if (!result)
        return ErrorForm::NoAnswer;
    if (result->status >= 500)
        return ErrorForm::Http5xx;
    if (result->status >= 400)
        return ErrorForm::Http4xx;
    return decoded.request == Outcome::Accepted ? ErrorForm::None : ErrorForm::InBody;
}

// Before the body is taken for the record of the failure.
bool isUnreadableAnswer(
    const HttpAnswer& answer, const platforms::Decoded& decoded, const platforms::Adapter& adapter)
{
    if (isSuccess(answer.status))
        return decoded.request == Outcome::Unknown;
    return answer.status >= 500 && adapter.answersInJson() && !parseJson(answer.body);
}

// An answer that speaks of another number of records than were sent says nothing about any.
void makeWhole(platforms::Decoded& decoded, std::size_t records)
{
    if (decoded.records.size() == records)
        return;
    decoded.request = Outcome::Unknown;
    decoded.isBatchSuspect = records > 1;
    decoded.records.assign(records,
        { .outcome = Outcome::Unknown,
            .code = {},
            .message = "the answer speaks of another number of records",
            .form = ErrorForm::InBody });
}

const platforms::RecordOutcome* firstOf(const platforms::Decoded& decoded, Outcome outcome)
{
    const auto first = std::find_if(decoded.records.begin(), decoded.records.end(),
        [outcome](const platforms::RecordOutcome& record) { return record.outcome == outcome; });
    return first == decoded.records.end() ? nullptr : &*first;
}

std::string firstMessage(const platforms::Decoded& decoded, Outcome outcome)
{
    const platforms::RecordOutcome* const first = firstOf(decoded, outcome);
    if (first == nullptr)
        return {};
    return first->message.empty() ? first->code : first->message;
}

} // namespace

void Dispatcher::onAnswer(RequestId id, TransferResult result)
{
    const auto it = m_flights.find(id);
    Q_ASSERT(it != m_flights.end());
    Flight& flight = *it->second;
    Shard& shard = *m_shards.find(flight.shard);
    const Moment moment = now();
    flight.transfer.reset();

    const auto elsewhere = redirected(flight, result);
    platforms::Decoded decoded = elsewhere ? *elsewhere
        : result ? flight.adapter->decode(*result, flight.records, flight.context(moment.wall))
                 : platforms::decodeFailure(result.error(), flight.records.size());
    const bool isUnreadable = result && isUnreadableAnswer(*result, decoded, *flight.adapter);
    makeWhole(decoded, flight.records.size());
    platforms::redact(decoded, *flight.secrets);
    shard.refusals.judge(decoded, flight.sentAt, moment.steady);
    flight.form = formOf(result, decoded);
    flight.isPartial = decoded.isPartial;
    RequestResult& out = flight.result;
    out.latency = result ? result->latency : result.error().latency;
    out.httpStatus = result ? result->status : 0;
    const bool isClean = decoded.request == Outcome::Accepted && !decoded.isPartial;
    if (!isClean) {
        out.requestHead = flight.adapter->redactedHead(flight.head, *flight.secrets);
        if (result) {
            out.responseBytes = result->bodyBytes;
            out.response = platforms::redacted(std::move(result->body), *flight.secrets);
            out.response.resize(std::min(out.response.size(), kResponseBytesMax));
        } else {
            out.response = platforms::redacted(
                std::string(toString(result.error().kind)) + ": " + result.error().detail,
                *flight.secrets);
            out.responseBytes = static_cast<std::int64_t>(out.response.size());
        }
    }
    flight.wasSent = result || result.error().wasSent;
    flight.hasLatency = flight.wasSent || result.error().kind == TransportFailure::Kind::Timeout;
    if (result)
        countUnreadable(flight, isUnreadable);
    settle(flight, decoded, moment);
    m_ports.wake();
}

// A success that says nothing usable, and a failure that is not even in the platform's language:
// often what stands in front of it answers. Wherever that is named, nothing is held for it.
void Dispatcher::countUnreadable(const Flight& flight, bool isUnreadable)
{
    Shard& shard = *m_shards.find(flight.shard);
    if (!isUnreadable) {
        shard.unreadableAnswers = 0;
        return;
    }
    if (++shard.unreadableAnswers != kUnreadableMax)
        return;
    tellLate(shard,
        std::to_string(kUnreadableMax) + " answers in a row could not be read, the last of status "
            + std::to_string(flight.result.httpStatus)
            + ": something else than the platform answers there, or it has changed.");
}

// The records go back and pass every gate again on their way to the new place, which is remembered.
std::optional<platforms::Decoded> Dispatcher::redirected(
    Flight& flight, const TransferResult& result)
{
    const Contract& contract = flight.destination->contract;
    if (!result)
        return std::nullopt;
    Shard& shard = *m_shards.find(flight.shard);
    if (contract.redirectDomains.empty() || !isRedirect(result->status)) {
        shard.redirect.hops = 0;
        return std::nullopt;
    }
    auto next = redirectOf(flight.ownUrl, *result, contract);
    const int hops = shard.redirect.hops + 1;
    const bool isFollowed = next && hops <= kRedirectsMax;
    std::string message;
    if (isFollowed)
        message = "redirected to " + hostOf(next->to);
    else if (next)
        message = "redirected more than " + std::to_string(kRedirectsMax) + " times in a row";
    else
        message = next.error().message;
    // Round in circles: a fault of theirs, which passes. Elsewhere: nobody allowed that.
    const Outcome outcome = next ? Outcome::Transient : Outcome::Config;
    shard.redirect = isFollowed ? std::move(*next) : Redirect {};
    shard.redirect.hops = isFollowed ? hops : 0;
    platforms::Decoded decoded { .request = outcome };
    decoded.records.assign(flight.records.size(),
        { .outcome = outcome,
            .code = std::to_string(result->status),
            .message = std::move(message),
            .form = isFollowed ? ErrorForm::None : ErrorForm::Http4xx,
            .isNotAtFault = isFollowed });
    return decoded;
}

void Dispatcher::settle(Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    Shard& shard = *m_shards.find(flight.shard);
    const bool hasAccepted = hasOutcome(decoded, Outcome::Accepted);
    RequestResult& out = flight.result;
    out.request = flight.id;
    out.shard = flight.shard;
    out.sentAt = flight.sentAtWall;
    out.endedAt = moment.wall;
    out.outcome = decoded.request;
    out.encoder = shard.encoder;

    tellPacer(flight, decoded, moment);
    const auto records = static_cast<std::int64_t>(flight.records.size());
    const bool isRefusedWhole = decoded.isBatchSuspect || decoded.request == Outcome::Oversize;
    if (isRefusedWhole)
        shard.sizer.refused(records);
    else if (hasAccepted)
        shard.sizer.passed(records, flight.isBisection, shard.batchConfigured());
    if (isRefusedWhole || hasAccepted)
        m_shards.updatePacer(shard, moment);
    if (hasAccepted) {
        shard.lastSuccess = moment.wall;
        shard.attemptsSinceAccepted = 0;
    } else {
        ++shard.attemptsSinceAccepted;
    }
    for (std::size_t i = 0; i < flight.items.size(); ++i)
        judgeItem(flight, i, decoded, moment);
    tellHolds(flight, decoded, moment);
    noteReceipt(flight, decoded, moment);
    record(flight.id);
}

void Dispatcher::judgeItem(
    Flight& flight, std::size_t index, const platforms::Decoded& decoded, const Moment& moment)
{
    Shard& shard = *m_shards.find(flight.shard);
    const platforms::RecordOutcome& outcome = decoded.records[index];
    const BatchItem& item = flight.items[index];
    platforms::Record& record = flight.records[index];
    const EventSeq seq = item.delivery.key.seq;
    // What spends no attempt is no refusal either.
    const bool isCounted = outcome.refusalsMax && !flight.isProbe() && !outcome.isNotAtFault;
    const int refusals = isCounted ? shard.codeRefusals.add(seq, outcome.code) : 0;
    const RecordStep step = nextStep(flight.destination->contract,
        { .outcome = outcome.outcome,
            .attemptsBefore = item.delivery.attempts,
            .isAlone = flight.records.size() == 1,
            .isBatchSuspect = decoded.isBatchSuspect,
            .isProbe = flight.isProbe(),
            .isNotAtFault = outcome.isNotAtFault,
            .doesOverwrite = !record.personKey.empty(),
            .hasDedupKey = record.hasDedupKey,
            .doOthersPass = hasOutcome(decoded, Outcome::Accepted)
                || (shard.configHold.state() == ConfigHold::State::Clear
                    && shard.configSuspects.contains(seq)),
            .firstSentAt = item.delivery.firstSentAt,
            .sentAt = flight.sentAtWall,
            .now = moment.due,
            .retryAfter = std::max(decoded.hint.retryAfter, outcome.retryAfter),
            .refusalsMax = outcome.refusalsMax,
            .refusals = refusals,
            .jitter01 = m_ports.random01() });

    ItemResult out { .key = item.delivery.key,
        .outcome = outcome.outcome,
        .next = step.next,
        .dueAt = step.dueAt,
        .attempts = step.attempts,
        .code = outcome.code,
        .message = cutText(outcome.message, kMessageBytesMax) };
    out.job = item.delivery.job;
    if (step.next == Next::Done)
        out.personKey = record.personKey;
    if (step.next == Next::Dead && outcome.refusalsMax)
        out.outcome = Outcome::Invalid;
    if (step.next == Next::Dead || step.next == Next::Done)
        shard.codeRefusals.forget(seq);
    if (step.next == Next::Dead) {
        out.fingerprint = makeFingerprint(
            shard.id.destination, flight.result.httpStatus, outcome.code, outcome.message);
        out.record = cutText(std::move(record.body), kRecordBytesMax);
    }
    QueuedDelivery after = item.delivery;
    after.attempts = step.attempts;
    after.wasPickedUp = true;
    if (flight.wasSent && outcome.outcome == Outcome::Unknown)
        after.firstSentAt = item.delivery.firstSentAt.value_or(flight.sentAtWall);
    if (step.next == Next::Retry || step.next == Next::BackRetry)
        moveToRetry(shard, after, step.dueAt);
    flight.moves.push_back(std::move(after));
    flight.forms.push_back(outcome.form);
    flight.isNotAtFault.push_back(outcome.isNotAtFault);
    flight.result.items.push_back(std::move(out));
}

void Dispatcher::tellHolds(Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    tellCredential(flight, decoded, moment);
    tellConfigHold(flight, decoded, moment);
}

void Dispatcher::tellCredential(
    Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    Credential& credential = *flight.credential;
    const bool wasProbe = flight.probe.byCredential;
    if (wasProbe)
        credential.isProbeInFlight = false;
    if (flight.tokenNumber > 0 && hasOutcome(decoded, Outcome::Accepted))
        credential.token.accepted(flight.tokenNumber);
    if (hasOutcome(decoded, Outcome::Auth) && flight.tokenNumber > 0
        && credential.token.refused(flight.tokenNumber)) {
        // Once for all that wait; a 401 on the new token is the credential's.
        wakeSharers(credential, moment.steady);
        return;
    }
    if (hasOutcome(decoded, Outcome::Auth)) {
        credential.reason = firstMessage(decoded, Outcome::Auth);
        if (credential.state == CredentialState::Ok) {
            credential.state = CredentialState::Rejected;
            credential.rejectedAt = moment.steady;
            credential.probe.start(moment.steady);
            qCWarning(
                lcAnswers, "%s: the credential was refused", flight.destination->name.c_str());
        } else if (wasProbe) {
            credential.probe.failed(moment.steady);
        }
        wakeSharers(credential, moment.steady);
        return;
    }
    if (credential.state == CredentialState::Ok)
        return;
    // An answer about the records themselves came past the door. A throttle, an outage or a silence
    // may have come from in front of it, and what never left said nothing at all.
    const bool isPastTheDoor = flight.wasSent
        && (hasOutcome(decoded, Outcome::Accepted) || hasOutcome(decoded, Outcome::Invalid)
            || hasOutcome(decoded, Outcome::Config) || hasOutcome(decoded, Outcome::Oversize));
    if (isPastTheDoor && (wasProbe || flight.sentAt > credential.rejectedAt)) {
        credential.state = CredentialState::Ok;
        credential.reason.clear();
    } else if (wasProbe) {
        credential.probe.inconclusive(moment.steady);
    } else {
        return;
    }
    wakeSharers(credential, moment.steady);
}

void Dispatcher::tellConfigHold(
    Flight& flight, const platforms::Decoded& decoded, const Moment& moment)
{
    Shard& shard = *m_shards.find(flight.shard);
    ConfigHold& hold = shard.configHold;
    const bool wasProbe = flight.probe.byConfig;
    if (hasOutcome(decoded, Outcome::Accepted)) {
        switch (hold.accepted(flight.sentAt, wasProbe)) {
        case ConfigHold::Verdict::Nothing:
            break;
        case ConfigHold::Verdict::OthersPass: {
            std::vector<LocalRefusal> refused;
            for (QueuedDelivery& delivery : shard.queue.takeAside()) {
                const auto why = shard.asideReasons.find(delivery.key.seq);
                LocalRefusal refusal { .outcome = Outcome::Config };
                if (why != shard.asideReasons.end()) {
                    refusal.code = why->second.code;
                    refusal.message = why->second.message;
                }
                refusal.delivery = std::move(delivery);
                refused.push_back(std::move(refusal));
            }
            shard.asideReasons.clear();
            if (!refused.empty())
                refuseLocally(shard, std::move(refused), moment);
            break;
        }
        case ConfigHold::Verdict::HoldEnds:
            giveAsideBack(shard);
            break;
        }
        return;
    }
    const auto& items = flight.result.items;
    const bool isJudged = std::all_of(
        items.begin(), items.end(), [](const ItemResult& item) { return item.next == Next::Dead; });
    if (decoded.request == Outcome::Config && !isJudged) {
        const platforms::RecordOutcome* const first = firstOf(decoded, Outcome::Config);
        Q_ASSERT(first);
        hold.refused(moment.steady, wasProbe, firstMessage(decoded, Outcome::Config),
            makeFingerprint(
                shard.id.destination, flight.result.httpStatus, first->code, first->message));
        const bool isHeld = hold.state() == ConfigHold::State::Held;
        flight.isSetAside = !isHeld || wasProbe;
        if (isHeld && wasProbe) {
            for (const ItemResult& item : items)
                shard.configSuspects.insert(item.key.seq);
        } else if (isHeld) {
            giveAsideBack(shard);
        }
    } else if (wasProbe) {
        hold.probeInconclusive(moment.steady);
    }
}

void Dispatcher::giveAsideBack(Shard& shard)
{
    for (QueuedDelivery& delivery : shard.queue.takeAside())
        shard.queue.giveBack(std::move(delivery));
    shard.asideReasons.clear();
}

// The value is copied: should the commit fail, it is written again as it is.
void Dispatcher::record(RequestId id)
{
    m_ports.store->record(m_flights.at(id)->result, [self = m_self, id](const Status& status) {
        if (*self)
            (*self)->onRecorded(id, status);
    });
}

void Dispatcher::onRecorded(RequestId id, const Status& status)
{
    const Moment moment = now();
    if (!status) {
        // Nothing of it is on disk: the places stay taken until it is.
        m_unrecorded.push_back(id);
        m_trouble.isCanaryOut = false;
        storeFailed(moment, status.error());
        m_ports.wake();
        return;
    }
    const auto it = m_flights.find(id);
    Q_ASSERT(it != m_flights.end());
    const std::unique_ptr<Flight> flight = std::move(it->second);
    m_flights.erase(it);
    storeWorks(moment);
    Shard& shard = *m_shards.find(flight->shard);
    applyMoves(*flight, moment);
    if (flight->isLocal()) {
        shard.localPending -= static_cast<std::int64_t>(flight->items.size());
    } else {
        shard.pacer->released(*flight->reservation);
        --shard.requestsInFlight;
        if (flight->lane == Lane::Replay)
            --shard.bulkInFlight;
    }
    report(*flight, moment);
    wakeShard(shard, moment.steady);
    if (!flight->isLocal() && shard.pacer->areSlotsShared())
        wakeParkedSharers(shard, moment); // the place may be theirs now
    m_ports.wake();
}

// Their first record has gone. Should the store not tell who is next, all of it is read again.
void Dispatcher::lookForNext(
    Shard& shard, const std::vector<std::int64_t>& persons, const Moment& moment)
{
    for (const std::int64_t person : persons) {
        auto rows = m_ports.store->fetchPerson(shard.key, person);
        if (!rows) {
            storeFailed(moment, rows.error());
            shard.queue.reread();
            return;
        }
        shard.queue.foundFirst(person, std::move(*rows));
    }
}

void Dispatcher::applyMoves(Flight& flight, const Moment& moment)
{
    Shard& shard = *m_shards.find(flight.shard);
    BisectionPart split;
    std::vector<std::int64_t> freed; // persons of whom more waits
    for (std::size_t i = 0; i < flight.items.size(); ++i) {
        const ItemResult& item = flight.result.items[i];
        QueuedDelivery& after = flight.moves[i];
        const auto person = flight.items[i].delivery.person;
        if (person && !flight.isLocal())
            shard.personsOut.erase(*person);
        switch (item.next) {
        case Next::Done:
        case Next::Dead:
        case Next::Superseded:
            shard.queue.finished(item.key);
            shard.configSuspects.erase(item.key.seq);
            if (person && shard.queue.isAnyBehind(*person))
                freed.push_back(*person);
            break;
        case Next::Retry:
            shard.queue.movedToBuffer(item.key, std::move(after));
            break;
        case Next::Back:
            if (flight.isSetAside) {
                shard.asideReasons[item.key.seq] = { item.code, item.message };
                shard.queue.setAside(std::move(after));
            } else {
                shard.queue.giveBack(std::move(after));
            }
            break;
        case Next::BackRetry:
            shard.queue.movedToBisection(item.key, after.key);
            split.push_back(std::move(after));
            break;
        }
    }
    lookForNext(shard, freed, moment);
    // Judged in the meantime: then it waits like everything else.
    if (flight.isSetAside && shard.configHold.state() == ConfigHold::State::Clear)
        giveAsideBack(shard);
    if (split.empty())
        return;
    const auto middle = split.begin() + static_cast<std::ptrdiff_t>(split.size() / 2);
    BisectionPart second(std::make_move_iterator(middle), std::make_move_iterator(split.end()));
    split.erase(middle, split.end());
    // Depth first: the number of parts grows with the depth of the halving only.
    shard.queue.putBisection(std::move(second), true);
    shard.queue.putBisection(std::move(split), true);
}

void Dispatcher::report(const Flight& flight, const Moment& moment)
{
    const Shard& shard = *m_shards.find(flight.shard);
    if (!m_ports.observer)
        return;
    RequestEnded ended { .shard = shard.id,
        .lane = flight.lane,
        .outcome = flight.result.outcome,
        .form = flight.form,
        .httpStatus = flight.result.httpStatus,
        .latency = flight.result.latency,
        .hasLatency = flight.hasLatency,
        .records = static_cast<std::int64_t>(flight.items.size()),
        .batchMax = flight.batchMax,
        .isPartial = flight.isPartial,
        .isProbe = flight.isProbe(),
        .outcomes = {},
        .forms = {},
        .endedAt = moment.steady,
        .endedAtWall = moment.wall };
    ended.isLocal = flight.isLocal();
    for (std::size_t i = 0; i < flight.items.size(); ++i) {
        const ItemResult& item = flight.result.items[i];
        if (flight.isLocal() && item.next == Next::Retry)
            continue; // too recent: it waits, nothing failed
        if (item.next == Next::Superseded)
            continue; // no longer wanted
        if (flight.isNotAtFault[i])
            continue; // it only shared a request with one that was
        // Split up to find the one that is bad: none of them is judged yet, or one bad record would
        // count as often as there were records beside it.
        if (item.next == Next::BackRetry && item.outcome != Outcome::Unknown)
            continue;
        const auto outcome = static_cast<std::size_t>(item.outcome);
        ++ended.outcomes[outcome];
        if (item.outcome != Outcome::Accepted)
            ++ended.forms[outcome][static_cast<std::size_t>(flight.forms[i])];
    }
    m_ports.observer->requestEnded(ended);
}

void Dispatcher::storeFailed(const Moment& moment, const Error& error)
{
    if (!m_trouble.isBroken) {
        m_trouble.isBroken = true;
        m_trouble.wait = Seconds { 1 };
        qCWarning(lcAnswers, "the store cannot commit, sending stops: %s", error.message.c_str());
    } else if (moment.steady >= m_trouble.retryAt) {
        m_trouble.wait = std::min(m_trouble.wait * 2, kStoreWaitMost);
    } else {
        return; // one of several that failed together
    }
    m_trouble.reason = error.message;
    m_trouble.retryAt = moment.steady + m_trouble.wait;
}

void Dispatcher::storeWorks(const Moment& moment)
{
    if (!m_trouble.isBroken)
        return;
    m_trouble = {};
    qCInfo(lcAnswers, "the store commits again");
    for (const RequestId id : std::exchange(m_unrecorded, {}))
        record(id);
    for (Shard* shard : m_shards.all())
        wakeShard(*shard, moment.steady);
    m_ports.wake();
}

} // namespace engine::delivery
