#include "delivery/transport/curl_transport.h"

#include "delivery/transport/curl_handles.h"
#include "delivery/transport/request_check.h"

#include <QSocketNotifier>

#include <array>
#include <charconv>
#include <sys/socket.h>
#include <unistd.h>

namespace engine::delivery {
namespace {

// More would only help after a burst of that many at once; each keeps about 30 KB.
constexpr std::size_t kHandlesKeptMax = 256;

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

} // namespace

struct CurlTransport::Transfer {
    EasyHandle easy {};
    std::int64_t id { 0 };
    HttpRequest request {};
    HeaderList headers {};
    OnDone onDone {};
    SteadyTime start {};
    HttpAnswer answer {};
    int starts { 0 }; // how often libcurl was about to send the request
    std::int64_t headerBytes { 0 };
    bool isInBody { false };
    bool isBodyCut { false };
    bool areHeadersTooLong { false };
    std::array<char, CURL_ERROR_SIZE> errorText {};

    // The handle stays: its options, DNS results and buffers are what makes reuse worth while.
    void clear()
    {
        request = {};
        headers.reset();
        onDone = nullptr;
        answer = {};
        starts = 0;
        headerBytes = 0;
        isInBody = isBodyCut = areHeadersTooLong = false;
        errorText[0] = '\0';
    }

    // libcurl asks right before it writes, with the connection (TLS, proxy) already there. The one
    // case in which this says too much is a write that fails whole; that is too rare to be worth a
    // guess at how much of it the kernel took.
    [[nodiscard]] bool wasSent() const { return starts > 0; }

    [[nodiscard]] TransferResult result(CURLcode code);
};

// On read: a notifier stays on after libcurl let go of an idle connection, because the next request
// on it wants it on again; it is switched off when it fires for nobody. That saves two changes of
// the poll set per request.
struct CurlTransport::Socket {
    QSocketNotifier read;
    QSocketNotifier write;
    int wanted { CURL_POLL_NONE };
    bool isConnection { false }; // opened by openSocket(), so closeSocket() will be called for it

    explicit Socket(int descriptor)
        : read(descriptor, QSocketNotifier::Read)
        , write(descriptor, QSocketNotifier::Write)
    {
        read.setEnabled(false);
        write.setEnabled(false);
    }
};

struct CurlTransport::Callbacks {
    static CurlTransport& self(void* pointer) { return *static_cast<CurlTransport*>(pointer); }
    static Transfer& transfer(void* pointer) { return *static_cast<Transfer*>(pointer); }

    static int onTimer(CURLM*, long delayMs, void* user)
    {
        QTimer& timer = self(user).m_timer;
        if (delayMs < 0)
            timer.stop();
        else if (delayMs > 0 || !timer.isActive() || timer.interval() != 0)
            timer.start(static_cast<int>(std::min(delayMs, 86'400'000L)));
        return 0;
    }

    static int onSocket(CURL*, curl_socket_t descriptor, int what, void* user, void*)
    {
        CurlTransport& transport = self(user);
        Socket& socket = *transport.socketOf(descriptor);
        if (what == CURL_POLL_REMOVE) {
            socket.wanted = CURL_POLL_NONE;
            socket.write.setEnabled(false);
            if (!socket.isConnection) // libcurl's own, for its resolver; closed without a word
                transport.forget(descriptor);
            return 0;
        }
        socket.wanted = what;
        if ((what & CURL_POLL_IN) != 0)
            socket.read.setEnabled(true);
        socket.write.setEnabled((what & CURL_POLL_OUT) != 0);
        return 0;
    }

    static curl_socket_t openSocket(void* user, curlsocktype, curl_sockaddr* address)
    {
        const int descriptor
            = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (descriptor >= 0)
            self(user).socketOf(descriptor)->isConnection = true;
        return descriptor;
    }

    static int closeSocket(void* user, curl_socket_t descriptor)
    {
        self(user).forget(descriptor);
        return ::close(descriptor);
    }

    // libcurl repeats a request by itself when a reused connection closes before any answer. That
    // repetition would be a send the pacer never sees, and a second arrival.
    static int beforeSend(void* user, char*, char*, int, int)
    {
        return ++transfer(user).starts == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    }

