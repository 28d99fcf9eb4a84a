#include "replay/selector.h"

#include "replay/delivery_facts.h"
#include "replay/forecast.h"

#include <utility>

namespace engine::replay {
namespace {

constexpr int kSelectRows = 2'000; // one step of a selection; about 20 ms of the store's thread
constexpr int kPredictRows = 4'000;
constexpr int kArchiveRows = 500;

} // namespace

void Selector::preview(
    const SelectionRequest& request, const Reply<ReplayPreview>& reply, EnginePort::Counted counted)
{
    auto freeze = std::make_shared<Freeze>();
    freeze->request = request;
    freeze->reply = reply;
    freeze->counted = std::move(counted);
    const WallTime now = m_ports.store->clock().wallNow();
    freeze->input = { .encoders = m_ports.encoders(),
        .facts = [config = m_ports.config(), now](const ShardId& shard,
                     const StoredEventPtr& event) { return factsOf(*config, shard, event, now); },
        .now = now };
    step(
        freeze,
        [freeze](store::WriteTransaction& transaction) -> Status {
            const auto begun = store::beginSelection(transaction);
            if (!begun)
                return tl::unexpected(begun.error());
            freeze->selection = *begun;
            return {};
        },
        [this, freeze] { grow(freeze); });
}

void Selector::step(const FreezePtr& freeze, Work work, std::function<void()> next)
{
    m_ports.store->write(
        std::move(work),
        [this, freeze, next = std::move(next)](const Status& done) {
            m_ports.post([freeze, next, done] {
                if (done)
                    next();
                else
                    freeze->reply(tl::unexpected(done.error()));
            });
        },
        kSelectRows);
}

// The cursor moves only when its step is committed: one that failed is nothing at all.
void Selector::grow(const FreezePtr& freeze)
{
    auto moved = std::make_shared<store::SelectionCursor>();
    step(
        freeze,
        [freeze, moved](store::WriteTransaction& transaction) -> Status {
            const auto grown = store::growSelection(transaction, freeze->selection, freeze->request,
                freeze->input, freeze->cursor, kSelectRows);
            if (!grown)
                return tl::unexpected(grown.error());
            *moved = *grown;
            return {};
        },
        [this, freeze, moved] {
            freeze->cursor = *moved;
            if (freeze->counted)
                freeze->counted(freeze->cursor.letters);
            if (freeze->cursor.isDone)
                pace(freeze);
            else
                grow(freeze);
        });
}

void Selector::pace(const FreezePtr& freeze)
{
    count(freeze->selection, [this, freeze](const Result<ReplayPreview>& preview) {
        if (!preview)
            return freeze->reply(tl::unexpected(preview.error()));
        std::vector<ShardId> shards;
        for (const auto& shard : preview->shards)
            shards.push_back(shard.shard);
        const SelectionRequest& request = freeze->request;
        freeze->perSecond
            = paceOf(request.sharePercent, request.rate, look(*m_ports.snapshot(), shards));
        step(
            freeze,
            [freeze](store::WriteTransaction& transaction) {
                return store::setSelectionPace(transaction, freeze->selection, freeze->perSecond);
            },
            [this, freeze, hasExpiry = preview->hasExpiry] {
                if (hasExpiry)
                    predict(freeze);
                else
                    count(freeze->selection, freeze->reply);
            });
    });
}

void Selector::predict(const FreezePtr& freeze)
{
    auto moved = std::make_shared<store::PredictionCursor>();
    step(
        freeze,
        [freeze, moved](store::WriteTransaction& transaction) -> Status {
            const auto predicted = store::predictSelection(transaction, freeze->selection,
                freeze->perSecond, freeze->input.now, freeze->prediction, kPredictRows);
            if (!predicted)
                return tl::unexpected(predicted.error());
            *moved = *predicted;
            return {};
        },
        [this, freeze, moved] {
            freeze->prediction = *moved;
            if (freeze->prediction.isDone)
                count(freeze->selection, freeze->reply);
            else
                predict(freeze);
        });
}

void Selector::count(SelectionId selection, const Reply<ReplayPreview>& reply)
{
    m_ports.read([this, selection, reply](Result<store::Reader*> reader) {
        auto preview = std::make_shared<Result<ReplayPreview>>(reader
                ? (*reader)->preview(selection)
                : Result<ReplayPreview>(tl::unexpected(reader.error())));
        m_ports.post([this, preview, reply] {
            if (*preview)
                addForecast(**preview, *m_ports.snapshot(), *m_ports.config());
            reply(std::move(*preview));
        });
    });
}

void Selector::archive(
    SelectionId selection, bool restore, const Moved& reply, const store::MovedWithin& when)
{
    moveFrom(
        [selection, restore, when](store::WriteTransaction& transaction, std::int64_t after) {
            return store::archiveStep(transaction, selection, restore, after, kArchiveRows, when);
        },
        { .after = 0 }, reply);
}

void Selector::purge(SelectionId selection, const Moved& reply)
{
    const WallTime before = m_ports.store->clock().wallNow() - kPurgeAfter;
    moveFrom(
        [selection, before](store::WriteTransaction& transaction, std::int64_t after) {
            return store::purgeStep(transaction, selection, before, after, kArchiveRows);
        },
        { .after = 0 }, reply);
}

void Selector::moveFrom(const Mover& mover, const store::ArchiveStep& sum, const Moved& reply)
{
    auto total = std::make_shared<store::ArchiveStep>(sum);
    m_ports.store->write(
        [mover, sum, total](store::WriteTransaction& transaction) -> Status {
            const auto moved = mover(transaction, sum.after.value_or(0));
            if (!moved)
                return tl::unexpected(moved.error());
            *total = { sum.moved + moved->moved, sum.skipped + moved->skipped, moved->after };
            return {};
        },
        [this, mover, total, reply](const Status& done) {
            m_ports.post([this, mover, total, reply, done] {
                if (!done)
                    reply(tl::unexpected(done.error()));
                else if (!total->after)
                    reply(*total);
                else
                    moveFrom(mover, *total, reply);
            });
        },
        kArchiveRows);
}

} // namespace engine::replay
