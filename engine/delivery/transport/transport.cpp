#include "delivery/transport/transport.h"

#include "delivery/transport/curl_transport.h"
#include "delivery/transport/qt_transport.h"

namespace engine::delivery {

std::unique_ptr<Transport> makeTransport(TransportKind kind, const NetworkOptions& options)
{
    switch (kind) {
    case TransportKind::Curl:
        return std::make_unique<CurlTransport>(options);
    case TransportKind::Qt:
        return std::make_unique<QtTransport>(options);
    }
    Q_UNREACHABLE();
}

std::vector<BrokenPromise> brokenPromises(TransportKind kind)
{
    switch (kind) {
    case TransportKind::Curl:
        return {};
    case TransportKind::Qt:
        return QtTransport::brokenPromises();
    }
    Q_UNREACHABLE();
}

} // namespace engine::delivery
