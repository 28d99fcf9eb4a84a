// How fast events are accepted: a real socket, the real door, the real store on this disk. Prints
// one JSON object. Not a test: run it by hand or from tests/bench/run.
//   bench_ingress [seconds per measurement] [directory]
#include "core/clock.h"
#include "core/json.h"
#include "ingress/ingress.h"
#include "store/store.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace engine;

namespace {

constexpr std::size_t kPayloadBytes = 600;
constexpr std::string_view kKey = "bench";

std::string eventText(std::int64_t number)
{
    std::string text = R"({"event_id":"bench-)" + std::to_string(number)
        + R"(","event_name":"Purchase","event_time":)"
        + std::to_string(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))
        + R"(,"action_source":"website","user":{"email":"a@example.com","external_id":)"
        + std::to_string(number) + R"(},"value":"12.50","currency":"EUR","properties":{"pad":")";
    text += std::string(kPayloadBytes - 3 - std::min(kPayloadBytes - 3, text.size()), 'x');
    return text + "\"}}";
}

struct Plan {
    std::uint16_t port { 0 };
    int connections { 64 };
    int eventsPerPost { 1 };
    Seconds length { 5 };
};

struct Figures {
    double eventsPerSecond { 0 };
    double p50Ms { 0 };
    double p99Ms { 0 };
    double doorMicros {
        0
    }; // processor time of the ingress thread per event; true on a busy machine
    std::int64_t failed { 0 };
};

