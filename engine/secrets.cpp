#include "config/secrets.h"

#include "secrets/secret_store.h"
#include "secrets/system_keychain.h"

#include <engine/secrets.h>

#include <future>

namespace engine {
namespace {

// The answer may come after nobody waits for it any more.
template <class T>
class Pending {
public:
    void give(T answer) { m_promise.set_value(std::move(answer)); }
    [[nodiscard]] std::optional<T> wait()
    {
        auto future = m_promise.get_future();
        if (future.wait_for(secrets::SecretStore::kWaitMost) != std::future_status::ready)
            return std::nullopt;
        return future.get();
    }

private:
    std::promise<T> m_promise {};
};

template <class T>
T asked(const std::string& name, const std::function<void(std::function<void(T)>)>& ask)
{
    if (!config::isEntryName(name))
        return fail(ErrorCode::BadRequest, std::string("NAME: ") + config::kEntryNameRule, name);
    const auto pending = std::make_shared<Pending<T>>();
    ask([pending](T answer) { pending->give(std::move(answer)); });
    auto answer = pending->wait();
    if (!answer)
        return fail(ErrorCode::Timeout,
            "the keychain does not answer; it may be locked and ask for its password on the "
            "screen");
    return std::move(*answer);
}

} // namespace

Status keepInKeychain(const std::string& name, const std::string& value)
{
    if (value.empty())
        return fail(ErrorCode::BadRequest, "the secret is empty", name);
    return asked<Status>(name, [&](std::function<void(Status)> done) {
        secrets::makeSystemKeychain()->write(name, value, std::move(done));
    });
}

Status removeFromKeychain(const std::string& name)
{
    return asked<Status>(name, [&](std::function<void(Status)> done) {
        secrets::makeSystemKeychain()->remove(name, std::move(done));
    });
}

Result<std::string> readFromKeychain(const std::string& name)
{
    return asked<Result<std::string>>(name, [&](std::function<void(Result<std::string>)> done) {
        secrets::makeSystemKeychain()->read(name, std::move(done));
    });
}

} // namespace engine
