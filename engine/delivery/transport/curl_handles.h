// How a request becomes libcurl options, and a libcurl result a failure. Only for the sources of
// CurlTransport: this header names libcurl.
#pragma once

#include "delivery/transport/transport.h"

#include <curl/curl.h>

#include <memory>

namespace engine::delivery {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyHandle = std::unique_ptr<CURL, FreeEasy>;

struct FreeHeaders {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeHeaders>;

// libcurl refuses an option only when it was built without it: a fault of the build, not of input.
template <class Value>
void setOption(CURL* easy, CURLoption option, Value value)
{
    [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy, option, value);
    Q_ASSERT(code == CURLE_OK);
}

// A handle with everything that is the same for all requests of a transport.
[[nodiscard]] EasyHandle makeEasy(const NetworkOptions& options);

// `request` must outlive the transfer: the body is not copied. The list must, too.
[[nodiscard]] HeaderList applyRequest(CURL* easy, const HttpRequest& request);

[[nodiscard]] TransportFailure::Kind kindOf(CURLcode code, bool wasStarted);

[[nodiscard]] std::string httpVersionOf(CURL* easy);

} // namespace engine::delivery
