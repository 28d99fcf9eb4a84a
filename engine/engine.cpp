#include "event_gates.h"
#include "host.h"
#include "simulator_session.h"

#include <engine/engine.h>

#include <QThread>

#include <future>

namespace engine {
namespace {

tl::unexpected<Error> notRunning()
{
    return fail(ErrorCode::Unavailable, "the engine is not running");
}

// Asks in the reader's thread, and answers in it.
template <class T>
void askReader(Host* host, Reply<T> reply, std::function<Result<T>(store::Reader&)> question)
{
    if (host == nullptr)
        return reply(notRunning());
    host->reader().ask(
        [reply = std::move(reply), question = std::move(question)](Result<store::Reader*> reader) {
            reply(reader ? question(**reader) : tl::unexpected(reader.error()));
        });
}

using FilterPtr = std::shared_ptr<const DeadLetterFilter>;

// Each step is a question of its own, so that pages of others are answered between them.
void countGroups(Host* host, const FilterPtr& filter, store::GroupCount count,
    const Reply<std::vector<DeadLetterGroup>>& reply)
{
    askReader<store::GroupCount>(
        host,
        [host, filter, reply](Result<store::GroupCount> counted) {
            if (!counted)
                return reply(tl::unexpected(counted.error()));
            if (counted->isDone)
                return reply(counted->groups());
            countGroups(host, filter, std::move(*counted), reply);
        },
        [filter, count = std::move(count)](
            store::Reader& reader) { return reader.countGroups(*filter, count); });
}

} // namespace

Engine::Engine(EngineOptions options, QObject* parent)
    : EnginePort(parent)
    , m_options(std::move(options))
    , m_snapshot(std::make_shared<const EngineSnapshot>())
{
    qRegisterMetaType<engine::SnapshotPtr>();
}

Engine::~Engine() { stop(); }

Host* Engine::host() const { return m_host.get(); }

Status Engine::start()
{
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(QStringLiteral("engine"));
    m_host = std::make_shared<Host>(m_options, *this, [this](const SnapshotPtr& snapshot) {
        m_snapshot = snapshot;
        // Only the newest is worth a visit to the window's thread; it reads it there.
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT snapshotPublished(m_snapshot.load()); }, Qt::QueuedConnection);
    });
    m_host->moveToThread(m_thread.get());
    m_thread->start();
    std::promise<Status> started;
    auto answer = started.get_future();
    QMetaObject::invokeMethod(
        m_host.get(), [this, &started] { started.set_value(m_host->start()); });
    Status status = answer.get();
    if (!status)
        stop();
    return status;
}

void Engine::stop()
{
    if (!m_thread)
        return;
    // The host's parts live in its thread, timers and sockets among them: they end there.
    QMetaObject::invokeMethod(m_host.get(), [this] {
        m_host->stop();
        m_host.reset();
        QThread::currentThread()->quit();
    });
    m_thread->wait();
    m_thread.reset();
}

SnapshotPtr Engine::snapshot() const { return m_snapshot.load(); }

void Engine::submit(Command command, std::function<void(CommandResult)> reply)
{
    Host* host = m_host.get();
    if (host == nullptr) {
        reply({ .message = "the engine is not running", .error = ErrorCode::Unavailable });
        return;
    }
    host->post([host, command = std::move(command), reply = std::move(reply)]() mutable {
        host->desk().submit(std::move(command), std::move(reply));
    });
}

void Engine::deadLetters(DeadLetterQuery query, Reply<DeadLetterPage> reply)
{
    askReader<DeadLetterPage>(host(), std::move(reply),
        [query = std::move(query)](store::Reader& reader) { return reader.deadLetters(query); });
}

void Engine::deadLetterDetail(DeadLetterId id, Reply<DeadLetterDetail> reply)
{
    askReader<DeadLetterDetail>(
        host(), std::move(reply), [id](store::Reader& reader) { return reader.deadLetter(id); });
}

void Engine::deadLetterGroups(DeadLetterFilter filter, Reply<std::vector<DeadLetterGroup>> reply)
{
    countGroups(host(), std::make_shared<const DeadLetterFilter>(std::move(filter)),
        { .now = snapshot()->takenAt }, reply);
}

void Engine::preview(SelectionRequest request, Reply<ReplayPreview> reply, Counted counted)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, request = std::move(request), reply = std::move(reply),
                   counted = std::move(counted)]() mutable {
        host->replay().selector().preview(request, reply, std::move(counted));
    });
}

void Engine::selection(SelectionId id, Reply<ReplayPreview> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post(
        [host, id, reply = std::move(reply)] { host->replay().selector().count(id, reply); });
}

void Engine::selectionItems(SelectionItemsQuery query, Reply<SelectionItemsPage> reply)
{
    askReader<SelectionItemsPage>(host(), std::move(reply),
        [query](store::Reader& reader) { return reader.selectionItems(query); });
}

void Engine::replaySamples(SelectionId id, Reply<std::vector<ReplaySample>> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, id, reply = std::move(reply)] { host->replay().sample(id, reply); });
}

void Engine::requests(RequestsQuery query, Reply<RequestsPage> reply)
{
    askReader<RequestsPage>(host(), std::move(reply),
        [query = std::move(query)](store::Reader& reader) { return reader.requests(query); });
}

void Engine::events(EventQuery query, Reply<EventPage> reply)
{
    askReader<EventPage>(
        host(),
        [this, reply = std::move(reply)](Result<EventPage> page) {
            if (page)
                addGates(*page, *snapshot());
            reply(std::move(page));
        },
        [query = std::move(query)](store::Reader& reader) { return reader.events(query); });
}

void Engine::audit(AuditQuery query, Reply<AuditPage> reply)
{
    askReader<AuditPage>(
        host(), std::move(reply), [query](store::Reader& reader) { return reader.audit(query); });
}

void Engine::checkRevert(AuditId entry, Reply<RevertCheck> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, entry, reply = std::move(reply)]() mutable {
        host->desk().checkRevert(entry, std::move(reply));
    });
}

void Engine::history(HistoryQuery query, Reply<HistoryPage> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, query = std::move(query), reply = std::move(reply)] {
        reply(host->snapshots().history(query));
    });
}

void Engine::past(PastQuery query, Reply<PastPage> reply)
{
    askReader<PastPage>(host(), std::move(reply),
        [query = std::move(query)](store::Reader& reader) { return reader.past(query); });
}

void Engine::forecast(ForecastQuery query, Reply<Forecast> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, query = std::move(query), reply = std::move(reply)]() mutable {
        host->forecast(std::move(query), std::move(reply));
    });
}

void Engine::exportOverrides(Reply<std::string> reply)
{
    Host* host = m_host.get();
    if (host == nullptr)
        return reply(notRunning());
    host->post([host, reply = std::move(reply)] { reply(host->desk().overrides().toToml()); });
}

std::vector<std::string> Engine::stories() { return SimulatorSession::stories(); }

void Engine::play(const SimulationPlay& play)
{
    if (Host* host = m_host.get())
        host->post([host, play] { host->play(play); });
}

} // namespace engine
