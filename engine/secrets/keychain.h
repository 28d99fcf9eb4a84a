// The keychain of the operating system, as far as this program needs it.
#pragma once

#include <engine/result.h>

#include <functional>
#include <string>

namespace engine::secrets {

// Nothing here waits: a keychain may be locked and ask its owner for a password. Any thread may
// call; each call is answered once, in a thread of the keychain's, or never where it never answers.
class Keychain {
public:
    using OnRead = std::function<void(Result<std::string>)>;
    using OnDone = std::function<void(Status)>;

    Keychain() = default;
    Keychain(const Keychain&) = delete;
    Keychain& operator=(const Keychain&) = delete;
    virtual ~Keychain() = default;

    // NotFound: no such entry. Unavailable: there is no keychain here, or it is locked.
    virtual void read(const std::string& name, OnRead done) = 0;
    virtual void write(const std::string& name, const std::string& value, OnDone done) = 0;
    virtual void remove(const std::string& name, OnDone done) = 0;
};

} // namespace engine::secrets
