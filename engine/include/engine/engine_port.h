// The engine as the window and the control API see it. engine.h has the real one; tests have a
// fake.
#pragma once

#include <engine/commands.h>
#include <engine/forecast.h>
#include <engine/pages.h>
#include <engine/past.h>
#include <engine/result.h>
#include <engine/snapshot.h>

#include <QObject>
#include <QPointer>

#include <functional>

namespace engine {

template <class T>
using Reply = std::function<void(Result<T>)>;

// Every method may be called from any thread and returns at once. A reply runs once, on a thread of
// the engine: wrap it with replyTo() to have it in the window's thread. After stop() replies carry
// ErrorCode::Unavailable.
class EnginePort : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EnginePort)
public:
    explicit EnginePort(QObject* parent = nullptr)
        : QObject(parent)
    {
    }

    [[nodiscard]] virtual SnapshotPtr snapshot() const = 0; // the latest one; never null

    virtual void submit(Command command, std::function<void(CommandResult)> reply) = 0;

    virtual void deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply) = 0;
    virtual void deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply) = 0;
    virtual void deadLetterGroups(
        DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply)
        = 0;
    // Counting many takes a while: `counted`, where it is given, hears again and again before the
    // reply how many matched at least. It runs on a thread of the engine, like every reply.
    using Counted = std::function<void(std::int64_t atLeast)>;
    virtual void preview(SelectionRequest request, Reply<ReplayPreview> reply, Counted counted = {})
        = 0;
    // A selection counted before, again; NotFound when it has expired.
    virtual void selection(SelectionId id, Reply<ReplayPreview> reply) = 0;
    virtual void selectionItems(SelectionItemsQuery query, Reply<SelectionItemsPage> reply) = 0;
    // At most three of those that would be sent, of different shards and causes first.
    virtual void replaySamples(SelectionId id, Reply<std::vector<ReplaySample>> reply) = 0;
    virtual void requests(RequestsQuery query, Reply<RequestsPage> reply) = 0;
    virtual void events(EventQuery query, Reply<EventPage> reply) = 0;
    virtual void audit(AuditQuery query, Reply<AuditPage> reply) = 0;
    virtual void checkRevert(AuditId entry, Reply<RevertCheck> reply) = 0;
    virtual void history(HistoryQuery query, Reply<HistoryPage> reply) = 0;
    virtual void past(PastQuery query, Reply<PastPage> reply) = 0; // from the store
    // Unavailable while too few requests ran lately to know how long one takes.
    virtual void forecast(ForecastQuery query, Reply<Forecast> reply) = 0;
    virtual void exportOverrides(Reply<std::string> reply) = 0; // live overrides as TOML

    // Wraps a handler so that it runs in the thread of this port, and only while `context`, which
    // must live in that thread too, is still there. The check is made in that thread: a QPointer
    // read elsewhere would race with deletion.
    template <class T>
    [[nodiscard]] std::function<void(T)> replyTo(QObject* context, std::function<void(T)> handler)
    {
        return [this, guard = QPointer<QObject>(context), handler = std::move(handler)](T value) {
            QMetaObject::invokeMethod(
                this,
                [guard, handler, value = std::move(value)]() mutable {
                    if (!guard.isNull())
                        handler(std::move(value));
                },
                Qt::QueuedConnection);
        };
    }

Q_SIGNALS:
    // In the thread that owns this object. Only the newest matters; older ones may be skipped.
    void snapshotPublished(const engine::SnapshotPtr& snapshot);
};

} // namespace engine

Q_DECLARE_METATYPE(engine::SnapshotPtr)
