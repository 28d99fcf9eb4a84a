#include "delivery/transport/curl_handles.h"

#include "delivery/transport/request_check.h"

namespace engine::delivery {
namespace {

// libcurl looks whether an idle connection was closed before it uses it again; what remains is the
// race with a server that closes just then, and that ends as an outcome nobody knows. Servers and
// load balancers commonly close after 60 s, so a connection is not used again after 50.
constexpr long kIdleSecondsMax = 50;

void setNetwork(CURL* easy, const NetworkOptions& options)
{
    // An empty string, not a null: libcurl would otherwise read http_proxy and no_proxy.
    setOption(easy, CURLOPT_PROXY, options.proxy.c_str());
    setOption(easy, CURLOPT_NOPROXY, "");
    setOption(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    setOption(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    setOption(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    setOption(easy, CURLOPT_SSLVERSION, long { CURL_SSLVERSION_TLSv1_2 });
    if (!options.caFile.empty()) {
        // The file takes the place of the system's bundle; the system's directory, which holds the
        // same certificates by hash, stays in force beside it.
        setOption(easy, CURLOPT_CAINFO, options.caFile.c_str());
        if (const char* systemCas = curl_version_info(CURLVERSION_NOW)->capath)
            setOption(easy, CURLOPT_CAPATH, systemCas);
    }
}

void setMethod(CURL* easy, const HttpRequest& request)
{
    // HTTPGET first: it undoes what the last user of the handle chose (HEAD, a body).
    setOption(easy, CURLOPT_HTTPGET, 1L);
    setOption<const char*>(easy, CURLOPT_CUSTOMREQUEST, nullptr);
    if (request.method == "HEAD") {
        setOption(easy, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        setOption(easy, CURLOPT_POST, 1L);
        setOption(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        setOption(easy, CURLOPT_POSTFIELDS, request.body.c_str());
        if (request.method == "POST")
            return;
    }
    if (request.method != "GET" || !request.body.empty())
        setOption(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

} // namespace

EasyHandle makeEasy(const NetworkOptions& options)
{
    // Thread-safe since 7.84; run here so that no order of start-up has to be kept.
    static const CURLcode isInitialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (isInitialised != CURLE_OK)
        qFatal("libcurl could not be initialised");
    EasyHandle handle { curl_easy_init() };
    if (!handle)
        qFatal("out of memory for a libcurl handle");
    CURL* easy = handle.get();
    setOption(easy, CURLOPT_NOSIGNAL, 1L); // a signal for a DNS timeout would hit any thread
    setOption(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    setOption(easy, CURLOPT_HTTP_VERSION, long { CURL_HTTP_VERSION_2TLS });
    setOption(easy, CURLOPT_FOLLOWLOCATION, 0L);
    setOption(easy, CURLOPT_TCP_NODELAY, 1L);
    setOption(easy, CURLOPT_PATH_AS_IS, 1L);
    setOption(easy, CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
    setNetwork(easy, options);
    return handle;
}

HeaderList applyRequest(CURL* easy, const HttpRequest& request)
{
    setOption(easy, CURLOPT_URL, request.url.c_str());
    setMethod(easy, request);
    const auto timeout = atLeastOneMilli(request.timeout);
    setOption(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    setOption(easy, CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(atLeastOneMilli(request.connectTimeout).count()));

    HeaderList list;
    const auto append = [&list](const std::string& line) {
        curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
        if (!longer)
            qFatal("out of memory for a header");
        [[maybe_unused]] curl_slist* const before = list.release();
        list.reset(longer);
    };
    append("Expect:"); // waiting for a 100 costs a round trip, or a second where none comes
    if (!hasHeader(request.headers, "Content-Type"))
        append("Content-Type:"); // libcurl would call every body a form
    if (!hasHeader(request.headers, "User-Agent"))
        append("User-Agent: " + defaultUserAgent());
    for (const auto& [name, value] : request.headers) {
        if (isSameName(name, "Content-Length"))
            continue; // from the body, by libcurl: two lengths are how requests get smuggled
        // "Name;" is libcurl's way to send an empty value; "Name:" would leave the header out.
        append(value.empty() ? name + ";" : name + ": " + value);
    }
    setOption(easy, CURLOPT_HTTPHEADER, list.get());
    return list;
}

TransportFailure::Kind kindOf(CURLcode code, bool wasStarted)
{
    using Kind = TransportFailure::Kind;
    // Not one of our enums: libcurl has 99 codes, and those not named here are all faults of the
    // conversation.
    switch (static_cast<int>(code)) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return Kind::Dns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
        return Kind::Connect;
    case CURLE_OPERATION_TIMEDOUT:
        return Kind::Timeout;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_USE_SSL_FAILED:
        return Kind::Tls;
    case CURLE_ABORTED_BY_CALLBACK: // the second start that was refused
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        // Before the start these are the proxy's: it refused CONNECT, or hung up on it.
        return wasStarted ? Kind::Closed : Kind::Connect;
    default:
        return Kind::Protocol;
    }
}

std::string httpVersionOf(CURL* easy)
{
    long version = CURL_HTTP_VERSION_NONE;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return "1.0";
    case CURL_HTTP_VERSION_1_1:
        return "1.1";
    case CURL_HTTP_VERSION_2_0:
        return "2";
    default:
        return {};
    }
}

} // namespace engine::delivery
