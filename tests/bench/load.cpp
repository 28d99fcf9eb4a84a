#include "load.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <netinet/tcp.h>
#include <optional>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kEventBytes = 600;
constexpr std::size_t kIdDigits = 14;
constexpr std::string_view kIdMember = R"("event_id":"b-)";

// Every run of the program starts at another number: journals that are kept see no repeats.
std::int64_t nextNumber()
{
    static std::int64_t number
        = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) % 1'000'000
        * 100'000'000;
    return ++number;
}

[[noreturn]] void die(const char* what)
{
    std::fprintf(stderr, "load: %s: %s\n", what, std::strerror(errno));
    std::exit(1);
}

// A purchase that every platform takes; the number goes where the zeros are.
std::string eventText()
{
    std::string text = "{" + std::string(kIdMember) + std::string(kIdDigits, '0')
        + R"(","event_name":"Purchase","event_time":)"
        + std::to_string(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()))
        + R"(,"action_source":"website","event_source_url":"https://shop.example/thanks",)"
          R"("user":{"email":"anna@example.com","external_id":"4711","ip":"203.0.113.9",)"
          R"("user_agent":"Mozilla/5.0"},"value":"12.50","currency":"EUR",)"
          R"("properties":{"pad":")";
    text += std::string(kEventBytes - 3 - text.size(), 'x');
    return text + "\"}}";
}

int connectTo(std::uint16_t port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        die("connect");
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

// The number after `name`, which ends with the character before it.
std::optional<std::int64_t> numberAfter(std::string_view text, std::string_view name)
{
    const auto at = text.find(name);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int64_t number = 0;
    const char* const from = text.data() + at + name.size();
    const auto read = std::from_chars(from, text.data() + text.size(), number);
    return read.ec == std::errc {} ? std::optional(number) : std::nullopt;
}

// Head and body as soon as both are whole.
bool isWhole(std::string_view answer, std::string_view& body)
{
    const auto head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos)
        return false;
    auto length = numberAfter(answer.substr(0, head), "Content-Length: ");
    body = answer.substr(head + 4);
    return body.size() >= static_cast<std::size_t>(length.value_or(0));
}