    static std::size_t onHeader(char* data, std::size_t size, std::size_t count, void* user)
    {
        Transfer& t = transfer(user);
        const std::string_view line { data, size * count };
        t.headerBytes += static_cast<std::int64_t>(line.size());
        if (t.headerBytes > kAnswerHeaderBytesMax) {
            t.areHeadersTooLong = true;
            return CURL_WRITEFUNC_ERROR;
        }
        if (t.isInBody)
            return line.size(); // trailers come too late to decide anything
        if (line.starts_with("HTTP/")) { // of an interim answer (1xx), or of the one that counts
            t.answer.headers.clear();
            return line.size();
        }
        const bool isFolded = line.starts_with(' ') || line.starts_with('\t');
        const auto colon = line.find(':');
        if (isFolded && !t.answer.headers.empty())
            t.answer.headers.back().second.append(" ").append(trimmed(line));
        else if (colon != std::string_view::npos)
            t.answer.headers.emplace_back(
                trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
        return line.size();
    }

    static std::size_t onBody(char* data, std::size_t size, std::size_t count, void* user)
    {
        Transfer& t = transfer(user);
        t.isInBody = true;
        const auto bytes = static_cast<std::int64_t>(size * count);
        const auto room
            = t.request.answerBytesMax - static_cast<std::int64_t>(t.answer.body.size());
        t.answer.bodyBytes += bytes;
        t.answer.body.append(
            data, static_cast<std::size_t>(std::clamp(room, std::int64_t {}, bytes)));
        if (bytes <= room)
            return size * count;
        t.isBodyCut = true;
        return CURL_WRITEFUNC_ERROR; // ends the transfer: what is cut is not read either
    }
};

TransferResult CurlTransport::Transfer::result(CURLcode code)
{
    const Micros latency = elapsedSince(start);
    if (code == CURLE_OK || isBodyCut) {
        long status = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
        answer.status = static_cast<int>(status);
        answer.httpVersion = httpVersionOf(easy.get());
        answer.latency = latency;
        curl_off_t announced = -1;
        curl_easy_getinfo(easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
        if (isBodyCut)
            answer.bodyBytes = std::max<std::int64_t>(answer.bodyBytes, announced);
        return std::move(answer);
    }
    TransportFailure failure { .kind = kindOf(code, starts > 0),
        .wasSent = wasSent(),
        .detail = errorText[0] != '\0' ? errorText.data() : curl_easy_strerror(code),
        .latency = latency };
    if (areHeadersTooLong) {
        failure.kind = TransportFailure::Kind::TooLarge;
        failure.detail = "the answer's headers are longer than 64 KiB";
    } else if (starts > 1) {
        failure.detail = "the connection closed before an answer; not sent again";
    }
    return tl::unexpected(std::move(failure));
}

CurlTransport::CurlTransport(NetworkOptions options)
    : m_options(std::move(options))
    , m_multi(curl_multi_init())
{
    if (!m_multi)
        qFatal("out of memory for libcurl");
    m_idle.push_back(takeTransfer()); // initialises libcurl here, not in the first request
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &Callbacks::onSocket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &Callbacks::onTimer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    // No limit of connections, to a host or in all: the pacer decides what is in flight, and a
    // request that waits inside libcurl would look like a slow platform.
    curl_multi_setopt(m_multi, CURLMOPT_MAX_HOST_CONNECTIONS, 0L);
    curl_multi_setopt(m_multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L);
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, kConnectionsKeptMax);
    curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, long { CURLPIPE_MULTIPLEX });

    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer); // a coarse one is up to 5 % late
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
    m_callBackTimer.setSingleShot(true);
    QObject::connect(&m_callBackTimer, &QTimer::timeout, &m_callBackTimer, [this] { callBack(); });
}

CurlTransport::~CurlTransport()
{
    m_isAlive.reset();
    for (const auto& [id, transfer] : m_running)
        curl_multi_remove_handle(m_multi, transfer->easy.get());
    // Before the multi handle and the map of sockets go: closing connections calls back into us.
    m_running.clear();
    m_finished.clear();
    m_idle.clear();
    curl_multi_cleanup(m_multi);
}

TransferId CurlTransport::send(HttpRequest request, OnDone onDone)
{
    auto owned = takeTransfer();
    Transfer* const transfer = owned.get();
    transfer->id = ++m_lastId;
    transfer->start = std::chrono::steady_clock::now();
    transfer->request = std::move(request);
    transfer->onDone = std::move(onDone);
    transfer->request.answerBytesMax
        = std::min(transfer->request.answerBytesMax, m_options.answerBytesMax);
    const TransferId id { transfer->id };
    if (auto why = whyUnsendable(transfer->request)) {
        m_finished.push_back({ std::move(owned), tl::unexpected(refusal(std::move(*why))) });
        m_callBackTimer.start(0);
        return id;
    }
    transfer->headers = applyRequest(transfer->easy.get(), transfer->request);
    m_running.emplace(transfer->id, std::move(owned));
    // Only asks for a timer of zero: nothing is sent, and nobody called back, from in here.
    [[maybe_unused]] const CURLMcode code = curl_multi_add_handle(m_multi, transfer->easy.get());
    Q_ASSERT(code == CURLM_OK);
    return id;
}

