// The values behind the references of the configuration: read from the environment, from files and
// from the keychain, and put back there when a platform replaces one.
#pragma once

#include "core/config.h"
#include "secrets/keychain.h"

#include <engine/time.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engine::secrets {

struct SecretStoreOptions {
    std::shared_ptr<Keychain> keychain {};
    // Where a replaced secret is kept that its own place cannot take (the environment, a file on a
    // read-only disk): DIRECTORY/secrets.json, for its owner's eyes. Empty: nowhere.
    std::string directory {};
    // Runs what writes files, later and in order; empty: at once.
    std::function<void(std::function<void()>)> writer {};
};

// Any thread may call anything. What is waited for is said at each.
class SecretStore {
public:
    explicit SecretStore(SecretStoreOptions options);
    SecretStore(const SecretStore&) = delete;
    SecretStore& operator=(const SecretStore&) = delete;
    // Waits a few seconds for replaced secrets that the keychain has not taken yet; what it answers
    // later is dropped.
    ~SecretStore();

    // Never waits for the keychain: an entry is what it said last. It is asked for what it has not
    // said yet, and again with `isFresh`; onChange() tells when its answer is another one. The
    // environment and files are read now.
    [[nodiscard]] Result<std::string> read(const SecretRef& ref, bool isFresh);
    // Asks the keychain for those of its entries and waits for all answers, at most so long.
    void fetch(const std::vector<SecretRef>& refs, Millis wait);
    // Both: for the command line.
    [[nodiscard]] Result<std::string> readNow(const SecretRef& ref, Millis wait = kWaitMost);

    // The platform gave another secret in place of this one. read() gives it from now on, until
    // somebody puts a third one into its place; it is written there, or into the directory. The
    // error says that it could be kept nowhere, as far as that is known at once.
    [[nodiscard]] Status replace(const SecretRef& ref, const std::string& value);

    // In a thread of the keychain's; it must not ask this store. Before the first read.
    void onChange(std::function<void()> changed);

    // Long enough to type a password, short enough to be told.
    static constexpr Millis kWaitMost { 20'000 };

private:
    struct State;
    std::shared_ptr<State> m_state;
};

// Reads every secret that the configuration names, and says of those that cannot be read now why;
// waits for the keychain at most so long, for all of them together.
[[nodiscard]] std::vector<std::string> unreadableSecrets(
    const Config& config, SecretStore& store, Millis wait = SecretStore::kWaitMost);

} // namespace engine::secrets