class Client {
public:
    Client(const LoadPlan& plan, const std::string& event)
        : m_socket(connectTo(plan.port))
    {
        std::string body = plan.eventsPerPost == 1 ? event : "[";
        for (int i = 0; plan.eventsPerPost > 1 && i < plan.eventsPerPost; ++i)
            body += event + (i + 1 < plan.eventsPerPost ? ',' : ']');
        m_request = "POST /v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + plan.key
            + "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size())
            + "\r\n\r\n" + body;
        for (auto at = m_request.find(kIdMember); at != std::string::npos;
             at = m_request.find(kIdMember, at + 1))
            m_ids.push_back(at + kIdMember.size());
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client() { ::close(m_socket); }

    [[nodiscard]] int socket() const { return m_socket; }
    [[nodiscard]] bool isSent() const { return m_sent == m_request.size(); }
    [[nodiscard]] Steady::time_point startedAt() const { return m_startedAt; }
    [[nodiscard]] std::string_view answer() const { return m_answer; }

    void start()
    {
        for (const std::size_t at : m_ids) {
            std::int64_t number = nextNumber();
            for (std::size_t digit = kIdDigits; digit-- > 0; number /= 10)
                m_request[at + digit] = static_cast<char>('0' + number % 10);
        }
        m_sent = 0;
        m_answer.clear();
        m_startedAt = Steady::now();
        send();
    }

    void send()
    {
        while (!isSent()) {
            const auto count = ::send(m_socket, m_request.data() + m_sent,
                m_request.size() - m_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && errno == EAGAIN)
                return;
            if (count < 0)
                die("send");
            m_sent += static_cast<std::size_t>(count);
        }
    }

    void receive()
    {
        std::array<char, 65'536> buffer {};
        const auto count = ::recv(m_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count < 0 && errno == EAGAIN)
            return;
        if (count <= 0)
            die("the server closed the connection");
        m_answer.append(buffer.data(), static_cast<std::size_t>(count));
    }

private:
    int m_socket;
    std::string m_request {};
    std::vector<std::size_t> m_ids {};
    std::size_t m_sent { 0 };
    std::string m_answer {};
    Steady::time_point m_startedAt {};
};

class Load {
public:
    explicit Load(const LoadPlan& plan)
        : m_plan(plan)
        , m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    {
        const std::string event = eventText();
        for (int i = 0; i < plan.connections; ++i)
            m_clients.push_back(std::make_unique<Client>(plan, event));
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load() { ::close(m_epoll); }

    LoadFigures run()
    {
        m_start = Steady::now();
        m_last = m_start;
        m_end = m_start + m_plan.length;
        for (std::size_t i = 0; i < m_clients.size(); ++i) {
            if (!mayStart())
                break;
            watch(EPOLL_CTL_ADD, i, false);
            startNext(i);
        }
        std::array<epoll_event, 64> ready {};
        while (m_underWay > 0) {
            const int count = ::epoll_wait(m_epoll, ready.data(), ready.size(), 30'000);
            if (count == 0)
                die("no answer in 30 s");
            for (int i = 0; i < count; ++i)
                go(ready.at(static_cast<std::size_t>(i)).data.u64);
        }
        return figures();
    }

private:
    [[nodiscard]] bool mayStart() const
    {
        return Steady::now() < m_end && (m_plan.eventsMax == 0 || m_asked < m_plan.eventsMax);
    }

    void watch(int operation, std::size_t index, bool isWriting)
    {
        epoll_event wanted {};
        wanted.events = isWriting ? EPOLLIN | EPOLLOUT : EPOLLIN;
        wanted.data.u64 = index;
        ::epoll_ctl(m_epoll, operation, m_clients[index]->socket(), &wanted);
    }

    void startNext(std::size_t index)
    {
        ++m_underWay;
        m_asked += m_plan.eventsPerPost;
        m_clients[index]->start();
        if (!m_clients[index]->isSent())
            watch(EPOLL_CTL_MOD, index, true);
    }

    void go(std::size_t index)
    {
        Client& client = *m_clients[index];
        if (!client.isSent()) {
            client.send();
            if (client.isSent())
                watch(EPOLL_CTL_MOD, index, false);
        }
        client.receive();
        std::string_view body;
        if (!isWhole(client.answer(), body))
            return;
        --m_underWay;
        take(client, body);
        if (mayStart())
            startNext(index);
    }

    void take(const Client& client, std::string_view body)
    {
        const auto now = Steady::now();
        if (m_plan.eventsMax == 0 && now > m_end)
            return; // belongs to nobody's second
        m_last = now;
        if (!client.answer().starts_with("HTTP/1.1 2") || !client.isSent()) {
            if (m_figures.failed++ == 0)
                m_figures.firstFailure = client.answer().substr(0, 400);
            return;
        }
        ++m_figures.posts;
        m_figures.events += numberAfter(body, R"("accepted":)").value_or(m_plan.eventsPerPost);
        const std::chrono::duration<double, std::milli> took = now - client.startedAt();
        m_latenciesMs.push_back(took.count());
    }

    LoadFigures figures()
    {
        const auto end = m_plan.eventsMax == 0 ? m_end : m_last;
        m_figures.seconds = std::chrono::duration<double>(end - m_start).count();
        std::sort(m_latenciesMs.begin(), m_latenciesMs.end());
        const auto at = [this](double share) {
            const auto index = static_cast<double>(m_latenciesMs.size()) * share;
            return m_latenciesMs.empty() ? 0 : m_latenciesMs.at(static_cast<std::size_t>(index));
        };
        m_figures.p50Ms = at(0.5);
        m_figures.p99Ms = at(0.99);
        return m_figures;
    }

    LoadPlan m_plan;
    int m_epoll;
    std::vector<std::unique_ptr<Client>> m_clients {};
    Steady::time_point m_start {};
    Steady::time_point m_last {};
    Steady::time_point m_end {};
    std::int64_t m_asked { 0 };
    int m_underWay { 0 };
    std::vector<double> m_latenciesMs {};
    LoadFigures m_figures {};
};

} // namespace

LoadFigures runLoad(const LoadPlan& plan) { return Load(plan).run(); }

std::string httpGet(std::uint16_t port, const std::string& path, const std::string& key)
{
    const std::string request = "GET " + path
        + " HTTP/1.1\r\nHost: bench\r\nConnection: close\r\nAuthorization: Bearer " + key
        + "\r\n\r\n";
    const int socket = connectTo(port);
    std::string answer;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL)
        == static_cast<ssize_t>(request.size())) {
        std::array<char, 65'536> buffer {};
        for (auto count = ::recv(socket, buffer.data(), buffer.size(), 0); count > 0;
             count = ::recv(socket, buffer.data(), buffer.size(), 0))
            answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
    ::close(socket);
    const auto head = answer.find("\r\n\r\n");
    return head == std::string::npos ? std::string {} : answer.substr(head + 4);
}

} // namespace bench