void CurlTransport::cancel(TransferId id)
{
    const auto it = m_running.find(static_cast<std::int64_t>(id));
    if (it == m_running.end())
        return;
    Transfer* const transfer = it->second.get();
    finish(transfer,
        tl::unexpected(TransportFailure { .kind = TransportFailure::Kind::Cancelled,
            .wasSent = transfer->wasSent(),
            .detail = "cancelled",
            .latency = elapsedSince(transfer->start) }));
    m_callBackTimer.start(0);
}

int CurlTransport::inFlight() const
{
    return static_cast<int>(m_running.size() + m_finished.size());
}

void CurlTransport::act(int socket, int events)
{
    m_forgotten.clear(); // none of them is the one that just fired: they are switched off
    int running = 0;
    curl_multi_socket_action(m_multi, socket, events, &running);
    collectDone();
    callBack();
}

void CurlTransport::collectDone()
{
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char* owner = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
        auto* const transfer = static_cast<Transfer*>(static_cast<void*>(owner));
        finish(transfer, transfer->result(message->data.result));
    }
}

// Takes the transfer out of libcurl; its callback runs later, from callBack().
void CurlTransport::finish(Transfer* transfer, TransferResult result)
{
    curl_multi_remove_handle(m_multi, transfer->easy.get());
    auto node = m_running.extract(transfer->id);
    m_finished.push_back({ std::move(node.mapped()), std::move(result) });
}

void CurlTransport::callBack()
{
    const std::weak_ptr<bool> isAlive = m_isAlive;
    // What a callback finishes in turn (a cancel) waits for the next turn of the event loop.
    for (auto count = m_finished.size(); count > 0; --count) {
        Finished finished = std::move(m_finished.front());
        m_finished.pop_front();
        const OnDone onDone = std::move(finished.transfer->onDone);
        keepForReuse(std::move(finished.transfer));
        if (onDone)
            onDone(std::move(finished.result));
        if (isAlive.expired())
            return;
    }
}

std::unique_ptr<CurlTransport::Transfer> CurlTransport::takeTransfer()
{
    if (!m_idle.empty()) {
        auto transfer = std::move(m_idle.back());
        m_idle.pop_back();
        return transfer;
    }
    auto transfer = std::make_unique<Transfer>();
    transfer->easy = makeEasy(m_options);
    CURL* const easy = transfer->easy.get();
    void* const owner = transfer.get();
    setOption(easy, CURLOPT_PRIVATE, owner);
    setOption(easy, CURLOPT_ERRORBUFFER, transfer->errorText.data());
    setOption(easy, CURLOPT_PREREQFUNCTION, &Callbacks::beforeSend);
    setOption(easy, CURLOPT_PREREQDATA, owner);
    setOption(easy, CURLOPT_HEADERFUNCTION, &Callbacks::onHeader);
    setOption(easy, CURLOPT_HEADERDATA, owner);
    setOption(easy, CURLOPT_WRITEFUNCTION, &Callbacks::onBody);
    setOption(easy, CURLOPT_WRITEDATA, owner);
    // Connections outlive the handle that opened them, so these get the transport, not the
    // transfer.
    setOption(easy, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::openSocket);
    setOption(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
    setOption(easy, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::closeSocket);
    setOption(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
    return transfer;
}

void CurlTransport::keepForReuse(std::unique_ptr<Transfer> transfer)
{
    if (m_idle.size() >= kHandlesKeptMax)
        return;
    transfer->clear();
    m_idle.push_back(std::move(transfer));
}

CurlTransport::Socket* CurlTransport::socketOf(int descriptor)
{
    auto& slot = m_sockets[descriptor];
    if (slot)
        return slot.get();
    slot = std::make_unique<Socket>(descriptor);
    Socket* const socket = slot.get();
    QObject::connect(
        &socket->read, &QSocketNotifier::activated, &socket->read, [this, socket, descriptor] {
            if ((socket->wanted & CURL_POLL_IN) == 0)
                socket->read.setEnabled(false);
            else
                act(descriptor, CURL_CSELECT_IN);
        });
    QObject::connect(&socket->write, &QSocketNotifier::activated, &socket->write,
        [this, descriptor] { act(descriptor, CURL_CSELECT_OUT); });
    return socket;
}

// May be called from inside a notifier's own signal, so the notifiers go later.
void CurlTransport::forget(int descriptor)
{
    auto node = m_sockets.extract(descriptor);
    if (node.empty())
        return;
    Socket* const socket = node.mapped().get();
    socket->read.setEnabled(false);
    socket->write.setEnabled(false);
    m_forgotten.push_back(std::move(node.mapped()));
}

} // namespace engine::delivery