// One thread, one request at a time per connection.
class Load {
public:
    explicit Load(const Plan& plan)
        : m_plan(plan)
        , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
        , m_clients(static_cast<std::size_t>(plan.connections))
    {
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load()
    {
        for (const Client& client : m_clients)
            ::close(client.socket);
        ::close(m_epoll);
    }

    Figures run()
    {
        for (std::size_t i = 0; i < m_clients.size(); ++i) {
            connect(m_clients[i], i);
            send(m_clients[i]);
        }
        const auto start = std::chrono::steady_clock::now();
        std::array<epoll_event, 64> ready {};
        while (std::chrono::steady_clock::now() - start < m_plan.length) {
            const int count = ::epoll_wait(m_epoll, ready.data(), ready.size(), 1'000);
            for (int i = 0; i < count; ++i)
                receive(m_clients.at(ready.at(static_cast<std::size_t>(i)).data.u64));
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        std::sort(m_latencies.begin(), m_latencies.end());
        const auto at = [this](double share) {
            const auto index = static_cast<double>(m_latencies.size()) * share;
            return m_latencies.empty() ? 0 : m_latencies.at(static_cast<std::size_t>(index));
        };
        return { .eventsPerSecond
            = static_cast<double>(m_latencies.size()) * m_plan.eventsPerPost / took.count(),
            .p50Ms = at(0.5),
            .p99Ms = at(0.99),
            .failed = m_failed };
    }

private:
    struct Client {
        int socket { -1 };
        std::chrono::steady_clock::time_point sentAt {};
        std::string in {};
    };

    void connect(Client& client, std::size_t index)
    {
        client.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address {};
        address.sin_family = AF_INET;
        address.sin_port = htons(m_plan.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(client.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address)
            != 0)
            std::abort();
        const int on = 1;
        ::setsockopt(client.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event wanted {};
        wanted.events = EPOLLIN;
        wanted.data.u64 = index;
        ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, client.socket, &wanted);
    }

    void send(Client& client)
    {
        std::string body = m_plan.eventsPerPost == 1 ? eventText(++m_number) : "[";
        for (int i = 0; m_plan.eventsPerPost > 1 && i < m_plan.eventsPerPost; ++i)
            body += eventText(++m_number) + (i + 1 < m_plan.eventsPerPost ? ',' : ']');
        const std::string text = "POST /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "
            + std::string(kKey) + "\r\nContent-Type: application/json\r\nContent-Length: "
            + std::to_string(body.size()) + "\r\n\r\n" + body;
        client.sentAt = std::chrono::steady_clock::now();
        std::string_view left = text;
        while (!left.empty()) { // blocking: one request fits into what the server takes
            const auto sent = ::send(client.socket, left.data(), left.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                std::abort();
            left.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    void receive(Client& client)
    {
        std::array<char, 65'536> buffer {};
        const auto count = ::recv(client.socket, buffer.data(), buffer.size(), 0);
        if (count <= 0)
            std::abort();
        client.in.append(buffer.data(), static_cast<std::size_t>(count));
        if (!client.in.ends_with("]}") && !client.in.ends_with("}}"))
            return; // every answer of the door ends like that
        const std::chrono::duration<double, std::milli> took
            = std::chrono::steady_clock::now() - client.sentAt;
        if (client.in.starts_with("HTTP/1.1 202"))
            m_latencies.push_back(took.count());
        else
            ++m_failed;
        client.in.clear();
        send(client);
    }

    Plan m_plan;
    int m_epoll;
    std::vector<Client> m_clients;
    std::vector<double> m_latencies {};
    std::int64_t m_number { 0 };
    std::int64_t m_failed { 0 };
};

// Answers at once: what the door costs without a disk.
class NoStore final : public EventSink {
public:
    void accept(
        AcceptBatch batch, std::function<void(Result<std::vector<AcceptedItem>>)> reply) override
    {
        reply(std::vector<AcceptedItem>(batch.events.size()));
    }
};

std::shared_ptr<const Config> configWith(int destinations)
{
    auto config = std::make_shared<Config>();
    config->ingress.listen.port = 0;
    WorkspaceConfig workspace;
    workspace.name = "bench";
    workspace.rate = 1e9;
    workspace.burst = 1'000'000'000;
    workspace.monthlyCap = 0;
    workspace.writeKeys.push_back({ .kind = SecretRef::Kind::Env, .name = "bench" });
    config->workspaces.push_back(std::move(workspace));
    for (int i = 0; i < destinations; ++i) {
        DestinationConfig destination;
        destination.name = "hook-" + std::to_string(i);
        destination.platform = "webhook";
        destination.account = "default";
        config->destinations.push_back(std::move(destination));
    }
    return config;
}

// Processor time so far of the thread of that name, in seconds.
double threadSeconds(const char* wanted)
{
    const QDir tasks(QStringLiteral("/proc/self/task"));
    for (const QString& task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(tasks.filePath(task + QStringLiteral("/comm")));
        QFile times(tasks.filePath(task + QStringLiteral("/schedstat")));
        if (name.open(QIODevice::ReadOnly) && name.readAll().trimmed() == wanted
            && times.open(QIODevice::ReadOnly))
            return times.readAll().split(' ').at(0).toDouble() / 1e9;
    }
    return 0;
}

Figures measure(EventSink& sink, const Clock& clock, int destinations, Plan plan)
{
    ingress::IngressPorts ports;
    ports.sink = &sink;
    ports.clock = &clock;
    ports.platforms = ingress::builtInPlatforms();
    ports.readSecret = [](const SecretRef&) -> Result<std::string> { return std::string(kKey); };
    ingress::Ingress door(std::move(ports), configWith(destinations));
    if (const Status started = door.start(); !started)
        std::abort();
    plan.port = door.port();
    Figures figures = Load(plan).run();
    figures.doorMicros = threadSeconds("ingress") * 1e6
        / std::max(figures.eventsPerSecond * static_cast<double>(plan.length.count()), 1.0);
    return figures;
}

void put(Json& out, const char* name, const Figures& figures)
{
    Json entry = Json::object();
    entry.set("events_per_second", Json::number(std::round(figures.eventsPerSecond)));
    entry.set("p50_ms", Json::number(std::round(figures.p50Ms * 100) / 100));
    entry.set("p99_ms", Json::number(std::round(figures.p99Ms * 100) / 100));
    entry.set("ingress_cpu_us_per_event", Json::number(std::round(figures.doorMicros * 100) / 100));
    entry.set("failed", Json::number(figures.failed));
    out.set(name, std::move(entry));
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const Seconds length { words.size() > 1 ? std::max(words.at(1).toInt(), 1) : 5 };
    const QTemporaryDir directory((words.size() > 2 ? words.at(2) : QStringLiteral("."))
        + QStringLiteral("/bench-ingress-XXXXXX"));
    const SystemClock clock;
    Json out = Json::object();
    NoStore none;
    put(out, "single_without_store", measure(none, clock, 1, { .length = length }));
    put(out, "arrays_of_500_without_store",
        measure(none, clock, 12, { .connections = 4, .eventsPerPost = 500, .length = length }));
    for (const bool isArray : { false, true }) {
        const QString path
            = directory.filePath(isArray ? QStringLiteral("arrays") : QStringLiteral("single"));
        auto store = store::Store::open({ .directory = path.toStdString() }, clock);
        if (!store)
            std::abort();
        if (isArray)
            put(out, "arrays_of_500_to_12_destinations",
                measure(**store, clock, 12,
                    { .connections = 4, .eventsPerPost = 500, .length = length }));
        else
            put(out, "single_from_64_connections",
                measure(**store, clock, 1, { .length = length }));
        (*store)->stop();
    }
    std::puts(out.dump().c_str());
    return 0;
}
