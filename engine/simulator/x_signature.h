// Whether a request is signed as OAuth 1.0a wants it (platforms.md 6), seen by the platform: every
// part there, the moment not far from now, a nonce that never came before, and the signature right
// for the secrets. One thread.
#pragma once

#include "http/server.h"

#include <engine/time.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace engine::simulator {

class XSignatureCheck {
public:
    // By the names of the credentials in the configuration. Empty: any signature of the right form.
    explicit XSignatureCheck(std::map<std::string, std::string> credentials)
        : m_credentials(std::move(credentials))
    {
    }

    // What is wrong with it; nothing when it is right. Takes the nonce.
    [[nodiscard]] std::optional<std::string> fault(
        const http::ServerRequest& request, WallTime now);

private:
    [[nodiscard]] bool isSigned(
        const http::ServerRequest& request, const std::map<std::string, std::string>& parts) const;
    [[nodiscard]] bool takeNonce(const std::string& nonce, WallTime now);

    std::map<std::string, std::string> m_credentials;
    // Those of the last minutes; older ones fall to the timestamp.
    std::map<std::string, WallTime> m_nonces {};
    WallTime m_pruned {};
};

} // namespace engine::simulator
